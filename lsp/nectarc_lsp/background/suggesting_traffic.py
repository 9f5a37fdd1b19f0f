"""The traffic that suggestions are judged by, kept open between jobs.

Owns: the cache and its bounds. Must not know: engines, the protocol.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from typing import Final

from nectarc.corpus.corpus_store import CorpusStore
from nectarc.corpus.store import open_traces
from nectarc.intent.vocabulary import Vocabulary
from nectarc.intent.vocabulary_of import vocabulary_of
from nectarc.project import Project
from nectarc.prove.corpus_decisions import TracesInMemory
from nectarc.prove.evidence import Evidence
from nectarc.records import record
from nectarc_lsp.background.jobs import stamps_of

_CORPORA_MAX: Final = 4


@record(frozen=False)
class _Open:
    stamp: object
    store: CorpusStore
    vocabulary: Vocabulary | None = None


class Traffic:
    """The corpora of projects."""

    def __init__(self) -> None:
        """Start with none open."""
        self._open: OrderedDict[str, _Open] = OrderedDict()

    def vocabulary(self, project: Project) -> Vocabulary:
        """Return the names that the project's traces know; they are read once."""
        found = self._corpus(project.corpus)
        if found is None:
            return Vocabulary()
        if found.vocabulary is None:
            found.vocabulary = vocabulary_of(found.store)
        return found.vocabulary

    def evidence(self, project: Project) -> Evidence:
        """Return the traces of the project; what cannot be opened has no traces."""
        corpus, must_keep = self._corpus(project.corpus), self._corpus(project.must_keep)
        nothing = TracesInMemory(())
        return Evidence(
            corpus=corpus.store if corpus is not None else nothing,
            must_keep=must_keep.store if must_keep is not None else nothing,
            traces_per_second=project.traces_per_second,
            presampled=corpus.store.sampling_words if corpus is not None else "",
        )

    def _corpus(self, path: str) -> _Open | None:
        stamp = stamps_of(path)
        known = self._open.pop(path, None)
        if known is not None and known.stamp != stamp:
            known.store.close()
            known = None
        if known is None:
            if not os.path.exists(path):
                return None
            known = _Open(stamp, open_traces(path))
        self._open[path] = known
        while len(self._open) > _CORPORA_MAX:
            _, forgotten = self._open.popitem(last=False)
            forgotten.store.close()
        return known
