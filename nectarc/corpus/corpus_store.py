"""A corpus as it is read: partition by partition, any number of times.

Owns: `CorpusStore`, what a folder's files say without being read. Must not know: raw exports.
Truth: docs/decisions/0008-corpus-parquet.md.
"""

from __future__ import annotations

import shutil
import weakref
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from nectarc.codes import finding
from nectarc.corpus.field_counts import counts_of, merged_counts
from nectarc.corpus.gathering import Reading
from nectarc.corpus.partitions import FilePartition, HeldPartition, Partition
from nectarc.corpus.parts import PartError, read_counts
from nectarc.corpus.schema import CorpusSchema, read_schema
from nectarc.corpus.span_table import traces_of
from nectarc.corpus.store_manifest import (
    Manifest,
    PartEntry,
    damaged_part,
    read_manifest,
    strangers,
)
from nectarc.corpus.stored_trace import CorpusTrace
from nectarc.diagnostic import Diagnostic
from nectarc.records import record
from nectarc.source import SourceSpan

_TRACE_SUFFIXES: Final = (".json", ".jsonl", ".ndjson", ".pb", ".binpb", ".gz", ".zst", ".parquet")


@record(kw_only=True)
class Totals:
    """Sizes of a corpus. weight: real traces that it stands for; rates: before any reservoir."""

    traces: int
    spans: int
    weight: float
    rates: float
    rate_max: float


class CorpusStore:
    """A corpus that is read partition by partition, any number of times, in the same order.

    Close it, or use it in a `with`: raw exports may lie in a temporary folder.
    """

    def __init__(  # noqa: PLR0913 - a store has these parts, and two ways to be made
        self,
        partitions: Sequence[Partition],
        totals: Totals,
        *,
        reading: Reading,
        problems: list[Diagnostic] | None = None,
        schema: Callable[[], CorpusSchema | None] | None = None,
        temporary: Path | None = None,
    ) -> None:
        """Hold what `open_traces` and `CorpusStore.open` found."""
        self._partitions = tuple(partitions)
        self._totals = totals
        self._problems = problems if problems is not None else []
        self._schema = schema
        self.reading = reading
        self._temporary = temporary
        if temporary is not None:
            # Whoever forgets to close it leaves nothing behind either.
            weakref.finalize(self, shutil.rmtree, temporary, ignore_errors=True)

    @classmethod
    def open(cls, folder: str) -> CorpusStore:
        """Open a corpus folder; no trace is read. What is wrong with it is in `diagnostics`."""
        manifest = read_manifest(folder)
        if not isinstance(manifest, Manifest):
            problems = () if manifest is None else (manifest,)
            return cls((), NOTHING, reading=Reading(files=(folder,), problems=problems))
        return opened_store(folder, manifest)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Remove what was laid in a temporary folder."""
        if self._temporary is not None:
            shutil.rmtree(self._temporary, ignore_errors=True)
            self._partitions, self._temporary = (), None

    def partitions(self) -> Sequence[Partition]:
        """Return its parts; each fits in memory."""
        return self._partitions

    def iter_traces(self) -> Iterator[CorpusTrace]:
        """Yield all traces, one partition in memory at a time."""
        for one in self._partitions:
            if isinstance(one, HeldPartition):
                yield from one.traces
            else:
                yield from traces_of(one.load())

    def schema(self) -> CorpusSchema:
        """Return what fields there are; counted anew where no summary is at hand."""
        known = self._schema() if self._schema is not None else None
        if known is not None:
            return known
        return merged_counts([counts_of(one.load()) for one in self._partitions]).schema()

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Return everything that was left out, as findings."""
        if self._problems and not self.reading.spans:
            return tuple(self._problems)
        return (*self._problems, *self.reading.diagnostics())

    @property
    def trace_count(self) -> int:
        """Return how many traces there are."""
        return self._totals.traces

    @property
    def span_count(self) -> int:
        """Return how many spans, span events and links there are."""
        return self._totals.spans

    @property
    def weight(self) -> float:
        """Return how many traces of the real traffic all of them stand for."""
        return self._totals.weight

    @property
    def is_presampled(self) -> bool:
        """Tell whether a sampler upstream had dropped traces before they came here."""
        return self._totals.rate_max > 1

    @property
    def sampling_words(self) -> str:
        """Return the words to show beside every figure of this corpus, "" where it is whole."""
        found = self._totals
        words: list[str] = []
        if found.rate_max > 1:
            words.append(upstream_words(found.traces, found.rates, found.rate_max))
        if found.weight > found.rates * 1.000001:
            words.append(f"a reservoir of {found.traces:,} of {round(found.weight):,} traces")
        return ", ".join(words)


def upstream_words(traces: int, rates: float, rate_max: float) -> str:
    """Say how a corpus was sampled before it came: sum and largest of the senders' rates."""
    mean = rates / max(1, traces)
    if mean > rate_max * 0.999999:
        return f"sampled upstream at 1 in {rate_max:g}"
    return f"sampled upstream at up to 1 in {rate_max:g}, 1 in {mean:.3g} over all"


def part_problems(folder: str, manifest: Manifest) -> dict[str, Diagnostic]:
    """Look at the size and the footer of each file; findings by the name of the file."""
    found: dict[str, Diagnostic] = {}
    for entry in manifest.parts:
        path = Path(folder, entry.name)
        try:
            size = path.stat().st_size
            if size != entry.size:
                problem = f"it has {size:,} of {entry.size:,} bytes"
                found[entry.name] = damaged_part(str(path), problem, entry)
            else:
                read_counts(str(path))
        except (OSError, PartError) as error:
            reason = getattr(error, "strerror", None) or str(error).strip()
            found[entry.name] = damaged_part(str(path), reason, entry)
    return found


def opened_store(folder: str, manifest: Manifest) -> CorpusStore:
    """Return the corpus that a manifest describes; damaged files are left out, and told."""
    damaged = part_problems(folder, manifest)
    problems = [*damaged.values(), *_strangers(folder, manifest)]
    by_partition: dict[int, list[PartEntry]] = {}
    for entry in manifest.parts:
        if entry.name not in damaged:
            by_partition.setdefault(entry.partition, []).append(entry)
    entries = list(chain.from_iterable(by_partition.values()))
    totals = totals_of(entries)
    return CorpusStore(
        [FilePartition(folder, tuple(by_partition[p]), problems) for p in sorted(by_partition)],
        totals,
        reading=Reading(files=(folder,), spans=totals.spans),
        problems=problems,
        schema=lambda: None if damaged else read_schema(folder),
    )


def _strangers(folder: str, manifest: Manifest) -> Iterator[Diagnostic]:
    for path in strangers(folder, manifest, _TRACE_SUFFIXES):
        if path.name in _OWN_FILES:
            continue
        yield finding(
            "NEC428",
            SourceSpan(str(path), 0, 0),
            f"`{path}` lies in the corpus, but is no part of it",
            why="its traces are not among those that a policy is checked against",
            help=f"`nectarc ingest {path}` takes it in; or else move it elsewhere",
        )


_OWN_FILES: Final = frozenset({"corpus.json", "schema.json"})


def totals_of(entries: Sequence[PartEntry]) -> Totals:
    """Add up what the files hold."""
    return Totals(
        traces=sum(entry.traces for entry in entries),
        spans=sum(entry.spans for entry in entries),
        weight=sum(entry.weight for entry in entries),
        rates=sum(entry.rates for entry in entries),
        rate_max=max((entry.rate_max for entry in entries), default=1.0),
    )


NOTHING: Final = Totals(traces=0, spans=0, weight=0.0, rates=0.0, rate_max=1.0)
