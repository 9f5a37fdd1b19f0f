"""OTLP protobuf -> the request model.

Owns: which message fields are read, and which of repeated ones counts. Must not know: the wire
format, Refinery's field names. Truth: opentelemetry-proto v1; ../shared/reference/
refinery-semantics.md, 6.1 to 6.4; the order of reading is that of Refinery (husky v0.43.1).
Refinery does not read requests with the protobuf library, and that library would refuse some that
Refinery takes (text that is no UTF-8, deep values) and merge what Refinery does not.
"""

from __future__ import annotations

import base64
import struct
from collections.abc import Iterator, Mapping
from typing import Final

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
    Late,
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
from nectarc.corpus.otlp_wire import (
    FIXED64,
    LENGTH,
    VARINT,
    fields,
    first_number,
    key_and_value,
    signed,
    starts_cut_off,
    text,
)

# Field numbers of opentelemetry-proto and their wire types.
_REQUEST: Final = {1: LENGTH}
_FIRST: Final = {1: LENGTH}  # the resource of ResourceSpans, the scope of ScopeSpans
_SCHEMA_URL: Final = {3: LENGTH}
_REPEATED: Final = {2: LENGTH}  # the scopes of ResourceSpans, the spans of ScopeSpans
_RESOURCE: Final = {1: LENGTH}
_SCOPE: Final = {1: LENGTH, 2: LENGTH, 3: LENGTH}
_SPAN: Final = {
    **dict.fromkeys((1, 2, 3, 4, 5, 9, 11, 13, 15), LENGTH),
    6: VARINT,
    7: FIXED64,
    8: FIXED64,
}
_STATUS: Final = {2: LENGTH, 3: VARINT}
_EVENT: Final = {1: FIXED64, 2: LENGTH, 3: LENGTH}
_LINK: Final = {1: LENGTH, 2: LENGTH, 3: LENGTH, 4: LENGTH}
_ANY_VALUE: Final = {1: LENGTH, 2: VARINT, 3: VARINT, 4: FIXED64, 5: LENGTH, 6: LENGTH, 7: LENGTH}
_VALUES: Final = {1: LENGTH}
_LAST_SCALAR: Final = 4
_TEXT_TAG: Final = 1 << 3 | LENGTH


def read_protobuf(data: bytes) -> Request:
    """Read one ExportTraceServiceRequest (TracesData has the same shape).

    Raises OtlpError where Refinery refuses the bytes.
    """
    try:
        outermost = fields(data, _REQUEST, is_outermost=True)
        return tuple(_resource(content) for _, content, _ in outermost)
    except RecursionError as error:
        raise OtlpError("", "a value is nested too deeply for nectarc") from error


def _resource(data: bytes) -> Resource:
    attributes: list[Attribute] = []
    service_name = ""
    for content in _first(data, _FIRST):
        for _, inner, _ in fields(content, _RESOURCE):
            _add_attribute(inner, attributes)
    for name, value in attributes:
        if name == SERVICE_NAME and isinstance(value, str):
            service_name = value
    return Resource(
        service_name,
        (*attributes, *_schema_url(data, Own.RESOURCE_SCHEMA_URL)),
        tuple(_scope(content) for _, content, _ in fields(data, _REPEATED)),
    )


def _scope(data: bytes) -> Scope:
    parts: list[Part] = []
    for content in _first(data, _FIRST):
        for number, inner, _ in fields(content, _SCOPE):
            if number == 3:
                _add_attribute(inner, parts)
            elif inner:
                parts.append((Own.SCOPE_NAME if number == 1 else Own.SCOPE_VERSION, text(inner)))
    parts.extend(_schema_url(data, Own.SCOPE_SCHEMA_URL))
    return Scope(tuple(parts), tuple(_span(content) for _, content, _ in fields(data, _REPEATED)))


def _first(data: bytes, wanted: Mapping[int, int]) -> Iterator[bytes]:
    """Yield the content of the first such field, if any; Refinery reads no second one."""
    for _, content, _ in fields(data, wanted):
        yield content
        return


def _schema_url(data: bytes, own: Own) -> Iterator[tuple[Own, str]]:
    for content in _first(data, _SCHEMA_URL):
        if content:
            yield own, text(content)


def _span(data: bytes) -> OtlpSpan:
    trace_id = span_id = parent_id = name = b""
    kind = start_ns = end_ns = status_code = 0
    message = b""
    has_error = False
    trace_states: list[str] = []
    attributes: list[Attribute] = []
    events: list[SpanEvent] = []
    links: list[Link] = []
    for number, content, value in fields(data, _SPAN):
        match number:
            case 9:
                _add_attribute(content, attributes)
            case 1:
                trace_id = content
            case 2:
                span_id = content
            case 3 if content:
                trace_states.append(text(content))
            case 4:
                parent_id = content or parent_id
            case 5:
                name = content
            case 6:
                kind = value
            case 7:
                start_ns = value
            case 8:
                end_ns = value
            case 11:
                events.append(_event(content))
            case 13:
                links.append(_link(content))
            case 15:
                for inner_number, inner, code in fields(content, _STATUS):
                    if inner_number == 2:
                        message = inner or message
                    else:
                        status_code = signed(code)
                        has_error = has_error or status_code == STATUS_ERROR
    return OtlpSpan(
        hex_id(trace_id),
        hex_id(span_id),
        hex_id(parent_id),
        tuple(trace_states),
        text(name),
        kind_word(kind),
        start_ns,
        end_ns,
        status_code,
        text(message),
        has_error,
        tuple(attributes),
        tuple(events),
        tuple(links),
    )


def _event(data: bytes) -> SpanEvent:
    time_ns = 0
    name = b""
    contents: list[bytes] = []
    attributes: list[Attribute] = []
    for number, content, value in fields(data, _EVENT):
        if number == 3:
            contents.append(content)
            _add_attribute(content, attributes)
        elif number == 2:
            name = content
        else:
            time_ns = value
    words = text(name)
    exception = tuple(_exception(contents)) if words == EXCEPTION else None
    return SpanEvent(time_ns, words, tuple(attributes), exception)


def _exception(contents: list[bytes]) -> Iterator[Attribute]:
    """Yield what the span takes over, read anew: here the last of several values counts."""
    for content in contents:
        raw_key, inner = key_and_value(content)
        if raw_key and inner:
            key = text(raw_key)
            value = _any_value(inner)
            is_text = key in EXCEPTION_TEXTS and isinstance(value, str)
            is_flag = key == EXCEPTION_FLAG and isinstance(value, bool)
            if is_text or is_flag:
                yield key, value


def _link(data: bytes) -> Link:
    trace_id = span_id = b""
    attributes: list[Attribute] = []
    for number, content, _ in fields(data, _LINK):
        if number == 1:
            trace_id = content
        elif number == 2:
            span_id = content
        elif number == 4:
            _add_attribute(content, attributes)
    return Link(hex_id(trace_id), hex_id(span_id), tuple(attributes))


def _add_attribute(data: bytes, attributes: list[Attribute] | list[Part]) -> None:
    """Append the attribute, unless it is empty; of several scalar values the first counts."""
    key, content = key_and_value(data)
    if not key or not content:
        return
    value: OtlpValue
    if content[0] == _TEXT_TAG and len(content) > 1 and content[1] == len(content) - 2 < 0x80:
        value = text(content[2:])
    elif first_number(content) <= _LAST_SCALAR:
        value = _one_value(*next(fields(content, _ANY_VALUE)))
    else:
        value = _any_value(content)
        if isinstance(value, str | int | float):
            value = Late(value)
    attributes.append((text(key), value))


def _any_value(data: bytes) -> OtlpValue:
    """Return the last value, None if there is none that Refinery knows."""
    value: OtlpValue = None
    for number, content, bits in fields(data, _ANY_VALUE):
        value = _one_value(number, content, bits)
    return value


def _one_value(number: int, content: bytes, bits: int) -> OtlpValue:
    match number:
        case 1:
            return text(content)
        case 2:
            return bits != 0
        case 3:
            return signed(bits)
        case 4:
            (value,) = struct.unpack("<d", bits.to_bytes(8, "little"))
            assert isinstance(value, float)
            return value
        case 5:
            return _array(content)
        case 6:
            return _key_values(content)
        case _:
            return Base64(base64.b64encode(content).decode("ascii"))


def _array(data: bytes) -> Array:
    if starts_cut_off(data):
        return Array((), is_null=True)
    elements = (_any_value(content) for _, content, _ in fields(data, _VALUES))
    values = tuple(element for element in elements if element is not None)
    return Array(values, is_null=not values)


def _key_values(data: bytes) -> KeyValues:
    # Refinery holds the list in a map, so the last of equal keys wins (in JSON the first).
    pairs: dict[str, OtlpValue] = {}
    if not starts_cut_off(data):
        for _, pair, _ in fields(data, _VALUES):
            key, content = key_and_value(pair)
            if key and content:
                pairs[text(key)] = _any_value(content)
    return KeyValues(tuple(pairs.items()))
