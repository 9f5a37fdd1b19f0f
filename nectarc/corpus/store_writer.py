"""New parts of a corpus: arrivals grouped partition by partition, merged, written aside.

Owns: which spans are new, how many partitions there are, when files are merged. Nothing that it
writes counts before `Writer.commit`. Must not know: where arrivals come from.
Truth: docs/decisions/0008-corpus-parquet.md.
"""

from __future__ import annotations

import contextlib
import errno
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from nectarc.corpus.arrow import Float64s, Int64s
from nectarc.corpus.field_counts import (
    KNOWN_TRACES,
    Counts,
    counts_from,
    counts_of,
    known_fields,
    merged_counts,
)
from nectarc.corpus.gathering import OnProgress, Progress
from nectarc.corpus.grouping import Grouping, Grown, StoredTrace
from nectarc.corpus.parts import (
    Part,
    joined_parts,
    read_counts,
    read_part,
    select_traces,
    write_part,
)
from nectarc.corpus.reading import Arrival
from nectarc.corpus.schema import SCHEMA_FILE, schema_text
from nectarc.corpus.span_table import table_of, traces_of
from nectarc.corpus.spill import Spill, arrivals_by_partition, partition_of
from nectarc.corpus.store_manifest import (
    HeldFolder,
    Manifest,
    PartEntry,
    identity_of,
    is_corpus,
    part_name,
    temporary_name,
    write_manifest,
)
from nectarc.diagnostic import Diagnostic
from nectarc.files import write_atomically
from nectarc.records import replace
from nectarc.trace import Span

# Spans of a partition: as Python's objects some 2 KB each while they are grouped.
PARTITION_SPANS: Final = 100_000
# Files of a partition before they are merged into one.
_PARTS_MAX: Final = 8


class Writer:
    """The parts of a corpus that is being made or added to. Methods raise OSError and PartError.

    duplicates: spans that were there or came twice. first_number: of the traces that are new.
    """

    def __init__(self, folder: str, manifest: Manifest) -> None:
        """Start from what `manifest` says of `folder`; nothing is written yet, and it is there."""
        self.generation = secrets.token_hex(6)
        self.folder = Path(folder)
        self.temporary = self.folder / temporary_name(self.generation)
        self.manifest = manifest
        self.duplicates = 0
        self.first_number = manifest.next_number
        self.next_number = manifest.next_number
        self._entries: dict[str, PartEntry] = {entry.name: entry for entry in manifest.parts}
        self._written: dict[str, Counts] = {}
        self._gone: list[str] = []
        self._made = 0
        self._identity = identity_of(folder)
        self._held: HeldFolder | None = None

    @property
    def has_changed(self) -> bool:
        """Tell whether there is something to commit."""
        return bool(self._written)

    def result(self) -> Manifest:
        """Return the manifest as it would be committed."""
        return replace(
            self.manifest,
            generation=self.generation,
            next_number=self.next_number,
            parts=tuple(self._entries.values()),
        )

    def new_parts(self, fields: Iterable[str]) -> Iterator[Part]:
        """Read the parts that were written, `fields` only."""
        names = frozenset(fields)
        for name in self._written:
            yield read_part(self.path_of(name), names)

    def path_of(self, name: str) -> str:
        """Return where a part is: new ones lie aside."""
        return str((self.temporary if name in self._written else self.folder) / name)

    def read(self, partition: int, fields: Iterable[str] | None = None) -> Part | None:
        """Read what a partition holds."""
        names = None if fields is None else frozenset(fields)
        parts = [read_part(self.path_of(entry.name), names) for entry in self._of(partition)]
        return joined_parts(parts) if parts else None

    def grow(self, spans: int) -> None:
        """Make partitions enough for so many more spans; parts are rewritten if need be."""
        total = self.manifest.span_count + spans
        old = self.manifest.partitions
        new = old
        while total > 2 * PARTITION_SPANS * new or (
            not self.manifest.parts and total > PARTITION_SPANS * new
        ):
            new *= 2
        if new == old:
            return
        self.manifest = replace(self.manifest, partitions=new)
        for partition in range(old):
            whole = self.read(partition)
            if whole is None:
                continue
            for entry in self._of(partition):
                self._drop(entry)
            ids = whole.table.trace_ids.to_pylist()
            places = np.array([partition_of(one) % new for one in ids], np.int64)
            for target in range(partition, new, old):
                chosen = np.flatnonzero(places == target)
                if len(chosen):
                    self._write_whole(select_traces(whole, chosen), target)

    def add(
        self, spill: Spill, progress: OnProgress | None = None, *, keeps_duplicates: bool = False
    ) -> None:
        """Group what was laid aside and write the spans that are new; uses the spill up."""
        done = 0
        for partition, arrivals in arrivals_by_partition(spill, self.manifest.partitions):
            grouping = Grouping(keeps_duplicates=keeps_duplicates)
            grouping.add_stored(self._stored(partition, arrivals))
            for number, arrival in arrivals:
                grouping.add(arrival, "", number)
                self.next_number = max(self.next_number, number + 1)
            self.duplicates += grouping.duplicates
            done += sum(len(arrival.spans) for _, arrival in arrivals)
            arrivals.clear()
            grown = sorted(grouping.grown(), key=lambda one: one.number)
            if grown:
                self._write_grown(grown, partition)
                self._merge_many(partition)
            if progress is not None:
                progress(Progress("traces into the corpus", done))

    def thin(self, choose: Callable[[Part, Int64s], tuple[Int64s, Float64s]]) -> None:
        """Rewrite each part that has new traces with some of these only.

        choose: a part and the indices of its new traces -> those that stay, ascending, and the
                factor by which each of them weighs more. Traces that were there before all stay.
        """
        for name in list(self._written):
            part = read_part(self.path_of(name))
            is_new = part.numbers >= self.first_number
            if not is_new.any():
                continue
            chosen, factors = choose(part, np.flatnonzero(is_new))
            weights = part.table.weights.copy()
            weights[chosen] *= factors
            stays = ~is_new
            stays[chosen] = True
            heavier = replace(part, table=replace(part.table, weights=weights))
            kept = select_traces(heavier, np.flatnonzero(stays))
            entry, known = self._entries[name], self._known_fields(name, part)
            is_lost = is_new & ~stays
            Path(self.path_of(name)).unlink()
            self._forget(name)
            if kept.table.trace_count:
                table = part.table
                entry = replace(
                    entry,
                    traces=entry.traces - int(is_lost.sum()),
                    spans=kept.table.span_count,
                    weight=entry.weight - float(table.weights.sum() - weights[stays].sum()),
                    rates=entry.rates - float(part.sample_rates[is_lost].sum()),
                )
                self._write(kept, entry, counts_of(kept.table, known))

    def _known_fields(self, name: str, part: Part) -> dict[str, int]:
        """Return what `counts_of` was told when a part was written."""
        written, every = self._written[name], counts_of(part.table)
        known = {one: every.fields[one].traces - written.fields[one].traces for one in every.fields}
        return {**known, KNOWN_TRACES: every.traces - written.traces}

    def commit(self) -> Diagnostic | None:
        """Let the new parts count: all of them at one moment, or none. May raise OSError."""
        if identity_of(str(self.folder)) != self._identity:
            raise OSError(errno.ESTALE, "another folder took its place meanwhile")
        # INVARIANT: where parts are, a manifest is: without one they are not taken for leftovers.
        if not is_corpus(str(self.folder)):
            problem = write_manifest(str(self.folder), Manifest())
            if problem is not None:
                return problem
        for name in self._written:
            (self.temporary / name).replace(self.folder / name)
        result = self.result()
        problem = write_manifest(str(self.folder), result)
        if problem is not None:
            return problem
        # The corpus is the new one now; a missing summary is made by the next ingest, which also
        # removes what stays behind here.
        with contextlib.suppress(OSError):
            self.write_schema(result)
            for name in self._gone:
                (self.folder / name).unlink(missing_ok=True)
        return None

    def close(self) -> None:
        """Remove what lies aside."""
        if self._held is not None:
            shutil.rmtree(self.temporary, ignore_errors=True)
            self._held.close()
            self._held = None

    def write_schema(self, manifest: Manifest) -> Diagnostic | None:
        """Count the fields of all parts, which are in place, and write the summary."""
        counts = [
            self._written.get(entry.name) or _counts_in(str(self.folder / entry.name))
            for entry in manifest.parts
        ]
        text = schema_text(merged_counts(counts).schema(), generation=manifest.generation)
        return write_atomically(str(self.folder / SCHEMA_FILE), text)

    def _of(self, partition: int) -> list[PartEntry]:
        return [entry for entry in self._entries.values() if entry.partition == partition]

    def _stored(self, partition: int, arrivals: Sequence[tuple[int, Arrival]]) -> list[StoredTrace]:
        """Return the traces of the partition that something came for."""
        wanted = {arrival.trace_id for _, arrival in arrivals}
        found: list[Part] = []
        for entry in self._of(partition):
            path = self.path_of(entry.name)
            ids = read_part(path, ()).table.trace_ids.to_pylist()
            chosen = np.array([i for i, one in enumerate(ids) if one in wanted], np.int64)
            if len(chosen):
                found.append(select_traces(read_part(path), chosen))
        if not found:
            return []
        part = joined_parts(found)
        rows = zip(traces_of(part.table), part.numbers.tolist(), part.sample_rates, strict=True)
        return [StoredTrace(trace, number, float(rate)) for trace, number, rate in rows]

    def _write_grown(self, grown: Sequence[Grown], partition: int) -> None:
        table = table_of(one.corpus_trace() for one in grown)
        older = [one for one in grown if one.before]
        known = known_fields(
            (_names_of(one.before) for one in older), (_names_of(one.fresh) for one in older)
        )
        part = Part(
            table=table,
            numbers=np.array([one.number for one in grown], np.int64),
            sample_rates=np.array([one.rate for one in grown], np.float64),
        )
        entry = PartEntry(
            name="",
            partition=partition,
            traces=sum(not one.before for one in grown),
            spans=table.span_count,
            size=0,
            weight=sum(one.rate * one.factor - one.weight_before for one in grown),
            rates=sum(one.rate - one.rate_before for one in grown),
            rate_max=max(one.rate for one in grown),
        )
        self._write(part, entry, counts_of(table, known))

    def _merge_many(self, partition: int) -> None:
        entries = self._of(partition)
        whole = self.read(partition) if len(entries) > _PARTS_MAX else None
        if whole is not None:
            for entry in entries:
                self._drop(entry)
            self._write_whole(whole, partition)

    def _write_whole(self, part: Part, partition: int) -> None:
        """Write a part that holds all there is of its traces."""
        entry = PartEntry(
            name="",
            partition=partition,
            traces=part.table.trace_count,
            spans=part.table.span_count,
            size=0,
            weight=float(part.table.weights.sum()),
            rates=float(part.sample_rates.sum()),
            rate_max=float(part.sample_rates.max()),
        )
        self._write(part, entry, counts_of(part.table))

    def _write(self, part: Part, entry: PartEntry, counts: Counts) -> None:
        if self._held is None:
            self._held = HeldFolder(self.temporary)
        # Each file of an ingest has a name of its own, though a partition may get several.
        name = part_name(entry.partition, f"{int(self.generation, 16) + self._made:012x}"[-12:])
        self._made += 1
        size = write_part(str(self.temporary / name), part, counts.text())
        self._entries[name] = replace(entry, name=name, size=size)
        self._written[name] = counts

    def _drop(self, entry: PartEntry) -> None:
        if entry.name in self._written:
            Path(self.path_of(entry.name)).unlink()
            self._forget(entry.name)
        else:
            self._gone.append(entry.name)
            del self._entries[entry.name]

    def _forget(self, name: str) -> None:
        del self._entries[name], self._written[name]


def _counts_in(path: str) -> Counts:
    try:
        return counts_from(read_counts(path))
    except ValueError:
        return counts_of(read_part(path).table)


def _names_of(spans: Iterable[Span]) -> frozenset[str]:
    return frozenset(name for span in spans for name in span.fields)
