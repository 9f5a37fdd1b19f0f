"""Languages of the texts that are numbers in a range: as Go prints them and as Go reads them.

Owns: which texts those are, exactly or from below and above. Must not know: conditions.
Truth: ../shared/reference/refinery-semantics.md, 2.2 and 2.3; nectarc/evaluate/values.py says the
same of single texts. Unbounded exponents (0.00..01e+k) are no regular language: hence two bounds.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Final, TypeAlias, assert_never

from nectarc.automata.decimals import NOTHING, Bound, Interval, spellings
from nectarc.automata.language import Language, Table, Unsupported, alphabet_of
from nectarc.automata.languages import explored, regex

# A text is such a spelling if, for one of these, it is in all its languages.
Spellings: TypeAlias = tuple[tuple[Language, ...], ...]

_DIGITS: Final = "0123456789"
_INT64: Final = (-(2**63), 2**63 - 1)
# Any decimal of so many significant digits is the shortest name of its float64 (and none needs
# more than 17), from the least normal number on and below the largest power of ten.
_SURE_DIGITS: Final = 15
_ENOUGH_DIGITS: Final = 17
_SURE_MIN: Final = 1e-307
_SURE_MAX: Final = 9e307
_LEAST: Final = 5e-324
# A bound beyond these is rounded to them, on the sound side, unless both are beyond: automata get
# a state for each zero.
_TINY: Final = 1e-25
_HUGE: Final = 1e25


def complement(language: Language) -> Language:
    """Return the language of all other texts."""
    table = language.table
    assert table.grow is None
    accepting = [not is_in for is_in in table.accepting]
    other = Table(
        table.alphabet,
        table.rows,
        accepting,
        to_accept=table.to_reject,
        to_reject=table.to_accept,
    )
    is_in = language.is_in
    quick = None if is_in is None else lambda text: not is_in(text)
    return Language(("complement", language.key), other, quick)


@lru_cache(maxsize=1024)
def int_text(low: int, high: int) -> Language:
    """Return the decimal texts of the integers from `low` to `high`, as Go's %v prints them."""
    return Language(("int_text", low, high), _integers(low, high, is_canonical=True))


@lru_cache(maxsize=1024)
def atoi_text(low: int, high: int) -> Language:
    """Return the texts that Go's Atoi reads as an integer from `low` to `high`.

    low, high: cut to int64, beyond which Atoi fails.
    """
    low, high = max(low, _INT64[0]), min(high, _INT64[1])
    return Language(("atoi_text", low, high), _integers(low, high, is_canonical=False))


@lru_cache(maxsize=1)
def not_atoi() -> Language:
    """Return the texts that Atoi refuses: no digits only, or out of the range of int64."""
    return complement(atoi_text(*_INT64))


def float_text_under(low: float, high: float) -> Spellings:
    """Return texts, each Go's %v of some finite float64 in [low, high]: all short ones.

    -0.0 comes before 0.0; a number that needs 16 or 17 digits is left out.
    """
    return _float_spellings(_Kind.TEXT_UNDER, repr(low), repr(high))


def float_text_over(low: float, high: float) -> Spellings:
    """Return texts, among which is Go's %v of each finite float64 in [low, high]."""
    return _float_spellings(_Kind.TEXT_OVER, repr(low), repr(high))


def parse_float_under(low: float, high: float) -> Spellings:
    """Return texts, each of which ParseFloat reads as a number in [low, high].

    Among them are those without exponent and those with one digit before the point, but for what
    rounds to a bound from outside or is beyond 1e+/-25. -0.0 comes before 0.0, the bounds are
    finite.
    """
    return _float_spellings(_Kind.PARSE_UNDER, repr(low), repr(high))


def parse_float_over(low: float, high: float) -> Spellings:
    """Return texts, among which is each that ParseFloat reads as a number in [low, high].

    The last alternative holds odd spellings: underscores, hexadecimal, exponents after any digits.
    """
    return _float_spellings(_Kind.PARSE_OVER, repr(low), repr(high))


@lru_cache(maxsize=1)
def parse_float_any() -> Language:
    """Return texts, among which is each that ParseFloat reads, infinities and NaN too.

    What it adds are numbers that overflow and underscores in wrong places.
    """
    number = r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
    return _known(rf"^(?:[+-]?(?:{number}|{_WITH_UNDERSCORE}|{_HEX}|{_INFINITY})|{_NAN})$")


@lru_cache(maxsize=2)
def parse_infinity(*, is_negative: bool) -> Language:
    """Return the texts that ParseFloat reads as plus or minus infinity."""
    return _known(rf"^{'-' if is_negative else '[+]?'}{_INFINITY}$")


@lru_cache(maxsize=1)
def parse_nan() -> Language:
    """Return the texts that ParseFloat reads as NaN."""
    return _known(rf"^{_NAN}$")


@lru_cache(maxsize=1)
def list_texts() -> Language:
    """Return Go's %v of lists, of which strings may be members: anything in brackets."""
    return _known(r"(?s)^\[.*\]$")


@lru_cache(maxsize=1)
def byte_texts() -> Language:
    """Return Go's %v of byte strings."""
    byte = "(?:[0-9]|[1-9][0-9]|1[0-9][0-9]|2[0-4][0-9]|25[0-5])"
    return _known(rf"^\[(?:{byte}(?: {byte})*)?\]$")


@lru_cache(maxsize=1)
def map_texts() -> Language:
    """Return Go's %v of maps from any names to any values."""
    return _known(r"(?s)^map\[(?:.*:.*)?\]$")


@lru_cache(maxsize=4)
def few_digits(most: int) -> Language:
    """Return the texts with up to `most` significant digits before any `e`.

    Zeros count once another digit was read. All texts without digits are in it.
    """
    return _known(rf"^[^1-9e]*(?:[1-9][^0-9e]*(?:[0-9][^0-9e]*){{0,{most - 1}}})?(?:e(?s:.*))?$")


# Without the `^`, `$` and sign; the letters of ParseFloat's words are ASCII, (?i) would add others.
_INFINITY: Final = "[iI][nN][fF](?:[iI][nN][iI][tT][yY])?"
_NAN: Final = "[nN][aA][nN]"
_HEX: Final = "0[xX][0-9A-Fa-f.]+[pP][+-]?[0-9]+"
_WITH_UNDERSCORE: Final = "[0-9.][0-9A-FXPa-fxp.+-]*_[0-9A-FXPa-fxp.+_-]*"


class _Kind(Enum):
    TEXT_UNDER = "float_text_under"
    TEXT_OVER = "float_text_over"
    PARSE_UNDER = "parse_float_under"
    PARSE_OVER = "parse_float_over"


@lru_cache(maxsize=4096)
def _float_spellings(kind: _Kind, low_text: str, high_text: str) -> Spellings:
    """Make the automata. The bounds are texts because 0.0 == -0.0 to a cache."""
    low, high = float(low_text), float(high_text)
    more: tuple[Language, ...] = ()
    match kind:
        case _Kind.TEXT_UNDER:
            positive = _shortest(low, high, is_sure=True)
            table = spellings(positive, _shortest(-high, -low, is_sure=True), is_canonical=True)
            more = (few_digits(_SURE_DIGITS),)
        case _Kind.TEXT_OVER:
            positive = _shortest(low, high, is_sure=False)
            table = spellings(positive, _shortest(-high, -low, is_sure=False), is_canonical=True)
            more = (few_digits(_ENOUGH_DIGITS),)
        case _Kind.PARSE_UNDER:
            table = spellings(_inner(low, high), _inner(-high, -low), is_canonical=False)
        case _Kind.PARSE_OVER:
            positive, negative = _outer(low, high), _outer(-high, -low)
            table = spellings(positive, negative, is_canonical=False)
            plain = Language((kind.value, low_text, high_text), table)
            odd = _odd_spellings(
                is_positive=positive != NOTHING,
                is_negative=negative != NOTHING,
                has_zero=positive.has_zero or negative.has_zero,
            )
            return ((plain,), (odd,))
        case _:
            assert_never(kind)
    return ((Language((kind.value, low_text, high_text), table), *more),)


@lru_cache(maxsize=8)
def _odd_spellings(*, is_positive: bool, is_negative: bool, has_zero: bool) -> Language:
    """Return what ParseFloat may read besides what `spellings` knows."""
    sign = "-" if not is_positive else "[+-]?" if is_negative else "[+]?"
    mantissa = r"(?:0*[1-9][0-9]+(?:\.[0-9]*)?|0+\.?[0-9]*|\.[0-9]+)"
    odd = [rf"{mantissa}[eE][+-]?[0-9]+", _WITH_UNDERSCORE, _HEX]
    if has_zero:  # what is too small for a float64 is read as 0
        odd.append(r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)[eE]-0*[0-9]{3,}")
    return _known(f"^{sign}(?:{'|'.join(odd)})$")


def _known(pattern: str) -> Language:
    language = regex(pattern)
    assert not isinstance(language, Unsupported)
    return language


def _is_before(left: float, right: float) -> bool:
    """Order floats with -0.0 before 0.0."""
    return (left, math.copysign(1, left)) < (right, math.copysign(1, right))


def _shortest(low: float, high: float, *, is_sure: bool) -> Interval:
    """Return the positive part of [low, high] with the shortest decimals for bounds.

    is_sure: cut to where 15 digits name a number for sure.
    """
    has_zero = _has_zero(low, high)
    low = max(low, _SURE_MIN if is_sure else _LEAST)
    return _positive(low, min(high, _SURE_MAX) if is_sure else high, has_zero=has_zero)


def _inner(low: float, high: float) -> Interval:
    """Return decimals that round to a float64 in [low, high], down to 1e-25 and up to 1e25."""
    has_zero = _has_zero(low, high)
    low = max(low, _TINY) if high >= _TINY else low
    return _positive(low, min(high, _HUGE) if low <= _HUGE else high, has_zero=has_zero)


def _outer(low: float, high: float) -> Interval:
    """Return decimals, among which are all that round to a positive float64 in [low, high].

    What rounds to a number lies between the shortest decimals of its neighbours.
    """
    has_zero = _has_zero(low, high)
    if _is_before(high, 0.0) or low > high:
        return NOTHING
    above = math.nextafter(max(high, _TINY) if low <= 0 else high, math.inf)
    is_open_above = math.isinf(above) or (above > _HUGE >= low)
    below = 0.0 if low <= 0 else math.nextafter(low, 0.0)
    is_open_below = below == 0 or (below < _TINY <= high)
    return Interval(
        None if is_open_below else _bound(below, is_included=False),
        None if is_open_above else _bound(above, is_included=False),
        has_zero=has_zero,
    )


def _has_zero(low: float, high: float) -> bool:
    return not _is_before(0.0, low) and not _is_before(high, 0.0)


def _positive(low: float, high: float, *, has_zero: bool) -> Interval:
    if high <= 0 or low > high:
        return Interval(None, None, has_zero=has_zero, has_others=False)
    at_least = None if low <= 0 else _bound(low, is_included=True)
    return Interval(at_least, _bound(high, is_included=True), has_zero=has_zero)


def _bound(number: float, *, is_included: bool) -> Bound:
    """Write the shortest decimal of a positive number as a bound."""
    _, digits, exponent = Decimal(repr(number)).as_tuple()
    assert isinstance(exponent, int)
    text = "".join(map(str, digits))
    return Bound(text.rstrip("0"), len(text) - 1 + exponent, is_included)


def _integers(low: int, high: int, *, is_canonical: bool) -> Table:
    """Return the automaton of the spellings of the integers from `low` to `high`.

    is_canonical: without a plus sign and leading zeros.
    """
    positive = (str(max(low, 0)), str(high)) if high >= 0 else None
    # Minus zero is a spelling of zero for those who read, not for those who write.
    nearest = 1 if is_canonical else 0
    negative = (str(max(-high, nearest)), str(-low)) if -low >= nearest else None
    ranges = {"": positive, "+": None if is_canonical else positive, "-": negative}
    read = _integer_steps(ranges, is_canonical=is_canonical)
    alphabet = alphabet_of(("+-" + _DIGITS,))
    start: _Read = ("", 0, 0, 0)
    return explored(alphabet, start, read, lambda state: _is_whole(ranges, state))


# Sign, digits read, their order to the first digits of the low and of the high bound (0: equal).
# Leading zeros are not counted; a count of -1 stands for a zero alone, None for no way on.
_Read: TypeAlias = tuple[str, int, int, int] | None
_Ranges: TypeAlias = dict[str, tuple[str, str] | None]


def _integer_steps(ranges: _Ranges, *, is_canonical: bool) -> Callable[[_Read, int], _Read]:
    characters = ("", "+", "-", *_DIGITS)

    def step(state: _Read, kind: int) -> _Read:
        character = characters[kind]
        if state is None or not character:
            return None
        sign, count, to_low, to_high = state
        if not character.isdigit():
            return (character, 0, 0, 0) if (sign, count) == ("", 0) else None
        found = ranges[sign]
        if found is None or (is_canonical and count < 0):
            return None
        if count <= 0 and character == "0":
            return (sign, -1, 0, 0)
        low, high = found
        at = max(count, 0)
        if at == len(high):
            return None
        if at >= len(low):
            to_low = 1
        elif not to_low:
            to_low = (character > low[at]) - (character < low[at])
        if not to_high:
            to_high = (character > high[at]) - (character < high[at])
        return (sign, at + 1, to_low, to_high)

    return step


def _is_whole(ranges: _Ranges, state: _Read) -> bool:
    if state is None or not state[1]:
        return False
    sign, count, to_low, to_high = state
    found = ranges[sign]
    if found is None:
        return False
    low, high = found
    if count < 0:
        return low == "0"
    return (count > len(low) or (count == len(low) and to_low >= 0)) and (
        count < len(high) or to_high <= 0
    )
