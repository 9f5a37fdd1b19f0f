"""Semantic tokens as the numbers that they are sent as, and the difference of two such lists.

Owns: five numbers a token, each relative to the token before it; units of columns.
Must not know: what is coloured how. Truth: LSP 3.17, "Semantic Tokens".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, TypeAlias

from nectarc.source import SourceText
from nectarc_lsp.features.tokens import Piece, Placed

_WIDTH: Final = 5
_Length: TypeAlias = Callable[[str], int]


class DataEdit(NamedTuple):
    """Replace `removed` numbers from `start` on by `data`."""

    start: int
    removed: int
    data: tuple[int, ...]


def token_data(found: Sequence[Placed], text: SourceText, encoding: str) -> tuple[int, ...]:
    """Return five numbers a token, in the client's units of columns."""
    data: list[int] = []
    starts, last = text.line_starts, len(text.line_starts)
    line = before_line = before_column = 0
    units = _UNITS.get(encoding, _utf16)
    for start, piece in found:
        while line + 1 < last and starts[line + 1] <= start:
            line += 1
        column = units(text.text[starts[line] : start])
        sent = piece.sent.get(encoding)
        if sent is None:
            sent = piece.sent[encoding] = _sent(piece, units)
        first = column + sent[1]
        right = first - before_column if line == before_line else first
        data += (line - before_line, right, *sent[2:])
        before_line = line
        before_column = column + sum(sent[1::_WIDTH])
    return tuple(data)


def data_edits(old: Sequence[int], new: Sequence[int]) -> tuple[DataEdit, ...]:
    """Return the edit that makes `new` of `old`: whole tokens, as few as a single edit may."""
    if old == new:
        return ()
    limit = min(len(old), len(new))
    head = 0
    while head < limit and old[head : head + _WIDTH] == new[head : head + _WIDTH]:
        head += _WIDTH
    tail = 0
    while (
        tail < limit - head
        and old[len(old) - tail - _WIDTH : len(old) - tail]
        == new[len(new) - tail - _WIDTH : len(new) - tail]
    ):
        tail += _WIDTH
    return (DataEdit(head, len(old) - head - tail, tuple(new[head : len(new) - tail])),)


def _sent(piece: Piece, units: _Length) -> tuple[int, ...]:
    """Return a piece's numbers as if it stood at the left margin."""
    data: list[int] = []
    before = 0
    for start, end, kind, modifiers in piece.tokens:
        column = units(piece.text[:start])
        length = units(piece.text[start:end])
        data += (0, column - before, length, kind.value, modifiers.value)
        before = column
    return tuple(data)


def _utf16(text: str) -> int:
    return len(text) if text.isascii() else len(text) + sum(1 for c in text if ord(c) > 0xFFFF)


def _utf8(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode())


_UNITS: Final[dict[str, _Length]] = {"utf-8": _utf8, "utf-16": _utf16, "utf-32": len}
