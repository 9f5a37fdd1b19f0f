"""Every proof of the semantic lints against traces on all boundaries, and planted shadows."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from random import Random

import pytest

from nectarc.diagnostic import Diagnostic, Severity
from nectarc.evaluate.boundaries import boundary_traces
from nectarc.evaluate.refinery_rules import Outcome, compile_rule, compile_target
from nectarc.evaluate.sampler_start import target_start_exit
from nectarc.lint.semantic import TargetQuestions
from nectarc.lint.semantic_trials import Trials
from nectarc.lint.semantic_words import effect_of
from nectarc.records import replace
from nectarc.refinery.emit import emit_rules
from nectarc.refinery.loader import load_rules
from nectarc.refinery.located import LocatedRule, LocatedTarget, locate
from nectarc.refinery.rules import (
    DEFAULT_TARGET,
    Condition,
    DeterministicConfig,
    Rule,
    RulesConfig,
    RulesFile,
)
from nectarc.source import SourceSpan
from nectarc.trace import Trace
from tests.shared_data import read_vectors, requires_shared

_TRACES = 300
_FILES = 120
_PLANTED = 150


def _targets() -> Iterator[LocatedTarget]:
    for record in islice(read_vectors("rules_random.jsonl"), _FILES):
        loaded = load_rules(str(record["rules"]))
        if loaded.rules is None or loaded.tree is None:
            continue
        for target in locate(loaded.rules, loaded.tree).targets:
            if isinstance(target.sampler, RulesConfig) and not target_start_exit(target.sampler):
                yield target


def _rules_of(target: LocatedTarget) -> RulesConfig:
    assert isinstance(target.sampler, RulesConfig)
    bare = (replace(rule, sampler=None) for rule in target.sampler.rules if rule is not None)
    return replace(target.sampler, rules=tuple(bare))


def _decider(config: RulesConfig, trace: Trace) -> int | None:
    outcome = compile_target(config)(trace)
    assert isinstance(outcome, Outcome)
    return outcome.rule


def _rule_at(target: LocatedTarget, finding: Diagnostic) -> LocatedRule:
    return _rule_of(target, finding.source)


def _rule_of(target: LocatedTarget, place: SourceSpan) -> LocatedRule:
    at = place.start
    return next(one for one in target.rules if one.source.start <= at < one.source.end)


def _refuted(target: LocatedTarget, finding: Diagnostic, trace: Trace) -> bool:
    """Say whether `trace` shows that `finding` is wrong."""
    config, one = _rules_of(target), _rule_at(target, finding)
    rule = config.rules[one.index]
    assert rule is not None
    own = [c for c in one.conditions if c.source.start <= finding.source.start < c.source.end]
    others = tuple(c.condition for c in one.conditions if c not in own)
    match finding.code:
        case "NEC580" | "NEC582" | "NEC585":
            return finding.severity is Severity.WARNING and _decider(config, trace) == one.index
        case "NEC583" | "NEC584":
            weaker = compile_rule(
                replace(rule, conditions=others), is_nested=config.check_nested_fields
            )
            whole = compile_rule(rule, is_nested=config.check_nested_fields)
            return weaker(trace) is not whole(trace)
        case _:
            return False


@requires_shared
def test_no_trace_on_the_boundaries_refutes_a_finding() -> None:
    asked = 0
    for target in _targets():
        assert isinstance(target.sampler, RulesConfig)
        findings = list(TargetQuestions(target, target.sampler).check())
        asked += len(findings)
        for trace in boundary_traces((), target.sampler, limit=_TRACES, seed=5):
            wrong = [one.headline for one in findings if _refuted(target, one, trace)]
            assert wrong == [], trace

    assert asked > _FILES


@requires_shared
def test_without_a_needless_rule_all_is_decided_alike() -> None:
    checked = 0
    for target in _targets():
        assert isinstance(target.sampler, RulesConfig)
        config = target.sampler
        effects = [effect_of(rule) for rule in config.rules]
        for finding in TargetQuestions(target, config).check():
            if finding.code != "NEC581":
                continue
            checked += 1
            index = _rule_at(target, finding).index
            trials = Trials(config)
            for trace in boundary_traces((), config, limit=_TRACES, seed=9):
                if trials.decider(trace) == index:
                    other = trials.decider(trace, skipping={index})
                    instead = effect_of(None) if other is None else effects[other]
                    assert instead == effects[index], (finding.headline, trace)

    assert checked > 5


@requires_shared
def test_the_prover_answers_every_question() -> None:
    for target in _targets():
        assert isinstance(target.sampler, RulesConfig)
        questions = TargetQuestions(target, target.sampler)
        list(questions.check())

        assert questions.unknown == []


@requires_shared
def test_a_trace_that_reaches_a_rule_is_decided_by_it() -> None:
    reached = 0
    for target in _targets():
        trials = Trials(_rules_of(target))
        for index in range(len(trials.rules)):
            trace = trials.reaching(index)
            if trace is not None:
                reached += 1
                assert _decider(_rules_of(target), trace) == index

    assert reached > _FILES


@requires_shared
def test_the_index_of_rules_loses_none() -> None:
    for target in _targets():
        trials = Trials(_rules_of(target))
        for trace in boundary_traces((), _rules_of(target), limit=60, seed=3):
            assert trials.decider(trace) == _decider(_rules_of(target), trace)


@pytest.mark.parametrize("seed", range(_PLANTED))
def test_a_planted_shadow_is_found_and_a_near_miss_is_not(seed: int) -> None:
    random = Random(seed)
    rules = [_some_rule(random, number) for number in range(random.randrange(2, 9))]
    at = random.randrange(len(rules))
    shadow = rules[at]
    assert shadow.conditions is not None
    tenant = Condition(field="tenant", operator="exists")
    planted = Rule(
        name="planted",
        sample_rate=97,
        scope=shadow.scope,
        conditions=(*shadow.conditions, tenant),
    )
    free = Rule(name="planted", sample_rate=97, conditions=(tenant,))
    below = random.randrange(at + 1, len(rules) + 1)

    assert "planted" in _dead([*rules[:below], planted, *rules[below:]])
    assert "planted" not in _dead([*rules[:at], planted, *rules[at:]]) or _is_dead_without(
        rules[:at], planted
    )
    assert "planted" not in _dead([*rules[:below], free, *rules[below:]])


def _is_dead_without(above: list[Rule], planted: Rule) -> bool:
    """Say whether the rules above alone take all of it: by the traces on all boundaries."""
    config = RulesConfig(rules=(*above, planted))
    traces = boundary_traces((), config, limit=2_000)
    return all(_decider(config, trace) != len(above) for trace in traces)


def _some_rule(random: Random, number: int) -> Rule:
    choices = (
        Condition(field="service.name", operator="=", value=f"svc-{random.randrange(3)}"),
        Condition(field="duration_ms", operator=">", value=random.randrange(5) * 100),
        Condition(field="root.http.route", operator="starts-with", value=f"/v{number % 3}"),
        Condition(field="http.status", operator=">=", value=400 + number, datatype="int"),
        Condition(field="name", operator="matches", value=f"^job-[0-9]{{{number % 3 + 1}}}$"),
        Condition(field="user", operator="in", value=("a", f"u{number}")),
        Condition(fields=("x", "y"), operator="!=", value=number, datatype="int"),
    )
    conditions = tuple(random.sample(choices, random.randrange(1, 4)))
    return Rule(
        name=f"r{number}",
        sample_rate=number + 2,
        scope=random.choice(("trace", "span")),
        conditions=conditions,
    )


def _dead(rules: list[Rule]) -> set[str]:
    """Return the names of the rules that are said to decide no trace."""
    target = RulesConfig(rules=tuple(rules))
    written = emit_rules(
        RulesFile(samplers={DEFAULT_TARGET: DeterministicConfig(sample_rate=1), "prod": target})
    )
    loaded = load_rules(written)
    assert loaded.rules is not None
    assert loaded.tree is not None
    found = locate(loaded.rules, loaded.tree).targets[-1]
    assert isinstance(found.sampler, RulesConfig)
    return {
        _rule_of(found, place).label
        for one in TargetQuestions(found, found.sampler).check()
        if one.code in ("NEC580", "NEC582", "NEC585") and one.severity is Severity.WARNING
        for place in (one.source, *(e.source for e in one.related if e.text == "never reached"))
    }
