"""All actions of a place, in the order in which an editor lists them.

Owns: which features are asked. Must not know: the protocol.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nectarc.diagnostic import Diagnostic
from nectarc.source import SourceSpan
from nectarc_lsp.database.view import Kind, View
from nectarc_lsp.features.actions import Action, ActionKind, about, is_asked, is_wanted
from nectarc_lsp.features.actions_fixes import fix_actions, fix_all_action, has_safe_fixes
from nectarc_lsp.features.actions_rewrite import rewrite_actions
from nectarc_lsp.features.actions_rules import dead_rule_actions, sort_action
from nectarc_lsp.features.actions_tests import test_actions


def actions_at(
    view: View,
    place: SourceSpan,
    shown: Sequence[Diagnostic],
    only: Sequence[str] | None = None,
    named: Sequence[Diagnostic] = (),
) -> Iterator[Action]:
    """Yield what can be done about `place`.

    shown: all findings of the document.   only: the kinds that were asked for, None: all.
    named: findings that the client asks about, wherever they are.
    """
    if is_wanted(ActionKind.QUICK_FIX, only):
        yield from fix_actions(tuple(dict.fromkeys((*about(shown, place), *named))))
        if view.kind is Kind.POLICY:
            yield from dead_rule_actions(view, place, shown)
    if is_wanted(ActionKind.REWRITE, only):
        yield from rewrite_actions(view, place)
    if is_wanted(ActionKind.ADD, only) and view.kind is Kind.POLICY:
        yield from test_actions(view, place)
    if is_wanted(ActionKind.FIX_ALL, only):
        yield from _fix_all(view, only)
    if is_wanted(ActionKind.SORT, only) and view.kind is Kind.POLICY:
        found = sort_action(view)
        if found is not None:
            yield found


def _fix_all(view: View, only: Sequence[str] | None) -> Iterator[Action]:
    """Yield the safe fixes; worked out now where they were asked for, else when they are chosen."""
    if is_asked(ActionKind.FIX_ALL, only):
        found = fix_all_action(view)
        if found is not None:
            yield found
    elif has_safe_fixes(view):
        yield Action(title="apply all safe fixes", kind=ActionKind.FIX_ALL)
