"""`f == 'a' || f == 'b'` becomes `f in ['a', 'b']`: one rule instead of two.

Needs before it: nothing. Keeps: the meaning (docs/language.md, section 3, "Meaning").
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from nectarc.ir import nodes
from nectarc.ir.nodes import (
    NumberIn,
    NumberOp,
    NumberTest,
    SpanExpr,
    StringIn,
    StringOp,
    StringTest,
    Test,
    TraceExpr,
)

_Expr = TypeVar("_Expr", SpanExpr, TraceExpr)


def merge_equalities(match: TraceExpr) -> TraceExpr:
    """Merge equality tests on one field that stand in one disjunction, wherever that is."""
    match match:
        case nodes.Not(operand, source):
            return nodes.Not(merge_equalities(operand), source)
        case nodes.And(operands, source):
            return nodes.And(tuple(merge_equalities(one) for one in operands), source)
        case nodes.Or(operands, source):
            inner = [merge_equalities(one) for one in operands]
            merged = _merged(inner, _trace_test, _with_trace_test)
            return merged[0] if len(merged) == 1 else nodes.Or(tuple(merged), source)
        case nodes.AnySpan(body, source):
            return nodes.AnySpan(_merge_span(body), source)
        case _:
            return match


def _merge_span(body: SpanExpr) -> SpanExpr:
    match body:
        case nodes.SpanNot(operand, source):
            return nodes.SpanNot(_merge_span(operand), source)
        case nodes.SpanAnd(operands, source):
            return nodes.SpanAnd(tuple(_merge_span(one) for one in operands), source)
        case nodes.SpanOr(operands, source):
            inner = [_merge_span(one) for one in operands]
            merged = _merged(inner, _span_test, _with_span_test)
            return merged[0] if len(merged) == 1 else nodes.SpanOr(tuple(merged), source)
        case _:
            return body


def _merged(
    operands: Sequence[_Expr],
    test_of: Callable[[_Expr], tuple[str, Test] | None],
    with_test: Callable[[_Expr, Test], _Expr],
) -> list[_Expr]:
    """Put later equality tests into the first one of their kind, level and field."""
    result: list[_Expr] = []
    places: dict[tuple[object, ...], int] = {}
    for operand in operands:
        found = test_of(operand)
        values = None if found is None else _values(found[1])
        if found is None or values is None:
            result.append(operand)
            continue
        level, test = found
        key = (level, test.field, isinstance(test, StringTest | StringIn))
        if key not in places:
            places[key] = len(result)
            result.append(operand)
            continue
        first = test_of(result[places[key]])
        assert first is not None
        union = _union(first[1], test)
        result[places[key]] = with_test(result[places[key]], union)
    return result


def _values(test: Test) -> tuple[str, ...] | tuple[float, ...] | None:
    match test:
        case StringTest(_, StringOp.EQ, value):
            return (value,)
        case NumberTest(_, NumberOp.EQ, number):
            return (number,)
        case StringIn(_, texts, False):
            return texts
        case NumberIn(_, numbers, False):
            return numbers
        case _:
            return None


def _union(first: Test, second: Test) -> Test:
    values = [*_listed(first), *_listed(second)]
    texts = tuple(dict.fromkeys(value for value in values if isinstance(value, str)))
    if texts:
        return StringIn(first.field, texts, is_negated=False)
    numbers = dict.fromkeys(value for value in values if isinstance(value, float))
    return NumberIn(first.field, tuple(numbers), is_negated=False)


def _listed(test: Test) -> Iterable[str | float]:
    return _values(test) or ()


def _trace_test(expr: TraceExpr) -> tuple[str, Test] | None:
    match expr:
        case nodes.RootTest(test):
            return ("root", test)
        case nodes.AnySpan(nodes.SpanTest(test)):
            return ("any", test)
        case _:
            return None


def _with_trace_test(expr: TraceExpr, test: Test) -> TraceExpr:
    if isinstance(expr, nodes.RootTest):
        return nodes.RootTest(test, expr.source)
    return nodes.AnySpan(nodes.SpanTest(test))


def _span_test(expr: SpanExpr) -> tuple[str, Test] | None:
    match expr:
        case nodes.RootTest(test):
            return ("root", test)
        case nodes.SpanTest(test):
            return ("span", test)
        case _:
            return None


def _with_span_test(expr: SpanExpr, test: Test) -> SpanExpr:
    if isinstance(expr, nodes.RootTest):
        return nodes.RootTest(test, expr.source)
    return nodes.SpanTest(test)
