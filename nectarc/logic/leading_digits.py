"""How the spellings of the floats of a range begin: with which significant digits.

Owns: an over-approximation of all that counts as a number of a range, whatever its exponent. Must
not know: which texts are asked for. Exponents shift the point, never the digits: 200 is spelled
2e2, 200.0, 0.2e3, 20_0 or 199999999999999999999e-18, but never 5e anything.
"""

from __future__ import annotations

import math
from decimal import Decimal
from functools import lru_cache
from typing import Final

from nectarc.automata.language import Language
from nectarc.automata.languages import regex

_DIGITS_MAX: Final = 3
_PREFIXES_MAX: Final = 40
_APART: Final = "[_.]*"


@lru_cache(maxsize=1024)
def spellings_by_digits(low: float, high: float) -> Language | None:
    """Return texts, among which is each that counts as a finite float64 in [low, high].

    None: their digits say nothing (zero is among them, or numbers of all first digits).
    """
    if not (low > 0 or high < 0):
        return None
    sign = "[+]?" if low > 0 else "-"
    small, large = sorted((abs(low), abs(high)))
    # What rounds to a number lies between its neighbours.
    prefixes = _prefixes(math.nextafter(small, 0), math.nextafter(large, math.inf))
    if prefixes is None:
        return None
    digits = "|".join(sorted({way for prefix in prefixes for way in _ways(prefix)}))
    language = regex(rf"^{sign}(?:[0_.]*(?:{digits})(?:[eE][0-9_+-]*)?|0[xX][0-9A-Fa-f_.pP+-]*)$")
    assert isinstance(language, Language)
    return language


def _prefixes(small: float, large: float) -> list[str] | None:
    """Return what the decimals of all numbers between the two begin with; None: with anything."""
    if small == 0 or math.isinf(large):
        return None
    first, last = Decimal(small), Decimal(large)
    decades = last.adjusted() - first.adjusted()
    for count in range(_DIGITS_MAX, 0, -1):
        start, end, least = _leading(first, count), _leading(last, count), 10 ** (count - 1)
        if decades == 0:
            found = [*range(start, end + 1)]
        elif decades == 1 and start > end:
            found = [*range(start, 10 * least), *range(least, end + 1)]
        else:
            return None
        if len(found) <= _PREFIXES_MAX:
            return list(map(str, found))
    return None


def _leading(number: Decimal, count: int) -> int:
    digits = "".join(map(str, number.as_tuple().digits))
    return int(digits[:count].ljust(count, "0"))


def _ways(prefix: str) -> set[str]:
    """Return patterns of digits that begin so; zeros at their end need not be written."""
    ways = {_APART.join((*prefix, "[0-9_.]*"))}
    short = prefix.rstrip("0")
    ways.update(_APART.join((*prefix[:end], "")) for end in range(len(short), len(prefix)))
    return ways
