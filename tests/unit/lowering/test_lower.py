"""The rules that policies become: shapes, order, names, growth."""

from __future__ import annotations

from typing import Any, Final

import pytest

from nectarc.ir.nodes import Policy
from nectarc.lowering.arrange import TooLarge
from nectarc.lowering.lower import Unsayable, lower
from nectarc.pipeline import CompileOptions, lower_policy
from nectarc.refinery.emit import emit_rule
from nectarc.refinery.lowered import AssumptionKind, Lowered, Origin
from nectarc.refinery.rules import DeterministicConfig, RulesConfig
from nectarc.semantics.check import check
from tests.policy_trees import policy_tree

ALL: Final = frozenset(AssumptionKind)


def _policy(*rules: tuple[str, str, str], fields: list[dict[str, Any]] | None = None) -> Policy:
    rows = [
        {"name": name, "match": match, "action": action, "priority": 100 - index}
        for index, (name, match, action) in enumerate(rules)
    ]
    policy, diagnostics = check(policy_tree({"rules": rows, "fields": fields or []}))
    assert policy is not None, diagnostics
    return policy


def _shape(policy: Policy, allowed: frozenset[AssumptionKind] = ALL) -> list[str]:
    """Return each rule in a line: name, scope, conditions."""
    lowered = lower(policy, allowed)
    assert isinstance(lowered, Lowered), lowered
    assert isinstance(lowered.sampler, RulesConfig)
    lines = []
    for rule in lowered.sampler.rules:
        assert rule is not None
        conditions = [
            f"{'|'.join(one.names)} {one.operator} {one.value}"
            for one in rule.conditions or ()
            if one is not None
        ]
        scope = "span: " if rule.scope == "span" else ""
        lines.append(f"{rule.name}: {scope}{', '.join(conditions)}".rstrip(" :"))
    return lines


def test_a_disjunction_becomes_several_rules_in_order_of_writing() -> None:
    policy = _policy(("bad", "error || duration > 5s", "keep"), ("rest", "true", "drop"))

    assert _shape(policy) == [
        "bad [1/2]: error = True",
        "bad [2/2]: duration_ms > 5000",
        "rest",
    ]


def test_equalities_of_one_field_become_one_list() -> None:
    policy = _policy(
        ("two", "service == 'a' || service in ['b', 'c'] || service == 'a'", "keep"),
        ("rest", "true", "drop"),
    )

    assert _shape(policy) == ["two: service.name in ('a', 'b', 'c')", "rest"]


def test_tests_of_one_span_take_span_scope_and_root_tests_fit_both() -> None:
    policy = _policy(
        ("joint", "any(service == 'a' && error) && !(root.name == 'x') && has_root", "keep"),
        ("apart", "any(service == 'b') && any(error) && has_root && span_count > 3", "keep"),
        ("rest", "true", "drop"),
    )

    assert _shape(policy) == [
        (
            "joint: span: service.name = a, error = True, root.name != x,"
            " root.meta.refinery.root exists None"
        ),
        "apart: service.name = b, error = True,  has-root-span True, ?.NUM_DESCENDANTS > 3",
        "rest",
    ]


def test_a_negation_below_the_rule_that_keeps_what_it_negates_costs_nothing() -> None:
    policy = _policy(
        ("errors", "error", "keep"),
        ("probes", "root.name == 'probe' && none(error)", "drop"),
        ("rest", "true", "sample(1/10)"),
    )

    assert _shape(policy) == ["errors: error = True", "probes: root.name = probe", "rest"]


def test_what_is_negated_comes_first_under_the_name_of_the_rule_that_decides() -> None:
    policy = _policy(
        ("quiet", "service == 'static' && none(error)", "drop"),
        ("slow", "duration > 5s", "sample(1/2)"),
        ("rest", "true", "sample(1/10)"),
    )

    assert _shape(policy) == [
        "slow [1/2]: error = True, duration_ms > 5000",
        "rest [1/2]: error = True",
        "quiet: service.name = static",
        "slow [2/2]: duration_ms > 5000",
        "rest [2/2]",
    ]


def test_a_rule_that_can_never_fire_is_left_out() -> None:
    policy = _policy(
        ("wide", "http.status >= 400", "keep"),
        ("narrow", "http.status >= 500", "sample(1/2)"),
        ("rest", "true", "drop"),
        ("after", "error", "keep"),
    )

    assert _shape(policy) == [
        "wide: http.status|http.response.status_code|http.status_code >= 400",
        "rest",
    ]


def test_a_guard_stands_only_where_missing_could_tell() -> None:
    policy = _policy(
        ("differs", "any(service != 'a')", "keep"),
        ("later", "service >= '8'", "keep"),
        ("nil", "service contains 'nil'", "keep"),
        ("plain", "service contains 'x'", "keep"),
        ("rest", "true", "drop"),
    )

    assert _shape(policy) == [
        "differs: span: service.name != a, service.name > None",
        "later: span: service.name >= 8, service.name > None",
        "nil: span: service.name contains nil, service.name > None",
        "plain: service.name contains x",
        "rest",
    ]


def test_beside_another_span_an_assumption_takes_the_place_of_the_guard() -> None:
    rules = (
        ("both", "any(service != 'a') && any(error)", "keep"),
        ("rest", "true", "drop"),
    )

    lowered = lower(_policy(*rules), ALL)

    assert isinstance(lowered, Lowered)
    assert [(one.kind, one.field, one.type) for one in lowered.assumptions] == [
        ("no-null", "service.name", ""),
        ("types", "service.name", "string"),
    ]
    assert _shape(_policy(*rules)) == ["both: service.name != a, error = True", "rest"]
    assert isinstance(lower(_policy(*rules), frozenset()), Unsayable)


def test_a_sole_deterministic_rule_is_the_deterministic_sampler() -> None:
    lowered = lower(_policy(("all", "true", "deterministic(1/20)")), ALL)

    assert lowered == Lowered(DeterministicConfig(sample_rate=20), (Origin("all"),), ())


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("keep", "SampleRate: 1"),
        ("drop", "Drop: true"),
        ("sample(0.01)", "SampleRate: 100"),
        ("sample(1/3)", "SampleRate: 3"),
        (
            (
                "ema_dynamic(goal_sample_rate: 10, fields: [http.route, root.service],"
                " adjustment_interval: 30s)"
            ),
            (
                "EMADynamicSampler:\n      GoalSampleRate: 10\n      AdjustmentInterval: 30s\n"
                "      FieldList:\n        - http.route\n        - root.service.name"
            ),
        ),
        (
            "total_throughput(goal_throughput_per_sec: 5, fields: [`a b`])",
            (
                "TotalThroughputSampler:\n      GoalThroughputPerSec: 5\n"
                "      FieldList:\n        - 'a b'"
            ),
        ),
    ],
)
def test_actions_become_what_refinery_calls_them(action: str, expected: str) -> None:
    lowered = lower(_policy(("some", "error", action), ("rest", "true", "drop")), ALL)

    assert isinstance(lowered, Lowered)
    assert isinstance(lowered.sampler, RulesConfig)
    assert lowered.sampler.rules[0] is not None
    assert expected in emit_rule(lowered.sampler.rules[0])


def test_many_more_rules_than_the_policy_has_are_warned_of_and_then_refused() -> None:
    some = _policy(
        ("a", "error || duration > 1s || has_root || span_count > 9 || exists(x)", "keep"),
        ("rest", "true", "drop"),
    )
    sums = " && ".join(f"(any(a{i} > 1) || any(b{i} > 1))" for i in range(6))
    many = _policy(("a", sums, "keep"), ("rest", "true", "drop"))

    assert [one.code for one in lower_policy(some, CompileOptions()).diagnostics] == ["NEC301"]
    lowering = lower_policy(many, CompileOptions())
    lowered, diagnostics = lowering.lowered, lowering.diagnostics
    assert lowered is None
    assert [one.code for one in diagnostics] == ["NEC302"]


def test_a_match_with_too_many_alternatives_is_refused() -> None:
    sums = " && ".join(f"(any(a{i} > 1) || any(b{i} > 1))" for i in range(9))
    policy = _policy(("a", sums, "keep"), ("rest", "true", "drop"))

    assert lower(policy, ALL) == TooLarge(0)
    assert [one.code for one in lower_policy(policy, CompileOptions()).diagnostics] == ["NEC303"]


@pytest.mark.parametrize(
    ("match", "expected"),
    [
        (
            "any(!(duration >= 2s && duration < 3s))",
            [
                "r [1/3]: duration_ms < 2000",
                "r [2/3]: duration_ms not-exists None",
                "r [3/3]: duration_ms >= 3000",
                "rest",
            ],
        ),
        (
            "all(duration >= 2s && duration < 3s)",
            [
                "rest [1/3]: duration_ms < 2000",
                "rest [2/3]: duration_ms not-exists None",
                "rest [3/3]: duration_ms >= 3000",
                "r",
            ],
        ),
        ("all(!exists(duration) || duration < 3s)", ["rest: duration_ms >= 3000", "r"]),
        ("any(exists(name) && name != 'a')", ["r: span: name != a, name > None", "rest"]),
    ],
)
def test_alternatives_that_contradict_or_repeat_are_left_out(
    match: str, expected: list[str]
) -> None:
    assert _shape(_policy(("r", match, "drop"), ("rest", "true", "sample(1/10)"))) == expected


def test_negations_that_double_each_other_are_refused_before_they_fill_the_memory() -> None:
    rules = [
        (f"r{i}", f"any(x{i} == 1) && none(y{i} == 1)", f"sample(1/{i + 2})") for i in range(20)
    ]

    lowering = lower_policy(_policy(*rules, ("rest", "true", "drop")), CompileOptions())

    assert lowering.lowered is None
    assert [one.code for one in lowering.diagnostics] == ["NEC302"]
    assert "over 168 Refinery rules" in lowering.diagnostics[0].headline
