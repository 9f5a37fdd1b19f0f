"""The example's data: what it must hold, and that its program makes it again."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from nectarc.corpus.store import read_corpus
from nectarc.trace import Span, Trace
from tests.shared_data import ROOT

SHOP: Final = ROOT / "examples" / "shop"
STATUS_FIELDS: Final = ("http.status", "http.response.status_code", "http.status_code")


def _has_sdk() -> bool:
    try:
        return all(
            importlib.util.find_spec(name) is not None
            for name in ("opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.common")
        )
    except ModuleNotFoundError:
        return False


def _traces(folder: str) -> list[Trace]:
    corpus = read_corpus(SHOP / folder)
    assert corpus.diagnostics() == ()
    return [stored.trace for stored in corpus.traces]


def _status(span: Span) -> int:
    found = next((span.fields[name] for name in STATUS_FIELDS if name in span.fields), 0)
    assert isinstance(found, int)
    return found


def _is_server_error(trace: Trace) -> bool:
    return any(_status(span) >= 500 for span in trace.spans)


def _is_slow(trace: Trace) -> bool:
    durations = (span.fields.get("duration_ms", 0.0) for span in trace.spans)
    return any(isinstance(duration, float) and duration > 5000 for duration in durations)


def _has_error(trace: Trace) -> bool:
    return any(span.fields.get("error") is True for span in trace.spans)


def test_the_corpus_holds_otel_errors_that_the_seed_policy_samples() -> None:
    traces = _traces("corpus")

    sampled = [t for t in traces if _has_error(t) and not _is_server_error(t) and not _is_slow(t)]

    assert 0.03 <= len(sampled) / len(traces) <= 0.05


def test_the_corpus_has_the_shapes_of_real_traffic() -> None:
    traces = _traces("corpus")
    fields = [span.fields for trace in traces for span in trace.spans]

    assert 250 <= len(traces) <= 400
    assert sum(map(_is_server_error, traces)) >= 5
    assert sum(map(_is_slow, traces)) >= 5
    assert sum(trace.root is None for trace in traces) >= 3
    assert sum(f.get("http.route") == "/healthz" for f in fields) >= 20
    assert any(not any(map(_status, trace.spans)) for trace in traces)
    assert {"span_event", "link"} <= {f.get("meta.annotation_type") for f in fields}
    assert {"http.status_code", "http.response.status_code"} <= {name for f in fields for name in f}
    assert (SHOP / "corpus" / "traces.jsonl").stat().st_size <= 1_000_000


def test_every_incident_is_a_server_error() -> None:
    traces = _traces("incidents")

    assert len(traces) == 4
    assert all(map(_is_server_error, traces))


@pytest.mark.skipif(not _has_sdk(), reason="needs the OpenTelemetry SDK: pip install nectarc[shop]")
@pytest.mark.parametrize(
    ("file", "options"),
    [
        ("corpus/traces.jsonl", ["--seed", "7"]),
        (
            "incidents/2026-03-02-payments-outage.jsonl",
            ["--seed", "70", "--traces", "4", "--outage"],
        ),
    ],
)
def test_the_program_makes_the_same_bytes_again(
    tmp_path: Path, file: str, options: list[str]
) -> None:
    out = tmp_path / "traces.jsonl"

    subprocess.run(
        [sys.executable, str(SHOP / "shop.py"), *options, "--out", str(out)],
        check=True,
        timeout=120,
        env={"PYTHONHASHSEED": "5", "OTEL_RESOURCE_ATTRIBUTES": "service.name=other"},
    )

    assert out.read_bytes() == (SHOP / file).read_bytes()
