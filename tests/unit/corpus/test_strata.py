"""A reservoir: some traces of every kind, each with the weight of those that it stands for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nectarc.corpus.ingesting import ingest
from nectarc.corpus.schema import read_schema
from nectarc.corpus.store import CorpusStore, read_corpus
from nectarc.corpus.strata import Sample, allocate


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


def test_a_reservoir_keeps_some_of_each_kind_with_their_weights(tmp_path: Path) -> None:
    usual = "".join(
        _line(f"u{n}", {"name": "GET", "service.name": "a", "duration_ms": {"f": str(n)}})
        for n in range(1000)
    )
    rare = _line("e", {"name": "GET", "service.name": "a", "error": True}, rate=5)
    path = _write(tmp_path, "t.jsonl", usual + rare + _line("o", {"name": "POST"}))

    report = ingest([path], tmp_path / "one", sample=Sample(50, seed=7))
    same = ingest([path], tmp_path / "two", sample=Sample(50, seed=7))
    other = ingest([path], tmp_path / "three", sample=Sample(50, seed=8))

    kept = {one.trace.trace_id: one.sample_rate for one in read_corpus(report.store).traces}
    assert report.drawn is not None
    assert (report.traces, report.drawn.kept, report.drawn.traces) == (50, 50, 1002)
    assert report.drawn.strata == 4
    assert (kept["e"], kept["o"]) == (5.0, 1.0)
    assert sum(kept.values()) == pytest.approx(1006)
    slow = [name for name in kept if name[1:].isdigit() and int(name[1:]) >= 900]
    assert 0.2 * 50 < len(slow) < 0.3 * 50
    assert sum(kept[name] for name in slow) == pytest.approx(100, abs=2)
    assert read_corpus(same.store).traces == read_corpus(report.store).traces
    assert {one.trace.trace_id for one in read_corpus(other.store).traces} != set(kept)
    store = CorpusStore.open(report.store)
    assert store.weight == pytest.approx(1006)
    assert store.sampling_words.endswith("a reservoir of 50 of 1,006 traces")
    schema = read_schema(report.store)
    assert schema is not None
    assert schema.trace_count == 50


def test_a_reservoir_leaves_what_was_there_before(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    ingest([_write(tmp_path, "1.jsonl", _many(0, 20))], corpus)
    more = _many(20, 60) + _line(f"{3:032x}", {"name": "late"})

    report = ingest([_write(tmp_path, "2.jsonl", more)], corpus, sample=Sample(10))

    assert (report.traces, report.spans) == (30, 61)
    kept = {one.trace.trace_id: one for one in read_corpus(corpus).traces}
    assert all(f"{number:032x}" in kept for number in range(20))
    assert len(kept[f"{3:032x}"].trace.spans) == 3
    assert CorpusStore.open(str(corpus)).weight == pytest.approx(60)
    schema = read_schema(str(corpus))
    assert schema is not None
    assert schema.fields["name"].traces == 30


def test_a_reservoir_larger_than_the_traffic_keeps_all(tmp_path: Path) -> None:
    path = _write(tmp_path, "1.jsonl", _many(0, 20))

    report = ingest([path], tmp_path / "corpus", sample=Sample(20))

    assert (report.traces, report.sampling) == (20, "")


@given(st.lists(st.integers(1, 10_000), min_size=1, max_size=30), st.integers(0, 20_000))
def test_each_stratum_keeps_one_and_none_more_than_it_has(sizes: list[int], more: int) -> None:
    total = len(sizes) + more

    counts = allocate(np.array(sizes, np.int64), total).tolist()

    assert sum(counts) == min(total, sum(sizes))
    assert all(1 <= count <= size for count, size in zip(counts, sizes, strict=True))


def test_more_kinds_than_places_are_told_apart_by_less(tmp_path: Path) -> None:
    lines = [_line(f"{n}", {"name": f"op{n}", "service.name": f"s{n % 2}"}) for n in range(100)]
    path = _write(tmp_path, "t.jsonl", "".join(lines))

    report = ingest([path], tmp_path / "corpus", sample=Sample(10))

    assert report.drawn is not None
    assert (report.traces, report.drawn.strata) == (10, 2)
    assert CorpusStore.open(report.store).weight == pytest.approx(100)
