"""Numbers of TOON: which cells are numbers, and how a number is written.

Owns: the number literal, both ways. Must not know: where it stands.
Truth: TOON 4.0, section 2 and 4; ECMAScript's Number (float64) and its ToString, as the reference
implementation runs on them.
"""

from __future__ import annotations

import math
import re
from typing import Final

_LITERAL: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_EXACT: Final = 2**53
# ECMAScript writes a number plainly when its first digit stands at 10^-7 < x < 10^21.
_PLAIN_MAX: Final = 21
_PLAIN_MIN: Final = -6
_LEADS: Final = frozenset("-0123456789")


def read_number(text: str) -> int | float | None:
    """Return the float64 that `text` denotes, an int where that is exact; None for no number.

    A literal beyond float64 (`1e999`) is no number but text, as the reference has it.
    """
    if text[:1] not in _LEADS or not _LITERAL.fullmatch(text):
        return None
    value = float(text)
    if math.isinf(value):
        return None
    if value.is_integer() and -_EXACT <= value <= _EXACT:
        return int(value)
    return value


def write_number(value: float) -> str:
    """Return the number as ECMAScript prints it; `null` when float64 cannot hold it."""
    if isinstance(value, int) and -_EXACT <= value <= _EXACT:
        return str(value)
    try:
        number = float(value)
    except OverflowError:
        return "null"
    if not math.isfinite(number):
        return "null"
    if number == 0:
        return "0"
    sign = "-" if number < 0 else ""
    return sign + _layout(*_digits(abs(number)))


def _digits(number: float) -> tuple[str, int]:
    """Return the shortest digits that read back as `number`, and n with 0.digits * 10**n."""
    mantissa, _, exponent = repr(number).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or "0") - (len(whole + fraction) - len(digits))
    return digits.rstrip("0"), point


def _layout(digits: str, point: int) -> str:
    """Write 0.digits * 10**point as ECMAScript's Number::toString (ECMA-262, 6.1.6.1.20)."""
    count = len(digits)
    if count <= point <= _PLAIN_MAX:
        return digits + "0" * (point - count)
    if 0 < point <= _PLAIN_MAX:
        return f"{digits[:point]}.{digits[point:]}"
    if _PLAIN_MIN < point <= 0:
        return "0." + "0" * -point + digits
    exponent = point - 1
    mantissa = digits if count == 1 else f"{digits[0]}.{digits[1:]}"
    return f"{mantissa}e{'+' if exponent > 0 else '-'}{abs(exponent)}"
