"""Pieces that several formats share: ids, times, values, and where a mistake stands.

Owns: reading one member of a foreign record strictly. Must not know: which tool wrote it.
Truth: the Go types that the Collector reads the formats into (see the readers).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from nectarc.corpus.otlp import (
    EXCEPTION,
    EXCEPTION_FLAG,
    EXCEPTION_TEXTS,
    Array,
    Attribute,
    Base64,
    KeyValues,
    OtlpValue,
    SpanEvent,
)
from nectarc.corpus.otlp_json_text import Json, Members

NS_PER_US: Final = 1_000
_INT64_MIN: Final = -(2**63)
_INT64_MAX: Final = 2**63 - 1
_UINT64_MAX: Final = 2**64 - 1
_HEX: Final = re.compile(r"[0-9a-fA-F]+", re.ASCII)
_SHOWN_CHARS: Final = 60


class FormatError(Exception):
    """A record that its own tool, or the Collector, would not take; stays in `nectarc.corpus`."""

    def __init__(self, place: str, problem: str) -> None:
        """Remember the path inside the record and what is wrong there."""
        super().__init__(f"`{place}`: {problem}" if place else problem)
        self.place = place
        self.problem = problem

    def inside(self, place: str) -> FormatError:
        """Return the same error as seen from the part around `place`."""
        joint = "" if self.place.startswith("[") else "."
        return FormatError(f"{place}{joint}{self.place}" if self.place else place, self.problem)


def object_at(content: Json, name: str) -> Members:
    """Return an object; a missing or null one is empty, anything else is refused."""
    if content is None:
        return {}
    if isinstance(content, dict):
        return content
    raise FormatError(name, f"must be a JSON object, not {shown(content)}")


def list_at(content: Json, name: str) -> list[Json]:
    """Return a list; a missing or null one is empty, anything else is refused."""
    if content is None:
        return []
    if isinstance(content, list):
        return content
    raise FormatError(name, f"must be a JSON list, not {shown(content)}")


def text_at(content: Json, name: str) -> str:
    """Return a text; a missing or null one is empty, anything else is refused."""
    if content is None:
        return ""
    if isinstance(content, str):
        return content
    raise FormatError(name, f"must be a text, not {shown(content)}")


def id_at(content: Json, name: str, digits: int, *, is_needed: bool = True) -> str:
    """Return an id of up to `digits` hexadecimal digits, lower case, zeros before it.

    Zero is no id. Without `is_needed` a missing one is "".
    """
    text = text_at(content, name)
    if not text and not is_needed:
        return ""
    if not text:
        raise FormatError(name, "is missing")
    if not _HEX.fullmatch(text) or len(text) > digits:
        raise FormatError(name, f"must be up to {digits} hexadecimal digits, not `{_cut(text)}`")
    if not text.strip("0"):
        if is_needed:
            raise FormatError(name, "is zero")
        return ""
    return text.lower().zfill(digits)


def whole_number(content: Json, name: str) -> int:
    """Return a whole number, also one written as text or as a float; missing is 0."""
    if content is None:
        return 0
    number: int | None = None
    if isinstance(content, int) and not isinstance(content, bool):
        number = content
    elif isinstance(content, float) and content.is_integer():
        number = int(content)
    elif isinstance(content, str):
        number = _number_of_text(content)
    if number is None or not _INT64_MIN <= number <= _UINT64_MAX:
        raise FormatError(name, f"must be a whole number, not {shown(content)}")
    return number


_DIGITS_MAX: Final = 30


def _number_of_text(text: str) -> int | None:
    digits = text[1:] if text[:1] in {"+", "-"} else text
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _DIGITS_MAX):
        return None
    return int(text)


def nanoseconds(content: Json, name: str, unit_ns: int) -> int:
    """Return a time or duration in units of `unit_ns` as nanoseconds, at most a uint64."""
    number = whole_number(content, name)
    if not 0 <= number <= _UINT64_MAX // unit_ns:
        raise FormatError(name, f"is no time since 1970: {shown(content)}")
    return number * unit_ns


_ISO_TIME: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,12}))?\s?(Z|z|UTC|[+-]\d\d:?\d\d)?",
    re.ASCII,
)


def iso_time_ns(content: Json, name: str) -> int:
    """Return RFC 3339's date and time in nanoseconds since 1970; without a zone it is UTC."""
    text = text_at(content, name)
    found = _ISO_TIME.fullmatch(text)
    if found is None:
        raise FormatError(name, f"must be a date and time, not `{_cut(text)}`")
    day, time, fraction, zone = found.groups()
    offset = zone if zone and zone[0] in "+-" else "+00:00"
    try:
        seconds = datetime.fromisoformat(f"{day}T{time}{offset}").timestamp()
    except (ValueError, OverflowError) as error:
        raise FormatError(name, f"is no date and time: `{_cut(text)}`") from error
    if seconds < 0:
        raise FormatError(name, f"is before 1970: `{_cut(text)}`")
    return int(seconds) * 1_000_000_000 + int((fraction or "0")[:9].ljust(9, "0"))


def plain_value(content: Json) -> OtlpValue:
    """Return a JSON value as an attribute value: whole numbers are int64 where they fit."""
    if isinstance(content, bool) or not isinstance(content, int | list | dict):
        return content
    if isinstance(content, int):
        return content if _INT64_MIN <= content <= _INT64_MAX else float_of(content)
    if isinstance(content, list):
        elements = (plain_value(element) for element in content)
        values = tuple(element for element in elements if element is not None)
        return Array(values, is_null=not values)
    pairs = ((key, plain_value(element)) for key, element in content.items())
    return KeyValues(tuple((key, value) for key, value in pairs if key and value is not None))


def float_of(number: int) -> float:
    """Return the nearest float, an infinity where there is none."""
    try:
        return float(number)
    except OverflowError:
        return float("inf") if number > 0 else float("-inf")


def bytes_value(content: Json, name: str) -> Base64:
    """Return bytes, which tools write as base64 or as hexadecimal digits."""
    text = text_at(content, name)
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        try:
            raw = binascii.unhexlify(text)
        except (binascii.Error, ValueError) as error:
            raise FormatError(name, "is neither base64 nor hexadecimal digits") from error
    return Base64(base64.b64encode(raw).decode("ascii"))


def pairs_of(attributes: Mapping[str, OtlpValue]) -> tuple[Attribute, ...]:
    """Return attributes without empty keys and values, as Refinery leaves them out."""
    return tuple((key, value) for key, value in attributes.items() if key and value is not None)


def span_event(time_ns: int, name: str, attributes: Mapping[str, OtlpValue]) -> SpanEvent:
    """Return a span event with what the span takes over if it is an exception."""
    pairs = pairs_of(attributes)
    return SpanEvent(time_ns, name, pairs, tuple(_exception(pairs)) if name == EXCEPTION else None)


def _exception(pairs: Iterable[Attribute]) -> Iterable[Attribute]:
    for key, value in pairs:
        is_text = key in EXCEPTION_TEXTS and isinstance(value, str)
        if is_text or (key == EXCEPTION_FLAG and isinstance(value, bool)):
            yield key, value


def shown(content: Json) -> str:
    """Return a JSON value in a few words."""
    if isinstance(content, dict):
        return "an object"
    if isinstance(content, list):
        return "a list"
    if isinstance(content, bool):
        return "true" if content else "false"
    return "null" if content is None else f"`{_cut(str(content))}`"


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARS else f"{text[:_SHOWN_CHARS]}..."
