"""Which share of the traces that it decides an action aims to keep.

Owns: goals of samplers as shares. Must not know: traffic.
Truth: Refinery reference, 4 (goals); docs/language.md, section 4.
"""

from __future__ import annotations

from typing import Final, assert_never

from nectarc.ir.nodes import Action, Deterministic, Drop, DynamicSampler, Keep, Sample
from nectarc.report.words import sampler_words

_RATE_PARAMETERS: Final = ("GoalSampleRate", "SampleRate")
_GOAL_PARAMETER: Final = "GoalThroughputPerSec"


def expected_share(action: Action) -> float | None:
    """Return the share an action aims to keep, None where it depends on the flow."""
    match action:
        case Keep():
            return 1.0
        case Drop():
            return 0.0
        case Sample() | Deterministic():
            return 1 / action.one_in
        case DynamicSampler():
            parameters = dict(action.parameters)
            for name in _RATE_PARAMETERS:
                goal = parameters.get(name)
                if isinstance(goal, int) and goal > 0:
                    return 1 / goal
            return None
        case _:
            assert_never(action)


def goal_per_second(action: Action) -> float | None:
    """Return the events a second that a sampler aims for on one Refinery node, None without."""
    if not isinstance(action, DynamicSampler):
        return None
    goal = dict(action.parameters).get(_GOAL_PARAMETER)
    return float(goal) if isinstance(goal, int | float) and not isinstance(goal, bool) else None


def action_words(action: Action) -> str:
    """Return what an action does with a trace: `keeps it`, `keeps 1 in 100 like it`."""
    match action:
        case Keep():
            return "keeps it"
        case Drop():
            return "drops it"
        case Sample() | Deterministic():
            return f"keeps 1 in {action.one_in} like it"
        case DynamicSampler():
            return f"leaves it to {sampler_words(action.kind)}"
        case _:
            assert_never(action)
