"""Exchanges with Claude on disk: recorded as they happen, and replayed without a network.

Owns: the files of a recording. Must not know: what is asked, the SDK.
Truth: docs/propose.md, "Recording". One JSON file an exchange, in order; no key, no times.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from nectarc.claude.client import Answered, Sender
from nectarc.claude.failures import ClaudeFailure
from nectarc.claude.requests import Request, parameters_of
from nectarc.files import write_atomically
from nectarc.records import record

_VERSION: Final = 1
_NAME: Final = "{:03}.json"
_SHOWN_MAX: Final = 60


def _file(folder: str, number: int) -> str:
    return str(Path(folder, _NAME.format(number)))


@record(frozen=False)
class Recorder:
    """Passes requests on to `sender`, and writes each exchange into `folder`."""

    sender: Sender
    folder: str
    number: int = 0

    def send(self, request: Request) -> Answered | ClaudeFailure:
        """Send it, and keep what was sent and what came."""
        answer = self.sender.send(request)
        self.number += 1
        content: dict[str, object] = {
            "version": _VERSION,
            "request": parameters_of(request),
            "answer": _answer_record(answer),
        }
        text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
        try:
            Path(self.folder).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            return _unwritable(self.folder, error.strerror or str(error))
        refused = write_atomically(_file(self.folder, self.number), text)
        return answer if refused is None else _unwritable(self.folder, refused.headline)

    def count(self, request: Request) -> int | None:
        """Return the API's own count; it is not kept."""
        return self.sender.count(request)


@record(frozen=False)
class Replayer:
    """Answers from the exchanges in `folder`, in order; a request must be as it was recorded."""

    folder: str
    number: int = 0

    def send(self, request: Request) -> Answered | ClaudeFailure:
        """Return the recorded answer."""
        self.number += 1
        path = _file(self.folder, self.number)
        try:
            content: object = json.loads(Path(path).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return _missing(self.folder, self.number)
        except (OSError, ValueError, RecursionError) as error:
            return _damaged(path, str(error))
        if not isinstance(content, dict) or content.get("version") != _VERSION:
            return _damaged(path, f"it is no exchange of version {_VERSION}")
        sent = json.loads(json.dumps(parameters_of(request)))
        difference = _difference("", content.get("request"), sent)
        if difference:
            return _changed(path, difference)
        answer = _answer_of(content.get("answer"))
        return answer if answer is not None else _damaged(path, "its answer cannot be read")

    def count(self, request: Request) -> int | None:
        """Return None: nothing is asked."""
        del request
        return None


def _answer_record(answer: Answered | ClaudeFailure) -> dict[str, object]:
    if isinstance(answer, ClaudeFailure):
        return {"failure": answer.kind, "message": answer.message, "help": answer.help}
    return {
        "text": answer.text,
        "model": answer.model,
        "tokens_in": answer.tokens_in,
        "tokens_out": answer.tokens_out,
        "cached": answer.cached,
    }


def _answer_of(content: object) -> Answered | ClaudeFailure | None:
    if not isinstance(content, Mapping):
        return None
    texts = {name: content.get(name) for name in ("failure", "message", "help", "text", "model")}
    if isinstance(texts["failure"], str):
        message, help_ = texts["message"], texts["help"]
        if not isinstance(message, str) or not isinstance(help_, str):
            return None
        return ClaudeFailure(kind=texts["failure"], message=message, help=help_)
    text, model = texts["text"], texts["model"]
    numbers = [content.get(name) for name in ("tokens_in", "tokens_out", "cached")]
    if not isinstance(text, str) or not isinstance(model, str):
        return None
    counts = [one for one in numbers if isinstance(one, int) and not isinstance(one, bool)]
    if len(counts) != len(numbers):
        return None
    return Answered(
        text=text, model=model, tokens_in=counts[0], tokens_out=counts[1], cached=counts[2]
    )


def _difference(place: str, recorded: object, sent: object) -> str:
    """Return where two requests first differ, in words; "" where they do not."""
    if isinstance(recorded, dict) and isinstance(sent, dict):
        for name in [*recorded, *(one for one in sent if one not in recorded)]:
            found = _difference(f"{place}.{name}", recorded.get(name), sent.get(name))
            if found:
                return found
        return ""
    if isinstance(recorded, list) and isinstance(sent, list):
        for index in range(max(len(recorded), len(sent))):
            one = recorded[index] if index < len(recorded) else None
            two = sent[index] if index < len(sent) else None
            found = _difference(f"{place}[{index}]", one, two)
            if found:
                return found
        return ""
    if recorded == sent:
        return ""
    was, is_now = (json.dumps(one, ensure_ascii=False) for one in (recorded, sent))
    at = next(
        (i for i, (a, b) in enumerate(zip(was, is_now, strict=False)) if a != b),
        min(len(was), len(is_now)),
    )
    begin = max(0, at - _SHOWN_MAX // 3)
    return (
        f"`{place.lstrip('.')}` was `{was[begin : begin + _SHOWN_MAX]}` and is"
        f" `{is_now[begin : begin + _SHOWN_MAX]}`"
    )


def _missing(folder: str, number: int) -> ClaudeFailure:
    return ClaudeFailure(
        kind="replay",
        message=f"the recording `{folder}` holds no exchange {number}",
        help="record the run again with `--record DIR`, or leave `--replay` out.",
    )


def _damaged(path: str, why: str) -> ClaudeFailure:
    return ClaudeFailure(
        kind="replay",
        message=f"the recorded exchange `{path}` cannot be read: {why}",
        help="record the run again with `--record DIR`.",
    )


def _changed(path: str, difference: str) -> ClaudeFailure:
    return ClaudeFailure(
        kind="replay",
        message=f"the request differs from the recorded one in `{path}`: {difference}",
        help="the intent, the corpus, the policy or nectarc has changed since; record it again"
        " with `--record DIR`.",
    )


def _unwritable(folder: str, why: str) -> ClaudeFailure:
    return ClaudeFailure(
        kind="record",
        message=f"the exchange cannot be recorded in `{folder}`: {why}",
        help="name another folder with `--record DIR`.",
    )
