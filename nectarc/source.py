"""Source texts and the places in them.

Owns: offsets, lines, columns, UTF-16 units. Must not know: TOON, policies, terminals, protocols.
Truth: docs/language.md, "TOON" (every token keeps its source span).
"""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from nectarc.records import record


class SourceSpan(NamedTuple):
    """A half-open range of code points `[start, end)` of the file named `file`.

    `file` is the path as the user gave it ("<stdin>" for standard input); it names a `SourceText`.
    A NamedTuple, because tokens are many and this is the cheapest immutable record there is.
    """

    file: str
    start: int
    end: int

    def to(self, other: SourceSpan) -> SourceSpan:
        """Return the span from the start of this one to the end of `other`."""
        return SourceSpan(self.file, self.start, max(self.end, other.end))


NOWHERE = SourceSpan("", 0, 0)


class Position(NamedTuple):
    """A place for people and protocols: `line` and `column` count from 1, in code points.

    `column_utf16` counts from 1 in UTF-16 code units.
    """

    line: int
    column: int
    column_utf16: int


@record
class SourceText:
    """A file's text with an index of its lines. Offsets are code points, lines end at LF."""

    file: str
    text: str
    line_starts: tuple[int, ...]

    @staticmethod
    def of(file: str, text: str) -> SourceText:
        """Index `text`; O(length)."""
        starts = [0]
        position = text.find("\n")
        while position >= 0:
            starts.append(position + 1)
            position = text.find("\n", position + 1)
        return SourceText(file, text, tuple(starts))

    def position(self, offset: int) -> Position:
        """Return line and columns of `offset`, which may be the end of the text."""
        offset = max(0, min(offset, len(self.text)))
        line = bisect_right(self.line_starts, offset) - 1
        before = self.text[self.line_starts[line] : offset]
        wide = 0 if before.isascii() else sum(1 for c in before if ord(c) > 0xFFFF)
        return Position(line + 1, len(before) + 1, len(before) + wide + 1)

    def line(self, number: int) -> str:
        """Return line `number` (from 1) without its line end."""
        start = self.line_starts[number - 1]
        end = self.line_starts[number] if number < len(self.line_starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")

    def span(self, start: int, end: int) -> SourceSpan:
        """Return the source span `[start, end)` of this text."""
        return SourceSpan(self.file, start, end)
