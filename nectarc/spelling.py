"""The nearest known name to a name that is not known.

Owns: the distance between two spellings. Must not know: what the names name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

# A name longer than this is no slip of the fingers; the bound keeps the distance cheap.
_LENGTH_MAX: Final = 80
# A part of a name that means the name has so many letters.
_PART_MIN: Final = 4


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate that a slip may have turned into `name`, or None.

    A slip: case, `-` or `_` or `.` for one another, else up to a third of the letters (at least
    one of two, at most three) left out, put in, changed or swapped. The nearest wins, then the
    alphabetically first, whatever the order of the candidates. O(candidates x length^2).
    """
    if not name or len(name) > _LENGTH_MAX:
        return None
    folded = _folded(name)
    limit = 0 if len(folded) == 1 else max(1, min(3, len(folded) // 3))
    best: tuple[int, str] | None = None
    for candidate in candidates:
        if candidate == name or abs(len(candidate) - len(name)) > limit + 1:
            continue
        distance = _distance(folded, _folded(candidate), limit)
        if distance <= limit and (best is None or (distance, candidate) < best):
            best = (distance, candidate)
    return None if best is None else best[1]


def nearest_or_part(name: str, candidates: Sequence[str]) -> str | None:
    """Return what `nearest` does, else the one candidate that holds `name` or is held by it.

    For short lists of long names: `prio` is `priority`, `goal_sample_rate` is `sample_rate`.
    Four letters at least, so that no two-letter word is found in everything.
    """
    found = nearest(name, candidates)
    if found is not None:
        return found
    folded = _folded(name).replace("_", "")
    holding: list[str] = []
    for candidate in candidates:
        other = _folded(candidate).replace("_", "")
        if min(len(folded), len(other)) >= _PART_MIN and (folded in other or other in folded):
            holding.append(candidate)
    longest = max(holding, key=len, default=None)
    return longest if len(holding) == 1 or all(one in str(longest) for one in holding) else None


def _folded(name: str) -> str:
    return name.casefold().replace("-", "_").replace(".", "_")


def _distance(left: str, right: str, limit: int) -> int:
    """Return the edit distance with swaps of neighbours, or more than `limit` when it is more."""
    if left == right:
        return 0
    before: list[int] = []
    above = list(range(len(right) + 1))
    for row, letter in enumerate(left, start=1):
        current = [row]
        for column, other in enumerate(right, start=1):
            cost = min(
                above[column] + 1, current[column - 1] + 1, above[column - 1] + (letter != other)
            )
            is_swap = row > 1 < column and letter == right[column - 2] and left[row - 2] == other
            if is_swap:
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        if min(current) > limit:
            return limit + 1
        before, above = above, current
    return above[-1]
