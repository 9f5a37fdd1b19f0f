"""One line of a source, as a terminal can show it, and where its underline goes.

Owns: widths of characters, tabs, control characters, cutting long lines. Must not know: colours.
"""

from __future__ import annotations

from typing import Final

from nectarc.records import record
from nectarc.source import SourceSpan, SourceText

TAB: Final = "    "
COLUMNS_MAX: Final = 120
_CUT: Final = "…"


@record
class Excerpt:
    """A shown line: `column` terminal cells before the underline, `width` (>= 1) under it.

    tail: "…" when the place goes on in further lines.
    """

    line: int
    text: str
    column: int
    width: int
    tail: str


def excerpt_of(text: SourceText, source: SourceSpan) -> Excerpt:
    """Return the line where `source` starts, cut around it when longer than a screen.

    Cost: what is shown, not the length of the line.
    """
    position = text.position(source.start)
    line_start = text.line_starts[position.line - 1]
    start = min(max(source.start, line_start), len(text.text))
    line_end = _line_end(text, position.line)
    end = min(max(source.end, start), line_end)
    has_more = source.end > line_end + 1

    left, right, is_cut_left, is_cut_right = _window(line_start, line_end, start, end)
    before = (_CUT if is_cut_left else "") + displayed(text.text[left:start])
    marked = displayed(text.text[start : min(end, right)])
    after = displayed(text.text[max(end, start) : right]) + (_CUT if is_cut_right else "")
    return Excerpt(
        line=position.line,
        text=before + marked + after,
        column=cells(before),
        width=max(1, cells(marked)),
        tail=_CUT if has_more or end > right else "",
    )


def displayed(words: str, *, keep_lines: bool = False) -> str:
    """Return `words` without anything that moves a terminal's cursor or changes its colours."""
    if words.isascii() and words.isprintable():
        return words
    return "".join(_shown(character, keep_lines=keep_lines) for character in words)


def cells(words: str) -> int:
    """Return how many terminal cells `words` takes."""
    if words.isascii():
        return len(words)
    from unicodedata import combining, east_asian_width  # noqa: PLC0415 - rarely needed

    return sum(
        0 if combining(character) else 2 if east_asian_width(character) in "WF" else 1
        for character in words
    )


def _line_end(text: SourceText, number: int) -> int:
    """Return the offset of the end of line `number`, before its line end."""
    has_next = number < len(text.line_starts)
    end = text.line_starts[number] - 1 if has_next else len(text.text)
    return end - 1 if end > 0 and text.text[end - 1 : end] == "\r" else end


def _window(line_start: int, line_end: int, start: int, end: int) -> tuple[int, int, bool, bool]:
    """Return what of the line is shown, [left, right), and whether it is cut on either side."""
    if line_end - line_start <= COLUMNS_MAX:
        return line_start, line_end, False, False
    length = min(end - start, COLUMNS_MAX // 2)
    left = max(line_start, start - (COLUMNS_MAX - length) // 2)
    right = min(line_end, left + COLUMNS_MAX)
    return left, right, left > line_start, right < line_end


def _shown(character: str, *, keep_lines: bool) -> str:
    if character == "\t":
        return TAB
    if character == "\n" and keep_lines:
        return character
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)  # its picture, one cell wide
    if not character.isprintable() and character != "\u3000":
        return "\ufffd"  # C1 controls, directions, surrogates, unassigned
    return character
