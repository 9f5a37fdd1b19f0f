"""Texts worth trying in an area before automata are asked: most questions end here, cheaply.

Owns: guesses. Must not know: whether a guess is right; callers check each one. The automata of
spellings of floats take tenths of a second to build, a guess some microseconds.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import islice
from typing import Final

from nectarc.evaluate.values import float_text
from nectarc.logic.asked_predicates import Kind, Tongue
from nectarc.logic.cells import Area, FloatArea, FloatTextArea, IntArea, IntTextArea
from nectarc.logic.number_cells import float_spellings, int_spellings
from nectarc.logic.number_segments import Segment, float_at, plain_float, plain_int

_SEGMENTS_MAX: Final = 8
_SPELLINGS_MAX: Final = 4
_ENDINGS: Final = (
    "",
    "1",
    "5",
    ".5",
    ".0",
    "e0",
    "e+06",
    "e+07",
    "e-05",
    "e+300",
    "e-999",
    "0.5",
    ".25",
)
_BEGINNINGS: Final = ("1", "-", "10", "1.", "0.", "-1", "-1.", "1e", "1e+", "1.5", "+", "0")
_ZEROS_MAX: Final = 19
_NINES: Final = 25
_STEM_MAX: Final = 400
# For patterns that no automaton stands for: perhaps one of these is in, or out.
_ANY: Final = ("", "x", "X", "0", "-", " ", "é", "Ω", "日", "x0", "0x", "x-0", "\n")


def tried_texts(area: Area, tongues: Iterable[Tongue], words: Iterable[str]) -> Iterator[str]:
    """Yield texts that may be of the area and in some of the languages.

    tongues: languages to be in, and bounds to be above. words: texts that are in all of them.
    """
    yield from _texts_of_numbers(area)
    found = dict.fromkeys((*words, *(stem for one in tongues for stem in _stems(one))))
    # Where a pattern's words are thousands of characters, each guess costs it milliseconds.
    yield from (stem for stem in found if len(stem) > _STEM_MAX)
    stems = tuple(stem for stem in found if len(stem) <= _STEM_MAX)
    for stem in stems:
        for zeros in range(_ZEROS_MAX):
            yield stem + "0" * zeros
        yield from (stem + ending for ending in _ENDINGS)
        yield from (beginning + stem for beginning in _BEGINNINGS)
        yield from (f"0x{stem}p0", f"-0x{stem}p-2", f"0x1{stem}1p0", f"1{stem}0", f"1_0{stem}")
    for text in _ANY:
        yield text
        yield from (stem + text for stem in stems)


def _stems(tongue: Tongue) -> Iterable[str]:
    if tongue.kind is not Kind.PATTERN:
        return (tongue.literal,)
    from nectarc.evaluate.regex_words import sample_words  # noqa: PLC0415 - rarely needed

    return sample_words(tongue.literal)


def _texts_of_numbers(area: Area) -> Iterator[str]:
    """Yield texts of the bounds of an area's segments and of a plain number in each."""
    match area:
        case IntArea(segments):
            yield from map(str, _ints_of(segments))
        case IntTextArea(segments):
            for number in _ints_of(segments):
                yield from islice(int_spellings(number), _SPELLINGS_MAX)
        case FloatArea(segments):
            yield from map(float_text, _floats_of(segments))
        case FloatTextArea(segments):
            for one in _floats_of(segments):
                spelled = float_spellings(one, is_no_int=area.is_no_int)
                yield from islice(spelled, _SPELLINGS_MAX)
                yield from other_spellings(one)
        case _:
            return


def other_spellings(number: float) -> Iterator[str]:
    """Yield spellings with exponents, a plus sign and hexadecimal digits of a float64."""
    if not math.isfinite(number):
        return
    sign, digits, exponent = Decimal(repr(number)).as_tuple()
    assert isinstance(exponent, int)
    if number == 0:
        yield from (f"{'-' * sign}{digit}e-999" for digit in "123456789")
    minus, whole = "-" * sign, "".join(map(str, digits))
    place = exponent + len(whole) - 1
    yield from (f"{minus}{whole}e{exponent}", f"{minus}{whole}0e{exponent - 1}")
    yield from (f"{minus}{whole[0]}.{whole[1:]}{letter}{place:+03d}" for letter in "eE")
    yield from (f"{minus}0.{whole}e{place + 1}", number.hex())
    # Just below: many nines round up to the number.
    nines = int(whole) * 10**_NINES - 1
    yield from (f"{minus}{nines}e{exponent - _NINES}",) if number else ()
    yield from (f"+{whole}e{exponent}", f"0_0{number}") if not sign else ()


def _ints_of(segments: tuple[Segment, ...]) -> Iterator[int]:
    for first, last in segments[:_SEGMENTS_MAX]:
        yield from (plain_int(((first, last),)), first, last, (first + last) // 2)


def _floats_of(segments: tuple[Segment, ...]) -> Iterator[float]:
    for first, last in segments[:_SEGMENTS_MAX]:
        yield plain_float(((first, last),))
        yield from map(float_at, (first, last, (first + last) // 2))
