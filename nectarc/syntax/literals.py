"""Literals and field names: from the text of a token to its exact value.

Owns: numbers, durations, strings, names. Must not know: which field a literal is compared with.
Truth: docs/language.md, section 3; grammar/match.lark, its terminals.
"""

from __future__ import annotations

import re
import sys
from fractions import Fraction
from typing import Final

from nectarc.codes import finding
from nectarc.syntax.ast import (
    BoolLiteral,
    DurationLiteral,
    FieldName,
    Literal,
    NumberLiteral,
    StringLiteral,
)
from nectarc.syntax.automaton import Token
from nectarc.syntax.cell import CellReading

KEYWORDS: Final = frozenset(
    {
        "all",
        "any",
        "contains",
        "ends_with",
        "exists",
        "false",
        "has_root",
        "in",
        "is_root",
        "matches",
        "none",
        "not",
        "root",
        "span_count",
        "starts_with",
        "true",
    }
)

# Exact nanoseconds; a day is no unit of the language (nor of Go, in which Refinery reads them).
NANOSECONDS: Final = {
    "ns": 1,
    "us": 1_000,
    "ms": 1_000_000,
    "s": 1_000_000_000,
    "m": 60_000_000_000,
    "h": 3_600_000_000_000,
}

# More digits than any float64 needs; 10**100000000 would need all memory before it is refused.
_DIGITS_MAX: Final = 800
_EXPONENT_MAX: Final = 800
_FLOAT_MAX: Final = Fraction(sys.float_info.max)

# Patterns are texts: most policies need none of them, and compiling them takes start-up time.
_DURATION_PART: Final = r"([0-9]+(?:\.[0-9]+)?)(ns|us|ms|s|m|h)"
_ESCAPE: Final = r'\\(["\\/bfnrt]|u[0-9a-fA-F]{4})'
_SURROGATE_PAIR: Final = "[\ud800-\udbff][\udc00-\udfff]"
_SURROGATE: Final = "[\ud800-\udfff]"
_ESCAPED: Final = {
    '"': '"',
    "\\": "\\",
    "/": "/",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
}


def read_literal(token: Token, reading: CellReading) -> Literal | None:
    """Return the literal that `token` writes, or None after a finding about it."""
    source = reading.span(token.start, token.end)
    match token.type:
        case "NUMBER":
            number = _number(token, reading)
            return None if number is None else NumberLiteral(number, token.text, source)
        case "DURATION":
            length = _nanoseconds(token, reading)
            return None if length is None else DurationLiteral(length, token.text, source)
        case "STRING":
            text = _unescaped(token, reading)
            return None if text is None else StringLiteral(text, source)
        case "RAW_STRING":
            return StringLiteral(token.text[1:-1], source)
        case _:
            return BoolLiteral(token.type == "TRUE", source)


def read_field(token: Token, reading: CellReading) -> FieldName:
    """Return the field that a NAME or QUOTED_NAME (or a word) token writes."""
    text = token.text
    source = reading.span(token.start, token.end)
    is_root = text.startswith("root.")
    if is_root:
        text = text[5:]
    if text[0] == "`":
        return FieldName(text[1:-1], is_root, is_quoted=True, source=source)
    return FieldName(text, is_root, is_quoted=False, source=source)


def is_plain_name(name: str) -> bool:
    """Say whether a field may be written as `name`, without backticks."""
    return (
        name not in KEYWORDS
        and name.isascii()
        and not name.startswith("root.")
        and all(word.isidentifier() for word in name.split("."))
    )


def _number(token: Token, reading: CellReading) -> Fraction | None:
    text = token.text
    if text.isdigit() and len(text) <= _DIGITS_MAX:
        value = Fraction(int(text))
    else:
        mantissa, _, exponent = text.lower().partition("e")
        if (
            len(mantissa) > _DIGITS_MAX
            or len(exponent) > 5
            or abs(int(exponent or "0")) > (_EXPONENT_MAX)
        ):
            _report_range(token, reading)
            return None
        value = Fraction(text)
    if not -_FLOAT_MAX <= value <= _FLOAT_MAX:
        _report_range(token, reading)
        return None
    return value


def _report_range(token: Token, reading: CellReading) -> None:
    shown = token.text if len(token.text) <= 24 else token.text[:21] + "..."
    reading.found.append(
        finding(
            "NEC047",
            reading.span(token.start, token.end),
            f"the number `{shown}` is beyond what a 64-bit float can hold",
            why="Refinery compares numbers as 64-bit floats; no span can have this value",
            help="write a number between -1.79e308 and 1.79e308",
        )
    )


def _nanoseconds(token: Token, reading: CellReading) -> Fraction | None:
    if len(token.text) > _DIGITS_MAX:
        _report_range(token, reading)
        return None
    total = Fraction(0)
    for number, unit in re.findall(_DURATION_PART, token.text):
        total += Fraction(number) * NANOSECONDS[unit]
    if total > _FLOAT_MAX:
        _report_range(token, reading)
        return None
    return total


def _unescaped(token: Token, reading: CellReading) -> str | None:
    body = token.text[1:-1]
    if "\\" in body:
        body = re.sub(_ESCAPE, _character, body)
        body = re.sub(_SURROGATE_PAIR, _joined, body)
    if not body.isascii() and re.search(_SURROGATE, body):
        reading.found.append(
            finding(
                "NEC045",
                reading.span(token.start, token.end),
                "half of a surrogate pair is no character",
                why="no span holds such a text, so the test could never be true",
                help="write both halves, as `\\ud83d\\ude00`, or the character itself",
            )
        )
        return None
    return body


def _character(escape: re.Match[str]) -> str:
    name = escape.group(1)
    return _ESCAPED[name] if len(name) == 1 else chr(int(name[1:], 16))


def _joined(pair: re.Match[str]) -> str:
    high, low = ord(pair.group()[0]), ord(pair.group()[1])
    return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
