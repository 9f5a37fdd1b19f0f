"""Which excluded clauses a question has to think of at all.

Owns: leaving out clauses that fail for free. Must not know: values, traces.
Every test of a missing field fails (docs/language.md, section 3). So a clause that asks a test to
hold on a field that nothing else asks for is false of all traces whose spans lack that field, and
takes nothing away from the other clauses. This is what keeps a question about one rule short when
hundreds of rules on other fields stand above it. A field is missing when all its spellings are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from nectarc.ir.clauses import Clause, Cube, ExistsSpan, RootLiteral, TraceLiteral, negated


class _Excluded(NamedTuple):
    """What making a clause false takes.

    keys:  the clause is false where all spans lack one of these fields.
    asked: the spellings of which values may be asked, to make one of its literals false.
    """

    keys: tuple[tuple[str, ...], ...]
    asked: frozenset[str]


def relevant(required: Iterable[TraceLiteral], excluded: Sequence[Clause]) -> list[Clause]:
    """Return those of `excluded` that do not fail for free where `required` holds; in order."""
    wanted: set[str] = set()
    for literal in required:
        wanted |= _asked_by(literal)
    left = [(clause, _excluded(clause)) for clause in excluded]
    while True:
        asked = wanted.union(*(one.asked for _, one in left))
        kept = [
            (clause, one)
            for clause, one in left
            if not any(asked.isdisjoint(key) for key in one.keys)
        ]
        if len(kept) == len(left):
            return [clause for clause, _ in kept]
        left = kept


@lru_cache(maxsize=8192)
def _excluded(clause: Clause) -> _Excluded:
    keys = tuple(key for literal in clause for key in _held(literal))
    return _Excluded(keys, frozenset().union(*(_asked_by(negated(one)) for one in clause)))


def _held(literal: TraceLiteral) -> Iterable[tuple[str, ...]]:
    """Return the fields of tests that must hold somewhere for the literal to hold."""
    match literal:
        case RootLiteral(test, True):
            return (test.field.spellings,)
        case ExistsSpan(cube, True):
            return _tested(cube, is_positive=True)
        case _:
            return ()


@lru_cache(maxsize=8192)
def _asked_by(literal: TraceLiteral) -> frozenset[str]:
    """Return the spellings of which a value may have to be there for the literal to hold."""
    match literal:
        case RootLiteral(test, True):
            return frozenset(test.field.spellings)
        case ExistsSpan(cube, is_positive):
            # That no span meets a cube may need a test to hold which the cube denies.
            return frozenset(n for key in _tested(cube, is_positive=is_positive) for n in key)
        case _:
            return frozenset()


def _tested(cube: Cube, *, is_positive: bool) -> list[tuple[str, ...]]:
    return [
        one.test.field.spellings
        for one in cube
        if one.test is not None and one.is_positive is is_positive
    ]
