"""Claims of the form "whatever matches this is kept with such a share", and asking them.

Owns: what a requirement asks of an action, looking for a trace that breaks a claim.
Must not know: where claims come from. Truth: docs/language.md, section 2 (`invariants`).
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Final, assert_never

from nectarc.evaluate.minimise import minimise
from nectarc.evaluate.policy import decide, holds
from nectarc.evaluate.policy import share as bounds_of_share
from nectarc.ir.nodes import (
    Action,
    Deterministic,
    Drop,
    DynamicSampler,
    Keep,
    Policy,
    Sample,
    TraceExpr,
)
from nectarc.prove.evidence import Decided, Ground
from nectarc.prove.verdicts import CheckResult, Counterexample, Scope, Verdict
from nectarc.records import record
from nectarc.syntax.ast import Requirement
from nectarc.trace import Trace

_PLAIN: Final = (str, bool, int)


@record(kw_only=True)
class Claim:
    """For every trace that `when` holds of, the share kept must be as required.

    name, words: as CheckResult's `name` and `claim`.
    """

    name: str
    words: str
    when: TraceExpr
    requirement: Requirement
    share: Fraction | None = None


def is_met(action: Action, requirement: Requirement, share: Fraction | None) -> bool:
    """Say whether `action` keeps as much as required, whatever the traffic.

    A dynamic sampler keeps some share above 0 that depends on the traffic: it meets `not drop`,
    but no bound.
    """
    low, high = bounds_of_share(action)
    match requirement:
        case Requirement.KEEP:
            return low == 1
        case Requirement.NOT_DROP:
            return high > 0
        case Requirement.AT_LEAST:
            assert share is not None
            return low >= share
        case Requirement.AT_MOST:
            assert share is not None
            return high <= share
        case _:
            assert_never(requirement)


def check_claim(claim: Claim, ground: Ground) -> CheckResult:
    """Ask `claim` of every trace; the counterexample is the smallest that was easily found."""
    corpus = [one for one in ground.corpus if holds(claim.when, one.trace)]
    bounded = [one for one in ground.bounded if holds(claim.when, one.trace)]
    failing = _failing(claim, ground.policy, corpus)
    found = failing or _failing(claim, ground.policy, bounded)
    scope = Scope(len(corpus), len(bounded))
    if not found:
        return CheckResult(name=claim.name, claim=claim.words, verdict=Verdict.HOLDS, scope=scope)
    # Of corpus traces the first that came; of built ones the one with the least on it.
    worst = found[0] if failing else min(found, key=_size)
    shown = counterexample(claim, ground.policy, worst)
    return CheckResult(
        name=claim.name,
        claim=claim.words,
        verdict=Verdict.REFUTED,
        scope=scope,
        reason=_reason(claim, failing, corpus, shown),
        failing=len(failing),
        counterexample=shown,
    )


def counterexample(claim: Claim, policy: Policy, decided: Decided) -> Counterexample:
    """Make the trace of `decided` small and replay it."""

    def is_counterexample(trace: Trace) -> bool:
        return holds(claim.when, trace) and not is_met(
            policy.rules[decide(policy, trace)].action, claim.requirement, claim.share
        )

    small = minimise(decided.trace, is_counterexample)
    rule = policy.rules[decide(policy, small)]
    return Counterexample(
        small,
        decided.trace.trace_id if decided.stored is not None else "",
        decided.stored.source if decided.stored is not None else "",
        len(decided.trace.spans),
        rule.name,
        rule.action,
    )


def action_words(action: Action) -> str:
    """Return what an action does with a trace: `keeps it`, `keeps 1 in 100 of them`."""
    match action:
        case Keep():
            return "keeps it"
        case Drop():
            return "drops it"
        case Sample() | Deterministic():
            return f"keeps 1 in {action.one_in} like it"
        case DynamicSampler():
            return f"leaves it to a {action.kind}"
        case _:
            assert_never(action)


def _failing(claim: Claim, policy: Policy, traces: Iterable[Decided]) -> list[Decided]:
    met = [is_met(rule.action, claim.requirement, claim.share) for rule in policy.rules]
    return [one for one in traces if not met[one.rule]]


def _size(decided: Decided) -> int:
    """Return how much there is to read on a trace; odd values read worst."""
    return sum(
        1 + sum(2 if isinstance(value, _PLAIN) else 5 for value in span.fields.values())
        for span in decided.trace.spans
    )


def _reason(
    claim: Claim, failing: list[Decided], corpus: list[Decided], shown: Counterexample
) -> str:
    words = f"rule `{shown.rule}` decides and {action_words(shown.action)}"
    if claim.requirement in (Requirement.AT_LEAST, Requirement.AT_MOST):
        is_dynamic = isinstance(shown.action, DynamicSampler)
        words += ", whose share depends on the traffic" if is_dynamic else ""
    if failing:
        return f"{words}; so it is with {len(failing)} of the corpus's {len(corpus)} such traces"
    return f"{words}; no trace of the corpus is like that" if corpus else words
