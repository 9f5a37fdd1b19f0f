from __future__ import annotations

import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nectarc.evaluate.values import (
    MISSING,
    ValueOrMissing,
    float_text,
    json_number_text,
    parse_float,
    plain_float_text,
    text_of,
    to_bool,
    to_float,
    to_int,
)
from nectarc.trace import Float32, Uint64

_FINITE = st.floats(allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (MISSING, "<nil>"),
        (None, "<nil>"),
        (True, "true"),
        (200.0, "200"),
        (999999.0, "999999"),
        (1e6, "1e+06"),
        (1234567.0, "1.234567e+06"),
        (0.0001, "0.0001"),
        (0.00001, "1e-05"),
        (-0.0, "-0"),
        (math.nan, "NaN"),
        (math.inf, "+Inf"),
        (-math.inf, "-Inf"),
        (1e100, "1e+100"),
        (Float32(struct.unpack("f", struct.pack("f", 0.1))[0]), "0.1"),
        (Uint64(2**64 - 1), "18446744073709551615"),
        (b"abc", "[97 98 99]"),
        (("a", 1, ("b", None)), "[a 1 [b <nil>]]"),
        ({"k2": 1.5, "k": {"x": True}}, "map[k:map[x:true] k2:1.5]"),
    ],
)
def test_text_is_that_of_go(value: ValueOrMissing, text: str) -> None:
    assert text_of(value) == text


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1.9, 1),
        (-1.9, -1),
        (math.nan, -(2**63)),
        (1e300, -(2**63)),
        ("010", 10),
        ("+5", 5),
        ("9223372036854775808", None),
        ("1_000", None),
        (" 1", None),
        ("1\n", None),
        ("٣", None),
        (True, None),
        (Uint64(1), None),
        (None, None),
    ],
)
def test_int_conversion_is_that_of_refinery(value: ValueOrMissing, expected: int | None) -> None:
    assert to_int(value) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1_000", 1000.0),
        ("1__0", None),
        ("_1", None),
        ("1_.5", None),
        ("0x1p4", 16.0),
        ("0x_1p4", 16.0),
        ("0x10", None),
        ("0x1p99999", None),
        ("1e400", None),
        ("1e-400", 0.0),
        ("-Infinity", -math.inf),
        ("\u0131nf", None),  # a dotless i folds to i for Python, not for Go
        (".5", 0.5),
        ("5.", 5.0),
        ("", None),
        ("+nan", None),
        ("1.5 ", None),
    ],
)
def test_float_parsing_is_that_of_go(text: str, expected: float | None) -> None:
    assert parse_float(text) == expected


@pytest.mark.parametrize("value", ["yes", "on", "tRUE", " true", None, MISSING, 2, 1.5, Uint64(0)])
def test_other_texts_are_false(value: ValueOrMissing) -> None:
    assert to_bool(value) is False


@pytest.mark.parametrize("value", ["1", "t", "TRUE", 1, 1.0, Uint64(1), True])
def test_six_texts_are_true(value: ValueOrMissing) -> None:
    assert to_bool(value) is True


@given(_FINITE)
def test_both_float_texts_read_back(value: float) -> None:
    assert parse_float(float_text(value)) == value
    assert parse_float(plain_float_text(value)) == value
    assert "e" not in plain_float_text(value)
    assert float(json_number_text(value)) == value


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_a_float32_text_reads_back_to_the_same_float32(value: float) -> None:
    read = parse_float(text_of(Float32(value)))

    assert read is not None
    assert struct.pack("f", read) == struct.pack("f", value)


@given(st.one_of(st.integers(-(2**63), 2**63 - 1), _FINITE, st.text()))
def test_conversions_agree_on_numbers_and_their_texts(value: float | str) -> None:
    if isinstance(value, int):
        assert to_int(str(value)) == value
    number = to_float(value)
    if number is not None and not isinstance(value, str):
        assert number == float(value)
