"""Slips of the keyboard against hundreds of names: strict, and cheap a name.

Owns: a bounded edit distance, an index. Must not know: what is named. `nectarc.spelling` is for
short lists: it takes more for a slip, which among all conventions would find false friends.
"""

from __future__ import annotations

from collections.abc import Iterable


class NameIndex:
    """Names by their first word and by the rest: a slip spares one of the two.

    Cost: a look-up tries only names that share a part, so a policy may hold hundreds of unknown
    ones.
    """

    __slots__ = ("_by_first", "_by_rest")

    def __init__(self, names: Iterable[str]) -> None:
        """Index the names; O(names)."""
        self._by_first: dict[str, list[str]] = {}
        self._by_rest: dict[str, list[str]] = {}
        for name in names:
            first, _, rest = name.partition(".")
            self._by_first.setdefault(first, []).append(name)
            self._by_rest.setdefault(rest, []).append(name)

    def nearest(self, name: str) -> str | None:
        """Return the nearest of the names, as `nearest_slip` does."""
        first, _, rest = name.partition(".")
        candidates = (*self._by_first.get(first, ()), *self._by_rest.get(rest, ()))
        return nearest_slip(name, candidates)


def nearest_slip(name: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate at the least distance from `name`: 1 at most, 2 from 13 letters on.

    Distance counts insertions, deletions, replacements and swaps of neighbours. Ties: the first in
    order of the alphabet. `name` itself is no candidate.
    """
    limit = 2 if len(name) > 12 else 1
    found: list[tuple[int, str]] = []
    for candidate in candidates:
        if abs(len(candidate) - len(name)) > limit or candidate == name:
            continue
        distance = _distance(name, candidate, limit)
        if distance is not None:
            found.append((distance, candidate))
            limit = distance
    return min(found)[1] if found else None


def _distance(left: str, right: str, limit: int) -> int | None:
    """Return the distance where it is at most `limit` (0 to 2), else None."""
    start, end = 0, min(len(left), len(right))
    while start < end and left[start] == right[start]:
        start += 1
    left, right = left[start:], right[start:]
    if not left or not right:
        rest = len(left) + len(right)
        return rest if rest <= limit else None
    if limit == 0:
        return None
    tries = [
        _distance(left[1:], right[1:], limit - 1),
        _distance(left[1:], right, limit - 1),
        _distance(left, right[1:], limit - 1),
    ]
    if left[:2] == right[1::-1] and len(left) > 1:
        tries.append(_distance(left[2:], right[2:], limit - 1))
    found = [one for one in tries if one is not None]
    return 1 + min(found) if found else None
