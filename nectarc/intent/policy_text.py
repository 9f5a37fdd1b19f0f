"""A draft as the text of a policy, with the intent it came from in the file's head.

Owns: the layout, the head and its digest. Must not know: engines, proofs.
Truth: docs/intent.md, "The head of the file"; docs/language.md, 1 and 2.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from typing import Final

from nectarc.formatting import format_text
from nectarc.importing.writing import (
    QUOTES_MAX,
    cell_text,
    comment_line,
    field_lines,
    row_text,
    rule_lines,
)
from nectarc.intent.drafts import Draft
from nectarc.records import part, record
from nectarc.source import SourceText
from nectarc.toon.document import Delimiter

_FILE: Final = "policy.toon"
_INTENT: Final = "# intent: "
_ANSWER: Final = "# answer: "
_ENGINE: Final = "# proposed by nectarc"
_DIGEST: Final = re.compile(r"\(sha256 ([0-9a-f]{16}) of what follows\)")
_EDITED: Final = "(changed since by others)"
_NOT_PROVEN: Final = "NOT PROVEN: "
_FINDING: Final = f"# {_NOT_PROVEN}"
_OWN: Final = (_INTENT, _ANSWER, _ENGINE, _FINDING)
_ESCAPE: Final = re.compile(r"(?<!\\)((?:\\\\)*)\\u([0-9a-f]{4})")


@record(kw_only=True)
class Head:
    """What the head of a proposed policy records.

    intent:  the sentences that the policy came from, the first and then each refinement; none where
             rules were added to a policy that people wrote.
    answers: to the engine's questions, (id, text) in order.
    engine:  "offline" or Claude's model.
    findings: why it is not proven, where it was written all the same.
    is_as_made: what follows came from these sentences alone; False once somebody changed it.
    """

    intent: tuple[str, ...]
    answers: tuple[tuple[str, str], ...] = ()
    engine: str = "offline"
    findings: tuple[str, ...] = part(default=())
    is_as_made: bool = part(default=True, compare=False)


def body_text(draft: Draft) -> str:
    """Return the policy without a head, as `nectarc fmt` leaves it."""
    by_comma, by_pipe = (
        _formatted("\n".join(_lines(draft, one)) + "\n")
        for one in (Delimiter.COMMA, Delimiter.PIPE)
    )
    return by_comma if len(by_comma) - len(by_pipe) <= QUOTES_MAX else by_pipe


def policy_text(draft: Draft, head: Head | None) -> str:
    """Return the policy as `nectarc fmt` leaves it, under `head` if there is one."""
    body = body_text(draft)
    return body if head is None else with_head(body, head)


def with_head(text: str, head: Head) -> str:
    """Return the policy `text` under this head instead of its own: its meaning is the same."""
    body = without_head(text)
    made = f"(sha256 {_digest(body)} of what follows)" if head.is_as_made else _EDITED
    lines = [
        *(_INTENT + _shown(one) for one in head.intent),
        *(_ANSWER + _shown(list(pair)) for pair in head.answers),
        *([comment_line(f"proposed by nectarc, {head.engine} {made}")] if head.intent else []),
        *(comment_line(f"{_NOT_PROVEN}{one}") for one in head.findings),
    ]
    return "".join(f"{line}\n" for line in lines) + body


def without_head(text: str) -> str:
    """Return the policy below its head; comments that are not the head's stay."""
    lines = text.split("\n")
    end = _end_of_head(lines)
    others = [line for line in lines[:end] if not line.startswith(_OWN)]
    return "\n".join([*others, *lines[end:]])


def read_head(text: str) -> Head | None:
    """Return what the head of a policy records, None where there is none."""
    lines = text.split("\n")
    intents: list[str] = []
    answers: list[tuple[str, str]] = []
    findings: list[str] = []
    engine = ""
    for line in lines[: _end_of_head(lines)]:
        if line.startswith(_INTENT):
            intents += _texts(line.removeprefix(_INTENT), 1)
        elif line.startswith(_ANSWER):
            pair = _texts(line.removeprefix(_ANSWER), 2)
            answers += [(pair[0], pair[1])] if pair else []
        elif line.startswith(_ENGINE):
            engine = _DIGEST.sub("", line.removeprefix(_ENGINE)).replace(_EDITED, "").strip(" ,")
        elif line.startswith(_FINDING):
            findings.append(line.removeprefix(_FINDING))
    if not intents:
        return None
    return Head(
        intent=tuple(intents),
        answers=tuple(answers),
        engine=engine,
        findings=tuple(findings),
        is_as_made=is_as_made(text),
    )


def is_as_made(text: str) -> bool:
    """Whether the policy is as it was proposed: nobody's own work is in it, no comment either."""
    lines = text.split("\n")
    for line in lines[: _end_of_head(lines)]:
        found = _DIGEST.search(line) if line.startswith(_ENGINE) else None
        if found is not None:
            return found.group(1) == _digest(without_head(text))
    return False


def _end_of_head(lines: Sequence[str]) -> int:
    """Return the line after the head's last, 0 without one: the head is in the first comments."""
    end = 0
    for number, line in enumerate(lines):
        if not line.startswith("#"):
            break
        end = number + 1 if line.startswith(_OWN) else end
    return end


def _lines(draft: Draft, delimiter: Delimiter) -> Iterator[str]:
    is_record = not draft.fields and not draft.invariants
    inside = "  " if is_record else ""
    if is_record:
        keys = ["version", "name"] + ["budget_per_second"] * (draft.budget_per_second is not None)
        yield f"nectar_policy{{{','.join(keys)},rules}}:"
        yield "  1"
        yield f"  {cell_text(draft.name, Delimiter.COMMA)}"
        if draft.budget_per_second is not None:
            yield f"  {_number(draft.budget_per_second)}"
    else:
        yield "version: 1"
        yield f"name: {cell_text(draft.name, Delimiter.COMMA)}"
        if draft.budget_per_second is not None:
            yield f"budget_per_second: {_number(draft.budget_per_second)}"
        if draft.fields:
            yield from ("", *field_lines(draft.fields), "")
    yield from (inside + line for line in rule_lines(draft.rules, delimiter))
    if draft.invariants:
        yield ""
        yield f"invariants[{len(draft.invariants)}]{{name,when,require}}:"
        for row in draft.invariants:
            yield "  " + row_text(row, Delimiter.COMMA)


def _formatted(text: str) -> str:
    formatted = format_text(SourceText.of(_FILE, text)).text
    return text if formatted is None else formatted


def _digest(body: str) -> str:
    whole = _formatted(body).encode("utf-8", "surrogatepass")
    return hashlib.sha256(whole).hexdigest()[:16]


def _shown(value: str | list[str]) -> str:
    """Return JSON in which letters are letters and what cannot be seen is escaped."""
    return _ESCAPE.sub(lambda found: found[1] + _letter(found[2]), json.dumps(value))


def _letter(code: str) -> str:
    letter = chr(int(code, 16))
    is_plain = letter.isprintable() and not "\ud800" <= letter <= "\udfff" and letter not in '"\\'
    return letter if is_plain else f"\\u{code}"


def _texts(text: str, count: int) -> list[str]:
    try:
        found: object = json.loads(text)
    except (ValueError, RecursionError):
        return []
    items = [found] if count == 1 else found
    if not isinstance(items, list) or len(items) != count:
        return []
    return [one for one in items if isinstance(one, str)] if _all_texts(items) else []


def _all_texts(items: list[object]) -> bool:
    return all(isinstance(one, str) for one in items)


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)
