"""How sure a sample without a failure makes us.

Owns: the bound and its words. Must not know: what was sampled.
Truth: the exact binomial bound for no failure in n draws, 1 - (1 - c)^(1/n); with weights, n is
Kish's effective size, (sum w)^2 / sum w^2.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

CONFIDENCE: Final = 0.95


def effective_count(weights: npt.NDArray[np.float64]) -> float:
    """Return how many traces of equal weight say as much as these; 0.0 for none.

    weights: (traces,) how many real traces each stands for, above 0.
    """
    if not len(weights):
        return 0.0
    # Scaled, so that squares of large weights stay finite.
    scaled = weights / weights.max()
    return float(scaled.sum() ** 2 / np.square(scaled).sum())


def upper_bound(weights: npt.NDArray[np.float64]) -> float | None:
    """Return the share of failures that 95 % confidence allows when none of these fails.

    None without a trace.
    """
    count = effective_count(weights)
    return None if count == 0 else float(1 - (1 - CONFIDENCE) ** (1 / count))
