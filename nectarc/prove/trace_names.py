"""What to call a trace in a sentence.

Owns: the words. Must not know: policies.
"""

from __future__ import annotations

from typing import Final

from nectarc.evaluate.values import text_of
from nectarc.trace import Span, Trace

# What tells one trace from another for people, most telling first.
_OPERATIONS: Final = ("http.route", "url.path", "http.target", "rpc.method", "name")
_METHODS: Final = ("http.request.method", "http.method")
FIELDS: Final = ("service.name", *_METHODS, *_OPERATIONS)
_LENGTH_MAX: Final = 40


def describe_trace(trace: Trace) -> str:
    """Return e.g. `checkout POST /cart, 12 spans`, of the root or else of the first span."""
    count = len(trace.spans)
    size = "1 span" if count == 1 else f"{count} spans"
    name = _span_name(trace.root or trace.spans[0])
    return f"{name}, {size}" if name else size


def describe_span(span: Span, trace: Trace) -> str:
    """Return e.g. `checkout POST /cart (root)`."""
    kind = span.fields.get("meta.annotation_type")
    marks = {"span_event": "(event)", "link": "(link)"}
    mark = marks.get(kind, "") if isinstance(kind, str) else ""
    if span.is_root:
        mark = "(root)" if span is trace.root else "(no parent)"
    return " ".join(word for word in (_span_name(span), mark) if word)


def _span_name(span: Span) -> str:
    method = _text(span, _METHODS)
    operation = _text(span, _OPERATIONS)
    if method and method in operation.split():
        method = ""
    words = (_text(span, ("service.name",)), method, operation)
    return " ".join(word for word in words if word)


def _text(span: Span, names: tuple[str, ...]) -> str:
    for name in names:
        value = span.fields.get(name)
        if isinstance(value, str) and value.strip():
            text = " ".join(text_of(value).split())
            return text if len(text) <= _LENGTH_MAX else text[: _LENGTH_MAX - 1] + "…"
    return ""
