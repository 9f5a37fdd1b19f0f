"""What a change does to a corpus: the same numbers as counting trace by trace."""

from __future__ import annotations

import pytest

from nectarc.compare.traffic import TrafficChange, compare_traffic
from nectarc.corpus.stored_trace import CorpusTrace
from nectarc.prove.corpus_decisions import TracesInMemory
from nectarc.trace import Span, Trace, Value
from tests.unit.compare.targets import policy, rules

KEEP_ERRORS = policy("errors,error,keep", "rest,true,sample(1/10)")
KEEP_LESS = policy("errors,root.error,keep", "rest,true,sample(1/10)")
SECOND = 1_000_000_000


def stored(number: int, *spans: dict[str, Value], weight: float = 1.0) -> CorpusTrace:
    made = tuple(
        Span({"service.name": f"s{i}", **fields}, is_root=i == 0) for i, fields in enumerate(spans)
    )
    return CorpusTrace(Trace(f"t{number}", made), (number + 1) * SECOND, weight)


TRACES = (
    stored(0, {}, {"error": True}, weight=10.0),
    stored(1, {"error": True}),
    *(stored(number, {}) for number in range(2, 12)),
)


def changed(traces_per_second: float | None = None) -> TrafficChange:
    return compare_traffic(KEEP_ERRORS, KEEP_LESS, TracesInMemory(TRACES), traces_per_second)


def test_kept_events_are_counted_by_weight() -> None:
    found = changed()

    # Events: 20 of the first, 1 of each other; the first is kept whole before, 1 in 10 after.
    assert (found.traces, found.spans, found.weight, found.events) == (12, 13, 21.0, 31.0)
    assert found.before.value == pytest.approx((20 + 1 + 1) / 31)
    assert found.after.value == pytest.approx((2 + 1 + 1) / 31)
    assert found.change is not None
    assert found.change.value == pytest.approx(4 / 22 - 1)
    assert found.change.low <= found.change.value <= found.change.high


def test_traces_that_change_are_grouped_by_the_rules_that_decide_them() -> None:
    (moved,) = changed().moved

    assert (moved.left, moved.right, moved.traces, moved.weight) == (0, 1, 1, 10.0)
    assert (moved.before, moved.after) == (20.0, 2.0)
    assert [(one.trace_id, one.words) for one in moved.examples] == [("t0", "s0, 2 spans")]


def test_errors_stand_by_the_service_whose_span_fails_what_is_lost_first() -> None:
    services = changed().services

    assert [(one.service, one.traces, one.weight) for one in services] == [
        ("s1", 1, 10.0),
        ("s0", 1, 1.0),
    ]
    assert [(one.before.value, one.after.value) for one in services] == [(1.0, 0.1), (1.0, 1.0)]


def test_all_errors_together_count_each_trace_once() -> None:
    found = changed()

    assert found.error_before is not None
    assert found.error_after is not None
    assert found.error_before.value == 1.0
    assert found.error_after.value == pytest.approx(2 / 11)


def test_events_a_second_come_from_the_user_or_from_the_times() -> None:
    assert changed(traces_per_second=42.0).per_second == pytest.approx(42 * 31 / 21)
    assert changed().per_second == pytest.approx(31 / 11)


THROUGHPUT = """\
RulesVersion: 2
Samplers:
  __default__:
    EMAThroughputSampler:
      GoalThroughputPerSec: 10
      FieldList: [name]
"""


def test_a_goal_a_second_is_a_share_of_what_arrives() -> None:
    goal = rules(THROUGHPUT).target("__default__")
    keep = policy("rest,true,keep")

    found = compare_traffic(keep, goal, TracesInMemory(TRACES), 1000.0)

    # 1000 traces a second bring 1476 events, of which 10 are kept.
    assert found.after.value == pytest.approx(10 / (1000 * 31 / 21))
    assert found.notes == ("the target's sampler is taken to meet its goal on one Refinery node",)


def test_without_a_rate_a_goal_is_counted_as_keeping_all_and_said() -> None:
    goal = rules(THROUGHPUT).target("__default__")
    timeless = tuple(CorpusTrace(one.trace) for one in TRACES)

    found = compare_traffic(policy("rest,true,drop"), goal, TracesInMemory(timeless), None)

    assert (found.before.value, found.after.value, found.change) == (0.0, 1.0, None)
    assert "counted as keeping all" in found.notes[0]
