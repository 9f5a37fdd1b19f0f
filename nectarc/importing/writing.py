"""An imported target as the text of a policy, in the layout that `nectarc fmt` leaves alone.

Owns: sections, columns, delimiters, priorities, quotes, where comments stand.
Must not know: Refinery's rules, files. Truth: docs/language.md, section 2.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Protocol

from nectarc.formatting import format_text
from nectarc.importing.records import FieldRow, ImportedTarget
from nectarc.records import part, record
from nectarc.refinery.rules import DEFAULT_TARGET
from nectarc.source import SourceText
from nectarc.toon.document import Delimiter
from nectarc.toon.encoder import encode_primitive

_PRIORITY_MIN: Final = 100
_PRIORITY_STEP: Final = 10
# What parses as something else than text, but stands for its text in a column of texts.
_WORDS: Final = frozenset({"true", "false"})
# What a comma may cost before a pipe is taken, which people expect less: three quoted cells.
QUOTES_MAX: Final = 4


@record(kw_only=True)
class KeptComments:
    """What the author wrote that is no description of a rule, line by line, without `#`.

    top:   for the top of the policy.  above: for above a row, by the index of the policy rule.
    """

    top: tuple[str, ...] = ()
    above: Mapping[int, tuple[str, ...]] = part(default_factory=dict)


NO_COMMENTS: Final = KeptComments()


def policy_text(target: ImportedTarget, file: str, comments: KeptComments | None = None) -> str:
    """Write `target` as a policy; `file` is what diagnostics about it would name.

    Canonical, unless a cell cannot be parsed: then the text is as near to it as it goes, and the
    reader says what is wrong with it.
    """
    kept = comments or KeptComments()
    # A tab would need no quotes at all, but nobody sees it.
    by_comma, by_pipe = (
        _formatted(_text(target, kept, one), file) for one in (Delimiter.COMMA, Delimiter.PIPE)
    )
    return by_comma if len(by_comma) - len(by_pipe) <= QUOTES_MAX else by_pipe


def policy_name(target: str) -> str:
    """Return the policy's name: the target's, readable for the one that has none of its own."""
    return "default" if target == DEFAULT_TARGET else target


def comment_line(words: str) -> str:
    """Return a line of comment; what would end the line or cannot be seen becomes a blank."""
    visible = "".join(one if one.isprintable() else " " for one in words)
    return ("# " + visible).rstrip()


def _formatted(text: str, file: str) -> str:
    formatted = format_text(SourceText.of(file, text)).text
    return text if formatted is None else formatted


def _text(target: ImportedTarget, comments: KeptComments, delimiter: Delimiter) -> str:
    lines = [
        *(comment_line(words) for words in comments.top),
        "version: 1",
        f"name: {encode_primitive(policy_name(target.target), Delimiter.COMMA)}",
    ]
    if target.fields:
        lines += ["", *field_lines(target.fields), ""]
    lines += rule_lines(target.rules, delimiter, comments)
    return "\n".join(lines) + "\n"


def field_lines(rows: Sequence[FieldRow]) -> Iterator[str]:
    """Write `fields` as a table; as a list where a row has several spellings."""
    if all(len(row.spellings) == 1 for row in rows):
        yield f"fields[{len(rows)}]{{name,type,from}}:"
        for row in rows:
            yield "  " + row_text((row.name, row.type, row.spellings[0]), Delimiter.COMMA)
        return
    yield f"fields[{len(rows)}]:"
    for row in rows:
        yield f"  - name: {cell_text(row.name, Delimiter.COMMA)}"
        yield f"    type: {cell_text(row.type, Delimiter.COMMA)}"
        if len(row.spellings) == 1:
            yield f"    from: {cell_text(row.spellings[0], Delimiter.COMMA)}"
        else:
            yield f"    from[{len(row.spellings)}]: {row_text(row.spellings, Delimiter.COMMA)}"


class RuleCells(Protocol):
    """The cells of a row of `rules` but its priority, as text of the language."""

    @property
    def name(self) -> str:
        """The rule's name."""

    @property
    def description(self) -> str:
        """What it is for, "" for nothing."""

    @property
    def match(self) -> str:
        """What it is about."""

    @property
    def action(self) -> str:
        """What it does."""


def rule_lines(
    rules: Sequence[RuleCells], delimiter: Delimiter, comments: KeptComments = NO_COMMENTS
) -> Iterator[str]:
    """Write `rules` as a table, with priorities that leave room between them."""
    has_descriptions = any(rule.description for rule in rules)
    columns = ["name", "description", "match", "action", "priority"]
    if not has_descriptions:
        columns.remove("description")
    mark = "" if delimiter is Delimiter.COMMA else delimiter.value
    yield f"rules[{len(rules)}{mark}]{{{delimiter.value.join(columns)}}}:"
    for index, (rule, priority) in enumerate(zip(rules, priorities(len(rules)), strict=True)):
        yield from ("  " + comment_line(words) for words in comments.above.get(index, ()))
        description = [rule.description] if has_descriptions else []
        cells = (rule.name, *description, rule.match, rule.action)
        yield "  " + row_text(cells, delimiter) + f"{delimiter.value}{priority}"


def priorities(count: int) -> list[int]:
    """Return priorities in descending order, with room between them; the last one is 0."""
    highest = max(_PRIORITY_MIN, _PRIORITY_STEP * (count - 1))
    return [highest - _PRIORITY_STEP * index for index in range(count - 1)] + [0] * min(count, 1)


def row_text(cells: Sequence[str], delimiter: Delimiter) -> str:
    """Write a row of columns of texts."""
    return delimiter.value.join(cell_text(cell, delimiter) for cell in cells)


def cell_text(text: str, delimiter: Delimiter) -> str:
    """Write a cell of a column of texts; a blank one stands for the empty text."""
    if not text or text in _WORDS:
        return text
    return encode_primitive(text, delimiter)
