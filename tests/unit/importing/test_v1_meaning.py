"""Conditions of Refinery 1.x and of 3.2.2, value by value: where they differ, a note says so."""

from __future__ import annotations

from random import Random
from typing import Final

from nectarc.evaluate.conditions import compare_untyped, compile_test, config_float, config_int
from nectarc.evaluate.values import MISSING, ValueOrMissing, text_of, to_bool, to_float, to_int
from nectarc.refinery.rules import Condition, ConfigValue
from tests.unit.importing.v1_files import loaded_again, one_condition, read, rules_of


def holds_in_1(condition: Condition, value: ValueOrMissing) -> bool:
    """What v1.21 finds of a span's value (config/sampler_config.go, sample/rules.go)."""
    exists = value is not MISSING
    operator, wanted = condition.operator, condition.value
    if operator in ("exists", "not-exists"):
        return exists == (operator == "exists")
    if operator in ("starts-with", "contains", "does-not-contain"):
        have, part = text_of(value), text_of(wanted)  # type: ignore[arg-type]  # scalars only
        if operator == "starts-with":
            return have.startswith(part)
        return (part in have) == (operator == "contains")
    if operator not in ("=", "!=", "<", "<=", ">", ">="):
        return False
    order = _typed_order_in_1(condition, value)
    if order is _UNTYPED:
        order = compare_untyped(value, wanted) if exists else None
    if order is None or not exists:
        return False
    assert isinstance(order, int)
    return {
        "=": order == 0,
        "!=": order != 0,
        "<": order < 0,
        "<=": order <= 0,
        ">": order > 0,
        ">=": order >= 0,
    }[operator]


_UNTYPED: Final = object()


def _typed_order_in_1(condition: Condition, value: ValueOrMissing) -> object:
    """The order of two values as a datatype has it; None where it finds none of them true."""
    wanted, operator = condition.value, condition.operator
    assert not isinstance(wanted, tuple)
    if condition.datatype == "string" and operator != ">=":
        have, text = text_of(value), text_of(wanted)  # type: ignore[arg-type]  # scalars only
        return (have > text) - (have < text)
    if condition.datatype == "int" and config_int(wanted) is not None:
        whole, number = to_int(value), config_int(wanted)
        return None if whole is None or number is None else (whole > number) - (whole < number)
    if condition.datatype == "float" and config_float(wanted) is not None:
        share, goal = to_float(value), config_float(wanted)
        return None if share is None or goal is None else (share > goal) - (share < goal)
    if condition.datatype == "bool" and operator in ("=", "!="):
        is_true = to_bool(value)
        is_wanted = to_bool(wanted)  # type: ignore[arg-type]  # scalars only
        return (is_true > is_wanted) - (is_true < is_wanted) if is_true else None
    return _UNTYPED


def test_wherever_2_decides_a_condition_otherwise_a_note_says_so() -> None:
    random = Random(598)
    texts = ("", "a", "9", "10", "-1", "<nil>", "<", "true", "false", "x y", "1.5", "z")
    values: tuple[ConfigValue, ...] = (*texts, 0, 9, 10, 1.5, True, False)
    given: tuple[ValueOrMissing, ...] = (MISSING, None, *texts, 0, 9, 10, 11, 1.5, 9.5, True, False)
    operators = ("=", "!=", "<", "<=", ">", ">=", "starts-with", "contains", "does-not-contain")
    more = ("exists", "not-exists", "in", "not-in", "matches")
    differing = silent = 0
    for _ in range(3000):
        condition = Condition(
            field="f",
            operator=random.choice(operators + more),
            value=random.choice(values),
            datatype=random.choice(("", "string", "int", "float", "bool")),
        )
        text = one_condition(
            f"field: f\noperator: '{condition.operator}'\nvalue: {_yaml(condition.value)}"
            + (f"\ndatatype: {condition.datatype}" if condition.datatype else "")
        )
        found = read(text)
        assert found.rules is not None
        (rule,) = rules_of(text)
        assert rule.conditions == (condition,)
        assert loaded_again(found) == found.rules
        test = compile_test(condition)
        differs = any(test(value) != holds_in_1(condition, value) for value in given)
        is_said = any(note.code == "NEC598" for note in found.notes)
        assert is_said or not differs, condition
        differing += differs
        silent += not is_said
    assert differing > 300
    assert silent > 1000


def _yaml(value: ConfigValue) -> str:
    return f"'{value}'" if isinstance(value, str) else str(value).lower()
