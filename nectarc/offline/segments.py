"""Where sentences, items and headings begin and end.

Owns: the cuts. Must not know: what is said between them. Truth: docs/intent.md, "Sentences".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nectarc.offline.lattice import FILLERS
from nectarc.offline.words import Word
from nectarc.records import record

_CUTS: Final = frozenset({"_STOP", "BREAK", "_SEMICOLON", "ITEM"})
_BE: Final = frozenset({"is", "are", "be", "'s", "seems"})
_WHOLE: Final = (("as", "well"), ("?", "also"), (":", "also"))
_HEADING_MAX: Final = 3
_EDGES: Final = frozenset({"_COMMA", "_DASH", "_PIPE"})


@record
class Segment:
    """Positions of words, half open. is_heading: a colon and items follow.

    role: "aside", "correction", "exception", "takes-back", "length"; "" for clauses.
    """

    start: int
    end: int
    is_heading: bool = False
    is_item: bool = False
    role: str = ""


def _says_more(words: Sequence[Word], end: int) -> bool:
    """Whether the last two words are "as well" or "is okay": there the filler is no filler."""
    before, last = ([""] + [one.text.lower() for one in words[max(end - 2, 0) : end]])[-2:]
    return (before, last) in _WHOLE or (before in _BE and last in ("ok", "okay"))


def _is_above_items(words: Sequence[Word], start: int, end: int) -> bool:
    """Whether a line of one to three words stands above items, itself none: "keep", "- /a"."""
    is_alone = (
        start == 0 or words[start - 1].kinds[0] == "BREAK" or not words[start - 1].text.strip("#")
    )
    kinds = [one.kinds[0] for one in words[end : end + 2]]
    is_plain = all(one.text[0].isalpha() or "SHARE" in one.kinds for one in words[start:end])
    is_title = (
        start > 0 and words[start - 1].text.startswith("#") and kinds_at(words, end) == "BREAK"
    )
    if is_title and is_plain and 0 < end - start <= _HEADING_MAX:
        return True
    return (
        is_alone
        and is_plain
        and 0 < end - start <= _HEADING_MAX
        and kinds in (["BREAK", "ITEM"], ["ITEM"])
    )


def kinds_at(words: Sequence[Word], position: int) -> str:
    """Return the first kind of the word at `position`, "" behind the last."""
    return words[position].kinds[0] if position < len(words) else ""


def segments_of(words: Sequence[Word]) -> list[Segment]:
    """Return the stretches that are read by themselves, without what separates them."""
    found: list[Segment] = []
    start = 0
    is_item = False
    depth = 0
    for position in range(len(words) + 1):
        kind = words[position].kinds[0] if position < len(words) else "BREAK"
        depth += (kind == "_LPAR") - (kind == "_RPAR")
        if kind not in _CUTS:
            continue
        end = position
        while start < end and not words[start].text.strip("#"):
            start += 1  # "## Keep"
        is_heading = end > start and words[end - 1].kinds[0] == "_COLON"
        if is_heading:
            end -= 1
        is_heading = is_heading or _is_above_items(words, start, end)
        while start < end and words[start].kinds[0] in _EDGES:
            start += 1
        while start < end and (
            words[end - 1].kinds[0] in _EDGES
            or (words[end - 1].text.lower() in FILLERS and not _says_more(words, end))
        ):
            if words[max(start, end - 2)].text.lower() == "as":
                break  # "as well" adds to what was said
            end -= 1
        if start < end:
            found.append(Segment(start, end, is_heading, is_item))
        is_item = kind == "ITEM"
        start = position + 1
    return found
