"""What is a duplicate, whatever the order and the number of ingests."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from nectarc.corpus.grouping import Grouping, StoredTrace
from nectarc.corpus.reading import Arrival
from nectarc.corpus.stored_trace import CorpusTrace, span_digest
from nectarc.trace import Span, Trace

_FIELDS = st.fixed_dictionaries(
    {}, optional={"trace.span_id": st.sampled_from(("a", "b", 1)), "x": st.integers(0, 1)}
)
_ARRIVALS = st.lists(
    st.builds(
        Arrival,
        st.sampled_from(("t", "u")),
        st.lists(st.builds(Span, _FIELDS), min_size=1, max_size=4).map(tuple),
        st.integers(0, 3),
        st.integers(0, 3).map(float),
        st.booleans(),
    ),
    max_size=6,
)


def _kept(arrivals: list[Arrival]) -> dict[str, list[Span]]:
    """The rule of `Grouping`, span by span: equal spans with an id once; others as often as in the
    arrival that has most of them."""
    kept: dict[str, list[Span]] = {}
    for arrival in arrivals:
        spans = kept.setdefault(arrival.trace_id, [])
        seen: Counter[bytes] = Counter()
        before = Counter(map(span_digest, spans))
        for span in arrival.spans:
            digest = span_digest(span)
            seen[digest] += 1
            has_id = isinstance(span.fields.get("trace.span_id"), str)
            is_known = (
                seen[digest] > 1 or before[digest] if has_id else seen[digest] <= before[digest]
            )
            if not is_known:
                spans.append(span)
    return kept


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
