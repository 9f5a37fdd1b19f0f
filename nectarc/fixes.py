"""Applying fixes to a text.

Owns: which fixes go together, what they make of a text, when it is settled.
Must not know: the disk, any code. Fixes are data (nectarc/diagnostic.py); carried out here.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from nectarc.diagnostic import Diagnostic, Edit, Fix, Severity
from nectarc.records import record
from nectarc.source import SourceText

# A fix may make room for another; a text that still changes after so many rounds never settles.
ROUNDS_MAX: Final = 20


@record(kw_only=True)
class Settled:
    """A text to which every safe fix was applied, what is still said of it, and what was done."""

    text: SourceText
    diagnostics: tuple[Diagnostic, ...]
    applied: tuple[Fix, ...]


def settle_text(text: SourceText, find: Callable[[SourceText], tuple[Diagnostic, ...]]) -> Settled:
    """Apply safe fixes until none is left; `find` says what is wrong with a text.

    Without any, `text` is the very one that was given.
    """
    current = text
    done: list[Fix] = []
    diagnostics = find(current)
    for _ in range(ROUNDS_MAX):
        changed, applied = apply_fixes(current, safe_fixes(diagnostics))
        if changed == current.text:
            break
        done += applied
        current = SourceText.of(text.file, changed)
        diagnostics = find(current)
    return Settled(text=current, diagnostics=diagnostics, applied=tuple(done))


def apply_fixes(text: SourceText, fixes: Iterable[Fix]) -> tuple[str, tuple[Fix, ...]]:
    """Apply as many of `fixes`, in order, as do not overlap; return the text and those applied.

    A fix applies whole or not at all. Fixes that edit other files are passed by.
    """
    applied: list[Fix] = []
    placed = _Placed()
    for fix in fixes:
        is_here = all(edit.source.file == text.file for edit in fix.edits)
        if not is_here or not fix.edits or any(map(placed.touches, fix.edits)):
            continue
        applied.append(fix)
        for edit in fix.edits:
            placed.add(edit)
    parts: list[str] = []
    end = 0
    for edit in placed.in_order():
        parts += [text.text[end : edit.source.start], edit.text]
        end = max(end, edit.source.end)
    return "".join([*parts, text.text[end:]]), tuple(applied)


def safe_fixes(diagnostics: Iterable[Diagnostic]) -> list[Fix]:
    """Return the safe fix of each finding that has exactly one: two are a choice of the author.

    While there are errors, only theirs: what else is said may come from reading them wrongly
    (`duration > 5 sec` is an error, and 5 is not meant to be milliseconds).
    """
    found = list(diagnostics)
    errors = [one for one in found if one.severity is Severity.ERROR]
    chosen: list[Fix] = []
    for one in errors or found:
        safe = [fix for fix in one.fixes if fix.is_safe]
        if len(safe) == 1 and safe[0] not in chosen:
            chosen.append(safe[0])
    return chosen


class _Placed:
    """The edits chosen so far, by place; O(log edits) a question, for one fix may re-indent all."""

    def __init__(self) -> None:
        self._edits: list[Edit] = []
        self._places: list[tuple[int, int, int]] = []  # start, end, number in order of choice

    def touches(self, edit: Edit) -> bool:
        """Say whether `edit` and one of the chosen change the same text."""
        start, end = edit.source.start, edit.source.end
        index = bisect_left(self._places, (start,))
        # INVARIANT: the chosen do not touch each other, so of those before only the last may reach.
        if index and _touch(edit, self._edits[self._places[index - 1][2]]):
            return True
        while index < len(self._places) and self._places[index][0] <= max(start, end - 1):
            if _touch(edit, self._edits[self._places[index][2]]):
                return True
            index += 1
        return False

    def add(self, edit: Edit) -> None:
        """Choose `edit`."""
        insort(self._places, (edit.source.start, edit.source.end, len(self._edits)))
        self._edits.append(edit)

    def in_order(self) -> Iterator[Edit]:
        """Yield the chosen by place; insertions at one place in the order of choice."""
        for _, _, number in self._places:
            yield self._edits[number]


def _touch(one: Edit, other: Edit) -> bool:
    """Whether the edits change the same text; different insertions at one place do not."""
    first, second = one.source, other.source
    if first.start == first.end and second.start == second.end:
        return first.start == second.start and one.text == other.text
    return first.start < second.end and second.start < first.end
