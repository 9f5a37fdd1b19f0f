"""Adding to a corpus: what counts, what is kept once, what survives a failure."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from nectarc.corpus.ingesting import IngestReport, ingest
from nectarc.corpus.schema import read_schema
from nectarc.corpus.store import Corpus, read_corpus
from nectarc.corpus.stored_trace import CorpusTrace
from nectarc.diagnostic import Severity
from nectarc.trace import ROOT_FIELD, Span, Trace, Uint64


def _span(trace: str = "01", span: str = "02", **members: object) -> dict[str, Any]:
    return {"traceId": trace * 16, "spanId": span * 8, "name": "work", **members}


def _request(*spans: dict[str, Any]) -> dict[str, Any]:
    return {"resourceSpans": [{"scopeSpans": [{"spans": list(spans)}]}]}


def _lines(*records: object) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


def _write(folder: Path, name: str, content: str | bytes) -> str:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


def _problems(result: Corpus | IngestReport) -> list[tuple[str, str]]:
    return [(found.code, found.headline) for found in result.diagnostics()]


# --- ingest --------------------------------------------------------------------------------------


def test_ingest_writes_a_store_that_reads_back_the_same(tmp_path: Path) -> None:
    event = {"timeUnixNano": "5", "name": "e", "attributes": []}
    two_roots = [_span(span="0a", events=[event, event]), _span(span="0b")]
    path = _write(tmp_path, "t.jsonl", _lines(_request(*two_roots), _request(_span(trace="09"))))
    raw = read_corpus(path)

    report = ingest([path], tmp_path / "new" / "corpus")

    assert (report.traces, report.spans, report.duplicates, report.is_stored) == (2, 5, 0, True)
    again = read_corpus(tmp_path / "new" / "corpus")
    assert again.traces == raw.traces
    assert [span.is_root for span in again.traces[0].trace.spans] == [False, False, True, True]
    assert again.traces[0].trace.spans[2].fields[ROOT_FIELD] is True


def test_the_same_file_twice_is_kept_once_and_told(tmp_path: Path) -> None:
    event = {"timeUnixNano": "5", "name": "e"}
    path = _write(tmp_path, "t.json", json.dumps(_request(_span(events=[event, event]))))
    store = tmp_path / "corpus"

    first = ingest([path], store)
    before = {file.name: file.read_bytes() for file in store.iterdir()}
    second = ingest([path, path], store)

    assert (first.spans, first.duplicates) == (3, 0)
    assert (second.spans, second.spans_added, second.duplicates) == (3, 0, 6)
    assert [(d.code, d.severity) for d in second.diagnostics()] == [("NEC424", Severity.HINT)]
    assert {file.name: file.read_bytes() for file in store.iterdir()} == before


def test_a_changed_span_with_the_same_id_is_another_span(tmp_path: Path) -> None:
    path = _write(tmp_path, "t.jsonl", _lines(_request(_span()), _request(_span(name="other"))))

    assert ingest([path], tmp_path / "corpus").spans == 2


def test_raw_files_keep_duplicates_as_refinery_would_see_them(tmp_path: Path) -> None:
    path = _write(tmp_path, "t.jsonl", _lines(_request(_span(), _span())))

    assert read_corpus(path).span_count == 2


def test_new_spans_of_a_stored_trace_join_it(tmp_path: Path) -> None:
    one = _write(tmp_path, "1.json", json.dumps(_request(_span(span="0a", parentSpanId="0b" * 8))))
    two = _write(tmp_path, "2.json", json.dumps(_request(_span(span="0b"))))
    store = tmp_path / "corpus"
    ingest([one], store)

    report = ingest([two], store)

    assert (report.traces, report.traces_added, report.spans_added) == (1, 0, 1)
    (stored,) = read_corpus(store).traces
    assert [span.is_root for span in stored.trace.spans] == [False, True]
    assert stored.source == one


def test_a_failed_write_leaves_the_old_store_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "corpus"
    ingest([_write(tmp_path, "1.json", json.dumps(_request(_span())))], store)
    before = {file.name: file.read_bytes() for file in store.iterdir()}

    def full_disk(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full_disk)
    report = ingest([_write(tmp_path, "2.json", json.dumps(_request(_span("07"))))], store)

    assert not report.is_stored
    assert [code for code, _ in _problems(report)] == ["NEC403"]
    assert (report.traces, report.traces_added) == (1, 0)
    assert {file.name: file.read_bytes() for file in store.iterdir()} == before


def test_a_store_that_cannot_be_made_is_a_finding(tmp_path: Path) -> None:
    path = _write(tmp_path, "t.json", json.dumps(_request(_span())))

    report = ingest([path], f"{path}/corpus")

    assert not report.is_stored
    assert "NEC40" in _problems(report)[0][0]


def test_an_old_store_with_a_damaged_line_is_not_replaced(tmp_path: Path) -> None:
    store = tmp_path / "corpus"
    good = {"id": "t", "root": None, "spans": [{"a": 1}]}
    damaged = _write(store, "traces.jsonl", _lines(good) + '{"id": "cut')
    _write(store, "schema.json", "{}")

    report = ingest([_write(tmp_path, "2.json", json.dumps(_request(_span("07"))))], store)

    assert not report.is_stored
    assert Path(damaged).read_text().endswith('{"id": "cut')
    assert _problems(report)[0][0] == "NEC422"


def test_an_old_store_is_taken_over_whole(tmp_path: Path) -> None:
    store = tmp_path / "corpus"
    old = {"id": "t", "root": 0, "spans": [{"a": {"u": "5"}}], "rate": 4, "source": "x.json"}
    text = _lines(old)
    _write(store, "traces.jsonl", text)
    _write(store, "schema.json", json.dumps({"version": 1, "traces_bytes": len(text)}))

    report = ingest([_write(tmp_path, "2.json", json.dumps(_request(_span("07"))))], store)

    assert (report.traces, report.traces_added) == (2, 1)
    assert not (store / "traces.jsonl").exists()
    first = read_corpus(store).traces[0]
    assert first == CorpusTrace(Trace("t", (Span({"a": Uint64(5)}, True),)), 0, 4.0, "x.json")


def test_nothing_read_makes_no_store(tmp_path: Path) -> None:
    report = ingest([str(tmp_path / "missing.json")], tmp_path / "corpus")

    assert report.traces == 0
    assert not (tmp_path / "corpus").exists()


def test_raw_otlp_in_the_store_folder_becomes_the_store(tmp_path: Path) -> None:
    store = tmp_path / "corpus"
    path = _write(store, "traces.jsonl", _lines(_request(_span())))

    report = ingest([path], store)

    assert (report.traces, report.traces_added, report.duplicates) == (1, 0, 1)
    assert read_schema(str(store)) is not None


# --- schema --------------------------------------------------------------------------------------


def test_the_schema_counts_types_spans_traces_and_values(tmp_path: Path) -> None:
    records = [
        {"id": "a", "root": None, "spans": [{"n": 1, "s": "x"}, {"n": {"f": "1"}}]},
        {"id": "b", "root": None, "spans": [{"n": None, "s": "x"}, {"n": True}, {"n": {"u": "1"}}]},
    ]
    store = str(tmp_path / "corpus")
    ingest([_write(tmp_path, "t.jsonl", _lines(*records))], store)

    schema = read_schema(store)

    assert schema is not None
    assert (schema.span_count, schema.trace_count) == (5, 2)
    assert sorted(schema.names()) == ["n", "s"]
    assert sorted(schema.types("n")) == ["bool", "float", "int", "null", "other"]
    assert (schema.cardinality("n"), schema.cardinality("s"), schema.cardinality("q")) == (
        5,
        1,
        None,
    )
    assert (schema.fields["s"].spans, schema.fields["s"].traces) == (2, 2)
    assert schema.fields["s"].examples == ("x",)


def test_a_schema_of_other_traces_is_not_believed(tmp_path: Path) -> None:
    store = tmp_path / "corpus"
    ingest([_write(tmp_path, "t.json", json.dumps(_request(_span())))], store)
    manifest = json.loads((store / "corpus.json").read_text())
    _write(store, "corpus.json", json.dumps({**manifest, "generation": "other"}))

    assert read_schema(str(store)) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 1}', '{"version": 99}', "[" * 99999])
def test_a_damaged_schema_is_no_schema(tmp_path: Path, text: str) -> None:
    _write(tmp_path, "schema.json", text)
    _write(tmp_path, "corpus.json", '{"generation": "a"}')

    assert read_schema(str(tmp_path)) is None
