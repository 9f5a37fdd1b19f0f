"""The Refinery rules beside the policy: whether they decide alike, and what they take for granted.

Owns: both questions, of all traces and of the corpus. Must not know: how rules are made.
Truth: docs/language.md, section 6: a corpus is checked against the assumptions of the rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from nectarc.codes import finding
from nectarc.corpus.stored_trace import CorpusTrace
from nectarc.diagnostic import Diagnostic, InternalError
from nectarc.evaluate.assume import Assume
from nectarc.evaluate.minimise import minimise
from nectarc.ir.nodes import Policy
from nectarc.logic.equivalence import NotProven, ProvenDifferent, prove_alike
from nectarc.prove.confidence import upper_bound
from nectarc.prove.corpus_decisions import Asked, Bools, Decisions, decide_corpus
from nectarc.prove.ground import Ground, smallest
from nectarc.prove.verdicts import CheckResult, Sample, Verdict
from nectarc.prove.words import value_words
from nectarc.records import replace
from nectarc.refinery.lowered import Assumption, AssumptionKind, Lowered
from nectarc.refinery.rules import RulesConfig
from nectarc.source import NOWHERE
from nectarc.trace import Trace

_ALIKE = "refinery-rules"
_ASSUMED = "assumptions"
# What a lowering that was not refused, and is exact, has shown.
PROVEN_ALIKE: Final = CheckResult(
    name=_ALIKE,
    claim="the Refinery rules decide as the policy does",
    verdict=Verdict.PROVED,
    is_about_rules=True,
)


def check_alike(ground: Ground, lowered: Lowered) -> CheckResult:
    """Ask whether the rules decide as the policy does, for every trace that meets the assumptions.

    Where no proof was found, the corpus is asked. Raises InternalError when they differ: the rules
    are ours.
    """
    answer = prove_alike(ground.policy, lowered)
    if isinstance(answer, ProvenDifferent):
        raise InternalError(_difference(ground.policy, answer))
    if not isinstance(answer, NotProven):
        return PROVEN_ALIKE
    reason = f"no proof for all traces: {answer.reason}"
    sample = _compared(ground, lowered)
    verdict = Verdict.HOLDS if sample is not None and sample.traces else Verdict.UNKNOWN
    return replace(PROVEN_ALIKE, verdict=verdict, reason=reason, sample=sample)


def check_assumptions(
    ground: Ground, lowered: Lowered
) -> tuple[CheckResult, tuple[Diagnostic, ...]]:
    """Ask whether every trace of the corpus, and every marked one, is as the rules assume."""
    if not lowered.assumptions:
        nothing = CheckResult(
            name=_ASSUMED,
            claim="the rules take nothing for granted of the traffic",
            verdict=Verdict.PROVED,
        )
        return nothing, ()
    claim = f"the traffic is as the rules assume: {', '.join(assumption_words(lowered))}"
    asked = CheckResult(name=_ASSUMED, claim=claim, verdict=Verdict.UNKNOWN)
    weights = np.concatenate([ground.corpus.weights, ground.must_keep.weights])
    if not len(weights):
        return replace(asked, reason="there is no corpus to compare with"), ()
    broken = [~decisions.is_allowed for decisions in (ground.corpus, ground.must_keep)]
    failing = int(sum(one.sum() for one in broken))
    sample = Sample(
        traces=len(weights),
        weight=float(weights.sum()),
        failing=failing,
        upper=None if failing else upper_bound(weights),
    )
    if not failing:
        return replace(asked, verdict=Verdict.HOLDS, sample=sample), ()
    assume = Assume.of(lowered.assumptions)
    stored = _first_broken(ground, broken)
    example = _broken_words(stored.trace, assume)
    small = minimise(stored.trace, lambda trace: not assume.allows_trace(trace))
    traces = "1 trace is not" if failing == 1 else f"{failing:,} traces are not"
    refuted = replace(
        asked,
        verdict=Verdict.REFUTED,
        reason=f"{traces}, e.g. {example}",
        sample=sample,
        counterexample=ground.shown(small, stored=stored),
    )
    return refuted, (_finding(ground.policy, example),)


def assumption_words(lowered: Lowered) -> tuple[str, ...]:
    """Return what the rules take for granted: "`http.status` is int"."""
    return tuple(_words(lowered.assumptions))


def _compared(ground: Ground, lowered: Lowered) -> Sample | None:
    """Compare policy and rules on the corpus; None for a sampler without rules."""
    if not isinstance(lowered.sampler, RulesConfig):
        return None
    number_of = {rule.name: number for number, rule in enumerate(ground.policy.rules)}
    # One more, for index -1: no rule matched, which no policy says.
    origins = np.array([*(number_of[origin.rule] for origin in lowered.origins), -1])
    assume = Assume.of(lowered.assumptions)
    asked = Asked(lists=(lowered.sampler,), assume=assume)
    decided = decide_corpus(ground.corpus.source, asked)
    differs = origins[decided.rules[0]] != ground.corpus.rules[0]
    is_wrong: Bools = differs & decided.is_allowed
    if is_wrong.any():
        stored = smallest(ground.corpus, is_wrong)
        raise InternalError(
            f"the rules of `{ground.policy.name}` decide trace {stored.trace.trace_id} of the"
            " corpus otherwise than the policy does"
        )
    weights = decided.weights[decided.is_allowed]
    return Sample(traces=len(weights), weight=float(weights.sum()), upper=upper_bound(weights))


def _difference(policy: Policy, found: ProvenDifferent) -> str:
    spans = "; ".join(str(dict(span.fields)) for span in found.trace.spans)
    return (
        f"the rules of policy `{policy.name}` decide `{found.refinery_rule}` where the policy"
        f" decides `{found.policy_rule}`, on a trace with the spans {spans}"
    )


def _words(assumptions: Sequence[Assumption]) -> Iterator[str]:
    for one in assumptions:
        match AssumptionKind(one.kind):
            case AssumptionKind.TYPES:
                yield f"`{one.field}` is {one.type}"
            case AssumptionKind.NO_NULL:
                yield f"`{one.field}` is never null"
            case AssumptionKind.NO_NAN:
                yield f"`{one.field}` is never NaN"


def _first_broken(ground: Ground, broken: Sequence[Bools]) -> CorpusTrace:
    pairs: tuple[tuple[Decisions, Bools], ...] = (
        (ground.corpus, broken[0]),
        (ground.must_keep, broken[1]),
    )
    return next(smallest(decisions, one) for decisions, one in pairs if one.any())


def _broken_words(trace: Trace, assume: Assume) -> str:
    field, value = next(
        (name, value)
        for span in trace.spans
        for name, value in span.fields.items()
        if not assume.allows(name, value)
    )
    return f"trace {trace.trace_id} holds `{field}` = {value_words(value)}"


def _finding(policy: Policy, example: str) -> Diagnostic:
    return finding(
        "NEC456",
        policy.rules[0].source if policy.rules else NOWHERE,
        "the traffic is not as the rules assume",
        why=f"for such traces the rules may decide otherwise than the policy: {example}",
        help="compile with `assume = []` under `[compile]`, or correct the sender",
    )
