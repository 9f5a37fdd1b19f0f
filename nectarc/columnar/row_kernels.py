"""The kernels' rows: each asks 64 rows of spans or traces at a time, and puts bits into registers.

Owns: the loops over a block's words. Must not know: what columns stand for, where traces end.
The plain twin is nectarc/columnar/plain.py. Rows are as nectarc/columnar/opcodes.py has them;
addresses are those of numpy arrays that `Prepared` owns.
"""

# ruff: noqa: PLR0913, PLR0917 - kernels take arrays and numbers, no objects
from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

import numpy as np

from nectarc.columnar.columns import Floats, Int64s
from nectarc.columnar.intrinsics import (
    at_least,
    between,
    between_ints,
    byte_at,
    code_at,
    compiled,
    fetch,
    half_at,
    has_mask,
    is_nan,
    put_byte,
    put_word,
    run_of_bytes,
    run_of_halves,
    word_at,
)
from nectarc.columnar.opcodes import (
    ADDRESS,
    AT_LEAST,
    BETWEEN,
    BETWEEN_INTS,
    BITMAP,
    BUCKETS,
    CLASSES,
    COPY,
    EDGE_HIGH,
    EDGE_LOW,
    FILL_BYTES,
    FILL_HALVES,
    FILL_WORDS,
    FIRST,
    FLIP,
    HIGH,
    IS_NAN,
    KEEP,
    LENGTH,
    LOW,
    NOTHING,
    OPCODE,
    OTHER,
    REGISTER,
    RUN_OF_BYTES,
    RUN_OF_HALVES,
    WIDEN,
)

# Words that a row does before the next row's turn: few enough that their registers and columns
# stay in the nearest cache, enough that finding out what to do costs little.
TURN: Final = 32
# How many rows ahead codes are fetched: to where this row's next turn begins. Processors foresee
# runs within a page of memory, not the way from column to column. Of numbers a turn is four pages:
# there fetching brought nothing that could be measured.
_AHEAD: Final = 64 * TURN
_NO_BITS: Final = np.uint64(0)
_Row: TypeAlias = tuple[int, int, int, int, int, int, int]
_Bounds: TypeAlias = tuple[float, float]
_Puts: TypeAlias = tuple[np.uint64, np.uint64, np.uint64]  # FLIP, WIDEN, KEEP
_Ask: TypeAlias = Callable[[_Row, _Bounds, int], np.uint64]
_Loop: TypeAlias = Callable[[_Row, _Bounds, _Puts, int, int, int], None]


# What each opcode asks of 64 rows. row: its columns up to EDGE_HIGH; bounds: LOW and HIGH; first:
# of the rows. Scalars and addresses only: a view of an array costs more than the 64 answers.


@compiled
def _run_of_bytes(row: _Row, _bounds: _Bounds, first: int) -> np.uint64:
    fetch(row[ADDRESS] + first, _AHEAD)
    return run_of_bytes(row[ADDRESS] + first, row[FIRST], row[LENGTH])


@compiled
def _run_of_halves(row: _Row, _bounds: _Bounds, first: int) -> np.uint64:
    fetch(row[ADDRESS] + 2 * first, 2 * _AHEAD)
    fetch(row[ADDRESS] + 2 * first, 2 * _AHEAD + 64)
    return run_of_halves(row[ADDRESS] + 2 * first, row[FIRST], row[LENGTH])


@compiled
def _bitmap(row: _Row, _bounds: _Bounds, first: int) -> np.uint64:
    return word_at(row[ADDRESS], first >> 3)


@compiled
def _at_least(row: _Row, bounds: _Bounds, first: int) -> np.uint64:
    return at_least(row[ADDRESS] + 8 * first, bounds[LOW])


@compiled
def _between(row: _Row, bounds: _Bounds, first: int) -> np.uint64:
    return between(row[ADDRESS] + 8 * first, bounds[LOW], bounds[HIGH])


@compiled
def _is_nan(row: _Row, _bounds: _Bounds, first: int) -> np.uint64:
    return is_nan(row[ADDRESS] + 8 * first, 0)


@compiled
def _between_ints(row: _Row, _bounds: _Bounds, first: int) -> np.uint64:
    return between_ints(row[ADDRESS] + 8 * first, row[FIRST], row[LENGTH])


@compiled
def _buckets(row: _Row, bounds: _Bounds, first: int) -> np.uint64:
    """Ask the numbers only where one of the 64 is in a bucket that holds a bound."""
    buckets = row[ADDRESS] + 2 * first
    fetch(buckets, 2 * _AHEAD)
    fetch(buckets, 2 * _AHEAD + 64)
    edges = run_of_halves(buckets, row[EDGE_LOW], 0) | run_of_halves(buckets, row[EDGE_HIGH], 0)
    if edges:
        return between(row[OTHER] + 8 * first, bounds[LOW], bounds[HIGH])
    return run_of_halves(buckets, row[FIRST], row[LENGTH])


@compiled
def _nothing(_row: _Row, _bounds: _Bounds, _first: int) -> np.uint64:
    return _NO_BITS


@compiled
def _copy(row: _Row, _bounds: _Bounds, first: int) -> np.uint64:
    """Return the bits of another register; ADDRESS and rows are those of its words here."""
    return word_at(row[ADDRESS], first >> 3)


@compiled
def _classes(row: _Row, _bounds: _Bounds, first: int) -> np.uint64:
    """Ask the classes that a FILL of the same turn has looked up; ADDRESS is theirs here."""
    return has_mask(row[ADDRESS] + first, row[FIRST])


def _loop(ask: _Ask) -> _Loop:
    """Return `ask` over some words; one loop an opcode, so that words need no branch."""

    @compiled
    def over_words(
        row: _Row, bounds: _Bounds, puts: _Puts, into: int, first: int, words: int
    ) -> None:
        flip, widen, keep = puts
        for w in range(words):
            old = word_at(into, 8 * w)
            # AND with nothing: where no span is of a rare service nobody asks for durations.
            if (old | widen) != 0:
                bits = ask(row, bounds, first + 64 * w) ^ flip
                put_word(into, 8 * w, (bits & (old | widen)) | (old & keep))

    return over_words


_over_bytes = _loop(_run_of_bytes)
_over_halves = _loop(_run_of_halves)
_over_bitmap = _loop(_bitmap)
_over_at_least = _loop(_at_least)
_over_between = _loop(_between)
_over_nan = _loop(_is_nan)
_over_ints = _loop(_between_ints)
_over_buckets = _loop(_buckets)
_over_copy = _loop(_copy)
_over_classes = _loop(_classes)
_over_nothing = _loop(_nothing)


@compiled
def _fill(opcode: int, row: _Row, into: int, first: int, count: int) -> None:
    """Look up the class of each of `count` rows in a table by code; `into` is an address."""
    address, table = row[ADDRESS], row[OTHER]
    if opcode == FILL_BYTES:
        for i in range(count):
            put_byte(into, i, byte_at(table, byte_at(address, first + i)))
    elif opcode == FILL_HALVES:
        for i in range(count):
            put_byte(into, i, byte_at(table, half_at(address, 2 * (first + i))))
    else:
        for i in range(count):
            put_byte(into, i, byte_at(table, code_at(address, 4 * (first + i))))


@compiled
def _run_row(
    opcode: int, row: _Row, bounds: _Bounds, puts: _Puts, into: int, first: int, words: int
) -> None:
    """Run one row over a turn's words: of the rows from `first`, to the address `into`."""
    if opcode == RUN_OF_BYTES:
        _over_bytes(row, bounds, puts, into, first, words)
    elif opcode == COPY:
        _over_copy(row, bounds, puts, into, 0, words)
    elif opcode == BITMAP:
        _over_bitmap(row, bounds, puts, into, first, words)
    elif opcode == RUN_OF_HALVES:
        _over_halves(row, bounds, puts, into, first, words)
    elif opcode == AT_LEAST:
        _over_at_least(row, bounds, puts, into, first, words)
    elif opcode == BUCKETS:
        _over_buckets(row, bounds, puts, into, first, words)
    elif opcode == BETWEEN:
        _over_between(row, bounds, puts, into, first, words)
    elif opcode == BETWEEN_INTS:
        _over_ints(row, bounds, puts, into, first, words)
    elif opcode == IS_NAN:
        _over_nan(row, bounds, puts, into, first, words)
    elif opcode == CLASSES:
        _over_classes(row, bounds, puts, into, 0, words)
    elif opcode == NOTHING:
        _over_nothing(row, bounds, puts, into, first, words)
    else:
        _fill(opcode, row, into, first, 64 * words)


@compiled
def run_rows(
    rows: Int64s,
    floats: Floats,
    classes: int,
    registers: int,
    width: int,
    start: int,
    words: int,
) -> None:
    """Run a program's rows over `words` words from row `start`, a few words a turn.

    registers: address of (registers, width) words.   classes: address of 64 * TURN bytes each.
    """
    for begin in range(0, words, TURN):
        count = min(words - begin, TURN)
        for i in range(rows.shape[0]):
            opcode, address, into = rows[i, OPCODE], rows[i, ADDRESS], rows[i, REGISTER]
            if opcode == COPY:
                address = registers + 8 * (address * width + begin)
            elif opcode == CLASSES:
                address = classes + 64 * TURN * rows[i, OTHER]
            if opcode >= FILL_BYTES and opcode <= FILL_WORDS:
                into = classes + 64 * TURN * into
            else:
                into = registers + 8 * (into * width + begin)
            row = (
                opcode,
                address,
                rows[i, OTHER],
                rows[i, FIRST],
                rows[i, LENGTH],
                rows[i, EDGE_LOW],
                rows[i, EDGE_HIGH],
            )
            bounds = (floats[i, LOW], floats[i, HIGH])
            puts = (np.uint64(rows[i, FLIP]), np.uint64(rows[i, WIDEN]), np.uint64(rows[i, KEEP]))
            _run_row(opcode, row, bounds, puts, into, start + 64 * begin, count)
