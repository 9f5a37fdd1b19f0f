"""Code actions: what can be done about a place, as edits.

Owns: `Action`, which kinds there are, all actions of a place. Must not know: the protocol, how an
edit is proven. Truth: Diagnostic.fixes; nectarc/fixes.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum

from nectarc.diagnostic import Diagnostic, Edit
from nectarc.records import record
from nectarc.source import SourceSpan
from nectarc_lsp.database.view import View


class ActionKind(Enum):
    """The kinds of actions, as editors name them: what is before a dot holds what is after it."""

    QUICK_FIX = "quickfix"
    REWRITE = "refactor.rewrite"
    ADD = "refactor.extract"  # something new from what is there: a test from a trace
    FIX_ALL = "source.fixAll.nectarc"
    SORT = "source.sortRules.nectarc"


@record(kw_only=True)
class Action:
    """Something to choose.

    edits:       of this file or of others; () where `later` or `command` says what is done.
    diagnostics: the findings that it mends.
    is_preferred: the one that a key without a menu applies.
    is_moving:   rules may decide other traces: the effect is to be proven and told.
    raised:      the only rule that decides others, one that goes up; "" where there are more.
    command:     of the server, with its arguments, in the place of edits.
    """

    title: str
    kind: ActionKind
    edits: tuple[Edit, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    is_preferred: bool = False
    is_moving: bool = False
    raised: str = ""
    command: tuple[str, tuple[object, ...]] | None = None


def is_wanted(kind: ActionKind, only: Sequence[str] | None) -> bool:
    """Say whether an action of that kind was asked for; without `only`, all are."""
    if only is None:
        return True
    return any(not one or kind.value == one or kind.value.startswith(f"{one}.") for one in only)


def is_asked(kind: ActionKind, only: Sequence[str] | None) -> bool:
    """Say whether that kind, or what holds it, was asked for by name."""
    return only is not None and is_wanted(kind, only)


def touches(one: SourceSpan, other: SourceSpan) -> bool:
    """Say whether two places share text or an end."""
    return one.file == other.file and one.start <= other.end and other.start <= one.end


def about(found: Sequence[Diagnostic], place: SourceSpan) -> Iterator[Diagnostic]:
    """Yield the findings at a place, each once."""
    for one in dict.fromkeys(found):
        if touches(one.source, place):
            yield one


def is_file(view: View, action: Action) -> bool:
    """Say whether an action edits the view's file alone."""
    return all(edit.source.file == view.text.file for edit in action.edits)
