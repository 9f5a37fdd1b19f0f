r"""The sets that `\p{..}` names: Unicode's general categories and scripts, as google-re2 has them.

Owns: the shipped table. Must not know: patterns. Truth: google-re2 itself, asked for every code
point by tools/build_unicode.py; docs/decisions/0011-unicode-classes.md says where Go differs.
"""
# ruff: noqa: PTH118, PTH120, PTH123 - as in nectarc/grammars.py: pathlib costs 8 ms at start-up

from __future__ import annotations

import os
from functools import cache
from typing import Final

from nectarc.automata.charsets import ANY, merged
from nectarc.automata.language import Ranges

_UNIONS: Final = "CLMNPSZ"  # categories of one letter, each of all that begin with it
_TABLE: Final = os.path.join(os.path.dirname(__file__), os.pardir, "tables", "unicode_classes.json")


@cache
def unicode_class(name: str) -> Ranges | None:
    r"""Return the code points of `\p{name}`, without surrogates; None: there is no such class."""
    if name == "Any":
        return ANY
    _, classes = _table()
    if name and name in _UNIONS:
        parts = [part for part in classes if len(part) == 2 and part.startswith(name)]
        return merged(pair for part in parts for pair in _ranges(classes[part]))
    gaps = classes.get(name)
    return None if gaps is None else _ranges(gaps)


def unicode_version() -> str:
    """Return the version of Unicode that the classes are of, such as `15.1`."""
    return _table()[0]


def class_names() -> tuple[str, ...]:
    """Return the names of the table, in order; those of one letter stand for several of them."""
    return tuple(_table()[1])


@cache
def _table() -> tuple[str, dict[str, list[int]]]:
    """Read the table: 3 ms, once, and only for policies with such patterns."""
    import json  # noqa: PLC0415 - as above

    with open(_TABLE, encoding="ascii") as file:
        data = json.load(file)
    return data["unicode"], data["classes"]


def _ranges(gaps: list[int]) -> Ranges:
    """Read the gap before each range and its length, by turns."""
    found = []
    first = 0
    for gap, length in zip(gaps[::2], gaps[1::2], strict=True):
        first += gap
        found.append((first, first + length - 1))
        first += length
    return tuple(found)
