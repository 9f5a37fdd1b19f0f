"""Every invariant of the IR has something that breaks it."""

from __future__ import annotations

import math
from typing import cast

import pytest

from nectarc.diagnostic import InternalError
from nectarc.ir.nodes import (
    Action,
    And,
    AnySpan,
    BoolTest,
    Constant,
    DynamicSampler,
    Exists,
    Field,
    FieldType,
    HasRoot,
    Keep,
    NumberIn,
    NumberOp,
    NumberTest,
    Policy,
    RootTest,
    Rule,
    Sample,
    SpanExpr,
    SpanOr,
    SpanTest,
    StringIn,
    StringOp,
    StringTest,
    Test,
    TraceExpr,
)
from nectarc.ir.verify import verify_policy

STATUS = Field(("http.status",), "http.status", FieldType.INT)
NAME = Field(("name",), "name", FieldType.STRING)
FREE = Field(("x",), "x")


def _policy(match: TraceExpr = Constant(True), action: Action = Keep()) -> Policy:  # noqa: B008 (frozen)
    return Policy(
        name="p",
        rules=(
            Rule(name="a", match=match, action=action),
            Rule(name="rest", match=Constant(True), action=Keep()),
        ),
    )


def _any(test: Test) -> TraceExpr:
    return AnySpan(SpanTest(test))


@pytest.mark.parametrize(
    ("match", "fact"),
    [
        (And((HasRoot(),)), "And has 1 operands"),
        (AnySpan(SpanOr(())), "SpanOr has 0 operands"),
        (cast("TraceExpr", SpanTest(Exists(NAME))), "SpanTest stands at the level of the trace"),
        (AnySpan(cast("SpanExpr", HasRoot())), "HasRoot stands inside `any`"),
        (_any(NumberTest(STATUS, NumberOp.GE, math.nan)), "no finite float"),
        (_any(NumberIn(STATUS, (1.0, math.inf), is_negated=False)), "no finite float"),
        (_any(NumberTest(STATUS, NumberOp.GE, 500)), "no finite float"),
        (_any(NumberIn(STATUS, (), is_negated=False)), "a list without members"),
        (RootTest(StringIn(NAME, (), is_negated=True)), "a list without members"),
        (_any(NumberTest(NAME, NumberOp.GE, 5.0)), "a field of type string has the test"),
        (_any(StringTest(STATUS, StringOp.EQ, "5")), "a field of type int has the test"),
        (_any(BoolTest(NAME, value=True, is_negated=False)), "a field of type string has"),
        (_any(Exists(Field((), "none"))), "a field has no spellings"),
        (_any(Exists(Field(("",), "blank"))), "a spelling is empty"),
        (_any(Exists(Field(("a", "a"), "a"))), "a spelling stands twice"),
        (_any(StringTest(FREE, StringOp.EQ, "\ud800")), "no Unicode text"),
    ],
)
def test_a_broken_match_is_named(match: TraceExpr, fact: str) -> None:
    with pytest.raises(InternalError, match=fact):
        verify_policy(_policy(match))


@pytest.mark.parametrize(
    ("action", "fact"),
    [
        (Sample(0), "one in 0 is kept"),
        (DynamicSampler("Magic", (), ("a",)), "no sampler is called 'Magic'"),
        (DynamicSampler("DynamicSampler", (), ("",)), "a key field has no name"),
        (DynamicSampler("DynamicSampler", (("A", 1), ("A", 2)), ("a",)), "set twice"),
        (DynamicSampler("DynamicSampler", (("Weight", math.nan),), ("a",)), "Weight is nan"),
    ],
)
def test_a_broken_action_is_named(action: Action, fact: str) -> None:
    with pytest.raises(InternalError, match=fact):
        verify_policy(_policy(action=action))


def test_two_rules_of_one_name_are_named() -> None:
    rule = Rule(name="a", match=Constant(True), action=Keep())

    with pytest.raises(InternalError, match="two rules are called 'a'"):
        verify_policy(Policy(name="p", rules=(rule, rule)))


def test_a_policy_without_a_fallback_is_named() -> None:
    rule = Rule(name="a", match=HasRoot(), action=Keep())

    with pytest.raises(InternalError, match="no rule matches every trace"):
        verify_policy(Policy(name="p", rules=(rule,)))


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(InternalError, match=r"1 operands.*one in 0"):
        verify_policy(_policy(And((HasRoot(),)), Sample(0)))
