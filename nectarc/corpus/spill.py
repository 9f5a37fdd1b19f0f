"""Arrivals laid aside by trace id, on disk once they are many, so that memory stays bounded.

Owns: the buckets and their files. Must not know: what is made of a bucket.
Truth: docs/decisions/0008-corpus-parquet.md.
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, TypeAlias

from nectarc.corpus.reading import Arrival
from nectarc.trace import Span, Value

BUCKETS: Final = 64
# Spans held before they go to disk: some 2 KB each.
_HELD_MAX: Final = 40_000

# An arrival in plain values, which pickle writes ten times as fast as records.
_Plain: TypeAlias = tuple[int, str, list[tuple[Mapping[str, Value], bool]], int, float, bool, str]


def partition_of(trace_id: str) -> int:
    """Return 32 bits of a trace id; the lowest say the partition."""
    return zlib.crc32(trace_id.encode("utf-8", "surrogatepass"))


class Spill:
    """Arrivals by bucket: the bits of `partition_of` above the lowest `shift`.

    Order is kept within a bucket. Files lie in `folder`, made when it is needed; the caller removes
    it. Raises OSError when they cannot be written.
    """

    def __init__(self, folder: Path, *, shift: int = 0, held_max: int = _HELD_MAX) -> None:
        """Start empty."""
        self._folder = folder
        self._shift = shift
        self._held_max = held_max
        self._held: list[list[_Plain]] = [[] for _ in range(BUCKETS)]
        self._held_spans = 0
        self._sizes: list[list[int]] = [[] for _ in range(BUCKETS)]
        self.span_counts = [0] * BUCKETS

    def add(self, arrival: Arrival, source: str, number: int) -> None:
        """Lay one arrival aside.

        source: names the file if the arrival does not. number: its place among all arrivals.
        """
        bucket = (partition_of(arrival.trace_id) >> self._shift) % BUCKETS
        spans = [(span.fields, span.is_root) for span in arrival.spans]
        self._held[bucket].append(
            (
                number,
                arrival.trace_id,
                spans,
                arrival.time_ns,
                arrival.rate,
                arrival.rate_is_of_root,
                arrival.source or source,
            )
        )
        self.span_counts[bucket] += len(spans)
        self._held_spans += len(spans)
        if self._held_spans >= self._held_max:
            self._write()

    def arrivals(self, bucket: int) -> Iterator[tuple[int, Arrival]]:
        """Yield those of a bucket in the order of their coming, with their numbers."""
        if self._sizes[bucket]:
            with self._path(bucket).open("rb") as file:
                for size in self._sizes[bucket]:
                    yield from _arrivals(pickle.loads(file.read(size)))  # noqa: S301 - we wrote it
        yield from _arrivals(self._held[bucket])

    def split(self, bucket: int) -> Spill:
        """Lay a bucket that is too large aside by further bits, and drop it here."""
        finer = Spill(
            self._folder / str(bucket), shift=self._shift + _BUCKET_BITS, held_max=self._held_max
        )
        for number, arrival in self.arrivals(bucket):
            finer.add(arrival, "", number)
        self.drop(bucket)
        return finer

    def drop(self, bucket: int) -> None:
        """Forget a bucket, and give its room on disk back."""
        self._held[bucket] = []
        if self._sizes[bucket]:
            self._sizes[bucket] = []
            self._path(bucket).unlink()

    def _write(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        for bucket, held in enumerate(self._held):
            if held:
                data = pickle.dumps(held, protocol=5)
                with self._path(bucket).open("ab") as file:
                    file.write(data)
                self._sizes[bucket].append(len(data))
                self._held[bucket] = []
        self._held_spans = 0

    def _path(self, bucket: int) -> Path:
        return self._folder / f"{bucket:02d}.arrivals"


_BUCKET_BITS: Final = BUCKETS.bit_length() - 1


def _arrivals(held: list[_Plain]) -> Iterator[tuple[int, Arrival]]:
    for number, trace_id, spans, time_ns, rate, rate_is_of_root, source in held:
        made = tuple(Span(fields, is_root) for fields, is_root in spans)
        yield number, Arrival(trace_id, made, time_ns, rate, rate_is_of_root, source)


def arrivals_by_partition(
    spill: Spill, partitions: int
) -> Iterator[tuple[int, list[tuple[int, Arrival]]]]:
    """Yield each partition that something came for, with its arrivals; the spill is used up.

    partitions: a power of two. The arrivals of one trace are in the order of their coming.
    """
    step = min(partitions, BUCKETS)
    for first in range(step):
        buckets = [bucket for bucket in range(first, BUCKETS, step) if spill.span_counts[bucket]]
        if partitions > BUCKETS:
            for bucket in buckets:
                finer = arrivals_by_partition(spill.split(bucket), partitions // BUCKETS)
                for partition, found in finer:
                    yield bucket + BUCKETS * partition, found
            continue
        arrivals = [one for bucket in buckets for one in spill.arrivals(bucket)]
        for bucket in buckets:
            spill.drop(bucket)
        if arrivals:
            yield first, arrivals
