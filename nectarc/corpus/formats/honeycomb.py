"""Honeycomb events in JSON -> events as Refinery's `/1/batch` sees them.

Owns: the batch's envelope, JSON values as Refinery decodes them. Must not know: OTLP, files.
Truth: ../shared/reference/refinery-semantics.md, 2.1 (every JSON number is a float64, null exists),
5.1 (trace id, root) and 5.5 (`samplerate`, where 0 or none is 1).

Refinery's conditions do not see `trace.parent_id` of a batch (2.10); the field is kept here, for
people, and a compiled policy never names it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nectarc.corpus.formats.parts import (
    FormatError,
    float_of,
    iso_time_ns,
    nanoseconds,
    object_at,
    shown,
)
from nectarc.corpus.otlp_events import Event, received
from nectarc.corpus.otlp_json_text import Json, Members
from nectarc.trace import Value

_RATE_MAX: Final = 2**31 - 1
_NO_DATASET: Final = ""
_FLAT_TIMES: Final = ("time", "timestamp", "Timestamp")
# Numbers below these are seconds, milliseconds, microseconds, else nanoseconds (husky's rule).
_UNIX_UNITS: Final = ((10**11, 10**9), (10**14, 10**6), (10**17, 10**3))


def batch_events(document: Members) -> Iterator[Event | FormatError]:
    """Yield the one event of `{"time": ..., "samplerate": ..., "data": {...}}`."""
    try:
        data = object_at(document.get("data"), "data")
        rate = document.get("samplerate")
        is_rate = isinstance(rate, int) and not isinstance(rate, bool)
        number = rate if isinstance(rate, int) and is_rate else 0
        yield from _event(data, number, _time(document, ("time",)))
    except FormatError as error:
        yield error


def flat_events(document: Members) -> Iterator[Event | FormatError]:
    """Yield the one event whose fields stand alone, as `/1/events` takes them."""
    try:
        yield from _event(document, 0, _time(document, _FLAT_TIMES))
    except FormatError:
        yield from _event(document, 0, 0)  # a field of that name that is no time is a field


def _event(data: Members, rate: int, time_ns: int) -> Iterator[Event | FormatError]:
    if not data:
        yield FormatError("data", "holds no field")
        return
    fields = {name: _value(content) for name, content in data.items()}
    known = rate if 1 <= rate <= _RATE_MAX else 1
    event = received(_NO_DATASET, known, float(known), time_ns, fields)
    if event is not None:
        yield event


def _time(members: Members, names: tuple[str, ...]) -> int:
    for name in names:
        content = members.get(name)
        if isinstance(content, str) and content and not content.isdigit():
            return iso_time_ns(content, name)
        if isinstance(content, str | int | float) and content:
            return _unix_time(content, name)
        if content not in (None, "", 0):
            raise FormatError(name, f"must be a time, not {shown(content)}")
    return 0


def _unix_time(content: str | float, name: str) -> int:
    if isinstance(content, float):
        if not 0 <= content < 1e19:
            raise FormatError(name, f"is no time since 1970: {shown(content)}")
        number = int(content)
        unit = next((unit for limit, unit in _UNIX_UNITS if number < limit), 1)
        return int(content * unit)
    number = nanoseconds(content, name, 1)
    unit = next((unit for limit, unit in _UNIX_UNITS if number < limit), 1)
    return number * unit


def _value(content: Json) -> Value:
    """Return a JSON value with every number as a float64."""
    if isinstance(content, bool) or content is None or isinstance(content, str | float):
        return content
    if isinstance(content, int):
        return float_of(content)
    if isinstance(content, list):
        return [_value(element) for element in content]
    return {key: _value(element) for key, element in content.items()}
