"""A draft as the text of a policy, with the intent it came from in the file's head.

Owns: the layout, the head and its digest. Must not know: engines, proofs.
Truth: docs/intent.md, "The head of the file"; docs/language.md, 1 and 2.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
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
_FINDING: Final = "# NOT PROVEN: "


@record(kw_only=True)
class Head:
    """What the head of a proposed policy records.

    intent:  the sentences that the policy came from, the first and then each refinement.
    answers: to the engine's questions, (id, text) in order.
    engine:  "offline" or Claude's model.
    """

    intent: tuple[str, ...]
    answers: tuple[tuple[str, str], ...] = ()
    engine: str = "offline"
    findings: tuple[str, ...] = part(default=())


def body_text(draft: Draft) -> str:
    """Return the policy without a head, as `nectarc fmt` leaves it."""
    by_comma, by_pipe = (
        _formatted("\n".join(_lines(draft, one)) + "\n")
        for one in (Delimiter.COMMA, Delimiter.PIPE)
    )
    return by_comma if len(by_comma) - len(by_pipe) <= QUOTES_MAX else by_pipe


def with_head(body: str, head: Head) -> str:
    """Return the policy `body` under its head: comments, so that its meaning is the same."""
    digest = _digest(body)
    lines = [
        *(_INTENT + json.dumps(text, ensure_ascii=True) for text in head.intent),
        *(_ANSWER + json.dumps(list(pair), ensure_ascii=True) for pair in head.answers),
        comment_line(f"proposed by nectarc, {head.engine} (sha256 {digest} of what follows)"),
        *(_FINDING + " ".join(one.split()) for one in head.findings),
    ]
    lines = [_readable(line) for line in lines]
    return "\n".join(lines) + "\n" + body


def read_head(text: str) -> Head | None:
    """Return what the head of a policy records, None where there is none."""
    intents: list[str] = []
    answers: list[tuple[str, str]] = []
    findings: list[str] = []
    engine = ""
    for line in text.splitlines():
        if line.startswith(_INTENT):
            intents += _texts(line.removeprefix(_INTENT), 1)
        elif line.startswith(_ANSWER):
            pair = _texts(line.removeprefix(_ANSWER), 2)
            answers += [(pair[0], pair[1])] if pair else []
        elif line.startswith(_ENGINE):
            engine = _DIGEST.sub("", line.removeprefix(_ENGINE)).strip(" ,")
        elif line.startswith(_FINDING):
            findings.append(line.removeprefix(_FINDING))
        elif not line.startswith("#"):
            break
    if not intents:
        return None
    return Head(
        intent=tuple(intents), answers=tuple(answers), engine=engine, findings=tuple(findings)
    )


def is_untouched(text: str) -> bool:
    """Whether the policy is as it was proposed: nobody's own work is in it."""
    lines = text.splitlines(keepends=True)
    for number, line in enumerate(lines):
        if not line.startswith("#"):
            return False
        found = _DIGEST.search(line) if line.startswith(_ENGINE) else None
        if found is not None:
            rest = [one for one in lines[number + 1 :] if not one.startswith(_FINDING)]
            return found.group(1) == _digest("".join(rest))
    return False


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
    return hashlib.sha256(body.encode()).hexdigest()[:16]


def _readable(line: str) -> str:
    """Show letters as they are where JSON escaped them, and leave what cannot be seen escaped."""
    return re.sub(
        r"(?<!\\)((?:\\\\)*)\\u([0-9a-f]{4})",
        lambda found: found.group(1) + _letter(found.group(2)),
        line,
    )


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
