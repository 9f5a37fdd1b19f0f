"""Finding a trace of a corpus by its id, part by part.

Owns: the search. Must not know: who asks.
"""

from __future__ import annotations

from typing import Final

from nectarc.corpus.stored_trace import CorpusTrace
from nectarc.prove.corpus_decisions import Partition, TraceSource, trace_at
from nectarc.records import record

_NO_FIELD: Final = frozenset[str]()
_KNOWN_MAX: Final = 20_000


@record(kw_only=True)
class FoundTrace:
    """The trace whose id is, or alone begins with, what was asked for.

    beginnings: ids that begin with it, in order, where the trace is not one of its own.
    known:      ids to suggest another from, not all of a large corpus.
    """

    trace: CorpusTrace | None
    beginnings: tuple[str, ...] = ()
    known: tuple[str, ...] = ()


def find_trace(sources: tuple[TraceSource, ...], wanted: str) -> FoundTrace:
    """Look through all `sources`, the first first; reads ids, and one partition whole."""
    known: list[str] = []
    beginnings: dict[str, tuple[Partition, int]] = {}
    for source in sources:
        for partition in source.partitions():
            ids: list[str] = partition.load(_NO_FIELD).trace_ids.to_pylist()
            for index, name in enumerate(ids):
                if name == wanted:
                    return FoundTrace(trace=trace_at(partition.load(), index))
                if wanted and name.startswith(wanted):
                    beginnings.setdefault(name, (partition, index))
            known += ids[: _KNOWN_MAX - len(known)]
    if len(beginnings) == 1:
        ((partition, index),) = beginnings.values()
        return FoundTrace(trace=trace_at(partition.load(), index))
    return FoundTrace(trace=None, beginnings=tuple(sorted(beginnings)), known=tuple(known))
