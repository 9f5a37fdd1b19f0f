"""How a test is asked of 64 rows at once: a bitmap, runs of codes, a class, bounds of numbers.

Owns: that choice, and what it costs. Must not know: registers, expressions.
Truth: nectarc/columnar/opcodes.py; the costs are those of ../shared/reference/kernels.md.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple, TypeAlias, assert_never

import numpy as np
import numpy.typing as npt

from nectarc.columnar import buckets, opcodes
from nectarc.columnar.answers import Between, BitsTest, CodedTest, IsNan, Test
from nectarc.columnar.columns import Bits, Bools, CodedColumn

# Beyond this many runs of codes a look-up of each code costs less.
_RUNS_MAX: Final = 8
Array: TypeAlias = npt.NDArray[np.generic]


class Question(NamedTuple):
    """One row's worth of a test; the fields are those of nectarc/columnar/opcodes.py.

    of, behind: the arrays whose addresses the row needs, ADDRESS and OTHER.
    """

    opcode: int
    of: Array
    behind: Array | None = None
    first: int = 0
    length: int = 0
    edges: tuple[int, int] = (0, 0)
    bounds: tuple[float, float] = (0.0, 0.0)


class Asked(NamedTuple):
    """The rows at which one of `questions` is answered with yes; is_opposite: the other rows."""

    questions: tuple[Question, ...]
    is_opposite: bool = False


def asked(test: Test) -> Asked | None:
    """Return how to ask a test; None: by a look-up of each row's code."""
    match test:
        case BitsTest(bits):
            return Asked((of_bitmap(bits),))
        case CodedTest(column, truth):
            return _planes(column, truth) or _runs(column, truth)
        case Between():
            return Asked((_between(test),))
        case IsNan(column):
            return Asked((Question(opcodes.IS_NAN, column.values),))
        case _:
            assert_never(test)


def of_bitmap(bits: Bits) -> Question:
    """Return the question whether a row is in a bitmap."""
    return Question(opcodes.BITMAP, bits)


def cost(found: Asked) -> int:
    """Return what a test costs beside others, in ps a row."""
    first, *more = found.questions
    each = {opcodes.BITMAP: 10, opcodes.RUN_OF_BYTES: 17, opcodes.RUN_OF_HALVES: 24}
    return each.get(first.opcode, 35 if first.opcode == opcodes.BUCKETS else 80) * (1 + len(more))


def _planes(column: CodedColumn, truth: Bools) -> Asked | None:
    """Ask for bitmaps of codes where they are there: of the codes that pass, or of the others."""
    if not column.planes:
        return None
    passing, failing = np.flatnonzero(truth).tolist(), np.flatnonzero(~truth).tolist()
    for codes, is_opposite in ((passing, False), (failing, True)):
        is_few = len(codes) == 1 or not column.codes.size
        if is_few and all(code in column.planes for code in codes):
            return Asked(tuple(of_bitmap(column.planes[code]) for code in codes), is_opposite)
    return None


def _runs(column: CodedColumn, truth: Bools) -> Asked | None:
    """Ask for runs of codes: of those that pass, or of the others where these are fewer."""
    if column.codes.dtype == np.int32:
        return None
    edges = (np.flatnonzero(truth[1:] != truth[:-1]) + 1).tolist()
    starts, ends = [0, *edges], [*edges, len(truth)]
    # Runs take turns: those at even places are as the first code is.
    passing = 0 if truth[0] else 1
    is_opposite = len(starts[1 - passing :: 2]) < len(starts[passing::2])
    chosen = slice(1 - passing if is_opposite else passing, None, 2)
    runs = list(zip(starts[chosen], ends[chosen], strict=True))
    if len(runs) > _RUNS_MAX:
        return None
    is_byte = column.codes.dtype == np.uint8
    opcode = opcodes.RUN_OF_BYTES if is_byte else opcodes.RUN_OF_HALVES
    return Asked(
        tuple(
            Question(opcode, column.codes, first=start, length=end - 1 - start)
            for start, end in runs
        ),
        is_opposite,
    )


def _between(test: Between) -> Question:
    column, low, high = test.column, test.low, test.high
    if column.values.dtype == np.int64:
        return Question(opcodes.BETWEEN_INTS, column.values, first=int(low), length=int(high))
    if column.buckets is not None:
        lowest, highest = buckets.bucket_of(low), buckets.bucket_of(high)
        inner = (lowest + 1, highest - 1 if high < math.inf else buckets.HIGHEST)
        if inner[0] <= inner[1]:
            return Question(
                opcodes.BUCKETS,
                column.buckets,
                column.values,
                first=inner[0],
                length=inner[1] - inner[0],
                edges=(lowest, highest if high < math.inf else lowest),
                bounds=(low, high),
            )
    opcode = opcodes.AT_LEAST if high == math.inf else opcodes.BETWEEN
    return Question(opcode, column.values, bounds=(low, high))
