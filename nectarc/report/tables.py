"""Plain text tables and paragraphs that fit a terminal.

Owns: widths, wrapping, alignment. Must not know: what is shown. No colours: a table reads the same
in a pipe, a log and a pull request.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nectarc.records import record
from nectarc.render.excerpt import cells, displayed

WIDTH: Final = 96
_GAP: Final = "  "
_NARROWEST: Final = 6


@record
class Column:
    """A column. Numbers stand right and never wrap; text wraps at blanks, then anywhere."""

    title: str
    is_number: bool = False


def render_table(
    columns: Sequence[Column], rows: Sequence[Sequence[str]], *, width: int = WIDTH, indent: int = 0
) -> list[str]:
    """Return the lines of a table no wider than `width`, title line and rule included."""
    margin = " " * indent
    texts = [[displayed(cell) for cell in row] for row in rows]
    titles = [displayed(column.title) for column in columns]
    widths = _widths(columns, [titles, *texts], width - indent)
    lines = _row(columns, titles, widths)
    lines.append(_GAP.join("─" * one for one in widths))
    for row in texts:
        lines += _row(columns, row, widths)
    return [(margin + line).rstrip() for line in lines]


def paragraph(words: str, *, width: int = WIDTH, indent: int = 0) -> list[str]:
    """Return `words` as lines no wider than `width`, all indented."""
    margin = " " * indent
    return [margin + line for line in wrapped(displayed(words), width - indent)]


def wrapped(words: str, width: int) -> list[str]:
    """Break at blanks; a word that is wider than `width` is broken where it must be."""
    lines: list[str] = []
    line = ""
    for word in words.split(" "):
        rest = word
        if line and cells(line) + 1 + cells(rest) > width:
            lines.append(line)
            line = ""
        while cells(rest) > width:
            head = _fitting(rest, width)
            lines.append(head)
            rest = rest[len(head) :]
        line = f"{line} {rest}" if line else rest
    return [*lines, line]


def _fitting(word: str, width: int) -> str:
    end = width
    while end > 1 and cells(word[:end]) > width:
        end -= 1
    return word[:end]


def _widths(columns: Sequence[Column], rows: Sequence[Sequence[str]], width: int) -> list[int]:
    widths = [max(cells(row[i]) for row in rows) for i in range(len(columns))]
    room = width - len(_GAP) * (len(columns) - 1)
    # The widest text gives way first, so that short columns stay whole.
    while sum(widths) > room:
        text = [i for i, column in enumerate(columns) if not column.is_number]
        widest = max(text, key=lambda i: widths[i], default=-1)
        if widest < 0 or widths[widest] <= _NARROWEST:
            break
        widths[widest] -= 1
    return widths


def _row(columns: Sequence[Column], row: Sequence[str], widths: Sequence[int]) -> list[str]:
    parts = [
        [cell] if column.is_number else wrapped(cell, width)
        for column, cell, width in zip(columns, row, widths, strict=True)
    ]
    height = max(map(len, parts))
    lines: list[str] = []
    for number in range(height):
        line = [
            _aligned(part[number] if number < len(part) else "", width, column)
            for column, part, width in zip(columns, parts, widths, strict=True)
        ]
        lines.append(_GAP.join(line))
    return lines


def _aligned(words: str, width: int, column: Column) -> str:
    blanks = " " * (width - cells(words))
    return blanks + words if column.is_number else words + blanks
