"""Opening traces: a folder that `ingest` made, or anything that `ingest` reads.

Owns: where raw exports are laid while they are looked at. Must not know: policies.
Truth: docs/decisions/0008-corpus-parquet.md.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from nectarc.codes import finding
from nectarc.corpus.corpus_store import NOTHING, CorpusStore, Totals, opened_store, totals_of
from nectarc.corpus.garbage import collection_paused
from nectarc.corpus.gathering import Gathering, OnProgress, Progress, Reading
from nectarc.corpus.grouping import Grouping
from nectarc.corpus.partitions import HeldPartition
from nectarc.corpus.parts import PartError, read_part
from nectarc.corpus.reading import Arrival
from nectarc.corpus.schema import read_schema
from nectarc.corpus.span_table import traces_of
from nectarc.corpus.spill import Spill
from nectarc.corpus.store_manifest import (
    Manifest,
    is_corpus,
)
from nectarc.corpus.store_writer import Writer
from nectarc.corpus.stored_trace import CorpusTrace
from nectarc.diagnostic import Diagnostic
from nectarc.files import unreadable, unwritable
from nectarc.records import record
from nectarc.source import SourceSpan

__all__ = ["Corpus", "CorpusStore", "Progress", "open_traces", "read_corpus", "read_traces"]

# Raw exports of so many spans are looked at in memory; larger ones lie in a temporary store.
HELD_SPANS: Final = 40_000


@record(kw_only=True)
class Corpus:
    """Trace exemplars in memory, in order of first arrival, and how their reading went."""

    traces: tuple[CorpusTrace, ...]
    read: Reading = Reading()

    @property
    def span_count(self) -> int:
        """Return how many spans, span events and links there are."""
        return sum(len(stored.trace.spans) for stored in self.traces)

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Return everything that was left out, as findings."""
        return self.read.diagnostics()


def open_traces(
    paths: str | Path | Sequence[str], *, progress: OnProgress | None = None
) -> CorpusStore:
    """Open a corpus folder, or files, folders, globs and standard input (`-`) of raw exports.

    Spans of raw exports that come twice stay twice, as they would reach Refinery; only `ingest`
    drops them. Never raises for what a user may name: see `CorpusStore.diagnostics`.
    """
    named = [str(paths)] if isinstance(paths, str | Path) else list(paths)
    if len(named) == 1 and is_corpus(named[0]):
        return CorpusStore.open(named[0])
    temporary = Path(tempfile.mkdtemp(prefix="nectarc-"))
    try:
        with collection_paused():
            store = _open_raw(named, temporary, progress)
    except OSError as error:
        reading = Reading(files=tuple(named), problems=(unwritable(str(temporary), error),))
        store = CorpusStore((), NOTHING, reading=reading)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    if store.trace_count == 0 or isinstance(store.partitions()[0], HeldPartition):
        shutil.rmtree(temporary, ignore_errors=True)
    return store


def read_corpus(path: str | Path, *, progress: OnProgress | None = None) -> Corpus:
    """Read all traces of `open_traces` into memory, in order of first arrival."""
    return read_traces([str(path)], progress=progress)


def read_traces(paths: Sequence[str], *, progress: OnProgress | None = None) -> Corpus:
    """Read all traces of `open_traces` into memory, in order of first arrival."""
    with open_traces(paths, progress=progress) as store:
        numbered: list[tuple[int, CorpusTrace]] = []
        for one in store.partitions():
            if isinstance(one, HeldPartition):
                numbered += enumerate(one.traces)
            else:
                part = one.load_part()
                numbered += zip(part.numbers.tolist(), traces_of(part.table), strict=True)
        numbered.sort(key=lambda pair: pair[0])
        found = store.diagnostics()
        reading = store.reading
        others = tuple(one for one in found if one not in reading.diagnostics())
        reading = Reading(
            files=reading.files,
            spans=reading.spans,
            skipped=reading.skipped,
            bad_records=reading.bad_records,
            bad_count=reading.bad_count,
            problems=(*others, *reading.problems),
            untraced=reading.untraced,
        )
        return Corpus(traces=tuple(trace for _, trace in numbered), read=reading)


def read_stored_paths(path: str) -> Iterator[Arrival | Diagnostic] | None:
    """Read a corpus folder, or a Parquet file, that is named among raw exports; None for others."""
    if is_corpus(path):
        return _store_arrivals(path)
    if path.endswith(".parquet") and "\0" not in path and Path(path).is_file():
        return _parquet_arrivals(path)
    return None


def _store_arrivals(folder: str) -> Iterator[Arrival | Diagnostic]:
    store = CorpusStore.open(folder)
    yield from map(_arrival_of, store.iter_traces())
    yield from (one for one in store.diagnostics() if one.code != "NEC425")


def _parquet_arrivals(path: str) -> Iterator[Arrival | Diagnostic]:
    try:
        part = read_part(path)
    except OSError as error:
        yield unreadable(path, error)
    except PartError as error:
        yield finding(
            "NEC429",
            SourceSpan(path, 0, 0),
            f"`{path}` is {error}",
            why="nothing says which column is the trace id, a time, a field of the span",
            help="export the spans as OTLP, or as CSV that `--csv-map` explains",
        )
    else:
        yield from map(_arrival_of, traces_of(part.table))


def _arrival_of(stored: CorpusTrace) -> Arrival:
    return Arrival(
        stored.trace.trace_id,
        stored.trace.spans,
        stored.start_time_ns,
        stored.sample_rate,
        rate_is_of_root=True,
        source=stored.source,
        times=stored.span_starts,
    )


def _open_raw(paths: Sequence[str], temporary: Path, progress: OnProgress | None) -> CorpusStore:
    gathering = Gathering(paths, progress, read_stored_paths)
    spill = Spill(temporary)
    grouping: Grouping | None = Grouping(keeps_duplicates=True)
    held: list[tuple[Arrival, str]] = []
    spans = number = 0
    for arrival, source in gathering:
        spans += len(arrival.spans)
        if grouping is not None and spans <= HELD_SPANS:
            grouping.add(arrival, source)
            held.append((arrival, source))
            continue
        grouping = None
        for one, its_source in (*held, (arrival, source)):
            spill.add(one, its_source, number)
            number += 1
        held.clear()
    if grouping is not None:
        return _held_store(grouping.traces(), gathering.reading())
    writer = Writer(str(temporary), Manifest())
    writer.grow(spans)
    writer.add(spill, progress, keeps_duplicates=True)
    problem = writer.commit()
    writer.close()
    if problem is not None:
        return CorpusStore((), NOTHING, reading=Reading(problems=(problem,)))
    store = opened_store(str(temporary), writer.result())
    return CorpusStore(
        store.partitions(),
        totals_of(writer.result().parts),
        reading=gathering.reading(),
        schema=lambda: read_schema(str(temporary)),
        temporary=temporary,
    )


def _held_store(traces: tuple[CorpusTrace, ...], reading: Reading) -> CorpusStore:
    rates = [one.sample_rate for one in traces]
    totals = Totals(
        traces=len(traces),
        spans=sum(len(one.trace.spans) for one in traces),
        weight=sum(rates),
        rates=sum(rates),
        rate_max=max(rates, default=1.0),
    )
    return CorpusStore([HeldPartition(traces)] if traces else [], totals, reading=reading)
