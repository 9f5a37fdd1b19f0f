"""What to do about a rule that can never decide: take it out, or move it up; rules put in order.

Owns: which rules are dead and above which others they could go. Must not know: the protocol, how
effects are proven. Truth: docs/language.md, section 5; nectarc/semantics/row_edits.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from nectarc.diagnostic import Diagnostic, Edit
from nectarc.records import record
from nectarc.semantics.row_edits import reordered, without_rows
from nectarc.semantics.toon_edits import find_section
from nectarc.source import SourceSpan
from nectarc.syntax import ast
from nectarc.toon.document import Array
from nectarc_lsp.database.knowledge import Reach
from nectarc_lsp.database.view import View
from nectarc_lsp.features.actions import Action, ActionKind, touches
from nectarc_lsp.features.format_edits import moved_lines

_AFTER_FALLBACK: Final = "NEC211"
_NEVER_TRUE: Final = "NEC214"
_PROVEN_DEAD: Final = "NEC454"
_DEAD: Final = frozenset({_AFTER_FALLBACK, _NEVER_TRUE, _PROVEN_DEAD})


@record(kw_only=True)
class DeadRule:
    """A rule that decides no trace: rules `above` take all of its own, or it has none.

    above: in order of decision. findings: what was said of it.
    """

    rule: ast.Rule
    above: tuple[ast.Rule, ...]
    findings: tuple[Diagnostic, ...]


def dead_rule_actions(
    view: View, place: SourceSpan, shown: Sequence[Diagnostic]
) -> Iterator[Action]:
    """Yield what can be done about dead rules at a place."""
    for dead in dead_rules(view, place, shown):
        removed = removal(view, dead)
        if removed is not None:
            yield removed
        # Above the last of those that take its traces it may decide some; above the first, all.
        for target in dict.fromkeys((*dead.above[-1:], *dead.above[:1])):
            moved = move_above(view, dead.rule, target)
            if moved:
                yield Action(
                    title=f"move `{dead.rule.name.text}` above `{target.name.text}`",
                    kind=ActionKind.QUICK_FIX,
                    edits=moved,
                    diagnostics=dead.findings,
                    is_moving=True,
                    raised=dead.rule.name.text,
                )


def dead_rules(view: View, place: SourceSpan, shown: Sequence[Diagnostic]) -> Iterator[DeadRule]:
    """Yield the dead rules whose row touches `place`."""
    written = None if view.checked is None else view.checked.written
    for rule in () if written is None else written.rules:
        if not touches(rule.source, place):
            continue
        findings = tuple(
            one for one in shown if one.code in _DEAD and touches(one.source, rule.source)
        )
        assert written is not None
        above = _above(view, written, rule, findings)
        if above is not None:
            yield DeadRule(rule=rule, above=above, findings=findings)


def _above(
    view: View, written: ast.Policy, rule: ast.Rule, findings: Sequence[Diagnostic]
) -> tuple[ast.Rule, ...] | None:
    """Return the rules that take all traces of `rule`; None where it is not known to be dead."""
    for one in findings:
        if one.code == _NEVER_TRUE:
            return ()
        if one.code == _AFTER_FALLBACK:
            places = [label.source for label in one.related]
            return tuple(other for other in written.rules if other.name.source in places)
    known = None if view.knowledge is None else view.knowledge.rule(rule.name.text)
    if known is None or known.reach is not Reach.NEVER:
        return None
    return tuple(one for one in ordered(written) if one.name.text in known.shadowed_by)


def ordered(written: ast.Policy) -> list[ast.Rule]:
    """Return the rules in the order in which they decide."""
    return sorted(written.rules, key=lambda rule: -rule.priority)


def removal(view: View, dead: DeadRule) -> Action | None:
    """Return the action that takes a dead rule out, with the tests that wait for it in vain."""
    assert view.checked is not None
    assert view.checked.written is not None
    table = _table(view, "rules")
    index = None if table is None else _row_of(table, dead.rule.source)
    if table is None or index is None or len(table.items) == 1:
        return None
    edits = without_rows(table, (index,), view.text)
    if not edits:
        return None
    name = dead.rule.name.text
    title = f"remove rule `{name}`: changes nothing, proven"
    is_only = sum(1 for one in view.checked.written.rules if one.name.text == name) == 1
    waiting = [one for one in view.checked.written.tests if one.expect.text == name]
    if waiting and is_only:
        tests = _table(view, "tests")
        rows = [] if tests is None else [_row_of(tests, one.source) for one in waiting]
        gone = [row for row in rows if row is not None]
        more = () if tests is None else without_rows(tests, gone, view.text)
        if len(gone) != len(waiting) or not more:
            return None
        edits = (*edits, *more)
        count = "the test" if len(gone) == 1 else f"the {len(gone)} tests"
        title = f"remove rule `{name}` and {count} that could never pass: decides no trace, proven"
    return Action(title=title, kind=ActionKind.QUICK_FIX, edits=edits, diagnostics=dead.findings)


def move_above(view: View, rule: ast.Rule, target: ast.Rule) -> tuple[Edit, ...]:
    """Return edits after which `rule` decides just before `target`; () where no edit can."""
    assert view.checked is not None
    assert view.checked.written is not None
    table = _table(view, "rules")
    rules = ordered(view.checked.written)
    if table is None or rule.priority_cell is None or any(r.priority_cell is None for r in rules):
        return ()
    rules.remove(rule)
    at = next(number for number, one in enumerate(rules) if one is target)
    edits = _priorities(rule, target, rules[:at])
    here, there = _row_of(table, rule.source), _row_of(table, target.source)
    if here is None or there is None:
        return ()
    if here < there:  # the row stands above already: its number alone was too small
        return tuple(edits)
    order = [*range(there), here, *(one for one in range(there, len(table.items)) if one != here)]
    inside = [one for one in edits if one.source.start >= table.header.end]
    moved = reordered(table, order, view.text, inside)
    return tuple(edits) if moved is None else moved_lines(view.text, moved)


def _priorities(rule: ast.Rule, target: ast.Rule, above: Sequence[ast.Rule]) -> list[Edit]:
    """Give `rule` a priority just above that of `target`; rules above make room where they must."""
    wanted = target.priority + 1
    assert rule.priority_cell is not None
    edits = [Edit(rule.priority_cell.source, str(wanted))]
    for one in reversed(above):
        if one.priority > wanted:
            break
        wanted += 1
        assert one.priority_cell is not None
        edits.append(Edit(one.priority_cell.source, str(wanted)))
    return edits


def sort_action(view: View) -> Action | None:
    """Return the action that writes the rules in the order in which they decide; None if they are.

    Rules of equal priority keep their order, so no trace is decided otherwise.
    """
    written = None if view.checked is None else view.checked.written
    table = _table(view, "rules")
    if written is None or table is None or len(written.rules) != len(table.items):
        return None
    if any(one.priority_cell is None for one in written.rules):
        return None
    order = sorted(range(len(written.rules)), key=lambda row: -written.rules[row].priority)
    if order == list(range(len(order))):
        return None
    edit = reordered(table, order, view.text)
    if edit is None:
        return None
    return Action(
        title="sort rules by priority: changes nothing",
        kind=ActionKind.SORT,
        edits=moved_lines(view.text, edit),
    )


def _table(view: View, section: str) -> Array | None:
    assert view.checked is not None
    found = find_section(view.checked.document.root, section)
    return found if isinstance(found, Array) else None


def _row_of(table: Array, source: SourceSpan) -> int | None:
    return next((at for at, one in enumerate(table.items) if one.source == source), None)
