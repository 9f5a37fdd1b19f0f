"""Automata of the decimal spellings of the numbers between two bounds.

Owns: the comparison of digits with the digits of a bound while they are read. Must not know: which
numbers are floats. Truth: ../shared/reference/refinery-semantics.md, 2.2 and 2.3.

Significant digits are compared with both bounds as they come; the exponent is known at the point or
after the `e`, and only where it equals a bound's does the comparison of the digits count.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias, assert_never

from nectarc.automata.language import Table, alphabet_of
from nectarc.automata.languages import explored
from nectarc.records import record

# What no float64 goes beyond, with room for what rounds to 0.
EXPONENT_MIN: Final = -330
EXPONENT_MAX: Final = 310
_FIXED_MIN: Final = -4  # Go's %v: below it and from 1e6 on, an exponent is written
_FIXED_MAX: Final = 5
_CHARACTERS: Final = "+-.0123456789Ee"
_ALPHABET: Final = alphabet_of((_CHARACTERS,))
_LESS: Final = -1
_SAME: Final = 0
_MORE: Final = 1


@record
class Bound:
    """The number d.dddd x 10^exponent; `digits` neither start nor end with 0."""

    digits: str
    exponent: int
    is_included: bool


@record
class Interval:
    """Positive numbers from `low` to `high`; None: down to 0, up to any size; and zero itself."""

    low: Bound | None
    high: Bound | None
    has_zero: bool
    has_others: bool = True


NOTHING: Final = Interval(None, None, has_zero=False, has_others=False)


# Thousands of states are made for one range: named tuples cost a third of what records do. No two
# of these classes have the same number and types of members, so that none equals another's.
class _Digits(NamedTuple):
    """How the significant digits read so far compare with those of the bounds.

    at: how many were read, 0 once both comparisons are settled.
    """

    to_low: int = _SAME
    to_high: int = _SAME
    at: int = 0


class _Start(NamedTuple):
    """Nothing read, or a sign."""

    sign: str


class _Whole(NamedTuple):
    """Digits before the point; `length` significant ones, 0: only zeros or nothing."""

    sign: str
    length: int
    digits: _Digits
    has_any: bool


class _Fraction(NamedTuple):
    """After the point. exponent: of the first significant digit; None: only zeros so far.

    zeros: how many zeros after the point while there is no significant digit.
    """

    sign: str
    exponent: int | None
    zeros: int
    digits: _Digits
    ends_well: bool


class _Settled(NamedTuple):
    """After the point, between the bounds whatever digits follow; no exponent may."""

    ends_well: bool


class _Exponent(NamedTuple):
    """After the `e`: the rest has to be one of these texts; `zeros`: after any number of zeros."""

    rest: frozenset[str]
    may_have_zeros: bool
    may_have_sign: bool


_State: TypeAlias = "_Start | _Whole | _Fraction | _Settled | _Exponent | None"


@lru_cache(maxsize=256)
def spellings(positive: Interval, negative: Interval, *, is_canonical: bool) -> Table:
    """Return the automaton of the spellings of `positive` numbers and of minus `negative` ones.

    is_canonical: as Go's %v writes a float64, but with any number of digits; otherwise what
    ParseFloat reads: signs, zeros in front and behind, no underscores, not hexadecimal, and an
    exponent only after exactly one significant digit before the point or after zeros.
    """
    reader = _Reader(positive, negative, is_canonical=is_canonical)
    steps = (None, *sorted(_CHARACTERS))

    def step(state: _State, kind: int) -> _State:
        character = steps[kind]
        return None if character is None else reader.step(state, character)

    start: _State = _Start("")
    return explored(_ALPHABET, start, step, reader.accepts)


class _Reader:
    """The transitions; states hold what was read."""

    def __init__(self, positive: Interval, negative: Interval, *, is_canonical: bool) -> None:
        self._intervals = {"": positive, "+": positive, "-": negative}
        self._is_canonical = is_canonical

    def step(self, state: _State, character: str) -> _State:
        """Return the state after `character`; None: there is no way on."""
        match state:
            case None:
                return None
            case _Start(sign):
                if character in "+-":
                    is_known = character == "-" or not self._is_canonical
                    return _Start(character) if not sign and is_known else None
                return self._in_whole(_Whole(sign, 0, _Digits(), has_any=False), character)
            case _Whole():
                return self._in_whole(state, character)
            case _Fraction():
                return self._in_fraction(state, character)
            case _Settled():
                ends_well = character != "0" or not self._is_canonical
                return _Settled(ends_well) if character.isdigit() else None
            case _Exponent():
                return _in_exponent(state, character)
            case _:
                assert_never(state)

    def accepts(self, state: _State) -> bool:
        """Say whether a spelling may end here."""
        match state:
            case None | _Start():
                return False
            case _Whole(sign, length, digits, has_any):
                return has_any and self._is_inside(sign, length - 1 if length else None, digits)
            case _Fraction(sign, exponent, _, digits, ends_well):
                return ends_well and self._is_inside(sign, exponent, digits)
            case _Settled(ends_well):
                return ends_well
            case _Exponent(rest):
                return "" in rest
            case _:
                assert_never(state)

    def _in_whole(self, state: _Whole, character: str) -> _State:
        interval = self._intervals[state.sign]
        if character == ".":
            if self._is_canonical and not state.has_any:
                return None
            exponent = state.length - 1 if state.length else None
            ends_well = state.has_any and not self._is_canonical
            return self._narrowed(_Fraction(state.sign, exponent, 0, state.digits, ends_well))
        if character in "eE":
            return self._after_e(state.sign, state.length, state.digits, character, state.has_any)
        if not character.isdigit():
            return None
        if not state.length and character == "0":
            if self._is_canonical and state.has_any:
                return None
            return state._replace(has_any=True)
        count = state.length + 1
        if self._is_canonical and (count - 1 > _FIXED_MAX or (state.has_any and not state.length)):
            return None
        if interval.high is not None and count - 1 > max(interval.high.exponent, 0):
            return None
        if not interval.has_others:
            return None
        # Past the exponents of both bounds a longer number is only longer.
        largest = 0 if interval.low is None else max(interval.low.exponent, 0)
        if interval.high is None:
            count = min(count, largest + 3)
        digits = self._compared(state.sign, state.digits, character)
        if count > 1 and interval.low is not None and count - 1 > interval.low.exponent:
            at = digits.at if digits.to_high == _SAME else 0
            digits = _Digits(_MORE, digits.to_high, at)
        return _Whole(state.sign, count, digits, has_any=True)

    def _in_fraction(self, state: _Fraction, character: str) -> _State:
        interval = self._intervals[state.sign]
        if character in "eE":
            if not state.ends_well and (self._is_canonical or state.exponent is None):
                return None
            count = 0 if state.exponent is None else state.exponent + 1
            is_usual = state.exponent is None or count == 1
            if not is_usual:
                return None
            return self._after_e(state.sign, count, state.digits, character, has_any=True)
        if not character.isdigit():
            return None
        ends_well = character != "0" or not self._is_canonical
        if state.exponent is not None:
            digits = self._compared(state.sign, state.digits, character)
            return self._narrowed(state._replace(digits=digits, ends_well=ends_well))
        if character == "0":
            zeros = state.zeros + 1
            if self._is_canonical:
                return state._replace(zeros=zeros) if zeros < -_FIXED_MIN else None
            low = interval.low
            most = 1 if low is None else -min(low.exponent, 0)
            if interval.high is not None:
                most = max(most, -min(interval.high.exponent, 0))
            # More zeros than any bound has say only that the number is smaller.
            return state._replace(zeros=min(zeros, most + 1), ends_well=ends_well)
        if not interval.has_others:
            return None
        digits = self._compared(state.sign, _Digits(), character)
        return self._narrowed(
            _Fraction(state.sign, -state.zeros - 1, 0, digits, ends_well=ends_well)
        )

    def _compared(self, sign: str, digits: _Digits, character: str) -> _Digits:
        """Compare one more significant digit with both bounds."""
        interval, at = self._intervals[sign], digits.at
        to_low, to_high = digits.to_low, digits.to_high
        if interval.low is None:
            to_low = _MORE
        elif to_low == _SAME:
            to_low = _order(character, interval.low.digits[at : at + 1] or "0")
        if interval.high is None:
            to_high = _LESS
        elif to_high == _SAME:
            to_high = _order(character, interval.high.digits[at : at + 1] or "0")
        if _SAME not in {to_low, to_high}:
            return _Digits(to_low, to_high, 0)
        longest = max(len(bound.digits) for bound in (interval.low, interval.high) if bound)
        return _Digits(to_low, to_high, min(at + 1, longest))

    def _narrowed(self, state: _Fraction) -> _State:
        """Forget what cannot matter any more once the exponent is known and no `e` may come."""
        interval, exponent = self._intervals[state.sign], state.exponent
        if exponent is None or exponent == 0:
            return state
        digits = state.digits
        low, high = interval.low, interval.high
        if low is not None and exponent < low.exponent:
            return None
        if high is not None and exponent > high.exponent:
            return None
        to_low = _MORE if low is None or exponent > low.exponent else digits.to_low
        to_high = _LESS if high is None or exponent < high.exponent else digits.to_high
        if to_low == _LESS or to_high == _MORE:
            return None
        at = digits.at if _SAME in {to_low, to_high} else 0
        if to_low == _MORE and to_high == _LESS:
            return _Settled(state.ends_well)
        return state._replace(digits=_Digits(to_low, to_high, at))

    def _limits(self, sign: str, digits: _Digits) -> tuple[int, int] | None:
        """Return the exponents that bring a number with these digits inside; None: none do."""
        interval = self._intervals[sign]
        if not interval.has_others:
            return None
        low, high = interval.low, interval.high
        least, most = EXPONENT_MIN, EXPONENT_MAX
        if low is not None:
            order = digits.to_low
            if order == _SAME and digits.at < len(low.digits):
                order = _LESS
            least = low.exponent + int(order < (_SAME if low.is_included else _MORE))
        if high is not None:
            order = digits.to_high
            if order == _SAME and digits.at < len(high.digits):
                order = _LESS
            most = high.exponent - int(order > (_SAME if high.is_included else _LESS))
        return (least, most) if least <= most else None

    def _is_inside(self, sign: str, exponent: int | None, digits: _Digits) -> bool:
        if exponent is None:
            return self._intervals[sign].has_zero
        limits = self._limits(sign, digits)
        # The largest exponents are cut off where there is no bound.
        high = self._intervals[sign].high
        return (
            limits is not None and limits[0] <= exponent and (high is None or exponent <= limits[1])
        )

    def _after_e(
        self,
        sign: str,
        count: int,
        digits: _Digits,
        character: str,
        has_any: bool,  # noqa: FBT001 - said at each call
    ) -> _State:
        if not has_any or count > 1 or (self._is_canonical and (character == "E" or not count)):
            return None
        if not count:
            # Zero whatever the exponent, which is cut to what numbers need.
            limits = (EXPONENT_MIN, EXPONENT_MAX) if self._intervals[sign].has_zero else None
        else:
            limits = self._limits(sign, digits)
        if limits is None:
            return None
        if self._is_canonical:
            rest = _canonical_exponents(*limits)
            return _Exponent(rest, may_have_zeros=False, may_have_sign=False) if rest else None
        return _Exponent(_exponents(*limits), may_have_zeros=False, may_have_sign=True)


def _in_exponent(state: _Exponent, character: str) -> _State:
    if state.may_have_sign:
        if character in "+-":
            rest = _after(state.rest, character)
            return _Exponent(rest, may_have_zeros=True, may_have_sign=False) if rest else None
        plus = _Exponent(_after(state.rest, "+"), may_have_zeros=True, may_have_sign=False)
        return _in_exponent(plus, character)
    if state.may_have_zeros and character == "0":
        # Zero itself is the text "0": it stays possible while only zeros were read.
        return state._replace(rest=state.rest | ({""} if "0" in state.rest else set()))
    rest = _after(state.rest - {"0"} if state.may_have_zeros else state.rest, character)
    return _Exponent(rest, may_have_zeros=False, may_have_sign=False) if rest else None


@lru_cache(maxsize=4096)
def _after(texts: frozenset[str], character: str) -> frozenset[str]:
    return frozenset(text[1:] for text in texts if text.startswith(character))


@lru_cache(maxsize=256)
def _canonical_exponents(least: int, most: int) -> frozenset[str]:
    large = (f"+{exponent:02d}" for exponent in range(max(least, _FIXED_MAX + 1), most + 1))
    small = (f"-{-exponent:02d}" for exponent in range(least, min(most, _FIXED_MIN - 1) + 1))
    return frozenset((*large, *small))


@lru_cache(maxsize=256)
def _exponents(least: int, most: int) -> frozenset[str]:
    large = (f"+{exponent}" for exponent in range(max(least, 0), most + 1))
    small = (f"-{-exponent}" for exponent in range(least, min(most, 0) + 1))
    return frozenset((*large, *small))


def _order(left: str, right: str) -> int:
    return (left > right) - (left < right)
