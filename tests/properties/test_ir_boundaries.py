"""Boundary traces: deterministic, within the assumptions, and able to tell policies apart."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nectarc.evaluate.assume import Assume
from nectarc.evaluate.boundaries import boundary_traces, plan_boundaries
from nectarc.evaluate.policy import decide, holds
from nectarc.ir.nodes import Policy
from nectarc.ir.text import parse_expr, parse_policy_text
from nectarc.trace import ROOT_FIELD, Trace
from tests.ir_strategies import policies
from tests.trace_strategies import traces_for

SEED = """
policy "production-sampling"
rule "keep-errors" -> keep
  when any(number http.status[http.status|http.response.status_code]:int >= 500.0)
rule "keep-slow" -> keep when any(number duration[duration_ms]:duration_ms > 5000.0)
rule "sample-rest" -> sample(1/100) when true
"""


@settings(max_examples=30)
@given(policies(), st.integers(0, 3))
def test_equal_arguments_give_equal_traces(policy: Policy, seed: int) -> None:
    first = [repr(trace) for trace in boundary_traces(policy, limit=60, seed=seed)]

    assert first == [repr(trace) for trace in boundary_traces(policy, limit=60, seed=seed)]


@settings(max_examples=30)
@given(policies())
def test_the_limit_is_the_number_of_traces(policy: Policy) -> None:
    found = list(boundary_traces(policy, limit=120))

    assert len(found) == 120
    assert len({trace.trace_id for trace in found}) == 120


@settings(max_examples=30)
@given(policies())
def test_no_value_breaks_the_assumptions(policy: Policy) -> None:
    assume = Assume.usual(rule.match for rule in policy.rules)

    assert all(map(assume.allows_trace, boundary_traces(policy, assume=assume, limit=150)))


@settings(max_examples=30)
@given(policies())
def test_spans_without_a_parent_say_so(policy: Policy) -> None:
    for trace in boundary_traces(policy, limit=100):
        for span in trace.spans:
            assert span.fields.get(ROOT_FIELD, False) is span.is_root


@given(st.data())
def test_drawn_traces_meet_the_assumptions(data: st.DataObject) -> None:
    policy = parse_policy_text(SEED)
    assume = Assume.usual(rule.match for rule in policy.rules)

    assert assume.allows_trace(data.draw(traces_for(policy, assume=assume)))


# Each pair differs only where the comment says; a set of traces that misses it proves nothing.
@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("any(number s >= 500.0)", "any(number s > 500.0)"),
        ("any(number s > 0.35)", "any(number s > 0.35000000000000003)"),
        ("any(number s != 500.0)", "!any(number s == 500.0) && any(exists s)"),
        ('any(string s == "a")', 'any(string s starts_with "a")'),
        ('any(string s contains "a")', 'any(string s ends_with "a")'),
        ('any(string s matches "^a[0-9]+$")', 'any(string s matches "^a[0-9]+")'),
        ('any(string s != "a")', 'any(!string s == "a")'),
        ("any(bool s == true)", "any(bool s != false)"),
        ("any(bool a == true && bool b == true)", "any(bool a == true) && any(bool b == true)"),
        ("any(number s[s|t] >= 5.0)", "any(number s >= 5.0 || number t >= 5.0)"),
        ("any(number s[s|t] >= 5.0)", "any(number s[t|s] >= 5.0)"),
        ("root bool s == true", "any(bool s == true && is_root)"),
        ("root bool s == true", "any(bool s == true)"),
        ("span_count > 20", "span_count >= 20"),
        ("any(exists a) && span_count > 20", "any(exists a) || span_count > 20"),
        ("has_root", "any(exists meta.refinery.root)"),
        ("any(number s >= 500.0)", 'any(string s >= "500")'),
    ],
)
def test_close_expressions_are_told_apart(left: str, right: str) -> None:
    exprs = (parse_expr(left), parse_expr(right))

    found = boundary_traces(exprs, limit=400)

    assert any(holds(exprs[0], trace) != holds(exprs[1], trace) for trace in found)


def test_the_seed_policy_is_covered_exhaustively_within_four_hundred() -> None:
    plan = plan_boundaries(parse_policy_text(SEED))

    assert plan.span_classes == 4
    assert plan.is_exhaustive(400)
    assert plan.skipped == ()


def test_every_rule_of_the_seed_policy_decides_some_boundary_trace() -> None:
    policy = parse_policy_text(SEED)

    assert {decide(policy, trace) for trace in boundary_traces(policy, limit=100)} == {0, 1, 2}


def test_a_test_that_no_value_passes_is_named() -> None:
    plan = plan_boundaries([parse_expr('any(string s matches "a\\\\bb")')])

    assert plan.skipped == ('no value found that makes `string s matches "a\\\\bb"` true',)


def test_huge_span_counts_are_named_not_built() -> None:
    plan = plan_boundaries([parse_expr("span_count > 1000000")])

    assert plan.skipped == ("no trace of 1000000 spans",)
    assert max(len(trace.spans) for trace in plan.traces(200)) < 10


def _spans(trace: Trace) -> int:
    return len(trace.spans)


def test_counts_stand_on_both_sides_of_a_threshold() -> None:
    found = boundary_traces([parse_expr("span_count > 20")], limit=60)

    assert {19, 20, 21} <= set(map(_spans, found))
