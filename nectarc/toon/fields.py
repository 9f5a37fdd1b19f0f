"""Field lists of headers: `{name,place{lat,lon}}`.

Owns: the reading of a field list into its tokens. Must not know: what stands before or after it.
Truth: TOON 4.0, section 6, as `@toon-format/toon` 4.4.0 reads it (`parseFieldEntries`).
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final, NamedTuple

from nectarc.source import SourceSpan
from nectarc.toon import tokens as t
from nectarc.toon.document import Delimiter, Key
from nectarc.toon.mistakes import MAX_DEPTH, Mistakes
from nectarc.toon.quotes import find_unquoted
from nectarc.toon.scalars import read_key
from nectarc.toon.tokens import Token

_QUOTED: Final = r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)'
_BRACE: Final = re.compile(rf"{_QUOTED}|[{{}}]", re.DOTALL)


class Fields(NamedTuple):
    """A field list that was read: its tokens, the names on its first level, the cells of a row."""

    tokens: tuple[Token, ...]
    names: tuple[str, ...]
    leaves: int


def closing_brace(content: str, brace: int) -> int:
    """Return the index of the brace that closes the one at `brace`, or -1; O(length)."""
    depth = 0
    for match in _BRACE.finditer(content, brace):
        char = match[0]
        depth += (char == "{") - (char == "}")
        if depth == 0 and char == "}":
            return match.start()
    return -1


def declared_delimiter(
    content: str,
    at: int,
    braces: tuple[int, int],
    declared: tuple[int, Delimiter],
    mistakes: Mistakes,
) -> Delimiter:
    """Return the delimiter to read rows with; report one in the field list that is not declared.

    declared: where the bracket closes (-1: a record, which has none), and the delimiter it
    declares.
    """
    place, delimiter = declared
    start, end = braces
    inside = content[start + 1 : end - 1]
    for other in Delimiter:
        found = find_unquoted(inside, other.value) if other is not delimiter else -1
        if found >= 0:
            # With both in one list, the other one is a slip of the hand.
            is_meant = delimiter is Delimiter.COMMA and find_unquoted(inside, ",") < 0
            fix_at = at + place if place >= 0 and is_meant else None
            mistakes.delimiter(at + start + 1 + found, other.value, fix_at)
            return delimiter if find_unquoted(inside, delimiter.value) >= 0 else other
    return delimiter


def read_fields(
    content: str, at: int, braces: tuple[int, int], delimiter: Delimiter, mistakes: Mistakes
) -> Fields | None:
    """Read the field list `content[braces]`; None when it cannot be read (and is reported).

    No recursion, O(length); groups nest at most MAX_DEPTH deep.
    """
    reader = _Reader(content, at, delimiter, mistakes)
    for match in _part_pattern(delimiter).finditer(content, *braces):
        if not reader.take(match):
            return None
    return Fields(tuple(reader.tokens), tuple(reader.names), reader.leaves)


class _Reader:
    """The state of reading one field list.

    groups: the names seen so far in each open group, the outermost first.
    after:  what was read last: "{" or "," wants a name, "n" (a name) and "}" want anything else.
    """

    def __init__(self, content: str, at: int, delimiter: Delimiter, mistakes: Mistakes) -> None:
        self.content = content
        self.at = at
        self.delimiter = delimiter.value
        self.mistakes = mistakes
        self.tokens: list[Token] = []
        self.names: list[str] = []
        self.groups: list[dict[str, SourceSpan]] = []
        self.leaves = 0
        self.after = ","

    def take(self, match: re.Match[str]) -> bool:
        """Read the next part; False after reporting that it cannot stand here."""
        text, start = match[0], self.at + match.start()
        if text == "{":
            return self._open(start)
        if text in (self.delimiter, "}"):
            if self.after not in "n}":
                headline = "a field has no name"
                self.mistakes.field_list(start, start + 1, headline)
                return False
            self.leaves += self.after == "n"
            self.after = "," if text == self.delimiter else "}"
            kind = t.DELIM if text == self.delimiter else t.RBRACE
            self.tokens.append(Token(kind, start, start + 1))
            if text == "}":
                self.groups.pop()
            return True
        return self._name(text, start)

    def _open(self, start: int) -> bool:
        """Read an opening brace: the field list's own, or that of a group."""
        if self.groups and self.after != "n":
            self.mistakes.field_list(start, start + 1, "a group of fields has no name")
            return False
        if self.groups and self.tokens[-1].end != start:
            self.mistakes.header_space(self.tokens[-1].end, start, "before a group of fields")
        if len(self.groups) == MAX_DEPTH:
            self.mistakes.depth(start, start + 1)
            return False
        self.tokens.append(Token(t.LBRACE, start, start + 1, self.at))
        self.groups.append({})
        self.after = "{"
        return True

    def _name(self, text: str, start: int) -> bool:
        """Read a name, or the blanks between other parts."""
        stripped = text.strip(" ")
        if not stripped:
            return True
        start += len(text) - len(text.lstrip(" "))
        if self.after in "n}":
            headline = "only a delimiter may follow a group of fields"
            self.mistakes.field_list(start, start + len(stripped), headline)
            return False
        key = read_key(stripped, start, self.mistakes)
        if key is None:
            return False
        self._note(key)
        self.tokens.append(Token(t.NAME, start, start + len(stripped), key))
        self.after = "n"
        return True

    def _note(self, key: Key) -> None:
        """Remember a name; report one that its group already has."""
        group = self.groups[-1]
        if key.text in group:
            self.mistakes.duplicate_field(key.text, key.source, group[key.text])
        group.setdefault(key.text, key.source)
        if len(self.groups) == 1:
            self.names.append(key.text)


@cache
def _part_pattern(delimiter: Delimiter) -> re.Pattern[str]:
    """Return what matches a brace, a delimiter, or what stands between them."""
    stop = re.escape(delimiter.value)
    return re.compile(rf'[{{}}{stop}]|(?:[^"{{}}{stop}]++|{_QUOTED})++', re.DOTALL)
