"""What Zipkin spans become: the Collector's translation, then Refinery's fields."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.corpus.format_files import Found, read_bytes


def _read(folder: Path, document: object) -> Found:
    return read_bytes(folder, json.dumps(document))


def _zipkin(**members: object) -> dict[str, Any]:
    return {
        "traceId": "0a",
        "id": "0b",
        "name": "get",
        "timestamp": 5_000,
        "duration": 7,
        **members,
    }


def test_a_zipkin_v2_span_becomes_fields(tmp_path: Path) -> None:
    span = _zipkin(
        parentId="0c",
        kind="CLIENT",
        localEndpoint={"serviceName": "front", "ipv4": "10.0.0.1", "port": 80},
        remoteEndpoint={"serviceName": "back", "ipv6": "::1", "port": 9},
        tags={
            "http.status_code": "500",
            "host.name": "h",
            "error": "true",
            "otel.library.name": "l",
        },
        annotations=[{"timestamp": 5_002, "value": "ws"}],
        shared=True,
    )

    found = _read(tmp_path, [span])

    event, whole = found.items
    assert (event.fields["name"], event.fields["trace.parent_id"]) == ("ws", "000000000000000b")
    fields = whole.fields
    assert fields["trace.parent_id"] == "000000000000000c"
    assert (fields["service.name"], fields["host.name"]) == ("front", "h")
    assert (fields["net.host.ip"], fields["net.host.port"]) == ("10.0.0.1", 80)
    assert (fields["net.peer.ip"], fields["net.peer.port"]) == ("::1", 9)
    assert (fields["peer.service"], fields["http.status_code"]) == ("back", "500")
    assert (fields["error"], fields["status_code"], fields["library.name"]) == (True, 2, "l")
    assert (fields["span.kind"], fields["duration_ms"]) == ("client", 0.007)


@pytest.mark.parametrize(
    ("members", "field", "value"),
    [
        ({"tags": {"error": "401"}}, "error", "401"),
        ({"tags": {"error": "401"}}, "status_code", 0),
        ({"tags": {"otel.status_code": "STATUS_CODE_ERROR"}}, "status_code", 2),
        ({"parentId": "0b"}, "trace.parent_id", None),
        ({"timestamp": None}, "otel.zipkin.absentField.startTime", True),
        ({"timestamp": None}, "duration_ms", 0.0),
        ({"tags": {"host.name": "h"}}, "host.name", None),  # no service, so no resource
        ({"tags": {"span.kind": "internal"}}, "span.kind", "internal"),
        ({"localEndpoint": {"ipv4": "nonsense"}}, "net.host.ip", None),
        ({"traceId": "1" * 32}, "trace.trace_id", "1" * 32),
        ({"traceId": "0" * 16 + "2" * 16}, "trace.trace_id", "2" * 16),
    ],
)
def test_corners_of_zipkin_v2(
    tmp_path: Path, members: dict[str, object], field: str, value: object
) -> None:
    (span,) = _read(tmp_path, [_zipkin(**members)]).spans

    assert span.fields.get(field) == value


def test_links_and_event_attributes_of_the_collectors_own_zipkin(tmp_path: Path) -> None:
    link = "1" * 32 + "|" + "2" * 16 + '||{"a":1.0,"p|q":"x"}|0'
    annotation = {"timestamp": 5_001, "value": 'e|{"k":true,"n":1.5}|0'}
    span = _zipkin(tags={"otlp.link.0": link}, annotations=[annotation])

    event, linked, whole = _read(tmp_path, [span]).items

    assert (event.fields["name"], event.fields["k"], event.fields["n"]) == ("e", True, 1.5)
    assert (linked.fields["trace.link.span_id"], linked.fields["a"]) == ("2" * 16, 1)
    assert linked.fields["p|q"] == "x"
    assert "otlp.link.0" not in whole.fields


def test_zipkin_lists_of_lists_and_lines(tmp_path: Path) -> None:
    lines = "".join(json.dumps(_zipkin(id=f"{n:x}")) + "\n" for n in range(1, 4))

    assert len(read_bytes(tmp_path, lines).spans) == 3
    assert len(_read(tmp_path, [[_zipkin()], [_zipkin(), _zipkin()]]).spans) == 3


def _v1(*annotations: tuple[str, int, str], **members: object) -> dict[str, Any]:
    return {
        "traceId": "1" * 16,
        "id": "2" * 16,
        "name": "get",
        "annotations": [
            {"value": value, "timestamp": time, "endpoint": {"serviceName": service, "port": 80}}
            for value, time, service in annotations
        ],
        "binaryAnnotations": [],
        **members,
    }


def _binary(key: str, value: object) -> dict[str, object]:
    return {"key": key, "value": value, "endpoint": {"serviceName": "bin"}}


def test_a_zipkin_v1_span_takes_time_kind_and_service_from_annotations(tmp_path: Path) -> None:
    span = _v1(("sr", 1_000, "shop"), ("note", 1_500, "shop"), ("ss", 3_000, "shop"))

    event, whole = _read(tmp_path, [span]).items

    assert (event.fields["name"], event.fields["meta.time_since_span_start_ms"]) == ("note", 0.5)
    fields = whole.fields
    assert (fields["service.name"], fields["port"], fields["span.kind"]) == ("shop", "80", "server")
    assert fields["duration_ms"] == 2.0


@pytest.mark.parametrize(
    ("binary", "field", "value"),
    [
        ([_binary("http.status_code", "500")], "status_code", 2),
        ([_binary("http.status_code", "302")], "status_code", 0),
        ([_binary("error", "timeout")], "error", True),
        ([_binary("census.status_code", "0")], "status_code", 1),
        (
            [_binary("otel.status_code", "2"), _binary("otel.status_description", "d")],
            "status_message",
            "d",
        ),
        ([_binary("lc", "worker")], "component", "worker"),
        ([_binary("sa", True)], "sa", "true"),
        ([_binary("x", "y")], "service.name", "bin"),
    ],
)
def test_binary_annotations_of_zipkin_v1(
    tmp_path: Path, binary: list[object], field: str, value: object
) -> None:
    (span,) = _read(tmp_path, [_v1(binaryAnnotations=binary)]).spans

    assert span.fields.get(field) == value
