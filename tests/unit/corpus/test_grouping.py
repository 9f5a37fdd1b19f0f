"""What is a duplicate, whatever the order and the number of ingests."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from nectarc.corpus.grouping import Grouping, StoredTrace
from nectarc.corpus.ingesting import ingest
from nectarc.corpus.reading import Arrival
from nectarc.corpus.store import read_corpus
from nectarc.corpus.stored_trace import CorpusTrace, span_digest
from nectarc.trace import Span, Trace
from tests.shared_data import SHARED, requires_shared

_FIELDS = st.fixed_dictionaries(
    {}, optional={"trace.span_id": st.sampled_from(("a", "b", 1)), "x": st.integers(0, 1)}
)


@st.composite
def _arrivals(draw: st.DrawFn) -> Arrival:
    spans = draw(st.lists(st.builds(Span, _FIELDS), min_size=1, max_size=4).map(tuple))
    starts = st.lists(st.integers(0, 2), min_size=len(spans), max_size=len(spans))
    return Arrival(
        draw(st.sampled_from(("t", "u"))),
        spans,
        draw(st.integers(0, 3)),
        float(draw(st.integers(0, 3))),
        draw(st.booleans()),
        "",
        tuple(draw(st.just([]) | starts)),
    )


_ARRIVALS = st.lists(_arrivals(), max_size=6)


def _kept(arrivals: list[Arrival]) -> dict[str, list[Span]]:
    """The rule of `Grouping`, span by span: equal spans with an id once; others as often as in the
    arrival that has most of them. Starts count where both are known."""
    kept: dict[str, list[tuple[Span, int]]] = {}
    for arrival in arrivals:
        there = kept.setdefault(arrival.trace_id, [])
        before = list(there)
        starts = arrival.times or (0,) * len(arrival.spans)
        is_timeless = 0 in starts or any(not start for _, start in before)
        seen: Counter[tuple[bytes, int]] = Counter()
        for span, start in zip(arrival.spans, starts, strict=True):
            digest = span_digest(span)
            if isinstance(span.fields.get("trace.span_id"), str):
                is_known = any(
                    span_digest(other) == digest and (not time or not start or time == start)
                    for other, time in there
                )
            else:
                key = (digest, 0 if is_timeless else start)
                seen[key] += 1
                is_known = seen[key] <= sum(
                    not isinstance(other.fields.get("trace.span_id"), str)
                    and span_digest(other) == digest
                    and (is_timeless or time == start)
                    for other, time in before
                )
            if not is_known:
                there.append((span, start))
    return {trace_id: [span for span, _ in there] for trace_id, there in kept.items()}


@given(_ARRIVALS)
def test_equal_spans_stay_once(arrivals: list[Arrival]) -> None:
    grouping = Grouping(keeps_duplicates=False)

    for arrival in arrivals:
        grouping.add(arrival, "")

    expected = _kept(arrivals)
    assert {one.trace.trace_id: list(one.trace.spans) for one in grouping.traces()} == expected
    total = sum(len(arrival.spans) for arrival in arrivals)
    assert grouping.duplicates == total - sum(map(len, expected.values()))


@given(_ARRIVALS, _ARRIVALS)
def test_two_ingests_are_as_one(first: list[Arrival], second: list[Arrival]) -> None:
    whole, before = Grouping(keeps_duplicates=False), Grouping(keeps_duplicates=False)
    for arrival in (*first, *second):
        whole.add(arrival, "")
    for arrival in first:
        before.add(arrival, "")
    after = Grouping(keeps_duplicates=False)
    after.add_stored(StoredTrace(one, 0, one.sample_rate) for one in before.traces())

    for arrival in second:
        after.add(arrival, "")

    assert [(one.trace, one.start_time_ns) for one in after.traces()] == [
        (one.trace, one.start_time_ns) for one in whole.traces()
    ]
    grown = {one.trace_id: (*one.before, *one.fresh) for one in after.grown()}
    assert all(spans == _spans_of(whole, name) for name, spans in grown.items())


def test_everything_stays_where_duplicates_are_kept() -> None:
    grouping = Grouping(keeps_duplicates=True)
    arrival = Arrival("t", (Span({"trace.span_id": "a"}),), 5, 2.0, rate_is_of_root=True)

    grouping.add(arrival, "x.json")
    grouping.add(arrival, "y.json")

    trace = Trace("t", (Span({"trace.span_id": "a"}),) * 2)
    assert grouping.traces() == (CorpusTrace(trace, 5, 2.0, "x.json"),)


def _spans_of(grouping: Grouping, trace_id: str) -> tuple[Span, ...]:
    return next(one.trace.spans for one in grouping.traces() if one.trace.trace_id == trace_id)


def test_spans_that_differ_in_their_start_only_are_two(tmp_path: Path) -> None:
    spans = [
        {"traceId": "0a", "id": "0b", "name": "get", "timestamp": start, "duration": 7}
        for start in (5_000, 6_000, 5_000)
    ]
    path = tmp_path / "zipkin.json"
    path.write_text(json.dumps(spans))

    first = ingest([str(path)], tmp_path / "corpus")
    again = ingest([str(path), str(tmp_path / "corpus")], tmp_path / "corpus")
    copied = ingest([str(tmp_path / "corpus"), str(path)], tmp_path / "copy")

    assert (first.spans, first.duplicates) == (2, 1)
    assert (again.spans, again.duplicates) == (2, 5)
    assert (copied.spans, copied.duplicates) == (2, 3)
    (trace,) = read_corpus(tmp_path / "copy").traces
    assert trace.span_starts == (5_000_000, 6_000_000)


def test_a_span_without_a_known_start_is_the_same_as_one_with() -> None:
    span = Span({"trace.span_id": "b", "x": 1})
    grouping = Grouping(keeps_duplicates=False)

    for times in ((5,), (), (0,), (5,), (6,)):
        grouping.add(Arrival("t", (span,), 5, 1.0, rate_is_of_root=True, times=times), "")

    assert grouping.duplicates == 3
    assert [one.span_starts for one in grouping.traces()] == [(5, 6)]


@requires_shared
def test_real_zipkin_spans_stay_all_but_those_given_twice(tmp_path: Path) -> None:
    folder = SHARED / "data" / "traces" / "zipkin-v2"
    one = str(folder / "zipkin_smartthings-oauth-authorization.json")

    report = ingest([one], tmp_path / "one")
    every = ingest([str(folder)], tmp_path / "every")
    again = ingest([str(folder)], tmp_path / "every")

    kept = [span for t in read_corpus(tmp_path / "one").traces for span in t.trace.spans]
    spans = [span for span in kept if "meta.annotation_type" not in span.fields]
    assert len(spans) == len(json.loads(Path(one).read_text())) == 175
    assert report.duplicates == 0
    assert (every.spans, every.duplicates) == (every.read.spans, 0)
    assert (again.spans_added, again.duplicates) == (0, every.spans)
