"""Whether the events that a policy keeps stay within its budget, estimated from a corpus.

Owns: the estimate's words and verdict. Must not know: how rates are drawn, samplers over time.
Truth: docs/language.md, section 2 (`budget_per_second`); Refinery reference, 4 (goals);
docs/prove.md, "Budget".
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nectarc.ir.nodes import Policy
from nectarc.prove.corpus_decisions import Decisions
from nectarc.prove.flow import (
    Estimate,
    Load,
    Peak,
    Recording,
    estimate_mean,
    estimate_peaks,
    recording_of,
)
from nectarc.prove.shares import expected_share, goal_per_second
from nectarc.prove.verdicts import CheckResult, Sample, Verdict
from nectarc.prove.words import number_words
from nectarc.records import record
from nectarc.render.counting import counted

_NAME = "budget"
# A bootstrap of fewer traces says little of the traces that did not come.
_FEW_TRACES = 30


@record(kw_only=True)
class Traffic:
    """What is known of the user's traffic besides the corpus.

    traces_per_second: None where the corpus's own times are to tell.
    presampled:        how the corpus was sampled, "" if it is whole.
    """

    traces_per_second: float | None = None
    presampled: str = ""
    seed: int = 0


@record(kw_only=True)
class Flow:
    """Events a second: mean and peaks, and what the numbers rest on."""

    mean: Estimate
    peaks: tuple[Peak, ...]
    basis: str
    notes: tuple[str, ...]


def check_budget(
    policy: Policy, decisions: Decisions, traffic: Traffic, budget: float
) -> CheckResult:
    """Compare the upper bound of the mean kept rate with the policy's `budget_per_second`."""
    claim = f"at most {number_words(budget)} events per second are kept"
    if not len(decisions):
        return _unknown(claim, "there is no corpus to estimate the traffic from")
    flow = estimate_flow(policy, decisions, traffic)
    if flow is None:
        return _unknown(
            claim,
            "the corpus spans less than a second: set `traces_per_second` under `[traffic]`",
        )
    return CheckResult(
        name=_NAME,
        claim=claim,
        verdict=Verdict.HOLDS if flow.mean.high <= budget else Verdict.REFUTED,
        sample=Sample(traces=len(decisions), weight=float(decisions.weights.sum())),
        reason=_reason(flow, budget),
        figures=(("budget", budget), *_figures(flow)),
    )


def estimate_flow(policy: Policy, decisions: Decisions, traffic: Traffic) -> Flow | None:
    """Estimate the flow under the first list of `decisions`, which is `policy`.

    None when neither the corpus nor the manifest tells the rate.
    """
    load = load_of(policy, decisions)
    recording = recording_of(decisions.start_ns)
    mean = estimate_mean(load, recording, traffic.traces_per_second, traffic.seed)
    if mean is None:
        return None
    peaks = estimate_peaks(load, recording, traffic.traces_per_second, traffic.seed)
    notes = [*_sampler_notes(policy, decisions)]
    if traffic.presampled:
        notes.append(f"the corpus was {traffic.presampled}, and counts by its sample rates")
    if len(decisions) < _FEW_TRACES:
        notes.append("so few traces make a rough interval")
    return Flow(
        mean=mean,
        peaks=peaks,
        basis=_basis(decisions, recording, traffic.traces_per_second),
        notes=tuple(notes),
    )


def load_of(policy: Policy, decisions: Decisions, number: int = 0) -> Load:
    """Return what each trace brings under list `number` of `decisions`, which is `policy`."""
    rules = decisions.rules[number]
    events = decisions.span_counts * decisions.weights
    goals = [goal_per_second(rule.action) for rule in policy.rules]
    shares = [expected_share(rule.action) for rule in policy.rules]
    # What has a goal a second, or no known share at all, is not kept by a share.
    by_share = [share if share is not None else float(goal is None)
                for share, goal in zip(shares, goals, strict=True)]  # fmt: skip
    # One more for a list without a fallback, whose traces Refinery keeps.
    kept = events * np.array([*by_share, 1.0])[rules]
    capped = tuple(
        (goal, np.where(rules == index, events, 0.0))
        for index, goal in enumerate(goals)
        if goal is not None and shares[index] is None
    )
    return Load(
        events=events,
        kept=kept,
        capped=capped,
        weights=decisions.weights,
        start_ns=decisions.start_ns,
    )


def _reason(flow: Flow, budget: float) -> str:
    mean = flow.mean
    rate = (
        f"{number_words(mean.kept)} of {number_words(mean.arriving)} events per second,"
        f" with 95 % confidence between {number_words(mean.low)} and {number_words(mean.high)}"
    )
    words = [rate]
    if mean.kept <= budget < mean.high:
        words.append("the estimate is within the budget, its upper bound is not")
    for peak in flow.peaks:
        over = " (above the budget)" if mean.high <= budget < peak.high else ""
        words.append(
            f"in the busiest {number_words(peak.seconds)} s {number_words(peak.kept)}, between"
            f" {number_words(peak.low)} and {number_words(peak.high)}{over}"
        )
    words.append(flow.basis)
    return "; ".join([*words, *flow.notes])


def _figures(flow: Flow) -> Iterator[tuple[str, float]]:
    mean = flow.mean
    yield from (("arriving", mean.arriving), ("kept", mean.kept))
    yield from (("kept_low", mean.low), ("kept_high", mean.high))
    for peak in flow.peaks:
        name = f"peak_{peak.seconds}s"
        yield from ((name, peak.kept), (f"{name}_low", peak.low), (f"{name}_high", peak.high))


def _basis(decisions: Decisions, recording: Recording, rate: float | None) -> str:
    traces = f"{counted(len(decisions), 'corpus trace')}"
    total = float(decisions.weights.sum())
    if total != len(decisions):
        traces += f" that stand for {number_words(total)}"
    if rate is not None:
        return f"from `traces_per_second = {number_words(rate)}` in the shape of {traces}"
    words = f"from {number_words(recording.seconds)} s of {traces}"
    if recording.recordings > 1:
        words += f", breaks between {recording.recordings} recordings left out"
    untimed = len(decisions) - recording.timed
    return words + (f", {untimed:,} of them without a time" if untimed else "")


def _sampler_notes(policy: Policy, decisions: Decisions) -> Iterator[str]:
    deciding = set(np.unique(decisions.rules[0]).tolist())
    for index, rule in enumerate(policy.rules):
        if index not in deciding:
            continue
        goal = goal_per_second(rule.action)
        share = expected_share(rule.action)
        if share is None and goal is None:
            yield f"rule `{rule.name}` is counted as keeping all"
        elif share is None:
            yield f"rule `{rule.name}` is taken to meet its goal on one Refinery node"
        elif type(rule.action).__name__ == "DynamicSampler":
            yield f"rule `{rule.name}` is taken to meet its goal"


def _unknown(claim: str, reason: str) -> CheckResult:
    return CheckResult(name=_NAME, claim=claim, verdict=Verdict.UNKNOWN, reason=reason)
