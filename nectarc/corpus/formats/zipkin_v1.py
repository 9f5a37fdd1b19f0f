"""Zipkin v1 JSON -> OTLP, span by span, as if each had been posted alone.

Owns: Zipkin v1's members and how the Collector maps them. Must not know: files, Refinery's fields.
Truth: opentelemetry-collector-contrib, pkg/translator/zipkin/zipkinv1/json.go (`jsonBatchToTraces`)
and status_code.go. Two differences: a span without any time gets none (there: the moment of
arrival), and a bool as the value of a binary annotation, which v1 knows, is read as text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from nectarc.corpus.formats.parts import (
    NS_PER_US,
    FormatError,
    id_at,
    list_at,
    nanoseconds,
    object_at,
    pairs_of,
    shown,
    span_event,
    text_at,
    whole_number,
)
from nectarc.corpus.formats.zipkin_v2 import ABSENT_START, SPAN_DIGITS, TRACE_DIGITS
from nectarc.corpus.otlp import (
    SERVICE_NAME,
    STATUS_ERROR,
    OtlpSpan,
    OtlpValue,
    Request,
    Resource,
    Scope,
    SpanEvent,
    kind_word,
)
from nectarc.corpus.otlp_json_text import Json, Members

_UNKNOWN_SERVICE: Final = "unknown-service"
_KINDS: Final = {
    "cs": "client",
    "cr": "client",
    "ms": "producer",
    "mr": "consumer",
    "ss": "server",
    "sr": "server",
}
_INT32_MIN: Final = -(2**31)
_INT32_MAX: Final = 2**31 - 1


def span_requests(document: Members) -> Iterator[Request | FormatError]:
    """Yield the one span, or what is wrong with it."""
    try:
        yield (_resource(document),)
    except FormatError as error:
        yield error


class _Annotations(NamedTuple):
    """What the annotations say. start, end: the first and the last of them, nanoseconds."""

    kind: str
    endpoint: Members
    start_ns: int
    end_ns: int
    events: tuple[SpanEvent, ...]


def _resource(item: Members) -> Resource:
    said = _annotations(list_at(item.get("annotations"), "annotations"))
    attributes: dict[str, OtlpValue] = {}
    status = _Status()
    fallback = _add_binary(
        list_at(item.get("binaryAnnotations"), "binaryAnnotations"), attributes, status
    )
    service = _service(said.endpoint) or fallback or _UNKNOWN_SERVICE
    timestamp_ns = nanoseconds(item.get("timestamp"), "timestamp", NS_PER_US)
    duration_ns = nanoseconds(item.get("duration"), "duration", NS_PER_US)
    start_ns, end_ns = said.start_ns, said.end_ns
    if timestamp_ns:
        start_ns, end_ns = timestamp_ns, timestamp_ns + duration_ns
    if not start_ns:
        attributes[ABSENT_START] = True
    code, message = status.result()
    span = OtlpSpan(
        trace_id=_id(item.get("traceId"), "traceId", (SPAN_DIGITS, TRACE_DIGITS)),
        span_id=_id(item.get("id"), "id", (SPAN_DIGITS,)),
        parent_id=_id(item.get("parentId"), "parentId", (SPAN_DIGITS,), is_needed=False),
        trace_states=(),
        name=text_at(item.get("name"), "name"),
        kind=said.kind,
        start_ns=start_ns,
        end_ns=end_ns,
        status_code=code,
        status_message=message,
        has_error=code == STATUS_ERROR,
        attributes=pairs_of(attributes),
        events=said.events,
        links=(),
    )
    resource: dict[str, OtlpValue] = {SERVICE_NAME: service}
    for name in ("ipv4", "ipv6"):
        resource[name] = text_at(said.endpoint.get(name), f"endpoint.{name}") or None
    port = whole_number(said.endpoint.get("port"), "endpoint.port")
    resource["port"] = str(port) if port else None
    return Resource(service, pairs_of(resource), (Scope((), (span,)),))


def _id(content: Json, name: str, widths: tuple[int, ...], *, is_needed: bool = True) -> str:
    text = text_at(content, name)
    if text and len(text) not in widths:
        numbers = " or ".join(map(str, widths))
        raise FormatError(name, f"must be {numbers} hexadecimal digits, not {shown(text)}")
    return id_at(content, name, widths[-1], is_needed=is_needed)


def _service(endpoint: Members) -> str:
    return text_at(endpoint.get("serviceName"), "endpoint.serviceName")


def _annotations(items: list[Json]) -> _Annotations:
    kind = ""
    endpoint: Members = {}
    times: list[int] = []
    events: list[SpanEvent] = []
    for index, one in enumerate(items):
        place = f"annotations[{index}]"
        annotation = object_at(one, place)
        value = text_at(annotation.get("value"), f"{place}.value")
        if not value:
            continue
        host = object_at(annotation.get("endpoint"), f"{place}.endpoint")
        time_ns = nanoseconds(annotation.get("timestamp"), f"{place}.timestamp", NS_PER_US)
        times.append(time_ns)
        if value in _KINDS:
            kind = kind or _KINDS[value]
            endpoint = endpoint or (host if _service(host) else {})
        else:
            events.append(span_event(time_ns, value, {}))
    return _Annotations(
        kind or kind_word(0),
        endpoint,
        min(times, default=0),
        max(times, default=0),
        tuple(events),
    )


def _add_binary(items: list[Json], attributes: dict[str, OtlpValue], status: _Status) -> str:
    """Add the binary annotations to the attributes; return the service they name, if any."""
    fallback = component = ""
    for index, one in enumerate(items):
        place = f"binaryAnnotations[{index}]"
        binary = object_at(one, place)
        host = object_at(binary.get("endpoint"), f"{place}.endpoint")
        fallback = _service(host) or fallback
        key = text_at(binary.get("key"), f"{place}.key")
        content = binary.get("value")
        value = shown(content) if isinstance(content, bool) else text_at(content, f"{place}.value")
        if key == "lc":
            key, component = "component", value
        if not status.takes(key, value):
            attributes[key] = value
    return fallback or component


class _Status:
    """The status that binary annotations say in several ways (`statusMapper`)."""

    def __init__(self) -> None:
        self._census: int | None = None
        self._census_message = ""
        self._otel: int | None = None
        self._otel_message = ""
        self._http: int | None = None
        self._http_message = ""
        self._is_error = False

    def takes(self, key: str, value: str) -> bool:
        """Note what `key` says; return whether it is then no attribute any more."""
        number = _int32(value)
        match key:
            case "census.status_code":
                if number is not None:
                    self._census = STATUS_ERROR if number else 1
            case "census.status_description" | "opencensus.status_description":
                self._census_message = value
            case "otel.status_code":
                self._otel = self._otel if number is None else number
            case "otel.status_description":
                self._otel_message = value
            case "error":
                self._is_error = True
            case "http.status_code":
                if number is not None:
                    self._http = 0 if 100 <= number < 400 else STATUS_ERROR
                return False
            case "http.status_message":
                self._http_message = value
                return False
            case _:
                return False
        return True

    def result(self) -> tuple[int, str]:
        """Return code and message, of the first of the ways that says one."""
        if self._census is not None:
            return self._census, self._census_message
        if self._otel is not None:
            return self._otel, self._otel_message
        if self._is_error:
            return STATUS_ERROR, self._census_message or self._otel_message
        if self._http is not None:
            return self._http, self._http_message
        return 0, ""


def _int32(text: str) -> int | None:
    try:
        number = whole_number(text, "")
    except FormatError:
        return None
    return number if _INT32_MIN <= number <= _INT32_MAX else None
