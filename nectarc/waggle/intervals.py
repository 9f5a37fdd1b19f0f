"""How sure the shares of a corpus are: intervals of 95 % from weighted traces.

Owns: the arithmetic. Must not know: rules, words of a report.
The draws are traces, whose events come together. Truth: Wilson's score interval on an effective
number of traces, p (1 - p) / v, where v is the linearised variance of the ratio of sums
(Cochran, Sampling Techniques, 6.3; Korn and Graubard 1998). Where nothing varies, v says nothing:
then 95 % allow that a share of 1 - 0.05^(1/n) is of another kind, n being Kish's effective size.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from nectarc.compare.traffic import Interval
from nectarc.prove.confidence import CONFIDENCE
from nectarc.prove.corpus_decisions import Float64s

_Z: Final = 1.959963984540054  # of the normal distribution, two-sided 95 %
WORDS: Final = (
    "Intervals are of 95 % confidence: Wilson's, on the effective number of traces, which counts"
    " weights, and that the events of a trace come together. They say how sure a corpus of this"
    " size is, if later traffic is alike; not how one draw of a sampler falls."
)


def share_interval(
    sizes: Float64s, squares: Float64s, shares: Float64s, low: float = 0.0, high: float = 1.0
) -> Interval:
    """Return the mean of `shares` over traffic that comes in groups, and where it may be.

    sizes:   (groups,) sum of the weights of each group's traces; what the share is of.
    squares: (groups,) sum of their squares.
    shares:  (groups,) 0 to 1.  low, high: that a trace not seen yet may have.
    """
    total = float(sizes.sum())
    if total <= 0:
        return Interval(0.0, low, high)
    value = min(1.0, max(0.0, float((sizes * shares).sum()) / total))
    weights = squares / total**2
    variance = float((weights * np.square(shares - value)).sum())
    unseen = 1 - (1 - CONFIDENCE) ** float(weights.sum())
    if variance > 1e-18 and 0 < value < 1:
        begin, end = _wilson(value, value * (1 - value) / variance)
    else:
        begin, end = value - unseen * (value - low), value + unseen * (high - value)
    return Interval(value, max(low, min(begin, value)), min(high, max(end, value)))


def _wilson(share: float, count: float) -> tuple[float, float]:
    scale = 1 + _Z**2 / count
    middle = (share + _Z**2 / (2 * count)) / scale
    half = _Z * float(np.sqrt(share * (1 - share) / count + _Z**2 / (4 * count**2))) / scale
    return middle - half, middle + half
