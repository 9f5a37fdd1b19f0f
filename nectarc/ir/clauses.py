"""Matches as disjunctions of clauses: the form that lowering works on.

Owns: literals, cubes, clauses and the way from expressions to them. Must not know: Refinery.
A cube is a conjunction over one span, a clause a conjunction over a trace. Truth: docs/language.md,
sections 3 and 6; ../shared/reference/proof-method.md, sections 2 and 8.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import product
from typing import Final, TypeAlias, TypeVar, assert_never

from nectarc.ir import nodes
from nectarc.ir.nodes import NumberOp, SpanExpr, Test, TraceExpr
from nectarc.records import record


@record
class SpanLiteral:
    """A test, or with `test` None `is_root`, that holds or does not hold on the span at hand."""

    test: Test | None
    is_positive: bool


# A conjunction over one span, in order of writing, without repetitions. () is true of every span.
Cube: TypeAlias = tuple[SpanLiteral, ...]


@record
class ExistsSpan:
    """Some span meets the cube; or, if not positive, none does."""

    cube: Cube
    is_positive: bool


@record
class RootLiteral:
    """The test holds, or does not hold, on the root. Without a root it does not hold."""

    test: Test
    is_positive: bool


@record
class HasRootLiteral:
    """The trace has a root, or has none."""

    is_positive: bool


@record
class CountLiteral:
    """The number of spans stands so to `value`; its negation is the opposite operator."""

    op: NumberOp
    value: int


TraceLiteral: TypeAlias = ExistsSpan | RootLiteral | HasRootLiteral | CountLiteral
# A conjunction over a trace, in order of writing, without repetitions. () is always true.
Clause: TypeAlias = tuple[TraceLiteral, ...]

CLAUSES_MAX: Final = 256

_L = TypeVar("_L")

_OPPOSITE: Final = {
    NumberOp.EQ: NumberOp.NE,
    NumberOp.NE: NumberOp.EQ,
    NumberOp.LT: NumberOp.GE,
    NumberOp.GE: NumberOp.LT,
    NumberOp.LE: NumberOp.GT,
    NumberOp.GT: NumberOp.LE,
}


class TooManyClausesError(Exception):
    """A match has more than `CLAUSES_MAX` alternatives."""


@lru_cache(maxsize=4096)
def negated(literal: TraceLiteral) -> TraceLiteral:
    """Return the literal that holds where this one does not."""
    match literal:
        case ExistsSpan(cube, is_positive):
            return ExistsSpan(cube, not is_positive)
        case RootLiteral(test, is_positive):
            return RootLiteral(test, not is_positive)
        case HasRootLiteral(is_positive):
            return HasRootLiteral(not is_positive)
        case CountLiteral(op, value):
            return CountLiteral(_OPPOSITE[op], value)
        case _:
            assert_never(literal)


def clauses_of(match: TraceExpr) -> tuple[Clause, ...]:
    """Return the disjunctive normal form of `match`, alternatives in order of writing.

    Raises TooManyClausesError when it has more than CLAUSES_MAX alternatives.
    """
    return tuple(_trace_clauses(match, is_positive=True))


def conjoin(*parts: Clause) -> Clause:
    """Return the conjunction of clauses, each literal once."""
    return tuple(dict.fromkeys(literal for part in parts for literal in part))


def _trace_clauses(expr: TraceExpr, *, is_positive: bool) -> list[Clause]:
    match expr:
        case nodes.Constant(value):
            return [()] if value == is_positive else []
        case nodes.Not(operand):
            return _trace_clauses(operand, is_positive=not is_positive)
        case nodes.And(operands) | nodes.Or(operands):
            parts = [_trace_clauses(operand, is_positive=is_positive) for operand in operands]
            if isinstance(expr, nodes.And) == is_positive:
                return _all_of(parts)
            return _bounded([clause for part in parts for clause in part])
        case nodes.RootTest(test):
            return [(RootLiteral(test, is_positive),)]
        case nodes.HasRoot():
            return [(HasRootLiteral(is_positive),)]
        case nodes.SpanCount(op, value):
            return [(CountLiteral(op if is_positive else _OPPOSITE[op], value),)]
        case nodes.AnySpan(body):
            return _any_span_clauses(body, is_positive=is_positive)
        case _:
            assert_never(expr)


def _any_span_clauses(body: SpanExpr, *, is_positive: bool) -> list[Clause]:
    clauses = [_hoisted(part) for part in _span_cubes(body, is_positive=True)]
    if is_positive:
        return _bounded(clauses)
    return _all_of([[(negated(literal),) for literal in clause] for clause in clauses])


def _hoisted(part: tuple[SpanLiteral | RootLiteral, ...]) -> Clause:
    """Pull root tests, which are the same at every span, out of the quantifier."""
    cube = tuple(literal for literal in part if isinstance(literal, SpanLiteral))
    constants = tuple(literal for literal in part if isinstance(literal, RootLiteral))
    if not cube:
        return constants
    if cube == (SpanLiteral(None, is_positive=True),):
        return (*constants, HasRootLiteral(is_positive=True))
    return (*constants, ExistsSpan(cube, is_positive=True))


def _span_cubes(
    expr: SpanExpr, *, is_positive: bool
) -> list[tuple[SpanLiteral | RootLiteral, ...]]:
    match expr:
        case nodes.Constant(value):
            return [()] if value == is_positive else []
        case nodes.SpanNot(operand):
            return _span_cubes(operand, is_positive=not is_positive)
        case nodes.SpanAnd(operands) | nodes.SpanOr(operands):
            parts = [_span_cubes(operand, is_positive=is_positive) for operand in operands]
            if isinstance(expr, nodes.SpanAnd) == is_positive:
                return _all_of(parts)
            return _bounded([cube for part in parts for cube in part])
        case nodes.SpanTest(test):
            return [(SpanLiteral(test, is_positive),)]
        case nodes.IsRoot():
            return [(SpanLiteral(None, is_positive),)]
        case nodes.RootTest(test):
            return [(RootLiteral(test, is_positive),)]
        case _:
            assert_never(expr)


def _all_of(parts: list[list[tuple[_L, ...]]]) -> list[tuple[_L, ...]]:
    size = 1
    for part in parts:
        size *= len(part)
    if size > CLAUSES_MAX:
        raise TooManyClausesError
    return [
        tuple(dict.fromkeys(literal for piece in choice for literal in piece))
        for choice in product(*parts)
    ]


def _bounded(clauses: list[tuple[_L, ...]]) -> list[tuple[_L, ...]]:
    if len(clauses) > CLAUSES_MAX:
        raise TooManyClausesError
    return list(dict.fromkeys(clauses))
