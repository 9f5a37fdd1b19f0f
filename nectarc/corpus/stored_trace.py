"""One trace of a corpus and its line in the store.

Owns: `CorpusTrace` and the members that the store adds to a typed trace line.
Must not know: files, OTLP. Truth: ../shared/vectors/README.md (typed trace lines).
"""

from __future__ import annotations

import hashlib
import json
import math

from nectarc.corpus.otlp_json import Json
from nectarc.corpus.typed_trace import TypedTraceError, decode_trace, encode_trace
from nectarc.records import part, record
from nectarc.trace import ROOT_FIELD, Span, Trace, Value


@record
class CorpusTrace:
    """A trace of a corpus.

    start_time_ns: the earliest start of its spans, nanoseconds since 1970, 0 = not known.
    sample_rate:   how many traces of the real traffic it stands for, at least 1.
    source:        the file it was read from first.
    span_starts:   the start of each span, in the same way; () = of none known. No policy sees it:
                   it tells records apart that are else the same.
    """

    trace: Trace
    start_time_ns: int = 0
    sample_rate: float = 1.0
    source: str = ""
    span_starts: tuple[int, ...] = part(default=(), compare=False, repr=False)


class StoredTraceError(ValueError):
    """A typed trace line that is none; the message is for people. Stays in `nectarc.corpus`."""


def read_stored(record: Json) -> CorpusTrace:
    """Read a typed trace line, of the store or of the vectors; raises StoredTraceError."""
    try:
        trace = decode_trace(record)
    except TypedTraceError as error:
        raise StoredTraceError(f"no typed trace line: {error}") from error
    members = record if isinstance(record, dict) else {}
    return CorpusTrace(
        _with_root_flags(trace),
        _whole_number(members.get("time_ns")),
        _rate(members.get("rate")),
        _text(members.get("source")),
    )


def stored_line(stored: CorpusTrace) -> str:
    """Return the line of the store, with its line end."""
    record: dict[str, object] = {**encode_trace(stored.trace), "time_ns": stored.start_time_ns}
    rate = stored.sample_rate
    record["rate"] = int(rate) if rate.is_integer() else rate
    if stored.source:
        record["source"] = stored.source
    return json.dumps(record, separators=(",", ":")) + "\n"


def span_digest(span: Span) -> bytes:
    """Return 16 bytes that are equal for equal spans only, whatever the order of their fields."""
    # `repr` tells 1, 1.0, True and "1" apart, as Refinery does.
    text = f"{span.is_root}{sorted(span.fields.items(), key=_name_of)!r}"
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _name_of(field: tuple[str, Value]) -> str:
    return field[0]


def _with_root_flags(trace: Trace) -> Trace:
    """Let `meta.refinery.root`, where a span carries it, say which spans lack a parent.

    A line names only one root; a trace may hold several spans without a parent.
    """
    if not any(isinstance(span.fields.get(ROOT_FIELD), bool) for span in trace.spans):
        return trace
    spans = tuple(
        Span(span.fields, is_root=flag) if isinstance(flag, bool) else span
        for span in trace.spans
        for flag in (span.fields.get(ROOT_FIELD),)
    )
    return Trace(trace.trace_id, spans)


def _whole_number(item: Json) -> int:
    return item if isinstance(item, int) and not isinstance(item, bool) and item > 0 else 0


def _rate(item: Json) -> float:
    if isinstance(item, bool) or not isinstance(item, int | float):
        return 1.0
    return float(item) if math.isfinite(item) and item >= 1 else 1.0


def _text(item: Json) -> str:
    return item if isinstance(item, str) else ""
