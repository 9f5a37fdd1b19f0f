"""Actions and what samplers share, cost and count by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from nectarc.diagnostic import Severity
from nectarc.ir.nodes import Action, Deterministic, Drop, DynamicSampler, Keep, Sample
from nectarc.semantics.check import check
from nectarc.semantics.sampler_parameters import go_duration
from tests.policy_trees import policy_tree
from tests.unit.semantics.check_cases import REST, Schema, codes, findings, rule


def action_of(text: str, fields: Sequence[Mapping[str, Any]] = ()) -> Action | None:
    data = {"rules": [rule("has_root", text), REST], "fields": fields}
    policy, _ = check(policy_tree(data))
    assert policy is not None
    return policy.rules[0].action if len(policy.rules) == 2 else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("keep", Keep()),
        ("drop", Drop()),
        ("sample(0.01)", Sample(100)),
        ("sample(1/20)", Sample(20)),
        ("sample(1)", Sample(1)),
        ("sample(0.3)", Sample(3)),
        ("sample(0.02)", Sample(50)),
        # 1/6 and 1/7 lie 2/21 and 1/42 of the share away; 0.155 is nearer to 1/6.
        ("sample(0.155)", Sample(6)),
        (
            "ema_dynamic(fields: [service, root.http.status, `http.status`], goal_sample_rate: 5)",
            DynamicSampler(
                "EMADynamicSampler",
                (("GoalSampleRate", 5),),
                (
                    "service.name",
                    "root.http.status",
                    "root.http.response.status_code",
                    "root.http.status_code",
                    "http.status",
                ),
            ),
        ),
        (
            (
                "ema_throughput(use_trace_length: true, adjustment_interval: 90s, weight: 1,"
                " goal_throughput_per_sec: 50, fields: [a, a], burst_detection_delay: 2,"
                " initial_sample_rate: 3, use_cluster_size: false, max_keys: -1)"
            ),
            DynamicSampler(
                "EMAThroughputSampler",
                (
                    ("GoalThroughputPerSec", 50),
                    ("UseClusterSize", False),
                    ("InitialSampleRate", 3),
                    ("AdjustmentInterval", "1m30s"),
                    ("Weight", 1.0),
                    ("BurstDetectionDelay", 2),
                    ("MaxKeys", -1),
                    ("UseTraceLength", True),
                ),
                ("a",),
            ),
        ),
        (
            (
                "windowed_throughput(goal_throughput_per_sec: 20, fields: [a],"
                " lookback_frequency: 30s, update_frequency: 1.5s)"
            ),
            DynamicSampler(
                "WindowedThroughputSampler",
                (
                    ("GoalThroughputPerSec", 20),
                    ("UpdateFrequency", "1.5s"),
                    ("LookbackFrequency", "30s"),
                ),
                ("a",),
            ),
        ),
        (
            "total_throughput(goal_throughput_per_sec: 20, fields: [a], clear_frequency: 1m)",
            DynamicSampler(
                "TotalThroughputSampler",
                (("GoalThroughputPerSec", 20), ("ClearFrequency", "1m")),
                ("a",),
            ),
        ),
        (
            "dynamic(sample_rate: 20, fields: [a])",
            DynamicSampler("DynamicSampler", (("SampleRate", 20),), ("a",)),
        ),
    ],
)
def test_an_action_means_what_refinery_will_do(text: str, expected: Action) -> None:
    assert action_of(text) == expected


def test_declared_name_puts_all_its_fields_into_the_key() -> None:
    rows = [{"name": "method", "type": "string", "from": ["http.request.method", "http.method"]}]

    action = action_of("dynamic(sample_rate: 2, fields: [root.method])", fields=rows)

    assert isinstance(action, DynamicSampler)
    assert action.field_list == ("root.http.request.method", "root.http.method")


@pytest.mark.parametrize(
    ("nanoseconds", "text"),
    [
        (30 * 10**9, "30s"),
        (90 * 10**9, "1m30s"),
        (3600 * 10**9, "1h"),
        (1_500_000_000, "1.5s"),
        (250_000_000, "250ms"),
        (1_500_000, "1.5ms"),
        (1_500, "1.5us"),
        (7, "7ns"),
        (60_250_000_000, "1m0.25s"),
    ],
)
def test_durations_are_written_as_go_reads_them(nanoseconds: int, text: str) -> None:
    assert go_duration(nanoseconds) == text


@pytest.mark.parametrize(
    ("action", "code"),
    [
        ("kep", "NEC220"),
        ("ema_dynamic(goal_sample_rat: 5, fields: [a])", "NEC221"),
        ("dynamic(goal_sample_rate: 5, fields: [a])", "NEC221"),
        ("ema_dynamic(GoalSampleRate: 5, fields: [a])", "NEC221"),
        ("ema_dynamic(fields: [a])", "NEC222"),
        ("ema_dynamic(goal_sample_rate: 5)", "NEC222"),
        ("ema_dynamic(goal_sample_rate: 5.5, fields: [a])", "NEC223"),
        ("ema_dynamic(goal_sample_rate: '5', fields: [a])", "NEC223"),
        ("ema_dynamic(goal_sample_rate: 5, fields: a)", "NEC223"),
        ("ema_dynamic(goal_sample_rate: 5, fields: ['a'])", "NEC223"),
        ("ema_dynamic(goal_sample_rate: 5, fields: [a], adjustment_interval: 30)", "NEC223"),
        ("ema_dynamic(goal_sample_rate: 5, fields: [a], use_trace_length: 1)", "NEC223"),
        ("ema_dynamic(goal_sample_rate: 0, fields: [a])", "NEC224"),
        ("ema_dynamic(goal_sample_rate: -1, fields: [a])", "NEC224"),
        ("ema_dynamic(goal_sample_rate: 5, fields: [])", "NEC236"),
        ("ema_dynamic(goal_sample_rate: 5, fields: [a], weight: 1.5)", "NEC224"),
        ("ema_dynamic(goal_sample_rate: 5, fields: [a], max_keys: 0)", "NEC224"),
        (
            "ema_throughput(goal_throughput_per_sec: 5, fields: [a], adjustment_interval: 100us)",
            "NEC224",
        ),
        ("sample(0)", "NEC225"),
        ("sample(1.5)", "NEC225"),
        ("sample(1/0)", "NEC225"),
        ("sample(-0.5)", "NEC225"),
        ("sample(1e-12)", "NEC225"),
        ("sample(0.3)", "NEC226"),
        ("sample(0.7)", "NEC227"),
        ("sample(3/10)", "NEC227"),
        ("deterministic(1/10)", "NEC228"),
        ("dynamic(sample_rate: 5, sample_rate: 6, fields: [a])", "NEC229"),
        ("keep(1)", "NEC230"),
        ("sample", "NEC230"),
        ("ema_dynamic(0.1)", "NEC230"),
        ("dynamic(sample_rate: 5, fields: [http.url])", "NEC231"),
        ("dynamic(sample_rate: 5, fields: [root.`user.id`])", "NEC231"),
        ("dynamic(sample_rate: 1, fields: [a])", "NEC234"),
        (
            "windowed_throughput(goal_throughput_per_sec: 5, fields: [a], lookback_frequency: 9ms)",
            "NEC234",
        ),
        ("ema_throughput(goal_throughput_per_sec: 101, fields: [a])", "NEC235"),
        ("dynamic(sample_rate: 5, fields: [trace.parent_id])", "NEC104"),
    ],
)
def test_action_code_fires_alone(action: str, code: str) -> None:
    found = codes(rule("has_root", action), budget_per_second=100)

    assert [one for one in found if one != "NEC114"] == [code]


@pytest.mark.parametrize(
    "action",
    [
        "keep",
        "sample(0.25)",
        "sample(1/3)",
        "sample(2/20)",
        "ema_dynamic(goal_sample_rate: 2, fields: [a], weight: 0.9, burst_multiple: -1)",
        "ema_throughput(goal_throughput_per_sec: 100, fields: [a], adjustment_interval: 1ms)",
        "windowed_throughput(goal_throughput_per_sec: 5, fields: [a], lookback_frequency: 1s)",
        "dynamic(sample_rate: 5, fields: [http.route])",
    ],
)
def test_action_near_miss_stays_silent(action: str) -> None:
    assert codes(rule("has_root", action), budget_per_second=100) == []


def test_deterministic_may_stand_alone() -> None:
    policy, diagnostics = check(policy_tree({"rules": [rule("true", "deterministic(1/10)")]}))

    assert diagnostics == ()
    assert policy is not None
    assert policy.rules[0].action == Deterministic(10)


def test_rounding_is_a_hint_and_a_wide_one_an_error() -> None:
    (hint,) = findings(rule("has_root", "sample(0.3)"))
    (error,) = findings(rule("has_root", "sample(0.7)"))

    assert (hint.severity, hint.fixes[0].edits[0].text) == (Severity.HINT, "1/3")
    assert (error.severity, error.fixes[0].edits[0].text) == (Severity.ERROR, "1/2")


FIRST = "ema_dynamic(goal_sample_rate: 5, fields: [a, b])"


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ("ema_dynamic(goal_sample_rate: 5, fields: [b, a])", ["NEC232"]),
        ("ema_dynamic(goal_sample_rate: 5, fields: [a, b], weight: 0.9)", ["NEC233"]),
        ("ema_dynamic(goal_sample_rate: 6, fields: [a, b], weight: 0.9)", []),
        ("ema_dynamic(goal_sample_rate: 5, fields: [a], weight: 0.9)", []),
        ("dynamic(sample_rate: 5, fields: [a, b])", []),
    ],
)
def test_samplers_that_share_a_budget(second: str, expected: list[str]) -> None:
    rules = (rule("has_root", FIRST, "one", 20), rule("span_count > 1", second, "two", 10))

    assert codes(*rules) == expected


def test_goals_that_exceed_the_budget_together() -> None:
    def throughput(goal: int, name: str, priority: int) -> dict[str, Any]:
        text = f"total_throughput(goal_throughput_per_sec: {goal}, fields: [a])"
        return rule("has_root", text, name, priority)

    together = (throughput(60, "one", 20), throughput(50, "two", 10))

    assert codes(*together, budget_per_second=100) == ["NEC235"]
    assert codes(*together, budget_per_second=110) == []
    assert codes(*together) == []


def test_corpus_decides_about_the_cardinality_of_a_key() -> None:
    sampler = rule("has_root", "dynamic(sample_rate: 5, fields: [app.tenant, user.id])")
    few = Schema({"app.tenant": (["string"], 9), "user.id": (["string"], 7)})
    many = Schema({"app.tenant": (["string"], 1000), "user.id": (["string"], 7)})

    assert codes(sampler, schema=few) == []
    assert codes(sampler, schema=many) == ["NEC231"]
