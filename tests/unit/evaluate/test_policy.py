"""The plain policy evaluator on the values that tell its rules apart."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

from nectarc.evaluate.policy import decide, holds, share, test_holds
from nectarc.evaluate.values import MISSING, ValueOrMissing
from nectarc.ir.nodes import (
    Action,
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
    NumberIn,
    NumberOp,
    NumberTest,
    Policy,
    RootTest,
    Rule,
    Sample,
    SpanCount,
    SpanTest,
    StringIn,
    StringOp,
    StringTest,
    Test,
    TraceExpr,
)
from nectarc.trace import Fields, Float32, Span, Trace, Uint64

test_holds.__test__ = False  # type: ignore[attr-defined] # pytest would collect it by its name

F = Field(("f",), "f")


def number(op: NumberOp, value: float) -> Test:
    return NumberTest(F, op, value)


def string(op: StringOp, value: str) -> Test:
    return StringTest(F, op, value)


@pytest.mark.parametrize(
    ("test", "value", "expected"),
    [
        (number(NumberOp.GE, 500), 500, True),
        (number(NumberOp.GE, 500), 499.9, False),
        (number(NumberOp.EQ, 500), "500", True),
        (number(NumberOp.EQ, 500), "5e2", True),
        (number(NumberOp.EQ, 16), "0x1p4", True),
        (number(NumberOp.EQ, 500), " 500", False),
        (number(NumberOp.NE, 500), " 500", False),
        (number(NumberOp.NE, 500), True, False),
        (number(NumberOp.NE, 500), Uint64(7), False),
        (number(NumberOp.NE, 500), Float32(7.5), False),
        (number(NumberOp.NE, 500), None, False),
        (number(NumberOp.NE, 500), MISSING, False),
        (number(NumberOp.NE, 500), math.nan, True),
        (number(NumberOp.EQ, 500), math.nan, False),
        (number(NumberOp.GE, 500), math.nan, False),
        (number(NumberOp.LT, 500), "nan", False),
        (number(NumberOp.EQ, 0), -0.0, True),
        (number(NumberOp.GT, 500), math.inf, True),
        (NumberIn(F, (1.0, 2.0), False), 2, True),
        (NumberIn(F, (1.0, 2.0), True), 3, True),
        (NumberIn(F, (1.0, 2.0), True), "x", False),
        (NumberIn(F, (1.0, 2.0), True), None, False),
        (NumberIn(F, (1.0, 2.0), True), math.nan, True),
        (NumberIn(F, (1.0, 2.0), False), math.nan, False),
        (string(StringOp.EQ, "500"), 500, True),
        (string(StringOp.EQ, "1e+06"), 1e6, True),
        (string(StringOp.EQ, "true"), True, True),
        (string(StringOp.EQ, "7"), Uint64(7), True),
        (string(StringOp.EQ, "<nil>"), None, False),
        (string(StringOp.NE, "x"), None, False),
        (string(StringOp.NE, "x"), MISSING, False),
        (string(StringOp.NOT_CONTAINS, "x"), MISSING, False),
        (string(StringOp.NOT_CONTAINS, "x"), "yy", True),
        (string(StringOp.LT, "\ufffd"), "\U00010000", False),
        (string(StringOp.LT, "b"), "a", True),
        (string(StringOp.GE, "b"), "b", True),
        (string(StringOp.ENDS_WITH, ".dlq"), "a.dlq", True),
        (string(StringOp.MATCHES, "[0-9]+$"), "canary.7", True),
        (string(StringOp.MATCHES, "^[0-9]+$"), 5, True),
        (string(StringOp.MATCHES, "."), MISSING, False),
        (StringIn(F, ("1", "a"), False), 1, True),
        (StringIn(F, ("1", "a"), True), 2, True),
        (StringIn(F, ("1", "a"), True), None, False),
        (BoolTest(F, True, False), "T", True),
        (BoolTest(F, True, False), 1, True),
        (BoolTest(F, True, False), "tRUE", False),
        (BoolTest(F, False, False), "no", False),
        (BoolTest(F, False, False), 0.0, True),
        (BoolTest(F, False, True), "no", True),
        (BoolTest(F, True, True), None, False),
        (Exists(F), None, True),
        (Exists(F), MISSING, False),
    ],
)
def test_a_test_holds_of_a_value(test: Test, value: ValueOrMissing, expected: bool) -> None:  # noqa: FBT001
    assert test_holds(test, value) is expected


def trace(*spans: Fields, roots: tuple[int, ...] = ()) -> Trace:
    return Trace("t", tuple(Span(fields, i in roots) for i, fields in enumerate(spans)))


ONE = number(NumberOp.EQ, 1)


@pytest.mark.parametrize(
    ("expr", "subject", "expected"),
    [
        (RootTest(ONE), trace({"f": 1}, {"f": 2}, roots=(0, 1)), False),
        (RootTest(ONE), trace({"f": 2}, {"f": 1}, {"f": 2}, roots=(0, 1)), True),
        (RootTest(ONE), trace({"f": 1}), False),
        (HasRoot(), trace({}), False),
        (HasRoot(), trace({}, {}, roots=(0,)), True),
        (AnySpan(IsRoot()), trace({}, {}, roots=(0,)), True),
        (SpanCount(NumberOp.EQ, 2), trace({}, {}), True),
        (SpanCount(NumberOp.GT, 2), trace({}, {}), False),
        (AnySpan(SpanTest(ONE)), trace({}, {"f": 1}), True),
        (AnySpan(RootTest(ONE)), trace({}, {"f": 1}, roots=(1,)), True),
    ],
)
def test_an_expression_holds_of_a_trace(
    expr: TraceExpr,
    subject: Trace,
    expected: bool,  # noqa: FBT001
) -> None:
    assert holds(expr, subject) is expected


def test_first_spelling_that_is_present_is_read_null_included() -> None:
    both = AnySpan(SpanTest(NumberTest(Field(("a", "b"), ""), NumberOp.EQ, 1)))

    assert holds(both, trace({"b": 1}))
    assert not holds(both, trace({"a": None, "b": 1}))
    assert not holds(both, trace({"a": 2, "b": 1}))


def test_first_rule_that_matches_decides() -> None:
    policy = Policy(
        name="p",
        rules=(
            Rule(name="roots", match=HasRoot(), action=Keep()),
            Rule(name="ones", match=AnySpan(SpanTest(ONE)), action=Drop()),
            Rule(name="rest", match=Constant(True), action=Sample(2)),
        ),
    )

    assert decide(policy, trace({"f": 1}, roots=(0,))) == 0
    assert decide(policy, trace({"f": 1})) == 1
    assert decide(policy, trace({})) == 2


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        (Keep(), (1, 1)),
        (Drop(), (0, 0)),
        (Sample(4), (Fraction(1, 4), Fraction(1, 4))),
        (Deterministic(2), (Fraction(1, 2), Fraction(1, 2))),
        (DynamicSampler("DynamicSampler", (("SampleRate", 5),), ("a",)), (0, 1)),
    ],
)
def test_share_of_an_action(action: Action, expected: tuple[Fraction, Fraction]) -> None:
    assert share(action) == expected
