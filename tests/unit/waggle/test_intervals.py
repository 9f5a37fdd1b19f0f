"""Intervals: known values, and how often they hold what they promise."""

from __future__ import annotations

import numpy as np
import pytest

from nectarc.waggle.intervals import share_interval

ONE = np.array([0.0, 1.0])


def _interval(misses: float, hits: float) -> tuple[float, float, float]:
    counts = np.array([misses, hits])
    found = share_interval(counts, counts, ONE)
    return found.value, found.low, found.high


def test_wilsons_interval_of_traces_of_equal_weight() -> None:
    # Wilson 1927, as in Brown, Cai and DasGupta 2001.
    assert _interval(95, 5) == pytest.approx((0.05, 0.0215, 0.1118), abs=1e-4)


def test_nothing_seen_may_still_come() -> None:
    value, low, high = _interval(100, 0)

    assert (value, low) == (0, 0)
    assert high == pytest.approx(1 - 0.05 ** (1 / 100))


def test_where_all_rules_keep_one_share_nothing_is_uncertain() -> None:
    counts = np.array([50.0])

    found = share_interval(counts, counts, np.array([0.01]), 0.01, 0.01)

    assert (found.low, found.high) == (0.01, 0.01)


def test_weights_of_one_size_say_as_much_as_none() -> None:
    sizes, squares = np.array([950.0, 50.0]), np.array([9500.0, 500.0])

    found = share_interval(sizes, squares, ONE)

    assert (found.low, found.high) == pytest.approx((0.0215, 0.1118), abs=1e-4)


def test_without_traffic_it_may_be_anything() -> None:
    nothing = np.zeros(2)

    found = share_interval(nothing, nothing, ONE)

    assert (found.low, found.high) == (0, 1)


@pytest.mark.parametrize("share", [0.02, 0.2, 0.7])
def test_95_of_100_corpora_hold_the_truth_also_where_long_traces_are_kept(share: float) -> None:
    draw = np.random.default_rng(7)
    held, runs = 0, 600
    # Traces that are kept are three times as long: the share of events is not that of traces.
    truth = 3 * share / (3 * share + 1 - share)
    for _ in range(runs):
        is_kept = draw.random(300) < share
        spans = draw.integers(1, 9, 300) * np.where(is_kept, 3.0, 1.0)
        sizes = np.array([spans[~is_kept].sum(), spans[is_kept].sum()])
        squares = np.array([(spans[~is_kept] ** 2).sum(), (spans[is_kept] ** 2).sum()])
        found = share_interval(sizes, squares, ONE)
        held += found.low <= truth <= found.high
    assert held / runs > 0.92
