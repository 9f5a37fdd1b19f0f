"""float64 as 16 bits that keep their order: a fifth of the memory to read, exact with the numbers.

Owns: the buckets. Must not know: programs. A bucket is 1/2048 of a power of two, from 2^-8 to 2^24
(of milliseconds: 4 microseconds to 4 hours); what lies below is in the first, beyond in the last.
A bound's own bucket says nothing, so there the numbers themselves are asked.
"""

from __future__ import annotations

import struct
from typing import Final

import numpy as np
import numpy.typing as npt

from nectarc.columnar.columns import Floats

ABSENT: Final = 65535  # no number, and NaN, which is in no range
HIGHEST: Final = 65534
_MANTISSA_BITS: Final = 11
_SHIFT: Final = 52 - _MANTISSA_BITS
_LOWEST_EXPONENT: Final = 1023 - 8
_BELOW: Final = (_LOWEST_EXPONENT << _MANTISSA_BITS) - 1


def buckets_of(values: Floats) -> npt.NDArray[np.uint16]:
    """Return the bucket of each number, ABSENT of NaN; a number above is in no bucket below."""
    bits = (values + 0.0).view(np.int64)  # -0.0 + 0.0 is 0.0: they are equal numbers
    buckets: npt.NDArray[np.uint16] = np.clip((bits >> _SHIFT) - _BELOW, 0, HIGHEST).astype("u2")
    buckets[np.isnan(values)] = ABSENT
    return buckets


def bucket_of(value: float) -> int:
    """Return the bucket of a number that is not NaN."""
    bits: int = struct.unpack("<q", struct.pack("<d", value + 0.0))[0]
    return min(max((bits >> _SHIFT) - _BELOW, 0), HIGHEST)
