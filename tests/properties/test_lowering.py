"""Policy against rules on random and adversarial traces: never a difference."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import Final

import pytest
from hypothesis import HealthCheck, given, note, seed, settings
from hypothesis import strategies as st

from nectarc.evaluate.assume import Assume
from nectarc.evaluate.boundaries import boundary_traces
from nectarc.evaluate.policy import decide
from nectarc.evaluate.refinery_rules import Outcome, compile_target
from nectarc.ir.nodes import Policy
from nectarc.lowering.lower import lower
from nectarc.refinery.emit import emit_rules
from nectarc.refinery.loader import load_rules
from nectarc.refinery.lowered import AssumptionKind, Lowered
from nectarc.refinery.rules import DeterministicConfig, RulesFile
from nectarc.trace import Trace
from tests import ir_strategies, trace_strategies

USUAL: Final = frozenset(AssumptionKind)
STRICT: Final[frozenset[AssumptionKind]] = frozenset()
POLICIES: Final = ir_strategies.policies(
    ir_strategies.trace_exprs(ir_strategies.any_test(ir_strategies.fields(has_strange=False))),
    ir_strategies.actions(has_dynamic=False),
)
QUICK: Final = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
LONG: Final = settings(QUICK, max_examples=3000)


def _compare(policy: Policy, lowered: Lowered, traces: Iterable[Trace]) -> int:
    if isinstance(lowered.sampler, DeterministicConfig):
        return 0
    decide_rules = compile_target(lowered.sampler)
    assume = Assume.of(lowered.assumptions)
    compared = 0
    for trace in traces:
        if not assume.allows_trace(trace):
            continue
        outcome = decide_rules(trace)
        assert isinstance(outcome, Outcome)
        actual = None if outcome.rule is None else lowered.origins[outcome.rule].rule
        assert actual == policy.rules[decide(policy, trace)].name, trace
        compared += 1
    return compared


def _run(policy: Policy, traces: list[Trace], allowed: frozenset[AssumptionKind]) -> int:
    lowered = lower(policy, allowed)
    if not isinstance(lowered, Lowered):
        return 0
    note(emit_rules(RulesFile(samplers={"__default__": lowered.sampler})))
    around = boundary_traces(policy, lowered.sampler, limit=40)
    return _compare(policy, lowered, (*traces, *around))


@given(st.data(), st.sampled_from((USUAL, STRICT)))
@QUICK
def test_rules_decide_what_the_policy_decides(
    data: st.DataObject, allowed: frozenset[AssumptionKind]
) -> None:
    policy = data.draw(POLICIES)
    traces = data.draw(st.lists(trace_strategies.traces_for(policy), min_size=4, max_size=8))

    _run(policy, traces, allowed)


def test_the_ordinary_comparison_is_of_thousands_of_traces() -> None:
    compared = refused = 0

    @seed(20261122)
    @settings(QUICK, max_examples=80, database=None)
    @given(POLICIES)
    def compare(policy: Policy) -> None:
        nonlocal compared, refused
        done = _run(policy, [], USUAL)
        compared += done
        refused += done == 0

    compare()

    assert compared >= 2000, (compared, refused)


@pytest.mark.fuzz
def test_a_hundred_thousand_comparisons_find_no_difference() -> None:
    compared = refused = policies = 0

    @seed(int(os.environ.get("NECTARC_SEED", "0")))
    @settings(LONG, database=None)
    @given(st.data(), st.sampled_from((USUAL, STRICT)))
    def compare(data: st.DataObject, allowed: frozenset[AssumptionKind]) -> None:
        nonlocal compared, refused, policies
        policy = data.draw(POLICIES)
        traces = data.draw(st.lists(trace_strategies.traces_for(policy), min_size=8, max_size=8))
        done = _run(policy, traces, allowed)
        compared += done
        refused += done == 0
        policies += 1

    compare()

    told = f"{compared} comparisons on {policies} policies, {refused} of them refused\n"
    sys.stderr.write(told)
    assert compared >= 100_000, (compared, refused)


@given(POLICIES)
@QUICK
def test_emitted_rules_load_as_they_were_lowered(policy: Policy) -> None:
    lowered = lower(policy, USUAL)
    if not isinstance(lowered, Lowered):
        return
    file = RulesFile(samplers={"__default__": lowered.sampler})

    loaded = load_rules(emit_rules(file), file="rules.yaml")

    assert loaded.is_accepted, loaded.errors
    assert loaded.rules == file
    assert loaded.first_decision == {"__default__": "decides"}
