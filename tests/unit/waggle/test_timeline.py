"""Events a second over the time of a corpus."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nectarc.waggle.clock import span_words, utc_words
from nectarc.waggle.records import Timeline
from tests.unit.waggle.worlds import START, report, stored, waggle


def _line(seconds: list[float], budget: float | None = None) -> Timeline:
    traces = [stored(f"t{i}", {"http.status": 500}, second=at) for i, at in enumerate(seconds)]
    timeline = report(traces, budget=budget).timeline
    assert timeline is not None
    return timeline


@given(st.lists(st.floats(0, 5000), min_size=2, max_size=40))
def test_every_event_is_in_one_bucket(seconds: list[float]) -> None:
    (found,) = waggle(
        [stored(f"t{i}", {"a": 1}, second=at) for i, at in enumerate(seconds)]
    ).reports

    if found.timeline is not None and found.timeline.buckets:
        sums = sum(one.arriving * one.seconds for one in found.timeline.buckets)
        assert sums == pytest.approx(len(seconds))


def test_breaks_are_left_out_and_marked() -> None:
    first = [float(i) for i in range(60)]

    line = _line([*first, *(9_000 + i for i in first)])

    assert line.bucket_s == 1
    assert [one.after_break for one in line.buckets].count(True) == 1
    assert len(line.buckets) == pytest.approx(118, abs=2)
    assert "breaks between 2 recordings left out" in line.basis


def test_buckets_above_the_budget_are_counted() -> None:
    busy = [i / 10 for i in range(100)]

    line = _line([*busy, *(10.0 + i for i in range(50))], budget=5)

    assert line.over == 10
    assert max(one.kept for one in line.buckets) == pytest.approx(10)


def test_the_users_rate_scales_the_line() -> None:
    traces = [stored(f"t{i}", {"a": 1}, second=float(i)) for i in range(101)]

    (found,) = waggle(traces, traces_per_second=50).reports

    assert found.timeline is not None
    assert found.timeline.scale == pytest.approx(50, rel=0.02)
    assert found.timeline.mean.arriving == pytest.approx(50)


def test_without_times_there_is_no_line_and_a_reason() -> None:
    (found,) = waggle([stored("a", {"a": 1}), stored("b", {"a": 1})]).reports

    assert found.timeline is None
    assert "traces_per_second" in found.no_timeline


def test_the_mean_is_that_of_prove() -> None:
    traces = [stored(f"t{i}", {"http.status": 200 + i}, second=i / 3) for i in range(600)]

    (found,) = waggle(traces, budget=100).reports

    assert found.timeline is not None
    assert found.proofs is not None
    (budget,) = (one for one in found.proofs.checks if one.name == "budget")
    assert f"between {found.timeline.mean.low:.3g} and {found.timeline.mean.high:.3g}" in (
        budget.reason
    )


@given(st.integers(1, 2**62))
def test_dates_are_those_of_the_calendar(time_ns: int) -> None:
    then = dt.datetime.fromtimestamp(time_ns // 10**9, dt.UTC)

    assert utc_words(time_ns) == then.strftime("%Y-%m-%d %H:%M:%S")


def test_a_span_of_time_names_its_day_once() -> None:
    assert span_words(START, START + 5 * 10**9) == "2023-11-14 22:13:20 to 22:13:25 UTC"
    assert span_words(0, START) == ""
