"""Span tables become columns: what is a code, what stays a number."""

from __future__ import annotations

import numpy as np
import pytest

from nectarc.columnar.columns import NOWHERE
from nectarc.columnar.decide import holds_table
from nectarc.columnar.from_table import columns_of
from nectarc.columnar.machine import Engine
from nectarc.corpus.span_table import table_of
from nectarc.corpus.stored_trace import CorpusTrace
from nectarc.evaluate.values import MISSING
from nectarc.ir.nodes import AnySpan, Field, SpanTest, StringOp, StringTest
from nectarc.trace import Span, Trace, Uint64, Value

_engines = pytest.mark.parametrize("engine", Engine)


def _traces(values: list[Value]) -> list[CorpusTrace]:
    return [CorpusTrace(Trace(str(i), (Span({"f": one}),))) for i, one in enumerate(values)]


def _text_test(op: StringOp, text: str) -> AnySpan:
    return AnySpan(SpanTest(StringTest(Field(("f",), "f"), op, text)))


def test_values_are_sorted_within_their_type_and_missing_is_first() -> None:
    values: list[Value] = ["b", 2, "a", True, None, 1.5, Uint64(7), 1, False]
    columns = columns_of(table_of(_traces(values)))

    column = columns.field("f").coded

    assert column.values[0] is MISSING
    assert set(map(repr, column.values[1:3])) == {"None", repr(Uint64(7))}
    assert column.values[3:] == (False, True, 1, 2, 1.5, "a", "b")
    assert [column.values[code] for code in column.codes[: len(values)]] == values


def test_a_field_that_no_span_has_is_missing_everywhere() -> None:
    columns = columns_of(table_of(_traces(["x"])))

    assert columns.field("g") is NOWHERE


def test_zeros_that_print_differently_are_two_codes() -> None:
    columns = columns_of(table_of(_traces([0.0, -0.0, 0.0])))

    assert [str(one) for one in columns.field("f").coded.values[1:]] in (
        ["-0.0", "0.0"],
        ["0.0", "-0.0"],
    )


@pytest.mark.parametrize(("count", "dtype"), [(255, "u1"), (256, "u2"), (65_536, "i4")])
def test_codes_are_as_narrow_as_the_dictionary_allows(count: int, dtype: str) -> None:
    columns = columns_of(table_of(_traces([f"{i:05}" for i in range(count)])))

    assert columns.field("f").coded.codes.dtype == np.dtype(dtype)


@_engines
def test_texts_too_many_for_narrow_codes_are_looked_up(engine: Engine) -> None:
    values: list[Value] = [f"{i:05}" for i in range(70_000)]
    wanted = [_text_test(StringOp.CONTAINS, "77"), _text_test(StringOp.EQ, "69999")]

    held = holds_table(wanted, table_of(_traces(values)), engine=engine)

    assert held.tolist() == [["77" in str(one) for one in values], [False] * 69_999 + [True]]


@_engines
def test_many_numbers_stay_numbers_and_their_text_is_asked_all_the_same(engine: Engine) -> None:
    values: list[Value] = [i / 7 for i in range(20_000)]
    table = table_of(_traces(values))

    held = holds_table([_text_test(StringOp.CONTAINS, "42857")], table, engine=engine)

    field = columns_of(table).field("f")
    assert field.floats is not None
    assert len(field.coded.values) == 2
    assert held[0].tolist() == ["42857" in str(one) for one in values]
