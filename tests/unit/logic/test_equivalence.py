"""Rules and policy compared for every trace: proven alike, or told apart by a small trace."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pytest

from nectarc.evaluate.assume import Assume
from nectarc.evaluate.policy import decide
from nectarc.evaluate.refinery_rules import Outcome, compile_target
from nectarc.ir.nodes import Policy
from nectarc.ir.text import parse_policy_text
from nectarc.logic import equivalence
from nectarc.logic.equivalence import NotProven, ProvenAlike, ProvenDifferent, prove_alike
from nectarc.logic.questions import Unknown
from nectarc.lowering.lower import lower
from nectarc.records import replace
from nectarc.refinery.lowered import AssumptionKind, Lowered
from nectarc.refinery.rules import Condition, DynamicConfig, EmptySampler, Rule, RulesConfig

STATUS: Final = "http.status[http.status|http.response.status_code]:int"
POLICY: Final = parse_policy_text(
    f"""
    policy "p"
    rule "errors" -> keep when any(number {STATUS} >= 500.0)
    rule "other" -> sample(1/10)
      when any(string service[service.name]:string != "web") && any(bool error:bool == true)
    rule "job" -> DynamicSampler(SampleRate: 9, FieldList: [name]) when !(has_root)
    rule "rest" -> drop when true
    """
)
SOLE: Final = parse_policy_text('policy "p"\nrule "all" -> deterministic(1/10) when true')


def _lowered(policy: Policy) -> Lowered:
    found = lower(policy, frozenset(AssumptionKind))
    assert isinstance(found, Lowered)
    return found


def _rules(lowered: Lowered) -> tuple[Rule, ...]:
    assert isinstance(lowered.sampler, RulesConfig)
    return tuple(rule for rule in lowered.sampler.rules if rule is not None)


def _changed(change: Callable[[tuple[Rule, ...]], tuple[Rule, ...]]) -> Lowered:
    lowered = _lowered(POLICY)
    return replace(lowered, sampler=RulesConfig(rules=change(_rules(lowered))))


@pytest.mark.parametrize("policy", [POLICY, SOLE], ids=["rules", "one sampler"])
def test_a_lowering_is_proven_alike(policy: Policy) -> None:
    assert prove_alike(policy, _lowered(policy)) == ProvenAlike()


def test_the_proof_needs_the_assumptions() -> None:
    lowered = _lowered(POLICY)
    assert lowered.assumptions

    found = prove_alike(POLICY, replace(lowered, assumptions=()))

    assert isinstance(found, ProvenDifferent)
    assert len(found.trace.spans) == 1


def _with_condition(rule: Rule, **changes: object) -> Rule:
    first, *others = rule.conditions or ()
    assert isinstance(first, Condition)
    return replace(rule, conditions=(replace(first, **changes), *others))


_MUTANTS: Final[dict[str, Callable[[tuple[Rule, ...]], tuple[Rule, ...]]]] = {
    "literal": lambda rules: (_with_condition(rules[0], value=501.0), *rules[1:]),
    "operator": lambda rules: (_with_condition(rules[0], operator=">"), *rules[1:]),
    "datatype": lambda rules: (_with_condition(rules[0], datatype="string"), *rules[1:]),
    "a name less": lambda rules: (
        _with_condition(rules[0], fields=(), field="http.status"),
        *rules[1:],
    ),
    "rate": lambda rules: (rules[0], replace(rules[1], sample_rate=11), *rules[2:]),
    "dropped": lambda rules: (replace(rules[0], drop=True), *rules[1:]),
    "scope": lambda rules: (rules[0], replace(rules[1], scope="span"), *rules[2:]),
    "a condition less": lambda rules: (
        rules[0],
        replace(rules[1], conditions=(rules[1].conditions or ())[:1]),
        *rules[2:],
    ),
    "sampler's key": lambda rules: tuple(
        replace(rule, sampler=replace(rule.sampler, field_list=("other",)))
        if isinstance(rule.sampler, DynamicConfig)
        else rule
        for rule in rules
    ),
    "order": lambda rules: (rules[1], rules[0], *rules[2:]),
}


@pytest.mark.parametrize("name", _MUTANTS)
def test_a_changed_lowering_is_told_apart_by_a_small_trace(name: str) -> None:
    changed = _changed(_MUTANTS[name])

    found = prove_alike(POLICY, changed)

    assert isinstance(found, ProvenDifferent)
    assert Assume.of(changed.assumptions).allows_trace(found.trace)
    assert POLICY.rules[decide(POLICY, found.trace)].name == found.policy_rule
    outcome = compile_target(changed.sampler)(found.trace)
    assert isinstance(outcome, Outcome)
    named = "" if outcome.rule is None else _rules(changed)[outcome.rule].name
    assert named == found.refinery_rule
    assert len(found.trace.spans) <= 2


def test_a_change_that_makes_no_difference_is_proven_alike() -> None:
    def change(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        return (_with_condition(rules[0], value=499.5, operator=">"), *rules[1:])

    # Fields of type int may hold float64 as well: 499.7 is told apart.
    found = prove_alike(POLICY, _changed(change))

    def again(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        first = rules[0]
        return (replace(first, conditions=(first.conditions or ()) * 2), *rules[1:])

    assert isinstance(found, ProvenDifferent)
    assert prove_alike(POLICY, _changed(again)) == ProvenAlike()


def test_rules_that_end_the_process_prove_nothing() -> None:
    found = prove_alike(SOLE, replace(_lowered(SOLE), sampler=EmptySampler()))

    assert isinstance(found, NotProven)
    assert found.reason.startswith("the rules decide nothing: ")


def test_a_search_that_gives_up_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(equivalence, "differ", lambda *_: Unknown("too many states"))

    assert prove_alike(POLICY, _lowered(POLICY)) == NotProven("too many states")
