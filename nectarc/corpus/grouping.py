"""Arrivals -> traces by trace id, in order of first arrival, with or without duplicates.

Owns: what a duplicate is, a trace's start time and sample rate. Must not know: files.
Truth: ../shared/reference/refinery-semantics.md, 5.1 to 5.3 (how Refinery collects a trace).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from nectarc.corpus.reading import Arrival
from nectarc.corpus.stored_trace import CorpusTrace, span_digest
from nectarc.trace import Span, Trace

_SPAN_ID_FIELD: Final = "trace.span_id"


class StoredTrace(NamedTuple):
    """A trace as a store has it: its number there, and the rate of its sender.

    Its own `sample_rate` is this rate times the factor of the reservoir that drew it.
    """

    trace: CorpusTrace
    number: int
    rate: float


class Grown(NamedTuple):
    """What a trace has grown by: `fresh` is never empty; `before` are the spans of the store.

    factor: of the reservoir that drew it. weight_before, rate_before: 0 for a new trace.
    """

    trace_id: str
    before: tuple[Span, ...]
    fresh: tuple[Span, ...]
    number: int
    start_time_ns: int
    source: str
    rate: float
    factor: float
    weight_before: float
    rate_before: float

    def corpus_trace(self) -> CorpusTrace:
        """Return the fresh spans as a trace of the corpus."""
        trace = Trace(self.trace_id, self.fresh)
        return CorpusTrace(trace, self.start_time_ns, self.rate * self.factor, self.source)


class _Growing:
    """A trace that may still grow.

    stored: what the store has of it; these spans come first. by_id: its spans by their span id.
    counts: of the first `counted` spans, those without a span id, by digest.
    """

    __slots__ = (
        "by_id", "counted", "counts", "factor", "has_root_rate", "number", "rate", "source",
        "spans", "stored", "time_ns",
    )  # fmt: skip

    def __init__(self, source: str, number: int) -> None:
        self.spans: list[Span] = []
        self.stored: StoredTrace | None = None
        self.by_id: dict[str, list[Span]] = {}
        self.counts: Counter[bytes] = Counter()
        self.counted = 0
        self.time_ns = 0
        self.rate = 1.0
        self.factor = 1.0
        self.has_root_rate = False
        self.source = source
        self.number = number


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

    def add_stored(self, traces: Iterable[StoredTrace]) -> None:
        """Add whole traces of the store, as they are."""
        for stored in traces:
            trace = stored.trace
            growing = _Growing(trace.source, stored.number)
            self._growing[trace.trace.trace_id] = growing
            growing.stored = stored
            self._extend(growing, trace.trace.spans)
            growing.time_ns = trace.start_time_ns
            growing.rate = stored.rate
            growing.factor = trace.sample_rate / stored.rate
            growing.has_root_rate = trace.trace.root is not None

    def add(self, arrival: Arrival, source: str, number: int = 0) -> None:
        """Add the spans of one arrival.

        source: names the file if the arrival does not. number: of the trace, should it be new.
        """
        growing = self._growing.get(arrival.trace_id)
        if growing is None:
            growing = _Growing(arrival.source or source, number)
            self._growing[arrival.trace_id] = growing
        is_new = not growing.spans
        fresh = arrival.spans if self._keeps_duplicates else self._fresh(arrival.spans, growing)
        if fresh:
            self._extend(growing, fresh)
            times = [time for time in (growing.time_ns, arrival.time_ns) if time > 0]
            growing.time_ns = min(times, default=0)
            if is_new or (arrival.rate_is_of_root and not growing.has_root_rate):
                growing.rate = max(1.0, arrival.rate)
                growing.has_root_rate = arrival.rate_is_of_root

    def traces(self) -> tuple[CorpusTrace, ...]:
        """Return the traces as they stand."""
        return tuple(
            CorpusTrace(
                Trace(trace_id, tuple(growing.spans)),
                growing.time_ns,
                growing.rate * growing.factor,
                growing.source,
            )
            for trace_id, growing in self._growing.items()
        )

    def grown(self) -> Iterator[Grown]:
        """Return the traces that have spans which the store lacks."""
        for trace_id, growing in self._growing.items():
            stored = growing.stored
            count = 0 if stored is None else len(stored.trace.trace.spans)
            if count < len(growing.spans):
                yield Grown(
                    trace_id,
                    tuple(growing.spans[:count]),
                    tuple(growing.spans[count:]),
                    growing.number,
                    growing.time_ns,
                    growing.source,
                    growing.rate,
                    growing.factor,
                    0.0 if stored is None else stored.trace.sample_rate,
                    0.0 if stored is None else stored.rate,
                )

    def _extend(self, growing: _Growing, spans: Sequence[Span]) -> None:
        growing.spans.extend(spans)
        if not self._keeps_duplicates:
            for span in spans:
                span_id = span.fields.get(_SPAN_ID_FIELD)
                if isinstance(span_id, str):
                    growing.by_id.setdefault(span_id, []).append(span)

    def _fresh(self, spans: Sequence[Span], growing: _Growing) -> Sequence[Span]:
        """Return the spans that are not there; digests are made only where an id comes again."""
        fresh: list[Span] = []
        own: dict[str, list[Span]] = {}
        seen: Counter[bytes] = Counter()
        for span in spans:
            span_id = span.fields.get(_SPAN_ID_FIELD)
            if isinstance(span_id, str):
                others = (*growing.by_id.get(span_id, ()), *own.get(span_id, ()))
                is_known = bool(others) and span_digest(span) in map(span_digest, others)
                if not is_known:
                    own.setdefault(span_id, []).append(span)
            elif growing.spans:
                digest = span_digest(span)
                seen[digest] += 1
                is_known = seen[digest] <= _counts(growing)[digest]
            else:
                is_known = False
            if is_known:
                self.duplicates += 1
            else:
                fresh.append(span)
        return fresh


def _counts(growing: _Growing) -> Counter[bytes]:
    """Return how often each span without an id is there, brought up to date."""
    for span in growing.spans[growing.counted :]:
        if not isinstance(span.fields.get(_SPAN_ID_FIELD), str):
            growing.counts[span_digest(span)] += 1
    growing.counted = len(growing.spans)
    return growing.counts
