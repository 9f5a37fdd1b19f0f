"""Semantic tokens: what each word of a policy is, for colours.

Owns: kinds and modifiers, the protocol's relative numbers, the difference of two such lists.
Must not know: the protocol's objects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from enum import IntEnum, IntFlag
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

from nectarc.semantics.conventions import conventional_type
from nectarc.semantics.fields import ALIASES
from nectarc.source import SourceSpan, SourceText
from nectarc.toon.document import Array, Object
from nectarc_lsp.database.knowledge import Reach
from nectarc_lsp.database.view import View
from nectarc_lsp.features.cell_tokens import Part, holds_tokens, pieces_of
from nectarc_lsp.features.nodes import Cell, KeyPlace, KeyRole, outline, places

_UNREACHABLE: Final = "NEC211"
_ROOT: Final = "root."
_Length: TypeAlias = Callable[[str], int]


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


class DataEdit(NamedTuple):
    """Replace `removed` numbers from `start` on by `data`."""

    start: int
    removed: int
    data: tuple[int, ...]


def tokens(view: View) -> tuple[Token, ...]:
    """Return all tokens of a policy, sorted; none overlap, none is longer than its line."""
    found = view.derive(_tokens)
    dead = _dead_names(view)
    if not dead:
        return found
    return tuple(
        one._replace(modifiers=one.modifiers | Modifier.DEPRECATED) if one.start in dead else one
        for one in found
    )


def tokens_between(view: View, start: int, end: int) -> tuple[Token, ...]:
    """Return the tokens that touch `[start, end)`."""
    return tuple(one for one in tokens(view) if one.start < end and one.end > start)


def token_data(found: Sequence[Token], text: SourceText, encoding: str) -> tuple[int, ...]:
    """Return five numbers a token, each relative to the token before it, in the client's units."""
    data: list[int] = []
    starts, last = text.line_starts, len(text.line_starts)
    line = before_line = before_column = 0
    units = _units(encoding)
    for start, end, kind, modifiers in found:
        while line + 1 < last and starts[line + 1] <= start:
            line += 1
        column = units(text.text[starts[line] : start])
        if line != before_line:
            before_column = 0
        length = units(text.text[start:end])
        data += (line - before_line, column - before_column, length, kind.value, modifiers.value)
        before_line, before_column = line, column
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


_WIDTH: Final = 5
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


def _units(encoding: str) -> _Length:
    match encoding:
        case "utf-32":
            return len
        case "utf-8":
            return lambda text: len(text) if text.isascii() else len(text.encode())
        case _:
            return lambda text: len(text) if text.isascii() else _utf16(text)


def _utf16(text: str) -> int:
    return len(text) + sum(1 for one in text if ord(one) > 0xFFFF)


def _dead_names(view: View) -> frozenset[int]:
    """Return where the names of rules begin that decide nothing, as far as that is known."""
    dead = {one.source.start for one in view.findings if one.code == _UNREACHABLE}
    known = () if view.knowledge is None else view.knowledge.rules
    never = {one.name for one in known if one.reach is Reach.NEVER}
    table = outline(view).table("rules")
    for number in range(len(table.items)) if table is not None and (dead or never) else ():
        assert table is not None
        cell = table.row(number).cell("name")
        if cell is not None and cell.scalar.text in never:
            dead.add(cell.source.start)
    return frozenset(dead)


def _tokens(view: View) -> tuple[Token, ...]:
    if view.checked is None:
        return ()
    found = [
        Token(one.source.start, one.source.end, TokenKind.COMMENT)
        for one in view.checked.document.comments
    ]
    for key in places(view).keys:
        found += _of_key(key)
    for table in outline(view).tables:
        found += (_number(one) for one in _lengths(table.array) if one.start < one.end)
    written = view.checked.written
    names = frozenset(one.name.text for one in written.fields) if written else frozenset()
    for cell in places(view).cells:
        found += _of_cell(cell, names)
    found.sort()
    return tuple(_apart(found, view.text.text))


def _apart(found: list[Token], text: str) -> Iterator[Token]:
    """Leave out what overlaps, is empty, or runs over the end of its line."""
    end = 0
    for one in found:
        if one.start >= end and one.end > one.start and "\n" not in text[one.start : one.end]:
            end = one.end
            yield one


def _number(source: SourceSpan) -> Token:
    return Token(source.start, source.end, TokenKind.NUMBER)


def _lengths(array: Array) -> Iterator[SourceSpan]:
    """Yield where an array, and the arrays in its items, declare their lengths."""
    yield array.length_source
    for item in array.items:
        for entry in item.entries if isinstance(item, Object) else ():
            if isinstance(entry.value, Array):
                yield from _lengths(entry.value)


def _of_key(place: KeyPlace) -> Iterator[Token]:
    kind = _KEYS.get(place.role)
    if place.role is KeyRole.SPAN_FIELD and place.meant == "root":
        kind = TokenKind.KEYWORD
    if kind is not None:
        yield Token(place.source.start, place.source.end, kind)


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
