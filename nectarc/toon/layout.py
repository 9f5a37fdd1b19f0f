"""Lines and indentation: which block a line belongs to, and how to write it two spaces a level.

Owns: the stack of open blocks, mistakes of indentation and their one fix. Must not know: what is
in a line. Truth: TOON 4.0, section 12 (strict mode); docs/language.md, "TOON" ("the fix of another
indent re-indents").

A block is known by the column of its lines, whatever that is; where that is not its parent's plus
two, it is reported once, and the lines are read as the author meant them.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from nectarc.diagnostic import Edit, Fix
from nectarc.records import record, replace
from nectarc.source import SourceSpan
from nectarc.toon.document import Delimiter
from nectarc.toon.mistakes import MAX_DEPTH, Mistakes

STEP: Final = 2
_WHY: Final = "indentation decides which rule, record or test a line belongs to"
_TITLE: Final = "indent by two spaces a level"


class Block(Enum):
    """What the lines of a block are."""

    START = "start"  # nothing has been read yet
    OBJECT = "object"
    TABLE = "table"
    LIST = "list"
    KEYED = "keyed"
    RECORD = "record"
    DONE = "done"  # the document is one array or value, and that is read
    SKIP = "skip"  # lines below one that could not be read


ARRAYS: Final = frozenset({Block.TABLE, Block.LIST, Block.KEYED})


@record(frozen=False)
class Frame:
    """An open block, or one that the last line announced.

    column:     where its lines begin.
    opener:     where the line that announced it begins.
    depth:      its level: its lines belong at column 2 * depth.
    alias:      another column that was reported, and is read as this one.
    leaves:     how many cells a row has.
    fields:     the fields of a record; `index` of them have been read.
    length:     what the header declares, -1 where it does not.
    is_started: a line of it has been read.
    is_flat:    its lines begin where its header does; a line that can be no row ends it.
    """

    kind: Block
    depth: int
    column: int = 0
    opener: int = 0
    alias: int = -1
    delimiter: Delimiter = Delimiter.COMMA
    leaves: int = 0
    fields: tuple[str, ...] = ()
    index: int = 0
    length: int = -1
    is_started: bool = False
    is_flat: bool = False


class Layout:
    """The stack of open blocks. `frames[0]` is the document."""

    def __init__(self, mistakes: Mistakes) -> None:
        """Begin a document."""
        self.frames: list[Frame] = [Frame(kind=Block.START, depth=0)]
        self.pending: Frame | None = None
        self._mistakes = mistakes
        self._edits: list[Edit] | None = None  # None until the first mistake of indentation
        self._steps: set[int] = {STEP}
        self._is_ambiguous = False
        self._has_tabs = False
        self._first = 0  # the index of the diagnostic that carries the fix

    def enter(self, column: int, at: int, end: int) -> tuple[int, bool]:
        """Find the block of a line at `column`, whose text is `[at, end)`.

        returns: how many blocks end before it, and whether one begins.
        INVARIANT: those that end are off `frames` afterwards, the one that begins is its last, and
        is the line's block.
        """
        pending, self.pending = self.pending, None
        frame = self.frames[-1]
        if pending is not None and column > pending.opener:
            self._open(pending, column, at, end)
            return 0, True
        if column in (frame.column, frame.alias):
            return 0, False
        if column > frame.column:
            self._strange(frame, column, at, end)
            return 0, False
        return self._close(column, at, end), False

    def depth_at(self, column: int) -> int:
        """Return the level of a comment at `column`: that of the deepest block it may stand in."""
        if self.pending is not None and column > self.pending.opener:
            return self.pending.depth
        return next((f.depth for f in reversed(self.frames) if f.column <= column), 0)

    def open_flat(self, frame: Frame, at: int, end: int) -> None:
        """Begin the block `frame`, whose lines are not indented at all; report that."""
        frame.column, frame.is_flat = frame.opener, True
        self._report(at, end, "these lines are not indented below their header")
        self.frames.append(frame)

    def tabs(self, start: int, end: int) -> None:
        """Report tabs in the indentation `[start, end)`, the first time."""
        if not self._has_tabs:
            self._has_tabs = True
            self._note()
            self._mistakes.report("NEC001", start, end, "indentation with tabs", why=_WHY)

    def repair(self, start: int, at: int, depth: int) -> None:
        """Remember that the line that starts at `start` and has its text at `at` is at `depth`."""
        if self._edits is not None:
            source = SourceSpan(self._mistakes.file, start, at)
            self._edits.append(Edit(source, " " * (STEP * depth)))

    @property
    def is_repairing(self) -> bool:
        """Say whether a mistake of indentation was found."""
        return self._edits is not None

    def finish(self, text: str) -> None:
        """Give the first mistake of indentation the fix that mends all of them."""
        if self._edits is None or self._first >= len(self._mistakes.found):
            return
        edits = tuple(
            edit for edit in self._edits if text[edit.source.start : edit.source.end] != edit.text
        )
        fix = Fix(_TITLE, edits, is_safe=not self._is_ambiguous)
        found = self._mistakes.found
        found[self._first] = replace(found[self._first], fixes=(fix,))

    def _open(self, frame: Frame, column: int, at: int, end: int) -> None:
        """Begin `frame` at `column`; report a step that is not two, once for each width."""
        frame.column = column
        step = column - frame.opener
        if frame.kind is not Block.SKIP and step not in self._steps:
            self._steps.add(step)
            self._report(at, end, f"this block is indented by {step} spaces, not by {STEP}")
        if frame.depth > MAX_DEPTH and frame.kind is not Block.SKIP:
            self._mistakes.depth(at, end)
            frame.kind = Block.SKIP
        self.frames.append(frame)

    def _strange(self, frame: Frame, column: int, at: int, end: int) -> None:
        """Report a line deeper than its block, once for each block and column."""
        frame.alias = column
        if frame.kind in (Block.SKIP, Block.DONE):
            return
        if frame.kind is Block.START:
            self._report(at, end, "the document begins with an indented line")
            frame.column = column
            return
        self._is_ambiguous = True
        self._report(at, end, "this line is indented deeper than the block it stands in")

    def _close(self, column: int, at: int, end: int) -> int:
        """End the blocks that are deeper than `column`; return how many."""
        frames = self.frames
        keep = len(frames) - 1
        while keep > 0 and column not in (frames[keep].column, frames[keep].alias):
            below = frames[keep - 1]
            is_nearer = 2 * column > frames[keep].column + below.column
            if column > frames[keep].column or (is_nearer and column != below.alias):
                break
            keep -= 1
        ended = len(frames) - 1 - keep
        del frames[keep + 1 :]
        frame = frames[keep]
        if column not in (frame.column, frame.alias):
            frame.alias = column
            self._is_ambiguous = True
            self._report(at, end, "this line is indented like none of the blocks around it")
        return ended

    def _report(self, at: int, end: int, headline: str) -> None:
        """Report a mistake of indentation at a line's text; the first one will carry the fix."""
        self._note()
        self._mistakes.report("NEC002", at, end, headline, why=_WHY)

    def _note(self) -> None:
        """Remember the place of the first mistake of indentation."""
        if self._edits is None:
            self._edits = []
            self._first = len(self._mistakes.found)
