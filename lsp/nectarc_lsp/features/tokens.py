"""Semantic tokens: what each word of a policy is, for colours.

Owns: kinds and modifiers, what is remembered of rows that did not change.
Must not know: the protocol, in whose numbers they are sent (token_data.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum, IntFlag
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

from nectarc.semantics.conventions import conventional_type
from nectarc.semantics.fields import ALIASES
from nectarc.source import SourceSpan
from nectarc.toon.document import Array, ArrayForm, Object
from nectarc_lsp.database.knowledge import Reach
from nectarc_lsp.database.view import View
from nectarc_lsp.features.cell_tokens import Part, holds_tokens, pieces_of
from nectarc_lsp.features.nodes import Cell, KeyPlace, KeyRole, Row, Table, outline

_UNREACHABLE: Final = "NEC211"
_ROOT: Final = "root."
# What the tokens of a row depend on: section, columns, delimiter, text, names of `fields`.
_RowKey: TypeAlias = tuple[str, tuple[str, ...], str, str, frozenset[str]]
# A policy of this many rows is remembered whole.
_ROWS_MAX: Final = 20_000


class TokenKind(IntEnum):
    """What a token is; the number is its place in the legend."""

    NAMESPACE = 0  # nectar_policy, environments
    CLASS = 1  # a rule's name
    PROPERTY = 2  # a field
    PARAMETER = 3
    VARIABLE = 4  # a name of a test or an invariant
    FUNCTION = 5  # an action, exists(...)
    KEYWORD = 6  # sections, columns, any, in
    TYPE = 7
    ENUM_MEMBER = 8  # true, false
    STRING = 9
    NUMBER = 10
    OPERATOR = 11
    COMMENT = 12


class Modifier(IntFlag):
    """What else is true of it; the bit is its place in the legend."""

    NONE = 0
    DECLARATION = 1
    READONLY = 2
    DEPRECATED = 4  # nothing reaches it
    DEFAULT_LIBRARY = 8  # a name that the language or a convention gives


LEGEND_TYPES: Final = (
    "namespace",
    "class",
    "property",
    "parameter",
    "variable",
    "function",
    "keyword",
    "type",
    "enumMember",
    "string",
    "number",
    "operator",
    "comment",
)
LEGEND_MODIFIERS: Final = ("declaration", "readonly", "deprecated", "defaultLibrary")


class Token(NamedTuple):
    """A token: code points `[start, end)` of one line."""

    start: int
    end: int
    kind: TokenKind
    modifiers: Modifier = Modifier.NONE


class Piece:
    """Some tokens that stand together on one line. Places are offsets into `text`.

    sent: the numbers that they are sent as, by unit of columns (token_data.py remembers them).
    """

    __slots__ = ("sent", "text", "tokens")

    def __init__(self, text: str, tokens: tuple[Token, ...]) -> None:
        """Hold the tokens of `text`: sorted, apart."""
        self.text = text
        self.tokens = tokens
        self.sent: dict[str, tuple[int, ...]] = {}


class Placed(NamedTuple):
    """A piece at its place in the document."""

    start: int
    piece: Piece


class RowMemory:
    """The tokens of rows that were seen: one edit changes one row."""

    def __init__(self) -> None:
        """Remember nothing yet."""
        self._rows: dict[_RowKey, Piece] = {}

    def row(self, key: _RowKey, table: Table, number: int) -> Piece:
        """Return the tokens of a row of a table."""
        found = self._rows.get(key)
        if found is None:
            if len(self._rows) >= _ROWS_MAX:
                self._rows.clear()
            row = table.row(number)
            found = self._rows[key] = _piece(key[3], row.source.start, _of_row(row, key[4]))
        return found


def pieces(view: View, memory: RowMemory) -> tuple[Placed, ...]:
    """Return all tokens of a policy, sorted; none overlap, none is longer than its line."""
    if view.checked is None:
        return ()
    found = [
        *_single(view, ((s.start, s.end, TokenKind.COMMENT) for s in _comments(view))),
        *_single(view, _keys_and_lengths(view)),
    ]
    written = view.checked.written
    names = frozenset(one.name.text for one in written.fields) if written else frozenset()
    for cell in outline(view).values:
        found += _alone(view, _of_cell(cell, names))
    for table in outline(view).tables:
        found += _of_table(view, table, names, memory)
    found.sort(key=lambda one: one.start)
    dead = dead_names(view)
    kept: list[Placed] = []
    end = 0
    for one in found:
        if one.start >= end and one.piece.tokens:
            end = one.start + one.piece.tokens[-1].end
            kept.append(_marked(one, dead) if dead else one)
    return tuple(kept)


def tokens(view: View) -> tuple[Token, ...]:
    """Return all tokens of a policy, their places in the document."""
    return tuple(
        Token(start + one.start, start + one.end, one.kind, one.modifiers)
        for start, piece in pieces(view, RowMemory())
        for one in piece.tokens
    )


def dead_names(view: View) -> frozenset[int]:
    """Return where the names of rules begin that decide nothing, as far as that is known."""
    dead = {one.source.start for one in view.findings if one.code == _UNREACHABLE}
    known = () if view.knowledge is None else view.knowledge.rules
    never = {one.name for one in known if one.reach is Reach.NEVER}
    written = None if view.checked is None else view.checked.written
    for rule in written.rules if written is not None and never else ():
        if rule.name.text in never:
            dead.add(rule.name.source.start)
    return frozenset(dead)


def _piece(text: str, start: int, found: Iterator[Token]) -> Piece:
    """Make a piece of tokens at places in the document; what overlaps or wraps is left out."""
    kept: list[Token] = []
    end = 0
    for one in sorted(found):
        first, last = one.start - start, one.end - start
        if first >= end and last > first and "\n" not in text[first:last]:
            end = last
            kept.append(Token(first, last, one.kind, one.modifiers))
    return Piece(text, tuple(kept))


def _alone(view: View, found: Iterator[Token]) -> Iterator[Placed]:
    """Yield every token as a piece of its own."""
    for one in found:
        text = view.text.text[one.start : one.end]
        if text and "\n" not in text:
            token = Token(0, len(text), one.kind, one.modifiers)
            yield Placed(one.start, Piece(text, (token,)))


def _single(view: View, found: Iterator[tuple[int, int, TokenKind]]) -> Iterator[Placed]:
    yield from _alone(view, (Token(start, end, kind) for start, end, kind in found))


def _comments(view: View) -> Iterator[SourceSpan]:
    assert view.checked is not None  # asked by `pieces`
    yield from (one.source for one in view.checked.document.comments)


def _keys_and_lengths(view: View) -> Iterator[tuple[int, int, TokenKind]]:
    for key in outline(view).keys:
        yield from _of_key(key)
    for table in outline(view).tables:
        for one in _lengths(table.array):
            yield one.start, one.end, TokenKind.NUMBER


def _of_table(
    view: View, table: Table, names: frozenset[str], memory: RowMemory
) -> Iterator[Placed]:
    text, delimiter = view.text.text, table.array.delimiter.value
    columns = tuple(table.meant[key.text] for key in table.array.columns)
    is_table = table.array.form is ArrayForm.TABULAR
    for number, item in enumerate(table.items):
        start, end = item.source.start, item.source.end
        written = text[start:end]
        if is_table and "\n" not in written:
            key = (table.section, columns, delimiter, written, names)
            yield Placed(start, memory.row(key, table, number))
        else:
            row = table.row(number)
            yield from _single(view, (one for key in row.keys for one in _of_key(key)))
            yield from _alone(view, _of_row(row, names))


def _of_row(row: Row, names: frozenset[str]) -> Iterator[Token]:
    for cell in row.cells:
        yield from _of_cell(cell, names)


def _marked(placed: Placed, dead: frozenset[int]) -> Placed:
    start, piece = placed
    if not any(start + one.start in dead for one in piece.tokens):
        return placed
    marked = tuple(
        one._replace(modifiers=one.modifiers | Modifier.DEPRECATED)
        if one.kind is TokenKind.CLASS and start + one.start in dead
        else one
        for one in piece.tokens
    )
    return Placed(start, Piece(piece.text, marked))


_PARTS: Final = {
    Part.ACTION: TokenKind.FUNCTION,
    Part.PARAMETER: TokenKind.PARAMETER,
    Part.QUANTIFIER: TokenKind.KEYWORD,
    Part.CONSTANT: TokenKind.ENUM_MEMBER,
    Part.PREDICATE: TokenKind.KEYWORD,
    Part.JOINER: TokenKind.OPERATOR,
    Part.NUMBER: TokenKind.NUMBER,
    Part.DURATION: TokenKind.NUMBER,
    Part.STRING: TokenKind.STRING,
    Part.REQUIREMENT: TokenKind.KEYWORD,
}
_CELLS: Final = {
    ("rules", "name"): (TokenKind.CLASS, Modifier.DECLARATION),
    ("rules", "description"): (TokenKind.STRING, Modifier.NONE),
    ("rules", "priority"): (TokenKind.NUMBER, Modifier.NONE),
    ("fields", "name"): (TokenKind.PROPERTY, Modifier.DECLARATION),
    ("fields", "type"): (TokenKind.TYPE, Modifier.NONE),
    ("fields", "from"): (TokenKind.PROPERTY, Modifier.READONLY),
    ("invariants", "name"): (TokenKind.VARIABLE, Modifier.DECLARATION),
    ("tests", "name"): (TokenKind.VARIABLE, Modifier.DECLARATION),
    ("tests", "expect"): (TokenKind.CLASS, Modifier.NONE),
}
_KEYS: Final = {
    KeyRole.WRAPPER: TokenKind.NAMESPACE,
    KeyRole.SECTION: TokenKind.KEYWORD,
    KeyRole.COLUMN: TokenKind.PARAMETER,
    KeyRole.SPAN_FIELD: TokenKind.PROPERTY,
}


def _lengths(array: Array) -> Iterator[SourceSpan]:
    """Yield where an array, and the arrays in its items, declare their lengths."""
    yield array.length_source
    for item in array.items:
        for entry in item.entries if isinstance(item, Object) else ():
            if isinstance(entry.value, Array):
                yield from _lengths(entry.value)


def _of_key(place: KeyPlace) -> Iterator[tuple[int, int, TokenKind]]:
    kind = _KEYS.get(place.role)
    if place.role is KeyRole.SPAN_FIELD and place.meant == "root":
        kind = TokenKind.KEYWORD
    if kind is not None:
        yield place.source.start, place.source.end, kind


def _of_cell(cell: Cell, declared: frozenset[str]) -> Iterator[Token]:
    scalar = cell.scalar
    start, end = scalar.source.start, scalar.source.end
    if holds_tokens(cell):
        kinds = _kinds(cell.column, scalar.text, declared)
        if scalar.offsets is None:
            for first, last, kind, modifiers in kinds:
                yield Token(start + first, start + last, kind, modifiers)
        else:
            for first, last, kind, modifiers in kinds:
                place = scalar.span_of(first, last)
                yield Token(place.start, place.end, kind, modifiers)
        return
    known = _CELLS.get((cell.section, cell.column))
    if known is not None:
        yield Token(start, end, *known)
    elif not scalar.is_blank:
        yield Token(start, end, _of_value(scalar.value))


def _of_value(value: bool | float | str | None) -> TokenKind:  # noqa: FBT001 - a TOON value
    if value is None or isinstance(value, bool):
        return TokenKind.ENUM_MEMBER
    return TokenKind.STRING if isinstance(value, str) else TokenKind.NUMBER


@lru_cache(maxsize=4096)
def _kinds(
    column: str, text: str, declared: frozenset[str]
) -> tuple[tuple[int, int, TokenKind, Modifier], ...]:
    """Return the tokens of a cell's text. Cached, because one edit changes one cell."""
    found: list[tuple[int, int, TokenKind, Modifier]] = []
    for part, word, start, end in pieces_of(column, text):
        if part is Part.FIELD:
            found += _of_field(word, start, end, declared)
            continue
        kind = _PARTS.get(part)
        if part is Part.OPERATOR:
            kind = TokenKind.KEYWORD if word[:1].isalpha() else TokenKind.OPERATOR
        elif word == "exists":
            kind = TokenKind.FUNCTION
        if kind is not None:
            found.append((start, end, kind, Modifier.NONE))
    return tuple(found)


def _of_field(
    word: str, start: int, end: int, declared: frozenset[str]
) -> Iterator[tuple[int, int, TokenKind, Modifier]]:
    if word.startswith(_ROOT):
        yield start, start + len(_ROOT), TokenKind.KEYWORD, Modifier.NONE
        word, start = word[len(_ROOT) :], start + len(_ROOT)
    is_known = word not in declared and (word in ALIASES or conventional_type(word) is not None)
    yield start, end, TokenKind.PROPERTY, Modifier.DEFAULT_LIBRARY if is_known else Modifier.NONE
