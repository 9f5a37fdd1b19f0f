"""Literals against the type of a field: exact numbers, units, what does not fit.

Owns: literal -> float64, and the findings about literals. Must not know: operators.
Truth: docs/language.md, section 3 (durations, "exact, then rounded once to the nearest float64").
"""

from __future__ import annotations

import re

from nectarc.diagnostic import Edit, Fix
from nectarc.ir.nodes import Field, FieldType
from nectarc.semantics.context import Context
from nectarc.semantics.field_fixes import declare
from nectarc.semantics.types import (
    EXACT_MAX,
    article,
    in_unit,
    is_whole_as_written,
    kind_of,
    to_float64,
    unit_of,
)
from nectarc.syntax.ast import (
    BoolLiteral,
    DurationLiteral,
    Literal,
    NumberLiteral,
    StringLiteral,
)

_DURATION = re.compile(r"(?:[0-9]{1,9}(?:\.[0-9]{1,9})?(?:ns|us|ms|s|m|h))+", re.ASCII)
_DURATIONS = (
    FieldType.DURATION_MS,
    FieldType.DURATION_US,
    FieldType.DURATION_NS,
    FieldType.DURATION_S,
)


def number_value(field: Field, literal: Literal, context: Context) -> float | None:
    """Return the number that a value of `field` is compared with; None after an error (said)."""
    type_ = field.type
    unit = unit_of(type_) if type_ is not None else None
    if isinstance(literal, DurationLiteral) and type_ is not None and unit is not None:
        value = to_float64(in_unit(literal.nanoseconds, type_))
        if value is None:
            _report_too_big(literal, context)
        return value
    if not isinstance(literal, NumberLiteral):
        report_misfit(field, literal, context)
        return None
    if type_ is FieldType.INT and literal.value.denominator != 1:
        context.report(
            "NEC109",
            literal.source,
            f"`{literal.text}` has a fraction, and `{field.name}` is an `int`",
            why="a comparison with a fraction hides which whole numbers are meant",
            help="write the whole number that is meant",
            fixes=declare(field, FieldType.FLOAT, context),
        )
        return None
    is_integer = type_ is FieldType.INT or is_whole_as_written(literal)
    value = to_float64(literal.value)
    if value is None or (is_integer and abs(literal.value) > EXACT_MAX):
        _report_too_big(literal, context)
        return None
    if unit is not None and value != 0:
        _note_bare_number(field, literal, unit, context)
    return value


def _report_too_big(literal: NumberLiteral | DurationLiteral, context: Context) -> None:
    context.report(
        "NEC108",
        literal.source,
        f"`{literal.text}` is beyond what float64 holds exactly",
        why="Refinery compares numbers as float64: neighbours beyond 2^53 look equal to it",
        help="write a number between -2^53 and 2^53, or compare the field as text",
    )


def _note_bare_number(field: Field, literal: NumberLiteral, unit: str, context: Context) -> None:
    text = f"{literal.text}{unit}"
    is_writable = literal.value > 0 and literal.text.replace(".", "", 1).isdigit()
    edits = (Edit(literal.source, text),)
    context.report(
        "NEC112",
        literal.source,
        f"`{literal.text}` counts in the unit of `{field.name}`: {unit}",
        help="" if is_writable else "write a duration, such as `250ms`",
        fixes=(Fix(f"write `{text}`", edits, is_safe=True),) if is_writable else (),
    )


def report_misfit(field: Field, literal: Literal, context: Context) -> None:
    """Say that the literal does not fit the field's type, and what would."""
    type_ = field.type
    wanted = _types_for(literal)
    help_ = f"declare the field in `fields`: `{field.name},{wanted[0].value},...`"
    fixes: list[Fix] = []
    if type_ is None:
        headline = f"a duration needs a field of a duration type, and `{field.name}` has no type"
        why = "without a unit nobody knows what number five seconds are"
    else:
        headline = f"`{field.name}` is {article(type_)}, and the literal is a {kind_of(literal)}"
        why = "such a test would be false for every span, whatever the traffic"
        rewritten = _rewritten(type_, literal)
        if rewritten:
            help_ = f"write `{rewritten}`, or declare the field in `fields` as `{wanted[0].value}`"
            fixes.append(Fix(f"write `{rewritten}`", (Edit(literal.source, rewritten),)))
    for one in wanted:
        fixes.extend(declare(field, one, context))
    context.report(
        "NEC105",
        literal.source,
        headline,
        why=why,
        help=help_,
        fixes=tuple(fixes),
    )


def _types_for(literal: Literal) -> tuple[FieldType, ...]:
    match literal:
        case NumberLiteral():
            return (FieldType.INT,) if literal.value.denominator == 1 else (FieldType.FLOAT,)
        case StringLiteral():
            return (FieldType.STRING,)
        case BoolLiteral():
            return (FieldType.BOOL,)
        case DurationLiteral():
            return _DURATIONS


def _rewritten(type_: FieldType, literal: Literal) -> str:
    """Return the literal as the type would have it, where that is plain; else ""."""
    if isinstance(literal, StringLiteral):
        text = literal.value
        if type_ is FieldType.BOOL:
            return text if text in ("true", "false") else ""
        is_number = text.isascii() and text.isdigit() and len(text) < 16
        is_time = unit_of(type_) is not None and _DURATION.fullmatch(text) is not None
        return text if type_.is_number and (is_number or is_time) else ""
    if type_ is FieldType.STRING:
        if isinstance(literal, BoolLiteral):
            return "'true'" if literal.value else "'false'"
        return f"'{literal.text}'"
    if type_ is FieldType.BOOL and isinstance(literal, NumberLiteral):
        return {"1": "true", "0": "false"}.get(literal.text, "")
    return ""
