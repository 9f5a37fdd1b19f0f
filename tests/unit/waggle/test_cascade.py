"""What each rule takes and keeps, and what it leaves for the next."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nectarc.corpus.stored_trace import CorpusTrace
from nectarc.evaluate.policy import decide
from nectarc.waggle.records import Basis, Fate
from tests.unit.waggle.worlds import (
    ERROR,
    FINE,
    PROBE,
    SEED,
    report,
    rules_subject,
    stored,
    waggle,
)

THROUGHPUT = """RulesVersion: 2
Samplers:
  __default__:
    RulesBasedSampler:
      Rules:
        - Name: errors
          SampleRate: 1
          Conditions:
            - {Field: http.status, Operator: ">=", Value: 500, Datatype: int}
        - Name: rest
          Sampler:
            EMAThroughputSampler: {GoalThroughputPerSec: 5, FieldList: [service.name]}
  goal:
    EMADynamicSampler: {GoalSampleRate: 4, FieldList: [service.name]}
  ends: {}
"""


def _many(count: int) -> list[CorpusTrace]:
    return [
        stored(
            f"t{i}",
            *([{"http.status": 400 + 20 * (i % 9), "duration_ms": 600.0 * i}] * (1 + i % 3)),
            rate=1 + i % 4,
        )
        for i in range(count)
    ]


def test_counts_are_those_of_the_plain_evaluator_part_by_part() -> None:
    many = _many(60)
    traces, events = [0.0] * 4, [0.0] * 4
    for one in many:
        rule = decide(SEED, one.trace)
        traces[rule] += one.sample_rate
        events[rule] += one.sample_rate * len(one.trace.spans)

    found = report(many)

    assert [rule.decided.weight for rule in found.rules] == traces
    assert [rule.decided.events for rule in found.rules] == events
    assert sum(count > 0 for count in traces) == 3


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(1, 4), st.integers(1, 9)), max_size=30))
def test_nothing_is_lost_on_the_way(kinds: list[tuple[int, int, int]]) -> None:
    fields = (
        {"http.status": 500},
        {"http.route": "/healthz"},
        {"duration_ms": 6000.0},
        {"duration_ms": 1.0},
        {"error": True},
    )
    found = report(
        [
            stored(f"t{i}", *([fields[kind]] * spans), rate=rate)
            for i, (kind, spans, rate) in enumerate(kinds)
        ]
    )

    before = found.total
    for rule in found.rules:
        assert rule.reaching == before
        assert rule.decided.events + rule.left.events == pytest.approx(before.events)
        assert rule.kept.events.value + rule.lost_events == pytest.approx(rule.decided.events)
        before = rule.left
    assert before.events == 0
    kept = found.kept.events.value
    assert kept + found.ledger.events == pytest.approx(found.total.events)
    assert sum(rule.kept.events.value for rule in found.rules) == pytest.approx(kept)
    low, high = found.kept_events.low, found.kept_events.high
    assert 0 <= low <= found.kept_events.value <= high <= 1


def test_a_corpus_that_a_policy_must_split_shows_each_share() -> None:
    found = report([ERROR, PROBE, FINE])

    assert [(rule.name, rule.action, rule.fate) for rule in found.rules] == [
        ("keep-errors", "keep", Fate.KEEP),
        ("probes", "drop", Fate.DROP),
        ("slow", "1 in 2", Fate.SAMPLE),
        ("rest", "1 in 100", Fate.SAMPLE),
    ]
    assert [rule.decided.traces for rule in found.rules] == [1, 1, 0, 1]
    assert [rule.is_unused for rule in found.rules] == [False, False, True, False]
    assert found.kept.events.value == pytest.approx(3 + 0 + 0.01)
    assert found.rules[0].examples[0].words == "web /cart, 3 spans"


def test_a_weighted_corpus_counts_each_trace_so_often() -> None:
    found = report([ERROR, stored("f", {"a": 1}, rate=10)])

    assert (found.total.traces, found.total.weight, found.total.events) == (2, 11, 13)
    assert found.rules[3].decided.weight == 10


def test_a_goal_per_second_is_met_at_the_flow_of_the_corpus() -> None:
    traces = [stored(f"t{i}", {"service.name": "web"}, second=i / 10) for i in range(1001)]

    found = report(traces, rules_subject(THROUGHPUT))

    rest = found.rules[1]
    assert (rest.basis, rest.share, rest.action) == (Basis.GOAL_FLOW, None, "EMAThroughputSampler")
    assert rest.kept.share == pytest.approx(0.5, rel=0.01)
    assert "meet its goal of 5 events a second" in found.notes[0]


def test_without_times_a_goal_per_second_leaves_a_range() -> None:
    found = report([FINE, ERROR], rules_subject(THROUGHPUT))

    rest = found.rules[1]
    assert rest.basis is Basis.NOTHING
    assert (rest.kept.events.low, rest.kept.events.value) == (0, 4)
    assert found.kept_events.low == 0
    assert "may keep anything between none and all" in found.notes[0]
    assert found.summary[0].startswith("Keeps at most ")


def test_a_goal_rate_is_taken_to_be_met_and_said_so() -> None:
    found = report([FINE] * 8, rules_subject(THROUGHPUT, "goal"))

    (rule,) = found.rules
    assert (rule.number, rule.basis) == (0, Basis.GOAL_RATE)
    assert rule.kept.events.value == 2
    assert "keeps more of rare keys" in found.notes[0]


def test_a_target_that_ends_the_process_keeps_nothing() -> None:
    found = report([FINE], rules_subject(THROUGHPUT, "ends"))

    (rule,) = found.rules
    assert rule.action == "process ends"
    assert found.kept.events.value == 0


def test_traces_that_no_rule_matches_are_a_step_of_their_own() -> None:
    text = THROUGHPUT.replace("        - Name: rest\n", "").split("          Sampler:")[0]

    found = report([FINE, ERROR], rules_subject(text))

    assert [(rule.number, rule.name) for rule in found.rules] == [(1, "errors"), (0, "(no rule)")]
    assert found.kept.share == 1


def test_an_empty_corpus_has_rules_and_no_figures() -> None:
    found = waggle([])

    (only,) = found.reports
    assert (found.corpus.traces, only.total.events, only.timeline) == (0, 0, None)
    assert len(only.rules) == 4
    assert not any(rule.is_unused for rule in only.rules)
    assert "no corpus to count traces in" in only.summary[0]


def test_only_rules_that_it_becomes_are_shown_as_refinerys() -> None:
    found = report([FINE])

    assert found.rules[1].refinery[0].startswith("- Name: probes\n  Drop: true\n")
    assert found.refused == ""
