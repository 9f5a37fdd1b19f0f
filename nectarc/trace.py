"""Traces as Refinery holds them when it decides: flat fields of typed values.

Owns: the value types of section 2.1 of the Refinery reference, spans, traces.
Must not know: any file format, any policy. Truth: ../shared/reference/refinery-semantics.md, 2.1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from nectarc.records import record


@record
class Uint64:
    """An unsigned 64-bit integer: Refinery compares it as text only."""

    value: int


@record
class Float32:
    """A 32-bit float, held as the nearest float64: Refinery compares it as text only."""

    value: float


# Python's own types stand for Go's: None nil, bool bool, int int64, float float64, str string,
# bytes []byte, Sequence a slice, Mapping a map. A field that a span lacks is not in its mapping.
Value: TypeAlias = (
    "bool | int | float | str | bytes | Uint64 | Float32"
    " | Sequence[Value] | Mapping[str, Value] | None"
)
Fields: TypeAlias = Mapping[str, Value]

ROOT_FIELD: Final = "meta.refinery.root"
_SPANS_FEW: Final = 16


@record
class Span:
    """One item of a trace: a span, span event, link or log.

    fields:  what Refinery's conditions read, `meta.refinery.root` included where it is set.
    is_root: it has no parent. A trace may hold several such spans; the last of them is its root.
    """

    fields: Fields
    is_root: bool = False


@record
class Trace:
    """The spans of one trace id in order of arrival; never empty."""

    trace_id: str
    spans: tuple[Span, ...]

    @property
    def distinct_spans(self) -> tuple[Span, ...]:
        """The spans, the same object once: all that a question about some span needs to see.

        The traces that evaluators are compared on repeat one span up to a threshold of
        `span_count`.
        """
        if len(self.spans) < _SPANS_FEW:
            return self.spans
        return tuple(dict(zip(map(id, self.spans), self.spans, strict=True)).values())

    @property
    def root(self) -> Span | None:
        """The last span without a parent, if any."""
        for span in reversed(self.spans):
            if span.is_root:
                return span
        return None
