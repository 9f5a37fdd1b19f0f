"""Conditions on the number of spans, those that read it as text included."""

from __future__ import annotations

from random import Random

import pytest

from nectarc.evaluate.conditions import compile_test
from nectarc.logic.decision_list import DecisionList, list_of_rules
from nectarc.logic.questions import Found, Impossible, Prover, Unknown
from nectarc.refinery.rules import NUM_DESCENDANTS, Condition, ConfigValue, Rule, RulesConfig

LISTS = 40
COUNTS = 1_200
OPERATORS = (
    *("contains", "does-not-contain", "starts-with", "matches", "=", "!=", "<", "<=", ">", ">="),
    *("in", "not-in", "exists", "not-exists"),
)
VALUES: tuple[ConfigValue, ...] = (
    *("9", "99", "1", "10", "00", "777", "", "^1", "7$", "^[2-4]+$", "^.{3}$", "x", "5.0"),
    *(0, 1, 2, 3, 4, 7, 99, 2.5, 900.0, 2**53, True, None, (1, 3), ("2", "20"), ("33", 3.0)),
)
DATATYPES = ("", "", "string", "int", "float", "bool")


def _asks(operator: str, value: ConfigValue, datatype: str = "") -> Condition:
    return Condition(field=NUM_DESCENDANTS, operator=operator, value=value, datatype=datatype)


def _list_of(*rules: tuple[Condition, ...]) -> DecisionList:
    config = RulesConfig(
        rules=tuple(
            Rule(name=str(i), conditions=conditions, sample_rate=1)
            for i, conditions in enumerate(rules)
        )
    )
    found = list_of_rules(config, "counts")
    assert isinstance(found, DecisionList)
    return found


@pytest.mark.parametrize(
    ("condition", "spans"),
    [
        (_asks("contains", "77777"), 77777),
        (_asks("starts-with", "8888"), 8888),
        (_asks("matches", "^123456$"), 123456),
        (_asks(">", "99", "string"), 990),
        (_asks("=", "1234567", "string"), 1234567),
        (_asks("matches", "^1[0-9]$"), 10),
    ],
)
def test_a_number_of_spans_with_such_a_text_is_found(condition: Condition, spans: int) -> None:
    answer = Prover((_list_of((condition,)),)).find({0: (0,)})

    assert isinstance(answer, Found)
    assert len(answer.trace.spans) == spans


def test_texts_of_numbers_that_exclude_each_other_are_refuted() -> None:
    both = (_asks("starts-with", "7"), _asks("matches", "^[0-6]"))

    assert isinstance(Prover((_list_of(both),)).find({0: (0,)}), Impossible)


def test_no_number_of_spans_is_spelled_with_letters_or_a_leading_zero() -> None:
    prover = Prover((_list_of((_asks("contains", "x"),), (_asks("starts-with", "0"),)),))

    assert isinstance(prover.find({0: (0,)}), Impossible)
    assert isinstance(prover.find({0: (1,)}), Impossible)


def test_a_number_of_spans_that_no_trace_is_built_of_is_unknown() -> None:
    answer = Prover((_list_of((_asks("matches", "^9{8}$"),)),)).find({0: (0,)})

    assert isinstance(answer, Unknown)


def test_a_pattern_without_automaton_proves_nothing_of_large_counts() -> None:
    pattern = "4{1000}5" * 12

    answer = Prover((_list_of((_asks("matches", pattern),)),)).find({0: (0,)})

    assert isinstance(answer, Unknown)


def test_every_combination_that_some_count_meets_is_found() -> None:
    for seed in range(LISTS):
        random = Random(seed)
        conditions = [
            _asks(random.choice(OPERATORS), random.choice(VALUES), random.choice(DATATYPES))
            for _ in range(3)
        ]
        prover = Prover((), [_list_of((one,)).entries[0].when for one in conditions])
        tests = [compile_test(one) for one in conditions]
        met = {tuple(test(count) for test in tests) for count in range(1, COUNTS)}
        for signs in range(8):
            wanted = tuple(bool(signs >> i & 1) for i in range(3))

            answer = prover.find({}, when=[i if one else ~i for i, one in enumerate(wanted)])

            assert isinstance(answer, Found) or wanted not in met, (seed, conditions, wanted)
