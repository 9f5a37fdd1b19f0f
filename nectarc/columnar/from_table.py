"""Span tables become the kernels' columns, field by field, as a program asks for them.

Owns: which values become codes and which stay numbers. Must not know: programs, kernels.
Truth: nectarc/corpus/span_table.py (the input), nectarc/columnar/columns.py (the layout).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from nectarc.columnar.columns import (
    NOWHERE,
    PADDING,
    CodedColumn,
    Codes,
    Columns,
    FieldColumn,
    Int64s,
    NumberColumn,
    bits_at,
)
from nectarc.corpus.arrow import Array, bools, codes_of, float64s, int64s
from nectarc.corpus.span_table import Kind, Scattered, SpanTable, other_value
from nectarc.evaluate.values import MISSING, ValueOrMissing

# More distinct numbers than this stay numbers: a dictionary of them would only cost.
NUMBERS_MAX: Final = 4096
_SAMPLE: Final = 1 << 14

# Distinct values, and the index into them of each value.
_Encoded: TypeAlias = tuple[Sequence[ValueOrMissing], Int64s]


def columns_of(table: SpanTable, *, numbers_max: int = NUMBERS_MAX) -> Columns:
    """Return the columns of a table; each field is made when a program asks for it.

    numbers_max: how many distinct numbers of a field, of one type, may become codes.
    """
    return Columns(table.offsets, table.is_root, lambda name: _field(table, name, numbers_max))


def _field(table: SpanTable, name: str, numbers_max: int) -> FieldColumn:
    if name not in table.columns:
        return NOWHERE
    values: list[ValueOrMissing] = [MISSING]
    coded: list[tuple[Int64s, Int64s]] = []
    numbers: dict[Kind, NumberColumn] = {}
    apart: list[Int64s] = []
    parts = table.columns.scattered(name)
    for kind in (Kind.OTHER, Kind.BOOL, Kind.INT, Kind.FLOAT, Kind.TEXT):
        part = parts.get(kind)
        if part is None or not len(part.rows):
            continue
        found = _encoded(kind, part.values, numbers_max)
        if found is None:
            numbers[kind] = _number_column(kind, part, table.span_count)
            apart.append(part.rows)
        else:
            distinct, codes = found
            coded.append((part.rows, codes + len(values)))
            values.extend(distinct)
    elsewhere = len(values) if apart else -1
    if apart:
        values.append(MISSING)
        coded.extend((rows, np.array(elsewhere)) for rows in apart)
    column = CodedColumn(
        values=tuple(values),
        codes=_codes(coded, len(values), table.span_count),
        elsewhere=elsewhere,
    )
    return FieldColumn(coded=column, floats=numbers.get(Kind.FLOAT), ints=numbers.get(Kind.INT))


def _encoded(kind: Kind, values: Array, numbers_max: int) -> _Encoded | None:
    """Return a dictionary of the values, sorted; None: they are numbers, too many of them."""
    match kind:
        case Kind.TEXT:
            return _sorted_texts(*_used(values))
        case Kind.OTHER:
            texts, codes = _used(values)
            return [other_value(text) for text in texts], codes
        case Kind.BOOL:
            return (False, True), bools(values).astype(np.int64)
        case Kind.INT:
            return _encoded_numbers(values, np.int64, numbers_max)
        case Kind.FLOAT:
            return _encoded_numbers(values.view("int64"), np.float64, numbers_max)


def _used(values: Array) -> tuple[list[str], Int64s]:
    """Return the texts that occur, and the index into them of each value."""
    codes = codes_of(values)
    is_used = np.bincount(codes, minlength=len(values.dictionary)) > 0
    texts = [
        text for text, used in zip(values.dictionary.to_pylist(), is_used, strict=True) if used
    ]
    return texts, (np.cumsum(is_used) - 1)[codes]


def _sorted_texts(texts: list[str], codes: Int64s) -> _Encoded:
    order = sorted(range(len(texts)), key=texts.__getitem__)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return [texts[index] for index in order], rank[codes]


def _encoded_numbers(
    bits: Array, dtype: type[np.int64 | np.float64], numbers_max: int
) -> _Encoded | None:
    """Return the numbers with these bits; the bits tell -0.0 and 0.0 apart, which print so."""
    if len(bits[:_SAMPLE].unique()) > numbers_max:
        return None
    encoded = bits.dictionary_encode()
    distinct = int64s(encoded.dictionary)
    if len(distinct) > numbers_max:
        return None
    order = np.argsort(distinct.view(dtype), kind="stable")
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    numbers: list[ValueOrMissing] = distinct.view(dtype)[order].tolist()
    return numbers, rank[codes_of(encoded)]


def _number_column(kind: Kind, part: Scattered, length: int) -> NumberColumn:
    is_float = kind is Kind.FLOAT
    values: npt.NDArray[np.float64] | Int64s
    if is_float:
        values = np.full(length + PADDING, np.nan)
        values[part.rows] = float64s(part.values, np.nan)
    else:
        values = np.zeros(length + PADDING, np.int64)
        values[part.rows] = int64s(part.values)
    rows = None if len(part.rows) == length else bits_at(part.rows, length)
    return NumberColumn(values=values, rows=rows)


def _codes(coded: Sequence[tuple[Int64s, Int64s]], count: int, length: int) -> Codes:
    """Return (length + padding,) codes, MISSING's where nothing says otherwise."""
    codes: Codes
    if count <= 1 << 8:
        codes = np.zeros(length + PADDING, np.uint8)
    elif count <= 1 << 16:
        codes = np.zeros(length + PADDING, np.uint16)
    else:
        codes = np.zeros(length + PADDING, np.int32)
    for rows, found in coded:
        codes[rows] = found
    return codes
