"""Programs on the kernels: rows made ready, chunks of traces on threads.

Owns: what the kernels are given. Must not know: what is asked. Imports numba.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from nectarc.columnar.asking import Array
from nectarc.columnar.columns import Bits, Columns, Int64s, bits_of
from nectarc.columnar.encode import Encoder, Rows
from nectarc.columnar.kernels import run_chunk
from nectarc.columnar.nodes import TRUE, AnySpan, Every, Negation, Node, Some
from nectarc.columnar.plain import traces_where
from nectarc.columnar.program import Program
from nectarc.columnar.row_kernels import TURN

# A block's registers stay in the second cache.
_REGISTER_BYTES: Final = 1 << 18
_WORDS_MAX: Final = 128
_CHUNKS_A_THREAD: Final = 8
_CHUNK_SPANS: Final = 1 << 16
# The number that says "none": as a byte, and in two bytes.
_NONE_BYTE: Final = 255
_NONE: Final = -1

Numbers = npt.NDArray[np.uint8 | np.int16]


class Prepared(NamedTuple):
    """A program ready for the kernels, for these columns only.

    rules: (rules, 3) list, number, register.   defaults: (lists,) what stands where none holds.
    owners: what the rows' addresses point to.
    """

    spans: Rows
    traces: Rows
    rules: Int64s
    defaults: Int64s
    slots: int
    is_wide: bool
    owners: Sequence[Array]


def run(program: Program, columns: Columns, threads: int) -> npt.NDArray[np.int16]:
    """Return (lists, traces) the index of the first expression that holds, -1: none."""
    decided = run_prepared(prepare(program, columns), columns, threads)
    if decided.dtype == np.int16:
        return decided.astype(np.int16, copy=False)
    wide = decided.astype(np.int16)
    wide[decided == _NONE_BYTE] = _NONE
    return wide


def prepare(program: Program, columns: Columns) -> Prepared:
    """Make a program ready to run on `columns`."""
    lists = [_until_sure(expressions) for expressions in program.lists]
    expressions = list(dict.fromkeys(node for found in lists for node in found))
    bodies = list(dict.fromkeys(body for node in expressions for body in _bodies(node)))

    def spread(node: Node) -> Bits:
        flags = traces_where(program, columns, node)
        return bits_of(np.repeat(flags, np.diff(columns.offsets)))

    of_spans = Encoder(bodies, program.tests, {}, spread)
    slots: dict[Node, int] = {AnySpan(body): of_spans.reserve() for body in bodies}
    for body in bodies:
        of_spans.define(body, slots[AnySpan(body)])
    of_traces = Encoder(expressions, program.tests, slots, spread)
    is_wide = any(len(found) >= _NONE_BYTE for found in program.lists)
    none = _NONE if is_wide else _NONE_BYTE
    rules: list[tuple[int, int, int]] = []
    defaults: list[int] = []
    for i, found in enumerate(lists):
        is_sure = bool(found) and found[-1] == TRUE
        defaults.append(len(found) - 1 if is_sure else none)
        unsure = found[:-1] if is_sure else found
        numbered = [(i, number, of_traces.place(node)) for number, node in enumerate(unsure)]
        rules += reversed(numbered)
    return Prepared(
        spans=of_spans.encoded(),
        traces=of_traces.encoded(),
        rules=np.array(rules, np.int64).reshape(-1, 3),
        defaults=np.array(defaults, np.int64),
        slots=len(slots),
        is_wide=is_wide,
        owners=(*of_spans.owners, *of_traces.owners),
    )


def run_prepared(
    prepared: Prepared, columns: Columns, threads: int, *, chunk_spans: int = _CHUNK_SPANS
) -> Numbers:
    """Return (lists, traces) numbers; where none holds, 255 of bytes or -1 of int16.

    chunk_spans: a chunk has at least so many spans, if there are.
    """
    shape = (len(prepared.defaults), columns.trace_count)
    out: Numbers = np.empty(shape, np.int16 if prepared.is_wide else np.uint8)
    if not out.size:
        return out
    where = (out.ctypes.data, out.strides[0], out.itemsize)
    chunks = list(_chunks(columns, threads, chunk_spans))
    if len(chunks) == 1 or threads == 1:
        for chunk in chunks:
            _run_chunk(prepared, columns, chunk, where)
        return out
    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(lambda chunk: _run_chunk(prepared, columns, chunk, where), chunks):
            pass
    return out


def _run_chunk(
    prepared: Prepared,
    columns: Columns,
    chunk: tuple[int, int, int],
    where: tuple[int, int, int],
) -> None:
    spans, traces = prepared.spans, prepared.traces
    words = _REGISTER_BYTES // (8 * max(1, spans.registers)) // TURN * TURN
    sizes = (
        min(max(words, TURN), _WORDS_MAX),
        prepared.slots,
        spans.registers,
        traces.registers,
        max(spans.class_columns, traces.class_columns),
    )
    run_chunk(
        (spans.rows, traces.rows),
        (spans.floats, traces.floats),
        prepared.rules,
        prepared.defaults,
        sizes,
        columns.ends,
        chunk,
        where,
    )


def _chunks(columns: Columns, threads: int, spans_min: int) -> Iterator[tuple[int, int, int]]:
    """Yield first trace (a multiple of 64), first span and last span + 1 of each chunk."""
    offsets, count = columns.offsets, columns.trace_count
    size = max(spans_min, columns.span_count // (threads * _CHUNKS_A_THREAD))
    first = 0
    while first < count:
        end = int(np.searchsorted(offsets, offsets[first] + size, side="left"))
        last = min(count, max(end - end % 64, first + 64))
        yield first, int(offsets[first]), int(offsets[last])
        first = last


def _until_sure(expressions: Sequence[Node]) -> Sequence[Node]:
    """Leave out what stands behind an expression that is always true."""
    return expressions[: expressions.index(TRUE) + 1] if TRUE in expressions else expressions


def _bodies(node: Node) -> Iterator[Node]:
    match node:
        case AnySpan(body):
            yield body
        case Negation(operand):
            yield from _bodies(operand)
        case Every(operands) | Some(operands):
            for operand in operands:
                yield from _bodies(operand)
        case _:
            return
