"""Hypothesis strategies for values, spans and traces, hostile ones included.

`traces_for(policy)` draws values from both sides of the policy's own tests; `traces()` knows only
the field names that it is given. Roots carry `meta.refinery.root` as in production; a trace may
have no root, one, or several spans without a parent; some spans are logs, which lack that field.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from nectarc.evaluate.assume import Assume
from nectarc.evaluate.boundaries import NO_ASSUMPTION, plan_boundaries
from nectarc.ir.nodes import Policy, TraceExpr
from nectarc.refinery.rules import TargetSampler
from nectarc.trace import ROOT_FIELD, Fields, Float32, Span, Trace, Uint64, Value

# Spans, span events and links lack most fields; events have no duration, no status.
COMMON_NAMES: Final = (
    "http.status",
    "http.response.status_code",
    "http.status_code",
    "duration_ms",
    "error",
    "status_code",
    "http.route",
    "http.method",
    "service.name",
    "name",
)

usual_values: Final[SearchStrategy[Value]] = st.one_of(
    st.sampled_from((0, 1, 2, 200, 404, 499, 500, 501, 5000, 5001, -1)),
    st.sampled_from((0.0, 0.35, 499.5, 500.0, 5000.0, 5000.001, 1e6)),
    st.booleans(),
    st.sampled_from(("", "GET", "POST", "/api/v1/", "checkout", "other")),
)
hostile_values: Final[SearchStrategy[Value]] = st.one_of(
    st.none(),
    st.sampled_from(("<nil>", "nil", "500", " 500", "+500", "5e2", "0x1p4", "NaN", "true", "T")),
    st.sampled_from((math.nan, math.inf, -math.inf, -0.0, 1e300, 5e-324, 2.0**53)),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(),
    st.integers(0, 2**64 - 1).map(Uint64),
    st.sampled_from((0, 1, 500, 5000)).map(Uint64),
    st.floats(width=32).map(Float32),
    st.binary(max_size=4),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    st.lists(st.integers(0, 3) | st.text(max_size=2), max_size=3).map(tuple),
    st.dictionaries(st.sampled_from(("a", "b")), st.integers(0, 3), max_size=2),
)
values: Final[SearchStrategy[Value]] = usual_values | hostile_values

# Hypothesis shrinks towards what stands first: no root, one span, missing fields.
_ids: Final = st.integers(0, 2**128 - 1).map(lambda number: f"{number:032x}")


def traces(
    field_names: Sequence[str] = COMMON_NAMES,
    value_strategy: SearchStrategy[Value] = values,
    *,
    spans_max: int = 4,
) -> SearchStrategy[Trace]:
    """Draw a trace whose spans have any of `field_names`, with values of any type."""
    contents: SearchStrategy[Fields] = st.dictionaries(
        st.sampled_from(tuple(field_names)), value_strategy, max_size=4
    )
    return traces_of(contents, spans_max=spans_max)


def traces_for(
    subject: Policy | Iterable[TraceExpr],
    rules: TargetSampler | None = None,
    assume: Assume = NO_ASSUMPTION,
    *,
    spans_max: int = 4,
) -> SearchStrategy[Trace]:
    """Draw a trace around the boundaries of `subject` and `rules`; no value breaks `assume`.

    For each group of fields that a name reads together, a span lacks them all, or is of one of the
    classes that the tests tell apart. Span counts around the thresholds come from repeated spans.
    """
    plan = plan_boundaries(subject, rules, assume)
    classes = [
        st.sampled_from([st.sampled_from(one.assignments) for one in group.classes]).flatmap(
            lambda one: one
        )
        for group in plan.groups
    ]
    missing: SearchStrategy[Fields] = st.just({})
    contents = st.tuples(*(missing | one for one in classes)).map(_merged)
    counts = sorted({n + d for n in plan.thresholds if n < 100 for d in (-1, 0, 1) if n + d > 0})
    drawn = traces_of(contents, spans_max=spans_max)
    if not counts:
        return drawn
    return st.one_of(drawn, st.builds(_repeated, drawn, st.sampled_from(counts)))


def traces_of(contents: SearchStrategy[Fields], *, spans_max: int = 4) -> SearchStrategy[Trace]:
    """Draw a trace of spans with `contents`."""
    span = st.builds(_span, contents, st.sampled_from(("inner", "inner", "root", "log")))
    spans = st.lists(span, min_size=1, max_size=spans_max).map(tuple)
    return st.builds(Trace, _ids, spans)


def _span(fields: Fields, kind: str) -> Span:
    if kind == "log":
        return Span(fields)
    return Span({**fields, ROOT_FIELD: kind == "root"}, kind == "root")


def _repeated(trace: Trace, count: int) -> Trace:
    last = trace.spans[-1]
    padding = (Span(last.fields) if not last.is_root else Span({ROOT_FIELD: False}),)
    spans = (*trace.spans, *padding * max(0, count - len(trace.spans)))
    return Trace(trace.trace_id, spans[:count])


def _merged(parts: Iterable[Fields]) -> Fields:
    return {name: value for part in parts for name, value in part.items()}
