"""Rare failures, counted in columns, against a count trace by trace."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from nectarc.corpus.span_table import SpanTable, table_of
from nectarc.corpus.stored_trace import CorpusTrace
from nectarc.evaluate.policy import decide
from nectarc.ir.text import parse_policy_text
from nectarc.prove.corpus_decisions import Asked, Partition, decide_corpus
from nectarc.prove.critical import FIELDS, RareFailures
from nectarc.records import record
from nectarc.trace import Span, Trace, Uint64, Value

POLICY = parse_policy_text(
    'policy "p"\nrule "errors" -> keep when any(bool error:bool == true)\n'
    'rule "rest" -> drop when true'
)
HTTP = ("http.status", "http.response.status_code", "http.status_code")
VALUES: dict[str, list[Value]] = {
    "service.name": ["web", "db", "", 5, None],
    "name": ["GET /", "job", None],
    "error": [True, False, "true", 1],
    "status_code": [0, 2, 2.0, "2", Uint64(2)],
    "exception.type": ["IOError", "", 7],
    "rpc.grpc.status_code": [0, 5, 14, 13.0, "14"],
    **{name: [200, 500, 503.5, "500", None, float("nan")] for name in HTTP},
}
FIELDS_OF_A_SPAN = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(values) for name, values in VALUES.items()}
)
TRACES = st.lists(
    st.lists(st.tuples(FIELDS_OF_A_SPAN, st.booleans()), min_size=1, max_size=4),
    max_size=12,
)
WEIGHTS = st.sampled_from([1.0, 2.0, 100.0])


@record
class _Part:
    traces: tuple[CorpusTrace, ...]

    def load(self, fields: Collection[str] | None = None) -> SpanTable:
        return table_of(self.traces, fields)


@record
class _Parts:
    parts: tuple[_Part, ...]

    def partitions(self) -> Sequence[Partition]:
        return self.parts


def _number(span: Span, names: Sequence[str]) -> float | None:
    """Return what the first of `names` with a number holds."""
    for name in names:
        value = span.fields.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
    return None


def _text(span: Span | None, name: str) -> str:
    value = span.fields.get(name) if span is not None else None
    return value if isinstance(value, str) else ""


def _kind(span: Span) -> tuple[int, str] | None:
    """Return how the span fails, and how telling that is."""
    if exception := _text(span, "exception.type"):
        return (4, f"exception {exception}")
    grpc = _number(span, ["rpc.grpc.status_code"])
    if grpc in (2, 4, 12, 13, 14, 15):
        return (3, f"gRPC {int(grpc or 0)}")
    http = _number(span, HTTP)
    if http is not None and http >= 500:
        return (2, "HTTP 5xx")
    is_error = span.fields.get("error") is True or _number(span, ["status_code"]) == 2
    return (1, "error") if is_error else None


def _ways(trace: Trace) -> set[tuple[str, str, str]]:
    """Return (root, service, kind) of each failing service: the first most telling kind."""
    root = trace.root
    named = " ".join(word for word in (_text(root, "service.name"), _text(root, "name")) if word)
    best: dict[str, tuple[int, str]] = {}
    for span in trace.spans:
        kind = _kind(span)
        service = _text(span, "service.name")
        if kind is not None and kind[0] > best.get(service, (0, ""))[0]:
            best[service] = kind
    return {(named, service, words) for service, (_, words) in best.items()}


@settings(max_examples=200)
@given(TRACES, st.data())
def test_rare_failures_are_those_of_a_count_trace_by_trace(
    drawn: list[list[tuple[dict[str, Value], bool]]], data: st.DataObject
) -> None:
    traces = tuple(
        CorpusTrace(
            Trace(f"t{i}", tuple(Span(fields, is_root) for fields, is_root in spans)),
            sample_rate=data.draw(WEIGHTS),
        )
        for i, spans in enumerate(drawn)
    )
    cut = data.draw(st.integers(0, len(traces)))
    failures = RareFailures(np.array([True, False, False]))
    source = _Parts((_Part(traces[:cut]), _Part(traces[cut:])))

    decide_corpus(source, Asked(lists=(POLICY,), fields=FIELDS), failures.visit)

    weight = sum(stored.sample_rate for stored in traces)
    shown: dict[tuple[str, str, str], list[int]] = {}
    for index, stored in enumerate(traces):
        for way in _ways(stored.trace):
            shown.setdefault(way, []).append(index)
    lost = {i for i, stored in enumerate(traces) if decide(POLICY, stored.trace) == 1}
    expected = {
        way: (len(those), total, len(lost & {*those}), min({*those} & lost or those))
        for way, those in shown.items()
        if (total := sum(traces[i].sample_rate for i in those))
        <= max(0.01 * weight, weight / len(traces))
    }
    found = {
        (one.root, one.service, one.kind): (one.traces, one.weight, one.lost, one.example)
        for one in failures.found()
    }
    assert found == expected
