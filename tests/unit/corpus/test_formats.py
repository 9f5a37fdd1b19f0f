"""What each format becomes: the Collector's translation, then Refinery's fields."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.corpus.format_files import Found, read_bytes


def _read(folder: Path, document: object) -> Found:
    return read_bytes(folder, json.dumps(document))


# --- Jaeger --------------------------------------------------------------------------------------


def _tag(key: str, kind: str, value: object) -> dict[str, object]:
    return {"key": key, "type": kind, "value": value}


def _jaeger_span(span: str = "b", **members: object) -> dict[str, Any]:
    return {
        "traceID": "a",
        "spanID": span,
        "operationName": "GET /",
        "references": [],
        "startTime": 1_000_000,
        "duration": 2500,
        "processID": "p1",
        "tags": [],
        "logs": [],
        **members,
    }


def _jaeger(*spans: dict[str, Any]) -> dict[str, Any]:
    tags = [_tag("hostname", "string", "h1"), _tag("jaeger.version", "string", "Go-2")]
    processes = {"p1": {"serviceName": "shop", "tags": tags}}
    return {"data": [{"traceID": "a", "spans": list(spans), "processes": processes}]}


def test_a_jaeger_span_becomes_fields(tmp_path: Path) -> None:
    tags = [
        _tag("span.kind", "string", "server"),
        _tag("n", "int64", "42"),
        _tag("f", "float64", 1),
        _tag("b", "bool", True),
        _tag("error", "bool", True),
        _tag("http.status_message", "string", "broke"),
        _tag("otel.scope.name", "string", "lib"),
        _tag("otel.scope.version", "string", "1.2"),
        _tag("w3c.tracestate", "string", "a=b"),
    ]

    found = _read(tmp_path, _jaeger(_jaeger_span(tags=tags)))

    (span,) = found.spans
    assert span.is_root
    assert found.arrivals[0].time_ns == 1_000_000_000
    assert dict(span.fields) == {
        "trace.trace_id": "000000000000000a",
        "trace.span_id": "000000000000000b",
        "trace.trace_state": "a=b",
        "name": "GET /",
        "n": 42,
        "f": 1.0,
        "b": True,
        "error": True,
        "status_code": 2,
        "status_message": "broke",
        "http.status_message": "broke",
        "span.kind": "server",
        "type": "server",
        "span.num_events": 0,
        "span.num_links": 0,
        "duration_ms": 2.5,
        "library.name": "lib",
        "library.version": "1.2",
        "service.name": "shop",
        "host.name": "h1",
        "opencensus.exporterversion": "Jaeger-Go-2",
        "meta.signal_type": "trace",
        "meta.refinery.root": True,
    }


@pytest.mark.parametrize(
    ("tags", "code"),
    [
        ([_tag("error", "bool", False)], 0),
        ([_tag("error", "string", "true")], 0),
        ([_tag("otel.status_code", "string", "error")], 2),
        ([_tag("otel.status_code", "string", "OK")], 1),
        ([_tag("http.status_code", "int64", 503)], 2),
        ([_tag("http.status_code", "string", "399")], 2),
        ([_tag("http.status_code", "int64", 404), _tag("span.kind", "string", "server")], 0),
        ([_tag("http.status_code", "int64", 404), _tag("span.kind", "string", "client")], 2),
        ([_tag("http.status_code", "int64", 404)], 2),
        ([_tag("http.status_code", "int64", 503), _tag("otel.status_code", "string", "OK")], 1),
    ],
)
def test_the_status_of_a_jaeger_span(tmp_path: Path, tags: list[object], code: int) -> None:
    found = _read(tmp_path, _jaeger(_jaeger_span(tags=tags)))

    assert found.values("status_code") == [code]


def test_jaeger_references_are_parent_and_links(tmp_path: Path) -> None:
    def reference(kind: str, trace: str, span: str) -> dict[str, str]:
        return {"refType": kind, "traceID": trace, "spanID": span}

    references = [
        reference("CHILD_OF", "ff", "1"),
        reference("FOLLOWS_FROM", "a", "2"),
        reference("CHILD_OF", "a", "3"),
    ]
    found = _read(tmp_path, _jaeger(_jaeger_span(references=references)))

    (span,) = found.spans
    assert span.fields["trace.parent_id"] == "0000000000000003"
    links = [item.fields for item in found.items if item is not span]
    assert [link["opentracing.ref_type"] for link in links] == ["child_of", "follows_from"]
    assert links[0]["trace.link.trace_id"] == "00000000000000ff"


def test_jaeger_logs_become_span_events(tmp_path: Path) -> None:
    fields = [_tag("event", "string", "exception"), _tag("exception.type", "string", "E")]
    logs = [{"timestamp": 1_001_000, "fields": fields}]

    found = _read(tmp_path, _jaeger(_jaeger_span(logs=logs)))

    event, span = found.items
    assert (event.fields["name"], event.fields["meta.time_since_span_start_ms"]) == (
        "exception",
        1.0,
    )
    assert span.fields["exception.type"] == "E"


def test_elasticsearch_documents_hold_one_span_with_its_process(tmp_path: Path) -> None:
    span = _jaeger_span(process={"serviceName": "es", "tags": []}, tag={"http@route": "/x"})
    del span["processID"]
    hits = {"took": 1, "hits": {"total": 2, "hits": [{"_id": "1", "_source": span}]}}

    for content in (json.dumps(span), json.dumps(hits), json.dumps(hits, indent=1)):
        found = read_bytes(tmp_path, content)
        assert (found.bad, found.values("service.name")) == ([], ["es"])
        assert found.values("http.route") == ["/x"]


def test_a_bad_jaeger_span_is_located_and_the_others_stay(tmp_path: Path) -> None:
    bad = [_jaeger_span(startTime="now"), _jaeger_span(tags=[_tag("x", "int64", "many")])]

    found = _read(tmp_path, _jaeger(bad[0], _jaeger_span("c"), bad[1]))

    assert found.values("trace.span_id") == ["000000000000000c"]
    assert [code for code, _, _ in found.bad] == ["NEC422", "NEC422"]
    assert "data[0]: no Jaeger trace: `spans[0].startTime`" in found.bad[0][2]
    assert "`spans[2].tags[0].value`" in found.bad[1][2]


def test_ids_made_by_hand_stay_as_they_are(tmp_path: Path) -> None:
    found = _read(tmp_path, _jaeger(_jaeger_span("root")))

    assert found.values("trace.span_id") == ["root"]


# --- Honeycomb, Data Prepper, flat spans ---------------------------------------------------------


def test_a_batch_of_honeycomb_events_keeps_json_types_as_refinery_does(tmp_path: Path) -> None:
    data = {
        "trace.trace_id": "t",
        "n": 200,
        "none": None,
        "list": [1, {"a": 2}],
        "meta.span_count": 3,
        "trace.parent_id": "",
    }
    event = {"time": "1970-01-01T00:00:01.5Z", "samplerate": 20, "data": data}

    found = _read(tmp_path, [event, {"samplerate": 2, "data": {"x": 1}}])

    assert found.untraced == 1
    (arrival,) = found.arrivals
    assert (arrival.time_ns, arrival.rate) == (1_500_000_000, 20.0)
    fields = arrival.spans[0].fields
    assert arrival.spans[0].is_root
    assert repr(fields["n"]) == "200.0"
    assert fields["none"] is None
    assert repr(fields["list"]) == "[1.0, {'a': 2.0}]"
    assert "meta.span_count" not in fields  # a float has no place in an int64 slot


@pytest.mark.parametrize("time", [1_700_000_000, 1_700_000_000_000, 1.7e9, "1700000000"])
def test_times_of_events_in_numbers(tmp_path: Path, time: object) -> None:
    found = _read(tmp_path, {"time": time, "data": {"trace.trace_id": "t"}})

    assert found.arrivals[0].time_ns == 1_700_000_000_000_000_000


def test_an_event_with_a_bad_time_is_located(tmp_path: Path) -> None:
    events = [{"time": "soon", "data": {"trace.trace_id": "t"}}] * 2

    found = read_bytes(tmp_path, "".join(json.dumps(event) + "\n" for event in events))

    assert [(code, line) for code, line, _ in found.bad] == [("NEC422", 1), ("NEC422", 2)]
    assert "`time`: must be a date and time, not `soon`" in found.bad[0][2]


def test_flat_spans_in_both_spellings(tmp_path: Path) -> None:
    snake = {
        "trace_id": "0" * 31 + "1",
        "span_id": "2" * 16,
        "parent_span_id": None,
        "name": "n",
        "kind": 2,
        "start_time_unix_nano": 10,
        "end_time_unix_nano": "1000010",
        "status": {"code": 2, "message": "m"},
        "attributes": {"a": "1", "none": None, "deep": {"x": 1}, "list": [1]},
        "service_name": "shop",
        "events": [{"name": "e", "time_unix_nano": 20}],
    }
    camel = {
        "traceId": "1" * 32,
        "spanId": "2" * 16,
        "startTime": "1970-01-01T00:00:00Z",
        "kind": "SERVER",
        "status": "ERROR",
    }

    found = read_bytes(tmp_path, json.dumps(snake) + "\n" + json.dumps(camel) + "\n")

    first, second = found.spans
    assert first.fields["duration_ms"] == 1.0
    assert (first.fields["a"], first.fields["deep.x"], first.fields["list"]) == ("1", 1, "[1]\n")
    assert "none" not in first.fields
    assert (first.fields["service.name"], first.fields["status_message"]) == ("shop", "m")
    assert (second.fields["span.kind"], second.fields["error"]) == ("server", True)


def test_index_lines_of_bulk_requests_are_passed_by(tmp_path: Path) -> None:
    document = {
        "traceId": "1" * 32,
        "spanId": "2" * 16,
        "traceGroup": "g",
        "span.attributes.http@method": "GET",
        "startTime": "2021-03-25T17:23:30.000000001Z",
    }
    lines = [{"index": {"_index": "otel", "_id": "1"}}, document]

    found = read_bytes(tmp_path, "".join(json.dumps(line) + "\n" for line in lines))

    assert found.bad == []
    assert found.arrivals[0].time_ns == 1616693010000000001
    assert found.values("http.method") == ["GET"]


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ([{"traceId": "zz", "id": "1"}], "must be up to 32 hexadecimal digits"),
        ([{"traceId": "1", "id": 5}], "must be a text, not `5`"),
        ([{"traceId": "0", "id": "1"}], "is zero"),
        ([{"traceId": "1", "id": "1", "tags": {"a": 1}}], "`tags.a`: must be a text"),
        ([{"traceId": "1", "id": "1", "timestamp": -5}], "is no time since 1970"),
        ([{"traceId": "1", "id": "1", "localEndpoint": {"port": 99999}}], "is no port"),
        ([{"traceId": "1", "id": "1", "annotations": {}}], "must be a JSON list"),
        ([{"traceId": "12", "id": "1", "binaryAnnotations": []}], "must be 16 or 32 hex"),
        ({"trace_id": "1", "span_id": "2", "start_time": "2021-13-01T00:00:00Z"}, "no date"),
        ({"data": {}, "time": 1}, "holds no field"),
    ],
)
def test_what_a_tool_would_refuse_is_told(tmp_path: Path, document: object, words: str) -> None:
    found = _read(tmp_path, document)

    assert found.arrivals == []
    ((code, _, problem),) = found.bad
    assert (code, words in problem) == ("NEC422", True), problem
