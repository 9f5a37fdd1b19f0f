"""Arrivals -> traces by trace id, in order of first arrival, with or without duplicates.

Owns: what a duplicate is, a trace's start time and sample rate. Must not know: files.
Truth: ../shared/reference/refinery-semantics.md, 5.1 to 5.3 (how Refinery collects a trace).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from nectarc.corpus.reading import Arrival
from nectarc.corpus.stored_trace import CorpusTrace, span_digest
from nectarc.trace import Span, Trace

_SPAN_ID_FIELD: Final = "trace.span_id"


class _Growing:
    """A trace that may still grow; `counts` counts its spans by digest."""

    __slots__ = ("counts", "has_root_rate", "rate", "source", "spans", "time_ns")

    def __init__(self, source: str) -> None:
        self.spans: list[Span] = []
        self.counts: Counter[bytes] = Counter()
        self.time_ns = 0
        self.rate = 1.0
        self.has_root_rate = False
        self.source = source


class Grouping:
    """Traces that grow by arrivals.

    keeps_duplicates: a span that comes twice stays twice, as it would reach Refinery. Otherwise a
    span that comes again with the same record is a duplicate, wherever it stands. Span events and
    links have no id of their own, and one span may carry equal ones: of those, an arrival adds only
    as many as it holds more than the trace has.
    """

    def __init__(self, *, keeps_duplicates: bool) -> None:
        """Start without a trace."""
        self._keeps_duplicates = keeps_duplicates
        self._growing: dict[str, _Growing] = {}
        self.duplicates = 0

    def add_stored(self, traces: Iterable[CorpusTrace]) -> None:
        """Add whole traces, as they are."""
        for stored in traces:
            growing = _Growing(stored.source)
            growing.spans.extend(stored.trace.spans)
            if not self._keeps_duplicates:
                growing.counts.update(map(span_digest, stored.trace.spans))
            growing.time_ns = stored.start_time_ns
            growing.rate = stored.sample_rate
            growing.has_root_rate = stored.trace.root is not None
            self._growing[stored.trace.trace_id] = growing

    def add(self, arrival: Arrival, source: str) -> None:
        """Add the spans of one arrival; `source` names the file if the arrival does not."""
        growing = self._growing.get(arrival.trace_id)
        if growing is None:
            growing = self._growing[arrival.trace_id] = _Growing(arrival.source or source)
        is_new = not growing.spans
        fresh = arrival.spans if self._keeps_duplicates else self._fresh(arrival.spans, growing)
        growing.spans.extend(fresh)
        if fresh:
            times = [time for time in (growing.time_ns, arrival.time_ns) if time > 0]
            growing.time_ns = min(times, default=0)
            if is_new or (arrival.rate_is_of_root and not growing.has_root_rate):
                growing.rate = max(1.0, arrival.rate)
                growing.has_root_rate = arrival.rate_is_of_root

    def _fresh(self, spans: Sequence[Span], growing: _Growing) -> Sequence[Span]:
        fresh: list[Span] = []
        seen: Counter[bytes] = Counter()
        for span in spans:
            digest = span_digest(span)
            seen[digest] += 1
            known = growing.counts[digest]
            if known and (_has_span_id(span) or seen[digest] <= known):
                self.duplicates += 1
            else:
                growing.counts[digest] += 1
                fresh.append(span)
        return fresh

    def traces(self) -> tuple[CorpusTrace, ...]:
        """Return the traces as they stand."""
        return tuple(
            CorpusTrace(
                Trace(trace_id, tuple(growing.spans)), growing.time_ns, growing.rate, growing.source
            )
            for trace_id, growing in self._growing.items()
        )


def _has_span_id(span: Span) -> bool:
    return isinstance(span.fields.get(_SPAN_ID_FIELD), str)
