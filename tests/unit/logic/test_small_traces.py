"""Built traces made small."""

from __future__ import annotations

from nectarc.logic.small_traces import made_small
from nectarc.trace import ROOT_FIELD, Span, Trace


def test_spans_that_need_not_be_apart_become_one() -> None:
    trace = Trace("t", (Span({"a": 1, "x": 0}, is_root=True), Span({"b": 2}), Span({"c": 3})))

    def has_both(one: Trace) -> bool:
        fields = [span.fields for span in one.spans]
        return any("a" in names for names in fields) and any("b" in names for names in fields)

    assert made_small(trace, has_both) == Trace("t", (Span({"a": 1, "b": 2}, is_root=True),))


def test_spans_that_must_be_apart_stay_so() -> None:
    trace = Trace("t", (Span({"a": 1}), Span({"a": 2})))

    def has_both(one: Trace) -> bool:
        return {1, 2} <= {span.fields.get("a") for span in one.spans}

    assert made_small(trace, has_both) == trace


def test_either_value_of_a_field_may_stay() -> None:
    trace = Trace("t", (Span({"a": 1}), Span({"a": 2, "b": 1})))

    def has_them(one: Trace) -> bool:
        values = [span.fields.get("a") for span in one.spans]
        return 2 in values and any("b" in span.fields for span in one.spans)

    assert made_small(trace, has_them) == Trace("t", (Span({"a": 2, "b": 1}),))


def test_the_field_that_says_root_goes_along() -> None:
    fields = {"a": 1, ROOT_FIELD: False}
    trace = Trace("t", (Span(fields), Span({"b": 1, ROOT_FIELD: True}, is_root=True)))

    def has_them(one: Trace) -> bool:
        names = {name for span in one.spans for name in span.fields}
        return {"a", "b"} <= names and one.root is not None

    (span,) = made_small(trace, has_them).spans
    assert (span.is_root, span.fields[ROOT_FIELD]) == (True, True)
