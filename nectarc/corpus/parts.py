"""One Parquet file of a corpus: a row for each span, a column for each frequent field and type.

Owns: the layout, both ways between it and `SpanTable`. Must not know: which files make a corpus.
Truth: docs/decisions/0008-corpus-parquet.md.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np

from nectarc.corpus import arrow
from nectarc.corpus.arrow import Array, Float64s, Int64s
from nectarc.corpus.span_table import Column, ColumnsOnDemand, Kind, Scattered, SpanTable
from nectarc.records import record

LAYOUT_VERSION: Final = 2
LAYOUT_KEY: Final = "nectarc"
COUNTS_KEY: Final = "nectarc.counts"
REST: Final = "rest"
TRACE: Final = "trace"
SPAN_START: Final = "span_start_ns"
# A field and type of fewer spans than one in so many goes to `rest`, and so do all beyond the
# most frequent: a column costs a page and a footer entry, however empty it is.
_RARE_ONE_IN: Final = 500
_COLUMNS_MAX: Final = 400
_SUFFIXES: Final[Mapping[Kind, str]] = {
    Kind.BOOL: ":bool",
    Kind.INT: ":int",
    Kind.FLOAT: ":float",
    Kind.TEXT: ":text",
    Kind.OTHER: ":json",
}
_KINDS: Final[Mapping[str, Kind]] = {suffix[1:]: kind for kind, suffix in _SUFFIXES.items()}
_Scattered: TypeAlias = dict[tuple[str, Kind], Scattered]


class PartError(ValueError):
    """A file that is no part of a corpus; the message says what it is. Stays in `corpus`."""


@record(kw_only=True)
class Part:
    """What one file holds: some spans of each of its traces.

    numbers:      (traces,) the place of each trace in the order of first arrival, ascending; the
                  spans of a trace may lie in several files, under one number.
    sample_rates: (traces,) what the sender said that each span stands for, >= 1; `weights` of the
                  table are these times the factor of the reservoir that drew the trace.
    """

    table: SpanTable
    numbers: Int64s
    sample_rates: Float64s


def write_part(path: str, part: Part, counts: str) -> int:
    """Write a new file whole and return its size in bytes; raises OSError.

    counts: text that goes into the footer with it (`field_counts`).
    """
    table = part.table
    frequent, rare = _divided(table)
    per_span = np.diff(table.offsets)
    columns: dict[str, Array] = {
        TRACE: arrow.array_of_numbers(np.repeat(part.numbers, per_span)),
        "trace_id": arrow.repeated(table.trace_ids, per_span),
        "is_root": arrow.array_of_numbers(table.is_root),
        "start_time_ns": arrow.array_of_numbers(np.repeat(table.start_time_ns, per_span)),
        "weight": arrow.array_of_numbers(np.repeat(table.weights, per_span)),
        "sample_rate": arrow.array_of_numbers(np.repeat(part.sample_rates, per_span)),
        "source": arrow.repeated(table.sources, per_span),
    }
    if table.span_starts is not None and table.span_starts.any():
        columns[SPAN_START] = arrow.array_of_numbers(table.span_starts)
    for (name, kind), (rows, values) in frequent.items():
        columns[name + _SUFFIXES[kind]] = arrow.scattered(values, rows, table.span_count)
    if rare:
        columns[REST] = _rest_of(rare, table.span_count)
    layout = {
        "version": LAYOUT_VERSION,
        "traces": table.trace_count,
        "rest": sorted({name for name, _ in rare}),
    }
    metadata = {LAYOUT_KEY: json.dumps(layout), COUNTS_KEY: counts}
    arrow.write_parquet(path, columns, metadata)
    with Path(path).open("rb") as file:
        os.fsync(file.fileno())
        return os.fstat(file.fileno()).st_size


def read_part(path: str, fields: Collection[str] | None = None) -> Part:
    """Read a file, with all fields or `fields` only; raises PartError and OSError."""
    metadata, names = arrow.read_parquet_footer(path)
    layout = _layout_of(metadata, names)
    own = {TRACE, "trace_id", "is_root", "start_time_ns", "weight", "sample_rate", "source"}
    split = {name: _split(name) for name in names if name not in {*own, REST, SPAN_START}}
    if fields is None and SPAN_START in names:
        own.add(SPAN_START)
    wanted = [name for name, (field, _) in split.items() if fields is None or field in fields]
    in_rest = [name for name in layout if fields is None or name in fields]
    columns = arrow.read_parquet(
        path,
        [*own, *wanted, *([REST] if in_rest else [])],
        [name for name in wanted if split[name][1] in (Kind.TEXT, Kind.OTHER)],
    )
    parts: dict[str, dict[Kind, Column]] = {}
    for name in wanted:
        field, kind = split[name]
        if columns[name].null_count < len(columns[name]):
            parts.setdefault(field, {})[kind] = columns[name]
    if in_rest:
        for (field, kind), scattered in _read_rest(columns[REST], frozenset(in_rest)).items():
            parts.setdefault(field, {})[kind] = scattered
    numbers = arrow.int64s(columns[TRACE])
    starts = np.flatnonzero(np.diff(numbers, prepend=numbers[:1] - 1))
    at = arrow.array_of_numbers(starts)
    table = SpanTable(
        offsets=np.append(starts, len(numbers)).astype(np.int64),
        trace_ids=columns["trace_id"].take(at),
        start_time_ns=arrow.int64s(columns["start_time_ns"].take(at)),
        weights=arrow.float64s(columns["weight"].take(at), 1.0),
        sources=columns["source"].take(at).dictionary_encode(),
        is_root=arrow.bools(columns["is_root"]),
        columns=ColumnsOnDemand(parts, len(numbers)),
        span_starts=arrow.int64s(columns[SPAN_START]) if SPAN_START in own else None,
    )
    rates = arrow.float64s(columns["sample_rate"].take(at), 1.0)
    return Part(table=table, numbers=numbers[starts], sample_rates=rates)


def read_counts(path: str) -> str:
    """Return the text that `write_part` was given; raises PartError and OSError."""
    metadata, names = arrow.read_parquet_footer(path)
    _layout_of(metadata, names)
    return metadata.get(COUNTS_KEY, "{}")


def joined_parts(parts: Sequence[Part]) -> Part:
    """Return whole traces: the spans of each in the order of `parts`, then of arrival.

    The last file that has a trace knows its start time and weight; the first its source.
    """
    if len(parts) == 1:
        return parts[0]
    numbers = np.concatenate([part.numbers for part in parts])
    order = np.argsort(numbers, kind="stable")
    lengths = np.concatenate([np.diff(part.table.offsets) for part in parts])
    sorted_numbers = numbers[order]
    is_first = np.diff(sorted_numbers, prepend=sorted_numbers[:1] - 1) != 0
    firsts = order[is_first]
    lasts = order[np.append(np.flatnonzero(is_first)[1:], len(order)) - 1]
    starts = np.cumsum(lengths) - lengths
    rows = _rows_of(starts[order], lengths[order])
    new_lengths = np.add.reduceat(lengths[order], np.flatnonzero(is_first))

    def per_trace(name: str) -> Array:
        return np.concatenate([getattr(part.table, name) for part in parts])

    table = SpanTable(
        offsets=np.concatenate([[0], np.cumsum(new_lengths)]).astype(np.int64),
        trace_ids=arrow.taken([part.table.trace_ids for part in parts], firsts),
        start_time_ns=per_trace("start_time_ns")[lasts],
        weights=per_trace("weights")[lasts],
        sources=arrow.taken([part.table.sources for part in parts], firsts),
        is_root=np.concatenate([part.table.is_root for part in parts])[rows],
        columns=_moved(_all_scattered([part.table for part in parts]), rows),
        span_starts=np.concatenate([_span_starts(part.table) for part in parts])[rows],
    )
    rates = np.concatenate([part.sample_rates for part in parts])[lasts]
    return Part(table=table, numbers=numbers[firsts], sample_rates=rates)


def select_traces(part: Part, chosen: Int64s) -> Part:
    """Return the traces at the indices `chosen`, ascending, with all their spans."""
    table = part.table
    lengths = np.diff(table.offsets)[chosen]
    rows = _rows_of(table.offsets[:-1][chosen], lengths)
    selected = SpanTable(
        offsets=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        trace_ids=arrow.taken([table.trace_ids], chosen),
        start_time_ns=table.start_time_ns[chosen],
        weights=table.weights[chosen],
        sources=arrow.taken([table.sources], chosen),
        is_root=table.is_root[rows],
        columns=_moved(_all_scattered([table]), rows),
        span_starts=_span_starts(table)[rows],
    )
    return Part(
        table=selected, numbers=part.numbers[chosen], sample_rates=part.sample_rates[chosen]
    )


def _span_starts(table: SpanTable) -> Int64s:
    return np.zeros(table.span_count, np.int64) if table.span_starts is None else table.span_starts


def _rows_of(starts: Int64s, lengths: Int64s) -> Int64s:
    """Return starts[0], starts[0] + 1, ... for `lengths[0]` rows, then those of the next."""
    before = np.cumsum(lengths) - lengths
    rows: Int64s = np.repeat(starts - before, lengths) + np.arange(lengths.sum())
    return rows


def _all_scattered(tables: Sequence[SpanTable]) -> _Scattered:
    """Return the columns of tables that stand one after the other."""
    found: dict[tuple[str, Kind], list[Scattered]] = {}
    start = 0
    for table in tables:
        for name in table.columns:
            for kind, (rows, values) in table.columns.scattered(name).items():
                found.setdefault((name, kind), []).append(Scattered(rows + start, values))
        start += table.span_count
    return {
        key: pieces[0]
        if len(pieces) == 1
        else Scattered(
            np.concatenate([piece.rows for piece in pieces]),
            arrow.joined([piece.values for piece in pieces]),
        )
        for key, pieces in found.items()
    }


def _moved(columns: _Scattered, rows: Int64s) -> ColumnsOnDemand:
    """Return the columns of the table whose row i is row `rows[i]` of this one; none twice."""
    length = int(rows.max(initial=-1)) + 1
    for scattered in columns.values():
        length = max(length, int(scattered.rows.max(initial=-1)) + 1)
    new_rows = np.full(length, -1, np.int64)
    new_rows[rows] = np.arange(len(rows))
    parts: dict[str, dict[Kind, Column]] = {}
    for (name, kind), scattered in columns.items():
        moved = new_rows[scattered.rows]
        order = np.argsort(moved, kind="stable")
        kept = order[np.searchsorted(moved[order], 0) :]
        if len(kept):
            values = scattered.values.take(arrow.array_of_numbers(kept))
            parts.setdefault(name, {})[kind] = Scattered(moved[kept], values)
    return ColumnsOnDemand(parts, len(rows))


def _divided(table: SpanTable) -> tuple[_Scattered, _Scattered]:
    """Return what gets columns of its own, and what is too rare for them."""
    every = _all_scattered([table])
    by_count = sorted(every, key=lambda key: (-len(every[key].rows), key[0], key[1].value))
    rows_min = table.span_count / _RARE_ONE_IN
    frequent = {key for key in by_count[:_COLUMNS_MAX] if len(every[key].rows) >= rows_min}
    ordered = sorted(every, key=lambda key: (key[0], key[1].value))
    return (
        {key: every[key] for key in ordered if key in frequent},
        {key: every[key] for key in ordered if key not in frequent},
    )


def _rest_of(rare: _Scattered, length: int) -> Array:
    """Return one map a span: entries named as columns would be, values as text."""
    names = [name + _SUFFIXES[kind] for name, kind in rare]
    pieces = list(rare.values())
    rows = np.concatenate([piece.rows for piece in pieces])
    codes = np.repeat(np.arange(len(names)), [len(piece.rows) for piece in pieces])
    texts = arrow.plain_texts([piece.values for piece in pieces])
    order = np.argsort(rows, kind="stable")
    offsets = np.searchsorted(rows[order], np.arange(length + 1))
    return arrow.text_maps(offsets, names, codes[order], texts.take(arrow.array_of_numbers(order)))


def _read_rest(rest: Array, fields: Collection[str]) -> _Scattered:
    """Return the entries of `fields` by field and type."""
    offsets, keys, texts = arrow.map_entries(rest)
    rows = np.repeat(np.arange(len(rest)), np.diff(offsets))
    names: list[str] = keys.dictionary.to_pylist()
    codes = arrow.codes_of(keys)
    order = np.argsort(codes, kind="stable")
    bounds = np.searchsorted(codes[order], np.arange(len(names) + 1))
    found: _Scattered = {}
    for code, name in enumerate(names):
        field, kind = _split(name)
        if field in fields and bounds[code] < bounds[code + 1]:
            at = order[bounds[code] : bounds[code + 1]]
            values = arrow.from_texts(texts.take(arrow.array_of_numbers(at)), _TYPES[kind])
            found[field, kind] = Scattered(rows[at].astype(np.int64), values)
    return found


_TYPES: Final = {
    Kind.BOOL: arrow.BOOL,
    Kind.INT: arrow.INT64,
    Kind.FLOAT: arrow.FLOAT64,
    Kind.TEXT: arrow.DICTIONARY_TEXT,
    Kind.OTHER: arrow.DICTIONARY_TEXT,
}


def _split(column: str) -> tuple[str, Kind]:
    field, _, suffix = column.rpartition(":")
    return field, _KINDS[suffix]


def _layout_of(metadata: Mapping[str, str], names: Sequence[str]) -> Sequence[str]:
    """Return the fields that `rest` holds."""
    if LAYOUT_KEY not in metadata:
        shown = ", ".join(f"`{name}`" for name in names[:5]) + (", ..." if names[5:] else "")
        raise PartError(f"a Parquet file of another program, with the columns {shown}")
    try:
        layout = json.loads(metadata[LAYOUT_KEY])
        version = layout["version"]
        rest = [str(name) for name in layout["rest"]]
    except (ValueError, KeyError, TypeError) as error:
        raise PartError("a Parquet file of nectarc whose footer is damaged") from error
    if version != LAYOUT_VERSION:
        raise PartError(f"of another version of nectarc (layout {version})")
    return rest
