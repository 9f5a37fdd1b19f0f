"""What a worker process keeps between jobs: proofs through edits, columns of the corpus.

Owns: the caches and their bounds. Must not know: what is asked.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Final

from nectarc.corpus.schema import CorpusSchema, read_schema
from nectarc.live.checking import LiveCheck
from nectarc.records import part, record
from nectarc_lsp.background.jobs import Subject, stamps_of

if TYPE_CHECKING:  # NumPy and Arrow are for those that ask the corpus
    from nectarc.corpus.corpus_store import CorpusStore
    from nectarc.corpus.span_table import SpanTable
    from nectarc.prove.corpus_decisions import Partition
    from nectarc.prove.evidence import Evidence
    from nectarc.prove.live import LiveProofs

_DOCUMENTS_MAX: Final = 12
_CORPORA_MAX: Final = 4
# Spans times fields that stay in memory; a column takes some eight bytes a span.
_CELLS_MAX: Final = 40_000_000


@record(frozen=False)
class Document:
    """What stays of one document between its edits."""

    check: LiveCheck = part(default_factory=LiveCheck)
    proofs: LiveProofs | None = None


class Memory:
    """The caches of one process."""

    def __init__(self) -> None:
        """Start with nothing."""
        self._documents: OrderedDict[str, Document] = OrderedDict()
        self._corpora: OrderedDict[str, tuple[object, _Kept]] = OrderedDict()

    def document(self, uri: str) -> Document:
        """Return what is kept of a document; the ones not asked for long are forgotten."""
        found = self._documents.pop(uri, None) or Document()
        self._documents[uri] = found
        while len(self._documents) > _DOCUMENTS_MAX:
            self._documents.popitem(last=False)
        return found

    def evidence(self, subject: Subject) -> Evidence:
        """Open the traces of the project; what cannot be opened has no traces."""
        from nectarc.prove.corpus_decisions import TracesInMemory  # noqa: PLC0415
        from nectarc.prove.evidence import Evidence  # noqa: PLC0415

        project = subject.project
        corpus = self._corpus(project.corpus)
        must_keep = self._corpus(project.must_keep)
        nothing = TracesInMemory(())
        return Evidence(
            corpus=corpus or nothing,
            must_keep=must_keep or nothing,
            traces_per_second=project.traces_per_second,
            presampled=corpus.store.sampling_words if corpus is not None else "",
            root=os.path.join(project.root, ""),
        )

    def counted_schema(self, subject: Subject) -> CorpusSchema | None:
        """Return the fields of a corpus whose folder has no summary of them."""
        corpus = self._corpus(subject.project.corpus)
        if corpus is None or read_schema(subject.project.corpus) is not None:
            return None
        if corpus.schema is None:
            corpus.schema = corpus.store.schema()
        return corpus.schema

    def _corpus(self, path: str) -> _Kept | None:
        from nectarc.corpus.store import open_traces  # noqa: PLC0415

        stamp = stamps_of(path)
        known = self._corpora.pop(path, None)
        if known is not None and known[0] != stamp:
            known[1].store.close()
            known = None
        if known is None:
            if not os.path.exists(path):
                return None
            known = stamp, _Kept(open_traces(path))
        self._corpora[path] = known
        while len(self._corpora) > _CORPORA_MAX:
            _, (_, forgotten) = self._corpora.popitem(last=False)
            forgotten.store.close()
        return known[1]


class _Kept:
    """A corpus whose columns stay in memory, as far as they find room."""

    def __init__(self, store: CorpusStore) -> None:
        self.store = store
        self._parts = tuple(_KeptPart(self, one) for one in store.partitions())
        self.cells = 0
        self.schema: CorpusSchema | None = None

    def partitions(self) -> Sequence[Partition]:
        """Return its parts."""
        return self._parts


class _KeptPart:
    def __init__(self, corpus: _Kept, part: Partition) -> None:
        self._corpus = corpus
        self._part = part
        self._names: frozenset[str] = frozenset()
        self._table: SpanTable | None = None
        self._spans = 0

    def load(self, fields: Collection[str] | None = None) -> SpanTable:
        """Return the columns of `fields`, and maybe others that were asked for before."""
        if fields is None:
            return self._part.load(None)
        wanted = frozenset(fields)
        if self._table is not None and wanted <= self._names:
            return self._table
        names = wanted | self._names
        if self._cells_with(names) > _CELLS_MAX:
            names = wanted  # what earlier edits asked for makes room
        table = self._part.load(names)
        self._corpus.cells -= len(self._names) * self._spans
        self._names, self._table, self._spans = frozenset(), None, table.span_count
        if self._cells_with(names) <= _CELLS_MAX:
            self._names, self._table = names, table
            self._corpus.cells += len(names) * self._spans
        return table

    def _cells_with(self, names: frozenset[str]) -> int:
        return self._corpus.cells + (len(names) - len(self._names)) * self._spans
