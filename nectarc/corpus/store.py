"""The corpus: trace exemplars in a folder, and in memory.

Owns: the folder's layout, reading it, adding to it, replacing it. Must not know: policies.
Truth: ../shared/design/product.md (`ingest`). A folder holds `traces.jsonl` (typed trace lines with
`time_ns` and `rate`) and `schema.json`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from nectarc.codes import finding
from nectarc.corpus.grouping import Grouping
from nectarc.corpus.reading import Arrival, BadRecord, Untraced, read_file
from nectarc.corpus.schema import (
    SCHEMA_FILE,
    TRACES_FILE,
    CorpusSchema,
    read_schema,
    schema_of,
    schema_text,
)
from nectarc.corpus.stored_trace import CorpusTrace, stored_line
from nectarc.corpus.trace_files import find_trace_files
from nectarc.diagnostic import Diagnostic
from nectarc.files import STDIN, STDIN_NAME, unwritable, write_atomically
from nectarc.records import record
from nectarc.source import SourceSpan

_PROGRESS_SPANS: Final = 1000


class Progress(NamedTuple):
    """How far a reading has come: the file being read, spans so far."""

    file: str
    spans: int


OnProgress = Callable[[Progress], None]


@record(kw_only=True)
class Reading:
    """What came of reading files.

    files, spans: what was read. skipped: files of a folder that are no trace files, by their name.
    bad_records:  what was left out, by place. problems: files that could not be read at all.
    untraced:     events without a trace id, on which Refinery decides nothing.
    """

    files: tuple[str, ...] = ()
    spans: int = 0
    skipped: tuple[str, ...] = ()
    bad_records: tuple[BadRecord, ...] = ()
    problems: tuple[Diagnostic, ...] = ()
    untraced: int = 0

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Return everything that was left out, as findings."""
        bad = tuple(record.diagnostic() for record in self.bad_records)
        if self.problems or bad or self.spans:
            return (*self.problems, *bad)
        return (_no_trace(self.files),)


@record(kw_only=True)
class Corpus:
    """Trace exemplars, in order of first arrival, and how their reading went."""

    traces: tuple[CorpusTrace, ...]
    read: Reading = Reading()

    @property
    def span_count(self) -> int:
        """Return how many spans, span events and links there are."""
        return sum(len(stored.trace.spans) for stored in self.traces)

    def schema(self) -> CorpusSchema:
        """Count the fields; one pass over all spans."""
        return schema_of(stored.trace for stored in self.traces)

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Return everything that was left out, as findings."""
        return self.read.diagnostics()


@record(kw_only=True)
class IngestReport:
    """What an ingest did.

    read:       what came in. traces, spans: what the store holds now.
    duplicates: spans that were there before or came twice, kept once.
    is_stored:  the store holds all that was read; False leaves the old one whole, and `problems`
                says why.
    """

    store: str
    read: Reading
    traces: int
    spans: int
    traces_added: int
    spans_added: int
    duplicates: int
    is_stored: bool
    problems: tuple[Diagnostic, ...] = ()

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Return every finding of the ingest, hints included."""
        twice = (_duplicates(self.store, self.duplicates),) if self.duplicates else ()
        return (*self.read.diagnostics(), *self.problems, *twice)


def read_corpus(path: str | Path, *, progress: OnProgress | None = None) -> Corpus:
    """Read a corpus folder, or any file or folder of traces that `ingest` reads.

    Spans that come twice stay twice, as they would reach Refinery; only `ingest` drops them.
    Never raises for what a user may name: see `Corpus.diagnostics`.
    """
    return read_traces([str(path)], progress=progress)


def read_traces(paths: Sequence[str], *, progress: OnProgress | None = None) -> Corpus:
    """Read traces as `read_corpus`, from files, folders, globs and standard input (`-`)."""
    grouping = Grouping(keeps_duplicates=True)
    read = _read_into(grouping, paths, progress)
    return Corpus(traces=grouping.traces(), read=read)


def ingest(
    paths: Sequence[str], store: str | Path, *, progress: OnProgress | None = None
) -> IngestReport:
    """Add the traces of `paths` to the corpus folder `store`, made if it is missing.

    The store is at any time the old one or the new one, whole. A store with lines that cannot be
    read is not replaced, since that would lose them. With nothing new its files stay untouched.
    """
    folder = str(store)
    old = _read_store(folder)
    grouping = Grouping(keeps_duplicates=False)
    grouping.add_stored(old.traces)
    read = _read_into(grouping, paths, progress)
    traces = grouping.traces()
    spans = sum(len(stored.trace.spans) for stored in traces)
    spans_added = spans - old.span_count
    problems = old.read.diagnostics() if old.read.problems or old.read.bad_records else ()
    is_settled = not traces or (spans_added == 0 and read_schema(folder) is not None)
    if not problems and not is_settled:
        problem = write_store(folder, traces)
        problems = () if problem is None else (problem,)
    return IngestReport(
        store=folder,
        read=read,
        traces=len(traces) if not problems else len(old.traces),
        spans=spans if not problems else old.span_count,
        traces_added=len(traces) - len(old.traces) if not problems else 0,
        spans_added=spans_added if not problems else 0,
        duplicates=grouping.duplicates,
        is_stored=not problems,
        problems=problems,
    )


def write_store(folder: str, traces: Iterable[CorpusTrace]) -> Diagnostic | None:
    """Replace the store's files, each whole or not at all; the traces first.

    A schema that belongs to other traces is told by the size it names (`read_schema`).
    """
    kept = tuple(traces)
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return unwritable(folder, error)
    text = "".join(stored_line(stored) for stored in kept)
    problem = write_atomically(str(Path(folder, TRACES_FILE)), text)
    if problem is not None:
        return problem
    schema = schema_of(stored.trace for stored in kept)
    summary = schema_text(schema, traces_bytes=len(text.encode("utf-8")))
    return write_atomically(str(Path(folder, SCHEMA_FILE)), summary)


def _read_store(folder: str) -> Corpus:
    path = Path(folder, TRACES_FILE)
    try:
        is_empty = path.stat().st_size == 0
    except FileNotFoundError:
        is_empty = True
    except OSError:
        is_empty = False  # reading says what is wrong
    return Corpus(traces=()) if is_empty else read_traces([str(path)])


def _read_into(grouping: Grouping, paths: Sequence[str], progress: OnProgress | None) -> Reading:
    found = find_trace_files(paths)
    bad_records: list[BadRecord] = []
    problems: list[Diagnostic] = list(found.problems)
    untraced = spans = told = 0
    for file in found.files:
        if progress is not None:
            progress(Progress(file, spans))
        for item in read_file(file):
            match item:
                case Arrival():
                    grouping.add(item, STDIN_NAME if file == STDIN else file)
                    spans += len(item.spans)
                case Untraced():
                    untraced += item.events
                case BadRecord():
                    bad_records.append(item)
                case Diagnostic():
                    problems.append(item)
            if progress is not None and spans - told >= _PROGRESS_SPANS:
                progress(Progress(file, spans))
                told = spans
    return Reading(
        files=tuple(found.files),
        spans=spans,
        skipped=tuple(found.skipped),
        bad_records=tuple(bad_records),
        problems=tuple(problems),
        untraced=untraced,
    )


def _duplicates(store: str, count: int) -> Diagnostic:
    return finding(
        "NEC424",
        SourceSpan(store, 0, 0),
        f"{count} {'span' if count == 1 else 'spans'} came twice and stayed once",
        why="counted twice, a trace would weigh twice in volumes and budgets",
    )


def _no_trace(files: tuple[str, ...]) -> Diagnostic:
    first = f"`{files[0]}`" if files else "what was named"
    return finding(
        "NEC425",
        SourceSpan(files[0] if files else "", 0, 0),
        f"no trace in {first}" + (f" and {len(files) - 1} others" if files[1:] else ""),
        why="without traces there is nothing that a policy could be checked against",
        help="export some traces as OTLP JSON, e.g. with the collector's file exporter",
    )
