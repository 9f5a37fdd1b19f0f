"""Policies and rules as decision lists: what happens, and when two things are the same."""

from __future__ import annotations

from fractions import Fraction

import pytest

from nectarc.ir.nodes import Action, Deterministic, Drop, DynamicSampler, Keep, Sample
from nectarc.logic.decision_list import (
    DecisionList,
    Refused,
    effect_of_action,
    effect_of_rule,
    list_of_rules,
)
from nectarc.refinery.rules import (
    Condition,
    DeterministicConfig,
    DynamicConfig,
    EmptySampler,
    Rule,
    RulesConfig,
)
from nectarc.trace import Span, Trace

EMA = DynamicSampler("EMADynamicSampler", (("GoalSampleRate", 5),), ("b", "a"))
SAME_EMA = DynamicConfig(
    kind="EMADynamicSampler",
    parameters=(("MaxKeys", 0), ("GoalSampleRate", 5)),
    field_list=("a", "b"),
)


@pytest.mark.parametrize(
    ("action", "rule"),
    [
        (Keep(), Rule(sample_rate=1)),
        (Drop(), Rule(drop=True, sample_rate=7)),
        (Drop(), Rule(sample_rate=-1)),
        (Sample(7), Rule(sample_rate=7)),
        (Deterministic(7), Rule(sampler=DeterministicConfig(sample_rate=7), drop=True)),
        (Keep(), Rule(sampler=DeterministicConfig(sample_rate=1))),
        (EMA, Rule(sampler=SAME_EMA)),
    ],
)
def test_an_action_is_the_same_as_the_rule_that_does_it(action: Action, rule: Rule) -> None:
    assert effect_of_action(action) == effect_of_rule(rule)


@pytest.mark.parametrize(
    "rule",
    [
        Rule(sample_rate=8),
        Rule(sampler=DeterministicConfig(sample_rate=7)),
        Rule(sampler=DynamicConfig(kind="EMADynamicSampler", parameters=(("GoalSampleRate", 7),))),
        Rule(drop=True, sample_rate=7),
    ],
)
def test_another_sampler_or_rate_is_another_effect(rule: Rule) -> None:
    assert effect_of_action(Sample(7)).identity != effect_of_rule(rule).identity


def test_a_dynamic_sampler_keeps_some_share() -> None:
    effect = effect_of_action(EMA)

    assert (effect.low, effect.high) == (Fraction(0), Fraction(1))


def test_a_sampler_that_ends_the_process_keeps_nothing() -> None:
    throughput = DynamicConfig(
        kind="EMAThroughputSampler", parameters=(("AdjustmentInterval", "1us"),)
    )

    effect = effect_of_rule(Rule(sampler=throughput))

    assert effect.high == 0
    assert effect.identity.startswith("the process ends")


def test_rules_that_end_the_process_at_once_are_refused() -> None:
    null = RulesConfig(rules=(None,))

    assert isinstance(list_of_rules(EmptySampler(), "t"), Refused)
    assert list_of_rules(null, "t") == Refused(
        "the process ends at the first trace: an empty entry in `Rules`"
    )


def test_a_sampler_without_rules_is_its_default() -> None:
    made = list_of_rules(DeterministicConfig(sample_rate=4), "t")

    assert isinstance(made, DecisionList)
    assert made.entries == ()
    assert made.default == effect_of_action(Deterministic(4))
    assert made.decide(Trace("t", (Span({}),))) is None


def test_nested_fields_are_read_flat_and_said_to_be() -> None:
    rule = Rule(conditions=(Condition(field="a.b", operator="exists"),))
    made = list_of_rules(RulesConfig(rules=(rule,), check_nested_fields=True), "t")

    assert isinstance(made, DecisionList)
    assert made.assumes_flat
    assert made.decide(Trace("t", (Span({"a.b": 1}),))) == 0
    assert made.decide(Trace("t", (Span({"a": {"b": 1}}),))) is None
