"""Pseudo-random draws that are the same in every Python, without the cost of importing `random`.

Owns: the generator, SplitMix64 (Steele, Lea, Flood 2014). Not for secrets.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeVar

_Item = TypeVar("_Item")
_MASK: Final = 2**64 - 1


class Draws:
    """A stream of draws; equal seeds give equal streams."""

    def __init__(self, seed: int) -> None:
        """Start the stream of `seed`; only its low 64 bits count."""
        self._state = seed & _MASK

    def below(self, bound: int) -> int:
        """Return a whole number in [0, bound); for bounds far below 2^64 all but uniform."""
        self._state = (self._state + 0x9E3779B97F4A7C15) & _MASK
        mixed = self._state
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9 & _MASK
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB & _MASK
        return (mixed ^ (mixed >> 31)) % bound

    def pick(self, items: Sequence[_Item]) -> _Item:
        """Return one of `items`, which are not empty."""
        return items[self.below(len(items))]

    def happens(self, share: float) -> bool:
        """Return True in `share` of the draws, to a thousandth."""
        return self.below(1000) < 1000 * share
