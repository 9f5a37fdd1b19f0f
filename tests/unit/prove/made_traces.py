"""Corpus traces for the tests of `prove`, in one line each."""

from __future__ import annotations

from collections.abc import Mapping

from nectarc.corpus.stored_trace import CorpusTrace
from nectarc.prove.corpus_decisions import TracesInMemory
from nectarc.trace import ROOT_FIELD, Span, Trace, Value


def stored(
    trace_id: str, *spans: Mapping[str, Value], time_s: float = 0, rate: float = 1
) -> CorpusTrace:
    """Return a trace whose first span is the root, as Refinery has it."""
    made = tuple(Span({**fields, ROOT_FIELD: i == 0}, i == 0) for i, fields in enumerate(spans))
    return CorpusTrace(Trace(trace_id, made), int(time_s * 1e9), rate, "shop.jsonl")


def in_memory(*traces: CorpusTrace) -> TracesInMemory:
    """Return them as a corpus."""
    return TracesInMemory(traces)
