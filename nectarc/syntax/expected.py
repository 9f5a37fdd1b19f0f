"""What may come next in a cell of which only the beginning is written.

Owns: running the automaton up to a place in a cell. Must not know: what the terminals mean.
Truth: grammar/match.lark, grammar/action.lark; slips with one meaning (`=`, `and`) are read as
meant, as nectarc/syntax/parser.py reads them.
"""

from __future__ import annotations

from typing import Final

from nectarc.records import record
from nectarc.source import SourceSpan
from nectarc.syntax.automaton import END, Token
from nectarc.syntax.cell import CellReading
from nectarc.syntax.parser import automaton_of, explained
from nectarc.toon.document import Scalar

_SLIPS_MAX: Final = 8
# Behind these a new test begins, whatever stands before them.
_RESUMES: Final = frozenset({"AND_SIGN", "OR_SIGN", "LPAR", "NOT_SIGN"})


@record
class Expected:
    """What stands before a place, and the terminals that the grammar takes there.

    tokens:   of the text before the place; slips as they are meant, and where it cannot be read
              as they are written (`BAD` where none fits).
    accepted: names of terminals, "$END" where the cell may end.
    is_sound: the text before can be read; else `accepted` is about its last readable part.
    """

    tokens: tuple[Token, ...]
    accepted: frozenset[str]
    is_sound: bool = True


def expected(start: str, before: str) -> Expected:
    """Return what the start rule ("match", "action", "require") takes behind the text `before`.

    Never raises. O(length).
    """
    automaton = automaton_of(start)
    tokens = automaton.tokens(before, _bad_token)[:-1]
    meant = [*tokens, Token(END, "", len(before), len(before))]
    accepted = _after(start, before, meant)
    if accepted is not None:
        return Expected(tuple(meant[:-1]), accepted)
    for index in range(len(tokens) - 1, -1, -1):
        if tokens[index].type in _RESUMES:
            rest = [*tokens[index + 1 :], meant[-1]]
            accepted = _after(start, before, rest)
            if accepted is not None:
                return Expected(tuple(tokens), accepted, is_sound=False)
    return Expected(tuple(tokens), frozenset(), is_sound=False)


def tokens_of(start: str, text: str) -> tuple[Token, ...]:
    """Return the tokens of a part of a cell, `BAD` where none fits."""
    return tuple(automaton_of(start).tokens(text, _bad_token)[:-1])


def _after(start: str, before: str, tokens: list[Token]) -> frozenset[str] | None:
    """Return the terminals that fit at the END of `tokens`; None where these cannot be read.

    Slips in `tokens` are replaced by what they mean.
    """
    automaton = automaton_of(start)
    reading = CellReading(Scalar(value=before, text=before, source=SourceSpan("", 0, len(before))))
    slips = 0

    def repair(tokens: list[Token], index: int, states: list[int]) -> bool:
        nonlocal slips
        slips += 1
        if slips > _SLIPS_MAX or tokens[index].type == END:
            return False
        slip = explained(start, reading, tokens, index, automaton.accepted(states))
        if slip.tokens is None:
            return False
        tokens[index : index + slip.replaced] = slip.tokens
        return True

    return automaton.accepted_after(tokens, repair)


def _bad_token(text: str, offset: int) -> Token:
    from nectarc.syntax.bad_tokens import bad_token  # noqa: PLC0415 - only where one is

    return bad_token(text, offset)
