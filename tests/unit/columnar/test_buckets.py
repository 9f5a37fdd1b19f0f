"""Buckets keep the order of numbers, so that only a bound's own bucket needs the numbers."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nectarc.columnar.buckets import ABSENT, HIGHEST, bucket_of, buckets_of

_numbers = st.floats(allow_nan=False) | st.floats(0.001, 1e8)


@given(_numbers, _numbers)
def test_buckets_are_in_the_order_of_numbers(one: float, other: float) -> None:
    low, high = sorted((one, other))

    assert bucket_of(low) <= bucket_of(high)


@given(st.lists(_numbers, min_size=1))
def test_one_number_has_the_bucket_that_it_has_among_many(numbers: list[float]) -> None:
    assert buckets_of(np.array(numbers)).tolist() == list(map(bucket_of, numbers))


def test_numbers_at_the_ends_and_equal_zeros() -> None:
    assert buckets_of(np.array([math.nan])).tolist() == [ABSENT]
    assert bucket_of(math.inf) == HIGHEST
    assert bucket_of(-math.inf) == 0
    assert bucket_of(-0.0) == bucket_of(0.0)
    assert bucket_of(1000.0) < bucket_of(1001.0)
