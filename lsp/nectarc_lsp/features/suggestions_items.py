"""Items of a list of rules or invariants, line by line, also while one is being typed.

Owns: where an item begins and ends, which keys items have. Must not know: what is wished for.
Truth: ../shared/design/language.md, section 2 (tables and lists).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nectarc.records import record
from nectarc.source import SourceText
from nectarc.toon.layout import STEP
from nectarc.toon.outline import Header, content_of, entry_on
from nectarc_lsp.features.wishes import RULES

_REQUIRED: Final = {
    True: ("name", "match", "action", "priority"),
    False: ("name", "when", "require"),
}
_USUAL: Final = ("name", "description", "match", "action", "priority")


@record(kw_only=True)
class Item:
    """One item. start, end: its lines, from offset to offset. last: its last line, from 0."""

    start: int
    end: int
    last: int


def keys_of_items(text: SourceText, header: Header) -> tuple[str, ...]:
    """Return the keys that the items of a list have, in the order of the first that has them."""
    is_rules = header.key.text == RULES
    found: dict[str, None] = {}
    for line in _lines(text, header):
        for one in entry_on(text, line):
            if one.column == header.column + 2 * STEP:
                found[one.key.text] = None
    known = {*_USUAL, *_REQUIRED[False]}
    written = tuple(one for one in found if one in known)
    if len(written) < len(_REQUIRED[is_rules]):
        usual = _USUAL if is_rules else _REQUIRED[False]
        return tuple(dict.fromkeys((*written, *usual)))
    return tuple(dict.fromkeys((*written, *_REQUIRED[is_rules])))


def splits_item(text: SourceText, line: int, header: Header) -> bool:
    """Whether the next line with text goes on with an item: there is no place for another."""
    for number in range(line + 1, len(text.line_starts)):
        content, column = content_of(text, number)
        if content and content[0] != "#":
            return column > header.column + STEP
    return False


def item_around(text: SourceText, line: int, header: Header) -> Item | None:
    """Return the item that a line stands in; None where it stands in none."""
    dash = header.column + STEP
    first = line
    while first > header.line:
        content, column = content_of(text, first)
        if content.startswith("-") and column == dash:
            break
        if content and column <= dash:
            return None
        first -= 1
    if first <= header.line:
        return None
    last, number = first, first + 1
    while number < len(text.line_starts):
        content, column = content_of(text, number)
        if content and column <= dash:
            break
        last = number if content else last
        number += 1
    starts = text.line_starts
    end = starts[last + 1] if last + 1 < len(starts) else len(text.text)
    return Item(start=starts[first], end=end, last=last)


def _lines(text: SourceText, header: Header) -> Iterator[int]:
    for number in range(header.line + 1, len(text.line_starts)):
        content, column = content_of(text, number)
        if content and column <= header.column:
            return
        if content and content[0] != "#":
            yield number
