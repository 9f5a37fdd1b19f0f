"""Make a trace that a prover built as small as people would write it.

Owns: joining spans. Must not know: what is shown. Recorded traces are only cut down
(`evaluate/minimise.py`), since a span that nobody sent would not be theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations

from nectarc.evaluate.minimise import minimise
from nectarc.trace import ROOT_FIELD, Span, Trace

# More spans than this, and somebody counts them.
_SPANS_MAX = 12


def made_small(trace: Trace, is_example: Callable[[Trace], bool]) -> Trace:
    """Drop spans and fields, and join spans, while `is_example` holds; it must hold of `trace`."""
    current = minimise(trace, is_example)
    while True:
        joined = next(filter(is_example, _joined(current)), None)
        if joined is None:
            return current
        current = minimise(joined, is_example)


def _joined(trace: Trace) -> Iterator[Trace]:
    """Yield the trace with two of its spans made one; where both have a field, either's value."""
    spans = trace.spans
    if len(spans) > _SPANS_MAX:
        return
    for first, second in combinations(range(len(spans)), 2):
        one, other = spans[first], spans[second]
        for fields in ({**other.fields, **one.fields}, {**one.fields, **other.fields}):
            is_root = one.is_root or other.is_root
            if isinstance(fields.get(ROOT_FIELD), bool):
                fields[ROOT_FIELD] = is_root
            rest = (*spans[first + 1 : second], *spans[second + 1 :])
            yield Trace(trace.trace_id, (*spans[:first], Span(fields, is_root), *rest))
