"""The traffic of a run: the corpus and the traces that must be kept.

Owns: which folders are read, and which of their findings matter. Must not know: what is asked.
"""

from __future__ import annotations

import os

from nectarc.cli.console import Console
from nectarc.cli.progress import progress_line
from nectarc.corpus.store import read_corpus
from nectarc.corpus.stored_trace import CorpusTrace
from nectarc.diagnostic import Diagnostic
from nectarc.project import Project
from nectarc.records import record

_NO_TRACE = "NEC425"


@record
class Traffic:
    """Traces, and what was wrong with the files that they came from."""

    corpus: tuple[CorpusTrace, ...]
    must_keep: tuple[CorpusTrace, ...]
    found: tuple[Diagnostic, ...]


def read_traffic(project: Project, corpus: str | None, console: Console) -> Traffic:
    """Read the project's traces; `corpus` names other ones, which then must be there."""
    found: list[Diagnostic] = []
    traces = _read(corpus or project.corpus, found, console, is_named=corpus is not None)
    must_keep = _read(project.must_keep, found, console, is_named=False)
    return Traffic(traces, must_keep, tuple(found))


def _read(
    path: str, found: list[Diagnostic], console: Console, *, is_named: bool
) -> tuple[CorpusTrace, ...]:
    """Read one folder; the project's own may be missing or empty."""
    if not is_named and not os.path.exists(path):
        return ()
    with progress_line(console) as progress:
        corpus = read_corpus(path, progress=progress)
    found += (one for one in corpus.diagnostics() if is_named or one.code != _NO_TRACE)
    return corpus.traces
