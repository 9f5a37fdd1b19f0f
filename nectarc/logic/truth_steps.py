"""Truth along an order: a predicate is a start and the places where it changes.

Owns: steps, rows of many predicates between their places. Must not know: numbers, texts, classes.
A row is a bit mask over predicates. Nothing is computed but at a predicate's own places, so that n
predicates cost O(n log n) evaluations and rows, not n squared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, NamedTuple, TypeVar

Place = TypeVar("Place", int, str)


class Step(NamedTuple, Generic[Place]):
    """A predicate along an order: its truth at the start, where it turns over, the truth there.

    INVARIANT: places ascend; the truth changes at each.
    """

    is_true_first: bool
    places: tuple[Place, ...]


def step_of(
    holds: Callable[[Place], bool], places: Iterable[Place], first: Place, end: Place | None
) -> Step[Place]:
    """Ask `holds` at the first position and at `places`; `end`: behind the last, None: no last."""
    is_true_first = is_true = holds(first)
    turns: list[Place] = []
    for place in sorted(set(places)):
        if place > first and (end is None or place < end) and holds(place) is not is_true:
            is_true = not is_true
            turns.append(place)
    return Step(is_true_first, tuple(turns))


def sweep(
    steps: Iterable[tuple[int, Step[Place]]], first: Place, cuts: Iterable[Place] = ()
) -> tuple[list[Place], list[int]]:
    """Return the intervals that the steps (bit, step) make: their first places and their rows.

    cuts: places at which an interval ends, though no predicate changes.
    """
    row = 0
    turns: dict[Place, int] = dict.fromkeys(cuts, 0)
    for bit, (is_true_first, places) in steps:
        if is_true_first:
            row |= bit
        for place in places:
            turns[place] = turns.get(place, 0) ^ bit
    lows, rows = [first], [row]
    for place in sorted(turns):
        row ^= turns[place]
        if place == first:
            rows[0] = row
        else:
            lows.append(place)
            rows.append(row)
    return lows, rows
