"""The tokens of a cell that holds an expression, also of one that could not be parsed.

Owns: which tokens stand where in the file, and what a word in them is. Must not know: the protocol.
Truth: grammar/match.lark, grammar/action.lark.
"""

from __future__ import annotations

from enum import Enum
from functools import cache, lru_cache
from typing import Final, NamedTuple

from nectarc.source import SourceSpan
from nectarc.syntax.automaton import BAD, END, Automaton, Token
from nectarc.syntax.bad_tokens import bad_token
from nectarc.syntax.cell import LENGTH_MAX
from nectarc_lsp.features.nodes import Cell

_GRAMMARS: Final = {
    "match": ("match", "match"),
    "when": ("match", "match"),
    "action": ("action", "action"),
    "require": ("action", "require"),
}
_QUANTIFIERS: Final = frozenset({"ANY", "ALL", "NONE"})
_CONSTANTS: Final = frozenset({"TRUE", "FALSE"})
_WORDS: Final = frozenset({"NAME", "KEEP", "DROP", "SHARE"})
_OPERATORS: Final = frozenset(
    {"COMPARE", "NOT", "IN", "CONTAINS", "STARTS_WITH", "ENDS_WITH", "MATCHES"}
)


class Part(Enum):
    """What a token is in its cell."""

    FIELD = "field"
    ACTION = "action"
    PARAMETER = "parameter"
    QUANTIFIER = "quantifier"
    CONSTANT = "constant"  # true, false
    PREDICATE = "predicate"  # has_root, is_root, span_count, exists
    OPERATOR = "operator"  # == in contains not
    JOINER = "joiner"  # && || !
    NUMBER = "number"
    DURATION = "duration"
    STRING = "string"
    REQUIREMENT = "requirement"  # keep, drop, share of an invariant
    MARK = "mark"  # ( ) [ ] , : /
    BAD = "bad"


class CellToken(NamedTuple):
    """A token. `text` is without the escapes of a quoted cell; `source` is its place."""

    part: Part
    text: str
    source: SourceSpan


def holds_tokens(cell: Cell) -> bool:
    """Say whether the cell holds an expression, an action or a requirement."""
    return cell.column in _GRAMMARS


def tokens_of(cell: Cell) -> tuple[CellToken, ...]:
    """Return the tokens of a cell in order; () of one that holds no expression."""
    return lexed(cell.column, cell) if holds_tokens(cell) else ()


def token_at(cell: Cell, offset: int) -> CellToken | None:
    """Return the token at `offset`; one that ends there if none begins or goes on there."""
    near = [one for one in tokens_of(cell) if one.source.start <= offset <= one.source.end]
    return near[-1] if near else None


def lexed(column: str, cell: Cell) -> tuple[CellToken, ...]:
    """Return the tokens of the cell's text, read as a cell of that column."""
    pieces = pieces_of(column, cell.scalar.text)
    scalar = cell.scalar
    if scalar.offsets is None:
        file, base = scalar.source.file, scalar.source.start
        return tuple(
            CellToken(part, text, SourceSpan(file, base + start, base + end))
            for part, text, start, end in pieces
        )
    return tuple(
        CellToken(part, text, scalar.span_of(start, end)) for part, text, start, end in pieces
    )


@lru_cache(maxsize=4096)
def pieces_of(column: str, text: str) -> tuple[tuple[Part, str, int, int], ...]:
    """Return what the tokens of a cell's text are, and where: offsets into `text`."""
    # Cached, because one edit changes one cell, and every feature asks for the tokens of all.
    grammar, start = _GRAMMARS[column]
    if not text.strip() or len(text) > LENGTH_MAX:
        return ()
    tokens = [one for one in _lexer(grammar, start).tokens(text, bad_token) if one.type != END]
    return tuple(
        (_part(start, tokens, index), one.text, one.start, one.end)
        for index, one in enumerate(tokens)
    )


@cache
def _lexer(grammar: str, start: str) -> Automaton:
    return Automaton(grammar, start)


def _part(start: str, tokens: list[Token], index: int) -> Part:
    token = tokens[index]
    kind = token.type
    if kind in _CONSTANTS:
        return Part.CONSTANT
    if kind in _OPERATORS:
        return Part.REQUIREMENT if start == "require" and kind == "NOT" else Part.OPERATOR
    if kind in {"NUMBER", "DURATION"}:
        return Part[kind]
    if kind in {"STRING", "RAW_STRING"}:
        return Part.STRING
    if kind == BAD:
        return Part.BAD
    if start == "match":
        return _match_part(kind)
    if kind == "QUOTED_NAME":
        return Part.FIELD
    if kind not in _WORDS:
        return Part.MARK
    if start == "require":
        return Part.REQUIREMENT
    if index == 0:
        return Part.ACTION
    follows = tokens[index + 1].type if index + 1 < len(tokens) else ""
    return Part.PARAMETER if follows == "COLON" else Part.FIELD


def _match_part(kind: str) -> Part:
    if kind in _QUANTIFIERS:
        return Part.QUANTIFIER
    if kind in {"HAS_ROOT", "IS_ROOT", "SPAN_COUNT", "EXISTS"}:
        return Part.PREDICATE
    if kind in {"AND_SIGN", "OR_SIGN", "NOT_SIGN"}:
        return Part.JOINER
    return Part.FIELD if kind in {"NAME", "QUOTED_NAME"} else Part.MARK
