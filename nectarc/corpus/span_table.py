"""Whole traces as columns, one for each field and type: what kernels read and the store holds.

Owns: `SpanTable`, and the exact way from traces to it and back. Must not know: files, policies.
Truth: docs/decisions/0008-corpus-parquet.md; values as in ../shared/vectors/README.md.
"""

from __future__ import annotations

import json
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from itertools import islice
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np

from nectarc.corpus.arrow import (
    BOOL,
    FLOAT64,
    INT64,
    TEXT,
    Array,
    Bools,
    Float64s,
    Int64s,
    array_of,
    python_values,
    scattered,
    texts_of,
    valid_rows,
    valid_values,
)
from nectarc.corpus.stored_trace import CorpusTrace
from nectarc.corpus.typed_trace import decode_value, encode_value
from nectarc.records import record
from nectarc.trace import Span, Trace, Value


class Kind(Enum):
    """The types that have columns of their own; its value names the part of `FieldColumns`."""

    BOOL = "bools"
    INT = "ints"
    FLOAT = "floats"
    TEXT = "texts"
    OTHER = "others"


@record(kw_only=True)
class FieldColumns:
    """One span field, split by type.

    Each array has as many elements as there are spans, null where the span's value is of another
    type or the field is missing. None: no span has a value of that type.

    bools, ints, floats: Arrow bool, int64, float64. texts: dictionary<int32, string>, whose
    dictionary may hold texts that no span has, but none twice. others: dictionary<int32, string>,
    JSON text of the typed value as in ../shared/vectors/README.md, for null, uint64, float32,
    bytes, lists, maps, and texts that are not Unicode (half a surrogate pair).
    """

    bools: Array | None = None
    ints: Array | None = None
    floats: Array | None = None
    texts: Array | None = None
    others: Array | None = None


class Scattered(NamedTuple):
    """Some spans' values of one field and type: `values[i]`, never null, is that of `rows[i]`.

    rows: ascending. values: Arrow array as in `FieldColumns`.
    """

    rows: Int64s
    values: Array


Column: TypeAlias = "Scattered | Array"
Parts: TypeAlias = Mapping[Kind, Column]


class ColumnsOnDemand(Mapping[str, FieldColumns]):
    """Columns by field name, made as long as the table when they are asked for, and not kept.

    Thousands of rare fields would otherwise take spans x fields x 8 bytes.
    """

    def __init__(self, parts: Mapping[str, Parts], length: int) -> None:
        """Hold `parts`: by field and type, scattered or of `length`."""
        self._parts = parts
        self._length = length

    def __getitem__(self, name: str) -> FieldColumns:
        """Return the columns of a field, KeyError where no span has it."""
        found = {
            kind.value: scattered(part.values, part.rows, self._length)
            if isinstance(part, Scattered)
            else part
            for kind, part in self._parts[name].items()
        }
        return FieldColumns(**found)

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names."""
        return iter(self._parts)

    def __len__(self) -> int:
        """Return the number of fields."""
        return len(self._parts)

    def __contains__(self, name: object) -> bool:
        """Tell whether some span has the field; makes no column."""
        return name in self._parts

    def scattered(self, name: str) -> dict[Kind, Scattered]:
        """Return the values of a field by type with their rows, without nulls."""
        return {
            kind: part
            if isinstance(part, Scattered)
            else Scattered(valid_rows(part), valid_values(part))
            for kind, part in self._parts[name].items()
        }


@record(kw_only=True)
class SpanTable:
    """Whole traces, e.g. one partition of a corpus.

    offsets:       (traces + 1,) the spans of trace i are rows offsets[i]:offsets[i + 1], in order
                   of arrival; every trace has at least one.
    trace_ids:     Arrow string array (traces,).
    start_time_ns: (traces,) the earliest start, nanoseconds since 1970, 0 = not known.
    weights:       (traces,) how many real traces each stands for, >= 1.
    sources:       Arrow dictionary<int32, string> (traces,), the file each was read from first.
    is_root:       (spans,) a span without parent; of several the last is the trace's root.
    columns:       by field name as spans carry it; a field that no span has is not in it.
    span_starts:   (spans,) each span's start in the same way as its trace's; None = not looked at.
    """

    offsets: Int64s
    trace_ids: Array
    start_time_ns: Int64s
    weights: Float64s
    sources: Array
    is_root: Bools
    columns: ColumnsOnDemand
    span_starts: Int64s | None = None

    @property
    def trace_count(self) -> int:
        """Return how many traces there are."""
        return len(self.offsets) - 1

    @property
    def span_count(self) -> int:
        """Return how many spans, span events and links there are."""
        return len(self.is_root)


def table_of(traces: Iterable[CorpusTrace], fields: Iterable[str] | None = None) -> SpanTable:
    """Make columns of `traces`, of all fields or of `fields` only."""
    shapes: _Shapes = {}
    wanted = None if fields is None else frozenset(fields)
    offsets, is_root = [0], list[bool]()
    ids, times, weights, sources = list[str](), list[int](), list[float](), list[str]()
    span_starts: list[int] = []
    for stored in traces:
        for span in stored.trace.spans:
            fields = span.fields
            if wanted is not None:
                fields = {name: fields[name] for name in wanted if name in fields}
            rows, values = shapes.setdefault(tuple(fields), ([], []))
            rows.append(len(is_root))
            values += fields.values()
            is_root.append(span.is_root)
        offsets.append(len(is_root))
        ids.append(stored.trace.trace_id)
        times.append(stored.start_time_ns)
        weights.append(stored.sample_rate)
        sources.append(stored.source)
        span_starts += stored.span_starts or (0,) * len(stored.trace.spans)
    return SpanTable(
        offsets=np.array(offsets, np.int64),
        trace_ids=array_of(ids, TEXT),
        start_time_ns=np.array(times, np.int64),
        weights=np.array(weights, np.float64),
        sources=texts_of(sources),
        is_root=np.array(is_root, np.bool_),
        columns=ColumnsOnDemand(
            {name: _parts_of(types) for name, types in _gathered(shapes).items()}, len(is_root)
        ),
        span_starts=np.array(span_starts, np.int64),
    )


def traces_of(table: SpanTable) -> Iterator[CorpusTrace]:
    """Return the traces of a table: the inverse of `table_of`. Holds all spans at once."""
    contents: list[dict[str, Value]] = [{} for _ in range(table.span_count)]
    for name in table.columns:
        for kind, (rows, values) in table.columns.scattered(name).items():
            found = _other_values(values) if kind is Kind.OTHER else python_values(values)
            for row, value in zip(rows.tolist(), found, strict=True):
                contents[row][name] = value
    spans = tuple(map(Span, contents, table.is_root.tolist()))
    offsets = table.offsets.tolist()
    starts = () if table.span_starts is None else tuple(table.span_starts.tolist())
    per_trace = zip(
        table.trace_ids.to_pylist(),
        table.start_time_ns.tolist(),
        table.weights.tolist(),
        python_values(table.sources),
        strict=True,
    )
    for index, (trace_id, time_ns, weight, source) in enumerate(per_trace):
        begin, end = offsets[index], offsets[index + 1]
        trace = Trace(trace_id, spans[begin:end])
        yield CorpusTrace(trace, time_ns, weight, source, starts[begin:end])


def other_text(value: Value) -> str:
    """Return the JSON text that stands for a value in `FieldColumns.others`."""
    return json.dumps(encode_value(value), separators=(",", ":"))


def other_value(text: str) -> Value:
    """Return the value that a text of `FieldColumns.others` stands for."""
    return decode_value(json.loads(text))


def is_unicode(text: str) -> bool:
    """Tell whether a text can be stored as UTF-8: it has no half of a surrogate pair."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


# By field and Python type: rows and the values there.
_Gathered: TypeAlias = dict[str, dict[type, tuple[list[int], list[Any]]]]
# Rows by the names that their spans have, in order, and their values, span after span.
_Shapes: TypeAlias = dict[tuple[str, ...], tuple[list[int], list[Any]]]


def _gathered(shapes: _Shapes) -> _Gathered:
    """Return the values by field and type: the innermost loop of `ingest`, column by column."""
    gathered: _Gathered = {}
    for names, (rows, values) in shapes.items():
        width = len(names)
        for place, name in enumerate(names):
            column = values[place::width]
            types = set(map(type, column))
            by_type = gathered.setdefault(name, {})
            for one in types:
                chosen = (rows, column) if len(types) == 1 else _of_type(one, rows, column)
                known = by_type.get(one)
                if known is None:
                    by_type[one] = (chosen[0].copy(), chosen[1])
                else:
                    known[0].extend(chosen[0])
                    known[1].extend(chosen[1])
    return gathered


def _of_type(wanted: type, rows: list[int], values: list[Any]) -> tuple[list[int], list[Any]]:
    places = [place for place, value in enumerate(values) if type(value) is wanted]
    return [rows[place] for place in places], [values[place] for place in places]


def _parts_of(types: dict[type, tuple[list[int], list[Any]]]) -> Parts:
    parts: dict[Kind, Column] = {}
    others: list[tuple[int, str]] = []
    for python_type, unsorted in types.items():
        rows, values = _in_row_order(*unsorted)
        found = _KINDS.get(python_type)
        if found is None:
            others += zip(rows, map(other_text, values), strict=True)
            continue
        kind, make = found
        try:
            parts[kind] = Scattered(np.array(rows, np.int64), make(values))
        except UnicodeEncodeError:
            pairs = list(zip(rows, values, strict=True))
            good = [pair for pair in pairs if is_unicode(pair[1])]
            others += [(row, other_text(text)) for row, text in pairs if not is_unicode(text)]
            if good:
                parts[kind] = Scattered(
                    np.array([row for row, _ in good], np.int64), make([text for _, text in good])
                )
    if others:
        others.sort()
        parts[Kind.OTHER] = Scattered(
            np.array([row for row, _ in others], np.int64), texts_of([text for _, text in others])
        )
    return parts


def _in_row_order(rows: list[int], values: list[Any]) -> tuple[list[int], list[Any]]:
    if all(map(operator.lt, rows, islice(rows, 1, None))):
        return rows, values  # spans of one shape only
    order = sorted(range(len(rows)), key=rows.__getitem__)
    return [rows[place] for place in order], [values[place] for place in order]


_KINDS: Final[Mapping[type, tuple[Kind, Callable[[Sequence[Any]], Array]]]] = {
    bool: (Kind.BOOL, lambda values: array_of(values, BOOL)),
    int: (Kind.INT, lambda values: array_of(values, INT64)),
    float: (Kind.FLOAT, lambda values: array_of(values, FLOAT64)),
    str: (Kind.TEXT, texts_of),
}


def _other_values(values: Array) -> list[Value]:
    """Decode each distinct text once."""
    decoded = {text: other_value(text) for text in values.dictionary.to_pylist()}
    return [decoded[text] for text in python_values(values)]
