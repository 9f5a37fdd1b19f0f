"""Zipkin v2 JSON -> OTLP, span by span, as if each had been posted alone.

Owns: Zipkin v2's members and how the Collector maps them. Must not know: files, Refinery's fields.
Truth: opentelemetry-collector-contrib, pkg/translator/zipkin/zipkinv2/to_translator.go (`ToTraces`,
without ParseStringTags, its default: tags stay texts); openzipkin/zipkin-go, model (what a span
must have). Of a batch the Collector gives the resource-like tags of the first span of a service to
all of that service; here each keeps its own, as a file does not tell which spans went together.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Iterator
from typing import Final

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
from nectarc.corpus.otlp import (
    SERVICE_NAME,
    STATUS_CODES,
    STATUS_ERROR,
    Attribute,
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
from nectarc.corpus.otlp_json_text import Json, Members, decode_json

TRACE_DIGITS: Final = 32
SPAN_DIGITS: Final = 16
ABSENT_START: Final = "otel.zipkin.absentField.startTime"
_KINDS: Final = {word.upper(): word for word in ("client", "server", "producer", "consumer")}
_LINKS_MAX: Final = 128
_PORT_MAX: Final = 65_535
_SERVICE_SOURCE: Final = "otlp.service.name.source"
_LIBRARY_NAME: Final = "otel.library.name"
_LIBRARY_VERSION: Final = "otel.library.version"
# `GetResourceSemanticConventionAttributeNames` of the conventions 1.6.1, and OpenCensus's own.
_RESOURCE_TAGS: Final = frozenset({
    "aws.ecs.cluster.arn", "aws.ecs.container.arn", "aws.ecs.launchtype", "aws.ecs.task.arn",
    "aws.ecs.task.family", "aws.ecs.task.revision", "aws.eks.cluster.arn", "aws.log.group.arns",
    "aws.log.group.names", "aws.log.stream.arns", "aws.log.stream.names", "cloud.account.id",
    "cloud.availability_zone", "cloud.platform", "cloud.provider", "cloud.region", "container.id",
    "container.image.name", "container.image.tag", "container.name", "container.runtime",
    "deployment.environment", "device.id", "device.model.identifier", "device.model.name",
    "faas.id", "faas.instance", "faas.max_memory", "faas.name", "faas.version", "host.arch",
    "host.id", "host.image.id", "host.image.name", "host.image.version", "host.name", "host.type",
    "k8s.cluster.name", "k8s.container.name", "k8s.cronjob.name", "k8s.cronjob.uid",
    "k8s.daemonset.name", "k8s.daemonset.uid", "k8s.deployment.name", "k8s.deployment.uid",
    "k8s.job.name", "k8s.job.uid", "k8s.namespace.name", "k8s.node.name", "k8s.node.uid",
    "k8s.pod.name", "k8s.pod.uid", "k8s.replicaset.name", "k8s.replicaset.uid",
    "k8s.statefulset.name", "k8s.statefulset.uid", "opencensus.exporterversion",
    "opencensus.resourcetype", "opencensus.starttime", "os.description", "os.name", "os.type",
    "os.version", "process.command", "process.command_args", "process.command_line",
    "process.executable.name", "process.executable.path", "process.owner", "process.pid",
    "process.runtime.description", "process.runtime.name", "process.runtime.version",
    "service.instance.id", "service.name", "service.namespace", "service.version",
    "telemetry.auto.version", "telemetry.sdk.language", "telemetry.sdk.name",
    "telemetry.sdk.version", "webengine.description", "webengine.name", "webengine.version",
})  # fmt: skip


def span_requests(document: Members) -> Iterator[Request | FormatError]:
    """Yield the one span, or what is wrong with it."""
    try:
        yield (_resource(document),)
    except FormatError as error:
        yield error


def _resource(item: Members) -> Resource:
    tags = {key: text_at(value, f"tags.{key}") for key, value in _tags(item).items()}
    local = object_at(item.get("localEndpoint"), "localEndpoint")
    remote = object_at(item.get("remoteEndpoint"), "remoteEndpoint")
    service = text_at(local.get("serviceName"), "localEndpoint.serviceName")
    resource: dict[str, OtlpValue] = {}
    if service:
        resource[tags.pop(_SERVICE_SOURCE, "") or SERVICE_NAME] = service
        resource.update((key, tags.pop(key)) for key in sorted(_RESOURCE_TAGS & tags.keys()))
    else:  # the Collector loses what it would have put into the resource
        for key in (_RESOURCE_TAGS | {_SERVICE_SOURCE}) & tags.keys():
            del tags[key]
    scope: list[Part] = []
    name, version = tags.pop(_LIBRARY_NAME, ""), tags.pop(_LIBRARY_VERSION, "")
    if name:
        scope.append((Own.SCOPE_NAME, name))
        if version:
            scope.append((Own.SCOPE_VERSION, version))
    span = _span(item, tags, local, remote)
    named = resource.get(SERVICE_NAME)
    return Resource(
        named if isinstance(named, str) else "",
        pairs_of(resource),
        (Scope(tuple(scope), (span,)),),
    )


def _tags(item: Members) -> Members:
    return object_at(item.get("tags"), "tags")


def _span(item: Members, tags: dict[str, str], local: Members, remote: Members) -> OtlpSpan:
    span_id = id_at(item.get("id"), "id", SPAN_DIGITS)
    parent_id = id_at(item.get("parentId"), "parentId", SPAN_DIGITS, is_needed=False)
    state = tags.pop("w3c.tracestate", "")
    start_ns = nanoseconds(item.get("timestamp"), "timestamp", NS_PER_US)
    duration_ns = nanoseconds(item.get("duration"), "duration", NS_PER_US)
    kind = _kind(item.get("kind"), tags)
    status_code, status_message = _status(tags)
    links = tuple(_links(tags))
    attributes: dict[str, OtlpValue] = dict(tags)
    _add_endpoint(attributes, local, "localEndpoint", "net.host")
    remote_service = text_at(remote.get("serviceName"), "remoteEndpoint.serviceName")
    if remote_service:
        attributes.setdefault("peer.service", remote_service)
    _add_endpoint(attributes, remote, "remoteEndpoint", "net.peer")
    if not start_ns:
        attributes.setdefault(ABSENT_START, True)
    return OtlpSpan(
        trace_id=id_at(item.get("traceId"), "traceId", TRACE_DIGITS),
        span_id=span_id,
        parent_id="" if parent_id == span_id else parent_id,
        trace_states=(state,) if state else (),
        name=text_at(item.get("name"), "name"),
        kind=kind,
        start_ns=start_ns,
        end_ns=start_ns + duration_ns,
        status_code=status_code,
        status_message=status_message,
        has_error=status_code == STATUS_ERROR,
        attributes=pairs_of(attributes),
        events=tuple(_events(list_at(item.get("annotations"), "annotations"))),
        links=links,
    )


def _kind(content: Json, tags: dict[str, str]) -> str:
    text = text_at(content, "kind")
    if text in _KINDS:
        return _KINDS[text]
    return "internal" if tags.pop("span.kind", "") == "internal" else kind_word(0)


def _status(tags: dict[str, str]) -> tuple[int, str]:
    code, message = 0, ""
    if "otel.status_code" in tags:
        said = tags.pop("otel.status_code")
        code = STATUS_CODES.index(said) if said in STATUS_CODES else 0
        message = tags.pop("otel.status_description", "")
    if tags.get("error") == "true":
        del tags["error"]
        code = STATUS_ERROR
    return code, message


def _add_endpoint(
    attributes: dict[str, OtlpValue], endpoint: Members, place: str, prefix: str
) -> None:
    for version in ("ipv4", "ipv6"):
        address = _address(text_at(endpoint.get(version), f"{place}.{version}"))
        if address:
            attributes.setdefault(f"{prefix}.ip", address)
    port = whole_number(endpoint.get("port"), f"{place}.port")
    if not 0 <= port <= _PORT_MAX:
        raise FormatError(f"{place}.port", f"is no port: {port}")
    if port:
        attributes[f"{prefix}.port"] = port


def _address(text: str) -> str:
    """Return an address as Go prints it; what is none counts as absent, as for Go."""
    try:
        return str(ipaddress.ip_address(text)) if text else ""
    except ValueError:
        return ""


def _links(tags: dict[str, str]) -> Iterator[Link]:
    """Yield the links that the Collector's own exporter wrote into tags (`zTagsToSpanLinks`)."""
    for number in range(_LINKS_MAX):
        key = f"otlp.link.{number}"
        if key not in tags:
            return
        place = f"tags.{key}"
        pieces = tags.pop(key).split("|")
        if len(pieces) < 5:
            continue
        yield Link(
            id_at(pieces[0].strip('"'), place, TRACE_DIGITS, is_needed=False),
            id_at(pieces[1].strip('"'), place, SPAN_DIGITS, is_needed=False),
            _json_attributes("|".join(pieces[3:-1]), place),
        )


def _events(annotations: list[Json]) -> Iterator[SpanEvent]:
    """Yield the annotations; the Collector's exporter writes `name|{attributes}|dropped`."""
    for index, one in enumerate(annotations):
        place = f"annotations[{index}]"
        annotation = object_at(one, place)
        time_ns = nanoseconds(annotation.get("timestamp"), f"{place}.timestamp", NS_PER_US)
        pieces = text_at(annotation.get("value"), f"{place}.value").split("|")
        attributes: tuple[Attribute, ...] = ()
        if len(pieces) >= 3:
            attributes = _json_attributes("|".join(pieces[1:-1]), f"{place}.value")
        yield span_event(time_ns, pieces[0], dict(attributes))


def _json_attributes(text: str, place: str) -> tuple[Attribute, ...]:
    try:
        members = decode_json(text)
    except (json.JSONDecodeError, ValueError, RecursionError):
        members = text
    if not isinstance(members, dict):
        raise FormatError(place, f"must hold a JSON object, not {shown(text)}")
    return pairs_of({key: _scalar(value) for key, value in members.items()})


def _scalar(content: Json) -> OtlpValue:
    """Return a text, bool or number, whole ones as int64 (`jsonMapToAttributeMap`)."""
    if isinstance(content, float) and content.is_integer() and abs(content) < 2.0**63:
        return int(content)
    return content if isinstance(content, str | bool | int | float) else None
