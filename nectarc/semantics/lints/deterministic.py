"""`deterministic` among other rules, which Refinery refuses.

Owns: NEC228. Truth: docs/language.md, section 4; ../shared/reference/refinery-semantics.md, 1.2.
"""

from __future__ import annotations

from nectarc.diagnostic import Edit, Fix
from nectarc.ir import nodes as ir
from nectarc.semantics.context import Context
from nectarc.semantics.rule_list import CheckedRule


def lint_deterministic(rules: list[CheckedRule], context: Context) -> None:
    """Report `deterministic` unless it is the action of the policy's sole rule."""
    if len(rules) == 1:
        return
    for one in rules:
        if isinstance(one.action, ir.Deterministic):
            text = f"sample(1/{one.action.one_in})"
            context.report(
                "NEC228",
                one.action_source,
                "`deterministic` stands beside other rules",
                why="Refinery takes a deterministic sampler as the whole of a target only, and "
                "refuses it among rules",
                help="keep it in a policy of a single rule",
                fixes=(Fix(f"draw at random: `{text}`", (Edit(one.action_source, text),)),),
            )
