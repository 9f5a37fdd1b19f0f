"""Applying fixes to a text.

Owns: which fixes go together, and what they make of a text. Must not know: the disk, any code.
Fixes are data (nectarc/diagnostic.py); this is the one place that carries them out.
"""

from __future__ import annotations

from collections.abc import Iterable

from nectarc.diagnostic import Diagnostic, Edit, Fix, Severity
from nectarc.source import SourceText


def apply_fixes(text: SourceText, fixes: Iterable[Fix]) -> tuple[str, tuple[Fix, ...]]:
    """Apply as many of `fixes`, in order, as do not overlap; return the text and those applied.

    A fix applies whole or not at all. Fixes that edit other files are passed by.
    """
    applied: list[Fix] = []
    edits: list[Edit] = []
    for fix in fixes:
        is_here = all(edit.source.file == text.file for edit in fix.edits)
        if not is_here or not fix.edits or _overlaps(fix.edits, edits):
            continue
        applied.append(fix)
        edits.extend(fix.edits)
    changed = text.text
    # Among insertions at one place the later one goes in first, so that they keep their order.
    order = sorted(enumerate(edits), key=lambda one: (one[1].source.start, one[0]), reverse=True)
    for _, edit in order:
        changed = changed[: edit.source.start] + edit.text + changed[edit.source.end :]
    return changed, tuple(applied)


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


def _overlaps(new: Iterable[Edit], old: Iterable[Edit]) -> bool:
    placed = list(old)
    return any(_touch(edit, other) for edit in new for other in placed)


def _touch(one: Edit, other: Edit) -> bool:
    """Whether the edits change the same text; different insertions at one place do not."""
    first, second = one.source, other.source
    if first.start == first.end and second.start == second.end:
        return first.start == second.start and one.text == other.text
    return first.start < second.end and second.start < first.end
