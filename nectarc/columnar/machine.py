"""What the machine has: processors, and whether the kernels can run on it.

Owns: that choice. Must not know: programs. `NECTARC_KERNELS=plain` takes numpy whatever there is.
"""

from __future__ import annotations

import os
import sys
from enum import Enum
from typing import Final


class Engine(Enum):
    """What runs programs."""

    KERNELS = "kernels"
    PLAIN = "plain"


ENVIRONMENT: Final = "NECTARC_KERNELS"
# Of x86-64: 64 rows at a time become bits (AVX2), bits at a trace's ends are packed (BMI2's pext).
_FEATURES: Final = ("avx2", "bmi2")


def default_threads() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def is_loaded() -> bool:
    """Say whether this process has numba already; the kernels then start at once."""
    return "numba" in sys.modules


def default_engine() -> Engine:
    """Return the kernels where they can run and nobody says otherwise; may import llvmlite."""
    if os.environ.get(ENVIRONMENT) == Engine.PLAIN.value:
        return Engine.PLAIN
    try:
        from llvmlite import binding  # noqa: PLC0415  # heavy, and absent where numba is
    except ImportError:
        return Engine.PLAIN
    features = binding.get_host_cpu_features()
    has_all = all(features.get(one, False) for one in _FEATURES)
    return Engine.KERNELS if has_all else Engine.PLAIN
