"""Rules that can plainly never fire: after one that matches everything, or of a false match.

Owns: NEC211 and NEC214. Must not know: what a prover finds beyond that.
Truth: docs/language.md, section 5.
"""

from __future__ import annotations

from nectarc.diagnostic import Label
from nectarc.semantics.constants import constant_value
from nectarc.semantics.context import Context
from nectarc.semantics.rule_list import CheckedRule


def lint_unreachable(rules: list[CheckedRule], context: Context) -> None:
    """Warn of rules after an always-true one, and of matches that are `false`."""
    if any(one.rule.priority_cell is None for one in rules):
        return  # the order is not known: a priority could not be read, which has been said
    fallback: CheckedRule | None = None
    for one in rules:
        name = one.rule.name
        if fallback is not None:
            context.report(
                "NEC211",
                name.source,
                f"`{name.text}` can never fire: `{fallback.rule.name.text}` matches every trace",
                why="the first rule by priority decides, and rules of equal priority go in file "
                "order",
                help=f"give it a priority above {fallback.rule.priority}, or remove it",
                related=(Label(fallback.rule.name.source, "matches every trace"),),
            )
            continue
        value = None if one.match is None else constant_value(one.match)
        if value is True:
            fallback = one
        elif value is False:
            context.report(
                "NEC214",
                one.rule.match.source,
                f"`{name.text}` never matches a trace",
                why="a rule that never fires only looks as if it did something",
                help="remove the rule",
            )
