"""Where tests of numbers change their truth, along the int64 and along the float64.

Owns: the places; plain representatives of ranges. Must not know: predicates' truth, classes.
The float64 but NaN lie on the integers by their ordinal: -0.0 is -1, 0.0 is 0, neighbours differ
by 1. A place is the first position of a range. Truth: ../shared/reference/refinery-semantics.md,
2.3 and 2.5 (int64 beside float64 rounds; a float that no int64 holds counts as -2^63).
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from nectarc.evaluate.values import INT64_MAX, INT64_MIN, float_text, parse_float
from nectarc.logic.predicate_shapes import Shape, View

Segment: TypeAlias = tuple[int, int]  # first and last position, inclusive

_EXACT_MAX: Final = 2**53
_MAGNITUDE: Final = 2**63 - 1
_DIGITS_MAX: Final = 17
_TWO_63: Final = 2.0**63


def ordinal(number: float) -> int:
    """Return the place of a float64 that is not NaN in their order."""
    bits: int = struct.unpack("<q", struct.pack("<d", number))[0]
    return bits if bits >= 0 else -(bits & _MAGNITUDE) - 1


def float_at(position: int) -> float:
    """Return the float64 of that ordinal."""
    bits = position if position >= 0 else -(position + 1) - 2**63
    number: float = struct.unpack("<d", struct.pack("<q", bits))[0]
    return number


LOWEST: Final = ordinal(-math.inf)
HIGHEST: Final = ordinal(math.inf)


def int_places(shape: Shape) -> Iterator[int]:
    """Yield where a test of numbers may change its truth along the int64."""
    for number in shape.numbers:
        if isinstance(number, int) and shape.view is not View.AS_FLOAT:
            yield from (number, number + 1)
        else:
            yield from (_first_int(number, is_above=False), _first_int(number, is_above=True))


def float_places(shape: Shape) -> Iterator[int]:
    """Yield where a test of numbers may change its truth along the ordinals of the float64."""
    if shape.view is View.AS_INT:
        yield from (ordinal(-_TWO_63), ordinal(_TWO_63))
        for number in shape.numbers:
            yield _first_float_truncated(int(number))
            yield _first_float_truncated(int(number) + 1)
        return
    for number in map(float, shape.numbers):
        if number == 0:
            yield from (ordinal(-0.0), ordinal(0.0) + 1)
        else:
            yield from (ordinal(number), ordinal(number) + 1)


def _first_int(number: float, *, is_above: bool) -> int:
    """Return the least int64 that as float64 is >= `number` (> if is_above); one too many: none."""
    if abs(number) < _EXACT_MAX:
        return math.floor(number) + 1 if is_above else math.ceil(number)
    low, high = INT64_MIN, INT64_MAX + 1  # invariant: high (and above) is, below low is not
    while low < high:
        middle = (low + high) // 2
        there = float(middle)
        if there > number or (there == number and not is_above):
            high = middle
        else:
            low = middle + 1
    return low


def _first_float_truncated(whole: int) -> int:
    """Return the ordinal of the least float64 >= -2^63 whose truncation is >= `whole`."""
    # Truncation is towards zero: from 1 on that is >= whole, below it is > whole - 1.
    bound = whole if whole > 0 else whole - 1
    position = ordinal(float(bound))
    while not _is_beyond(float_at(position), bound, whole):
        position += 1
    while _is_beyond(float_at(position - 1), bound, whole):
        position -= 1
    return position


def _is_beyond(number: float, bound: int, whole: int) -> bool:
    return number >= bound if whole > 0 else number > bound


def plain_int(segments: Iterable[Segment]) -> int:
    """Return an int of the segments that people would pick: at the bound of a test, near zero."""
    picked = (_plain_int_between(first, last) for first, last in segments)
    return min(picked, key=lambda number: (number < 0, abs(number)))


def _plain_int_between(first: int, last: int) -> int:
    if first > 0:
        return first
    if last < 0:
        return last
    return last if last != INT64_MAX else 0


def plain_float(segments: Iterable[Segment]) -> float:
    """Return a float of the segments with as few digits as there are, finite if one is."""
    picked = (_shortest_between(first, last) for first, last in segments)
    return min(
        picked, key=lambda number: (math.isinf(number), len(float_text(abs(number))), -number)
    )


def _shortest_between(first: int, last: int) -> float:
    """Return a float64 of few digits whose ordinal lies between the two."""
    if first <= 0 <= last:
        return 0.0
    low, high = float_at(first), float_at(last)
    near = low if low > 0 else high
    if math.isinf(near):
        return near
    for digits in range(_DIGITS_MAX):
        for step in (0, 1, -1):
            candidate = _rounded(near, digits, step)
            if candidate is not None and first <= ordinal(candidate) <= last:
                return candidate
    return near


def _rounded(number: float, digits: int, step: int) -> float | None:
    """Return `number` at digits + 1 significant digits, its last digit moved by `step`."""
    mantissa, _, exponent = f"{number:.{digits}e}".partition("e")
    moved = int(mantissa.replace(".", "")) + step
    return parse_float(f"{moved}e{int(exponent) - digits}")
