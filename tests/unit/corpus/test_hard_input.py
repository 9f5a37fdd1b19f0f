"""What goes wrong around a corpus gets a clear answer, and nothing is lost."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest

from nectarc.corpus import spill, store_writer
from nectarc.corpus import store as store_module
from nectarc.corpus.gathering import Progress
from nectarc.corpus.ingesting import ingest
from nectarc.corpus.schema import read_schema
from nectarc.corpus.store import CorpusStore, open_traces, read_corpus
from nectarc.corpus.store_manifest import locked


def _line(trace_id: str, *spans: Mapping[str, object], **more: object) -> str:
    record = {"id": trace_id, "root": 0, "spans": list(spans) or [{"name": "x"}], **more}
    return json.dumps(record) + "\n"


def _write(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return str(path)


def _many(first: int, end: int, **more: object) -> str:
    spans: list[Mapping[str, object]] = [{"name": "GET", "n": 1}, {"name": "SELECT"}]
    return "".join(_line(f"{number:032x}", *spans, **more) for number in range(first, end))


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def _codes(store: CorpusStore) -> list[str]:
    return [found.code for found in store.diagnostics()]


@pytest.fixture
def _small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a few hundred spans be many."""
    monkeypatch.setattr(store_writer, "PARTITION_SPANS", 50)
    monkeypatch.setattr(spill.Spill.__init__, "__kwdefaults__", {"shift": 0, "held_max": 40})
    monkeypatch.setattr(store_module, "HELD_SPANS", 40)


@pytest.mark.usefixtures("_small_limits")
def test_many_ingests_and_partitions_hold_what_one_would(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    bounds = [0, 3, 50, 60, 200, 900, 901]
    files = [_write(tmp_path, f"{a}.jsonl", _many(a, b)) for a, b in pairwise(bounds)]
    late = _write(tmp_path, "late.jsonl", _line(f"{5:032x}", {"name": "late"}))

    for file in [*files, late]:
        assert ingest([file], corpus).is_stored
    again = ingest(files, corpus)

    assert (again.traces, again.spans_added, again.duplicates) == (901, 0, 1802)
    store = CorpusStore.open(str(corpus))
    assert len(store.partitions()) >= 16
    assert (store.trace_count, store.span_count, store.weight) == (901, 1803, 901.0)
    assert sum(part.load(["n"]).span_count for part in store.partitions()) == 1803
    traces = read_corpus(corpus).traces
    assert [trace.trace.trace_id for trace in traces] == [f"{n:032x}" for n in range(901)]
    assert [dict(span.fields) for span in traces[5].trace.spans][-1] == {"name": "late"}
    assert read_corpus(corpus).traces[899].source == files[4]
    schema = read_schema(str(corpus))
    assert schema is not None
    assert (schema.fields["name"].spans, schema.fields["name"].traces) == (1803, 901)
    assert (schema.trace_count, schema.cardinality("name")) == (901, 3)
    assert len(list(corpus.glob("*.parquet"))) <= 8 * len(store.partitions())


@pytest.mark.usefixtures("_small_limits")
def test_large_raw_exports_are_read_through_a_temporary_store(tmp_path: Path) -> None:
    text = _many(0, 300) + _line(f"{0:032x}", {"name": "GET", "n": 1})
    path = _write(tmp_path, "t.jsonl", text)

    with open_traces(path) as store:
        assert (store.trace_count, store.span_count) == (300, 601)
        assert sum(1 for _ in store.iter_traces()) == 300
        assert store.schema().fields["n"].spans == 301
        assert len(store.partitions()) > 1
        temporary = store._temporary  # noqa: SLF001
        assert temporary is not None
    assert not temporary.exists()


def test_a_corpus_file_cut_in_half_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    ingest([_write(tmp_path, "1.jsonl", _many(0, 5))], corpus)
    (first,) = corpus.glob("*.parquet")
    ingest([_write(tmp_path, "2.jsonl", _many(5, 8))], corpus)
    whole = first.read_bytes()
    first.write_bytes(whole[: len(whole) // 2])

    store = CorpusStore.open(str(corpus))
    refused = ingest([_write(tmp_path, "3.jsonl", _many(8, 9))], corpus)

    assert _codes(store) == ["NEC426"]
    assert str(first) in store.diagnostics()[0].headline
    assert "5 traces with 10 spans" in (store.diagnostics()[0].why or "")
    assert (store.trace_count, len(list(store.iter_traces()))) == (3, 3)
    assert not refused.is_stored
    assert [found.code for found in refused.diagnostics()] == ["NEC426"]
    first.write_bytes(whole)
    assert CorpusStore.open(str(corpus)).trace_count == 8


def test_a_damaged_page_is_told_when_it_is_read(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    ingest([_write(tmp_path, "1.jsonl", _many(0, 50))], corpus)
    (file,) = corpus.glob("*.parquet")
    data = bytearray(file.read_bytes())
    data[4:400] = b"\xff" * 396
    file.write_bytes(data)

    store = CorpusStore.open(str(corpus))

    assert list(store.iter_traces()) == []
    assert _codes(store) == ["NEC426"]


def test_a_parquet_file_of_another_program_is_named(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    ingest([_write(tmp_path, "1.jsonl", _many(0, 5))], corpus)
    other = corpus / "spans.parquet"
    pl.DataFrame({"TraceID": ["a"], "Duration": [5]}).write_parquet(other)

    inside = CorpusStore.open(str(corpus))
    given = ingest([str(other)], corpus)

    assert _codes(inside) == ["NEC428"]
    assert inside.trace_count == 5
    (found,) = given.diagnostics()
    assert found.code == "NEC429"
    assert "columns `TraceID`, `Duration`" in found.headline


def test_a_part_of_ours_replaced_by_another_program_is_damage(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    ingest([_write(tmp_path, "1.jsonl", _many(0, 5))], corpus)
    (file,) = corpus.glob("*.parquet")
    pl.DataFrame({"TraceID": ["a"]}).write_parquet(file)
    manifest = json.loads((corpus / "corpus.json").read_text())
    manifest["parts"][0]["size"] = file.stat().st_size
    (corpus / "corpus.json").write_text(json.dumps(manifest))

    (found,) = CorpusStore.open(str(corpus)).diagnostics()

    assert found.code == "NEC426"
    assert "another program" in found.headline


def test_a_corpus_and_its_files_can_be_ingested_elsewhere(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    ingest([_write(tmp_path, "1.jsonl", _many(0, 5))], corpus)

    whole = ingest([str(corpus)], tmp_path / "two")
    part = ingest([str(next(corpus.glob("*.parquet")))], tmp_path / "three")

    assert (whole.traces, part.traces) == (5, 5)
    assert read_corpus(tmp_path / "two").traces == read_corpus(corpus).traces


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": "nectarc corpus", "version": 99}'])
def test_a_damaged_manifest_is_told_and_nothing_is_written(tmp_path: Path, text: str) -> None:
    corpus = tmp_path / "corpus"
    ingest([_write(tmp_path, "1.jsonl", _many(0, 5))], corpus)
    _write(corpus, "corpus.json", text)
    before = _files(corpus)

    report = ingest([_write(tmp_path, "2.jsonl", _many(5, 6))], corpus)

    assert [found.code for found in report.diagnostics()] == ["NEC426"]
    assert _codes(CorpusStore.open(str(corpus))) == ["NEC426"]
    assert _files(corpus) == before


def test_a_lost_manifest_does_not_make_the_files_leftovers(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    ingest([_write(tmp_path, "1.jsonl", _many(0, 5))], corpus)
    (corpus / "corpus.json").unlink()
    before = _files(corpus)

    report = ingest([_write(tmp_path, "2.jsonl", _many(5, 6))], corpus)

    assert [found.code for found in report.diagnostics()] == ["NEC426"]
    assert _files(corpus) == before


def test_a_trace_of_100_000_spans_stays_whole(tmp_path: Path) -> None:
    spans = [{"trace.span_id": f"{n:x}", "n": n} for n in range(100_000)]
    path = _write(tmp_path, "t.jsonl", _line("t", *spans))

    report = ingest([path], tmp_path / "corpus")

    assert (report.traces, report.spans) == (1, 100_000)
    (table,) = (one.load(["n"]) for one in CorpusStore.open(report.store).partitions())
    assert table.offsets.tolist() == [0, 100_000]
    schema = read_schema(report.store)
    assert schema is not None
    assert 90_000 < (schema.cardinality("n") or 0) < 110_000


def test_10_000_fields_are_all_kept(tmp_path: Path) -> None:
    spans = [{f"f{n + i}": n for i in range(100)} for n in range(0, 10_000, 100)]
    path = _write(tmp_path, "t.jsonl", "".join(_line(str(i), s) for i, s in enumerate(spans)))

    report = ingest([path], tmp_path / "corpus")

    schema = read_schema(report.store)
    assert schema is not None
    assert len(schema.names()) == 10_000
    assert read_corpus(report.store).traces[99].trace.spans[0].fields["f9999"] == 9900


def test_a_clock_running_backwards_keeps_the_order_of_arrival(tmp_path: Path) -> None:
    text = "".join(_line("t", {"n": n}, time_ns=time) for n, time in enumerate((900, 500, 0, 700)))

    report = ingest([_write(tmp_path, "t.jsonl", text)], tmp_path / "corpus")

    (stored,) = read_corpus(report.store).traces
    assert [span.fields["n"] for span in stored.trace.spans] == [0, 1, 2, 3]
    assert stored.start_time_ns == 500


def test_an_empty_corpus_is_a_finding_not_a_failure(tmp_path: Path) -> None:
    store = CorpusStore.open(str(tmp_path))

    assert _codes(store) == ["NEC425"]
    assert list(store.iter_traces()) == []
    assert (store.trace_count, store.sampling_words, store.is_presampled) == (0, "", False)
    assert store.schema().trace_count == 0


@pytest.mark.parametrize(
    ("rates", "words"),
    [
        ((10, 10), "sampled upstream at 1 in 10"),
        ((1, 19), "sampled upstream at up to 1 in 19, 1 in 10 over all"),
        ((1, 1), ""),
    ],
)
def test_a_corpus_sampled_upstream_says_so(
    tmp_path: Path, rates: tuple[int, int], words: str
) -> None:
    path = _write(tmp_path, "t.jsonl", "".join(_line(str(i), rate=r) for i, r in enumerate(rates)))

    report = ingest([path], tmp_path / "corpus")

    store = CorpusStore.open(report.store)
    raw = open_traces(path)
    assert (store.sampling_words, raw.sampling_words, report.sampling) == (words, words, words)
    assert store.is_presampled is raw.is_presampled is bool(words)
    assert store.weight == sum(rates)


def _failing_fsync(_descriptor: int) -> None:
    raise OSError(28, "No space left on device")


def _interrupt(_progress: Progress) -> None:
    raise KeyboardInterrupt


def test_a_full_disk_leaves_the_old_corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = tmp_path / "corpus"
    ingest([_write(tmp_path, "1.jsonl", _many(0, 5))], corpus)
    before = _files(corpus)
    monkeypatch.setattr("os.fsync", _failing_fsync)

    report = ingest([_write(tmp_path, "2.jsonl", _many(5, 9))], corpus)

    assert [found.code for found in report.diagnostics()] == ["NEC403"]
    assert (report.traces, report.is_stored) == (5, False)
    assert _files(corpus) == before


def test_ctrl_c_leaves_the_old_corpus(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    ingest([_write(tmp_path, "1.jsonl", _many(0, 5))], corpus)
    before = _files(corpus)

    with pytest.raises(KeyboardInterrupt):
        ingest([_write(tmp_path, "2.jsonl", _many(5, 9))], corpus, progress=_interrupt)

    assert _files(corpus) == before


def test_what_a_killed_ingest_left_is_cleaned_by_the_next(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    ingest([_write(tmp_path, "1.jsonl", _many(0, 5))], corpus)
    (part,) = corpus.glob("*.parquet")
    orphan = corpus / "0000-0123456789ab.parquet"
    orphan.write_bytes(part.read_bytes())
    _write(corpus, ".ingest-0123456789ab/spill/00.arrivals", "half")

    assert CorpusStore.open(str(corpus)).trace_count == 5
    report = ingest([_write(tmp_path, "2.jsonl", _many(5, 6))], corpus)

    assert report.is_stored
    assert not orphan.exists()
    assert not (corpus / ".ingest-0123456789ab").exists()


def test_of_two_ingests_at_once_one_is_told_to_wait(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    path = _write(tmp_path, "1.jsonl", _many(0, 5))

    with locked(str(corpus)) as is_ours:
        report = ingest([path], corpus)

    assert is_ours
    assert [found.code for found in report.diagnostics()] == ["NEC427"]
    assert ingest([path], corpus).traces == 5


def test_an_ingest_that_another_one_overtook_changes_nothing(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    ingest([_write(tmp_path, "1.jsonl", _many(0, 5))], corpus)
    manifest = json.loads((corpus / "corpus.json").read_text())

    def overtake(_progress: Progress) -> None:
        _write(corpus, "corpus.json", json.dumps({**manifest, "generation": "other"}))

    report = ingest([_write(tmp_path, "2.jsonl", _many(5, 9))], corpus, progress=overtake)

    assert [found.code for found in report.diagnostics()] == ["NEC427"]
    assert json.loads((corpus / "corpus.json").read_text())["generation"] == "other"


def test_raw_exports_beside_the_corpus_come_in_once(tmp_path: Path) -> None:
    corpus = tmp_path / "incidents"
    _write(corpus, "outage.jsonl", _many(0, 2))

    report = ingest([_write(tmp_path, "2.jsonl", _many(2, 3))], corpus)
    quiet = CorpusStore.open(str(corpus))
    _write(corpus, "outage.jsonl", _many(0, 4))
    changed = CorpusStore.open(str(corpus))

    assert (report.traces, report.traces_added) == (3, 1)
    assert (_codes(quiet), quiet.trace_count) == ([], 3)
    assert _codes(changed) == ["NEC428"]
    assert (corpus / "outage.jsonl").exists()
