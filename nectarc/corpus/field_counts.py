"""What a corpus looks like field by field, counted from columns in bounded memory, and merged.

Owns: the counts of a part, their text in its footer, the estimate of distinct values.
Must not know: files. Truth: docs/decisions/0008-corpus-parquet.md. Distinct values are estimated
from the lowest hashes (K. Beyer et al., "On synopses for distinct-value estimation", SIGMOD 2007).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from nectarc.corpus import arrow
from nectarc.corpus.arrow import Array, Int64s
from nectarc.corpus.schema import CorpusSchema, FieldStats
from nectarc.corpus.span_table import Kind, Scattered, SpanTable, other_value
from nectarc.records import record

Hashes: TypeAlias = npt.NDArray[np.uint64]

# Exact up to so many distinct values; above, the standard error is 1 / sqrt(_LOWEST), 3 %.
_LOWEST: Final = 1024
_EXAMPLES_MAX: Final = 5
_EXAMPLE_LENGTH_MAX: Final = 80
_LOOKED_AT_MAX: Final = 500
_NAMES: Final = {
    Kind.BOOL: "bool",
    Kind.INT: "int",
    Kind.FLOAT: "float",
    Kind.TEXT: "string",
    Kind.OTHER: "other",
}


class FieldCounts(NamedTuple):
    """One field: spans by type as in `FieldStats`, traces, examples; the lowest distinct hashes."""

    types: Mapping[str, int]
    traces: int
    examples: Sequence[str]
    hashes: Hashes


@record
class Counts:
    """All fields of some spans, and how many spans and traces there are."""

    fields: Mapping[str, FieldCounts]
    spans: int
    traces: int

    def schema(self) -> CorpusSchema:
        """Return the summary for people and for the checker."""
        fields = {
            name: FieldStats(
                dict(sorted(found.types.items())),
                sum(found.types.values()),
                found.traces,
                _distinct(found.hashes),
                tuple(found.examples),
            )
            for name, found in sorted(self.fields.items())
        }
        return CorpusSchema(fields, self.spans, self.traces)

    def text(self) -> str:
        """Return JSON that `counts_from` reads."""
        fields = {
            name: [
                dict(found.types),
                found.traces,
                list(found.examples),
                base64.b64encode(found.hashes.astype("<u8").tobytes()).decode("ascii"),
            ]
            for name, found in self.fields.items()
        }
        return json.dumps({"spans": self.spans, "traces": self.traces, "fields": fields})


def counts_from(text: str) -> Counts:
    """Read what `Counts.text` wrote; raises ValueError."""
    try:
        found = json.loads(text)
        fields = {
            str(name): FieldCounts(
                types, int(traces), examples, np.frombuffer(base64.b64decode(hashes), "<u8")
            )
            for name, (types, traces, examples, hashes) in found["fields"].items()
        }
        return Counts(fields, int(found["spans"]), int(found["traces"]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError("the counts of its fields are damaged") from error


def counts_of(table: SpanTable, known: Mapping[str, int] | None = None) -> Counts:
    """Count the fields of a table.

    known: what `known_fields` gives for traces that the corpus has spans of already; they are not
    counted again.
    """
    lengths = np.diff(table.offsets)
    trace_of_row = np.repeat(np.arange(len(lengths)), lengths)
    known = known or {}
    fields = {
        name: _count_field(table.columns.scattered(name), trace_of_row, known.get(name, 0))
        for name in table.columns
    }
    return Counts(fields, table.span_count, table.trace_count - known.get(KNOWN_TRACES, 0))


# No field of a span is called so: `known` counts whole traces under it.
KNOWN_TRACES: Final = "\0traces"


def known_fields(
    before: Iterable[frozenset[str]], after: Iterable[frozenset[str]]
) -> dict[str, int]:
    """Count the fields that traces had before spans were added; both one set a trace."""
    known: dict[str, int] = {}
    for had, has in zip(before, after, strict=True):
        if had:
            for name in (*(had & has), KNOWN_TRACES):
                known[name] = known.get(name, 0) + 1
    return known


def merged_counts(parts: Sequence[Counts]) -> Counts:
    """Add counts up; examples come from the first that have some."""
    pieces: dict[str, list[FieldCounts]] = {}
    for part in parts:
        for name, found in part.fields.items():
            pieces.setdefault(name, []).append(found)
    fields = {name: _merged(found) for name, found in pieces.items()}
    return Counts(fields, sum(part.spans for part in parts), sum(part.traces for part in parts))


def _merged(pieces: Sequence[FieldCounts]) -> FieldCounts:
    if len(pieces) == 1:
        return pieces[0]
    types: dict[str, int] = {}
    examples: dict[str, None] = {}
    for piece in pieces:
        examples |= dict.fromkeys(piece.examples)
        for name, count in piece.types.items():
            types[name] = types.get(name, 0) + count
    return FieldCounts(
        types,
        sum(piece.traces for piece in pieces),
        list(examples)[:_EXAMPLES_MAX],
        _lowest(np.concatenate([piece.hashes for piece in pieces])),
    )


def _count_field(
    parts: Mapping[Kind, Scattered], trace_of_row: Int64s, known_traces: int
) -> FieldCounts:
    types: dict[str, int] = {}
    hashes: list[Hashes] = []
    for kind, (_, values) in parts.items():
        count = len(values)
        if kind is Kind.OTHER:
            nulls = arrow.count_equal(values, "null")
            types |= {"null": nulls} if nulls else {}
            count -= nulls
        if count:
            types[_NAMES[kind]] = count
        hashes.append(_lowest(_hashes_of(kind, values)))
    rows = np.sort(np.concatenate([part.rows for part in parts.values()]))
    traces = int(np.count_nonzero(np.diff(trace_of_row[rows], prepend=-1)))
    lowest = _lowest(np.concatenate(hashes))
    return FieldCounts(types, traces - known_traces, _examples(parts), lowest)


def _examples(parts: Mapping[Kind, Scattered]) -> list[str]:
    """Return a few different values as text, of those in the first rows."""
    first: list[tuple[int, str]] = []
    for kind, (rows, values) in parts.items():
        shown = arrow.python_values(values[:_LOOKED_AT_MAX])
        if kind is Kind.OTHER:
            shown = [other_value(text) for text in shown]
        first += zip(rows.tolist(), (str(v)[:_EXAMPLE_LENGTH_MAX] for v in shown), strict=False)
    return list(dict.fromkeys(text for _, text in sorted(first)))[:_EXAMPLES_MAX]


def _distinct(lowest: Hashes) -> int:
    if len(lowest) < _LOWEST:
        return len(lowest)
    return round((_LOWEST - 1) / (float(lowest[_LOWEST - 1]) / 2.0**64))


def _lowest(hashes: Hashes) -> Hashes:
    return np.unique(hashes)[:_LOWEST]


def _hashes_of(kind: Kind, values: Array) -> Hashes:
    """Return a hash of each distinct value, the same on every machine."""
    salt = np.uint64(list(Kind).index(kind) + 1)
    distinct = arrow.distinct(values)
    if kind in (Kind.TEXT, Kind.OTHER):
        return _mixed(_text_hashes(*arrow.text_bytes(distinct)) + salt)
    if kind is Kind.FLOAT:
        bits = arrow.float64s(distinct, 0.0).view(np.uint64)
    else:
        bits = arrow.int64s(distinct).view(np.uint64)
    return _mixed(_mixed(bits) + salt)


def _text_hashes(offsets: Int64s, data: npt.NDArray[np.uint8]) -> Hashes:
    """Hash data[offsets[i]:offsets[i + 1]], all texts of one length at a time."""
    lengths = np.diff(offsets)
    found = np.zeros(len(lengths), np.uint64)
    order = np.argsort(lengths, kind="stable")
    ends = np.flatnonzero(np.diff(lengths[order], append=-1)) + 1
    start = 0
    for end in ends.tolist():
        at = order[start:end]
        length = int(lengths[at[0]])
        hashes = np.full(len(at), length, np.uint64)
        for begin in range(0, length, 8):
            width = min(8, length - begin)
            words = np.zeros((len(at), 8), np.uint8)
            words[:, :width] = data[offsets[at][:, None] + np.arange(begin, begin + width)]
            hashes = _mixed(hashes ^ words.view("<u8").ravel())
        found[at] = hashes
        start = end
    return found


def _mixed(bits: Hashes) -> Hashes:
    """Finish as SplitMix64 does (S. Vigna, public domain): every bit of the input counts."""
    bits = bits + np.uint64(0x9E3779B97F4A7C15)
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))
