"""What a YAML scalar means to Refinery: the resolution of Go's yaml.v3 into an untyped value.

Owns: text and tag to value. Must not know: documents, places, rules.
Truth: ../shared/reference/refinery-semantics.md, 1.3; gopkg.in/yaml.v3 v3.0.1, resolve.go.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Final, TypeAlias

from nectarc.evaluate.values import INT64_MAX, INT64_MIN, parse_float
from nectarc.records import record
from nectarc.trace import Uint64


@record
class Timestamp:
    """A Go `time.Time`; `text` is its `%v`."""

    text: str


ScalarValue: TypeAlias = bool | int | Uint64 | float | str | Timestamp | None

_UINT64_MAX: Final = 2**64 - 1
_WORDS: Final[dict[str, ScalarValue]] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
}
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_PREFIXED: Final = re.compile(
    r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]([0-7]+)|0([0-7]+)|(0|[1-9][0-9]*))"
)
_TIMESTAMP: Final = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
    r"(?:(?:[Tt]| +)([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,]([0-9]+))?"
    r"(Z|[-+][0-9]{2}:[0-9]{2})?)?"
)
_NULL, _BOOL, _STR, _INT = "!!null", "!!bool", "!!str", "!!int"
_FLOAT_TAG, _TIMESTAMP_TAG = "!!float", "!!timestamp"
_FEBRUARY: Final = 2
_MONTHS_OF_30: Final = frozenset({4, 6, 9, 11})
_RESOLVABLE: Final = frozenset(("", _STR, _BOOL, _INT, _FLOAT_TAG, _NULL, _TIMESTAMP_TAG))


class UnfitTagError(ValueError):
    """The scalar's text does not fit its explicit tag; yaml.v3 refuses the document."""


def resolve_scalar(text: str, tag: str, *, is_plain: bool) -> tuple[str, ScalarValue]:
    """Return the short tag and the value of a scalar.

    tag: "" when none is written, else in the short form ("!!int", "!mine"; "!" says nothing).
    Raises `UnfitTagError` for a text that does not fit its tag (`!!int x`).
    """
    if tag in ("", "!"):
        if not is_plain:
            return _STR, text
        return ("!!merge", text) if text == "<<" else _resolve_plain(text)
    if tag == _STR:
        return _STR, text
    if tag == "!!binary":
        return tag, _decode_binary(text)
    if tag not in _RESOLVABLE:
        return tag, text
    found, value = _resolve_plain(text, is_timestamp_tried=tag == _TIMESTAMP_TAG)
    if found == tag:
        return tag, value
    if tag == _FLOAT_TAG and found == _INT and isinstance(value, int):
        return tag, float(value)
    raise UnfitTagError(f"`{text}` is no {tag.removeprefix('!!')}")


def _resolve_plain(text: str, *, is_timestamp_tried: bool = True) -> tuple[str, ScalarValue]:
    if text in _WORDS:
        word = _WORDS[text]
        return _tag_of(word), word
    if text[0] == ".":
        number = parse_float(text)
        return (_STR, text) if number is None else (_FLOAT_TAG, number)
    if text[0] not in "+-0123456789":
        return _STR, text
    if is_timestamp_tried:
        timestamp = _parse_timestamp(text)
        if timestamp is not None:
            return _TIMESTAMP_TAG, timestamp
    plain = text.replace("_", "")
    whole = _parse_whole(plain)
    if whole is not None:
        return _INT, whole
    if _FLOAT.fullmatch(plain):
        number = parse_float(plain)
        if number is not None:
            return _FLOAT_TAG, number
    whole = _parse_signed_after_prefix(plain)
    return (_STR, text) if whole is None else (_INT, whole)


def _tag_of(value: ScalarValue) -> str:
    match value:
        case None:
            return _NULL
        case bool():
            return _BOOL
        case _:
            return _FLOAT_TAG


def _parse_whole(text: str) -> int | Uint64 | None:
    """Read an integer with Go's prefixes; a leading zero is octal; uint64 only without a sign."""
    match = _PREFIXED.fullmatch(text)
    if match is None or len(text) > 200:  # 2^64 has 64 binary digits; leading zeros are a joke
        return None
    sign, hexadecimal, binary, octal, old_octal, decimal = match.groups()
    if hexadecimal:
        number = int(hexadecimal, 16)
    elif binary:
        number = int(binary, 2)
    elif octal or old_octal:
        number = int(octal or old_octal, 8)
    else:
        number = int(decimal)
    return _fit(-number if sign == "-" else number, is_signed=bool(sign))


def _parse_signed_after_prefix(text: str) -> int | Uint64 | None:
    """Read `0b-1` and `0o+7`, which yaml.v3 takes by accident."""
    match = re.fullmatch(r"0b([-+][01]+)|0o([-+][0-7]+)", text)
    if match is None or len(text) > 200:
        return None
    return _fit(int(match[1], 2) if match[1] else int(match[2], 8), is_signed=True)


def _fit(number: int, *, is_signed: bool) -> int | Uint64 | None:
    if INT64_MIN <= number <= INT64_MAX:
        return number
    return Uint64(number) if 0 <= number <= _UINT64_MAX and not is_signed else None


def _parse_timestamp(text: str) -> Timestamp | None:
    match = _TIMESTAMP.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part or "0") for part in match.groups()[:6])
    zone = match[8]
    if match[4] is not None and ("T" in text or "t" in text) is not (zone is not None):
        return None
    if not 1 <= month <= 12 or not 1 <= day <= _days_of(year, month):
        return None
    if hour > 23 or minute > 59 or second > 59:
        return None
    fraction = (match[7] or "")[:9].rstrip("0")
    clock = f"{hour:02d}:{minute:02d}:{second:02d}" + (f".{fraction}" if fraction else "")
    date = f"{year:04d}-{month:02d}-{day:02d}"
    if zone is None or zone == "Z" or zone[1:] == "00:00":
        return Timestamp(f"{date} {clock} +0000 UTC")
    if int(zone[1:3]) > 24 or int(zone[4:6]) > 60:
        return None
    offset = zone.replace(":", "")
    return Timestamp(f"{date} {clock} {offset} {offset}")


def _days_of(year: int, month: int) -> int:
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if month == _FEBRUARY:
        return 29 if is_leap else 28
    return 30 if month in _MONTHS_OF_30 else 31


def _decode_binary(text: str) -> str:
    try:
        data = base64.b64decode(text.replace("\n", "").replace("\r", ""), validate=True)
    except (binascii.Error, ValueError):
        raise UnfitTagError("a `!!binary` value is no base64") from None
    return data.decode("utf-8", "surrogateescape")
