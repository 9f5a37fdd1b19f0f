"""Every file of ../shared/data/traces gives the spans and traces that its manifest says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from nectarc.trace import Span, Value
from tests.shared_data import SHARED, requires_shared
from tests.unit.corpus.format_files import read, read_bytes

pytestmark = requires_shared

_DATA: Final = SHARED / "data"
_TRACES: Final = _DATA / "traces"
_LARGE: Final = ("nezha_train-ticket_2023-01-29_spans", "nezha_online-boutique_2022-08-22_spans")


def _manifest() -> list[dict[str, Any]]:
    path = _DATA / "MANIFEST.json"
    entries = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return [entry for entry in entries if entry["cat"].startswith("traces")]


def _cases(*, is_large: bool) -> list[Any]:
    return [
        pytest.param(entry, id=entry["name"])
        for entry in _manifest()
        if entry["traces"] != "" and entry["name"].startswith(_LARGE) == is_large
    ]


def _path(entry: Mapping[str, Any]) -> Path:
    return _DATA / str(entry["cat"]) / str(entry["name"])


def _check_counts(entry: Mapping[str, Any]) -> None:
    found = read(_path(entry))

    assert found.bad == []
    assert found.problems == []
    assert found.untraced == 0
    assert (len(found.spans), len(found.traces)) == (entry["spans"], entry["traces"])


@pytest.mark.parametrize("entry", _cases(is_large=False))
def test_a_file_holds_what_its_manifest_says(entry: Mapping[str, Any]) -> None:
    _check_counts(entry)


@pytest.mark.fuzz
@pytest.mark.parametrize("entry", _cases(is_large=True))
def test_a_large_table_holds_what_its_manifest_says(entry: Mapping[str, Any]) -> None:
    _check_counts(entry)


@pytest.mark.parametrize("name", _LARGE)
def test_a_large_table_cut_off_keeps_its_first_part(name: str, tmp_path: Path) -> None:
    with (_TRACES / "nezha" / f"{name}.csv.gz").open("rb") as file:
        start = file.read(300_000)

    found = read_bytes(tmp_path, start, "spans.csv.gz")

    assert [(code, line) for code, line, _ in found.bad][-1] == ("NEC423", 0)
    assert len(found.bad) <= 2  # the row that the cut went through, the damage
    assert len(found.spans) > 5000
    first = found.spans[0]
    assert first.is_root
    assert str(first.fields["k8s.pod.name"]).startswith(str(first.fields["service.name"]) + "-")
    assert all(isinstance(ms, float) and ms > 0 for ms in found.values("duration_ms")[:100])


@pytest.mark.parametrize(
    "entry",
    [pytest.param(one, id=one["name"]) for one in _manifest() if one["traces"] == ""],
)
def test_what_holds_no_spans_is_named(entry: Mapping[str, Any]) -> None:
    found = read(_path(entry))

    assert found.arrivals == []
    ((code, _, _),) = found.bad
    assert code == ("NEC435" if ".csv" in entry["name"] else "NEC421")


def _by_key(name: str) -> list[Span]:
    items = read(_TRACES / name).items
    return sorted(items, key=lambda item: repr([item.fields.get(name) for name in _KEY]))


_KEY: Final = (
    "trace.trace_id",
    "trace.span_id",
    "trace.parent_id",
    "meta.time_since_span_start_ms",
)
_DAY: Final = "otel-demo_2021-03-25"


def test_data_prepper_documents_become_the_otlp_they_were_made_of() -> None:
    documents = _by_key(f"dataprepper/{_DAY}.ndjson")
    otlp = _by_key(f"otlp-json/derived_{_DAY}.jsonl")

    assert [_typed(item.fields) for item in documents] == [_typed(item.fields) for item in otlp]
    assert documents == otlp


def _typed(fields: Mapping[str, Value]) -> list[tuple[str, str]]:
    return sorted((name, repr(value)) for name, value in fields.items())


def test_honeycomb_events_hold_the_same_with_every_number_a_float() -> None:
    events = _by_key(f"honeycomb-events/derived_{_DAY}.ndjson")
    otlp = _by_key(f"otlp-json/derived_{_DAY}.jsonl")

    assert len(events) == len(otlp) == 504
    for event, item in zip(events, otlp, strict=True):
        expected = {name: _as_float(value) for name, value in item.fields.items()}
        expected.pop("telemetry.instrumentation_library", None)  # not in the derived file
        assert _typed(event.fields) == _typed(expected)


def _as_float(value: Value) -> Value:
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def test_skywalking_rows_tell_errors_kinds_and_entries() -> None:
    found = read(_TRACES / "skywalking-csv" / "deeptralog_F05-01_excerpt.csv")

    assert found.values("error").count(True) == 142
    assert found.values("span.kind").count("server") == 131
    assert sum(span.is_root for span in found.spans) == 71


def test_zipkin_halves_of_a_shared_span_both_stay() -> None:
    found = read(_TRACES / "zipkin-v2" / "zipkin_smartthings-oauth-authorization.json")

    ids = found.values("trace.span_id")
    assert len(ids) > len(set(ids))
    assert 0.0 in found.values("duration_ms")
    assert "401" in found.values("error")  # a text, as the Collector leaves it
