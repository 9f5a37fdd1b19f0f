"""Traces that are known to the editor, saved as tests of the policy.

Owns: which traces a place offers, names of tests. Must not know: the protocol.
Truth: nectarc/testing/writing.py; what a test says is asked of the plain evaluator.
"""

from __future__ import annotations

from collections.abc import Iterator

from nectarc.diagnostic import Edit
from nectarc.evaluate.policy import decide
from nectarc.prove.verdicts import Verdict
from nectarc.semantics.options import CheckOptions
from nectarc.semantics.toon_edits import add_item
from nectarc.source import SourceSpan
from nectarc.testing.writing import as_written, test_lines
from nectarc.trace import Trace
from nectarc_lsp.database.view import View
from nectarc_lsp.features.actions import Action, ActionKind, touches
from nectarc_lsp.features.nodes import row_at


def test_actions(view: View, place: SourceSpan) -> Iterator[Action]:
    """Yield the traces of the rule at a place, and of what was refuted, as tests to add."""
    known, policy = view.knowledge, None if view.checked is None else view.checked.policy
    if known is None or policy is None:
        return
    row = row_at(view, place.start)
    name = None if row is None or row.section != "rules" else row.cell("name")
    rule = None if name is None else known.rule(name.scalar.text)
    if rule is not None and rule.example is not None:
        edits = save_as_test(view, rule.name, rule.name, rule.example)
        title = f"save a trace that `{rule.name}` decides as a test"
        yield from _saving(title, edits)
    for check in known.checks:
        shown = check.counterexample
        if check.verdict is not Verdict.REFUTED or shown is None or not shown.expected:
            continue
        is_here = rule is not None and rule.name == shown.rule
        if is_here or any(touches(one.source, place) for one in known.findings):
            edits = save_as_test(view, check.name, shown.expected, shown.trace)
            yield from _saving(f"save the counterexample of `{check.name}` as a test", edits)


def _saving(title: str, edits: tuple[Edit, ...]) -> Iterator[Action]:
    if edits:
        yield Action(title=title, kind=ActionKind.ADD, edits=edits)


def save_as_test(view: View, name: str, expect: str, trace: Trace) -> tuple[Edit, ...]:
    """Return edits that add a test; () where what is written would be another trace."""
    checked = view.checked
    if checked is None or checked.written is None or checked.policy is None:
        return ()
    taken = {one.name.text for one in checked.written.tests}
    lines = test_lines(free_name(name, taken), expect, trace)
    if not lines or decide(checked.policy, as_written(trace)) != decide(checked.policy, trace):
        return ()
    return add_item(CheckOptions(document=checked.document, text=view.text), "tests", lines)


def free_name(name: str, taken: set[str]) -> str:
    """Return a name that is not taken: `keep-slow`, `keep-slow 2`."""
    found, number = name, 1
    while found in taken:
        number += 1
        found = f"{name} {number}"
    return found
