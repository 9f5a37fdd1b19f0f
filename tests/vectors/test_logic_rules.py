"""Formulas of Refinery's rules on the shared vectors and files, and questions about all of them."""

from __future__ import annotations

from itertools import islice

import pytest

from nectarc.corpus.typed_trace import decode_trace, decode_value
from nectarc.evaluate.assume import Assume
from nectarc.evaluate.refinery_rules import select_target
from nectarc.logic.decision_list import (
    DecisionList,
    Refused,
    list_of_policy,
    list_of_rules,
)
from nectarc.logic.formula import SomeSpan, formula_holds
from nectarc.logic.questions import (
    Difference,
    Found,
    Impossible,
    Prover,
    Unknown,
    alike_by_effect,
    alike_by_label,
    all_differences,
    differ,
)
from nectarc.logic.rules_formula import formula_of_condition
from nectarc.logic.universe import Universe, universe_of
from nectarc.lowering.lower import lower
from nectarc.refinery.loader import load_rules
from nectarc.refinery.lowered import AssumptionKind, Lowered
from nectarc.refinery.rules import Condition, RulesConfig, RulesFile, TargetSampler
from nectarc.semantics.check import check
from nectarc.trace import ROOT_FIELD, Span, Trace
from tests.policy_trees import policy_tree
from tests.rules_files import shared_rules
from tests.shared_data import SHARED, read_vectors, requires_shared

_CHUNKS = 6
_HEAD = (
    "RulesVersion: 2\nSamplers:\n  __default__:\n    RulesBasedSampler:\n      Rules:\n"
    "      - Conditions: ["
)


def _list(sampler: TargetSampler) -> DecisionList:
    made = list_of_rules(sampler, "rules")
    assert isinstance(made, DecisionList), made
    return made


def _first(made: DecisionList, trace: Trace) -> int | None:
    return next((i for i, e in enumerate(made.entries) if formula_holds(e.when, trace)), None)


@requires_shared
@pytest.mark.parametrize("chunk", range(_CHUNKS))
def test_random_rules_are_what_their_formulas_say_and_what_can_fire_may(chunk: int) -> None:
    for record in islice(read_vectors("rules_random.jsonl"), chunk, None, _CHUNKS):
        loaded = load_rules(record["rules"])
        assert loaded.rules is not None
        made = list_of_rules(select_target(loaded.rules, record["target"]), "rules")
        if isinstance(made, Refused) or made.assumes_flat:
            continue
        traces = [decode_trace(trace) for trace in record["traces"]]

        fired = {one["rule"] for one in record["outcomes"]}
        assert [_first(made, trace) for trace in traces] == [o["rule"] for o in record["outcomes"]]
        assert [made.decide(trace) for trace in traces] == [o["rule"] for o in record["outcomes"]]

        # A root without the flag is not among the traces that questions are about.
        if all(ROOT_FIELD in span.fields for trace in traces for span in trace.spans):
            prover = Prover((made,))
            for entry in (*range(len(made.entries)), None):
                answer = prover.find({0: (entry,)})
                assert not isinstance(answer, Unknown), answer
                assert isinstance(answer, Found) or entry not in fired, record["rules"]


@requires_shared
def test_real_rules_are_what_their_formulas_say() -> None:
    for record in read_vectors("real_rules_near_traces.jsonl.gz"):
        rules = shared_rules(record["rules_file"], record.get("part"))
        made = _list(select_target(rules, record["target"]))
        if made.assumes_flat:
            continue

        got = [_first(made, decode_trace(trace)) for trace in record["traces"]]

        assert got == [outcome["rule"] for outcome in record["outcomes"]], record["rules_file"]


@requires_shared
def test_conditions_are_what_their_formulas_say() -> None:
    records = read_vectors("conditions.jsonl")
    traces = [
        Trace("t", (Span({} if value == {"missing": True} else {"f": decode_value(value)}),))
        for value in next(records)["values"]
    ]
    for record in islice(records, 0, None, 5):
        loaded = load_rules(f"{_HEAD}{record['condition']}]\n")
        assert loaded.rules is not None
        condition = _condition(loaded.rules)
        if condition.operator == "has-root-span":
            continue
        formula = SomeSpan(formula_of_condition(condition))

        got = "".join("T" if formula_holds(formula, trace) else "F" for trace in traces)

        assert got == record["result"], record["condition"]


def _condition(rules: RulesFile) -> Condition:
    sampler = rules.samplers["__default__"]
    assert isinstance(sampler, RulesConfig)
    assert sampler.rules[0] is not None
    assert sampler.rules[0].conditions is not None
    assert sampler.rules[0].conditions[0] is not None
    return sampler.rules[0].conditions[0]


def _loadable() -> list[tuple[str, RulesFile]]:
    if not SHARED.is_dir():
        return []
    return [
        (record["file"], shared_rules(record["file"], record.get("part")))
        for record in read_vectors("loader_files.jsonl")
        if record["accepted"]
    ]


@requires_shared
def test_nothing_about_a_real_rules_file_is_unknown() -> None:
    targets = 0
    for file, rules in _loadable():
        for target, sampler in rules.samplers.items():
            made = list_of_rules(sampler, target)
            if isinstance(made, Refused):
                continue
            targets += 1
            prover = Prover((made, made))
            for entry in (*range(len(made.entries)), None):
                answer = prover.find({0: (entry,)})
                assert not isinstance(answer, Unknown), (file, target, entry, answer)

            same = differ(prover, 0, 1, alike_by_effect(made, made))

            assert isinstance(same, Impossible), (file, target, same)
    assert targets > 40


@requires_shared
@pytest.mark.parametrize("assumed", [True, False], ids=["as recorded", "nothing assumed"])
def test_the_rules_of_every_policy_of_the_vectors_decide_as_it_does(*, assumed: bool) -> None:
    lowered_count = 0
    for record in read_vectors("policies.jsonl"):
        policy, _ = check(policy_tree(record["policy"], record["name"]))
        assert policy is not None
        own = list_of_policy(policy)
        alone = Prover((own,))
        for entry in (*range(len(own.entries)), None):
            answer = alone.find({0: (entry,)})
            assert not isinstance(answer, Unknown), (record["name"], answer)
        lowered = lower(policy, frozenset(AssumptionKind) if assumed else frozenset())
        if not isinstance(lowered, Lowered):
            continue
        lowered_count += 1
        rules = _list(lowered.sampler)
        universe = universe_of(Assume.of(lowered.assumptions))
        labels = {i: one.rule for i, one in enumerate(lowered.origins)}
        alike = (
            alike_by_label(own, rules, labels)
            if isinstance(lowered.sampler, RulesConfig)
            else alike_by_effect(own, rules)
        )

        found = differ(Prover((own, rules), (), universe), 0, 1, alike)

        assert isinstance(found, Impossible), (record["name"], found)
        if lowered.assumptions:
            # Each trace that breaks an assumption may differ: the universe is what makes it equal.
            assert universe != Universe()
    assert lowered_count == 40


def _compared(first: str, second: str, part: str | None = None) -> list[Difference]:
    found: list[Difference] = []
    one, other = (shared_rules(f"v2/{name}", part) for name in (first, second))
    for target in sorted({*one.samplers, *other.samplers}):
        left, right = (_list(select_target(rules, target)) for rules in (one, other))
        prover = Prover((left, right))
        for difference in all_differences(prover, 0, 1, alike_by_effect(left, right)):
            assert isinstance(difference, Difference)
            found.append(difference)
    return found


@requires_shared
def test_versions_of_one_rules_file_are_equal_or_differ_with_a_trace() -> None:
    same = _compared("instantdb_07_2024-11-18.yaml", "instantdb_08_2024-11-21.yaml")
    (errors,) = _compared("instantdb_10_2025-01-14.yaml", "instantdb_11_2025-08-26.yaml")
    statuses = _compared("raas-hnytest_2024-07.yaml", "raas-hnytest_2025-08.yaml", "rules")

    assert same == []
    # The error is in a span that is not the root.
    assert any("error" in span.fields and not span.is_root for span in errors.trace.spans)
    assert any("status_code" in span.fields for one in statuses for span in one.trace.spans)
