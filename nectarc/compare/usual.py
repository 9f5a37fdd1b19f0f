"""Making a trace easy to read: few spans and fields, and the values that people expect.

Owns: which values are usual. Must not know: what the trace shows.
Every step is asked of the plain evaluators: what is returned still shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from nectarc.evaluate.minimise import minimise
from nectarc.ir.nodes import FieldType
from nectarc.semantics.conventions import conventional_type
from nectarc.trace import ROOT_FIELD, Span, Trace, Value

_SPANS_MAX: Final = 20
_LARGE: Final = 24
# Tried in order; the first with which the trace still shows what it shows stays.
_BY_NAME: Final[dict[str, tuple[Value, ...]]] = {
    "status_code": (0, 2, 1),
    "http.status_code": (200, 500, 404, 503),
    "http.response.status_code": (200, 500, 404, 503),
    "http.status": (200, 500, 404, 503),
    "rpc.grpc.status_code": (0, 2, 14),
    "http.method": ("GET", "POST"),
    "http.request.method": ("GET", "POST"),
    "service.name": ("shop",),
    "name": ("GET /", "work"),
    "duration_ms": (120.0, 6000.0, 12.0),
}
_BY_TYPE: Final[dict[FieldType, tuple[Value, ...]]] = {
    FieldType.BOOL: (True, False),
    FieldType.STRING: ("a", "/a"),
    FieldType.INT: (1, 0, 100),
    FieldType.FLOAT: (1.0, 100.0),
}


def easy_trace(trace: Trace, is_example: Callable[[Trace], bool]) -> Trace:
    """Return a small trace with usual values for which `is_example` holds as it does of `trace`.

    A trace that has a root keeps one: rootless traces are rare, and puzzling as examples.
    """
    has_root = trace.root is not None

    def shows(candidate: Trace) -> bool:
        return (candidate.root is not None) == has_root and is_example(candidate)

    if len(trace.spans) > _LARGE:
        few = Trace(trace.trace_id, trace.distinct_spans)
        if len(few.spans) > _LARGE or not shows(few):
            # It needs that many, most of them one span repeated: no single one is tried.
            return _with_fewer_fields(trace, shows)
        trace = few
    small = minimise(trace, shows)
    if len(small.spans) > _SPANS_MAX:
        return small
    small = _merged(small, shows)
    for at, span in enumerate(small.spans):
        for name in span.fields:
            small = _with_usual_value(small, at, name, shows)
    return small


def _with_fewer_fields(trace: Trace, shows: Callable[[Trace], bool]) -> Trace:
    """Drop fields of a span wherever that span is repeated."""
    for span in trace.distinct_spans[:_SPANS_MAX]:
        current = span
        for name in [name for name in span.fields if name != ROOT_FIELD]:
            fields = {key: value for key, value in current.fields.items() if key != name}
            fewer = Span(fields, span.is_root)
            spans = tuple(fewer if one is current else one for one in trace.spans)
            changed = Trace(trace.trace_id, spans)
            if shows(changed):
                trace, current = changed, fewer
    return trace


def _merged(trace: Trace, shows: Callable[[Trace], bool]) -> Trace:
    """Put what stands on two spans onto one, where that shows the same."""
    for at in range(len(trace.spans)):
        for other in range(len(trace.spans) - 1, at, -1):
            one, two = trace.spans[at], trace.spans[other]
            if (one.fields.keys() & two.fields.keys()) - {ROOT_FIELD}:
                continue
            fields = {**two.fields, **one.fields}
            if ROOT_FIELD in one.fields or ROOT_FIELD in two.fields:
                fields[ROOT_FIELD] = one.is_root or two.is_root
            span = Span(fields, one.is_root or two.is_root)
            rest = (*trace.spans[at + 1 : other], *trace.spans[other + 1 :])
            merged = Trace(trace.trace_id, (*trace.spans[:at], span, *rest))
            if shows(merged):
                return _merged(merged, shows)
    return trace


def _with_usual_value(trace: Trace, at: int, name: str, shows: Callable[[Trace], bool]) -> Trace:
    current = trace.spans[at].fields[name]
    for value in _usual_values(name, current):
        if type(value) is type(current) and value == current:
            return trace
        changed = _changed(trace, at, name, value)
        if shows(changed):
            return changed
    return trace


def _usual_values(name: str, current: Value) -> Iterator[Value]:
    if name == ROOT_FIELD:
        return
    yield from _BY_NAME.get(name, ())
    found = conventional_type(name)
    if found is not None:
        yield from _BY_TYPE.get(found, _BY_TYPE[FieldType.FLOAT])
    # A number that is whole reads better without its tail, and as the type that senders use.
    if isinstance(current, float) and current.is_integer() and abs(current) < 2**53:
        yield int(current)


def _changed(trace: Trace, at: int, name: str, value: Value) -> Trace:
    span = trace.spans[at]
    changed = Span({**span.fields, name: value}, span.is_root)
    return Trace(trace.trace_id, (*trace.spans[:at], changed, *trace.spans[at + 1 :]))
