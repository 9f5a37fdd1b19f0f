"""The kinds of traces that a change moves: the gravest first, and the two that show it.

Owns: their order, which stand for all. Must not know: layout, words.
Truth: issue "Rules people already have", item 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from nectarc.compare.difference import SidesDifference, TargetDifference
from nectarc.compare.regions import Region
from nectarc.compare.sides import Fate
from nectarc.trace import Trace

LESS, MORE, OTHER = "less", "more", "other"


class Kind(NamedTuple):
    """A kind of traces of one target; `trace` shows it, `is_error`: as a trace with an error."""

    target: TargetDifference
    region: Region
    trace: Trace
    is_error: bool

    @property
    def fates(self) -> tuple[Fate, Fate]:
        """What happened to it before, and what happens now."""
        left, right = self.target.left, self.target.right
        return left.fate(self.region.left), right.fate(self.region.right)

    @property
    def size(self) -> float:
        """How far the share kept moves; one that depends on the flow counts as a half."""
        was, now = (0.5 if one.share is None else one.share for one in self.fates)
        return abs(was - now)

    @property
    def way(self) -> str:
        """Whether less of it is kept than before, or more, or neither for sure."""
        before = self.target.left.decisions.effect_of(self.region.left)
        after = self.target.right.decisions.effect_of(self.region.right)
        if before is None or after is None:
            return OTHER
        old, new = (before.low, before.high), (after.low, after.high)
        if old == new:
            return OTHER
        if new[0] <= old[0] and new[1] <= old[1]:
            return LESS
        return MORE if new[0] >= old[0] and new[1] >= old[1] else OTHER


def kinds_of(difference: SidesDifference) -> list[Kind]:
    """Return all kinds, the gravest first: errors that may be lost, then in each target's order."""
    kinds = [
        Kind(one, region, trace, is_error)
        for one in difference.targets
        for number, region in enumerate(one.comparison.regions)
        for trace, is_error in (_trace_of(one, number, region),)
    ]
    order = {LESS: 0, OTHER: 1, MORE: 2}
    return sorted(
        kinds,
        key=lambda kind: (not kind.is_error, not kind.region.is_usual, order[kind.way], -kind.size),
    )


def _trace_of(one: TargetDifference, number: int, region: Region) -> tuple[Trace, bool]:
    errors = one.comparison.errors
    if errors.trace is not None and errors.region == number:
        return errors.trace, True
    return region.trace, False


def shown_first(kinds: Sequence[Kind]) -> list[Kind]:
    """Return the kind that loses most and the one that gains; of two kinds, both."""
    if len(kinds) <= len((LESS, MORE)):
        return list(kinds)
    less = next((kind for kind in kinds if kind.way == LESS or kind.is_error), None)
    more = next((kind for kind in kinds if kind.way == MORE), None)
    found = [kind for kind in (less, more) if kind is not None]
    return found or list(kinds[:1])
