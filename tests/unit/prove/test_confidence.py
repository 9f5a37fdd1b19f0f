"""The upper bound that a sample without failures gives."""

from __future__ import annotations

import numpy as np
import pytest

from nectarc.prove.confidence import effective_count, upper_bound
from nectarc.prove.words import bound_words


def test_equal_weights_count_as_many_as_they_are() -> None:
    assert effective_count(np.full(300, 7.0)) == pytest.approx(300)


def test_one_heavy_trace_counts_as_one() -> None:
    assert effective_count(np.array([1e9, 1.0, 1.0])) == pytest.approx(1, abs=1e-6)


def test_weights_whose_squares_overflow_still_count() -> None:
    assert effective_count(np.array([1e300, 1e300])) == pytest.approx(2)


def test_the_bound_is_that_of_the_exact_binomial() -> None:
    # 0.95 confidence, no failure in 59: the classical 5 %.
    assert upper_bound(np.ones(59)) == pytest.approx(0.0495, abs=1e-4)
    assert upper_bound(np.ones(1)) == pytest.approx(0.95)
    assert upper_bound(np.empty(0)) is None


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.009936, "1.00 %"),
        (0.0495, "5.0 %"),
        (0.95, "95 %"),
        (0.00123, "0.13 %"),
        (1e-6, "0.0001 %"),
    ],
)
def test_the_bound_is_rounded_up(share: float, words: str) -> None:
    assert bound_words(share) == words
