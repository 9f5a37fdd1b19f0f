"""Rows: where one cell ends and the next begins.

Owns: cutting a row at its delimiter. Must not know: what the cells mean.
Truth: TOON 4.0, section 11, as `@toon-format/toon` 4.4.0 reads it (`parseDelimitedValues`).
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from nectarc.diagnostic import Fix
from nectarc.source import SourceSpan
from nectarc.toon import tokens as t
from nectarc.toon.document import Delimiter, Invalid
from nectarc.toon.mistakes import Mistakes
from nectarc.toon.quotes import escape
from nectarc.toon.scalars import read_cell
from nectarc.toon.tokens import Token

_OPENING: Final = "([{"
_CLOSING: Final = ")]}"
_SURPLUS_MAX: Final = 100


def split_cells(text: str, delimiter: Delimiter) -> list[str]:
    """Cut `text` at the delimiters outside of quotes; blanks stay on the cells. O(length)."""
    if '"' not in text:
        return text.split(delimiter.value)
    cells: list[str] = []
    position = 0
    match = _cell_pattern(delimiter).match
    while True:
        found = match(text, position)
        assert found is not None
        cells.append(found[0])
        position = found.end() + 1
        if position > len(text):
            return cells


def row_tokens(  # noqa: PLR0913, PLR0917 - a row, what it should be, where it goes
    text: str,
    at: int,
    leaves: int,
    delimiter: Delimiter,
    mistakes: Mistakes,
    tokens: list[Token],
) -> None:
    """Append the tokens of a row of at least one cell, that should have `leaves` of them."""
    surplus = _far_beyond(text, delimiter, leaves)
    if surplus:
        mistakes.cells((at, at + len(text)), leaves, surplus, ())
        tokens.append(_unread(text, at, mistakes))
    else:
        _cell_tokens(text, at, delimiter, mistakes, tokens)


def inline_tokens(  # noqa: PLR0913, PLR0917 - as above
    text: str,
    at: int,
    length: Token,
    delimiter: Delimiter,
    mistakes: Mistakes,
    tokens: list[Token],
) -> None:
    """Append the tokens of the values on a header's own line; `length` says how many there are."""
    declared = length.value
    assert isinstance(declared, int)
    surplus = _far_beyond(text, delimiter, declared)
    if surplus:
        source = SourceSpan(mistakes.file, length.start, length.end)
        mistakes.count(source, declared, surplus, "value")
        tokens.append(_unread(text, at, mistakes))
    else:
        _cell_tokens(text, at, delimiter, mistakes, tokens)


def _far_beyond(text: str, delimiter: Delimiter, declared: int) -> int:
    """Return how many cells there are when these are far too many to be read, else 0.

    A cell costs hundreds of bytes of memory; half a million in a row say no more than their count.
    """
    most = declared + _SURPLUS_MAX
    if declared < 0 or text.count(delimiter.value) < most:
        return 0
    count = len(split_cells(text, delimiter))
    return count if count > most else 0


def _unread(text: str, at: int, mistakes: Mistakes) -> Token:
    """Return the token that stands for cells that were reported and are not read."""
    source = SourceSpan(mistakes.file, at, at + len(text))
    return Token(t.INVALID, at, source.end, Invalid(source=source))


def _cell_tokens(
    text: str, at: int, delimiter: Delimiter, mistakes: Mistakes, tokens: list[Token]
) -> None:
    """Append the tokens of at least one cell; the text begins at offset `at`."""
    is_first = True
    for cell in split_cells(text, delimiter):
        if not is_first:
            tokens.append(Token(t.DELIM, at, at + 1))
            at += 1
        is_first = False
        stripped = cell.strip(" ")
        if len(stripped) == len(cell):
            tokens.append(read_cell(cell, at, mistakes))
        else:
            lead = len(cell) - len(cell.lstrip(" ")) if stripped else 0
            tokens.append(read_cell(stripped, at + lead, mistakes))
        at += len(cell)


def quote_colon_fix(
    text: str, at: int, delimiter: Delimiter, count: int, mistakes: Mistakes
) -> tuple[Fix, ...]:
    """Return the fix that quotes a first cell with a colon, if the row has `count` cells."""
    cells = split_cells(text, delimiter)
    if len(cells) != count or '"' in cells[0]:
        return ()
    return mistakes.fix(
        "quote the cell with the colon", (at, at + len(cells[0]), escape(cells[0].strip(" ")))
    )


def quote_brackets_fix(
    cells: list[Token], count: int, text: str, mistakes: Mistakes
) -> tuple[Fix, ...]:
    """Return the fix that quotes cells cut inside of brackets, if that makes `count` cells.

    `sample(1, 2)` in a table of commas is two cells: `sample(1` and `2)`. `text` is the whole file.
    """
    joined: list[tuple[int, int]] = []
    depth = 0
    for cell in cells:
        part = text[cell.start : cell.end]
        if part[:1] == '"':
            if depth:
                return ()
            joined.append((cell.start, cell.end))
            continue
        if depth:
            joined[-1] = (joined[-1][0], cell.end)
        else:
            joined.append((cell.start, cell.end))
        depth += sum(part.count(char) for char in _OPENING)
        depth -= sum(part.count(char) for char in _CLOSING)
    whole = {(cell.start, cell.end) for cell in cells}
    edits = [(a, b, escape(text[a:b])) for a, b in joined if (a, b) not in whole]
    if depth or len(joined) != count or not edits:
        return ()
    return mistakes.fix("quote the cell that contains the delimiter", *edits)


@cache
def _cell_pattern(delimiter: Delimiter) -> re.Pattern[str]:
    """Return what matches a cell with its blanks; compiled when a row has quotes."""
    stop = re.escape(delimiter.value)
    return re.compile(rf'(?:[^"{stop}]++|"(?:[^"\\]++|\\.)*+(?:"|\\?\Z))*+', re.DOTALL)
