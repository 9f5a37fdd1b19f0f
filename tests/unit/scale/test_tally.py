"""The laws that let partitions be added in any order, on any machine."""

from __future__ import annotations

import pickle
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nectarc.codes import finding
from nectarc.diagnostic import InternalError
from nectarc.scale.tally import (
    Counts,
    EventsByRule,
    Tally,
    Volume,
    empty_tally,
    merged,
    tally_json,
    volumes_added,
)
from nectarc.source import SourceSpan

_LISTS, _EXPRS = 2, 1
_exact = st.integers(0, 9) | st.sampled_from([Fraction(0.1), Fraction(4 / 3), Fraction(1e300)])
_volumes = st.builds(
    lambda count, exact, pair: Volume(
        traces=count, spans=2 * count, weight=exact, events=2 * exact, smallest=(pair,)
    ),
    st.integers(1, 5),
    _exact,
    st.tuples(st.integers(1, 3), st.sampled_from("abc")),
)
_by_rule = st.dictionaries(st.integers(-1, 1), _volumes, max_size=2)
_counts = st.builds(
    lambda total, left, right: Counts(total=total, rules=(left, right)),
    _volumes,
    _by_rule,
    _by_rule,
)
_events: st.SearchStrategy[EventsByRule] = st.dictionaries(st.integers(-1, 1), _exact, max_size=2)
_problems = st.sampled_from("abc").map(
    lambda name: finding("NEC426", SourceSpan(name, 0, 0), f"`{name}`", why="w", help="h")
)
_tallies = st.builds(
    lambda counts, services, windows, problems: Tally(
        window_s=10,
        whole=counts[0],
        exprs=(counts[1],),
        outside=counts[1],
        failing=counts[0],
        services=services,
        windows=windows,
        problems=tuple(sorted(problems, key=repr)),
    ),
    st.tuples(_counts, _counts),
    st.dictionaries(st.sampled_from("ab"), _counts, max_size=1),
    st.dictionaries(st.sampled_from([0, 10, 20]), st.tuples(_events, _events), max_size=1),
    st.sets(_problems, max_size=1),
)


@given(_tallies, _tallies, _tallies)
def test_the_grouping_of_partitions_does_not_matter(one: Tally, two: Tally, three: Tally) -> None:
    left = merged(merged(one, two), three)
    right = merged(one, merged(two, three))

    assert left == right
    assert tally_json(left) == tally_json(right)


@given(_tallies, _tallies)
def test_the_order_of_partitions_does_not_matter(one: Tally, two: Tally) -> None:
    assert tally_json(merged(one, two)) == tally_json(merged(two, one))
    assert merged(one, two) == merged(two, one)


@given(_tallies)
def test_an_empty_partition_adds_nothing(one: Tally) -> None:
    assert merged(one, empty_tally(_LISTS, _EXPRS)) == one


@given(_tallies)
def test_a_tally_travels(one: Tally) -> None:
    assert pickle.loads(pickle.dumps(one)) == one


def test_a_sum_of_weights_is_exact() -> None:
    tenth = Volume(weight=Fraction(0.1))

    total = volumes_added([Volume(weight=10**20), *[tenth] * 10, Volume(weight=-(10**20))])

    assert total.weight == Fraction(0.1) * 10


def test_the_smallest_traces_are_kept() -> None:
    found = volumes_added(
        [Volume(smallest=((1, "b"), (9, "a"))), Volume(smallest=((1, "a"), (2, "z"), (3, "c")))]
    )

    assert found.smallest == ((1, "a"), (1, "b"), (2, "z"))


@pytest.mark.parametrize("other", [(1, 0, 10), (0, 1, 10), (0, 0, 60)], ids=str)
def test_tallies_of_different_questions_do_not_add_up(other: tuple[int, int, int]) -> None:
    with pytest.raises(InternalError, match="different questions"):
        merged(empty_tally(0, 0), empty_tally(*other))
