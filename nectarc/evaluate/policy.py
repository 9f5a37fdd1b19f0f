"""What a policy decides for a trace: short and obvious, the meaning of the language.

Owns: the reference evaluator of policies. Must not know: TOON, Refinery's rules, speed.
Truth: docs/language.md, sections 3 to 5; ../shared/reference/refinery-semantics.md, 2.2 and 2.3.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Final, assert_never

from nectarc.evaluate.patterns import compile_pattern
from nectarc.evaluate.values import (
    FALSE_TEXTS,
    MISSING,
    TRUE_TEXTS,
    ValueOrMissing,
    text_of,
    to_float,
)
from nectarc.ir.nodes import (
    Action,
    And,
    AnySpan,
    BoolTest,
    Constant,
    Deterministic,
    Drop,
    DynamicSampler,
    Exists,
    Field,
    HasRoot,
    IsRoot,
    Keep,
    Not,
    NumberIn,
    NumberOp,
    NumberTest,
    Or,
    Policy,
    RootTest,
    Sample,
    SpanAnd,
    SpanCount,
    SpanExpr,
    SpanNot,
    SpanOr,
    SpanTest,
    StringIn,
    StringOp,
    StringTest,
    Test,
    TraceExpr,
)
from nectarc.trace import Span, Trace

_NUMBER: Final[dict[NumberOp, Callable[[float, float], bool]]] = {
    NumberOp.EQ: operator.eq,
    NumberOp.NE: operator.ne,
    NumberOp.LT: operator.lt,
    NumberOp.LE: operator.le,
    NumberOp.GT: operator.gt,
    NumberOp.GE: operator.ge,
}


def decide(policy: Policy, trace: Trace) -> int:
    """Return the index of the rule that decides: the first whose match holds.

    INVARIANT (ir.Policy): one does. A list without a fallback answers len(policy.rules).
    """
    spans = trace.distinct_spans
    for index, rule in enumerate(policy.rules):
        if _holds(rule.match, trace, spans):
            return index
    return len(policy.rules)


def share(action: Action) -> tuple[Fraction, Fraction]:
    """Return bounds (low, high) of the probability with which the action keeps a trace.

    A dynamic sampler keeps some share above 0 that depends on the traffic: (0, 1), low excluded.
    """
    match action:
        case Keep():
            return (Fraction(1), Fraction(1))
        case Drop():
            return (Fraction(0), Fraction(0))
        case Sample() | Deterministic():
            return (Fraction(1, action.one_in), Fraction(1, action.one_in))
        case DynamicSampler():
            return (Fraction(0), Fraction(1))
        case _:
            assert_never(action)


def holds(expr: TraceExpr, trace: Trace) -> bool:
    """Say whether the expression is true of the trace."""
    return _holds(expr, trace, trace.distinct_spans)


def _holds(expr: TraceExpr, trace: Trace, spans: tuple[Span, ...]) -> bool:
    match expr:
        case AnySpan():
            return any(holds_on_span(expr.body, span, trace) for span in spans)
        case RootTest():
            return _holds_on_root(expr.test, trace)
        case HasRoot():
            return trace.root is not None
        case SpanCount():
            return _NUMBER[expr.op](len(trace.spans), expr.value)
        case Constant():
            return expr.value
        case Not():
            return not _holds(expr.operand, trace, spans)
        case And():
            return all(_holds(operand, trace, spans) for operand in expr.operands)
        case Or():
            return any(_holds(operand, trace, spans) for operand in expr.operands)
        case _:
            assert_never(expr)


def holds_on_span(expr: SpanExpr, span: Span, trace: Trace) -> bool:
    """Say whether the expression is true of one span of the trace."""
    match expr:
        case SpanTest():
            return test_holds(expr.test, read(expr.test.field, span))
        case RootTest():
            return _holds_on_root(expr.test, trace)
        case IsRoot():
            return span.is_root
        case Constant():
            return expr.value
        case SpanNot():
            return not holds_on_span(expr.operand, span, trace)
        case SpanAnd():
            return all(holds_on_span(operand, span, trace) for operand in expr.operands)
        case SpanOr():
            return any(holds_on_span(operand, span, trace) for operand in expr.operands)
        case _:
            assert_never(expr)


def read(field: Field, span: Span) -> ValueOrMissing:
    """Return the value of the first spelling that the span has, null included."""
    for name in field.spellings:
        if name in span.fields:
            return span.fields[name]
    return MISSING


def test_holds(test: Test, value: ValueOrMissing) -> bool:
    """Say whether the test is true of a value; of a missing one and of null only `exists` is."""
    if isinstance(test, Exists):
        return value is not MISSING
    if value is MISSING or value is None:
        return False
    match test:
        case NumberTest():
            number = to_float(value)
            return number is not None and _NUMBER[test.op](number, test.value)
        case NumberIn():
            number = to_float(value)
            # IEEE equality: NaN is in no list. (`in` would compare identities, too.)
            is_listed = any(number == one for one in test.values)
            return number is not None and is_listed != test.is_negated
        case StringTest():
            return _text_stands(text_of(value), test.op, test.value)
        case StringIn():
            return (text_of(value) in test.values) != test.is_negated
        case BoolTest():
            return (text_of(value) in (TRUE_TEXTS if test.value else FALSE_TEXTS)) != (
                test.is_negated
            )
        case _:
            assert_never(test)


def _holds_on_root(test: Test, trace: Trace) -> bool:
    root = trace.root
    return root is not None and test_holds(test, read(test.field, root))


def _text_stands(text: str, op: StringOp, literal: str) -> bool:
    left, right = _bytes(text), _bytes(literal)
    match op:
        case StringOp.EQ:
            return left == right
        case StringOp.NE:
            return left != right
        case StringOp.LT:
            return left < right
        case StringOp.LE:
            return left <= right
        case StringOp.GT:
            return left > right
        case StringOp.GE:
            return left >= right
        case StringOp.CONTAINS:
            return right in left
        case StringOp.NOT_CONTAINS:
            return right not in left
        case StringOp.STARTS_WITH:
            return left.startswith(right)
        case StringOp.ENDS_WITH:
            return left.endswith(right)
        case StringOp.MATCHES:
            return compile_pattern(literal).search(left) is not None
        case _:
            assert_never(op)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
