"""Claims of the form "whatever matches this is kept with such a share", and asking them.

Owns: what a requirement asks of an action, a claim's verdict.
Must not know: where claims come from.
Truth: docs/language.md, section 2 (`invariants`).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import assert_never

from nectarc.corpus.stored_trace import CorpusTrace
from nectarc.diagnostic import InternalError
from nectarc.evaluate.minimise import minimise
from nectarc.evaluate.policy import decide, holds
from nectarc.evaluate.policy import share as bounds_of_share
from nectarc.ir.nodes import Action, DynamicSampler, Policy, TraceExpr
from nectarc.logic.questions import Answer, Found, Impossible, Unknown
from nectarc.logic.small_traces import made_small
from nectarc.prove.ground import Ground, sample_of, smallest
from nectarc.prove.shares import action_words
from nectarc.prove.verdicts import CheckResult, Counterexample, Sample, Verdict
from nectarc.records import record
from nectarc.render.counting import counted
from nectarc.syntax.ast import Requirement
from nectarc.trace import Trace


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

    def is_met(self, action: Action) -> bool:
        """Say whether `action` keeps as much as required, whatever the traffic."""
        return is_met(action, self.requirement, self.share)


def is_met(action: Action, requirement: Requirement, share: Fraction | None) -> bool:
    """Say whether `action` keeps as much as required, whatever the traffic.

    A dynamic sampler keeps some share above 0 that depends on the traffic: it meets `not drop`,
    but no bound.
    """
    return is_share_met(*bounds_of_share(action), requirement, share)


def is_share_met(
    low: Fraction, high: Fraction, requirement: Requirement, share: Fraction | None
) -> bool:
    """Say whether keeping between `low` and `high` of the traces is as much as required."""
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


def check_claim(claim: Claim, number: int, ground: Ground) -> CheckResult:
    """Ask `claim`, which is condition `number` of the ground, of all traces and of the corpus.

    A trace of the corpus on which it fails is real and is shown first.
    """
    breaking = [i for i, rule in enumerate(ground.policy.rules) if not claim.is_met(rule.action)]
    answer = ground.prover.find({0: breaking}, (number,)) if breaking else Impossible({})
    is_broken = ground.deciding(lambda rule: rule in breaking, ground.corpus)
    is_asked = ground.corpus.holds[number]
    sample = sample_of(ground.corpus, is_asked, is_broken)
    if sample.failing:
        if isinstance(answer, Impossible):
            raise InternalError(f"`{claim.name}` is proven, and a trace of the corpus breaks it")
        stored = smallest(ground.corpus, is_asked & is_broken)
        breaks = _breaks(claim, ground.policy)
        if not breaks(stored.trace):
            raise InternalError(f"trace {stored.trace.trace_id} does not break `{claim.name}`")
        small = minimise(stored.trace, breaks)
        return _refuted(claim, sample, _shown(claim, ground, small, stored))
    if isinstance(answer, Found):
        small = made_small(answer.trace, _breaks(claim, ground.policy))
        return _refuted(claim, sample, _shown(claim, ground, small))
    return _not_refuted(claim, answer, sample)


def _not_refuted(claim: Claim, answer: Answer, sample: Sample) -> CheckResult:
    verdict, reason = Verdict.PROVED, ""
    if isinstance(answer, Unknown):
        verdict = Verdict.HOLDS if sample.traces else Verdict.UNKNOWN
        reason = f"no proof for all traces: {answer.reason}"
    return CheckResult(
        name=claim.name, claim=claim.words, verdict=verdict, reason=reason, sample=sample
    )


def _refuted(claim: Claim, sample: Sample, shown: Counterexample) -> CheckResult:
    return CheckResult(
        name=claim.name,
        claim=claim.words,
        verdict=Verdict.REFUTED,
        reason=_reason(claim, sample, shown),
        sample=sample,
        counterexample=shown,
    )


def _breaks(claim: Claim, policy: Policy) -> Callable[[Trace], bool]:
    """Return the question whether a trace breaks the claim, by the plain evaluator."""

    def is_counterexample(trace: Trace) -> bool:
        rule = decide(policy, trace)
        return (
            rule < len(policy.rules)
            and not claim.is_met(policy.rules[rule].action)
            and holds(claim.when, trace)
        )

    return is_counterexample


def _shown(
    claim: Claim, ground: Ground, small: Trace, stored: CorpusTrace | None = None
) -> Counterexample:
    return ground.shown(small, _expected(claim, ground, small), stored)


def _expected(claim: Claim, ground: Ground, trace: Trace) -> str:
    """Return the rule that ought to decide: one that does as asked, best one that matches."""
    rules = [rule for rule in ground.policy.rules if claim.is_met(rule.action)]
    matching = (rule.name for rule in rules if holds(rule.match, trace))
    return next(matching, rules[0].name if rules else "")


def _reason(claim: Claim, sample: Sample, shown: Counterexample) -> str:
    words = f"rule `{shown.rule}` decides and {action_words(shown.action)}"
    if claim.requirement in (Requirement.AT_LEAST, Requirement.AT_MOST):
        is_dynamic = isinstance(shown.action, DynamicSampler)
        words += ", whose share depends on the traffic" if is_dynamic else ""
    if sample.failing:
        such = counted(sample.traces, "such trace")
        return f"{words}; so it is with {sample.failing:,} of the corpus's {such}"
    return f"{words}; no trace of the corpus is like that" if sample.traces else words
