"""Case folding against google-re2, character by character."""

from __future__ import annotations

import unicodedata
from typing import Final

import pytest

from nectarc.automata.folds import folded
from nectarc.automata.language import Ranges
from nectarc.evaluate.patterns import compile_pattern

# What has a case in some version of Unicode is one of these or not yet assigned.
_CATEGORIES: Final = {"Lu", "Ll", "Lt", "Lm", "Mn", "Nl", "So"}
_CANDIDATES: Final = [
    point
    for point in range(0x1F000)
    if unicodedata.category(chr(point)) in _CATEGORIES or 0x1C80 <= point < 0x1C90
]


def test_folding_finds_what_re2_finds_and_no_more() -> None:
    text = "".join(map(chr, _CANDIDATES)).encode()
    orbits = sorted({tuple(sorted(_points(folded(((p, p),))))) for p in _CANDIDATES})

    # Two characters of different orbits differ in some bit of their orbits' numbers.
    for bit in range(len(orbits).bit_length()):
        chosen = [orbit for number, orbit in enumerate(orbits, 1) if number >> bit & 1]
        firsts = "".join(rf"\x{{{orbit[0]:x}}}" for orbit in chosen)
        found = compile_pattern(f"(?i)[{firsts}]").finditer(text)

        points = {ord(match.group().decode()) for match in found}

        expected = {point for orbit in chosen for point in orbit}
        assert points ^ (expected & set(_CANDIDATES)) == set()
    assert len(_CANDIDATES) - len(orbits) > 1400


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("k", "Kk\u212a"),
        ("s", "Ss\u017f"),
        ("i", "Ii"),
        ("\u0131", "\u0131"),
        ("ß", "ßẞ"),
        ("\u03c3", "Σς\u03c3"),
        ("1", "1"),
    ],
)
def test_orbits(text: str, expected: str) -> None:
    assert _points(folded(((ord(text), ord(text)),))) == set(map(ord, expected))


def test_a_range_takes_in_the_orbits_of_all_its_members() -> None:
    assert _points(folded(((0x6A, 0x6C),))) == set(map(ord, "jklJKL\u212a"))


def _points(ranges: Ranges) -> set[int]:
    return {point for first, last in ranges for point in range(first, last + 1)}
