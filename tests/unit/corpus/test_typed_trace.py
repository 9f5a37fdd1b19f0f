from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nectarc.corpus.typed_trace import (
    TypedTraceError,
    decode_trace,
    decode_value,
    encode_trace,
    encode_value,
)
from nectarc.trace import ROOT_FIELD, Float32, Span, Trace, Uint64, Value

_VALUES: st.SearchStrategy[Value] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | st.text(max_size=5)
    | st.binary(max_size=5)
    | st.integers(0, 2**64 - 1).map(Uint64)
    | st.floats(width=32, allow_nan=False).map(Float32),
    lambda inner: (
        st.lists(inner, max_size=3).map(tuple) | st.dictionaries(st.text(max_size=3), inner)
    ),
    max_leaves=6,
)


@given(_VALUES)
def test_values_keep_their_type(value: Value) -> None:
    again = decode_value(json.loads(json.dumps(encode_value(value))))

    assert (again, type(again)) == (value, type(value))


def test_meta_puts_the_root_flag_on_every_span() -> None:
    record = {"id": "t", "root": 1, "meta": True, "spans": [{"a": 1}, {}]}

    trace = decode_trace(record)

    assert trace == Trace(
        "t", (Span({"a": 1, ROOT_FIELD: False}), Span({ROOT_FIELD: True}, is_root=True))
    )
    assert encode_trace(trace) == record


@pytest.mark.parametrize(
    "record",
    [
        [],
        {"id": 1, "root": None, "spans": [{}]},
        {"id": "t", "root": None, "spans": []},
        {"id": "t", "root": 1, "spans": [{}]},
        {"id": "t", "root": True, "spans": [{}, {}]},
        {"id": "t", "root": None, "spans": [1]},
        {"id": "t", "root": None, "spans": [{"a": 2**63}]},
        {"id": "t", "root": None, "spans": [{"a": {"u": "-1"}}]},
        {"id": "t", "root": None, "spans": [{"a": {"f": "x"}}]},
        {"id": "t", "root": None, "spans": [{"a": {"bytes": "*"}}]},
        {"id": "t", "root": None, "spans": [{"a": {"x": "y", "f": "1"}}]},
    ],
)
def test_what_is_no_typed_trace_is_refused(record: object) -> None:
    with pytest.raises(TypedTraceError):
        decode_trace(record)
