"""The kernels' form of traces: codes into sorted dictionaries, numbers, bitmaps, offsets.

Owns: the layout. Must not know: tables, policies, kernels.
Truth: ../shared/reference/kernels.md. INVARIANT: every array over rows is followed by at least 64
rows that may be read and mean nothing, since kernels read 64 rows at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

from nectarc.evaluate.values import MISSING, ValueOrMissing
from nectarc.records import part, record

PADDING: Final = 128

Bools: TypeAlias = npt.NDArray[np.bool_]
Int64s: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]
Octets: TypeAlias = npt.NDArray[np.uint8]
# 64 rows a word, the first row the lowest bit.
Bits: TypeAlias = npt.NDArray[np.uint64]
Codes: TypeAlias = npt.NDArray[np.uint8 | np.uint16 | np.int32]
Numbers: TypeAlias = npt.NDArray[np.float64 | np.int64]
_Scalar = TypeVar("_Scalar", bound=np.generic)


@record(kw_only=True, frozen=False)
class CodedColumn:
    """A column of a few distinct values.

    values:    by code; values[0] is MISSING, the rest sorted within their type, so that what tests
               ask is mostly one run of codes.
    codes:     (rows + padding,) code of each row; may be left out (empty) where `planes` has all
               codes but one, or where there is one value only.
    elsewhere: the code of the rows whose value stands in a column of numbers, -1: of none.
    planes:    for some codes the bitmap of the rows that have it.
    """

    values: tuple[ValueOrMissing, ...]
    codes: Codes
    elsewhere: int = -1
    planes: Mapping[int, Bits] = part(default_factory=dict)


@record(kw_only=True, frozen=False)
class NumberColumn:
    """The numbers of a field that has many: float64 (NaN elsewhere) or int64 (0 elsewhere).

    values:  (rows + padding,).
    rows:    bitmap of the rows that have such a value; None: all.
    buckets: of float64, see `buckets_of`; only where a column is asked again and again.
    """

    values: Numbers
    rows: Bits | None = None
    buckets: npt.NDArray[np.uint16] | None = None


@record(kw_only=True, frozen=False)
class FieldColumn:
    """One field over all rows: where a row's value is no code it is one of the numbers."""

    coded: CodedColumn
    floats: NumberColumn | None = None
    ints: NumberColumn | None = None

    def take(self, rows: Int64s) -> FieldColumn:
        """Return the field of these rows only, e.g. of the roots."""
        coded = self.coded
        planes = {code: bits_of(bools_of(bits, rows)) for code, bits in coded.planes.items()}
        codes = padded(coded.codes[rows]) if coded.codes.size else coded.codes
        return FieldColumn(
            coded=CodedColumn(
                values=coded.values, codes=codes, elsewhere=coded.elsewhere, planes=planes
            ),
            floats=_taken(self.floats, rows),
            ints=_taken(self.ints, rows),
        )


NOWHERE: Final = FieldColumn(coded=CodedColumn(values=(MISSING,), codes=np.zeros(0, np.uint8)))


class Columns:
    """Whole traces as columns; fields are made when they are asked for, and kept.

    offsets:   (traces + 1,) int64; the spans of trace i are rows offsets[i]:offsets[i + 1].
               INVARIANT: every trace has a span.
    is_root:   bitmap of spans without a parent.   ends: bitmap of the traces' last spans.
    has_root:  bitmap of traces.                   counts: (traces + padding,) int64, spans.
    """

    def __init__(
        self, offsets: Int64s, is_root: Bools, field_of: Callable[[str], FieldColumn]
    ) -> None:
        """Hold (traces + 1,) offsets and (spans,) flags; `field_of` makes a field by its name."""
        self.offsets = offsets
        self.trace_count = len(offsets) - 1
        self.span_count = int(offsets[-1])
        self.is_root = bits_of(is_root)
        self.ends = bits_at(offsets[1:] - 1, self.span_count)
        self.counts = NumberColumn(values=padded(np.diff(offsets)))
        self._root_rows = _last_roots(offsets, is_root)
        self.has_root = bits_of(self._root_rows >= 0)
        self.all_have_roots = bool((self._root_rows >= 0).all())
        self._field_of = field_of
        self._fields: dict[str, FieldColumn] = {}
        self._root_fields: dict[str, FieldColumn] = {}

    def field(self, name: str) -> FieldColumn:
        """Return the field of all spans."""
        found = self._fields.get(name)
        if found is None:
            found = self._fields[name] = self._field_of(name)
        return found

    def root_field(self, name: str) -> FieldColumn:
        """Return the field of each trace's root; of a trace without one, anything."""
        found = self._root_fields.get(name)
        if found is None:
            rows = np.maximum(self._root_rows, 0)
            found = self._root_fields[name] = self.field(name).take(rows)
        return found


def padded(values: npt.NDArray[_Scalar]) -> npt.NDArray[_Scalar]:
    """Return a copy that is followed by rows that may be read."""
    longer = np.zeros(len(values) + PADDING, values.dtype)
    longer[: len(values)] = values
    return longer


def bits_of(flags: Bools) -> Bits:
    """Return (rows,) flags as a bitmap, padded."""
    words = np.zeros(len(flags) // 64 + PADDING // 64 + 1, np.uint64)
    packed = np.packbits(flags, bitorder="little")
    words.view(np.uint8)[: len(packed)] = packed
    return words


def bits_at(rows: Int64s, length: int) -> Bits:
    """Return the bitmap, of `length` rows, that has just `rows`."""
    flags = np.zeros(length, np.bool_)
    flags[rows] = True
    return bits_of(flags)


def bools_of(bits: Bits, rows: Int64s) -> Bools:
    """Return the flags of `rows`."""
    octets = bits.view(np.uint8)[rows >> 3]
    flags: Bools = ((octets >> (rows & 7).astype(np.uint8)) & 1).astype(np.bool_)
    return flags


def _taken(column: NumberColumn | None, rows: Int64s) -> NumberColumn | None:
    if column is None:
        return None
    has_value = None if column.rows is None else bits_of(bools_of(column.rows, rows))
    buckets = None if column.buckets is None else padded(column.buckets[rows])
    return NumberColumn(values=padded(column.values[rows]), rows=has_value, buckets=buckets)


def _last_roots(offsets: Int64s, is_root: Bools) -> Int64s:
    """Return (traces,) the row of each trace's last span without a parent, -1: it has none."""
    rows = np.flatnonzero(is_root)
    traces = np.searchsorted(offsets, rows, side="right") - 1
    found = np.full(len(offsets) - 1, -1, np.int64)
    found[traces] = rows  # ascending: of several the last stays
    return found
