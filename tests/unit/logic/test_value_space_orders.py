"""The places, intervals and automata under the classes, each against the plain meaning."""

from __future__ import annotations

import math
import random
from bisect import bisect_right

import pytest

from nectarc.evaluate.values import INT64_MAX, INT64_MIN, float_text, parse_float, text_of, to_int
from nectarc.logic.asked_predicates import Asked
from nectarc.logic.leading_digits import spellings_by_digits
from nectarc.logic.number_cells import float_spellings, int_spellings
from nectarc.logic.number_segments import (
    HIGHEST,
    LOWEST,
    float_at,
    float_places,
    int_places,
    ordinal,
    plain_float,
    plain_int,
)
from nectarc.logic.predicate_shapes import View, shape_of
from nectarc.logic.predicates import compile_predicate, condition_test
from nectarc.logic.region_language import region_language
from nectarc.logic.text_cells import OTHER_SAMPLES, other_value
from nectarc.logic.text_intervals import TextRegion, successor, text_places
from nectarc.logic.tried_texts import other_spellings
from nectarc.logic.truth_steps import step_of, sweep
from nectarc.logic.universe import Sort, sort_of
from nectarc.refinery.rules import Condition, ConfigValue
from tests.value_space_cases import random_predicates

_EDGES = (-math.inf, -1.5, -5e-324, -0.0, 0.0, 5e-324, 1.0, 2.0**53, 2.0**63, 1e308, math.inf)
_LITERALS: tuple[ConfigValue, ...] = (
    *(0, 1, -1, 500, 2**53, 2**53 + 1, -(2**53) - 1, 2**62 + 1, INT64_MAX, INT64_MIN),
    *(0.0, 0.5, -0.5, 1e6, 2.0**53, 2.0**63, -(2.0**63), 1e300, -1e300, 5e-324, math.inf),
)
_DATATYPES = ("", "int", "float")


def test_ordinals_are_in_the_order_of_the_floats() -> None:
    places = [ordinal(number) for number in _EDGES]

    assert places == sorted(places)
    assert [float_at(place) for place in places] == list(_EDGES)
    assert ordinal(0.0) == ordinal(-0.0) + 1
    assert float_at(ordinal(1.0) + 1) == math.nextafter(1.0, 2.0)


@pytest.mark.parametrize("datatype", _DATATYPES)
@pytest.mark.parametrize("literal", _LITERALS)
def test_between_its_places_a_number_test_does_not_change(
    literal: ConfigValue, datatype: str
) -> None:
    rng = random.Random(repr((literal, datatype)))
    for operator in ("=", "<", "<=", ">", ">=", "!="):
        condition = condition_test(Condition(operator=operator, value=literal, datatype=datatype))
        holds, shape = compile_predicate(condition), shape_of(condition)
        ints = step_of(holds, int_places(shape), INT64_MIN, INT64_MAX + 1)
        floats = step_of(
            lambda place, holds=holds: holds(float_at(place)),  # type: ignore[misc]  # bound early
            float_places(shape),
            LOWEST,
            HIGHEST + 1,
        )

        for whole in _ints_near(rng, literal):
            assert holds(whole) is _truth(ints.is_true_first, ints.places, whole), whole
        for number in _floats_near(rng, literal):
            place = ordinal(number)
            assert holds(number) is _truth(floats.is_true_first, floats.places, place), number


def _truth(is_true_first: bool, places: tuple[int, ...], place: int) -> bool:  # noqa: FBT001
    return is_true_first is (bisect_right(places, place) % 2 == 0)


def _ints_near(rng: random.Random, literal: ConfigValue) -> list[int]:
    assert isinstance(literal, int | float)
    middle = int(max(min(literal, 2.0**63), -(2.0**63)))
    near = [middle + rng.randint(-3000, 3000) for _ in range(20)]
    near += [middle + step for step in (-2, -1, 0, 1, 2)]
    far = [rng.randint(INT64_MIN, INT64_MAX) for _ in range(10)]
    return [max(INT64_MIN, min(INT64_MAX, whole)) for whole in (*near, *far, 0, 1, -1)]


def _floats_near(rng: random.Random, literal: ConfigValue) -> list[float]:
    assert isinstance(literal, int | float)
    place = ordinal(float(literal))
    near = [place + rng.randint(-4, 4) for _ in range(20)]
    far = [rng.randint(LOWEST, HIGHEST) for _ in range(20)]
    found = [float_at(max(LOWEST, min(HIGHEST, one))) for one in (*near, *far)]
    small = [float(literal) + rng.uniform(-2, 2) for _ in range(10)]
    return [*found, *small, *_EDGES, -(2.0**63), math.nextafter(2.0**63, 0)]


def test_a_text_test_changes_at_its_places_only() -> None:
    rng = random.Random(7)
    for _ in range(200):
        asked = Asked(random_predicates(rng))
        views = (View.POINTS, View.ORDER, View.PREFIX)
        chosen = [i for i, shape in enumerate(asked.shapes) if shape.view in views]
        lows, rows = sweep([(1 << i, asked.text_step(i)) for i in chosen], "")
        mask = sum(1 << i for i in chosen)
        literals = [place for shape in asked.shapes for place in text_places(shape)]

        for _ in range(20):
            stem = rng.choice([*literals, "x", ""])
            text = rng.choice((stem, stem[:-1], stem + "a", stem + "\0", "z" + stem))
            assert asked.row(text, mask) == rows[bisect_right(lows, text) - 1], repr(text)


def test_the_successor_of_a_prefix_is_the_least_text_above_all_that_start_so() -> None:
    assert successor("ab") == "ac"
    assert successor("a\U0010ffff") == "b"
    assert successor("\ud7ff") == "\ue000"
    assert successor("\U0010ffff") is None
    assert successor("") is None


def test_the_automaton_of_a_region_accepts_its_texts() -> None:
    rng = random.Random(5)
    letters = "ab\0é\U0010ffff"
    for _ in range(200):
        words = {"".join(rng.choices(letters, k=rng.randint(1, 4))) for _ in range(6)}
        lows = ("", *sorted(words))
        region = TextRegion(lows, tuple(rng.random() < 0.5 for _ in lows))
        language = region_language(region)

        for _ in range(30):
            text = "".join(rng.choices(letters + "z", k=rng.randint(0, 5)))
            state = language.start
            for character in text:
                state = language.step(state, ord(character))
            assert language.accepts(state) is region.has(text), (region, text)


def test_the_distances_of_a_region_do_not_exceed_the_words() -> None:
    region = TextRegion(("", "b", "bc", "bd"), (False, False, True, False))
    table = region_language(region).table

    assert table.to_accept[0] == 2  # "bc"
    assert table.to_reject[0] == 0


def test_plain_texts_of_a_region_are_in_it() -> None:
    region = TextRegion(("", "a", "a\0", "b", "other"), (False, True, False, True, False))

    texts = list(region.plain_texts())

    assert texts
    assert all(map(region.has, texts))
    assert texts[0].isprintable()


@pytest.mark.parametrize("number", [0, 7, -7, INT64_MAX, INT64_MIN])
def test_spellings_of_an_int64_count_as_it(number: int) -> None:
    spelled = int_spellings(number)

    texts = [next(spelled) for _ in range(20)]

    assert len(set(texts)) == 20
    assert {to_int(text) for text in texts} == {number}


@pytest.mark.parametrize("number", [0.0, 7.0, -7.5, 1e22, 5e-324, 1.7976931348623157e308])
def test_spellings_of_a_float64_count_as_it(number: float) -> None:
    for is_no_int in (False, True):
        spelled = float_spellings(number, is_no_int=is_no_int)

        texts = [next(spelled) for _ in range(20)]

        assert len(set(texts)) == 20
        assert {parse_float(text) for text in texts} == {number}
        assert not is_no_int or all(to_int(text) is None for text in texts)


def test_spellings_of_infinity_end() -> None:
    texts = list(float_spellings(math.inf, is_no_int=True))

    assert len(set(texts)) == len(texts) == 2 * (2**3 + 2**8)
    assert {parse_float(text) for text in texts} == {math.inf}


@pytest.mark.parametrize(
    "text",
    [
        "200",
        "2e2",
        "0.2e3",
        "20_0.0",
        "199999999999999999999e-18",
        "200.00000000000000001",
        "0xC8p0",
    ],
)
def test_digits_tell_spellings_of_a_float64(text: str) -> None:
    language = spellings_by_digits(200.0, 200.0)

    assert language is not None
    assert parse_float(text) == 200.0
    assert language.matches(text)


@pytest.mark.parametrize("text", ["5e2", "-200", "1e2", "21e1", "0.5", "x", "198e0"])
def test_digits_tell_that_a_text_is_no_spelling(text: str) -> None:
    language = spellings_by_digits(200.0, 200.0)

    assert language is not None
    assert not language.matches(text)


def test_digits_of_all_spellings_of_random_ranges_are_foreseen() -> None:
    rng = random.Random(1)
    for _ in range(100):
        low = rng.choice((rng.uniform(-1000, 1000), float(rng.randint(1, 999)), 10.0, 5e-324))
        high = max(low, low * (1 + rng.random() * 0.2))
        language = spellings_by_digits(low, high)
        texts = [*other_spellings(low), *other_spellings(high)]

        for text in texts:
            number = parse_float(text)
            if number is not None and low <= number <= high and language is not None:
                assert language.matches(text), text


@pytest.mark.parametrize("value", OTHER_SAMPLES, ids=repr)
def test_the_text_of_an_other_value_names_one(value: object) -> None:
    text = text_of(value)  # type: ignore[arg-type]  # the samples are values

    found = other_value(text)

    assert sort_of(found) is Sort.OTHER
    assert text_of(found) == text


@pytest.mark.parametrize(
    "text", ["", "x", "-01", "01", "map[k]", "[", "0.10000000149011612", "1e6"]
)
def test_texts_that_no_other_value_has(text: str) -> None:
    assert other_value(text) is None


def test_plain_numbers_stand_at_a_bound_of_a_test() -> None:
    assert plain_int([(INT64_MIN, 499)]) == 499
    assert plain_int([(INT64_MIN, 99), (600, INT64_MAX)]) == 99
    assert plain_int([(500, 599)]) == 500
    assert plain_int([(INT64_MIN, INT64_MAX)]) == 0
    assert plain_int([(INT64_MIN, -1)]) == -1


def test_plain_floats_have_few_digits() -> None:
    between = [(ordinal(499.0) + 1, ordinal(500.0) - 1)]

    assert len(float_text(plain_float(between))) <= len("499.5")
    assert plain_float([(LOWEST, HIGHEST)]) == 0.0
    assert plain_float([(ordinal(0.1), ordinal(0.1))]) == 0.1
