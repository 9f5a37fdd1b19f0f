"""All checks of one policy, in the order of a report.

Owns: which questions there are, their findings. Must not know: files, terminals.
Truth: ../shared/design/product.md (`prove`); docs/language.md, sections 1, 2 and 5.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final, assert_never

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic, Label
from nectarc.ir.nodes import Constant, Policy
from nectarc.prove.budget import check_budget
from nectarc.prove.claims import Claim, action_words, check_claim, is_met
from nectarc.prove.evidence import (
    Decided,
    Evidence,
    Ground,
    ProveOptions,
    Questions,
    Safety,
    Written,
    ground_of,
)
from nectarc.prove.otel_errors import find_otel_errors
from nectarc.prove.reach import check_reach
from nectarc.prove.rules_alike import check_alike, check_assumptions
from nectarc.prove.trace_names import describe_trace
from nectarc.prove.verdicts import CheckResult, Counterexample, ProveReport, Scope, Verdict
from nectarc.report.words import match_words, share_words
from nectarc.semantics.policy_parts import Invariant
from nectarc.source import NOWHERE, SourceSpan
from nectarc.syntax.ast import Requirement

NO_QUESTIONS: Final = Questions()
NO_EVIDENCE: Final = Evidence()
NO_OPTIONS: Final = ProveOptions()
_EVERYTHING: Final = Constant(True)


def prove(
    policy: Policy,
    questions: Questions = NO_QUESTIONS,
    evidence: Evidence = NO_EVIDENCE,
    *,
    written: Written | None = None,
    options: ProveOptions = NO_OPTIONS,
) -> ProveReport:
    """Check `policy` over the corpus and over built traces. Pure; seconds for large corpora.

    written: for fixes and their places; without it findings point at rules and have none.
    """
    safety, invariants = questions.safety, questions.invariants
    claims = [*_safety_claims(safety), *map(_invariant_claim, invariants)]
    ground = ground_of(policy, [claim.when for claim in claims], evidence, options)
    checks = [_check_fallback(policy)]
    checks += [check_claim(claim, ground) for claim in claims]
    findings = list(_claim_findings(checks, claims, invariants, safety, policy))
    lost, lost_findings = _check_must_keep(ground)
    budget = check_budget(policy, ground.corpus, evidence, questions.budget_per_second)
    reach, dead = check_reach(ground)
    checks += [lost, budget, reach]
    if questions.lowered is not None:
        assumed, broken = check_assumptions(ground, questions.lowered)
        checks += [check_alike(ground, questions.lowered), assumed]
        findings += broken
    findings += lost_findings
    findings += _budget_findings(budget, policy)
    findings += _reach_findings(dead, policy)
    if safety is not None:
        findings += find_otel_errors(ground, safety, written)
    return ProveReport(
        policy=policy.name,
        checks=tuple(checks),
        findings=tuple(findings),
        corpus_traces=len(ground.corpus),
        bounded_traces=len(ground.bounded),
        is_exhaustive=ground.is_exhaustive,
        skipped=ground.skipped,
    )


def _check_fallback(policy: Policy) -> CheckResult:
    """Follow from the form: a rule whose match is `true` leaves no trace undecided."""
    for rule in policy.rules:
        if rule.match == _EVERYTHING:
            return CheckResult(
                name="fallback",
                claim=f"every trace is decided: rule `{rule.name}` matches all that others leave",
                verdict=Verdict.HOLDS,
                scope=Scope(is_structural=True),
            )
    return CheckResult(
        name="fallback",
        claim="every trace is decided",
        verdict=Verdict.REFUTED,
        scope=Scope(is_structural=True),
        reason="no rule matches every trace",
    )


def _safety_claims(safety: Safety | None) -> Iterator[Claim]:
    if safety is None:
        return
    is_keep = safety.errors is Requirement.KEEP
    yield Claim(
        name="errors",
        words=f"every trace with `{safety.error.text}` is {'kept' if is_keep else 'not dropped'}",
        when=safety.error.match,
        requirement=safety.errors,
    )
    if safety.critical is not None:
        yield Claim(
            name="critical",
            words=f"every trace with `{safety.critical.text}` is kept",
            when=safety.critical.match,
            requirement=Requirement.KEEP,
        )


def _invariant_claim(invariant: Invariant) -> Claim:
    return Claim(
        name=f"invariant {invariant.name}",
        words=f"invariant `{invariant.name}`: {_required(invariant.requirement, invariant.share)}"
        f" of the traces in which {match_words(invariant.when)}",
        when=invariant.when,
        requirement=invariant.requirement,
        share=invariant.share,
    )


def _required(requirement: Requirement, share: Fraction | None) -> str:
    match requirement:
        case Requirement.KEEP:
            return "all are kept"
        case Requirement.NOT_DROP:
            return "none are dropped"
        case Requirement.AT_LEAST:
            return f"at least {share_words(float(share or 0))} are kept"
        case Requirement.AT_MOST:
            return f"at most {share_words(float(share or 0))} are kept"
        case _:
            assert_never(requirement)


def _claim_findings(
    checks: Sequence[CheckResult],
    claims: Sequence[Claim],
    invariants: Sequence[Invariant],
    safety: Safety | None,
    policy: Policy,
) -> Iterator[Diagnostic]:
    asked_at = {f"invariant {one.name}": one.source for one in invariants}
    if safety is not None:
        asked_at["errors"] = safety.error.source
        asked_at["critical"] = safety.critical.source if safety.critical else NOWHERE
    asked = {claim.name for claim in claims}
    for check in checks:
        if check.verdict is not Verdict.REFUTED or check.name not in asked:
            continue
        shown = check.counterexample
        assert shown is not None
        code = "NEC452" if check.name.startswith("invariant ") else "NEC450"
        asked_source = asked_at.get(check.name, NOWHERE)
        yield finding(
            code,
            _rule_source(policy, shown.rule),
            f"not so: {check.claim}",
            label=action_words(shown.action),
            why=f"{check.reason}; the report of `prove` shows such a trace",
            help="match these traces in a rule above, or change what is asked",
            related=(Label(asked_source, "asked here"),) if asked_source.file else (),
        )


def _check_must_keep(ground: Ground) -> tuple[CheckResult, tuple[Diagnostic, ...]]:
    """Ask whether the action of each incident trace keeps it for certain."""
    if not ground.must_keep:
        skipped = CheckResult(
            name="must-keep",
            claim="every must-keep trace is kept",
            verdict=Verdict.SKIPPED,
            reason="there are none: add incident traces with `nectarc ingest --must-keep`",
        )
        return skipped, ()
    lost = [
        one
        for one in ground.must_keep
        if not is_met(ground.rule(one).action, Requirement.KEEP, None)
    ]
    claim = f"each of the {len(ground.must_keep)} must-keep traces is kept"
    scope = Scope(len(ground.must_keep))
    if not lost:
        held = CheckResult(name="must-keep", claim=claim, verdict=Verdict.HOLDS, scope=scope)
        return held, ()
    rule = ground.rule(lost[0])
    refuted = CheckResult(
        name="must-keep",
        claim=claim,
        verdict=Verdict.REFUTED,
        scope=scope,
        reason=f"{len(lost)} may be lost; trace {lost[0].trace.trace_id}: rule `{rule.name}`"
        f" {action_words(rule.action)}",
        failing=len(lost),
        counterexample=Counterexample(
            # As it is: what makes an incident one is not for us to drop.
            lost[0].trace,
            lost[0].trace.trace_id,
            lost[0].stored.source if lost[0].stored else "",
            len(lost[0].trace.spans),
            rule.name,
            rule.action,
        ),
    )
    return refuted, tuple(_lost_finding(ground, one) for one in lost)


def _lost_finding(ground: Ground, lost: Decided) -> Diagnostic:
    rule = ground.rule(lost)
    file = lost.stored.source if lost.stored else ""
    where = f" of `{file}`" if file else ""
    return finding(
        "NEC451",
        rule.source,
        f"must-keep trace {lost.trace.trace_id}{where} may be lost",
        label=f"{action_words(rule.action)}",
        why=f"it is an incident trace ({describe_trace(lost.trace)}); the next one like it would"
        " be missing when it is needed",
        help="add a rule above that matches and keeps such traces",
    )


def _budget_findings(budget: CheckResult, policy: Policy) -> Iterator[Diagnostic]:
    if budget.verdict is Verdict.REFUTED:
        yield finding(
            "NEC453",
            policy.rules[0].source if policy.rules else NOWHERE,
            f"the budget is exceeded: {budget.reason}",
            why=f"the policy says that {budget.claim}",
            help="sample the rules that keep most (see `nectarc explain`), or raise"
            " `budget_per_second`",
        )


def _reach_findings(dead: Sequence[int], policy: Policy) -> Iterator[Diagnostic]:
    for index in dead:
        rule = policy.rules[index]
        yield finding(
            "NEC454",
            rule.source,
            f"rule `{rule.name}` can never decide a trace",
            why="the rules above match every trace that it matches, or it matches none",
            help="raise its priority, change its match, or remove it",
        )


def _rule_source(policy: Policy, name: str) -> SourceSpan:
    return next((rule.source for rule in policy.rules if rule.name == name), NOWHERE)
