"""Formatting as the smallest edits: what is already right is not touched, so cursors stay.

Owns: the difference between a text and its canonical text, line by line; which edits of a range.
Must not know: the protocol. Truth: nectarc/formatting.py says what is canonical.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Final

from nectarc.diagnostic import Edit
from nectarc.formatting import format_text
from nectarc.source import SourceText
from nectarc.toon.layout import STEP
from nectarc_lsp.database.view import View

_COUNT: Final = "NEC015"  # a count that is not the declared one
# Beyond this many lines that differ, they are replaced one by one, however they moved.
_MATCHED_MAX: Final = 4000
_HEADER: Final = re.compile(r'(?:"(?:[^"\\]|\\.)*"|[\w.]+)(?:\[[^\]]*\])?(?:\{.*\})?:')


def format_edits(view: View) -> tuple[Edit, ...]:
    """Return the edits that make the text canonical; none where it cannot be read."""
    formatted = format_text(view.text).text
    return () if formatted is None else _edits(view.text, formatted)


def format_range(view: View, start: int, end: int) -> tuple[Edit, ...]:
    """Return the edits of whole lines between two offsets.

    None where the text with these alone would be another policy: lines that are indented anew must
    be so together.
    """
    formatted = format_text(view.text).text
    if formatted is None:
        return ()
    text = view.text
    first = text.position(start).line
    last = text.position(end).line
    if last > first and end == text.line_starts[last - 1]:
        last -= 1  # a selection of whole lines ends before the next
    from_, to = text.line_starts[first - 1], _end_of_line(text, last)
    inside = [
        one for one in _edits(text, formatted) if from_ <= one.source.start and one.source.end <= to
    ]
    if not inside:
        return ()
    changed = SourceText.of(text.file, applied(text.text, inside))
    return tuple(inside) if format_text(changed).text == formatted else ()


def format_newline(view: View, offset: int) -> tuple[Edit, ...]:
    """Return what follows a new line at `offset`: its indentation, the count of a finished table.

    offset: on the new line. Nothing where something else already stands on it.
    """
    text = view.text
    line = text.position(offset).line
    if line < 2 or text.line(line).strip():
        return ()
    edits = list(_counts(view, line - 1))
    before = _line_before(text, line)
    if before is None:
        return tuple(edits)
    wanted = _indent_after(before)
    start = text.line_starts[line - 1]
    found = text.line(line)
    if found != " " * wanted:
        edits.append(Edit(text.span(start, start + len(found)), " " * wanted))
    return tuple(sorted(edits, key=lambda one: one.source.start))


def _edits(text: SourceText, formatted: str) -> tuple[Edit, ...]:
    """Return the edits to the canonical text; line ends are the editor's business, and stay."""
    if "\r\n" in text.text:
        formatted = formatted.replace("\n", "\r\n")
    return tuple(line_edits(text, formatted))


def line_edits(text: SourceText, wanted: str) -> Iterator[Edit]:
    """Yield the edits from `text` to `wanted`, in order, each as small as one line allows."""
    if text.text == wanted:
        return
    old, new = _lines(text.text), _lines(wanted)
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    old_end, new_end = len(old) - tail, len(new) - tail
    start = sum(len(one) for one in old[:head])
    starts = [start]
    for one in old[head:old_end]:
        starts.append(starts[-1] + len(one))
    middle, other = old[head:old_end], new[head:new_end]
    for first, last, new_first, new_last in _blocks(middle, other):
        if last - first == new_last - new_first:
            for index in range(last - first):
                yield from _in_line(
                    text, starts[first + index], middle[first + index], other[new_first + index]
                )
        else:
            yield Edit(text.span(starts[first], starts[last]), "".join(other[new_first:new_last]))


def moved_lines(text: SourceText, edit: Edit) -> tuple[Edit, ...]:
    """Return what an edit that moves lines changes: where they were, and where they go."""
    old = _lines(text.text[edit.source.start : edit.source.end])
    new = _lines(edit.text)
    starts = [edit.source.start]
    for one in old:
        starts.append(starts[-1] + len(one))
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return tuple(
        Edit(text.span(starts[first], starts[last]), "".join(new[new_first:new_last]))
        for tag, first, last, new_first, new_last in matcher.get_opcodes()
        if tag != "equal"
    )


def applied(text: str, edits: list[Edit]) -> str:
    """Return the text after edits that do not overlap."""
    for one in sorted(edits, key=lambda edit: edit.source.start, reverse=True):
        text = text[: one.source.start] + one.text + text[one.source.end :]
    return text


def _blocks(old: list[str], new: list[str]) -> Iterator[tuple[int, int, int, int]]:
    """Yield the ranges of lines that differ."""
    if len(old) == len(new) or len(old) + len(new) > _MATCHED_MAX:
        yield 0, len(old), 0, len(new)
        return
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, first, last, new_first, new_last in matcher.get_opcodes():
        if tag != "equal":
            yield first, last, new_first, new_last


def _in_line(text: SourceText, start: int, old: str, new: str) -> Iterator[Edit]:
    if old == new:
        return
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    span = text.span(start + head, start + len(old) - tail)
    yield Edit(span, new[head : len(new) - tail])


def _common(one: str | list[str], other: str | list[str]) -> int:
    """Return how long a beginning the two share."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def _lines(text: str) -> list[str]:
    """Split after each LF: the only end of a line that positions know."""
    pieces = text.split("\n")
    lines = [piece + "\n" for piece in pieces[:-1]]
    return [*lines, pieces[-1]] if pieces[-1] else lines


def _end_of_line(text: SourceText, line: int) -> int:
    return text.line_starts[line] if line < len(text.line_starts) else len(text.text)


def _line_before(text: SourceText, line: int) -> str | None:
    """Return the nearest line above that is neither blank nor a comment."""
    for number in range(line - 1, 0, -1):
        found = text.line(number)
        if found.strip() and not found.lstrip().startswith("#"):
            return found
    return None


def _indent_after(line: str) -> int:
    """Return where a line begins below `line`: deeper under a header, under an item's dash too."""
    indent, content = _indent(line), line.strip()
    if content.startswith("- "):
        indent, content = indent + STEP, content[STEP:]
    return indent + STEP if _HEADER.fullmatch(content) else indent


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _counts(view: View, line: int) -> Iterator[Edit]:
    """Yield the new count of the table that has grown by the row at `line`; counts never shrink.

    A header that was written first with its count may wait for its rows.
    """
    text = view.text
    column = _indent(text.line(line))
    for found in view.findings:
        header = text.position(found.source.start).line
        if found.code != _COUNT or header >= line or _indent(text.line(header)) >= column:
            continue
        between = (text.line(number) for number in range(header + 1, line))
        if any(one.strip() and _indent(one) < column for one in between):
            continue
        written = text.text[found.source.start : found.source.end]
        edits = [edit for fix in found.fixes if fix.is_safe for edit in fix.edits]
        if len(edits) == 1 and _is_more(edits[0].text, written):
            yield edits[0]


def _is_more(count: str, written: str) -> bool:
    is_number = count.isascii() and count.isdigit() and written.isascii() and written.isdigit()
    return is_number and int(count) > int(written)
