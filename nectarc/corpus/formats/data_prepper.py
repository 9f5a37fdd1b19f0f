"""OpenSearch Data Prepper's span documents -> the OTLP they were made of.

Owns: the document's members. Must not know: files, Refinery's fields.
Truth: opensearch-project/data-prepper, otel-proto-common `OTelProtoCodec` (its way there: dots of
attribute names become `@`, attributes get the prefixes below) and ../shared/data/README.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nectarc.corpus.formats.parts import (
    FormatError,
    id_at,
    iso_time_ns,
    list_at,
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
    STATUS_ERROR,
    Link,
    OtlpSpan,
    OtlpValue,
    Own,
    Part,
    Request,
    Resource,
    Scope,
    SpanEvent,
    kind_word,
)
from nectarc.corpus.otlp_json_text import Json, Members

_TRACE_DIGITS: Final = 32
_SPAN_DIGITS: Final = 16
_KINDS: Final = {f"SPAN_KIND_{word.upper()}": word for word in KIND_WORDS}
_SPAN_PREFIX: Final = "span.attributes."
_RESOURCE_PREFIX: Final = "resource.attributes."
_LIBRARIES: Final = ("instrumentationScope", "instrumentationLibrary")


def span_requests(document: Members) -> Iterator[Request | FormatError]:
    """Yield the one span, or what is wrong with it."""
    try:
        yield (_resource(document),)
    except FormatError as error:
        yield error


def _resource(item: Members) -> Resource:
    attributes: dict[str, OtlpValue] = {}
    resource: dict[str, OtlpValue] = {}
    for key, content in item.items():
        if key.startswith(_SPAN_PREFIX):
            attributes[_name(key.removeprefix(_SPAN_PREFIX))] = plain_value(content)
        elif key.startswith(_RESOURCE_PREFIX):
            resource[_name(key.removeprefix(_RESOURCE_PREFIX))] = plain_value(content)
    service = resource.get(SERVICE_NAME)
    if not isinstance(service, str):
        service = text_at(item.get("serviceName"), "serviceName")
        if service:
            resource.setdefault(SERVICE_NAME, service)
    scope: list[Part] = []
    for own, member in ((Own.SCOPE_NAME, "name"), (Own.SCOPE_VERSION, "version")):
        texts = (text_at(item.get(f"{library}.{member}"), member) for library in _LIBRARIES)
        text = next(filter(None, texts), "")
        if text:
            scope.append((own, text))
    span = _span(item, attributes)
    return Resource(service, pairs_of(resource), (Scope(tuple(scope), (span,)),))


def _name(key: str) -> str:
    return key.replace("@", ".")


def _span(item: Members, attributes: dict[str, OtlpValue]) -> OtlpSpan:
    status = object_at(item.get("status"), "status")
    code = whole_number(item.get("status.code", status.get("code")), "status.code")
    message = text_at(item.get("status.message", status.get("message")), "status.message")
    state = text_at(item.get("traceState"), "traceState")
    return OtlpSpan(
        trace_id=id_at(item.get("traceId"), "traceId", _TRACE_DIGITS),
        span_id=id_at(item.get("spanId"), "spanId", _SPAN_DIGITS),
        parent_id=id_at(item.get("parentSpanId"), "parentSpanId", _SPAN_DIGITS, is_needed=False),
        trace_states=(state,) if state else (),
        name=text_at(item.get("name"), "name"),
        kind=_KINDS.get(text_at(item.get("kind"), "kind"), kind_word(0)),
        start_ns=_time(item, "startTime"),
        end_ns=_time(item, "endTime"),
        status_code=code,
        status_message=message,
        has_error=code == STATUS_ERROR,
        attributes=pairs_of(attributes),
        events=tuple(_events(list_at(item.get("events"), "events"))),
        links=tuple(_links(list_at(item.get("links"), "links"))),
    )


def _time(item: Members, name: str) -> int:
    return iso_time_ns(item[name], name) if item.get(name) else 0


def _events(items: list[Json]) -> Iterator[SpanEvent]:
    for index, one in enumerate(items):
        place = f"events[{index}]"
        event = object_at(one, place)
        time_ns = iso_time_ns(event["time"], f"{place}.time") if event.get("time") else 0
        name = text_at(event.get("name"), f"{place}.name")
        yield span_event(time_ns, name, _attributes(event, place))


def _links(items: list[Json]) -> Iterator[Link]:
    for index, one in enumerate(items):
        place = f"links[{index}]"
        link = object_at(one, place)
        yield Link(
            id_at(link.get("traceId"), f"{place}.traceId", _TRACE_DIGITS, is_needed=False),
            id_at(link.get("spanId"), f"{place}.spanId", _SPAN_DIGITS, is_needed=False),
            pairs_of(_attributes(link, place)),
        )


def _attributes(holder: Members, place: str) -> dict[str, OtlpValue]:
    members = object_at(holder.get("attributes"), f"{place}.attributes")
    return {_name(key): plain_value(content) for key, content in members.items()}
