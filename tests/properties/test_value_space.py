"""Value spaces are exact: every value's truths are some class's, and every class has its value."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nectarc.evaluate.values import ValueOrMissing
from nectarc.logic.predicates import Predicate
from nectarc.logic.universe import ALL_SORTS, Sort, sort_of
from nectarc.logic.value_space import Conflict, ValueSpace, value_space
from tests.value_space_cases import random_predicates, random_value
from tests.value_space_checks import bits_on, is_known, truths_of

_SEEDS = st.integers(0, 2**32)


@settings(max_examples=150, deadline=None)
@given(_SEEDS)
def test_the_truths_of_any_value_are_those_of_a_class(seed: int) -> None:
    rng = random.Random(seed)
    predicates = random_predicates(rng)
    sorts = rng.choice((ALL_SORTS, frozenset(rng.sample(list(Sort), 5))))
    space = value_space(predicates, sorts)

    for value in (random_value(rng, predicates) for _ in range(40)):
        if sort_of(value) not in sorts:
            continue
        is_known(space, value)  # fails where no class has the value's truths


@settings(max_examples=100, deadline=None)
@given(_SEEDS, st.sets(st.sampled_from(Sort), min_size=1))
def test_the_witness_of_a_class_is_in_it(seed: int, sorts: set[Sort]) -> None:
    predicates = random_predicates(random.Random(seed))

    space = value_space(predicates, frozenset(sorts))

    assert space.classes
    for index, one in enumerate(space.classes):
        assert one.sort in sorts
        assert sort_of(one.witness) is one.sort
        assert bits_on(space, index, truths_of(space, one.witness)) is not None


@settings(max_examples=60, deadline=None)
@given(_SEEDS)
def test_no_value_contradicts_a_lemma(seed: int) -> None:
    rng = random.Random(seed)
    predicates = random_predicates(rng)
    space = value_space(predicates, ALL_SORTS)
    lemmas = []
    for index in range(len(space.classes)):
        bits = {bit: rng.random() < 0.5 for bit in range(space.bit_count)}
        answer = space.realise(index, bits)
        if isinstance(answer, Conflict):
            assert answer.classes >> index & 1
            assert set(answer.bits) <= set(bits.items())
            lemmas.append(answer)

    for lemma in lemmas:
        of_sorts = {
            one.sort for index, one in enumerate(space.classes) if lemma.classes >> index & 1
        }
        for value in (random_value(rng, predicates) for _ in range(60)):
            if sort_of(value) in of_sorts:
                _assert_no_counterexample(space, lemma, value)


def _assert_no_counterexample(space: ValueSpace, lemma: Conflict, value: ValueOrMissing) -> None:
    """A value with the truths that a lemma rules out lies in a class without that lemma."""
    truths = truths_of(space, value)
    homes = [
        (index, bits)
        for index in range(len(space.classes))
        if (bits := bits_on(space, index, truths)) is not None
    ]
    if all(
        lemma.classes >> index & 1 and all(bits.get(bit) is truth for bit, truth in lemma.bits)
        for index, bits in homes
    ):
        pytest.fail(f"{value!r} is in no class but those of {lemma}")


@settings(max_examples=60, deadline=None)
@given(_SEEDS)
def test_equal_images_mean_equaltruths_of(seed: int) -> None:
    rng = random.Random(seed)
    predicates = random_predicates(rng)
    space = value_space(predicates, ALL_SORTS)
    by_image: dict[object, list[Predicate]] = {}
    for predicate, image in space.images.items():
        by_image.setdefault(image, []).append(predicate)

    for value in (random_value(rng, predicates) for _ in range(40)):
        truths = truths_of(space, value)
        for same in by_image.values():
            assert len({truths[predicate] for predicate in same}) == 1, repr(value)
