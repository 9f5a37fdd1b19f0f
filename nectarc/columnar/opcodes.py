"""The rows of the kernels' programs: what their columns and opcodes mean.

Owns: the numbering, which kernels and encoding share. Must not know: numba, nodes.
"""

from __future__ import annotations

from typing import Final

# Columns of a row (int64).
OPCODE: Final = 0
ADDRESS: Final = 1  # of the column's first row; of a register, its number
OTHER: Final = (
    2  # a second address: of a table, of the numbers behind buckets; of the classes, which
)
FIRST: Final = 3  # first code, mask, or low int64
LENGTH: Final = 4  # how many codes follow the first, or high int64
EDGE_LOW: Final = 5  # the buckets in which the numbers themselves are asked
EDGE_HIGH: Final = 6
REGISTER: Final = 7  # where the bits go; of a FILL, which column of classes it fills
FLIP: Final = 8  # -1: the opposite, 0
WIDEN: Final = 9  # new = (bits & (old | WIDEN)) | (old & KEEP): SET -1 0, AND 0 0, OR -1 -1
KEEP: Final = 10
COLUMNS: Final = 11
# Columns of a row (float64).
LOW: Final = 0
HIGH: Final = 1

RUN_OF_BYTES: Final = 0
RUN_OF_HALVES: Final = 1
BITMAP: Final = 2
AT_LEAST: Final = 3
BETWEEN: Final = 4
IS_NAN: Final = 5
BETWEEN_INTS: Final = 6
BUCKETS: Final = 7
COPY: Final = 8
NOTHING: Final = 9
FILL_BYTES: Final = 10
FILL_HALVES: Final = 11
FILL_WORDS: Final = 12
CLASSES: Final = 13
