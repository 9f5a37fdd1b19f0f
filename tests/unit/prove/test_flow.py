"""Rates, peaks and their intervals."""

from __future__ import annotations

import numpy as np
import pytest

from nectarc.prove.corpus_decisions import Float64s, Int64s
from nectarc.prove.flow import (
    Load,
    estimate_mean,
    estimate_peaks,
    recording_of,
)

SECOND = 1_000_000_000
START = 1_700_000_000 * SECOND


def _times(seconds: Float64s) -> Int64s:
    return START + (seconds * SECOND).astype(np.int64)


def _load(start_ns: Int64s, kept: float = 1.0, weight: float = 1.0) -> Load:
    ones = np.ones(len(start_ns))
    return Load(
        events=ones * weight,
        kept=ones * weight * kept,
        capped=(),
        weights=ones * weight,
        start_ns=start_ns,
    )


def _poisson_times(rate: float, seconds: float, seed: int) -> Int64s:
    draw = np.random.default_rng(seed)
    return _times(np.sort(draw.uniform(0, seconds, draw.poisson(rate * seconds))))


def test_breaks_and_clocks_gone_wrong_are_no_time_recorded() -> None:
    whole = np.arange(0.0, 101.0)
    odd = np.concatenate([whole, whole[:50] + 86_400])
    times = _times(odd)
    times = np.concatenate([times, [0, 0, 5, START + 10**18]])

    recording = recording_of(times[::-1])

    assert recording.seconds == pytest.approx(149)
    assert recording.recordings == 4
    assert recording.timed == 153


def test_rare_traffic_is_one_recording() -> None:
    assert recording_of(_times(np.arange(0.0, 50_000, 1_000))).recordings == 1


def test_a_moment_tells_no_rate() -> None:
    assert recording_of(_times(np.array([0.0, 0.1, 0.2]))).seconds == 0
    assert recording_of(np.zeros(5, np.int64)).seconds == 0


def test_the_interval_covers_the_true_rate_in_95_of_100_recordings() -> None:
    covered = 0
    for seed in range(200):
        load = _load(_poisson_times(2.0, 100, seed), kept=0.5)
        found = estimate_mean(load, recording_of(load.start_ns), None, seed)
        assert found is not None
        covered += found.low <= 1.0 <= found.high
    assert 182 <= covered <= 199


def test_a_large_corpus_is_drawn_in_groups_with_the_same_interval() -> None:
    times = _poisson_times(400.0, 100, 5)
    load = _load(times)

    found = estimate_mean(load, recording_of(times), None, 0)

    assert found is not None
    # Poisson: 95 % within 1.96 standard deviations of about 200 in 40,000.
    half = 1.96 * np.sqrt(len(times)) / 100
    assert found.high - found.low == pytest.approx(2 * half, rel=0.1)


def test_weights_widen_the_interval() -> None:
    times = _poisson_times(20.0, 100, 3)
    recording = recording_of(times)

    plain = estimate_mean(_load(times), recording, None, 0)
    heavy = estimate_mean(_load(times, weight=10.0), recording, None, 0)

    assert plain is not None
    assert heavy is not None
    assert heavy.kept == pytest.approx(10 * plain.kept)
    assert heavy.high - heavy.low == pytest.approx(10 * (plain.high - plain.low))


def test_the_user_s_rate_scales_the_mix_and_does_without_times() -> None:
    load = _load(np.zeros(100, np.int64), kept=0.25)

    found = estimate_mean(load, recording_of(load.start_ns), 1_000.0, 0)

    assert found is not None
    assert (found.kept, found.arriving) == (250.0, 1_000.0)
    # Every trace is the same: the mix is known.
    assert (found.low, found.high) == (250.0, 250.0)


def test_a_goal_caps_what_it_lets_through() -> None:
    times = _times(np.arange(0.0, 101.0))
    ones = np.ones(len(times))
    load = Load(
        events=50 * ones, kept=0 * ones, capped=((8.0, 50 * ones),), weights=ones, start_ns=times
    )

    found = estimate_mean(load, recording_of(times), None, 0)

    assert found is not None
    assert (found.kept, found.high) == (8.0, 8.0)
    assert found.arriving == pytest.approx(50.5)


def test_the_peak_is_the_busiest_window() -> None:
    burst = np.concatenate([np.arange(0.0, 120.0), np.full(200, 43.5)])
    load = _load(_times(burst))

    ten, minute = estimate_peaks(load, recording_of(load.start_ns), None, 0)

    assert (ten.seconds, minute.seconds) == (10, 60)
    assert ten.kept == pytest.approx(21.0)
    assert ten.low < 21 < ten.high
    assert minute.kept < 5


def test_no_peak_of_windows_longer_than_the_recording() -> None:
    times = _times(np.arange(0.0, 30.0))

    assert [
        peak.seconds for peak in estimate_peaks(_load(times), recording_of(times), None, 0)
    ] == [10]


def test_the_same_seed_draws_the_same() -> None:
    load = _load(_poisson_times(2.0, 100, 1))
    recording = recording_of(load.start_ns)

    assert estimate_mean(load, recording, None, 4) == estimate_mean(load, recording, None, 4)
    assert estimate_mean(load, recording, None, 4) != estimate_mean(load, recording, None, 5)


def test_a_clock_at_the_end_of_time_does_no_harm() -> None:
    times = np.concatenate([_times(np.arange(0.0, 100.0)), [2**63 - 1, 2**63 - 2, 1]])

    peaks = estimate_peaks(_load(times), recording_of(times), None, 0)

    assert [peak.kept for peak in peaks] == pytest.approx([1.0, 1.0])
