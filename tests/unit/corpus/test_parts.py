"""Parquet files of a corpus: what is written is read, by field, merged, and by other programs."""

from __future__ import annotations

import tempfile
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nectarc.corpus.parts import (
    Part,
    PartError,
    joined_parts,
    read_counts,
    read_part,
    select_traces,
    write_part,
)
from nectarc.corpus.span_table import table_of, traces_of
from nectarc.corpus.stored_trace import CorpusTrace
from nectarc.trace import Float32, Span, Trace
from tests.unit.corpus.test_span_table import STORED, shape


def _part(stored: list[CorpusTrace], numbers: list[int] | None = None) -> Part:
    ones = np.ones(len(stored))
    found = np.array(range(len(stored)) if numbers is None else numbers, np.int64)
    return Part(table=table_of(stored), numbers=found, sample_rates=ones)


def _shapes(part: Part) -> list[object]:
    return [shape(one) for one in traces_of(part.table)]


_ALL_RARE = [
    CorpusTrace(
        Trace(
            "t",
            (
                *(Span({}),) * 600,
                Span({"i": -(2**63), "f": -0.0, "g": 5e-324, "h": 0.1 + 0.2, "b": False}),
                Span({"f": float("nan"), "t": "", "n": None, "g": float("-inf"), "b": True}),
                Span({"i": "text", "f": Float32(0.5), "g": b"\x00", "": (1, {"a": ()})}),
            ),
        )
    )
]


@given(st.lists(STORED, min_size=1, max_size=4))
@example(_ALL_RARE)
def test_a_file_gives_back_what_was_written(stored: list[CorpusTrace]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder, "a.parquet"))
        write_part(path, _part(stored), "counts")

        assert _shapes(read_part(path)) == [shape(one) for one in stored]
        assert read_counts(path) == "counts"


def test_only_the_fields_asked_for_are_read(tmp_path: Path) -> None:
    path = str(tmp_path / "a.parquet")
    write_part(path, _part(_ALL_RARE), "")

    part = read_part(path, {"i", "never"})

    assert list(part.table.columns) == ["i"]
    assert part.table.span_count == 603
    texts = part.table.columns["i"].texts
    assert texts is not None
    assert texts.to_pylist()[-1] == "text"


@given(st.lists(STORED, min_size=1, max_size=5), st.data())
def test_a_trace_in_several_files_comes_together(
    stored: list[CorpusTrace], data: st.DataObject
) -> None:
    first: list[CorpusTrace] = []
    second: list[CorpusTrace] = []
    numbers: tuple[list[int], list[int]] = ([], [])
    for number, one in enumerate(stored):
        cut = data.draw(st.integers(0, len(one.trace.spans)))
        pieces = (one.trace.spans[:cut], one.trace.spans[cut:])
        for into, known, spans in zip((first, second), numbers, pieces, strict=True):
            if spans:
                trace = Trace(one.trace.trace_id, spans)
                into.append(CorpusTrace(trace, one.start_time_ns, one.sample_rate, one.source))
                known.append(number)

    parts = [_part(into, known) for into, known in zip((first, second), numbers, strict=True)]
    joined = joined_parts([part for part in parts if part.table.trace_count])

    assert _shapes(joined) == [shape(one) for one in stored]
    assert joined.numbers.tolist() == list(range(len(stored)))


@given(st.lists(STORED, min_size=1, max_size=5), st.sets(st.integers(0, 4)))
def test_chosen_traces_keep_all_their_spans(stored: list[CorpusTrace], chosen: set[int]) -> None:
    kept = sorted(index for index in chosen if index < len(stored))

    part = select_traces(_part(stored), np.array(kept, np.int64))

    assert _shapes(part) == [shape(stored[index]) for index in kept]


def test_ten_thousand_fields_fit_and_load_alone(tmp_path: Path) -> None:
    path = str(tmp_path / "a.parquet")
    spans = tuple(Span({f"f{index}": index, "common": "x"}) for index in range(10_000))
    write_part(path, _part([CorpusTrace(Trace("t", spans))]), "")

    whole = read_part(path)

    assert len(whole.table.columns) == 10_001
    assert whole.table.columns["f9999"].ints.to_pylist()[-1] == 9999  # type: ignore[union-attr]
    assert list(read_part(path, ["f77"]).table.columns) == ["f77"]


def test_other_programs_read_the_file(tmp_path: Path) -> None:
    path = str(tmp_path / "a.parquet")
    spans = (Span({"http.status": 500, "name": "x"}, True), Span({"http.status": "odd"}))
    write_part(path, _part([CorpusTrace(Trace("t", spans), 7, 2.0)]), "")

    frame = pl.read_parquet(path)
    query = f"""SELECT trace_id, "http.status:int", weight FROM '{path}'"""
    rows = duckdb.connect().execute(query).fetchall()

    assert frame["http.status:text"].to_list() == [None, "odd"]
    assert rows == [("t", 500, 2.0), ("t", None, 2.0)]


def test_a_file_of_another_program_is_named(tmp_path: Path) -> None:
    path = str(tmp_path / "a.parquet")
    pl.DataFrame({"TraceID": ["a"], "SpanID": ["b"]}).write_parquet(path)

    with pytest.raises(PartError, match="another program, with the columns `TraceID`, `SpanID`"):
        read_part(path)


def test_a_file_cut_in_half_raises_an_os_error(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    size = write_part(str(path), _part(_ALL_RARE), "")
    path.write_bytes(path.read_bytes()[: size // 2])

    with pytest.raises(OSError, match="arquet"):
        read_part(str(path))
