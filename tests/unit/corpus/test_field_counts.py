"""Counting fields: exact while values are few, close when they are many, the same when merged."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nectarc.corpus.field_counts import counts_from, counts_of, merged_counts
from nectarc.corpus.span_table import table_of
from nectarc.corpus.stored_trace import CorpusTrace
from nectarc.trace import Span, Trace, Value
from tests.trace_strategies import traces


def _stored(*values: Value) -> CorpusTrace:
    return CorpusTrace(Trace("t", tuple(Span({"f": value}) for value in values)))


@given(st.sets(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), min_size=1))
def test_few_distinct_texts_are_counted_exactly(texts: set[str]) -> None:
    schema = counts_of(table_of([_stored(*texts, *texts)])).schema()

    assert schema.cardinality("f") == len(texts)


def test_values_of_different_types_are_different() -> None:
    schema = counts_of(table_of([_stored(1, 1.0, True, "1", None, (1,), 1, "1")])).schema()

    assert schema.cardinality("f") == 6
    assert dict(schema.fields["f"].types) == {
        "bool": 1, "float": 1, "int": 2, "null": 1, "other": 1, "string": 2,
    }  # fmt: skip
    assert schema.fields["f"].examples == ("1", "1.0", "True", "None", "(1,)")


@pytest.mark.parametrize("kind", [int, float, str, "{:032x}".format])
def test_many_distinct_values_are_estimated(kind: type) -> None:
    schema = counts_of(table_of([_stored(*map(kind, range(50_000)))])).schema()

    assert schema.cardinality("f") == pytest.approx(50_000, rel=0.15)


@given(st.lists(st.lists(traces(), max_size=3), min_size=1, max_size=3))
def test_parts_add_up_to_the_whole(parts: list[list[Trace]]) -> None:
    tables = [table_of(map(CorpusTrace, part)) for part in parts]
    whole = counts_of(table_of(CorpusTrace(trace) for part in parts for trace in part))

    merged = merged_counts([counts_from(counts_of(table).text()) for table in tables])

    assert merged.schema() == whole.schema()


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"fields": {"a": 1}}'])
def test_damaged_counts_are_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match="the counts of its fields are damaged"):
        counts_from(text)
