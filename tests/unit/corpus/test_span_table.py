"""Traces become columns and come back as they were, whatever their values."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from hypothesis import example, given
from hypothesis import strategies as st

from nectarc.corpus.span_table import table_of, traces_of
from nectarc.corpus.stored_trace import CorpusTrace
from nectarc.trace import Float32, Span, Trace, Uint64, Value
from tests.trace_strategies import traces, values

_NAMES = ("a", "", "a.b", "a:int", "\n", "naïve", "meta.refinery.root", "rest", "trace_id")
_NESTED: st.SearchStrategy[Value] = st.recursive(
    values,
    lambda inner: (
        st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=3), inner)
    ),
    max_leaves=5,
)
STORED = st.builds(
    CorpusTrace,
    traces(_NAMES, _NESTED),
    st.integers(0, 2**63 - 1),
    st.floats(1, 1e12),
    st.sampled_from(("", "t.json", "<stdin>")),
)


def exact(value: Value) -> object:
    """What is equal only for the same value of the same type, NaN and -0.0 too."""
    match value:
        case float():
            return "nan" if math.isnan(value) else ("float", math.copysign(1, value), value)
        case Float32():
            return ("float32", exact(value.value))
        case str() | bytes() | Uint64() | bool() | int() | None:
            return (type(value).__name__, value)
        case Mapping():
            return ("map", {name: exact(item) for name, item in value.items()})
        case Sequence():
            return ("list", [exact(item) for item in value])


def shape(stored: CorpusTrace) -> object:
    spans = [
        (span.is_root, {name: exact(value) for name, value in span.fields.items()})
        for span in stored.trace.spans
    ]
    about = (stored.start_time_ns, stored.sample_rate, stored.source)
    return (stored.trace.trace_id, about, spans)


@given(st.lists(STORED, max_size=5))
@example([])
@example([CorpusTrace(Trace("t", (Span({}),) * 3))])
@example([CorpusTrace(Trace("t", (Span({"a": "\ud800", "b": math.nan, "c": -0.0}, True),)))])
def test_traces_come_back_as_they_were(stored: list[CorpusTrace]) -> None:
    again = list(traces_of(table_of(stored)))

    assert [shape(one) for one in again] == [shape(one) for one in stored]


def test_each_type_has_its_column_and_nulls_elsewhere() -> None:
    spans = (
        Span({"f": 1, "g": "x"}, is_root=True),
        Span({"f": "1"}),
        Span({"f": True}),
        Span({"f": 1.0}),
        Span({"f": None, "g": "x"}),
        Span({"f": Uint64(1)}),
    )

    table = table_of([CorpusTrace(Trace("t", spans[:2]), 5), CorpusTrace(Trace("u", spans[2:]))])

    f = table.columns["f"]
    assert f.ints is not None
    assert f.floats is not None
    assert f.texts is not None
    assert f.bools is not None
    assert f.others is not None
    assert f.ints.to_pylist() == [1, None, None, None, None, None]
    assert f.texts.to_pylist() == [None, "1", None, None, None, None]
    assert f.bools.to_pylist() == [None, None, True, None, None, None]
    assert f.floats.to_pylist() == [None, None, None, 1.0, None, None]
    assert f.others.to_pylist() == [None, None, None, None, "null", '{"u":"1"}']
    g = table.columns["g"]
    assert g.ints is None
    assert g.texts is not None
    assert g.texts.to_pylist() == ["x", None, None, None, "x", None]
    assert table.offsets.tolist() == [0, 2, 6]
    assert table.is_root.tolist() == [True, False, False, False, False, False]
    assert sorted(table.columns) == ["f", "g"]
    assert list(table_of([CorpusTrace(Trace("t", spans))], fields=["g"]).columns) == ["g"]
