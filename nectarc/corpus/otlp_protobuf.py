"""OTLP protobuf -> the request model.

Owns: which message fields are read. Must not know: Refinery's field names.
Truth: opentelemetry-proto v1; ../shared/reference/refinery-semantics.md, 6.1 to 6.4.
The protobuf library costs a tenth of a second to import: only `read_protobuf` imports it.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import TYPE_CHECKING

from nectarc.corpus.otlp import (
    Array,
    Attribute,
    Base64,
    KeyValues,
    Link,
    OtlpError,
    OtlpSpan,
    OtlpValue,
    Request,
    Resource,
    Scope,
    SpanEvent,
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
    return Resource(
        message.schema_url,
        _attributes(message.resource.attributes),
        tuple(_scope(scope) for scope in message.scope_spans),
    )


def _scope(message: trace_pb2.ScopeSpans) -> Scope:
    scope = message.scope
    return Scope(
        scope.name,
        scope.version,
        message.schema_url,
        _attributes(scope.attributes),
        tuple(_span(span) for span in message.spans),
    )


def _span(message: trace_pb2.Span) -> OtlpSpan:
    return OtlpSpan(
        trace_id=message.trace_id.hex(),
        span_id=message.span_id.hex(),
        parent_id=message.parent_span_id.hex(),
        trace_state=message.trace_state,
        name=message.name,
        kind=kind_word(int(message.kind)),
        start_ns=message.start_time_unix_nano,
        end_ns=message.end_time_unix_nano,
        status_code=int(message.status.code),
        status_message=message.status.message,
        attributes=_attributes(message.attributes),
        events=tuple(
            SpanEvent(event.time_unix_nano, event.name, _attributes(event.attributes))
            for event in message.events
        ),
        links=tuple(
            Link(link.trace_id.hex(), link.span_id.hex(), _attributes(link.attributes))
            for link in message.links
        ),
    )


def _attributes(messages: Iterable[KeyValue]) -> tuple[Attribute, ...]:
    pairs: list[Attribute] = []
    for message in messages:
        value = _value(message.value) if message.key else None
        if value is not None:
            pairs.append((message.key, value))
    return tuple(pairs)


def _value(message: AnyValue) -> OtlpValue | None:
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
