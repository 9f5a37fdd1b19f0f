"""From a text to the value of an area whose text it is; what says which texts those are.

Owns: those values, areas of all values of a kind, the shape of an area's bounds. Must not
know: which languages those are, which bits are asked for.
Truth: ../shared/reference/refinery-semantics.md, 2.2 and 2.3.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple, assert_never

from nectarc.automata.language import Language
from nectarc.evaluate.values import INT64_MAX, INT64_MIN, float_text, parse_float
from nectarc.logic.cells import (
    Area,
    FloatArea,
    FloatTextArea,
    IntArea,
    IntTextArea,
    OtherArea,
    TextArea,
)
from nectarc.logic.number_segments import HIGHEST, LOWEST
from nectarc.logic.text_cells import other_value
from nectarc.trace import Value

_DIGITS_MAX: Final = 20


class Bounds(NamedTuple):
    """Texts in all of `wanted` and none of `unwanted`."""

    wanted: tuple[Language, ...] = ()
    unwanted: tuple[Language, ...] = ()


class Part(NamedTuple):
    """Some of the texts of an area: each within one of `loose`; those of `strict` have no others.

    strict: None where `loose` has no others itself; made when called.
    """

    loose: tuple[Bounds, ...]
    strict: Callable[[], tuple[Bounds, ...]] | None = None


def widest(area: Area) -> Area | None:
    """Return the area of all areas of this kind, if that says anything; None otherwise."""
    match area:
        case IntArea():
            return IntArea(((INT64_MIN, INT64_MAX),))
        case FloatArea():
            return FloatArea(((LOWEST, HIGHEST),))
        case IntTextArea(_, points):
            return IntTextArea(((INT64_MIN, INT64_MAX),), points)
        case FloatTextArea(_, points, is_no_int):
            return FloatTextArea(((LOWEST, HIGHEST),), points, is_no_int)
        case TextArea() | OtherArea():
            return None
        case _:
            assert_never(area)


def value_from(area: Area, text: str) -> Value:
    """Return the value of the area's sort whose text is `text`; None when there is none."""
    match area:
        case TextArea() | IntTextArea() | FloatTextArea():
            return text
        case IntArea():
            number = int(text) if _is_decimal(text) else None
            return number if number is not None and str(number) == text else None
        case FloatArea():
            found = parse_float(text)
            return found if found is not None and float_text(found) == text else None
        case OtherArea():
            return other_value(text)
        case _:
            assert_never(area)


def _is_decimal(text: str) -> bool:
    return text.isascii() and text.removeprefix("-").isdecimal() and len(text) <= _DIGITS_MAX
