"""Arrivals laid aside by trace id, on disk once they are many, so that memory stays bounded.

Owns: the buckets and their files. Must not know: what is made of a bucket.
Truth: docs/decisions/0008-corpus-parquet.md.
"""

from __future__ import annotations

import errno
import pickle
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Final, NamedTuple, TypeAlias

from nectarc.corpus.reading import Arrival
from nectarc.trace import Span, Value

BUCKETS: Final = 64
# Spans held before they go to disk: some 2 KB each.
_HELD_MAX: Final = 40_000

# An arrival in plain values, which pickle writes ten times as fast as records.
_Plain: TypeAlias = tuple[
    int, str, list[tuple[Mapping[str, Value], bool]], int, float, bool, str, tuple[int, ...]
]


class SpillError(OSError):
    """What was laid aside cannot be read back as it was written."""


class _Chunk(NamedTuple):
    """Where some arrivals of a bucket lie in the file."""

    offset: int
    size: int
    checksum: int


def partition_of(trace_id: str) -> int:
    """Return 32 bits of a trace id; the lowest say the partition."""
    return zlib.crc32(trace_id.encode("utf-8", "surrogatepass"))


class Spill:
    """Arrivals by bucket: the bits of `partition_of` above the lowest `shift`.

    Order is kept within a bucket. They lie in one file without a name, made in `folder` when it is
    needed: no other process can find it, and it goes with this one, however that ends. Raises
    OSError where it cannot be written, or read back as it was written.
    """

    def __init__(self, folder: Path, *, shift: int = 0, held_max: int = _HELD_MAX) -> None:
        """Start empty."""
        self._folder = folder
        self._shift = shift
        self._held_max = held_max
        self._held: list[list[tuple[int, Arrival]]] = [[] for _ in range(BUCKETS)]
        self._held_spans = 0
        self._file: IO[bytes] | None = None
        self._end = 0
        self._chunks: list[list[_Chunk]] = [[] for _ in range(BUCKETS)]
        self.span_counts = [0] * BUCKETS

    def add(self, arrival: Arrival, source: str, number: int) -> None:
        """Lay one arrival aside.

        source: names the file if the arrival does not. number: its place among all arrivals.
        """
        bucket = (partition_of(arrival.trace_id) >> self._shift) % BUCKETS
        if not arrival.source:
            arrival = arrival._replace(source=source)
        self._held[bucket].append((number, arrival))
        self.span_counts[bucket] += len(arrival.spans)
        self._held_spans += len(arrival.spans)
        if self._held_spans >= self._held_max:
            self._write()

    def arrivals(self, bucket: int) -> Iterator[tuple[int, Arrival]]:
        """Yield those of a bucket in the order of their coming, with their numbers."""
        for chunk in self._chunks[bucket]:
            yield from _arrivals(self._read(chunk))
        yield from self._held[bucket]

    def split(self, bucket: int) -> Spill:
        """Lay a bucket that is too large aside by further bits, and drop it here."""
        finer = Spill(self._folder, shift=self._shift + _BUCKET_BITS, held_max=self._held_max)
        for number, arrival in self.arrivals(bucket):
            finer.add(arrival, "", number)
        self.drop(bucket)
        return finer

    def drop(self, bucket: int) -> None:
        """Forget a bucket; the room on disk comes back with the last of them."""
        self._held[bucket] = []
        self._chunks[bucket] = []
        if self._file is not None and not any(self._chunks):
            self.close()

    def close(self) -> None:
        """Give the room on disk back."""
        if self._file is not None:
            self._file.close()
            self._file = None
            self._chunks = [[] for _ in range(BUCKETS)]

    def _write(self) -> None:
        if self._file is None:
            # Unbuffered: what cannot be written is told here, not when the file is closed.
            self._file = tempfile.TemporaryFile(  # noqa: SIM115 - `close` does it
                dir=self._folder, buffering=0
            )
            self._end = 0
        self._file.seek(self._end)
        for bucket, held in enumerate(self._held):
            if held:
                data = pickle.dumps(_plain(held), protocol=5)
                _write_whole(self._file, data)
                self._chunks[bucket].append(_Chunk(self._end, len(data), zlib.crc32(data)))
                self._end += len(data)
                self._held[bucket] = []
        self._held_spans = 0

    def _read(self, chunk: _Chunk) -> list[_Plain]:
        assert self._file is not None
        self._file.seek(chunk.offset)
        data = _read_whole(self._file, chunk.size)
        if zlib.crc32(data) != chunk.checksum:
            raise SpillError(
                errno.EIO, "the temporary file in it cannot be read back as it was written"
            )
        held: list[_Plain] = pickle.loads(data)  # noqa: S301 - we wrote exactly this
        return held


def _plain(held: list[tuple[int, Arrival]]) -> list[_Plain]:
    return [
        (
            number,
            arrival.trace_id,
            [(span.fields, span.is_root) for span in arrival.spans],
            arrival.time_ns,
            arrival.rate,
            arrival.rate_is_of_root,
            arrival.source,
            arrival.times,
        )
        for number, arrival in held
    ]


def _write_whole(file: IO[bytes], data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[file.write(view) :]


def _read_whole(file: IO[bytes], size: int) -> bytes:
    """Return `size` bytes, fewer only at the end of the file."""
    pieces: list[bytes] = []
    while size > 0 and (piece := file.read(size)):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


_BUCKET_BITS: Final = BUCKETS.bit_length() - 1


def _arrivals(held: list[_Plain]) -> Iterator[tuple[int, Arrival]]:
    for number, trace_id, spans, time_ns, rate, rate_is_of_root, source, times in held:
        made = tuple([Span(fields, is_root) for fields, is_root in spans])
        yield number, Arrival(trace_id, made, time_ns, rate, rate_is_of_root, source, times)


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
