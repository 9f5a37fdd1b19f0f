"""Traces that are one change away from another: what tells a yes from a no.

Owns: the changes and their order. Must not know: what is asked of the traces.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from nectarc.evaluate.boundary_values import literals_of_test, values_of
from nectarc.ir.nodes import Test, TraceExpr
from nectarc.ir.walk import tests_of
from nectarc.trace import ROOT_FIELD, Fields, Span, Trace, Value

_SPANS_MAX: Final = 40


def near_traces(trace: Trace, exprs: Sequence[TraceExpr]) -> Iterator[Trace]:
    """Yield `trace` with one thing changed, the plainest changes first.

    First another value of a field that `exprs` ask for, then one field less, then one more, then a
    span less or more, then one that is a root or none. Values stand on both sides of what the tests
    of `exprs` can tell apart. Of a long trace only the first spans are changed.
    """
    tests = tuple(dict.fromkeys(test for expr in exprs for test in tests_of(expr)))
    yield from _changed(trace, tests, is_there=True)
    for at, span in enumerate(trace.spans[:_SPANS_MAX]):
        for name in span.fields:
            if name != ROOT_FIELD:
                fields = {key: value for key, value in span.fields.items() if key != name}
                yield _with_fields(trace, at, fields)
    yield from _changed(trace, tests, is_there=False)
    if len(trace.spans) > 1:
        yield Trace(trace.trace_id, trace.spans[:-1])
    yield Trace(trace.trace_id, (*trace.spans, trace.spans[-1]))
    for at, span in enumerate(trace.spans[:_SPANS_MAX]):
        yield _with_span(trace, at, _turned(span))


def _changed(trace: Trace, tests: Sequence[Test], *, is_there: bool) -> Iterator[Trace]:
    """Yield other values of fields that a span has, or lacks."""
    for at, span in enumerate(trace.spans[:_SPANS_MAX]):
        for test in tests:
            for name in test.field.spellings:
                if (name in span.fields) is is_there:
                    for value in values_of(literals_of_test(test)).usual:
                        if is_there and _is_same(span.fields[name], value):
                            continue
                        yield _with_fields(trace, at, {**span.fields, name: value})


def _is_same(one: Value, other: Value) -> bool:
    return type(one) is type(other) and one == other


def _turned(span: Span) -> Span:
    """Return the span with or without a parent, and the mark that Refinery sets of it."""
    fields = dict(span.fields)
    if isinstance(fields.get(ROOT_FIELD), bool):
        fields[ROOT_FIELD] = not span.is_root
    return Span(fields, not span.is_root)


def _with_fields(trace: Trace, at: int, fields: Fields) -> Trace:
    return _with_span(trace, at, Span(fields, trace.spans[at].is_root))


def _with_span(trace: Trace, at: int, span: Span) -> Trace:
    return Trace(trace.trace_id, (*trace.spans[:at], span, *trace.spans[at + 1 :]))
