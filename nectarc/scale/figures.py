"""Figures that follow from a tally: events kept, the share of failing traces kept, the peak.

Owns: the same arithmetic as nectarc/prove/budget.py, exact. Must not know: where the tally was
made. Truth: Refinery reference, 4 (goals).
"""

from __future__ import annotations

from fractions import Fraction
from operator import itemgetter

from nectarc.ir.nodes import Policy
from nectarc.prove.shares import expected_share, goal_per_second
from nectarc.records import record
from nectarc.scale.tally import ByRule, EventsByRule, Tally


@record(kw_only=True)
class Busiest:
    """The window in which most is kept. start_s: seconds since 1970. per_second: events kept."""

    start_s: int
    per_second: Fraction


def kept_share(policy: Policy, rule: int) -> Fraction | None:
    """Return the share that a rule keeps of what it decides; None where a goal a second says.

    Refinery keeps what no rule decides; a sampler of neither share nor goal counts as keeping all.
    """
    if not 0 <= rule < len(policy.rules):
        return Fraction(1)
    action = policy.rules[rule].action
    share = expected_share(action)
    if share is not None:
        # A share is 0 or one in so many: 1 / 100 is not what the float says.
        return Fraction(1, round(1 / share)) if share else Fraction(0)
    return Fraction(1) if goal_per_second(action) is None else None


def kept_events(policy: Policy, events: EventsByRule, seconds: int | None = None) -> Fraction:
    """Return how many of the events, by the rule that decides them, are kept.

    seconds: in which they came; None where that is not known, then goals a second cap nothing.
    """
    kept = Fraction(0)
    for rule, count in events.items():
        share = kept_share(policy, rule)
        if share is not None:
            kept += share * count
            continue
        goal = goal_per_second(policy.rules[rule].action)
        assert goal is not None
        kept += count if seconds is None else min(Fraction(goal) * seconds, Fraction(count))
    return kept


def kept_weight(policy: Policy, volumes: ByRule) -> Fraction:
    """Return how many of the real traces are kept; goals a second cap nothing."""
    kept = Fraction(0)
    for rule, volume in volumes.items():
        share = kept_share(policy, rule)
        kept += volume.weight if share is None else share * volume.weight
    return kept


def busiest_window(policy: Policy, tally: Tally, number: int = 0) -> Busiest | None:
    """Return the window in which list `number`, which is `policy`, keeps most; the first of equals.

    Windows stand at multiples of their length: `prove`, which moves them over the traces, may find
    more, at most twice as much. None where no trace has a time.
    """
    windows = [
        Busiest(
            start_s=start,
            per_second=kept_events(policy, events[number], tally.window_s) / tally.window_s,
        )
        for start, events in sorted(tally.windows.items(), key=itemgetter(0))
    ]
    return max(windows, key=lambda one: one.per_second, default=None)
