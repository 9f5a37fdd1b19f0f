"""The classes of a field: what they tell apart, what they look like, how few they are."""

from __future__ import annotations

import math

import pytest

from nectarc.evaluate.values import INT64_MAX, MISSING, ValueOrMissing
from nectarc.ir.nodes import (
    BoolTest,
    Field,
    NumberIn,
    NumberOp,
    NumberTest,
    StringIn,
    StringOp,
    StringTest,
    Test,
)
from nectarc.logic.predicates import (
    Predicate,
    Present,
    compile_predicate,
    condition_test,
    policy_test,
)
from nectarc.logic.universe import ALL_SORTS, Sort
from nectarc.logic.value_space import Conflict, Unrealised, ValueSpace, value_space
from nectarc.refinery.rules import Condition, ConfigValue

_FIELD = Field((), "")
_NUMBERS = frozenset({Sort.MISSING, Sort.INT, Sort.FLOAT})
_TEXTS = frozenset({Sort.MISSING, Sort.STRING})


def _policy(test: Test) -> Predicate:
    return policy_test(test)


def _number(op: NumberOp, value: float) -> Predicate:
    return policy_test(NumberTest(_FIELD, op, value))


def _text(op: StringOp, value: str) -> Predicate:
    return policy_test(StringTest(_FIELD, op, value))


def _condition(operator: str, value: ConfigValue, datatype: str = "") -> Predicate:
    return condition_test(Condition(operator=operator, value=value, datatype=datatype))


def _tells_apart(space: ValueSpace, *values: ValueOrMissing) -> bool:
    """Say whether each of the values has a class of its own (no bits are open)."""
    rows = {
        tuple(compile_predicate(predicate)(value) for predicate in space.images) for value in values
    }
    columns = {
        tuple(bool(image.sure >> index & 1) for image in space.images.values())
        for index in range(len(space.classes))
    }
    return len(rows) == len(values) and rows <= columns


@pytest.mark.parametrize(
    ("policy", "condition", "sorts"),
    [
        (_number(NumberOp.GE, 500.0), _condition(">=", 500, "float"), _NUMBERS),
        (_number(NumberOp.GE, 500.0), _condition(">=", 500), _NUMBERS),
        (_number(NumberOp.NE, 0.5), _condition("!=", 0.5, "float"), _NUMBERS),
        (_number(NumberOp.GE, 500.0), _condition(">", 499, "int"), _NUMBERS - {Sort.FLOAT}),
        (
            _policy(NumberIn(_FIELD, (1.0, 2.0), is_negated=False)),
            _condition("in", (1, 2), "float"),
            ALL_SORTS,
        ),
        (_text(StringOp.EQ, "GET"), _condition("=", "GET", "string"), ALL_SORTS),
        (_text(StringOp.NE, "GET"), _condition("!=", "GET"), _TEXTS),
        (
            _policy(StringIn(_FIELD, ("a", "b"), is_negated=False)),
            _condition("in", ("b", "a")),
            ALL_SORTS,
        ),
        (_text(StringOp.STARTS_WITH, "/api"), _condition("starts-with", "/api"), ALL_SORTS),
        (_text(StringOp.CONTAINS, "foo"), _condition("contains", "foo"), ALL_SORTS),
        (_text(StringOp.MATCHES, "^a.*b$"), _condition("matches", "^a.*b$"), ALL_SORTS),
        (
            _text(StringOp.NOT_CONTAINS, "foo"),
            _condition("does-not-contain", "foo"),
            frozenset({Sort.STRING}),
        ),
        (
            _policy(BoolTest(_FIELD, True, is_negated=False)),
            _condition("=", True, "bool"),
            ALL_SORTS,
        ),
    ],
)
def test_a_policys_test_and_the_equivalent_condition_have_equal_images(
    policy: Predicate, condition: Predicate, sorts: frozenset[Sort]
) -> None:
    space = value_space([policy, condition], sorts)

    assert space.images[policy] == space.images[condition]


@pytest.mark.parametrize(
    ("policy", "condition"),
    [
        (_number(NumberOp.GE, 500.0), _condition(">=", 500)),  # null, NaN and strings
        (_number(NumberOp.GE, 500.0), _condition(">=", 500, "int")),
        (_text(StringOp.NE, "GET"), _condition("!=", "GET", "string")),  # missing
        (_text(StringOp.NOT_CONTAINS, "foo"), _condition("does-not-contain", "foo")),
    ],
)
def test_a_condition_that_differs_somewhere_has_another_image(
    policy: Predicate, condition: Predicate
) -> None:
    space = value_space([policy, condition], ALL_SORTS)

    assert space.images[policy] != space.images[condition]


def test_images_of_a_test_and_its_negation_are_complements_where_a_language_is_open() -> None:
    contains, lacks = _text(StringOp.CONTAINS, "foo"), _text(StringOp.NOT_CONTAINS, "foo")

    images = value_space([contains, lacks], frozenset({Sort.STRING})).images

    assert images[contains].open == images[lacks].open != 0
    assert images[contains].bit == images[lacks].bit
    assert images[contains].is_negated is not images[lacks].is_negated


def test_int64_beside_float64_rounds_as_refinery_does() -> None:
    exact, rounded = _condition("=", 2**53 + 1), _condition("=", 2.0**53)

    space = value_space([exact, rounded], frozenset({Sort.INT}))

    assert _tells_apart(space, 2**53 - 1, 2**53, 2**53 + 1)


def test_floats_out_of_range_count_as_the_least_int64() -> None:
    low, some = _condition("<", -10, "int"), _condition("=", 3, "int")

    space = value_space([low, some], frozenset({Sort.FLOAT}))

    assert _tells_apart(space, 2.0**63, 3.9, 4.0)
    assert all(math.isfinite(one) for one in _witnesses(space) if isinstance(one, float))


def test_nan_equals_every_number_without_datatype() -> None:
    equal, below = _condition("=", 5), _condition("<", 5, "float")

    space = value_space([equal, below], frozenset({Sort.INT, Sort.FLOAT, Sort.NAN}))

    assert len(space.classes) == 3  # NaN fares as 5


def test_spellings_of_numbers_are_classes_where_types_matter() -> None:
    whole, number, typed = (
        _condition("=", 5, "int"),
        _condition("=", 5, "float"),
        _condition("=", 5),
    )

    space = value_space([whole, number, typed], ALL_SORTS)

    assert _tells_apart(space, 5, "5", "5.0", "x", 5.5)


def test_text_tests_alone_list_no_values_but_strings() -> None:
    space = value_space([_text(StringOp.EQ, "a"), _text(StringOp.CONTAINS, "b")], ALL_SORTS)

    assert {one.sort for one in space.classes} <= {Sort.MISSING, Sort.NULL, Sort.STRING}


def test_usual_classes_stand_first_and_hold_values_of_the_tests_types() -> None:
    space = value_space([_number(NumberOp.GE, 500.0), _condition(">", 499)], ALL_SORTS)

    usual = [one.is_usual for one in space.classes]

    assert usual == sorted(usual, reverse=True)
    assert {one.sort for one in space.classes if one.is_usual} <= _NUMBERS
    assert any(one.witness == 500 and one.sort is Sort.INT for one in space.classes)


def test_classes_are_linear_in_the_literals() -> None:
    equal = [_text(StringOp.EQ, f"svc-{i}") for i in range(40)]
    above = [_number(NumberOp.GE, float(i)) for i in range(40)]

    space = value_space([*equal, *above, _text(StringOp.CONTAINS, "x")], ALL_SORTS)

    assert len(space.classes) < 400


def test_a_space_without_tests_has_one_class() -> None:
    space = value_space([], ALL_SORTS)

    assert [one.witness for one in space.classes] == [MISSING]
    assert space.bit_count == 0
    assert not space.images


def test_presence_alone_has_two_classes() -> None:
    space = value_space([Present()], ALL_SORTS)

    assert [(one.sort, one.is_usual) for one in space.classes] == [
        (Sort.MISSING, True),
        (Sort.STRING, True),
    ]


def test_counts_are_listed_among_the_int64() -> None:
    below, above = _condition("<", 100), _condition(">", 2.0**62)

    space = value_space([below, above], frozenset({Sort.INT}))

    assert {one.witness for one in space.classes} == {99, 100, 2**62 + 513}
    assert INT64_MAX not in _witnesses(space)


def _witnesses(space: ValueSpace) -> list[ValueOrMissing]:
    return [one.witness for one in space.classes]


def test_open_languages_are_realised_and_refuted() -> None:
    short, long = _text(StringOp.CONTAINS, "foo"), _text(StringOp.CONTAINS, "foobar")
    space = value_space([short, long, _text(StringOp.EQ, "foo")], _TEXTS)
    short_bit, long_bit = space.images[short].bit, space.images[long].bit
    assert short_bit is not None
    assert long_bit is not None
    (index,) = _classes_of(space.images[short].open)

    only_short = space.realise(index, {short_bit: True, long_bit: False})
    refuted = space.realise(index, {short_bit: False, long_bit: True})

    assert isinstance(only_short, str)
    assert "foo" in only_short
    assert "foobar" not in only_short
    assert refuted == Conflict(1 << index, tuple(sorted([(short_bit, False), (long_bit, True)])))


def test_a_lemma_leaves_out_what_it_does_not_need() -> None:
    begins, ends = _text(StringOp.MATCHES, "^a"), _text(StringOp.MATCHES, "^b")
    other = _text(StringOp.CONTAINS, "c")
    space = value_space([other, begins, ends, _condition("=", "x")], ALL_SORTS)
    bits = {image.bit: True for image in space.images.values() if image.bit is not None}
    index = _classes_of(space.images[begins].open)[0]

    answer = space.realise(index, bits)

    assert isinstance(answer, Conflict)
    assert {bit for bit, _ in answer.bits} == {space.images[begins].bit, space.images[ends].bit}
    assert answer.classes == space.images[begins].open & space.images[ends].open


def test_texts_of_numbers_are_searched_among_numbers() -> None:
    number, prefix = _number(NumberOp.GE, 500.0), _text(StringOp.STARTS_WITH, "12")
    space = value_space([number, prefix], frozenset({Sort.INT}))
    bit = space.images[prefix].bit
    assert bit is not None

    found = {
        space.realise(index, {bit: True})
        for index, one in enumerate(space.classes)
        if space.images[prefix].open >> index & 1
    }

    assert not any(isinstance(one, Conflict | Unrealised) for one in found)
    assert all(isinstance(one, int) and str(one).startswith("12") for one in found)
    assert len(found) == 2  # one on each side of 500


def test_a_segment_without_such_texts_is_refuted() -> None:
    low, high = _number(NumberOp.GE, 500.0), _number(NumberOp.LT, 600.0)
    prefix = _text(StringOp.STARTS_WITH, "7")
    space = value_space([low, high, prefix], frozenset({Sort.INT}))
    bit = space.images[prefix].bit
    assert bit is not None
    (index,) = _classes_of(space.images[low].sure & space.images[high].sure)

    answer = space.realise(index, {bit: True})

    assert answer == Conflict(1 << index, ((bit, True),))


def test_a_string_that_counts_as_a_number_is_refuted_by_its_digits() -> None:
    equal, prefix = _number(NumberOp.EQ, 200.0), _text(StringOp.STARTS_WITH, "5")
    space = value_space([equal, prefix], frozenset({Sort.STRING}))
    bit = space.images[prefix].bit
    assert bit is not None
    (index,) = _classes_of(space.images[equal].sure)

    assert space.realise(index, {bit: True}) == Conflict(1 << index, ((bit, True),))


def test_a_pattern_without_automaton_is_realised_by_luck_and_never_refuted() -> None:
    nested, states = "(?:" * 101 + "Ω" + ")" * 101, "b{1000}c" * 12 + r"\bx"
    lucky, other = _text(StringOp.MATCHES, f"^{nested}+$"), _text(StringOp.MATCHES, states)
    space = value_space([lucky, other, _text(StringOp.EQ, "a")], _TEXTS)
    lucky_bit, other_bit = space.images[lucky].bit, space.images[other].bit
    assert lucky_bit is not None
    assert other_bit is not None
    (index,) = _classes_of(space.images[lucky].open)

    assert space.realise(index, {lucky_bit: True, other_bit: False}) == "Ω"
    assert isinstance(space.realise(index, {lucky_bit: False}), str)
    answer = space.realise(index, {other_bit: True})
    assert isinstance(answer, Unrealised)
    assert "b{1000}c" in answer.reason


def test_bits_that_are_not_open_on_a_class_do_not_matter() -> None:
    space = value_space([_text(StringOp.EQ, "a"), _text(StringOp.CONTAINS, "b")], _TEXTS)
    index = next(i for i, one in enumerate(space.classes) if one.witness == "a")

    assert space.realise(index, {0: True}) == "a"
    assert space.realise(index) == "a"


def _classes_of(mask: int) -> list[int]:
    return [index for index in range(mask.bit_length()) if mask >> index & 1]
