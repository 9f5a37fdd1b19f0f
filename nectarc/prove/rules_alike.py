"""The Refinery rules beside the policy: what they take for granted, and whether they decide alike.

Owns: both questions over the traces at hand. Must not know: how rules are made.
Truth: docs/language.md, section 6: a corpus is checked against the assumptions of the rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic, InternalError
from nectarc.evaluate.assume import Assume
from nectarc.evaluate.refinery_rules import ProcessExit, compile_target
from nectarc.ir.nodes import Policy
from nectarc.prove.evidence import Decided, Ground
from nectarc.prove.verdicts import CheckResult, Counterexample, Scope, Verdict
from nectarc.refinery.lowered import Assumption, AssumptionKind, Lowered
from nectarc.refinery.rules import RulesConfig
from nectarc.source import NOWHERE


def check_assumptions(
    ground: Ground, lowered: Lowered
) -> tuple[CheckResult, tuple[Diagnostic, ...]]:
    """Ask whether every trace of the corpus is as the rules assume."""
    if not lowered.assumptions:
        nothing = CheckResult(
            name="assumptions",
            claim="the rules take nothing for granted of the traffic",
            verdict=Verdict.HOLDS,
            scope=Scope(is_structural=True),
        )
        return nothing, ()
    claim = f"the traffic is as the rules assume: {', '.join(_words(lowered.assumptions))}"
    traces = (*ground.corpus, *ground.must_keep)
    if not traces:
        reason = "there is no corpus to compare with"
        skipped = CheckResult(
            name="assumptions", claim=claim, verdict=Verdict.SKIPPED, reason=reason
        )
        return skipped, ()
    assume = Assume.of(lowered.assumptions)
    scope = Scope(len(traces))
    broken = [one for one in traces if not assume.allows_trace(one.trace)]
    if not broken:
        return CheckResult(name="assumptions", claim=claim, verdict=Verdict.HOLDS, scope=scope), ()
    refuted = CheckResult(
        name="assumptions",
        claim=claim,
        verdict=Verdict.REFUTED,
        scope=scope,
        reason=f"{len(broken)} traces are not, e.g. {_broken_words(broken[0], assume)}",
        failing=len(broken),
        counterexample=_shown(ground, broken[0]),
    )
    return refuted, (_finding(ground.policy, broken, assume),)


def check_alike(ground: Ground, lowered: Lowered) -> CheckResult:
    """Compare the rules with the policy on every trace that meets the assumptions.

    Raises InternalError when they differ: the rules are ours.
    """
    assume = Assume.of(lowered.assumptions)
    corpus = [one for one in (*ground.corpus, *ground.must_keep) if assume.allows_trace(one.trace)]
    built = [one for one in ground.bounded if assume.allows_trace(one.trace)]
    if isinstance(lowered.sampler, RulesConfig):
        decide = compile_target(lowered.sampler)
        for one in (*corpus, *built):
            outcome = decide(one.trace)
            rule = None if isinstance(outcome, ProcessExit) else outcome.rule
            found = None if rule is None else lowered.origins[rule].rule
            if found != ground.rule(one).name:
                raise InternalError(
                    f"the rules decide `{found}` and the policy `{ground.rule(one).name}` for"
                    f" trace {one.trace.trace_id}"
                )
    return CheckResult(
        name="refinery-rules",
        claim="the Refinery rules decide as the policy does",
        verdict=Verdict.HOLDS,
        scope=Scope(len(corpus), len(built)),
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


def _broken_words(broken: Decided, assume: Assume) -> str:
    field, value = next(
        (name, value)
        for span in broken.trace.spans
        for name, value in span.fields.items()
        if not assume.allows(name, value)
    )
    return f"trace {broken.trace.trace_id} holds `{field}` = {value!r}"


def _shown(ground: Ground, broken: Decided) -> Counterexample:
    rule = ground.rule(broken)
    return Counterexample(
        broken.trace,
        broken.trace.trace_id,
        broken.stored.source if broken.stored else "",
        len(broken.trace.spans),
        rule.name,
        rule.action,
    )


def _finding(policy: Policy, broken: Sequence[Decided], assume: Assume) -> Diagnostic:
    return finding(
        "NEC456",
        policy.rules[0].source if policy.rules else NOWHERE,
        "the traffic is not as the rules assume",
        why=f"for such traces the rules may decide otherwise than the policy:"
        f" {_broken_words(broken[0], assume)}",
        help="compile with `assume = []` under `[compile]`, or correct the sender",
    )
