"""Types of the language and their numbers: units, exact conversion, what a literal is.

Owns: the names of types, units, exactness. Must not know: fields, diagnostics.
Truth: docs/language.md, section 3 ("Meaning", the table of types).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from nectarc.ir.nodes import FieldType
from nectarc.syntax.ast import (
    BoolLiteral,
    DurationLiteral,
    Literal,
    NumberLiteral,
    StringLiteral,
)

# Integers that float64 holds one by one end here.
EXACT_MAX: Final = 2**53

UNIT_NS: Final = {
    FieldType.DURATION_NS: 1,
    FieldType.DURATION_US: 1_000,
    FieldType.DURATION_MS: 1_000_000,
    FieldType.DURATION_S: 1_000_000_000,
}

_UNITS: Final = {
    FieldType.DURATION_NS: "ns",
    FieldType.DURATION_US: "us",
    FieldType.DURATION_MS: "ms",
    FieldType.DURATION_S: "s",
}

TYPE_NAMES: Final = {**{one.value: one for one in FieldType}, "duration": FieldType.DURATION_MS}


def unit_of(type_: FieldType) -> str | None:
    """Return the suffix of a duration type's unit, None for the others."""
    return _UNITS.get(type_)


def in_unit(nanoseconds: Fraction, type_: FieldType) -> Fraction:
    """Convert a length of time into the unit of a duration type, exactly."""
    return nanoseconds / UNIT_NS[type_]


def to_float64(value: Fraction) -> float | None:
    """Round once to the nearest float64; None where that is not finite."""
    try:
        return float(value)
    except OverflowError:
        return None


def is_whole_as_written(literal: NumberLiteral) -> bool:
    """Say whether the literal is written as an integer, without a point or an exponent."""
    return literal.text.lstrip("+-").isdigit()


def kind_of(literal: Literal) -> str:
    """Return what a literal is, in the user's words."""
    match literal:
        case NumberLiteral():
            return "number"
        case StringLiteral():
            return "text"
        case BoolLiteral():
            return "bool"
        case DurationLiteral():
            return "duration"


def article(type_: FieldType) -> str:
    """Return the type with its article: "an `int`"."""
    return f"an `{type_.value}`" if type_ is FieldType.INT else f"a `{type_.value}`"
