"""Edits that take rows out of a section of a policy's TOON text, or put them in another order.

Owns: which lines a row has, the count in the header. Must not know: why rows move.
Truth: docs/language.md, section 2 (both forms of a policy).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from nectarc.diagnostic import Edit
from nectarc.semantics.toon_edits import end_of
from nectarc.source import SourceSpan, SourceText
from nectarc.toon.document import Array, ArrayForm


def without_rows(array: Array, gone: Collection[int], text: SourceText) -> tuple[Edit, ...]:
    """Return edits that take rows out, each with its lines; () where rows share lines.

    Comments above a row stay: nobody can say whether they were about it alone.
    """
    lines = _row_lines(array, text)
    if lines is None or not gone:
        return ()
    edits = [Edit(array.length_source, str(len(array.items) - len(set(gone))))]
    for index in sorted(set(gone)):
        start, end = lines[index]
        if end == len(text.text) and text.text[end - 1 : end] != "\n" and start:
            start -= 2 if text.text[start - 2 : start] == "\r\n" else 1
        edits.append(Edit(text.span(start, end), ""))
    return _joined(edits)


def reordered(
    array: Array, order: Sequence[int], text: SourceText, edits: Sequence[Edit] = ()
) -> Edit | None:
    """Return the edit that writes the rows in `order`; None where rows share lines.

    Comments above a row go with it. edits: of cells of these rows, made on the way.
    """
    lines = _row_lines(array, text)
    if lines is None or not lines or sorted(order) != list(range(len(lines))):
        return None
    starts = [_line_end(text, array.header.end), *(end for _, end in lines[:-1])]
    blocks: list[str] = []
    for start, (_, end) in zip(starts, lines, strict=True):
        inside = [one for one in edits if start <= one.source.start and one.source.end <= end]
        block = _edited(text, start, end, inside)
        blocks.append(block if block.endswith("\n") else f"{block}\n")
    region = text.span(starts[0], lines[-1][1])
    whole = "".join(blocks[index] for index in order)
    if not text.text[: region.end].endswith("\n"):
        whole = whole.removesuffix("\n")
    return Edit(region, whole)


class _Lines(NamedTuple):
    start: int
    end: int


def _row_lines(array: Array, text: SourceText) -> list[_Lines] | None:
    """Return where the lines of each row begin and end, with their line ends."""
    if array.form not in {ArrayForm.TABULAR, ArrayForm.LIST}:
        return None
    found: list[_Lines] = []
    before = _line_end(text, array.header.end)
    for item in array.items:
        start = text.text.rfind("\n", 0, item.source.start) + 1
        end = _line_end(text, max(item.source.end, end_of(item)))
        if start < before:
            return None
        found.append(_Lines(start, end))
        before = end
    return found


def _line_end(text: SourceText, offset: int) -> int:
    """Return where the line after the one with the last character before `offset` begins."""
    if offset and text.text[offset - 1 : offset] == "\n":
        return offset
    end = text.text.find("\n", offset)
    return len(text.text) if end < 0 else end + 1


def _edited(text: SourceText, start: int, end: int, edits: Sequence[Edit]) -> str:
    parts: list[str] = []
    for one in sorted(edits, key=lambda edit: edit.source.start):
        parts += [text.text[start : one.source.start], one.text]
        start = one.source.end
    return "".join([*parts, text.text[start:end]])


def _joined(edits: list[Edit]) -> tuple[Edit, ...]:
    """Join removals that touch: editors refuse edits that overlap."""
    joined: list[Edit] = []
    for one in edits:
        last = joined[-1] if joined else None
        if last is not None and not last.text and not one.text:
            before, here = last.source, one.source
            if here.start <= before.end:
                joined[-1] = Edit(SourceSpan(before.file, before.start, here.end), "")
                continue
        joined.append(one)
    return tuple(joined)
