"""Sampler actions that are one sampler in Refinery, with one budget.

Owns: NEC232 and NEC233. Truth: docs/language.md, section 4 (last sentence but one);
../shared/reference/refinery-semantics.md, 4.1.
"""

from __future__ import annotations

from typing import TypeAlias

from nectarc.diagnostic import Label
from nectarc.ir import nodes as ir
from nectarc.semantics.context import Context
from nectarc.semantics.rule_list import CheckedRule
from nectarc.semantics.sampler_parameters import BY_REFINERY

_Key: TypeAlias = tuple[str, object, frozenset[str]]


def lint_shared_budgets(rules: list[CheckedRule], context: Context) -> None:
    """Report samplers of equal kind, goal and field set; an error where the rest differs."""
    first: dict[_Key, CheckedRule] = {}
    for one in rules:
        if not isinstance(one.action, ir.DynamicSampler):
            continue
        earlier = first.setdefault(_key(one.action), one)
        if earlier is one:
            continue
        assert isinstance(earlier.action, ir.DynamicSampler)
        differing = _differing(one.action, earlier.action)
        related = (Label(earlier.action_source, "the same sampler"),)
        names = f"`{one.rule.name.text}` and `{earlier.rule.name.text}`"
        if differing:
            context.report(
                "NEC233",
                one.action_source,
                f"{names} are one sampler in Refinery, but differ in "
                f"{', '.join(f'`{name}`' for name in differing)}",
                why="samplers of one kind, goal and field set are one, and the parameters of "
                "whichever is built first hold for both",
                help="write the same parameters in both, or another goal or another list of fields",
                related=related,
            )
        else:
            context.report(
                "NEC232",
                one.action_source,
                f"{names} share one sampler, with one budget",
                why="Refinery makes one sampler of all with the same kind, goal and field set",
                help="write another goal or another list of fields where each needs its own",
                related=related,
            )


def _key(action: ir.DynamicSampler) -> _Key:
    goal = BY_REFINERY[action.kind].parameters[0].refinery
    return (action.kind, dict(action.parameters).get(goal), frozenset(action.field_list))


def _differing(left: ir.DynamicSampler, right: ir.DynamicSampler) -> list[str]:
    ours, theirs = dict(left.parameters), dict(right.parameters)
    return [
        parameter.name
        for parameter in BY_REFINERY[left.kind].parameters
        if ours.get(parameter.refinery) != theirs.get(parameter.refinery)
    ]
