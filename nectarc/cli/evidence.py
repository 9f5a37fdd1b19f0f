"""The traffic of a run: the corpus and the traces that must be kept.

Owns: which folders are read, and which of their findings matter. Must not know: what is asked.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from nectarc.cli.console import Console
from nectarc.cli.progress import progress_line
from nectarc.corpus.store import CorpusStore, open_traces
from nectarc.diagnostic import Diagnostic
from nectarc.project import Project
from nectarc.prove.corpus_decisions import TracesInMemory
from nectarc.prove.evidence import Evidence
from nectarc.records import record

_NO_TRACE = "NEC425"


@record
class Traces:
    """Traces to be read part by part; None where there is no such folder."""

    corpus: CorpusStore | None
    must_keep: CorpusStore | None
    is_named: bool

    def evidence(self, traces_per_second: float | None) -> Evidence:
        """Return the traces as evidence about a policy."""
        nothing = TracesInMemory(())
        return Evidence(
            corpus=self.corpus or nothing,
            must_keep=self.must_keep or nothing,
            traces_per_second=traces_per_second,
            presampled=self.sampling_words,
        )

    @property
    def sampling_words(self) -> str:
        """Return how the corpus was sampled, "" where it is whole or not there."""
        return self.corpus.sampling_words if self.corpus is not None else ""

    def found(self) -> Iterator[Diagnostic]:
        """Yield what was left out; a corpus of the project may be empty, a named one may not."""
        if self.corpus is not None:
            found = self.corpus.diagnostics()
            yield from (one for one in found if self.is_named or one.code != _NO_TRACE)
        if self.must_keep is not None:
            found = self.must_keep.diagnostics()
            yield from (one for one in found if one.code != _NO_TRACE)


@contextmanager
def open_traffic(project: Project, corpus: str | None, console: Console) -> Iterator[Traces]:
    """Open the project's traces; what had to be laid on disk to be read is gone afterwards.

    Findings are complete only after the traces were read: damage shows when a part is loaded.
    """
    with (
        _opened(corpus or project.corpus, console, is_named=corpus is not None) as traces,
        _opened(project.must_keep, console, is_named=False) as must_keep,
    ):
        yield Traces(traces, must_keep, is_named=corpus is not None)


@contextmanager
def _opened(path: str, console: Console, *, is_named: bool) -> Iterator[CorpusStore | None]:
    """Open one folder or file; the project's own may be missing."""
    if not is_named and not os.path.exists(path):
        yield None
        return
    with progress_line(console) as progress:
        store = open_traces(path, progress=progress)
    with store:
        yield store
