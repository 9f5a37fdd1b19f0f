"""Go's view of a value: its text, and its conversions to int, float and bool.

Owns: the text form and the three conversions. Must not know: rules, conditions, YAML.
Truth: ../shared/reference/refinery-semantics.md, 2.2 and 2.3 (integers out of range as on amd64).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping
from enum import Enum
from typing import Final, TypeAlias

from nectarc.trace import Float32, Uint64, Value


class Missing(Enum):
    """The type of `MISSING`: a field that the span does not have (null is a value)."""

    MISSING = "missing"


MISSING: Final = Missing.MISSING
ValueOrMissing: TypeAlias = "Value | Missing"

NIL_TEXT: Final = "<nil>"
# The texts that Go reads as a bool (reference, 2.3), in the order in which rules list them.
TRUE_TEXTS: Final = ("1", "t", "T", "TRUE", "true", "True")
FALSE_TEXTS: Final = ("0", "f", "F", "FALSE", "false", "False")
INT64_MIN: Final = -(2**63)
INT64_MAX: Final = 2**63 - 1

_INTEGER: Final = re.compile(r"[+-]?[0-9]+")
_DECIMAL: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_HEX_DIGITS: Final = r"(?:[0-9a-fA-F]+\.?[0-9a-fA-F]*|\.[0-9a-fA-F]+)"
_HEX: Final = re.compile(rf"[+-]?0[xX]{_HEX_DIGITS}[pP][+-]?[0-9]+")
_INFINITY: Final = re.compile(r"([+-]?)inf(?:inity)?", re.IGNORECASE | re.ASCII)


def text_of(value: ValueOrMissing) -> str:
    """Return the text of `value` as Go's `%v` prints it; a missing field is `<nil>`."""
    match value:
        case None | Missing():
            return NIL_TEXT
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return float_text(value)
        case Uint64():
            return str(value.value)
        case Float32():
            return _general(*_digits(value.value, _shortest32(value.value)))
        case bytes():
            return "[" + " ".join(map(str, value)) + "]"
        case Mapping():
            pairs = (f"{name}:{text_of(value[name])}" for name in sorted(value))
            return "map[" + " ".join(pairs) + "]"
        case _:
            return "[" + " ".join(map(text_of, value)) + "]"


def float_text(value: float) -> str:
    """Return Go's `%v` of a float64: shortest digits, an exponent from 1e6 and below 1e-4."""
    return _general(*_digits(value, repr(value)))


def plain_float_text(value: float) -> str:
    """Return the shortest digits without an exponent (Go's `strconv.FormatFloat(v, 'f', -1)`)."""
    return _plain(*_digits(value, repr(value)))


def json_number_text(value: float | Float32) -> str:
    """Return a finite float as Go's encoding/json writes it: an exponent below 1e-6, from 1e21."""
    if isinstance(value, Float32):
        sign, digits, point = _digits(value.value, _shortest32(value.value))
    else:
        sign, digits, point = _digits(value, repr(value))
    if digits.strip("0") and not -6 <= point - 1 < 21:
        # Go writes e-09 as e-9, but leaves e+09 alone.
        return re.sub(r"e-0(\d)$", r"e-\1", _scientific(sign, digits, point))
    return _plain(sign, digits, point)


def to_int(value: ValueOrMissing) -> int | None:
    """Convert to int64, None where Refinery fails to (bool, null, other types, other text)."""
    match value:
        case bool():
            return None
        case int():
            return value
        case float():
            return _truncated(value)
        case str() if _INTEGER.fullmatch(value) and len(value) < 4000:
            number = int(value)
            return number if INT64_MIN <= number <= INT64_MAX else None
        case _:
            return None


def to_float(value: ValueOrMissing) -> float | None:
    """Convert to float64, None where Refinery fails to."""
    match value:
        case bool():
            return None
        case int() | float():
            return float(value)
        case str():
            return parse_float(value)
        case _:
            return None


def to_bool(value: ValueOrMissing) -> bool:
    """Convert to bool; never fails: whatever is not one of six texts is false."""
    return value if isinstance(value, bool) else text_of(value) in TRUE_TEXTS


def parse_float(text: str) -> float | None:
    """Read a number as `strconv.ParseFloat(text, 64)` does; None is a failure, overflow too."""
    infinity = _INFINITY.fullmatch(text)
    if infinity:
        return float("-inf") if infinity[1] == "-" else float("inf")
    if text.lower() == "nan" and text.isascii():
        return float("nan")
    if "_" in text:
        if not _has_separators_between_digits(text):
            return None
        text = text.replace("_", "")
    if _DECIMAL.fullmatch(text):
        number = float(text)
    elif _HEX.fullmatch(text):
        try:
            number = float.fromhex(text)
        except OverflowError:
            return None
    else:
        return None
    return None if number in (float("inf"), float("-inf")) else number


def _truncated(value: float) -> int:
    if not -(2.0**63) <= value < 2.0**63:  # NaN included
        return INT64_MIN
    return int(value)


def _has_separators_between_digits(text: str) -> bool:
    """Say whether each `_` stands after a digit (or a base prefix) and before a digit."""
    body = text.lstrip("+-")
    prefixed = re.match(r"0[bBoOxX]", body)
    digit = "[0-9a-fA-F]" if prefixed and body[1] in "xX" else "[0-9]"
    if prefixed:
        body = "0" + body[2:]
    return re.search(rf"(?<!{digit})_|_(?!{digit})", body) is None


def _shortest32(value: float) -> str:
    """Return the fewest digits that name `value` among the 32-bit floats, as Python writes it."""
    if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124
        return repr(value)
    exact = struct.pack("f", value)
    for precision in range(9):
        text = f"{value:.{precision}e}"
        try:
            if struct.pack("f", float(text)) == exact:
                return text
        except OverflowError:
            continue
    return repr(value)


def _digits(value: float, shortest: str) -> tuple[str, str, int]:
    """Split into sign, digits and the place of the point: value = 0.DIGITS x 10^point.

    For NaN and infinities the digits are Go's whole word and the point is 0.
    """
    if value != value:  # noqa: PLR0124
        return "", "NaN", 0
    if value in (float("inf"), float("-inf")):
        return ("+" if value > 0 else "-"), "Inf", 0
    sign = "-" if shortest.startswith("-") else ""
    mantissa, _, exponent = shortest.lstrip("-").partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    leading = len(whole + fraction) - len(digits)
    point = len(whole) - leading + int(exponent or "0")
    digits = digits.rstrip("0")
    return (sign, digits, point) if digits else (sign, "0", 1)


def _general(sign: str, digits: str, point: int) -> str:
    if digits.isalpha():
        return sign + digits
    if -4 <= point - 1 < 6:
        return _plain(sign, digits, point)
    return _scientific(sign, digits, point)


def _scientific(sign: str, digits: str, point: int) -> str:
    fraction = "." + digits[1:] if len(digits) > 1 else ""
    exponent = point - 1
    return f"{sign}{digits[0]}{fraction}e{'-' if exponent < 0 else '+'}{abs(exponent):02d}"


def _plain(sign: str, digits: str, point: int) -> str:
    if digits.isalpha():
        return sign + digits
    if point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    if point >= len(digits):
        return sign + digits + "0" * (point - len(digits))
    return f"{sign}{digits[:point]}.{digits[point:]}"
