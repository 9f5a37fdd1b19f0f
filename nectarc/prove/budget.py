"""How many events a second a policy sends upstream, estimated from a corpus.

Owns: the estimate and the words for how it came about. Must not know: samplers over time.
Truth: docs/language.md, section 2 (`budget_per_second`); Refinery reference, 4 (goals).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, assert_never

from nectarc.ir.nodes import Action, Deterministic, Drop, DynamicSampler, Keep, Policy, Sample
from nectarc.prove.evidence import Decided, Evidence
from nectarc.prove.verdicts import CheckResult, Scope, Verdict
from nectarc.records import record

_NANOSECONDS: Final = 1e9
# Less than this and a handful of traces would make any rate.
_SECONDS_MIN: Final = 1.0
_RATE_PARAMETERS: Final = ("GoalSampleRate", "SampleRate")
_GOAL_PARAMETER: Final = "GoalThroughputPerSec"


@record
class Flow:
    """Events a second: arriving and kept, and what the numbers rest on."""

    arriving: float
    kept: float
    basis: str
    notes: tuple[str, ...]


def check_budget(
    policy: Policy, corpus: Sequence[Decided], evidence: Evidence, budget: float | None
) -> CheckResult:
    """Compare the estimated flow with the policy's `budget_per_second`."""
    scope = Scope(len(corpus))
    if budget is None:
        return _skipped("events kept per second stay within the budget", "the policy sets none")
    claim = f"at most {_number(budget)} events per second are kept"
    if not corpus:
        return _skipped(claim, "there is no corpus to estimate the traffic from")
    flow = estimate_flow(policy, corpus, evidence)
    if flow is None:
        return _skipped(
            claim,
            "the corpus spans less than a second: set `traces_per_second` under `[traffic]`",
        )
    notes = "".join(f"; {note}" for note in flow.notes)
    return CheckResult(
        name="budget",
        claim=claim,
        verdict=Verdict.HOLDS if flow.kept <= budget else Verdict.REFUTED,
        scope=scope,
        reason=f"about {_number(flow.kept)} of {_number(flow.arriving)} events per second:"
        f" {flow.basis}{notes}",
    )


def estimate_flow(policy: Policy, corpus: Sequence[Decided], evidence: Evidence) -> Flow | None:
    """Estimate the flow; None when neither the corpus nor the manifest tells the rate.

    Every corpus trace counts as many times as its sample rate says, by the share its rule keeps.
    """
    weights = [one.stored.sample_rate if one.stored else 1.0 for one in corpus]
    traces = sum(weights)
    if evidence.traces_per_second is not None:
        scale = evidence.traces_per_second / traces
        basis = f"`traces_per_second = {_number(evidence.traces_per_second)}` in the shape of"
    else:
        seconds = _seconds(corpus)
        if seconds < _SECONDS_MIN:
            return None
        scale = 1 / seconds
        basis = f"{_number(seconds)} s of"
    arriving = [0.0] * len(policy.rules)
    for one, weight in zip(corpus, weights, strict=True):
        arriving[one.rule] += len(one.trace.spans) * weight * scale
    kept = 0.0
    notes: dict[str, None] = {}
    for rule, events in zip(policy.rules, arriving, strict=True):
        events_kept, note = _kept(rule.action, events)
        kept += events_kept
        if note and events:
            notes[f"rule `{rule.name}` {note}"] = None
    is_weighted = any(weight != 1 for weight in weights)
    counted = f"{len(corpus)} corpus traces"
    if is_weighted:
        counted += f" that stand for {_number(traces)}"
    return Flow(sum(arriving), kept, f"{basis} {counted}", tuple(notes))


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


def _kept(action: Action, events: float) -> tuple[float, str]:
    share = expected_share(action)
    if share is not None:
        note = "is taken to meet its goal" if isinstance(action, DynamicSampler) else ""
        return events * share, note
    assert isinstance(action, DynamicSampler)
    goal = dict(action.parameters).get(_GOAL_PARAMETER)
    if isinstance(goal, int | float) and not isinstance(goal, bool):
        return min(events, float(goal)), "is taken to meet its goal on one Refinery node"
    return events, "is counted as keeping all"


def _seconds(corpus: Sequence[Decided]) -> float:
    times = [one.stored.start_time_ns for one in corpus if one.stored and one.stored.start_time_ns]
    return (max(times) - min(times)) / _NANOSECONDS if times else 0.0


def _skipped(claim: str, reason: str) -> CheckResult:
    return CheckResult(name="budget", claim=claim, verdict=Verdict.SKIPPED, reason=reason)


def _number(value: float) -> str:
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"
