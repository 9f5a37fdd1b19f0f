"""The texts of the values of an area, as languages.

Owns: what bounds an area from outside and from inside. Must not know: which bits are asked for.
The spellings of floats are not regular: a part has languages that hold all its texts (`loose`) and
languages whose texts are all its own (`strict`). Truth: Refinery reference, 2.2 and 2.3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, assert_never

from nectarc.automata.language import Language
from nectarc.automata.languages import one_of, regex
from nectarc.automata.numbers import (
    Spellings,
    atoi_text,
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
from nectarc.logic.area_values import Bounds, Part
from nectarc.logic.cells import (
    Area,
    FloatArea,
    FloatTextArea,
    IntArea,
    IntTextArea,
    OtherArea,
    TextArea,
)
from nectarc.logic.leading_digits import spellings_by_digits
from nectarc.logic.number_segments import HIGHEST, LOWEST, Segment, float_at
from nectarc.logic.region_language import region_language

_ALL_FINITE: Final = (LOWEST + 1, HIGHEST - 1)
# All that Go prints a finite float as, and more: only how digits and exponents look.
_PRINTED_FLOAT: Final = (
    r"^-?(?:0|[1-9][0-9]{0,5}(?:\.[0-9]*[1-9])?|0\.0{0,3}[1-9](?:[0-9]*[1-9])?"
    r"|[1-9](?:\.[0-9]*[1-9])?e(?:[+](?:0[6-9]|[1-9][0-9]|[1-3][0-9][0-9])"
    r"|-(?:0[5-9]|[1-9][0-9]|[1-3][0-9][0-9])))$"
)
# All that counts as a finite float, and more.
_LIKE_A_FLOAT: Final = (
    r"^[+-]?(?:\.?[0-9][0-9_]*\.?[0-9_]*(?:[eE][+-]?[0-9][0-9_]*)?"
    r"|0[xX][0-9A-Fa-f_]*\.?[0-9A-Fa-f_]*[pP][+-]?[0-9][0-9_]*)$"
)
# Texts that all count as a number: none of them overflows.
_SURELY_FLOAT: Final = (
    r"^[+-]?(?:[0-9]{1,40}(?:\.[0-9]*)?|\.[0-9]+)(?:[eE](?:-[0-9]+|[+]?0*[0-9]{1,2}))?$"
)
_UINT64_MAX: Final = 2**64 - 1


def parts_of(area: Area) -> Iterator[Part]:
    """Yield parts that together hold every text of the area."""
    match area:
        case TextArea():
            yield _part_of_region(area)
        case IntArea(segments):
            for first, last in segments:
                yield _exactly(int_text(first, last))
        case FloatArea(segments):
            for first, last in _finite(segments):
                if (first, last) == _ALL_FINITE:
                    yield _exactly(_known(_PRINTED_FLOAT))
                else:
                    ends = (float_at(first), float_at(last))
                    yield _part(float_text_over, float_text_under, ends)
        case IntTextArea(segments, points):
            for first, last in segments:
                yield _exactly(atoi_text(first, last), unwanted=_none_of(points))
        case FloatTextArea():
            yield from _parts_of_spellings(area)
        case OtherArea(points):
            yield from _parts_of_others(_none_of(points))
        case _:
            assert_never(area)


def _part_of_region(area: TextArea) -> Part:
    wanted: tuple[Language, ...] = ()
    if not area.region.is_everything:
        wanted = (region_language(area.region),)
    if area.is_no_int:
        wanted += (not_atoi(),)
    if not area.is_no_float:
        return _exactly(*wanted)
    # What surely counts as a number is left out of both, what perhaps does of `strict` only.
    surely = (_known(_SURELY_FLOAT), parse_nan(), *map(_infinity, (LOWEST, HIGHEST)))
    strict = (Bounds(wanted, (parse_float_any(),)),)
    return Part((Bounds(wanted, surely),), lambda: strict)


def _parts_of_spellings(area: FloatTextArea) -> Iterator[Part]:
    unwanted = _none_of(area.points)
    no_int = (not_atoi(),) if area.is_no_int else ()
    for first, last in _finite(area.segments):
        wanted = (_known(_LIKE_A_FLOAT), *no_int)
        if (first, last) == _ALL_FINITE:
            yield _between(wanted, (_known(_SURELY_FLOAT), *no_int), unwanted)
        else:
            ends = (float_at(first), float_at(last))
            digits = spellings_by_digits(*ends)
            wanted += () if digits is None else (digits,)
            yield _part(parse_float_over, parse_float_under, ends, wanted, unwanted)
    for position in (LOWEST, HIGHEST):
        if any(first <= position <= last for first, last in area.segments):
            yield _exactly(_infinity(position), unwanted=unwanted)


def _parts_of_others(unwanted: tuple[Language, ...]) -> Iterator[Part]:
    yield _exactly(list_texts(), unwanted=unwanted)
    yield _exactly(map_texts(), unwanted=unwanted)
    yield _exactly(int_text(0, _UINT64_MAX), unwanted=unwanted)
    # Of these texts, `value_from` knows which a float32 prints as.
    yield _exactly(_known(_PRINTED_FLOAT), unwanted=unwanted)
    yield _exactly(one_of(("NaN", "+Inf", "-Inf")), unwanted=unwanted)


def _part(
    over: Callable[[float, float], Spellings],
    under: Callable[[float, float], Spellings],
    ends: tuple[float, float],
    wanted: tuple[Language, ...] = (),
    unwanted: tuple[Language, ...] = (),
) -> Part:
    def bounds_of(spellings: Spellings) -> tuple[Bounds, ...]:
        return tuple(Bounds((*languages, *wanted), unwanted) for languages in spellings)

    return Part(bounds_of(over(*ends)), lambda: bounds_of(under(*ends)))


def _between(
    loose: tuple[Language, ...], strict: tuple[Language, ...], unwanted: tuple[Language, ...]
) -> Part:
    return Part((Bounds(loose, unwanted),), lambda: (Bounds(strict, unwanted),))


def _exactly(*wanted: Language, unwanted: tuple[Language, ...] = ()) -> Part:
    return Part((Bounds(wanted, unwanted),))


def _infinity(position: int) -> Language:
    return parse_infinity(is_negative=position == LOWEST)


def _known(pattern: str) -> Language:
    language = regex(pattern)
    assert isinstance(language, Language)
    return language


def _none_of(points: frozenset[str]) -> tuple[Language, ...]:
    return (one_of(points),) if points else ()


def _finite(segments: tuple[Segment, ...]) -> Iterator[Segment]:
    for low, high in segments:
        first, last = max(low, LOWEST + 1), min(high, HIGHEST - 1)
        if first <= last:
            yield first, last
