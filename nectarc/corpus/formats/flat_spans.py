"""Spans with one JSON object each, named as OTLP's protobuf names them -> OTLP.

Owns: the members, in snake case or camel case. Must not know: files, Refinery's fields.
Truth: opentelemetry-proto v1 for the names; ../shared/data/README.md for what is in the wild (null
is absent, attributes are a plain object). Other members of the record are taken as attributes of
the resource: that is where tools put `service_name`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nectarc.corpus.formats.parts import (
    FormatError,
    id_at,
    iso_time_ns,
    list_at,
    nanoseconds,
    object_at,
    pairs_of,
    plain_value,
    span_event,
    text_at,
    whole_number,
)
from nectarc.corpus.otlp import (
    KIND_WORDS,
    SERVICE_NAME,
    STATUS_CODES,
    STATUS_ERROR,
    Link,
    OtlpSpan,
    OtlpValue,
    Request,
    Resource,
    Scope,
    SpanEvent,
    kind_word,
)
from nectarc.corpus.otlp_json_text import Json, Members

_TRACE_DIGITS: Final = 32
_SPAN_DIGITS: Final = 16
_SERVICES: Final = ("service.name", "service_name", "serviceName", "service")
# Member by member, the names under which it is found; the first is the one in messages.
_TRACE_ID: Final = ("trace_id", "traceId")
_SPAN_ID: Final = ("span_id", "spanId")
_PARENT_ID: Final = ("parent_span_id", "parentSpanId", "parent_id", "parentId")
_STATE: Final = ("trace_state", "traceState")
_START: Final = ("start_time_unix_nano", "startTimeUnixNano", "start_time", "startTime")
_END: Final = ("end_time_unix_nano", "endTimeUnixNano", "end_time", "endTime")
_EVENT_TIME: Final = ("time_unix_nano", "timeUnixNano", "time", "timestamp")
_OWN: Final = frozenset(
    {*_TRACE_ID, *_SPAN_ID, *_PARENT_ID, *_STATE, *_START, *_END, *_SERVICES}
    | {"name", "kind", "status", "attributes", "events", "links", "resource"}
)


def span_requests(document: Members) -> Iterator[Request | FormatError]:
    """Yield the one span, or what is wrong with it."""
    try:
        yield (_resource(document),)
    except FormatError as error:
        yield error


def _resource(item: Members) -> Resource:
    resource: dict[str, OtlpValue] = {}
    holder = object_at(item.get("resource"), "resource")
    inner = holder.get("attributes", holder)
    for key, content in object_at(inner, "resource.attributes").items():
        resource[key] = plain_value(content)
    service = _first(item, _SERVICES)
    if isinstance(service, str) and service:
        resource.setdefault(SERVICE_NAME, service)
    for key, content in item.items():
        if key not in _OWN and isinstance(content, str | bool | int | float):
            resource.setdefault(key, plain_value(content))
    named = resource.get(SERVICE_NAME)
    scope = Scope((), (_span(item),))
    return Resource(named if isinstance(named, str) else "", pairs_of(resource), (scope,))


def _first(item: Members, names: tuple[str, ...]) -> Json:
    return next((item[name] for name in names if item.get(name) is not None), None)


def _span(item: Members) -> OtlpSpan:
    status = item.get("status")
    members = status if isinstance(status, dict) else {"code": status}
    code = _status_code(members.get("code"))
    state = text_at(_first(item, _STATE), _STATE[0])
    return OtlpSpan(
        trace_id=id_at(_first(item, _TRACE_ID), _TRACE_ID[0], _TRACE_DIGITS),
        span_id=id_at(_first(item, _SPAN_ID), _SPAN_ID[0], _SPAN_DIGITS),
        parent_id=id_at(_first(item, _PARENT_ID), _PARENT_ID[0], _SPAN_DIGITS, is_needed=False),
        trace_states=(state,) if state else (),
        name=text_at(item.get("name"), "name"),
        kind=_kind(item.get("kind")),
        start_ns=_time(_first(item, _START), _START[0]),
        end_ns=_time(_first(item, _END), _END[0]),
        status_code=code,
        status_message=text_at(members.get("message"), "status.message"),
        has_error=code == STATUS_ERROR,
        attributes=pairs_of(_attributes(item, "attributes")),
        events=tuple(_events(list_at(item.get("events"), "events"))),
        links=tuple(_links(list_at(item.get("links"), "links"))),
    )


def _kind(content: Json) -> str:
    if isinstance(content, str):
        word = content.removeprefix("SPAN_KIND_").lower()
        return word if word in KIND_WORDS else kind_word(0)
    return kind_word(whole_number(content, "kind"))


def _status_code(content: Json) -> int:
    if isinstance(content, str):
        word = f"STATUS_CODE_{content.removeprefix('STATUS_CODE_').upper()}"
        return STATUS_CODES.index(word) if word in STATUS_CODES else 0
    return whole_number(content, "status.code")


def _time(content: Json, name: str) -> int:
    if isinstance(content, str) and not content.isdigit():
        return iso_time_ns(content, name) if content else 0
    return nanoseconds(content, name, 1)


def _attributes(holder: Members, place: str) -> dict[str, OtlpValue]:
    members = object_at(holder.get("attributes"), place)
    return {key: plain_value(content) for key, content in members.items()}


def _events(items: list[Json]) -> Iterator[SpanEvent]:
    for index, one in enumerate(items):
        place = f"events[{index}]"
        event = object_at(one, place)
        time_ns = _time(_first(event, _EVENT_TIME), f"{place}.{_EVENT_TIME[0]}")
        name = text_at(event.get("name"), f"{place}.name")
        yield span_event(time_ns, name, _attributes(event, f"{place}.attributes"))


def _links(items: list[Json]) -> Iterator[Link]:
    for index, one in enumerate(items):
        place = f"links[{index}]"
        link = object_at(one, place)
        yield Link(
            id_at(_first(link, _TRACE_ID), f"{place}.trace_id", _TRACE_DIGITS, is_needed=False),
            id_at(_first(link, _SPAN_ID), f"{place}.span_id", _SPAN_DIGITS, is_needed=False),
            pairs_of(_attributes(link, f"{place}.attributes")),
        )
