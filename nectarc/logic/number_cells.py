"""Cells of the sorts INT and FLOAT, and of the strings that count as numbers.

Owns: listing segments of numbers by what holds on them. Must not know: search, images.
Tests of texts on numbers: points are listed; order, prefixes and languages stay open but for
segments of one number. Truth: ../shared/reference/proof-method.md, section 4.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from itertools import product
from typing import Final

from nectarc.evaluate.values import INT64_MAX, INT64_MIN, float_text, parse_float
from nectarc.logic.asked_predicates import SAMPLES, Asked, Kind, Tongue, indices
from nectarc.logic.cells import Cell, FloatArea, FloatTextArea, IntArea, IntTextArea
from nectarc.logic.number_segments import (
    HIGHEST,
    LOWEST,
    Segment,
    float_at,
    float_places,
    int_places,
    ordinal,
    plain_float,
    plain_int,
)
from nectarc.logic.predicate_shapes import Shape, View
from nectarc.logic.truth_steps import step_of, sweep
from nectarc.logic.universe import Sort

_INT_CHARACTERS: Final = frozenset("-0123456789")
_FLOAT_CHARACTERS: Final = _INT_CHARACTERS | frozenset("+.e")
_SPELLING_CHARACTERS: Final = frozenset("0123456789abcdefABCDEFxXpP_+-.inftyINFTY")
_INT_END: Final = INT64_MAX + 1
_DIGITS_MAX: Final = 20


def int_cells(asked: Asked, *, is_usual: bool) -> Iterator[Cell]:
    """Yield the cells of the int64."""
    roles = asked.roles(Sort.INT)
    fixed, is_open = opened(asked, roles.ordered | roles.language, _is_in_int_texts)
    base = fixed | asked.row(SAMPLES[Sort.INT], roles.constant)
    steps = [
        (1 << i, step_of(asked.holds[i], int_places(asked.shapes[i]), INT64_MIN, _INT_END))
        for i in indices(roles.number)
    ]
    steps += [
        (1 << i, step_of(asked.holds[i], _int_points(asked.shapes[i]), INT64_MIN, _INT_END))
        for i in indices(roles.points)
    ]
    lows, rows = sweep(steps, INT64_MIN)
    for row, segments in _grouped(lows, rows, INT64_MAX, is_point_apart=is_open != 0):
        witness = plain_int(segments)
        if not is_open or _is_one(segments):
            holds = base | row | asked.row(witness, is_open)
            yield Cell(Sort.INT, witness, is_usual, holds, 0, None)
        else:
            yield Cell(Sort.INT, witness, is_usual, base | row, is_open, IntArea(segments))


def float_cells(asked: Asked, *, is_usual: bool) -> Iterator[Cell]:
    """Yield the cells of the float64 but NaN."""
    roles = asked.roles(Sort.FLOAT)
    fixed, is_open = opened(asked, roles.ordered | roles.language, _is_in_float_texts)
    base = fixed | asked.row(SAMPLES[Sort.FLOAT], roles.constant)
    steps = [
        (1 << i, step_of(_at_float(asked, i), places, LOWEST, HIGHEST + 1))
        for mask, places_of in ((roles.number, float_places), (roles.points, _float_points))
        for i in indices(mask)
        for places in (places_of(asked.shapes[i]),)
    ]
    # What was fixed above is fixed of the texts of finite numbers only.
    texts = roles.ordered | roles.language
    cuts = (LOWEST + 1, HIGHEST) if texts else ()
    lows, rows = sweep(steps, LOWEST, cuts)
    for row, segments in _grouped(lows, rows, HIGHEST, is_point_apart=texts != 0):
        witness = plain_float(segments)
        usual = is_usual and math.isfinite(witness)
        if texts and _is_one(segments):
            holds = (base & ~fixed) | row | asked.row(witness, texts)
            yield Cell(Sort.FLOAT, witness, usual, holds, 0, None)
        elif is_open:
            yield Cell(Sort.FLOAT, witness, usual, base | row, is_open, FloatArea(segments))
        else:
            yield Cell(Sort.FLOAT, witness, usual, base | row, 0, None)


def spelled_cells(asked: Asked, points: frozenset[str], *, is_usual: bool) -> Iterator[Cell]:
    """Yield the cells of the strings that count as numbers but `points`, which hold themselves.

    Where only int64 are asked for, these are the strings that count as such.
    """
    roles = asked.roles(Sort.STRING)
    fixed, is_open = opened(asked, roles.ordered | roles.language, _is_in_spellings)
    views = {asked.shapes[i].view for i in indices(roles.number)}
    base = fixed | asked.row(SAMPLES[Sort.STRING], roles.constant)
    base |= asked.row("\0" * (1 + max(map(len, points), default=0)), roles.points)
    has_int = View.AS_INT in views
    if has_int:
        steps = [
            (1 << i, step_of(_at_int_text(asked, i), places, INT64_MIN, _INT_END))
            for i in indices(roles.number)
            for places in (int_places(asked.shapes[i]),)
        ]
        for row, segments in _grouped(*sweep(steps, INT64_MIN), INT64_MAX, is_point_apart=False):
            area = IntTextArea(segments, points) if is_open else None
            witness = next(
                text for text in int_spellings(plain_int(segments)) if text not in points
            )
            yield Cell(Sort.STRING, witness, is_usual, base | row, is_open, area)
    if View.AS_FLOAT in views:
        steps = [
            (1 << i, step_of(_at_float_text(asked, i), places, LOWEST, HIGHEST + 1))
            for i in indices(roles.number)
            for places in (float_places(asked.shapes[i]),)
        ]
        for row, segments in _grouped(*sweep(steps, LOWEST), HIGHEST, is_point_apart=False):
            float_area = FloatTextArea(segments, points, has_int) if is_open else None
            spelled = _first_free(plain_float(segments), points, is_no_int=has_int)
            if spelled is not None:
                usual = is_usual and spelled[-1].isdigit()
                yield Cell(Sort.STRING, spelled, usual, base | row, is_open, float_area)
        looked = roles.number | roles.text
        for text in map("".join, product("Nn", "aA", "Nn")):
            if text not in points:
                holds = (base & ~looked) | asked.row(text, looked)
                yield Cell(Sort.STRING, text, False, holds, 0, None)


def opened(asked: Asked, mask: int, is_in: Callable[[Tongue], bool | None]) -> tuple[int, int]:
    """Split predicates on texts into those that hold throughout and those that stay open.

    mask:  none of points. The others of the mask hold nowhere.
    is_in: whether all texts (True) or none (False) of those at hand are in a language.
    """
    fixed = is_open = 0
    for index in indices(mask):
        opening = asked.opening(index)
        if opening is None:
            truth: bool | None = asked.text_step(index).is_true_first
        else:
            truth = is_in(opening.tongue)
            truth = None if truth is None else truth is not opening.is_negated
        if truth is None:
            is_open |= 1 << index
        elif truth:
            fixed |= 1 << index
    return fixed, is_open


def int_spellings(number: int) -> Iterator[str]:
    """Yield different strings that count as this int64, without end."""
    sign, digits = ("-" if number < 0 else ""), str(abs(number))
    yield sign + digits
    if not sign:
        yield f"+{digits}"
    zeros = "0"
    while True:
        yield sign + zeros + digits
        zeros += "0"


def float_spellings(number: float, *, is_no_int: bool) -> Iterator[str]:
    """Yield different strings that count as this float64, not NaN; of finite ones without end.

    is_no_int: none that counts as an int64.
    """
    if math.isinf(number):
        for word in ("inf", "infinity"):
            cases = product(*((letter, letter.upper()) for letter in word))
            for letters in cases:
                yield from (s + "".join(letters) for s in (("", "+") if number > 0 else ("-",)))
        return
    if number.is_integer() and abs(number) < 2**53:
        if not is_no_int and str(number) != "-0.0":
            yield str(int(number))
        yield repr(number)
    else:
        yield from dict.fromkeys((float_text(number), repr(number)))
    mantissa, mark, exponent = repr(number).partition("e")
    mantissa += "" if "." in mantissa else ".0"
    while True:
        mantissa += "0"
        yield mantissa + mark + exponent


def _first_free(number: float, points: frozenset[str], *, is_no_int: bool) -> str | None:
    spelled = float_spellings(number, is_no_int=is_no_int)
    return next((text for text in spelled if text not in points), None)


def _grouped(
    lows: list[int], rows: list[int], last: int, *, is_point_apart: bool
) -> Iterator[tuple[int, tuple[Segment, ...]]]:
    """Yield the rows with their segments; a segment of one position alone, if it stands apart."""
    groups: dict[int, list[Segment]] = {}
    ends = (*(low - 1 for low in lows[1:]), last)
    for low, end, row in zip(lows, ends, rows, strict=True):
        if is_point_apart and low == end:
            yield row, ((low, end),)
        else:
            groups.setdefault(row, []).append((low, end))
    for row, segments in groups.items():
        yield row, tuple(segments)


def _is_one(segments: tuple[Segment, ...]) -> bool:
    return len(segments) == 1 and segments[0][0] == segments[0][1]


def _at_float(asked: Asked, index: int) -> Callable[[int], bool]:
    holds = asked.holds[index]
    return lambda position: holds(float_at(position))


def _at_int_text(asked: Asked, index: int) -> Callable[[int], bool]:
    holds = asked.holds[index]
    return lambda number: holds(str(number))


def _at_float_text(asked: Asked, index: int) -> Callable[[int], bool]:
    holds = asked.holds[index]
    return lambda position: holds(repr(float_at(position)))


def _int_points(shape: Shape) -> Iterable[int]:
    for text in shape.texts:
        if len(text) <= _DIGITS_MAX and text.removeprefix("-").isdecimal() and text.isascii():
            number = int(text)
            if str(number) == text:
                yield from (number, number + 1)


def _float_points(shape: Shape) -> Iterable[int]:
    for text in shape.texts:
        number = parse_float(text)
        if number is not None and not math.isnan(number) and float_text(number) == text:
            yield from (ordinal(number), ordinal(number) + 1)


def _is_in_int_texts(tongue: Tongue) -> bool | None:
    return _is_in_number_texts(tongue, _INT_CHARACTERS)


def _is_in_float_texts(tongue: Tongue) -> bool | None:
    return _is_in_number_texts(tongue, _FLOAT_CHARACTERS)


def _is_in_number_texts(tongue: Tongue, characters: frozenset[str]) -> bool | None:
    """Answer for texts of these characters that start with a digit or a minus."""
    match tongue.kind:
        case Kind.PATTERN:
            return None
        case Kind.BELOW if tongue.literal <= "-":
            return False
        case Kind.BELOW:
            return True if tongue.literal >= ":" else None
        case _:
            return None if characters.issuperset(tongue.literal) else False


def _is_in_spellings(tongue: Tongue) -> bool | None:
    if tongue.kind in (Kind.PATTERN, Kind.BELOW):
        return None
    return None if _SPELLING_CHARACTERS.issuperset(tongue.literal) else False
