r"""Sets of code points as sorted ranges, and the sets that RE2 has names for.

Owns: their algebra, Perl's and POSIX' classes. Must not know: patterns. Truth: RE2's syntax page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from nectarc.automata.language import LAST_CODE_POINT, Ranges

ANY: Final[Ranges] = ((0, LAST_CODE_POINT),)
NEWLINE: Final = 0x0A
NOT_NEWLINE: Final[Ranges] = ((0, NEWLINE - 1), (NEWLINE + 1, LAST_CODE_POINT))
NON_ASCII: Final[Ranges] = ((0x80, LAST_CODE_POINT),)


def merged(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """Sort ranges (ends included) and join those that touch."""
    found: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return tuple(found)


def negated(ranges: Ranges) -> Ranges:
    """Return the code points that are not in `ranges`."""
    found = []
    following = 0
    for first, last in ranges:
        if following < first:
            found.append((following, first - 1))
        following = last + 1
    if following <= LAST_CODE_POINT:
        found.append((following, LAST_CODE_POINT))
    return tuple(found)


def ranges_of(text: str) -> Ranges:
    """Read a set: characters, and `a-z` for ranges; `-` itself comes first."""
    found = []
    index = 0
    while index < len(text):
        first = last = ord(text[index])
        if text[index + 1 : index + 2] == "-" and index + 2 < len(text):
            last = ord(text[index + 2])
            index += 2
        found.append((first, last))
        index += 1
    return merged(found)


WORD: Final = ranges_of("0-9A-Za-z_")
PERL_CLASSES: Final[Mapping[str, Ranges]] = {
    "d": ranges_of("0-9"),
    "s": ranges_of("\t\n\f\r "),
    "w": WORD,
}
POSIX_CLASSES: Final[Mapping[str, Ranges]] = {
    "alnum": ranges_of("0-9A-Za-z"),
    "alpha": ranges_of("A-Za-z"),
    "ascii": ranges_of("\0-\x7f"),
    "blank": ranges_of("\t "),
    "cntrl": ranges_of("\0-\x1f\x7f"),
    "digit": ranges_of("0-9"),
    "graph": ranges_of("!-~"),
    "lower": ranges_of("a-z"),
    "print": ranges_of(" -~"),
    "punct": ranges_of("!-/:-@[-`{-~"),
    "space": ranges_of("\t-\r "),
    "upper": ranges_of("A-Z"),
    "word": WORD,
    "xdigit": ranges_of("0-9A-Fa-f"),
}
