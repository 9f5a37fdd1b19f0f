"""From a text to the tokens of grammar/toon.lark.

Owns: lines, blank lines, comments, and which block a line belongs to. Must not know: what is built
of the tokens. Truth: TOON 4.0 in strict mode, as `@toon-format/toon` 4.4.0 reads it;
docs/language.md, "TOON".

INVARIANT: whatever the text, the tokens fit the grammar. A line that cannot be read is one ERROR
token and one diagnostic; the lines below it, if deeper, are passed by.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nectarc.source import SourceSpan, SourceText
from nectarc.toon import tokens as t
from nectarc.toon.document import Comment
from nectarc.toon.headers import lacks_only_colon
from nectarc.toon.layout import ARRAYS, STEP, Block, Frame, Layout
from nectarc.toon.lines import LineReader
from nectarc.toon.mistakes import MAX_LINE, Mistakes
from nectarc.toon.tokens import Token

_BOM: Final = "\ufeff"
_BLANKS: Final = " \t"
# Tokens and lines: those of a hundred thousand rules, a quarter of a gigabyte of memory.
_MAX_VALUES: Final = 1_000_000


class Lexer:
    """The reading of one text. After `run`, `comments` and `blank_lines` are whole."""

    def __init__(self, source: SourceText, mistakes: Mistakes) -> None:
        """Read `source`; report to `mistakes`."""
        self.comments: list[Comment] = []
        self.blank_lines: list[int] = []
        self._source = source
        self._mistakes = mistakes
        self._layout = Layout(mistakes)
        self._lines = LineReader(self._layout, mistakes)
        self._gap: list[int] = []  # where blank lines start, since the last line with text

    def run(self) -> Iterator[Token]:
        """Read the whole text, a line whenever its tokens are wanted; O(length)."""
        text = self._source.text
        starts = self._source.line_starts
        last = len(starts) - 1
        count = 0
        for index, start in enumerate(starts):
            if self._lines.is_over:
                break
            end = starts[index + 1] - 1 if index < last else len(text)
            if end - start > MAX_LINE:
                self._long_line(start, end)
            elif index == 0 and text.startswith(_BOM):
                self._line(text[1:end], 1)
            else:
                self._line(text[start:end], start)
            tokens = self._lines.take()
            count += len(tokens) + 1
            yield from tokens
            if count > _MAX_VALUES:
                self._mistakes.too_many_values(start, end, _MAX_VALUES)
                break
        self._finish()
        yield from self._lines.take()

    def _line(self, raw: str, start: int) -> None:
        """Read one line, without its LF."""
        if raw[-1:] == "\r":
            raw = raw[:-1]
        stripped = raw.lstrip(" ")
        column = len(raw) - len(stripped)
        content = stripped.rstrip(" ")
        if content[:1] == "\t":
            content, column = self._tabbed(raw, start)
            stripped = raw.lstrip(_BLANKS)
        at = start + len(raw) - len(stripped)
        if not content:
            self.blank_lines.append(start)
            self._gap.append(start)
        elif content[0] == "#":
            source = SourceSpan(self._mistakes.file, at, at + len(content))
            depth = self._layout.depth_at(column)
            self.comments.append(Comment(text=content, source=source, depth=depth))
            self._layout.repair(start, at, depth)
        else:
            self._place(content, at, column, start)

    def _place(self, content: str, at: int, column: int, start: int) -> None:
        """Find the block of a line and read it as the block wants."""
        layout = self._layout
        self._lines.release()
        self._lines.column = column
        frame = layout.frames[-1]
        if layout.pending is not None or column != frame.column:
            frame = self._enter(content, at, column)
        if self._gap:
            self._end_gap()
        frame.is_started = True
        self._lines.read(content, at)
        if layout.is_repairing:
            # A line that cannot be a row has ended a block without indentation: it stands outside.
            is_left = frame.is_flat and not any(f is frame for f in layout.frames)
            layout.repair(start, at, layout.frames[-1].depth if is_left else frame.depth)

    def _enter(self, content: str, at: int, column: int) -> Frame:
        """End and begin blocks, with their tokens; return the block of the line."""
        layout = self._layout
        end = at + len(content)
        pending = layout.pending
        if pending is not None and column == pending.opener and _is_flat(pending, content):
            layout.pending = None
            layout.open_flat(pending, at, end)
            self._lines.tokens.append(Token(t.INDENT, at, at))
            return pending
        before = list(layout.frames)
        ended, begins = layout.enter(column, at, end)
        for frame in before[len(before) - ended :]:
            self._lines.dedent(frame, at)
        frame = layout.frames[-1]
        if begins and frame.kind is not Block.SKIP:
            self._lines.tokens.append(Token(t.INDENT, at, at))
        return frame

    # ---- what is no line of a block

    def _tabbed(self, raw: str, start: int) -> tuple[str, int]:
        """Report tabs in the indentation; return text and column, a tab being a level."""
        stripped = raw.lstrip(_BLANKS)
        lead = raw[: len(raw) - len(stripped)]
        self._layout.tabs(start + lead.index("\t"), start + len(lead))
        tabs = lead.count("\t")
        return stripped.rstrip(" "), len(lead) + (STEP - 1) * tabs

    def _end_gap(self) -> None:
        """Report the blank lines above this line if an array began above them and goes on."""
        gap, self._gap = self._gap, []
        if any(frame.is_started and frame.kind in ARRAYS for frame in self._layout.frames):
            text = self._source.text
            self._mistakes.blank_lines([(at, text.index("\n", at) + 1) for at in gap])
        else:
            self._repair_gap(gap)

    def _repair_gap(self, gap: list[int]) -> None:
        """Take the blanks off blank lines, where indentation is mended."""
        if not self._layout.is_repairing:
            return
        for start in gap:
            end = self._source.text.find("\n", start)
            line = self._source.text[start:] if end < 0 else self._source.text[start:end]
            blanks = len(line) - len(line.lstrip(_BLANKS))
            self._layout.repair(start, start + blanks, 0)

    def _long_line(self, start: int, end: int) -> None:
        """Report a line that is too long to be read."""
        self._mistakes.long_line(start, end)
        self._lines.release()
        frame = self._layout.frames[-1]
        if frame.kind is Block.START:
            frame.kind = Block.OBJECT
        if frame.kind is not Block.SKIP:
            self._lines.column = frame.column
            self._lines.error("", start)
        self._lines.is_over = frame.kind is Block.DONE

    def _finish(self) -> None:
        """End the document."""
        self._repair_gap(self._gap)
        self._lines.finish(len(self._source.text))
        self._layout.finish(self._source.text)


def _is_flat(frame: Frame, content: str) -> bool:
    """Say whether a line that begins where its header does can only stand below it."""
    if frame.kind is Block.LIST:
        return frame.length != 0 and content.startswith("- ")
    is_rows = frame.kind in (Block.TABLE, Block.RECORD)
    return is_rows and ":" not in content and not lacks_only_colon(content)
