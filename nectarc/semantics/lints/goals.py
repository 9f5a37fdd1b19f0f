"""Goals of samplers that nothing can meet, or that say nothing.

Owns: NEC234 and NEC235. Truth: ../shared/reference/refinery-semantics.md, 1.2 and 4.
"""

from __future__ import annotations

from typing import Final

from nectarc.ir import nodes as ir
from nectarc.semantics.context import Context
from nectarc.semantics.rule_list import CheckedRule
from nectarc.semantics.sampler_parameters import BY_REFINERY, go_duration
from nectarc.syntax.ast import Argument, DurationLiteral

_SECOND: Final = 1_000_000_000
_UPDATE_DEFAULT: Final = _SECOND


def lint_goals(budget_per_second: float | None, rules: list[CheckedRule], context: Context) -> None:
    """Warn of goals of 1, of windows too short, of throughputs above the policy's budget."""
    goals: dict[tuple[str, object, frozenset[str]], int] = {}
    for one in rules:
        action = one.action
        if not isinstance(action, ir.DynamicSampler):
            continue
        kind = BY_REFINERY[action.kind]
        goal = dict(action.parameters)[kind.parameters[0].refinery]
        if not kind.is_throughput and goal == 1:
            context.report(
                "NEC234",
                one.action_source,
                f"`{kind.action}` with a goal of 1 keeps every trace",
                why="it costs what `keep` costs, and looks as if it sampled",
                help="write `keep`, or the rate that is meant",
            )
        _check_window(one, action, context)
        if kind.is_throughput and isinstance(goal, int):
            goals[(action.kind, goal, frozenset(action.field_list))] = goal
            if budget_per_second is not None and goal > budget_per_second:
                context.report(
                    "NEC235",
                    one.action_source,
                    f"a goal of {goal} a second is above the budget of {budget_per_second:g}",
                    why="the sampler alone may send more than the policy has to spend",
                    help="write a goal below `budget_per_second`",
                )
                return
    if budget_per_second is not None and len(goals) > 1 and sum(goals.values()) > budget_per_second:
        last = next(one for one in reversed(rules) if isinstance(one.action, ir.DynamicSampler))
        context.report(
            "NEC235",
            last.action_source,
            f"the goals add up to {sum(goals.values())} a second, above the budget of "
            f"{budget_per_second:g}",
            why="each sampler has a budget of its own, and they are spent side by side",
            help="write goals that fit into `budget_per_second` together",
        )


def _check_window(one: CheckedRule, action: ir.DynamicSampler, context: Context) -> None:
    if action.kind != "WindowedThroughputSampler" or one.rule.action is None:
        return
    durations = {argument.name: _nanoseconds(argument) for argument in one.rule.action.arguments}
    lookback = durations.get("lookback_frequency")
    update = durations.get("update_frequency") or _UPDATE_DEFAULT
    if lookback is not None and lookback < update:
        context.report(
            "NEC234",
            one.action_source,
            f"the window of {go_duration(lookback)} is shorter than its update interval of "
            f"{go_duration(update)}",
            why="nothing is ever counted in such a window, so every trace is kept",
            help="write a `lookback_frequency` of several `update_frequency`",
        )


def _nanoseconds(argument: Argument) -> int | None:
    value = argument.value
    return int(value.nanoseconds) if isinstance(value, DurationLiteral) else None
