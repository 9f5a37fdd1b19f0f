"""A union of intervals of texts as an automaton.

Owns: its table: the tree of the bounds, and two states for what is decided. Must not know: why
there are intervals. All texts that start with `w` lie in one interval once no bound starts with
`w`; so a state is a beginning of a bound.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from nectarc.automata.language import NEVER, Alphabet, Language, Table
from nectarc.logic.text_intervals import TextRegion

_REMEMBERED: Final = 256


@lru_cache(maxsize=_REMEMBERED)
def region_language(region: TextRegion) -> Language:
    """Return the language of the texts of a region. O(characters of the bounds x alphabet)."""
    children: dict[str, list[str]] = {"": []}
    for low in region.lows:
        for end in range(len(low)):
            if low[: end + 1] not in children:
                children[low[: end + 1]] = []
                children[low[:end]].append(low[end])
    alphabet = _ordered_alphabet(set().union(*region.lows))
    numbers = {prefix: number for number, prefix in enumerate(children)}
    yes, no = len(numbers), len(numbers) + 1
    rows = [
        _row(region, alphabet, prefix, sorted(found), numbers) for prefix, found in children.items()
    ]
    rows += [[yes] * alphabet.size, [no] * alphabet.size]
    accepting = [region.has(prefix) for prefix in children] + [True, False]
    table = Table(
        alphabet,
        rows,
        accepting,
        to_accept=_distances(rows, accepting, yes),
        to_reject=_distances(rows, accepting, no),
    )
    return Language(("region", region.lows, region.is_inside), table, region.has)


def _row(
    region: TextRegion,
    alphabet: Alphabet,
    prefix: str,
    children: list[str],
    numbers: dict[str, int],
) -> list[int]:
    """Return where each class of characters leads from `prefix`."""
    row: list[int] = []
    for child in (*children, None):
        end = alphabet.size if child is None else alphabet.class_of(ord(child))
        if end > len(row):
            # No bound starts so: all these texts lie in the interval of the first of them.
            first = prefix + chr(alphabet.starts[len(row)])
            row += [len(numbers) + (not region.has(first))] * (end - len(row))
        if child is not None:
            row.append(numbers[prefix + child])
    return row


def _distances(rows: list[list[int]], accepting: list[bool], goal: int) -> list[int]:
    """Return how far each state is from the texts that `goal`, a state for good, stands for."""
    found = [NEVER] * len(rows)
    # Children stand behind their parents, the two states for good at the end.
    for state in range(len(rows) - 1, -1, -1):
        if accepting[state] is accepting[goal]:
            found[state] = 0
        elif state < len(rows) - 2:
            nearest = min(found[target] for target in set(rows[state]))
            found[state] = min(NEVER, nearest + 1)
    return found


def _ordered_alphabet(characters: set[str]) -> Alphabet:
    """Return an alphabet of the characters and of the gaps between them, in their order."""
    starts = [0]
    for point in sorted(map(ord, characters)):
        if starts[-1] == point:
            starts.pop()
        starts += (point, point + 1)
    if starts[-1] > 0x10FFFF:
        starts.pop()
    return Alphabet(tuple(starts), tuple(range(len(starts))), len(starts))
