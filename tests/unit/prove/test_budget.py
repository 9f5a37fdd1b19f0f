"""The budget: what is kept by which rule, and the words for how it was estimated."""

from __future__ import annotations

import numpy as np
import pytest

from nectarc.corpus.stored_trace import CorpusTrace
from nectarc.ir.nodes import Policy
from nectarc.ir.text import parse_policy_text
from nectarc.prove.budget import Traffic, check_budget, load_of
from nectarc.prove.corpus_decisions import Asked, Decisions, TracesInMemory, decide_corpus
from nectarc.prove.verdicts import CheckResult, Verdict
from tests.unit.prove.made_traces import stored

POLICY = parse_policy_text(
    """
    policy "p"
    rule "goal" -> EMAThroughputSampler(GoalThroughputPerSec: 2, FieldList: [a])
      when any(string k:string == "goal")
    rule "rate" -> EMADynamicSampler(GoalSampleRate: 4, FieldList: [a])
      when any(string k:string == "rate")
    rule "open" -> WindowedThroughputSampler(FieldList: [a]) when any(string k:string == "open")
    rule "half" -> sample(1/2) when any(string k:string == "half")
    rule "rest" -> drop when true
    """
)


def _decided(policy: Policy, *traces: CorpusTrace) -> Decisions:
    return decide_corpus(TracesInMemory(traces), Asked(lists=(policy,)))


def _minute(kind: str, rate: float = 1) -> tuple[CorpusTrace, ...]:
    """Return a trace of two spans a second, from second 0 to 60."""
    return tuple(
        stored(f"{kind}{i}", {"k": kind}, {}, time_s=1_000 + i, rate=rate) for i in range(61)
    )


def _check(
    policy: Policy, *traces: CorpusTrace, budget: float = 100.0, **how: float
) -> CheckResult:
    traffic = Traffic(traces_per_second=how.get("traces_per_second"))
    return check_budget(policy, _decided(policy, *traces), traffic, budget)


def test_each_action_keeps_its_share() -> None:
    kinds = ("goal", "rate", "open", "half", "x")
    traces = (stored(kind, {"k": kind}, {}, rate=10) for kind in kinds)

    load = load_of(POLICY, _decided(POLICY, *traces))

    assert load.events.tolist() == [20.0] * 5
    assert load.kept.tolist() == [0, 5, 20, 10, 0]
    ((goal, reaching),) = load.capped
    assert (goal, reaching.tolist()) == (2.0, [20, 0, 0, 0, 0])


@pytest.mark.parametrize(
    ("kind", "kept", "note"),
    [
        ("goal", 2.0, "rule `goal` is taken to meet its goal on one Refinery node"),
        ("rate", 0.508, "rule `rate` is taken to meet its goal"),
        ("open", 2.03, "rule `open` is counted as keeping all"),
        ("half", 1.02, ""),
        ("x", 0.0, ""),
    ],
)
def test_samplers_are_taken_at_their_goals_and_the_report_says_so(
    kind: str, kept: float, note: str
) -> None:
    check = _check(POLICY, *_minute(kind))

    figures = dict(check.figures)
    assert figures["kept"] == pytest.approx(kept, rel=0.005)
    assert figures["arriving"] == pytest.approx(122 / 60)
    if note:
        assert check.reason.endswith(note)
    else:
        assert "is taken" not in check.reason


def test_the_figures_hold_the_whole_estimate() -> None:
    figures = dict(_check(POLICY, *_minute("half")).figures)

    assert figures["budget"] == 100
    assert figures["kept_low"] < figures["kept"] < figures["kept_high"]
    assert figures["peak_10s_low"] < figures["peak_10s"] < figures["peak_10s_high"]
    assert figures["peak_60s"] == pytest.approx(1.0)


def test_a_peak_above_the_budget_is_said_but_does_not_refute() -> None:
    burst = tuple(stored(f"b{i}", {"k": "half"}, time_s=1_030) for i in range(60))

    check = _check(POLICY, *_minute("half"), *burst, budget=3.0)

    assert check.verdict is Verdict.HOLDS
    assert "(above the budget)" in check.reason


def test_traces_without_a_time_count_in_the_mean() -> None:
    timeless = tuple(stored(f"n{i}", {"k": "half"}, {}) for i in range(61))

    check = _check(POLICY, *_minute("half"), *timeless)

    # As many again, in the same minute of recording.
    assert dict(check.figures)["arriving"] == pytest.approx(244 / 60)
    assert check.reason.endswith("122 corpus traces, 61 of them without a time")


def test_no_recorded_time_and_no_rate_leave_it_unknown() -> None:
    check = _check(POLICY, stored("t", {"k": "half"}, time_s=5))

    assert check.verdict is Verdict.UNKNOWN
    assert "set `traces_per_second`" in check.reason


def test_the_user_s_rate_replaces_the_corpus_s() -> None:
    check = _check(POLICY, *_minute("half", rate=10), traces_per_second=50)

    assert dict(check.figures)["kept"] == pytest.approx(50)
    assert "from `traces_per_second = 50` in the shape of 61 corpus traces that stand for 610" in (
        check.reason
    )


def test_a_list_without_a_fallback_keeps_what_it_does_not_decide() -> None:
    open_list = Policy(name="p", rules=POLICY.rules[3:4])

    load = load_of(
        open_list, _decided(open_list, stored("x", {"k": "x"}), stored("h", {"k": "half"}))
    )

    assert load.kept.tolist() == [1.0, 0.5]
    assert np.isfinite(load.kept).all()
