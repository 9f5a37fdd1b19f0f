"""OTLP requests become the events that Refinery 3.2.2 made of them, field by field."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest

from nectarc.corpus.otlp import OtlpError, Request
from nectarc.corpus.otlp_events import Event, events_of
from nectarc.corpus.otlp_json import read_json
from nectarc.corpus.otlp_protobuf import read_protobuf
from nectarc.corpus.typed_trace import encode_value
from tests.shared_data import SHARED, read_vectors, requires_shared


def _described(event: Event, wanted: dict[str, Any]) -> dict[str, Any]:
    is_drawn = wanted["samplerate"] is None
    return {
        "dataset": event.dataset,
        "samplerate": None if is_drawn else event.samplerate,
        "time_ns": event.time_ns,
        "trace_id": event.trace_id,
        "root": event.root,
        "fields": {name: encode_value(value) for name, value in event.fields.items()},
    }


def _assert_same(request: Request, wanted: list[dict[str, Any]]) -> None:
    events = [event for group in events_of(request) for event in group]
    assert len(events) == len(wanted)
    for event, record in zip(events, wanted, strict=True):
        ours = _described(event, record)
        assert json.dumps(ours, sort_keys=True) == json.dumps(record, sort_keys=True)


@requires_shared
def test_random_protobuf_requests_become_refinerys_events() -> None:
    count = 0
    for record in read_vectors("otlp_random.jsonl"):
        _assert_same(read_protobuf(base64.b64decode(record["request"])), record["events"])
        count += len(record["events"])
    assert count >= 1000


def _recorded_files() -> Iterator[dict[str, Any]]:
    if (SHARED / "vectors").is_dir():
        yield from read_vectors("otlp_files.jsonl.gz")


@requires_shared
@pytest.mark.parametrize(
    "record", list(_recorded_files()), ids=lambda record: f"{record['file']}:{record['line']}"
)
def test_recorded_files_become_refinerys_events(record: dict[str, Any]) -> None:
    data = (SHARED / "data" / "traces" / record["file"]).read_bytes()
    if record["file"].endswith(".jsonl"):
        data = data.splitlines()[record["line"] - 1]

    def read() -> Request:
        is_protobuf = record["file"].endswith(".pb")
        return read_protobuf(data) if is_protobuf else read_json(json.loads(data))

    if "error" in record:
        with pytest.raises(OtlpError):
            read()
    else:
        _assert_same(read(), record["events"])
