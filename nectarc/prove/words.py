"""Numbers and values as a verdict says them.

Owns: the words. Must not know: what is counted.
"""

from __future__ import annotations

import json

from nectarc.evaluate.values import text_of
from nectarc.trace import Value


def number_words(value: float) -> str:
    """Return `0.035`, `12.5`, `1,234`: three digits where they matter."""
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    if value and abs(value) < 0.001:
        return f"{value:.6f}".rstrip("0") if abs(value) >= 0.000001 else f"{value:.1g}"
    return f"{value:.3g}"


def bound_words(share: float) -> str:
    """Return an upper bound of a share, rounded up: `0.99 %`, `12 %`."""
    percent = 100 * share
    for digits, limit in ((0, 10.0), (1, 1.0), (2, 0.01)):
        if percent >= limit:
            step = 10.0**-digits
            # Up, so that the words never promise more than the number.
            up = step * -(-percent // step)
            return f"{up:.{digits}f} %"
    return f"{percent:.1g} %"


def value_words(value: Value) -> str:
    """Return a span field's value so that its type shows: `"200"`, `200`, `null`."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if value is None:
        return "null"
    if isinstance(value, bool | int | float):
        return text_of(value)
    return repr(value)
