"""Traces that earlier questions found: most questions are answered by one of them.

Owns: which known traces meet which literals, as bit sets. Must not know: how traces are found.
A trace of the pool that meets what is asked is a proof that some trace does; without one nothing
is said. A bit set holds a bit a trace, so that a question is a few ANDs, whatever the pool holds.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from typing import Final, assert_never

from nectarc.evaluate.values import MISSING
from nectarc.ir.clauses import (
    Clause,
    CountLiteral,
    Cube,
    ExistsSpan,
    HasRootLiteral,
    RootLiteral,
    TraceLiteral,
)
from nectarc.ir.nodes import NumberOp, Test
from nectarc.regions.classes import FieldClasses
from nectarc.trace import Span, Trace

_TRACES_MAX: Final = 2048  # more make every answer slower than they save searches
_Key = tuple[str, ...]
_COMPARE: Final[Mapping[NumberOp, Callable[[int, int], bool]]] = {
    NumberOp.EQ: operator.eq,
    NumberOp.NE: operator.ne,
    NumberOp.LT: operator.lt,
    NumberOp.LE: operator.le,
    NumberOp.GT: operator.gt,
    NumberOp.GE: operator.ge,
}


class _KnownSpan:
    """A span and, by field, the bit set of the field's tests that hold on it (once asked for)."""

    __slots__ = ("masks", "span")

    def __init__(self, span: Span) -> None:
        self.span = span
        self.masks: dict[_Key, int] = {}


class Pool:
    """Known traces over the tests of `fields`."""

    def __init__(self, fields: Mapping[_Key, FieldClasses], keys: Mapping[Test, _Key]) -> None:
        """Start without a trace."""
        self._fields = fields
        self._keys = keys
        self._spans: list[tuple[_KnownSpan, ...]] = []
        self._roots: list[_KnownSpan | None] = []
        self._counts: list[int] = []
        # Bit sets with how many traces they speak of: a trace that is added makes them grow.
        self._literals: dict[TraceLiteral, tuple[int, int]] = {}
        self._clauses: dict[Clause, tuple[int, int]] = {}

    def add(self, trace: Trace) -> bool:
        """Take in a trace; False when there are too many."""
        if len(self._spans) >= _TRACES_MAX:
            return False
        known = {id(span): _KnownSpan(span) for span in trace.distinct_spans}
        root = trace.root
        self._spans.append(tuple(known.values()))
        self._roots.append(None if root is None else known[id(root)])
        self._counts.append(len(trace.spans))
        return True

    def met_by_last(self, clauses: Iterable[Clause]) -> list[Clause]:
        """Return those of `clauses` that hold on the trace that was added last."""
        last = len(self._spans) - 1
        return [
            clause for clause in clauses if all(self._holds(literal, last) for literal in clause)
        ]

    def meets(self, required: Iterable[TraceLiteral], excluded: Iterable[Clause]) -> bool:
        """Say whether some known trace meets all of `required` and no clause of `excluded`."""
        left = (1 << len(self._spans)) - 1
        for literal in required:
            left &= self._of_literal(literal)
            if not left:
                return False
        for clause in excluded:
            left &= ~self._of_clause(clause)
            if not left:
                return False
        return left != 0

    def _of_clause(self, clause: Clause) -> int:
        count = len(self._spans)
        mask, known = self._clauses.get(clause, (0, 0))
        if known < count:
            new = (1 << count) - (1 << known)
            for literal in clause:
                new &= self._of_literal(literal)
                if not new:
                    break
            mask |= new
            self._clauses[clause] = (mask, count)
        return mask

    def _of_literal(self, literal: TraceLiteral) -> int:
        count = len(self._spans)
        mask, known = self._literals.get(literal, (0, 0))
        if known < count:
            for index in range(known, count):
                if self._holds(literal, index):
                    mask |= 1 << index
            self._literals[literal] = (mask, count)
        return mask

    def _holds(self, literal: TraceLiteral, index: int) -> bool:
        match literal:
            case ExistsSpan(cube, is_positive):
                return any(self._meets(span, cube) for span in self._spans[index]) is is_positive
            case RootLiteral(test, is_positive):
                root = self._roots[index]
                return (root is not None and self._is_true(root, test)) is is_positive
            case HasRootLiteral(is_positive):
                return (self._roots[index] is not None) is is_positive
            case CountLiteral(op, value):
                return _COMPARE[op](self._counts[index], value)
            case _:
                assert_never(literal)

    def _meets(self, known: _KnownSpan, cube: Cube) -> bool:
        for literal in cube:
            test = literal.test
            holds = known.span.is_root if test is None else self._is_true(known, test)
            if holds is not literal.is_positive:
                return False
        return True

    def _is_true(self, known: _KnownSpan, test: Test) -> bool:
        key = self._keys[test]
        mask = known.masks.get(key)
        if mask is None:
            mask = known.masks[key] = self._mask(known.span, key)
        return mask & self._fields[key].bits[test] != 0

    def _mask(self, span: Span, key: _Key) -> int:
        value = next((span.fields[name] for name in key if name in span.fields), MISSING)
        return self._fields[key].true_of(value)
