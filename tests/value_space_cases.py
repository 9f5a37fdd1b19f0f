"""Random predicates on one field and random values near all that they can tell apart; nasty ones.

Owns: what to try. Must not know: classes. For the tests of value spaces and their long fuzz.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import Final

from nectarc.evaluate.values import INT64_MAX, INT64_MIN, MISSING, ValueOrMissing, text_of
from nectarc.ir.nodes import (
    BoolTest,
    Field,
    NumberIn,
    NumberOp,
    NumberTest,
    StringIn,
    StringOp,
    StringTest,
)
from nectarc.logic.predicates import Predicate, Present, condition_test, policy_test
from nectarc.refinery.rules import Condition, ConfigValue
from nectarc.trace import Float32, Uint64, Value

_FIELD: Final = Field((), "")
_NUMBERS: Final = (
    0.0, -0.0, 1.0, -1.0, 5.0, 10.0, 200.0, 499.0, 500.0, 0.5, 1.5, 0.1, -2.5, 1e6, 1e21, 1e-5,
    1e300, 5e-324, 2.0**53, 2.0**53 + 2, -(2.0**53), 2.0**63, -(2.0**63), 2.0**64, 999999.0, 16.0,
    1234567.0, 1000.0,
)  # fmt: skip
_INTS: Final = (
    0, 1, -1, 5, 10, 200, 499, 500, 1000, 2**53, 2**53 + 1, 2**53 - 1, -(2**53) - 1, 2**62 + 1,
    INT64_MAX, INT64_MIN, INT64_MAX - 1, INT64_MIN + 1, 1000000, 16,
)  # fmt: skip
_TEXTS: Final = (
    "", "a", "ab", "abc", "b", "foo", "foobar", "/api", "/api/v1", "<nil>", "true", "false", "t",
    "0", "1", "5", "10", "500", "010", "+5", "-1", "1.5", "0.5", "1e+06", "1e6", "1_000", "0x1p4",
    "1e400", "inf", "+Inf", "NaN", "nan", "Infinity", "[x]", "[", "map[", "map[k:v]", "e+", "[97",
    "1.0", "-0", "9223372036854775807", "9223372036854775808", "18446744073709551615", "00", "é",
    "\U0001f600", "\U0010ffff", "a\0", "z", "~", "0.1", "1e-05", "5e-324", "-", "n", "F", "T",
)  # fmt: skip
_PATTERNS: Final = (
    "foo", "^foo", "foo$", "^$", ".", "^[0-9]+$", "a|b", "(?i)FOO", "^5..$", r"\d", r"^\d{3}$",
    "[^a]", "x*", r"^-?\d+(\.\d+)?$", r"^\[", "ab+c", r"\bfoo\b", "^/api/v[0-9]", "nil", "e[+-]",
    r"\p{Greek}", r"^\pL+$", "(a|b)*a(a|b){9}",
)  # fmt: skip
_HOSTILE: Final[tuple[Value, ...]] = (
    None, True, False, math.nan, math.inf, -math.inf, -0.0, Uint64(0), Uint64(1), Uint64(500),
    Uint64(2**64 - 1), Uint64(2**63), Float32(0.5), Float32(math.nan), Float32(math.inf),
    Float32(0.10000000149011612), Float32(1e6), Float32(-1.0), b"", b"ab", b"a", (), ("x",),
    ("a", "b"), (1, 2.5), ((),), {}, {"k": "v"}, {"a": 1, "b": "x"}, {"": ""}, {"m": {"n": 1}},
    (None,), 2**53 + 1, 1e22, 1.7976931348623157e308, 2.0**63, -(2.0**63), 4.9e-324,
)  # fmt: skip
_SPELLINGS: Final = (
    "1_000", "0x1p4", "0X1P-4", "010", "+5", "1e400", "-1e400", "inf", "-inf", "+INFINITY", "nAn",
    "0x", "1__0", "_1", "1_", " 1", "1 ", "1e", ".5", "5.", ".", "-0", "0b1", "0o7", "0x10",
    "9" * 25, "-" + "9" * 25, "1e-400", "00000500", "5e2", "500.0", "4999e-1", "0x1F4p0", "+.5e1",
)  # fmt: skip

Rng = random.Random


def random_predicates(rng: Rng, count_max: int = 6) -> list[Predicate]:
    """Return 1 to `count_max` predicates; some runs hold to one kind, as real fields do."""
    makers: list[Callable[[Rng], Predicate]] = [
        _number_test, _text_test, _bool_test, _comparison, _membership, _text_condition,
    ]  # fmt: skip
    if rng.random() < 0.4:
        makers = rng.sample(makers, rng.randint(1, 2))
    found = [rng.choice(makers)(rng) for _ in range(rng.randint(1, count_max))]
    if rng.random() < 0.2:
        found.append(Present())
    return found


def random_value(rng: Rng, predicates: list[Predicate]) -> ValueOrMissing:
    """Return a value of any sort, mostly near the predicates' literals."""
    kind = rng.random()
    if kind < 0.02:
        return MISSING
    if kind < 0.12:
        return rng.choice(_HOSTILE)
    literal = _literal_of(rng, rng.choice(predicates))
    if kind < 0.35:
        return _text_near(rng, literal if isinstance(literal, str) else text_of(literal))
    if kind < 0.5:
        return _spelled_near(rng, literal)
    if kind < 0.9:
        return _number_near(rng, literal)
    return _other_near(rng, text_of(literal))


def _literal_of(rng: Rng, predicate: Predicate) -> str | float:
    value: object = getattr(getattr(predicate, "test", predicate), "value", None)
    values: object = getattr(getattr(predicate, "test", predicate), "values", value)
    if isinstance(values, tuple) and values:
        value = rng.choice(values)
    if isinstance(value, str | float | int):
        return value
    return rng.choice((*_TEXTS, *_NUMBERS, *_INTS))


def _text_near(rng: Rng, text: str) -> str:
    other = rng.choice(_TEXTS)
    cut = rng.randint(0, len(text))
    return rng.choice(
        (
            text, text + other, other + text, text[:cut], text[cut:], text + "\0", text + "x",
            text[:-1] + chr(min(ord(text[-1:] or "a") + 1, 0xD7FF)), other, text.swapcase(),
            f"x{text}x", text + "\n", text[:cut] + rng.choice("0a.-_e+ ") + text[cut:],
            text + "\U0010ffff", f"{rng.randint(0, 999)}", rng.choice(_SPELLINGS),
        )
    )  # fmt: skip


def _number_near(rng: Rng, literal: str | float) -> Value:
    number = _as_number(rng, literal)
    number = rng.choice((number, number, rng.choice(_NUMBERS), float(rng.choice(_INTS))))
    if rng.random() < 0.5:
        base = rng.choice((number, literal if isinstance(literal, int) else number))
        whole = int(max(min(base, 2**63), -(2**63)))
        whole += rng.choice((0, 0, 1, -1, 2, -2, 512, 1024, -1024, 2048, rng.randint(-600, 600)))
        return max(INT64_MIN, min(INT64_MAX, whole))
    moved = (
        number, math.nextafter(number, math.inf), math.nextafter(number, -math.inf), number + 0.5,
        number - 0.5, -number, number * 10, rng.uniform(-1e3, 1e3), float(rng.randint(-999, 999)),
        number + 1, number - 1, rng.choice(_NUMBERS),
    )  # fmt: skip
    return rng.choice(moved)


def _spelled_near(rng: Rng, literal: str | float) -> str:
    if rng.random() < 0.3:
        return rng.choice(_SPELLINGS)
    value = _number_near(rng, literal)
    text = rng.choice((text_of(value), repr(value)))
    return rng.choice(
        (text, f"+{text}", f"0{text}", f"{text}0", f"{text}.0", f"{text}e0", f"{text}_0")
    )


def _other_near(rng: Rng, text: str) -> Value:
    number = rng.choice((0, 1, 5, 500, 2**63, 2**64 - 1, rng.randint(0, 2**64 - 1)))
    single = random.Random(text).uniform(-1e3, 1e3)
    inner = text.removeprefix("[").removesuffix("]")
    return rng.choice(
        (
            (text,), (inner,), (inner, text), {text: inner}, {"k": text}, Uint64(number),
            Uint64(int(text)) if text.isdecimal() and text.isascii() and len(text) < 20 else (),
            Float32(float(int(single))), Float32(float(int(single * 8)) / 8),
            text.encode("utf-8", "replace"), rng.choice(_HOSTILE),
        )
    )  # fmt: skip


def _as_number(rng: Rng, literal: str | float) -> float:
    try:
        number = float(literal)
    except (ValueError, OverflowError):
        return rng.choice(_NUMBERS)
    return number if math.isfinite(number) else rng.choice(_NUMBERS)


def _number_test(rng: Rng) -> Predicate:
    if rng.random() < 0.25:
        numbers = tuple(rng.sample(_NUMBERS, rng.randint(1, 3)))
        return policy_test(NumberIn(_FIELD, numbers, is_negated=rng.random() < 0.5))
    number = rng.choice((*_NUMBERS, rng.uniform(-10, 1000)))
    return policy_test(NumberTest(_FIELD, rng.choice(list(NumberOp)), number))


def _text_test(rng: Rng) -> Predicate:
    if rng.random() < 0.2:
        texts = tuple(rng.sample(_TEXTS, rng.randint(1, 4)))
        return policy_test(StringIn(_FIELD, texts, is_negated=rng.random() < 0.5))
    op = rng.choice(list(StringOp))
    texts = _PATTERNS if op is StringOp.MATCHES else _TEXTS
    return policy_test(StringTest(_FIELD, op, rng.choice(texts)))


def _bool_test(rng: Rng) -> Predicate:
    return policy_test(BoolTest(_FIELD, rng.random() < 0.5, is_negated=rng.random() < 0.5))


def _config_value(rng: Rng) -> ConfigValue:
    choices: tuple[ConfigValue, ...] = (
        rng.choice(_NUMBERS), rng.choice(_INTS), rng.choice(_TEXTS), rng.choice(_TEXTS),
        rng.choice((True, False, None, math.nan, math.inf, "0x1p4", "1e3", "1_000", "inf", "nan")),
        rng.choice((5, 500, 1.5, 200, "500")),
    )  # fmt: skip
    return rng.choice(choices)


def _comparison(rng: Rng) -> Predicate:
    value: ConfigValue = ("a", "b") if rng.random() < 0.03 else _config_value(rng)
    operator = rng.choice(("=", "!=", ">", ">=", "<", "<="))
    datatype = rng.choice(("", "", "string", "int", "float", "bool"))
    return condition_test(Condition(operator=operator, value=value, datatype=datatype))


def _membership(rng: Rng) -> Predicate:
    many = tuple(_config_value(rng) for _ in range(rng.randint(0, 4)))
    value = _config_value(rng) if rng.random() < 0.2 else many
    datatype = rng.choice(("", "string", "int", "float", "bool"))
    operator = rng.choice(("in", "not-in"))
    return condition_test(Condition(operator=operator, value=value, datatype=datatype))


def _text_condition(rng: Rng) -> Predicate:
    operator = rng.choice(
        ("starts-with", "contains", "does-not-contain", "matches", "exists", "not-exists", "")
    )
    value: ConfigValue = rng.choice(_PATTERNS) if operator == "matches" else _config_value(rng)
    if rng.random() < 0.03:
        value = "("  # no pattern
    return condition_test(Condition(operator=operator, value=value))
