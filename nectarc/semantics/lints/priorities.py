"""Rules of equal priority: file order decides, which nobody sees in the table.

Owns: NEC212. Truth: docs/language.md, section 2 (ties in file order, a lint).
"""

from __future__ import annotations

from nectarc.diagnostic import Label, Severity
from nectarc.semantics.context import Context
from nectarc.semantics.rule_list import CheckedRule


def lint_priorities(rules: list[CheckedRule], context: Context) -> None:
    """Warn of each rule with the priority of an earlier one; a hint where the actions agree."""
    first: dict[int, CheckedRule] = {}
    for one in rules:
        if one.rule.priority_cell is None:
            continue
        earlier = first.setdefault(one.rule.priority, one)
        if earlier is one:
            continue
        is_same = earlier.action is not None and earlier.action == one.action
        context.report(
            "NEC212",
            one.priority_source,
            f"`{one.rule.name.text}` has the priority of `{earlier.rule.name.text}`",
            why="file order decides between them, so moving a row changes what is kept",
            help="give each rule a priority of its own",
            related=(Label(earlier.priority_source, "the same priority"),),
            severity=Severity.HINT if is_same else None,
        )
