"""Easy traces: they still show what they showed, with the values that people expect."""

from __future__ import annotations

from nectarc.compare.usual import easy_trace
from nectarc.trace import Span, Trace


def test_values_become_usual_where_they_may() -> None:
    odd = Trace("t", (Span({"http.status_code": 1e9, "x": "\x00"}, is_root=True),))

    def is_failing(trace: Trace) -> bool:
        value = trace.spans[0].fields.get("http.status_code")
        return isinstance(value, int | float) and value >= 500

    assert easy_trace(odd, is_failing).spans == (Span({"http.status_code": 500}, is_root=True),)


def test_a_value_that_alone_shows_it_stays() -> None:
    odd = Trace("t", (Span({"http.status_code": "5e2"}),))

    def is_text(trace: Trace) -> bool:
        return trace.spans[0].fields.get("http.status_code") == "5e2"

    assert easy_trace(odd, is_text) == odd


def test_a_root_stays_and_none_comes() -> None:
    rooted = Trace("t", (Span({}, is_root=True), Span({"error": True})))
    rootless = Trace("t", (Span({}), Span({"error": True})))

    def has_error(trace: Trace) -> bool:
        return any("error" in span.fields for span in trace.spans)

    assert easy_trace(rooted, has_error).spans == (Span({"error": True}, is_root=True),)
    assert easy_trace(rootless, has_error).spans == (Span({"error": True}),)
