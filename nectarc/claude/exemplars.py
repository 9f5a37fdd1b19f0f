"""A few traces of the corpus that matter to the intent.

Owns: which traces are looked at, and which are chosen. Must not know: how they are shown.
Truth: docs/intent.md. Chosen by what the words speak of (errors, slowness, names) and by rarity:
a trace of a rare shape tells more than the hundredth of a usual one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Final, TypeAlias

from nectarc.claude.redaction import is_said
from nectarc.claude.requests import Ask
from nectarc.corpus.span_table import traces_of
from nectarc.prove.corpus_decisions import TraceSource
from nectarc.trace import Trace, Value

CHOSEN_MAX: Final = 4
_LOOKED_AT_MAX: Final = 2000
_PARTS_MAX: Final = 3
# A trace of more spans would fill the prompt.
_SPANS_MAX: Final = 12
_Topic: TypeAlias = Callable[[Trace], bool]
_ERROR_WORDS: Final = re.compile(r"\b(?:error|fail|5xx|50\d|exception|broken)", re.IGNORECASE)
_SLOW_WORDS: Final = re.compile(
    r"\b(?:slow|latency|duration|long|seconds?|ms|p9\d)\b|\d\s*m?s\b", re.IGNORECASE
)
_STATUS: Final = ("http.status", "http.response.status_code", "http.status_code")


def some_traces(source: TraceSource, limit: int = _LOOKED_AT_MAX) -> tuple[Trace, ...]:
    """Return at most `limit` traces, of a few parts of the corpus: the first, the last, between.

    A part is decoded whole, 0.4 s for 1,700 traces of 20 spans.
    """
    partitions = source.partitions()
    if not partitions:
        return ()
    last = len(partitions) - 1
    count = min(_PARTS_MAX, len(partitions))
    places = sorted({round(number * last / max(1, count - 1)) for number in range(count)})
    each = -(-limit // len(places))
    found = (
        stored.trace
        for place in places
        for stored in islice(traces_of(partitions[place].load()), each)
    )
    return tuple(islice(found, limit))


def exemplars_of(ask: Ask) -> tuple[Trace, ...]:
    """Choose a few traces: one a topic of the words, then those of the rarest shapes."""
    small = [trace for trace in ask.traces if len(trace.spans) <= _SPANS_MAX]
    shapes = Counter(_shape(trace) for trace in small)
    rarest = sorted(small, key=lambda trace: (shapes[_shape(trace)], trace.trace_id))
    chosen: dict[str, Trace] = {}
    seen: set[frozenset[str]] = set()
    for trace in islice(_in_turn(rarest, ask), len(rarest) + CHOSEN_MAX):
        shape = _shape(trace)
        if shape not in seen and trace.trace_id not in chosen:
            chosen[trace.trace_id] = trace
            seen.add(shape)
        if len(chosen) == CHOSEN_MAX:
            break
    return tuple(chosen.values())


def _in_turn(rarest: Sequence[Trace], ask: Ask) -> Iterator[Trace]:
    for topic in _topics(rarest, ask):
        yield from islice((trace for trace in rarest if topic(trace)), 1)
    yield from rarest


def _topics(traces: Sequence[Trace], ask: Ask) -> Iterator[_Topic]:
    words = ask.own_words
    if _ERROR_WORDS.search(words):
        yield _is_error
    if _SLOW_WORDS.search(words):
        longest = sorted((_duration(trace) for trace in traces), reverse=True)
        limit = longest[len(longest) // 50] if longest else 0.0
        yield lambda trace: _duration(trace) >= limit > 0
    folded = words.casefold()
    for field, values in ask.vocabulary.values.items():
        for value in values:
            if len(value) > 2 and is_said(value, folded):
                yield partial(_has, field, value)


def _is_error(trace: Trace) -> bool:
    return any(
        span.fields.get("error") is True or any(_is_5xx(span.fields.get(name)) for name in _STATUS)
        for span in trace.distinct_spans
    )


def _is_5xx(value: Value) -> bool:
    return (isinstance(value, int) and value >= 500) or (
        isinstance(value, str) and value.isdecimal() and len(value) == 3 and value >= "500"
    )


def _duration(trace: Trace) -> float:
    found = (span.fields.get("duration_ms") for span in trace.distinct_spans)
    return max((float(one) for one in found if isinstance(one, (int, float))), default=0.0)


def _has(field: str, value: str, trace: Trace) -> bool:
    return any(span.fields.get(field) == value for span in trace.distinct_spans)


def _shape(trace: Trace) -> frozenset[str]:
    """Return what kind of trace it is: its fields, services and outcomes."""
    names = {name for span in trace.distinct_spans for name in span.fields}
    services = {f"={span.fields.get('service.name')}" for span in trace.distinct_spans}
    return frozenset(names | services | {f"error={_is_error(trace)}"})
