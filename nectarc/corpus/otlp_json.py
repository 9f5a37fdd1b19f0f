"""OTLP JSON -> the request model, as strict and as lenient as Refinery's reader.

Owns: what each JSON member may be, and which of repeated ones counts. Must not know: Refinery's
field names, files. Truth: ../shared/reference/refinery-semantics.md, 6.7, and husky v0.43.1: ids
are hex or else base64, times decimal strings or the request fails, a part of another type than
expected counts as absent where Refinery is lenient.
"""

from __future__ import annotations

import binascii
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from nectarc.corpus.otlp import (
    EXCEPTION,
    EXCEPTION_FLAG,
    EXCEPTION_TEXTS,
    KIND_WORDS,
    SERVICE_NAME,
    STATUS_CODES,
    STATUS_ERROR,
    Attribute,
    KeyValues,
    Link,
    OtlpError,
    OtlpSpan,
    Own,
    Part,
    Request,
    Resource,
    Scope,
    SpanEvent,
    hex_id,
    kind_word,
)
from nectarc.corpus.otlp_json_members import (
    base64_bytes,
    int64_of,
    items_of,
    list_of,
    number_of_digits,
    object_of,
    object_or_empty,
    read_each,
    text_of,
)
from nectarc.corpus.otlp_json_text import Json, Members, all_of, members_of
from nectarc.corpus.otlp_json_values import (
    ITEM_LEVEL,
    RESOURCE_LEVEL,
    SCOPE_LEVEL,
    SPAN_LEVEL,
    attributes_of,
    pairs_of,
)

__all__ = ["Json", "read_json"]

_SHORT_TIME: Final = 19  # so many digits are below 2**64
_UINT64_MAX: Final = 2**64 - 1
_KINDS: Final = {f"SPAN_KIND_{word.upper()}": word for word in KIND_WORDS}


def read_json(document: Json) -> Request:
    """Read one request from its decoded JSON; raises OtlpError where Refinery refuses it.

    document: of `decode_json`; any other JSON reader hides repeated members. One without
    `resourceSpans` is an empty request, as it is to Refinery.
    """
    root = object_of(document)
    return tuple(
        resource
        for content in all_of(root, "resourceSpans")
        for resource in read_each(items_of(content), "resourceSpans", _resource)
    )


def _resource(item: Json) -> Resource:
    members = object_of(item)
    parts: list[Part] = []
    service_name = ""
    for name, content in members_of(members):
        if name == "schemaUrl":
            parts += _own(Own.RESOURCE_SCHEMA_URL, content)
        elif name == "resource":
            attributes = attributes_of(object_or_empty(content), RESOURCE_LEVEL, "resource.")
            service_name = _service_name(attributes, service_name)
            parts += attributes
    return Resource(
        service_name, tuple(parts), read_each(list_of(members, "scopeSpans"), "scopeSpans", _scope)
    )


def _service_name(attributes: Iterable[Attribute], before: str) -> str:
    """Return the last service name; unlike in protobuf, one in a key-value list counts, too."""
    found = before
    first, _, second = SERVICE_NAME.partition(".")
    for name, value in attributes:
        if name == SERVICE_NAME and isinstance(value, str):
            found = value
        elif name == first and isinstance(value, KeyValues):
            for inner, element in value.pairs:
                if inner == second and isinstance(element, str):
                    found = element
    return found


def _own(own: Own, content: Json) -> Iterator[Part]:
    if isinstance(content, str) and content:
        yield own, content


def _scope(item: Json) -> Scope:
    members = object_of(item)
    parts: list[Part] = []
    for name, content in members_of(members):
        if name == "schemaUrl":
            parts += _own(Own.SCOPE_SCHEMA_URL, content)
        elif name == "scope":
            for inner, value in members_of(object_or_empty(content)):
                if inner == "name":
                    parts += _own(Own.SCOPE_NAME, value)
                elif inner == "version":
                    parts += _own(Own.SCOPE_VERSION, value)
                elif inner == "attributes":
                    parts += pairs_of(items_of(value), SCOPE_LEVEL, "scope.attributes")
    return Scope(tuple(parts), read_each(list_of(members, "spans"), "spans", _span))


def _span(item: Json) -> OtlpSpan:
    members = object_of(item)
    status_code, status_message, has_error = _status(members)
    return OtlpSpan(
        trace_id=_id(members, "traceId"),
        span_id=_id(members, "spanId"),
        parent_id=_id(members, "parentSpanId"),
        trace_states=tuple(
            state for state in all_of(members, "traceState") if isinstance(state, str) and state
        ),
        name=text_of(members, "name"),
        kind=_kind(members.get("kind")),
        start_ns=_time(members, "startTimeUnixNano"),
        end_ns=_time(members, "endTimeUnixNano"),
        status_code=status_code,
        status_message=status_message,
        has_error=has_error,
        attributes=attributes_of(members, SPAN_LEVEL),
        events=read_each(list_of(members, "events"), "events", _event),
        links=read_each(list_of(members, "links"), "links", _link),
    )


def _event(item: Json) -> SpanEvent:
    members = object_of(item)
    items = list_of(members, "attributes")  # unlike in a span, the last such member alone counts
    name = text_of(members, "name")
    return SpanEvent(
        _time(members, "timeUnixNano"),
        name,
        pairs_of(items, ITEM_LEVEL, "attributes"),
        tuple(_exception(items)) if items and name == EXCEPTION else None,
    )


def _exception(items: list[Json]) -> Iterator[Attribute]:
    for item in items:
        pair = object_or_empty(item)
        key = text_of(pair, "key")
        for name, content in members_of(object_or_empty(pair.get("value"))):
            if key in EXCEPTION_TEXTS and name == "stringValue":
                yield key, content if isinstance(content, str) else ""
            elif key == EXCEPTION_FLAG and name == "boolValue":
                yield key, content is True


def _link(item: Json) -> Link:
    members = object_of(item)
    return Link(
        _id(members, "traceId"),
        _id(members, "spanId"),
        attributes_of(members, ITEM_LEVEL),
    )


def _kind(content: Json) -> str:
    if isinstance(content, str):
        return _KINDS.get(content, kind_word(0))
    return kind_word(int64_of(content))


def _status(members: Members) -> tuple[int, str, bool]:
    """Return code, message and whether any code said error."""
    code, message, has_error = 0, "", False
    for status in all_of(members, "status"):
        try:
            inner = object_of(status)
        except OtlpError as error:
            raise error.inside("status") from error
        for name, content in members_of(inner):
            if name == "message" and isinstance(content, str) and content:
                message = content
            elif name == "code":
                code = _status_code(content)
                has_error = has_error or code == STATUS_ERROR
    return code, message, has_error


def _status_code(content: Json) -> int:
    if isinstance(content, str):
        return STATUS_CODES.index(content) if content in STATUS_CODES else 0
    if isinstance(content, bool) or not isinstance(content, int | float):
        raise OtlpError("status.code", "neither a number nor the name of a status code")
    return int64_of(content)


def _time(members: Members, name: str) -> int:
    time_ns = 0
    text = members.get(name)
    if text is None and name not in members:
        return time_ns
    if type(members) is dict and isinstance(text, str) and len(text) <= _SHORT_TIME:  # noqa: SIM102
        if text.isascii() and text.isdigit():
            return int(text)
    for content in all_of(members, name):
        number = number_of_digits(content) if isinstance(content, str) else None
        if number is None or number > _UINT64_MAX:
            raise OtlpError(name, "must be nanoseconds as a string of decimal digits")
        time_ns = number
    return time_ns


def _id(members: Members, name: str) -> str:
    """Return the id in hex; the parent's is the last that is not empty."""
    text = members.get(name)
    if text is None and name not in members:
        return ""
    if isinstance(text, str) and type(members) is dict:
        return _hex(text, name)
    last = b""
    for content in all_of(members, name):
        raw = _id_bytes(content if isinstance(content, str) else "", name)
        last = raw or (last if name == "parentSpanId" else b"")
    return hex_id(last)


@lru_cache(maxsize=8192)
def _hex(text: str, name: str) -> str:
    """Return an id in hex. Each comes several times: in its span, its children, its trace."""
    return hex_id(_id_bytes(text, name))


def _id_bytes(text: str, name: str) -> bytes:
    try:
        # bytes.fromhex would also take blanks between the digits.
        return binascii.unhexlify(text)
    except (binascii.Error, ValueError):
        raw = base64_bytes(text)
    if raw is None:
        raise OtlpError(name, "must be hexadecimal digits, two for each byte, or base64")
    return raw
