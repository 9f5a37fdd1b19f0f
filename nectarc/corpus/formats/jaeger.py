"""Jaeger JSON -> OTLP: traces of the query API, spans as Elasticsearch holds them.

Owns: Jaeger's members and how the Collector maps them. Must not know: files, Refinery's fields.
Truth: opentelemetry-collector-contrib, pkg/translator/jaeger/jaegerproto_to_traces.go
(`ProtoToTraces`); jaeger, internal/uimodel (query API) and the Elasticsearch `dbmodel`. Spans stay
in file order; the Collector orders its groups by chance. Warnings are dropped, as there. Ids that
are no hexadecimal digits, which Jaeger itself refuses, stay as they are written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Final

from nectarc.corpus.formats.parts import (
    NS_PER_US,
    FormatError,
    bytes_value,
    float_of,
    id_at,
    list_at,
    nanoseconds,
    object_at,
    pairs_of,
    plain_value,
    shown,
    span_event,
    text_at,
    whole_number,
)
from nectarc.corpus.otlp import (
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
_NO_SERVICE: Final = "OTLPResourceNoServiceName"
_KINDS: Final = frozenset({"client", "server", "producer", "consumer", "internal"})
_STATUSES: Final = {"OK": 1, "ERROR": STATUS_ERROR}
_INT64_MAX: Final = 2**63 - 1
_HEX: Final = re.compile(r"[0-9a-fA-F]+", re.ASCII)
_WORD: Final = re.compile(r"[\w.:-]{1,64}", re.ASCII)
_Attributes = dict[str, OtlpValue]
_Owner = tuple[str, tuple[Part, ...]]  # service name, parts of the resource


def trace_requests(document: Members) -> Iterator[Request | FormatError]:
    """Yield the spans of one trace of the query API, and an error for each that is none."""
    try:
        processes = object_at(document.get("processes"), "processes")
        items = list_at(document.get("spans"), "spans")
    except FormatError as error:
        yield error
        return
    owners: dict[str, _Owner] = {}
    good: list[tuple[_Owner, tuple[Part, ...], OtlpSpan]] = []
    for index, item in enumerate(items):
        try:
            good.append(_owned_span(object_at(item, ""), processes, owners))
        except FormatError as error:
            yield error.inside(f"spans[{index}]")
    if good:
        yield _request(good)


def span_requests(document: Members) -> Iterator[Request | FormatError]:
    """Yield the one span of an Elasticsearch document, which holds its process."""
    try:
        yield _request([_owned_span(document, {}, {})])
    except FormatError as error:
        yield error


def _request(good: list[tuple[_Owner, tuple[Part, ...], OtlpSpan]]) -> Request:
    resources: list[Resource] = []
    for (service_name, parts), owned in groupby(good, key=lambda one: one[0]):
        scopes = [
            Scope(scope, tuple(span for _, _, span in spans))
            for scope, spans in groupby(owned, key=lambda one: one[1])
        ]
        resources.append(Resource(service_name, parts, tuple(scopes)))
    return tuple(resources)


def _owned_span(
    item: Members, processes: Members, owners: dict[str, _Owner]
) -> tuple[_Owner, tuple[Part, ...], OtlpSpan]:
    if isinstance(item.get("process"), dict):
        owner = _process(object_at(item["process"], "process"), "process")
    else:
        process_id = text_at(item.get("processID"), "processID")
        found = owners.get(process_id)
        if found is None:
            place = f"processes.{process_id}"
            found = owners[process_id] = _process(
                object_at(processes.get(process_id), place), place
            )
        owner = found
    tags = _tags(item)
    scope: list[Part] = []
    if "otel.scope.name" in tags:
        name, version = tags.pop("otel.scope.name"), tags.pop("otel.scope.version", None)
        if isinstance(name, str) and name:
            scope.append((Own.SCOPE_NAME, name))
        if isinstance(version, str) and version:
            scope.append((Own.SCOPE_VERSION, version))
    return owner, tuple(scope), _span(item, tags)


def _process(process: Members, place: str) -> _Owner:
    service_name = text_at(process.get("serviceName"), f"{place}.serviceName")
    if service_name == _NO_SERVICE:
        return "", ()
    attributes: _Attributes = {SERVICE_NAME: service_name} if service_name else {}
    try:
        attributes.update(_tags(process))
    except FormatError as error:
        raise error.inside(place) from error
    if "hostname" in attributes and "host.name" not in attributes:
        attributes["host.name"] = attributes.pop("hostname")
    version = attributes.get("jaeger.version")
    if version is not None and "opencensus.exporterversion" not in attributes:
        del attributes["jaeger.version"]
        text = version if isinstance(version, str) else ""
        attributes["opencensus.exporterversion"] = f"Jaeger-{text}"
    named = attributes.get(SERVICE_NAME)
    return named if isinstance(named, str) else "", pairs_of(attributes)


def _tags(holder: Members) -> _Attributes:
    """Return the tags of a span or process; Elasticsearch may hold them as an object, too."""
    attributes = _fields(list_at(holder.get("tags"), "tags"), "tags")
    for key, content in object_at(holder.get("tag"), "tag").items():
        attributes[key.replace("@", ".")] = plain_value(content)
    return attributes


def _fields(items: list[Json], place: str) -> _Attributes:
    attributes: _Attributes = {}
    for index, item in enumerate(items):
        here = f"{place}[{index}]"
        tag = object_at(item, here)
        attributes[text_at(tag.get("key"), f"{here}.key")] = _value(tag, f"{here}.value")
    return attributes


def _value(tag: Members, place: str) -> OtlpValue:
    content = tag.get("value")
    match tag.get("type"):
        case "string":
            return text_at(content, place)
        case "bool":
            if isinstance(content, bool) or content in ("true", "false"):
                return content in (True, "true")
            raise FormatError(place, f"must be true or false, not {shown(content)}")
        case "int64":
            number = whole_number(content, place)
            if number > _INT64_MAX:
                raise FormatError(place, f"is no 64-bit integer: {shown(content)}")
            return number
        case "float64":
            return _float(content, place)
        case "binary":
            return bytes_value(content, place)
        case None | "":
            return plain_value(content)
        case other:
            return f'<Unknown Jaeger TagType "{other}">'


def _float(content: Json, place: str) -> float:
    try:
        if isinstance(content, str):
            return float(content)
        if isinstance(content, int) and not isinstance(content, bool):
            return float_of(content)
    except ValueError:
        pass
    if isinstance(content, float):
        return content
    raise FormatError(place, f"must be a number, not {shown(content)}")


def _span(item: Members, attributes: _Attributes) -> OtlpSpan:
    trace_id = _id(item.get("traceID"), "traceID", _TRACE_DIGITS)
    start_ns = nanoseconds(item.get("startTime"), "startTime", NS_PER_US)
    duration_ns = nanoseconds(item.get("duration"), "duration", NS_PER_US)
    references = _references(item, trace_id)
    parent_id = _parent(references, trace_id)
    kind = attributes.pop("span.kind", None)
    kind = kind if isinstance(kind, str) and kind in _KINDS else kind_word(0)
    status_code, status_message = _status(attributes, kind)
    state = attributes.pop("w3c.tracestate", "")
    return OtlpSpan(
        trace_id=trace_id,
        span_id=_id(item.get("spanID"), "spanID", _SPAN_DIGITS),
        parent_id=parent_id,
        trace_states=(state,) if isinstance(state, str) and state else (),
        name=text_at(item.get("operationName"), "operationName"),
        kind=kind,
        start_ns=start_ns,
        end_ns=start_ns + duration_ns,
        status_code=status_code,
        status_message=status_message,
        has_error=status_code == STATUS_ERROR,
        attributes=pairs_of(attributes),
        events=tuple(_events(list_at(item.get("logs"), "logs"))),
        links=tuple(
            Link(trace, span, (("opentracing.ref_type", _ref_type(is_child)),))
            for is_child, trace, span in references
            if not (is_child and span == parent_id)
        ),
    )


def _id(content: Json, name: str, digits: int, *, is_needed: bool = True) -> str:
    """Return an id; one that is no number stays as it is written, as in traces made by hand."""
    if isinstance(content, str) and _WORD.fullmatch(content) and not _HEX.fullmatch(content):
        return content
    return id_at(content, name, digits, is_needed=is_needed)


def _references(item: Members, trace_id: str) -> list[tuple[bool, str, str]]:
    """Return the references: is it CHILD_OF, trace, span. An old `parentSpanID` comes first."""
    found: list[tuple[bool, str, str]] = []
    for index, one in enumerate(list_at(item.get("references"), "references")):
        place = f"references[{index}]"
        reference = object_at(one, place)
        found.append(
            (
                reference.get("refType") != "FOLLOWS_FROM",
                _id(reference.get("traceID"), f"{place}.traceID", _TRACE_DIGITS),
                _id(reference.get("spanID"), f"{place}.spanID", _SPAN_DIGITS),
            )
        )
    old = ""
    if item.get("parentSpanID"):
        old = _id(item["parentSpanID"], "parentSpanID", _SPAN_DIGITS, is_needed=False)
    if old and (True, trace_id, old) not in found:
        found.insert(0, (True, trace_id, old))
    return found


def _parent(references: list[tuple[bool, str, str]], trace_id: str) -> str:
    """Return the first CHILD_OF inside the trace, else the first FOLLOWS_FROM (`ParentSpanID`)."""
    inside = [(is_child, span) for is_child, trace, span in references if trace == trace_id]
    return next((span for is_child, span in inside if is_child), inside[0][1] if inside else "")


def _ref_type(is_child: bool) -> str:  # noqa: FBT001 - one of two words
    return "child_of" if is_child else "follows_from"


def _status(attributes: _Attributes, kind: str) -> tuple[int, str]:
    """Return status code and message, and take out what said them (`setInternalSpanStatus`)."""
    code, message, is_set = 0, "", False
    if attributes.get("error") is True:
        del attributes["error"]
        code, is_set = STATUS_ERROR, True
        message = _message(attributes)
    if "otel.status_code" in attributes:
        said = attributes.pop("otel.status_code")
        if not is_set:
            code = _STATUSES.get(said.upper(), 0) if isinstance(said, str) else 0
            described = attributes.pop("otel.status_description", "")
            message = described if isinstance(described, str) else ""
        return code, message
    http = _http_code(attributes.get("http.status_code"))
    if not is_set and http is not None and _is_http_error(http, kind):
        code = STATUS_ERROR
        said = attributes.get("http.status_message")
        message = said if isinstance(said, str) else ""
    return code, message


def _message(attributes: _Attributes) -> str:
    if "otel.status_description" in attributes:
        said = attributes.pop("otel.status_description")
    else:
        said = attributes.get("http.status_message")
    return said if isinstance(said, str) else ""


def _http_code(value: OtlpValue) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        try:
            return whole_number(value, "")
        except FormatError:
            return None
    return value if isinstance(value, int) else None


def _is_http_error(code: int, kind: str) -> bool:
    if 400 <= code < 500 and kind in {"client", "server"}:
        return kind == "client"
    return not 100 <= code < 399  # sic: the Collector takes 399 for an error


def _events(logs: list[Json]) -> Iterator[SpanEvent]:
    for index, one in enumerate(logs):
        place = f"logs[{index}]"
        log = object_at(one, place)
        fields = _fields(list_at(log.get("fields"), f"{place}.fields"), f"{place}.fields")
        name = fields.pop("event", "")
        time_ns = nanoseconds(log.get("timestamp"), f"{place}.timestamp", NS_PER_US)
        yield span_event(time_ns, name if isinstance(name, str) else "", fields)
