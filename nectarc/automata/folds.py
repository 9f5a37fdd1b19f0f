"""Which characters `(?i)` takes for one another.

Owns: the orbits of Unicode's simple case folding. Must not know: patterns.
Truth: CaseFolding.txt, statuses C and S, as google-re2 has it (checked against it character by
character in tests/unit/automata/test_folds.py). Python's mappings are those of UnicodeData.txt;
where Python would write several characters for one, its title case is the single one.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from nectarc.automata.charsets import merged
from nectarc.automata.language import Ranges

# Where all cased characters are: looking at 1.1 million others would cost half a second.
_CASED: Final = (
    (0x41, 0x587),
    (0x10A0, 0x10FF),
    (0x13A0, 0x13FD),
    (0x1C80, 0x1CBF),
    (0x1D79, 0x1D8E),
    (0x1E00, 0x1FFC),
    (0x2126, 0x2188),
    (0x24B6, 0x24E9),
    (0x2C00, 0x2D2D),
    (0xA640, 0xA7F6),
    (0xAB53, 0xABBF),
    (0xFB05, 0xFB06),
    (0xFF21, 0xFF5A),
    (0x10400, 0x104FB),
    (0x10570, 0x105BC),
    (0x10C80, 0x10CF2),
    (0x118A0, 0x118DF),
    (0x16E40, 0x16E7F),
    (0x1E900, 0x1E943),
)
# The dotted capital I and the dotless small one fold to i and I in Turkish only.
_TURKISH: Final = frozenset({0x130, 0x131})
# Alike only when folded to several characters; google-re2 follows Unicode 15.1, which pairs them
# (Go up to 1.25 does not).
_PAIRS: Final = ((0x390, 0x1FD3), (0x3B0, 0x1FE3), (0xFB05, 0xFB06))
_ASCII_LAST: Final = 0x7F
_ASCII_ORBITS: Final = tuple(
    (ord(letter), ord(letter.upper()), *{"k": (0x212A,), "s": (0x17F,)}.get(letter, ()))
    for letter in "abcdefghijklmnopqrstuvwxyz"
)


@lru_cache(maxsize=256)
def folded(ranges: Ranges) -> Ranges:
    """Add to a set all that differs from a member by case only."""
    found = list(ranges)
    is_ascii = not ranges or ranges[-1][1] <= _ASCII_LAST
    orbits = _ascii_orbit_by_point() if is_ascii else _orbit_by_point()
    points = tuple(orbits)
    for first, last in ranges:
        for point in points[bisect_left(points, first) : bisect_right(points, last)]:
            found += ((other, other) for other in orbits[point])
    return merged(found)


@lru_cache(maxsize=1)
def _ascii_orbit_by_point() -> dict[int, tuple[int, ...]]:
    return dict(sorted(_by_point(_ASCII_ORBITS).items()))


@lru_cache(maxsize=1)
def _orbit_by_point() -> dict[int, tuple[int, ...]]:
    return dict(sorted(_by_point(_orbits()).items()))


def _by_point(orbits: Iterable[tuple[int, ...]]) -> dict[int, tuple[int, ...]]:
    return {point: orbit for orbit in orbits for point in orbit}


@lru_cache(maxsize=1)
def _orbits() -> tuple[tuple[int, ...], ...]:
    """Return the sets of two or more characters that differ by case only. 15 ms, once."""
    orbit_of_point: dict[int, set[int]] = {}
    for left_point, right_point in _PAIRS:
        orbit_of_point[left_point] = orbit_of_point[right_point] = {left_point, right_point}
    for first, last in _CASED:
        for point in range(first, last + 1):
            if point in _TURKISH:
                continue
            for other in _single_variants(chr(point)):
                left = orbit_of_point.setdefault(point, {point})
                right = orbit_of_point.setdefault(other, {other})
                if left is not right:
                    left |= right
                    orbit_of_point.update(dict.fromkeys(right, left))
    distinct = {id(orbit): tuple(sorted(orbit)) for orbit in orbit_of_point.values()}
    return tuple(sorted(distinct.values()))


def _single_variants(character: str) -> Iterable[int]:
    for variant in (character.lower(), character.upper(), character.title()):
        if len(variant) == 1 and variant != character:
            yield ord(variant)
