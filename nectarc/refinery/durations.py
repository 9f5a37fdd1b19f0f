"""Durations as Go's `time.ParseDuration` reads them.

Owns: the text form. Must not know: which parameter holds one. Truth: reference, 1.2.
"""

from __future__ import annotations

import re
from typing import Final

_UNITS_NS: Final = {
    "ns": 1,
    "us": 10**3,
    "µs": 10**3,
    "μs": 10**3,
    "ms": 10**6,
    "s": 10**9,
    "m": 60 * 10**9,
    "h": 3600 * 10**9,
}
_DIGITS_MAX: Final = 19  # those of the largest duration in nanoseconds
_PART: Final = re.compile(r"([0-9]*)(?:\.([0-9]*))?(ns|us|µs|μs|ms|s|m|h)")


def parse_duration(text: str) -> int | None:
    """Return the duration in nanoseconds; None when Go refuses the text."""
    sign, body = (-1, text[1:]) if text.startswith("-") else (1, text.removeprefix("+"))
    if body == "0":
        return 0
    total, at = 0, 0
    while at < len(body):
        part = _PART.match(body, at)
        if part is None or not (part[1] or part[2]):
            return None
        unit = _UNITS_NS[part[3]]
        whole = part[1].lstrip("0")
        if len(whole) > _DIGITS_MAX:
            return None
        total += int(whole or "0") * unit
        if part[2]:
            total += int(int(part[2][:18]) * (unit / 10 ** len(part[2][:18])))
        at = part.end()
    limit = 2**63 if sign < 0 else 2**63 - 1
    return sign * total if at and total <= limit else None
