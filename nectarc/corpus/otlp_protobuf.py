"""OTLP protobuf -> the request model.

Owns: which message fields are read. Must not know: Refinery's field names.
Truth: opentelemetry-proto v1; ../shared/reference/refinery-semantics.md, 6.1 to 6.4.
Refinery reads the wire itself and takes some requests that no sender makes and the library refuses
(text that is no UTF-8, values nested beyond 100): these are bad records here, counted and shown.
The protobuf library costs a tenth of a second to import: only `read_protobuf` imports it.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from nectarc.corpus.otlp import (
    EXCEPTION,
    EXCEPTION_FLAG,
    EXCEPTION_TEXTS,
    SERVICE_NAME,
    STATUS_ERROR,
    Array,
    Attribute,
    Base64,
    KeyValues,
    Link,
    OtlpError,
    OtlpSpan,
    OtlpValue,
    Own,
    Part,
    Request,
    Resource,
    Scope,
    SpanEvent,
    hex_id,
    kind_word,
)

if TYPE_CHECKING:
    from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
    from opentelemetry.proto.trace.v1 import trace_pb2


def read_protobuf(data: bytes) -> Request:
    """Read one ExportTraceServiceRequest (TracesData has the same shape).

    Raises OtlpError where the bytes are no such message.
    """
    from google.protobuf.message import DecodeError  # noqa: PLC0415 - start-up time, see above
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (  # noqa: PLC0415
        ExportTraceServiceRequest,
    )

    message = ExportTraceServiceRequest()
    try:
        message.ParseFromString(data)
    except DecodeError as error:
        raise OtlpError("", f"not an OTLP trace request in protobuf ({error})") from error
    return tuple(_resource(resource) for resource in message.resource_spans)


def _resource(message: trace_pb2.ResourceSpans) -> Resource:
    attributes = _attributes(message.resource.attributes)
    names = [value for name, value in attributes if name == SERVICE_NAME and isinstance(value, str)]
    parts: list[Part] = [*attributes]
    if message.schema_url:
        parts.append((Own.RESOURCE_SCHEMA_URL, message.schema_url))
    return Resource(
        names[-1] if names else "",
        tuple(parts),
        tuple(_scope(scope) for scope in message.scope_spans),
    )


def _scope(message: trace_pb2.ScopeSpans) -> Scope:
    scope = message.scope
    own = (
        (Own.SCOPE_NAME, scope.name),
        (Own.SCOPE_VERSION, scope.version),
        (Own.SCOPE_SCHEMA_URL, message.schema_url),
    )
    # In the order in which senders write them; the schema URL stands outside the scope.
    parts: list[Part] = [part for part in own[:2] if part[1]]
    parts += _attributes(scope.attributes)
    parts += [part for part in own[2:] if part[1]]
    return Scope(tuple(parts), tuple(_span(span) for span in message.spans))


def _span(message: trace_pb2.Span) -> OtlpSpan:
    status_code = int(message.status.code)
    return OtlpSpan(
        trace_id=hex_id(message.trace_id),
        span_id=hex_id(message.span_id),
        parent_id=hex_id(message.parent_span_id),
        trace_states=(message.trace_state,) if message.trace_state else (),
        name=message.name,
        kind=kind_word(int(message.kind)),
        start_ns=message.start_time_unix_nano,
        end_ns=message.end_time_unix_nano,
        status_code=status_code,
        status_message=message.status.message,
        has_error=status_code == STATUS_ERROR,
        attributes=_attributes(message.attributes),
        events=tuple(_event(event) for event in message.events),
        links=tuple(
            Link(hex_id(link.trace_id), hex_id(link.span_id), _attributes(link.attributes))
            for link in message.links
        ),
    )


def _event(message: trace_pb2.Span.Event) -> SpanEvent:
    attributes = _attributes(message.attributes)
    exception = tuple(_exception(attributes)) if message.name == EXCEPTION else None
    return SpanEvent(message.time_unix_nano, message.name, attributes, exception)


def _exception(attributes: Iterable[Attribute]) -> Iterator[Attribute]:
    """Yield what the span takes over from its exception."""
    for key, value in attributes:
        is_text = key in EXCEPTION_TEXTS and isinstance(value, str)
        if is_text or (key == EXCEPTION_FLAG and isinstance(value, bool)):
            yield key, value


def _attributes(messages: Iterable[KeyValue]) -> tuple[Attribute, ...]:
    pairs: list[Attribute] = []
    for message in messages:
        value = _value(message.value) if message.key else None
        if value is not None:
            pairs.append((message.key, value))
    return tuple(pairs)


def _value(message: AnyValue) -> OtlpValue:
    """Return the value, None where there is none."""
    match message.WhichOneof("value"):
        case "string_value":
            return message.string_value
        case "bool_value":
            return message.bool_value
        case "int_value":
            return message.int_value
        case "double_value":
            return message.double_value
        case "bytes_value":
            return Base64(base64.b64encode(message.bytes_value).decode("ascii"))
        case "array_value":
            elements = (_value(element) for element in message.array_value.values)
            values = tuple(element for element in elements if element is not None)
            return Array(values, is_null=not values)
        case "kvlist_value":
            # Refinery holds the list in a map, so the last of equal keys wins (in JSON the first).
            return KeyValues(tuple(dict(_attributes(message.kvlist_value.values)).items()))
        case _:
            return None
