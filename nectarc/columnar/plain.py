"""Programs run by numpy, test by test: the plain twin of the kernels, and their fallback.

Owns: what a program means, on arrays. Must not know: registers, intrinsics.
Truth: nectarc/columnar/nodes.py. Memory is bounded by blocks of spans; a trace is never split.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, assert_never

import numpy as np
import numpy.typing as npt

from nectarc.columnar.answers import Between, BitsTest, CodedTest, IsNan, Test
from nectarc.columnar.columns import Bits, Bools, CodedColumn, Columns, Int64s
from nectarc.columnar.nodes import AnySpan, Ask, Every, Negation, Node, Some, Spread, Truth
from nectarc.columnar.program import SPANS, Program

_BLOCK_SPANS: Final = 1 << 18


def run_plainly(program: Program, columns: Columns) -> npt.NDArray[np.int16]:
    """Return (lists, traces) the index of the first expression that holds, -1: none."""
    decided = np.full((len(program.lists), columns.trace_count), -1, np.int16)
    for first, last in _blocks(columns.offsets):
        block = _Block(program, columns, first, last)
        for row, expressions in zip(decided, program.lists, strict=True):
            for index in reversed(range(len(expressions))):
                row[first:last][block.of_traces(expressions[index])] = index
    return decided


def traces_where(program: Program, columns: Columns, node: Node) -> Bools:
    """Return (traces,) where an expression over tests of traces holds."""
    return _Block(program, columns, 0, columns.trace_count).of_traces(node)


def _blocks(offsets: Int64s) -> Iterator[tuple[int, int]]:
    """Yield ranges of traces with about as many spans as a block holds, one trace at least."""
    first, traces = 0, len(offsets) - 1
    while first < traces:
        end = int(np.searchsorted(offsets, offsets[first] + _BLOCK_SPANS, side="right")) - 1
        last = min(max(end, first + 1), traces)
        yield first, last
        first = last


class _Block:
    """The traces first..last - 1: flags of their spans and of themselves, by expression."""

    def __init__(self, program: Program, columns: Columns, first: int, last: int) -> None:
        self._tests = program.tests
        self._offsets = columns.offsets[first : last + 1]
        self._traces = (first, last)
        self._spans = (int(self._offsets[0]), int(self._offsets[-1]))
        self._known: dict[Node, Bools] = {}

    def of_traces(self, node: Node) -> Bools:
        """Return (traces,) where an expression over traces holds."""
        found = self._known.get(node)
        if found is None:
            found = self._known[node] = self._find(node, *self._traces)
        return found

    def _of_spans(self, node: Node) -> Bools:
        found = self._known.get(node)
        if found is None:
            found = self._known[node] = self._find(node, *self._spans, is_span=True)
        return found

    def _find(self, node: Node, first: int, last: int, *, is_span: bool = False) -> Bools:
        of_rows = self._of_spans if is_span else self.of_traces
        found: Bools
        match node:
            case Truth(value):
                return np.full(last - first, value, np.bool_)
            case Ask(key):
                assert (key[0] == SPANS) is is_span
                return _answer(self._tests[key], first, last)
            case Negation(operand):
                return ~of_rows(operand)
            case Every(operands):
                found = np.logical_and.reduce([of_rows(operand) for operand in operands])
                return found
            case Some(operands):
                found = np.logical_or.reduce([of_rows(operand) for operand in operands])
                return found
            case AnySpan(body):
                starts = self._offsets[:-1] - self._offsets[0]
                return np.logical_or.reduceat(self._of_spans(body), starts)
            case Spread(body):
                return np.repeat(self.of_traces(body), np.diff(self._offsets))
            case _:
                assert_never(node)


def _answer(test: Test, first: int, last: int) -> Bools:
    match test:
        case CodedTest(column, truth):
            if column.codes.size:
                return truth[column.codes[first:last]]
            return _by_planes(column, truth, first, last)
        case Between(column, low, high):
            numbers = column.values[first:last]
            found: Bools = (numbers >= low) & (numbers <= high)
            return found
        case IsNan(column):
            return np.isnan(column.values[first:last])
        case BitsTest(bits):
            return flags_of(bits, first, last)
        case _:
            assert_never(test)


def _by_planes(column: CodedColumn, truth: Bools, first: int, last: int) -> Bools:
    left = np.ones(last - first, np.bool_)
    found = np.zeros(last - first, np.bool_)
    for code, plane in column.planes.items():
        flags = flags_of(plane, first, last)
        left &= ~flags
        if truth[code]:
            found |= flags
    (unnamed,) = set(range(len(truth))) - set(column.planes)
    return found | left if truth[unnamed] else found


def flags_of(bits: Bits, first: int, last: int) -> Bools:
    """Return the flags of rows first..last - 1."""
    octets = bits.view(np.uint8)[first >> 3 : (last + 7) >> 3]
    flags: Bools = np.unpackbits(octets, bitorder="little").astype(np.bool_)
    return flags[first & 7 :][: last - first]
