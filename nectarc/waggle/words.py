"""Amounts and shares as the report says them.

Owns: rounding, units. Must not know: layout.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nectarc.refinery.lowered import Assumption
from nectarc.report.words import share_words

if TYPE_CHECKING:  # it brings NumPy, which the words do not need
    from nectarc.compare.traffic import Interval


def amount_words(number: float) -> str:
    """Return `12,345`, `3.4`, `0.99`: whole where it is large or whole."""
    if number and abs(number) < 10 and number != int(number):
        return f"{number:.2g}"
    return f"{number:,.0f}"


def percent_words(share: float) -> str:
    """Return `12 %`, `0.3 %`; what is less than everything is never `100 %`, nor nothing `0 %`."""
    if 0.995 <= share < 1:
        # 99.99 % reads as what it is; beyond that, there is always something left.
        return f"{min(100 * share, 99.99):.2f} %".replace(".00", "").replace("100 %", "99.99 %")
    if 0 < share < 0.0001:
        return "below 0.01 %"
    return share_words(share)


def range_words(found: Interval) -> str:
    """Return `10 to 14 %`; one number where both ends read alike."""
    low, high = percent_words(found.low), percent_words(found.high)
    if low == high:
        return low
    return f"{low.removesuffix(' %')} to {high}"


def share_with_range(found: Interval) -> str:
    """Return `12 % (10 to 14 %)`; without a range that says the same."""
    value, ends = percent_words(found.value), range_words(found)
    return value if value == ends else f"{value} ({ends})"


def assumption_words(assumption: Assumption) -> str:
    """Return one assumption as a sentence without its full stop."""
    match assumption.kind:
        case "types":
            return f"`{assumption.field}`, where present, is a {assumption.type}"
        case "no-null":
            return f"`{assumption.field}` is never null"
        case _:
            return f"`{assumption.field}` is never NaN"


def traces_words(number: float) -> str:
    """Return `1 trace`, `0.5 traces`, `1,234 traces`."""
    return f"{amount_words(number)} {'trace' if number == 1 else 'traces'}"


def events_words(number: float) -> str:
    """Return `1 event`, `0.5 events`, `1,234 events`."""
    return f"{amount_words(number)} {'event' if number == 1 else 'events'}"
