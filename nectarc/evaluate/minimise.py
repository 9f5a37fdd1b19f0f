"""Make a trace that shows something small: drop spans and fields while it still shows it.

Owns: the order of dropping. Must not know: what is shown (a claim that fails, two policies that
differ).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from nectarc.trace import ROOT_FIELD, Fields, Span, Trace

# A corpus trace may have ten thousand spans; nobody waits for the last field to go.
_TRIES_MAX: Final = 3000


def minimise(trace: Trace, is_example: Callable[[Trace], bool]) -> Trace:
    """Return the smallest example that greedy dropping finds; `trace` itself must be one."""
    tries = 0
    current = trace
    is_smaller = True
    while is_smaller:
        is_smaller = False
        for candidate in _smaller(current):
            tries += 1
            if tries > _TRIES_MAX:
                return current
            if is_example(candidate):
                current = candidate
                is_smaller = True
                break
    return current


def _smaller(trace: Trace) -> Iterator[Trace]:
    """Yield traces with less: first half of the spans, then fewer, then single fields."""
    spans = trace.spans
    size = len(spans) // 2
    while size:
        for start in range(0, len(spans), size):
            rest = spans[:start] + spans[start + size :]
            if rest:
                yield Trace(trace.trace_id, rest)
        size //= 2
    for index, span in enumerate(spans):
        for fields in _fewer_fields(span):
            smaller = Span(fields, span.is_root)
            yield Trace(trace.trace_id, (*spans[:index], smaller, *spans[index + 1 :]))


def _fewer_fields(span: Span) -> Iterator[Fields]:
    # The field that says whether the span is a root is no choice of the sender's.
    names = [name for name in span.fields if name != ROOT_FIELD]
    size = len(names)
    while size:
        for start in range(0, len(names), size):
            dropped = set(names[start : start + size])
            yield {name: value for name, value in span.fields.items() if name not in dropped}
        size //= 2
