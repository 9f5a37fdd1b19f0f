"""The parts of a corpus as they are read: each fits in memory.

Owns: reading one partition, from files or of traces at hand. Must not know: the manifest's format.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Protocol

import numpy as np

from nectarc.corpus.parts import Part, PartError, joined_parts, read_part
from nectarc.corpus.span_table import SpanTable, table_of
from nectarc.corpus.store_manifest import PartEntry, damaged_part
from nectarc.corpus.stored_trace import CorpusTrace
from nectarc.diagnostic import Diagnostic
from nectarc.records import record


class Partition(Protocol):
    """Some traces of a corpus, whole."""

    def load(self, fields: Collection[str] | None = None) -> SpanTable:
        """Read them with all fields, or with `fields` only, which costs only those."""
        ...

    def load_part(self, fields: Collection[str] | None = None) -> Part:
        """Read them with their numbers in the order of first arrival."""
        ...


@record
class HeldPartition:
    """Traces at hand."""

    traces: tuple[CorpusTrace, ...]

    def load(self, fields: Collection[str] | None = None) -> SpanTable:
        """Make their columns."""
        return table_of(self.traces, fields)

    def load_part(self, fields: Collection[str] | None = None) -> Part:
        """Make their columns; they stand in their order."""
        return Part(
            table=self.load(fields),
            numbers=np.arange(len(self.traces), dtype=np.int64),
            sample_rates=np.array([one.sample_rate for one in self.traces], np.float64),
        )


@record
class FilePartition:
    """The files of one partition, in the order of their making.

    problems: gets a finding where a file turns out to be damaged; the others are read all the same.
    """

    folder: str
    entries: tuple[PartEntry, ...]
    problems: list[Diagnostic]

    def load(self, fields: Collection[str] | None = None) -> SpanTable:
        """Read and merge the files."""
        return self.load_part(fields).table

    def load_part(self, fields: Collection[str] | None = None) -> Part:
        """Read and merge the files."""
        parts: list[Part] = []
        for entry in self.entries:
            path = str(Path(self.folder, entry.name))
            try:
                parts.append(read_part(path, fields))
            except (OSError, PartError) as error:
                found = damaged_part(path, str(error).strip(), entry)
                if found not in self.problems:
                    self.problems.append(found)
        return joined_parts(parts) if parts else HeldPartition(()).load_part(fields)
