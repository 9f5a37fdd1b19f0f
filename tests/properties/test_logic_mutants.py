"""Wrong compilers are caught: one change in the rules is refuted with a trace, or means nothing."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import assume as only_if
from hypothesis import given
from hypothesis import strategies as st

from nectarc.evaluate.assume import Assume
from nectarc.evaluate.boundaries import boundary_traces
from nectarc.ir.nodes import Policy
from nectarc.logic.decision_list import DecisionList, list_of_policy, list_of_rules
from nectarc.logic.questions import (
    Difference,
    Impossible,
    Prover,
    Unknown,
    alike_by_effect,
    differ,
)
from nectarc.logic.universe import universe_of
from nectarc.lowering.lower import lower
from nectarc.refinery.lowered import AssumptionKind, Lowered
from nectarc.refinery.rules import RulesConfig
from nectarc.semantics.check import check
from tests.ir_strategies import policies
from tests.policy_trees import policy_tree
from tests.rules_mutants import mutate
from tests.shared_data import read_vectors, requires_shared

ALL = frozenset(AssumptionKind)
MUTANTS = 8
MUTANTS_LONG = 60
TRACES = 1_000
TRACES_LONG = 5_000


def _verdict(policy: Policy, rules: RulesConfig, assume: Assume, traces: int) -> str:
    """Say whether the rules do as the policy; a verdict "equal" must survive boundary traces."""
    own = list_of_policy(policy)
    its = list_of_rules(rules, "rules")
    assert isinstance(its, DecisionList)
    alike = alike_by_effect(own, its)

    found = differ(Prover((own, its), (), universe_of(assume)), 0, 1, alike)

    assert not isinstance(found, Unknown), found
    if isinstance(found, Difference):
        # Replayed by the plain evaluators already; once more, by what is compared here.
        assert own.decide(found.trace) == found.left
        assert its.decide(found.trace) == found.right
        assert not alike(found.left, found.right)
        return "refuted"
    assert isinstance(found, Impossible)
    for trace in boundary_traces(policy, rules, assume=assume, limit=traces):
        assert alike(own.decide(trace), its.decide(trace)), trace
    return "equal"


def _over_vectors(mutants: int, traces: int) -> Counter[tuple[str, str]]:
    verdicts = Counter[tuple[str, str]]()
    for record in read_vectors("policies.jsonl"):
        policy, _ = check(policy_tree(record["policy"], record["name"]))
        assert policy is not None
        lowered = lower(policy, ALL)
        if not isinstance(lowered, Lowered) or not isinstance(lowered.sampler, RulesConfig):
            continue
        assume = Assume.of(lowered.assumptions)
        assert _verdict(policy, lowered.sampler, assume, 0) == "equal"
        random = Random(record["name"])
        for _ in range(mutants):
            change, mutant = mutate(random, lowered.sampler)
            verdicts[change, _verdict(policy, mutant, assume, traces)] += 1
    return verdicts


@requires_shared
def test_changed_rules_of_the_vectors_are_refuted_or_mean_the_same() -> None:
    verdicts = _over_vectors(MUTANTS, TRACES)

    refuted = sum(count for (_, verdict), count in verdicts.items() if verdict == "refuted")
    assert refuted > verdicts.total() // 2, verdicts
    assert {change for change, verdict in verdicts if verdict == "refuted"} >= {
        *("order", "dropped rule", "action", "scope", "dropped condition"),
        *("operator", "datatype", "literal", "field"),
    }


@requires_shared
@pytest.mark.fuzz
def test_many_changed_rules_of_the_vectors_are_refuted_or_mean_the_same() -> None:
    assert _over_vectors(MUTANTS_LONG, TRACES_LONG)


@given(policies(rules_max=4), st.integers(0, 2**32))
def test_changed_rules_of_any_policy_are_refuted_or_mean_the_same(
    policy: Policy, seed: int
) -> None:
    lowered = lower(policy, ALL if seed % 2 else frozenset())
    only_if(isinstance(lowered, Lowered))
    assert isinstance(lowered, Lowered)
    only_if(isinstance(lowered.sampler, RulesConfig) and lowered.sampler.rules != ())
    assert isinstance(lowered.sampler, RulesConfig)
    assume = Assume.of(lowered.assumptions)

    assert _verdict(policy, lowered.sampler, assume, 100) == "equal"
    _, mutant = mutate(Random(seed), lowered.sampler)
    _verdict(policy, mutant, assume, 300)
