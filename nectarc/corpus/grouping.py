"""Arrivals -> traces by trace id, in order of first arrival, with or without duplicates.

Owns: what a duplicate is, a trace's start time and sample rate. Must not know: files.
Truth: ../shared/reference/refinery-semantics.md, 5.1 to 5.3 (how Refinery collects a trace).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple, TypeAlias

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
    starts: of the fresh spans, as `CorpusTrace.span_starts`.
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
    starts: tuple[int, ...] = ()

    def corpus_trace(self) -> CorpusTrace:
        """Return the fresh spans as a trace of the corpus."""
        trace = Trace(self.trace_id, self.fresh)
        weight = self.rate * self.factor
        return CorpusTrace(trace, self.start_time_ns, weight, self.source, self.starts)


class _Growing:
    """A trace that may still grow.

    stored: what the store has of it; these spans come first. starts: of its spans, 0 = not known.
    by_id: places of its spans by their span id. digests: those that were asked for, by place.
    counts: how often each of the first `counted` spans without a span id is there, by digest and
    start, and by digest alone under the start -1.
    """

    __slots__ = (
        "by_id", "counted", "counts", "digests", "factor", "has_root_rate", "has_timeless",
        "number", "rate", "source", "spans", "starts", "stored", "time_ns",
    )  # fmt: skip

    def __init__(self, source: str, number: int) -> None:
        self.spans: list[Span] = []
        self.starts: list[int] = []
        self.has_timeless = False
        self.stored: StoredTrace | None = None
        self.by_id: dict[str, list[int]] = {}
        self.digests: dict[int, bytes] = {}
        self.counts: Counter[_Key] = Counter()
        self.counted = 0
        self.time_ns = 0
        self.rate = 1.0
        self.factor = 1.0
        self.has_root_rate = False
        self.source = source
        self.number = number

    def extend(self, spans: Sequence[Span], starts: Sequence[int]) -> None:
        """Add spans as they are."""
        for place, span in enumerate(spans, len(self.spans)):
            span_id = span.fields.get(_SPAN_ID_FIELD)
            if isinstance(span_id, str):
                self.by_id.setdefault(span_id, []).append(place)
        self.spans += spans
        self.starts += starts
        self.has_timeless = self.has_timeless or 0 in starts

    def is_there(self, span: Span, start: int, places: Sequence[int]) -> bool:
        """Tell whether one of its spans at `places` is the same record."""
        near = [p for p in places if start == self.starts[p] or not start or not self.starts[p]]
        return bool(near) and span_digest(span) in map(self._digest, near)

    def _digest(self, place: int) -> bytes:
        digest = self.digests.get(place)
        if digest is None:
            digest = self.digests[place] = span_digest(self.spans[place])
        return digest

    def count(self) -> Counter[_Key]:
        """Return how often each span without an id is there, brought up to date."""
        for span, start in zip(
            self.spans[self.counted :], self.starts[self.counted :], strict=True
        ):
            if not isinstance(span.fields.get(_SPAN_ID_FIELD), str):
                digest = span_digest(span)
                self.counts[digest, start] += 1
                self.counts[digest, _ANY_START] += 1
        self.counted = len(self.spans)
        return self.counts


_Key: TypeAlias = tuple[bytes, int]
_ANY_START: Final = -1


class Grouping:
    """Traces that grow by arrivals.

    keeps_duplicates: a span that comes twice stays twice, as it would reach Refinery. Otherwise a
    span that comes again with the same record is a duplicate, wherever it stands: the same fields
    (its duration is one) and the same start, where both starts are known. Span events and links
    have no id of their own, and one span may carry equal ones: of those, an arrival adds only as
    many as it holds more than the trace has.
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
            spans = trace.trace.spans
            growing.extend(spans, trace.span_starts or (0,) * len(spans))
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
        if self._keeps_duplicates:
            growing.spans += arrival.spans
            has_fresh = True
        else:
            has_fresh = self._add_fresh(arrival, growing)
        if has_fresh:
            if 0 < arrival.time_ns < growing.time_ns or not growing.time_ns:
                growing.time_ns = max(0, arrival.time_ns)
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
                tuple(growing.starts),
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
                    tuple(growing.starts[count:]),
                )

    def _add_fresh(self, arrival: Arrival, growing: _Growing) -> bool:
        """Add the spans that are not there; digests are made only where an id comes again."""
        spans = arrival.spans
        starts = arrival.times or (0,) * len(spans)
        count = len(growing.spans)
        if len(spans) == 1:
            span_id = spans[0].fields.get(_SPAN_ID_FIELD)
            if isinstance(span_id, str) and span_id not in growing.by_id:
                growing.by_id[span_id] = [count]
                growing.spans += spans
                growing.starts += starts
                growing.has_timeless = growing.has_timeless or not starts[0]
                return True
        is_timeless = growing.has_timeless or 0 in starts
        # What was there before; the spans of this arrival are not compared with one another.
        has_idless = any(not isinstance(s.fields.get(_SPAN_ID_FIELD), str) for s in spans)
        known = growing.count() if count and has_idless else None
        seen: Counter[_Key] = Counter()
        for span, start in zip(spans, starts, strict=True):
            span_id = span.fields.get(_SPAN_ID_FIELD)
            if isinstance(span_id, str):
                is_known = growing.is_there(span, start, growing.by_id.get(span_id, ()))
            elif known is not None:
                key = (span_digest(span), _ANY_START if is_timeless else start)
                seen[key] += 1
                is_known = seen[key] <= known[key]
            else:
                is_known = False
            if is_known:
                self.duplicates += 1
            else:
                growing.extend((span,), (start,))
        return len(growing.spans) > count
