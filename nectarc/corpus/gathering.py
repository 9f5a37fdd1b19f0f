"""The user's paths -> arrivals, one after the other, and the record of what was left out.

Owns: `Reading`, `Progress`, the walk over files and corpus folders. Must not know: formats, how
traces are kept. Truth: ../shared/design/product.md, "Conventions" (bad records are counted).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from nectarc.codes import finding
from nectarc.corpus.formats.csv_map import CsvMap
from nectarc.corpus.reading import Arrival, BadRecord, Untraced, read_file
from nectarc.corpus.trace_files import find_trace_files
from nectarc.diagnostic import Diagnostic
from nectarc.files import STDIN, STDIN_NAME
from nectarc.records import record
from nectarc.source import SourceSpan

_PROGRESS_SPANS: Final = 1000
# A file of a million bad lines is told by its first ones and a count, not by a million findings.
_BAD_RECORDS_MAX: Final = 1000


class Progress(NamedTuple):
    """How far a reading has come: the file being read, or what is done, and spans so far."""

    file: str
    spans: int


OnProgress = Callable[[Progress], None]


@record(kw_only=True)
class Reading:
    """What came of reading files.

    files, spans: what was read. skipped: files of a folder that are no trace files, by their name.
    bad_records:  the first of those left out, by place; `bad_count` is how many there are.
    problems:     files that could not be read at all.
    untraced:     events without a trace id, on which Refinery decides nothing.
    """

    files: tuple[str, ...] = ()
    spans: int = 0
    skipped: tuple[str, ...] = ()
    bad_records: tuple[BadRecord, ...] = ()
    bad_count: int = 0
    problems: tuple[Diagnostic, ...] = ()
    untraced: int = 0

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Return what was left out, as findings."""
        bad = tuple(record.diagnostic() for record in self.bad_records)
        if self.problems or bad or self.spans:
            return (*self.problems, *bad)
        return (_no_trace(self.files),)


class Gathering:
    """The arrivals of some paths; after they are iterated over, `reading` says how it went."""

    def __init__(
        self,
        paths: Sequence[str],
        progress: OnProgress | None = None,
        read_other: Callable[[str], Iterator[Arrival | Diagnostic] | None] | None = None,
        csv_map: CsvMap | None = None,
    ) -> None:
        """Read nothing yet.

        read_other: may read a path that is no trace file. csv_map: as `read_file` has it.
        progress: is told of every thousand spans, and stays at hand for what comes after.
        """
        self._paths = paths
        self._csv_map = csv_map
        self.progress = progress
        self._read_other = read_other
        self._files: list[str] = []
        self._skipped: list[str] = []
        self._bad_records: list[BadRecord] = []
        self._problems: list[Diagnostic] = []
        self._bad_count = self._untraced = self._spans = 0

    def __iter__(self) -> Iterator[tuple[Arrival, str]]:
        """Yield each arrival and the file that it came from."""
        for path in self._paths:
            other = self._read_other(path) if self._read_other is not None else None
            if other is not None:
                yield from self._counted(other, path)
                continue
            found = find_trace_files([path])
            self._problems += found.problems
            self._skipped += found.skipped
            for file in found.files:
                other = self._read_other(file) if self._read_other is not None else None
                if other is None:
                    yield from self._counted(read_file(file, self._csv_map), file)
                else:
                    yield from self._counted(other, file)

    def reading(self) -> Reading:
        """Return how it went so far."""
        return Reading(
            files=tuple(self._files),
            spans=self._spans,
            skipped=tuple(self._skipped),
            bad_records=tuple(self._bad_records),
            bad_count=self._bad_count,
            problems=tuple(self._problems),
            untraced=self._untraced,
        )

    def _counted(
        self, items: Iterator[Arrival | Untraced | BadRecord | Diagnostic], file: str
    ) -> Iterator[tuple[Arrival, str]]:
        self._files.append(file)
        name = STDIN_NAME if file == STDIN else _as_text(file)
        self._tell(name)
        told = self._spans
        for item in items:
            match item:
                case Arrival():
                    self._spans += len(item.spans)
                    yield item, name
                case Untraced():
                    self._untraced += item.events
                case BadRecord():
                    self._bad_count += 1
                    if self._bad_count <= _BAD_RECORDS_MAX:
                        self._bad_records.append(item)
                case Diagnostic():
                    self._problems.append(item)
            if self._spans - told >= _PROGRESS_SPANS:
                told = self._spans
                self._tell(name)

    def _tell(self, name: str) -> None:
        if self.progress is not None:
            self.progress(Progress(name, self._spans))


def _as_text(file: str) -> str:
    """Return a file's name with what is not UTF-8 in it written out."""
    return file if file.isascii() else file.encode("utf-8", "backslashreplace").decode()


def _no_trace(files: tuple[str, ...]) -> Diagnostic:
    first = f"`{files[0]}`" if files else "what was named"
    return finding(
        "NEC425",
        SourceSpan(files[0] if files else "", 0, 0),
        f"no trace in {first}" + (f" and {len(files) - 1} others" if files[1:] else ""),
        why="without traces there is nothing that a policy could be checked against",
        help="export some traces as OTLP JSON, e.g. with the collector's file exporter",
    )
