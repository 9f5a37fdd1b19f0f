"""Values on both sides of everything that tests and conditions can tell apart.

Owns: which values stand for a literal's classes, usual ones and hostile ones. Must not know: how
values make traces. Truth: docs/language.md, section 3, "Meaning"; Refinery reference, 2.2 to 2.7;
the classes are those of ../shared/reference/proof-method.md, section 4, thinly.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple, TypeAlias, assert_never

from nectarc.evaluate.values import FALSE_TEXTS, NIL_TEXT, TRUE_TEXTS
from nectarc.ir.nodes import (
    BoolTest,
    Exists,
    FieldType,
    NumberIn,
    NumberTest,
    StringIn,
    StringOp,
    StringTest,
    Test,
)
from nectarc.refinery.rules import Condition, ConfigValue
from nectarc.trace import Float32, Uint64, Value

_EXACT_MAX: Final = 2**53


class Pattern(NamedTuple):
    """A regular expression as a literal."""

    text: str


class Presence(NamedTuple):
    """The literal of `exists`: any value will do."""

    type: FieldType | None


Literal: TypeAlias = float | str | bool | Pattern | Presence


class FieldValues(NamedTuple):
    """The values worth trying in one span field; never `missing`, which is always worth it.

    usual:   of the type that the literals have.
    hostile: other types, null, NaN, numeric text, the text `<nil>`.
    """

    usual: tuple[Value, ...]
    hostile: tuple[Value, ...]


def literals_of_test(test: Test) -> tuple[Literal, ...]:
    """Return what `test` compares its field with."""
    match test:
        case Exists():
            return (Presence(test.field.type),)
        case NumberTest() | BoolTest():
            return (test.value,)
        case StringTest():
            is_pattern = test.op is StringOp.MATCHES
            return (Pattern(test.value) if is_pattern else test.value,)
        case NumberIn() | StringIn():
            return test.values
        case _:
            assert_never(test)


def literals_of_condition(condition: Condition) -> tuple[Literal, ...]:
    """Return what a Refinery condition compares its field with."""
    if condition.operator == "matches":
        return (Pattern(str(condition.value)),)
    return tuple(_config_literals(condition.value)) or (Presence(None),)


def values_of(
    literals: Iterable[Literal], allows: Callable[[Value], bool] = lambda _: True
) -> FieldValues:
    """Return the values on both sides of `literals`, without repetition, those that `allows` lets.

    The order is part of the result: the plainest values stand first.
    """
    usual: list[Value] = []
    hostile: list[Value] = []
    # `1.0 == True`, but they are two literals.
    for _, literal in dict.fromkeys((type(literal), literal) for literal in literals):
        usual.extend(_usual(literal))
        hostile.extend(_hostile(literal))
    hostile += [None, NIL_TEXT, math.nan, True, 0, "", (), b"ab", {"a": 1}]
    seen: set[tuple[type, str]] = set()
    return FieldValues(
        tuple(_distinct(usual, seen, allows)), tuple(_distinct(hostile, seen, allows))
    )


def _words(pattern: Pattern) -> tuple[str, ...]:
    from nectarc.evaluate.regex_words import sample_words  # noqa: PLC0415 - only `matches` pays

    return sample_words(pattern.text)


def _config_literals(value: ConfigValue) -> Iterator[Literal]:
    if isinstance(value, tuple):
        for item in value:
            yield from _config_literals(item)
    elif isinstance(value, bool | str):
        yield value
    elif isinstance(value, int | float):
        yield float(value)


def _usual(literal: Literal) -> Iterator[Value]:
    # bool before float: `True` is an int for Python, though not for mypy's float.
    if isinstance(literal, bool):
        yield from (literal, not literal)
    elif isinstance(literal, float):
        yield from _numbers_about(literal)
    elif isinstance(literal, str):
        yield from _texts_about(literal)
    elif isinstance(literal, Pattern):
        for word in _words(literal):
            yield from (word, word[1:], word[:-1], f"x{word}", f"{word}x")
    else:
        yield _sample_of(literal.type)


def _hostile(literal: Literal) -> Iterator[Value]:
    if isinstance(literal, bool):
        yield from (*TRUE_TEXTS, *FALSE_TEXTS, "yes", "tRUE", 1, 0, 1.0, 0.0, 2, Uint64(1))
    elif isinstance(literal, float):
        yield from _numbers_in_disguise(literal)
    elif isinstance(literal, str):
        yield from _texts_in_disguise(literal)
    elif isinstance(literal, Pattern):
        for word in _words(literal):
            yield from _texts_in_disguise(word)
            yield f"{word}\n"
    else:
        yield from ("x", 1, 1.5, True)


def _numbers_about(number: float) -> Iterator[Value]:
    if abs(number) < _EXACT_MAX:
        floor = math.floor(number)
        yield from (floor, floor + 1, floor - 1)
    yield from (number, math.nextafter(number, math.inf), math.nextafter(number, -math.inf))
    yield from (number + 0.5, number - 0.5)


def _numbers_in_disguise(number: float) -> Iterator[Value]:
    # Text counts as a number when Refinery's `Datatype: float` takes it; these two do not.
    text = str(int(number)) if number == int(number) else repr(number)
    yield from (text, f" {text}", f"{text}x")
    yield from (f"+{text}" if number >= 0 else f"{text}.0", f"{text}e0", repr(number))
    if abs(number) < _EXACT_MAX:
        floor = math.floor(number)
        yield from (str(floor + 1), str(floor - 1))
        if floor >= 0:
            yield from (Uint64(floor), Uint64(floor + 1))
    # A float32 prints with 32-bit digits; only values that it holds exactly keep this honest.
    yield from (Float32(float(math.trunc(number) % 65536)), Float32(0.5))
    yield from (math.inf, -math.inf, -0.0, "NaN", "inf", "0x1p4", True, False)


def _texts_about(text: str) -> Iterator[Value]:
    yield from (text, f"{text}x", f"x{text}", text[:-1], text[1:], f"x{text}x", text.swapcase())
    yield from ("", "other", "~")


def _texts_in_disguise(text: str) -> Iterator[Value]:
    if text.removeprefix("-").isdecimal() and text.isascii() and len(text) < 16:
        yield from (int(text), float(text), int(text) + 1)
        if not text.startswith("-"):
            yield Uint64(int(text))
    if text in ("true", "false"):
        yield text == "true"
    yield from (text.encode("utf-8", "replace"), (text,), f"{text}\n", f" {text}")


def _sample_of(field_type: FieldType | None) -> Value:
    if field_type is FieldType.BOOL:
        return True
    return "x" if field_type in (None, FieldType.STRING) else 1


def _distinct(
    values: Iterable[Value], seen: set[tuple[type, str]], allows: Callable[[Value], bool]
) -> Iterator[Value]:
    # `1 == 1.0 == True`, and NaN differs from itself: only type and text tell values apart.
    for value in values:
        key = (type(value), repr(value))
        if key not in seen and allows(value):
            seen.add(key)
            yield value
