"""Languages of numbers against the plain conversions of single texts."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from itertools import product
from random import Random
from typing import Final

import pytest

from nectarc.automata.language import Language
from nectarc.automata.languages import contains, ends_with, regex, starts_with
from nectarc.automata.numbers import (
    Spellings,
    atoi_text,
    byte_texts,
    few_digits,
    float_text_over,
    float_text_under,
    int_text,
    list_texts,
    map_texts,
    not_atoi,
    parse_float_any,
    parse_float_over,
    parse_float_under,
    parse_infinity,
    parse_nan,
)
from nectarc.automata.words import find_word, find_word_in
from nectarc.evaluate.values import (
    INT64_MAX,
    INT64_MIN,
    float_text,
    parse_float,
    plain_float_text,
    text_of,
    to_int,
)
from nectarc.trace import Value

_INTEGERS: Final = (0, 1, -1, 9, 10, 99, 100, 200, -200, 2**53, INT64_MAX, INT64_MIN, 2**64 - 1)
_FLOATS: Final = (
    0.0, -0.0, 1.0, 0.1, 0.5, -1.0, 100.0, 499.99, 500.0, 99999.0, 1e5, 999999.0, 1e6, 123456.0,
    1e-4, 1e-5, -1e-4, 2.0**53, 1e15, 1e21, 1e25, 1e-25, 1 / 3, 5e-324, 2.0**-1022,
    1.7976931348623157e308,
)  # fmt: skip
_ODD: Final = (
    "", "-", "+", ".", "5.", ".5", "-.0", "--1", "1_0", "1_", "_1", "1__0", "1e1_0", "0x1p3", "0x1",
    "0x_1p-2", "-0x1.8P1", "e5", "1e", "1e+", "inf", "-Inf", "+infinity", "infinit", "nan", "+nan",
    "0e5", "0.0e-9", "-0e1", "1e400", "1e-400", "2e-400", "9e-331", "-1e-999", "00.00", "1.e3",
    ".5e1", "12e-1", "0.0001e4", "1e0", "1e-0", "001e1", "1.10", "1e5 ", " 1", "1e05", "\u0663",
    "1e99999", "1e-330", "0b1", "0_1", "1e1e1", "1.2.3",
)  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_integers_are_those_in_the_range(seed: int) -> None:
    rng = Random(seed)
    for _ in range(50):
        low, high = sorted((_integer(rng), _integer(rng)))
        for _ in range(40):
            number = rng.choice((low, high, low - 1, high + 1, -low, _integer(rng)))
            text = rng.choice(("", "", "", "+", "-", "0", "-0", "+00")) + str(number)
            read = to_int(text)

            is_shown = text.removeprefix("-").isdigit() and str(int(text)) == text
            assert int_text(low, high).matches(text) is (is_shown and low <= int(text) <= high)
            assert atoi_text(low, high).matches(text) is (read is not None and low <= read <= high)
            assert not_atoi().matches(text) is (read is None)


def test_odd_texts_are_no_integers() -> None:
    for text in _ODD:
        assert not_atoi().matches(text) is (to_int(text) is None), text
        assert atoi_text(INT64_MIN, INT64_MAX).matches(text) is (to_int(text) is not None), text
        assert not int_text(INT64_MIN, INT64_MAX).matches(text), text


def test_an_empty_range_has_no_spellings() -> None:
    assert find_word([int_text(5, 4)]) is None
    assert find_word([int_text(13, 19), ends_with("2")]) is None
    assert find_word([atoi_text(2**63, 2**64)]) is None
    assert find_word([int_text(100, 599), starts_with("5"), ends_with("7")]) == "577"


@pytest.mark.parametrize("seed", range(4))
def test_floats_lie_between_what_is_sure_and_what_may_be(seed: int) -> None:
    rng = Random(seed)
    found = {True: 0, False: 0}
    for _ in range(12):
        low, high = sorted((_float(rng), _float(rng)), key=_order)
        for text in (*_float_spellings(rng, low, high), *rng.sample(_ODD, 8)):
            number = parse_float(text)
            is_inside = (
                number is not None
                and math.isfinite(number)
                and _order(low) <= _order(number) <= _order(high)
            )
            is_shown = is_inside and number is not None and float_text(number) == text
            found[is_inside] += 1

            assert is_inside or not _is_in(parse_float_under(low, high), text), (low, high, text)
            assert not is_inside or _is_in(parse_float_over(low, high), text), (low, high, text)
            assert is_shown or not _is_in(float_text_under(low, high), text), (low, high, text)
            assert not is_shown or _is_in(float_text_over(low, high), text), (low, high, text)
    assert min(found.values()) > 100


def test_short_decimals_in_the_range_are_sure() -> None:
    texts = [f"{a}{b}" for a, b in product(("1", "25", "499", "0"), ("", ".5", ".25", ".001"))]
    for text in texts:
        number = float(text)

        assert _is_in(float_text_under(0.001, 499.5), text) is (0.001 <= number <= 499.5), text
        assert _is_in(parse_float_under(0.001, 499.5), text) is (0.001 <= number <= 499.5), text


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (1e6, 1e6, "1e+06"),
        (999999.0, 999999.0, "999999"),
        (1e-4, 1e-4, "0.0001"),
        (1e-5, 1e-5, "1e-05"),
        (0.0, 0.0, "0"),
        (-0.0, -0.0, "-0"),
        (-1.5e300, -1.5e300, "-1.5e+300"),
        (0.1, 0.1, "0.1"),
    ],
)
def test_a_range_of_one_number_has_one_text(low: float, high: float, text: str) -> None:
    assert find_word_in(float_text_under(low, high)) == text
    assert find_word_in(float_text_over(low, high)) == text


def test_floats_meet_other_languages() -> None:
    assert find_word_in(float_text_under(0.5, 2.0), (contains(".7"),)) == "1.7"
    assert find_word_in(float_text_over(0.5, 0.75), (starts_with("1"),)) is None
    assert find_word_in(float_text_over(-5.0, 5.0), (contains("e+"),)) is None
    assert find_word_in(parse_float_under(100.0, 200.0), (starts_with("+"),)) == "+100"
    assert find_word_in(parse_float_over(100.0, 200.0), (starts_with("-"),)) is None


def test_what_parses_is_among_what_may() -> None:
    for text in _ODD:
        number = parse_float(text)

        assert number is None or parse_float_any().matches(text), text
        assert parse_nan().matches(text) is (number is not None and math.isnan(number)), text
        assert parse_infinity(is_negative=True).matches(text) is (number == -math.inf), text
        assert parse_infinity(is_negative=False).matches(text) is (number == math.inf), text
    assert not parse_float_any().matches("error")


def test_lists_bytes_and_maps_are_in_brackets() -> None:
    lists: tuple[Value, ...] = ((), ("a", "\n"), (1, (2.5,)), ("][",))
    maps: tuple[Value, ...] = ({}, {"a": 1}, {"a": {"b": "\n"}, ":": "]"})
    for value in lists:
        assert list_texts().matches(text_of(value))
    for data in (b"", b"\0\t\xff", b"a"):
        assert byte_texts().matches(text_of(data))
    for value in maps:
        assert map_texts().matches(text_of(value))
    for text in ("", "[", "]", "map[", "map[a]", "map", "[a"):
        assert not map_texts().matches(text)
        assert not list_texts().matches(text)
    assert not byte_texts().matches("[256]")
    assert not byte_texts().matches("[01]")


def test_few_digits_counts_significant_digits() -> None:
    assert few_digits(15).matches("0.00012345678901234e-20")
    assert few_digits(15).matches("-123456789012345")
    assert not few_digits(15).matches("1234567890123456")
    assert not few_digits(15).matches("1.000000000000000e+10")


def test_patterns_meet_numbers() -> None:
    pattern = regex(r"^[0-9]\.[0-9]{18}$")
    assert isinstance(pattern, Language)

    assert find_word_in(float_text_over(1.0, 2.0), (pattern,)) is None
    assert find_word_in(parse_float_under(1.0, 2.0), (pattern,)) == "1.000000000000000000"


def _is_in(spellings: Spellings, text: str) -> bool:
    return any(all(one.matches(text) for one in languages) for languages in spellings)


def _order(number: float) -> tuple[float, float]:
    return number, math.copysign(1, number)


def _integer(rng: Random) -> int:
    match rng.randrange(3):
        case 0:
            return rng.choice(_INTEGERS)
        case 1:
            return rng.randint(-1000, 1000)
        case _:
            return int(10 ** rng.uniform(0, 19.2)) * rng.choice((1, -1))


def _float(rng: Random) -> float:
    match rng.randrange(5):
        case 0:
            return rng.choice(_FLOATS)
        case 1:
            return round(rng.uniform(-1000, 1000), rng.randrange(4))
        case 2:
            return rng.choice((1, -1)) * 10 ** rng.uniform(-7, 9)
        case 3:
            return float(f"{rng.choice((1, -1)) * 10 ** rng.uniform(-30, 30):.3g}")
        case _:
            number: float = struct.unpack("d", rng.randbytes(8))[0]
            return number if math.isfinite(number) else 1.5


def _float_spellings(rng: Random, low: float, high: float) -> Iterator[str]:
    near = (low, high, math.nextafter(low, -math.inf), math.nextafter(high, math.inf), -low, -high)
    inside = low / 2 + high / 2
    for number in (*near, inside, _float(rng), _float(rng)):
        if not math.isfinite(number):
            continue
        yield float_text(number)
        yield repr(number)
        yield f"{number:.{rng.randrange(19)}e}"
        yield plain_float_text(number) + rng.choice(("", "0", ".0", "e0"))
        yield rng.choice(("+", "-", "00", "0")) + plain_float_text(abs(number))
        if abs(number) < 1e30:
            yield f"{number:.{rng.randrange(26)}f}"
        mantissa = rng.choice(("1", "70", "9.5", "0.5", "12.5"))
        yield f"{mantissa}{rng.choice('eE')}{rng.choice(('', '+', '-', '-0'))}{rng.randrange(12)}"
