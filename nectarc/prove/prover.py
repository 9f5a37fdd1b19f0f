"""All checks of one policy, in the order of a report.

Owns: which questions there are. Must not know: files, terminals.
Truth: ../shared/design/product.md (`prove`); docs/language.md, sections 1, 2 and 5.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from nectarc.diagnostic import Diagnostic
from nectarc.evaluate.assume import Assume
from nectarc.ir.nodes import Keep, Policy
from nectarc.logic.decision_list import list_of_policy
from nectarc.logic.policy_formula import formula_of
from nectarc.logic.questions import Found, Prover, Unknown
from nectarc.prove import critical
from nectarc.prove.budget import Traffic, check_budget
from nectarc.prove.claims import Claim, check_claim
from nectarc.prove.corpus_decisions import Asked, Decisions, decide_corpus
from nectarc.prove.evidence import Evidence, ProveOptions, Questions, Written
from nectarc.prove.findings import (
    budget_findings,
    claim_findings,
    rare_findings,
    unknown_findings,
)
from nectarc.prove.ground import Ground
from nectarc.prove.must_keep import check_must_keep
from nectarc.prove.otel_errors import EXPRS, find_otel_errors
from nectarc.prove.questions import claims_of
from nectarc.prove.reach import DeadRule, check_reach, reach_findings
from nectarc.prove.rules_alike import assumption_words, check_alike, check_assumptions
from nectarc.prove.verdicts import CheckResult, CorpusSummary, ProveReport, Verdict
from nectarc.records import record

NO_QUESTIONS: Final = Questions()
NO_EVIDENCE: Final = Evidence()
NO_OPTIONS: Final = ProveOptions()


@record(kw_only=True)
class Proved:
    """A report, what was asked for it, and the rules that no trace gets to."""

    report: ProveReport
    ground: Ground
    dead: tuple[DeadRule, ...]


def prove(
    policy: Policy,
    questions: Questions = NO_QUESTIONS,
    evidence: Evidence = NO_EVIDENCE,
    *,
    written: Written | None = None,
    options: ProveOptions = NO_OPTIONS,
) -> ProveReport:
    """Check `policy` for all traces and on the corpus, which is read once.

    written: for fixes and their places; without it findings point at rules and have none.
    """
    return prove_on_ground(policy, questions, evidence, written=written, options=options).report


def prove_on_ground(
    policy: Policy,
    questions: Questions = NO_QUESTIONS,
    evidence: Evidence = NO_EVIDENCE,
    *,
    written: Written | None = None,
    options: ProveOptions = NO_OPTIONS,
) -> Proved:
    """Check as `prove` does, and return what was decided of the corpus beside the report."""
    claims = claims_of(questions)
    is_kept = np.array([*(isinstance(rule.action, Keep) for rule in policy.rules), False])
    failures = critical.RareFailures(is_kept)
    ground = _ground(policy, claims, questions, evidence, failures)
    checks = [check_fallback(ground)]
    checks += [check_claim(claim, number, ground) for number, claim in enumerate(claims)]
    reach, dead = check_reach(ground)
    checks.append(reach)
    findings: list[Diagnostic] = []
    if questions.lowered is not None:
        checks.append(check_alike(ground, questions.lowered))
        assumed, broken = check_assumptions(ground, questions.lowered)
        checks.append(assumed)
        findings += broken
    rare = failures.found()
    others, lost_findings = _corpus_checks(ground, questions, evidence, options)
    checks += others
    findings = [
        *claim_findings(checks, questions, policy),
        *findings,
        *lost_findings,
        *budget_findings(checks, policy),
        *reach_findings(dead, policy),
        *rare_findings(rare, ground, questions.safety),
        *unknown_findings(checks, policy),
    ]
    if questions.safety is not None:
        findings += find_otel_errors(ground, questions.safety, len(claims), written)
    report = ProveReport(
        policy=policy.name,
        checks=tuple(checks),
        findings=tuple(findings),
        corpus=_summary(ground.corpus, evidence),
        assumptions=assumption_words(questions.lowered) if questions.lowered else (),
        rare=rare,
        not_asked=tuple(_not_asked(ground, questions)),
    )
    return Proved(report=report, ground=ground, dead=dead)


def _ground(
    policy: Policy,
    claims: Sequence[Claim],
    questions: Questions,
    evidence: Evidence,
    failures: critical.RareFailures,
) -> Ground:
    exprs = [claim.when for claim in claims]
    if questions.safety is not None:
        exprs += (*EXPRS, questions.safety.error.match)
    lowered = questions.lowered
    asked = Asked(
        lists=(policy,),
        exprs=tuple(exprs),
        assume=Assume.of(lowered.assumptions) if lowered is not None else Assume(),
        fields=critical.FIELDS,
    )
    rules = list_of_policy(policy)
    return Ground(
        policy=policy,
        rules=rules,
        prover=Prover((rules,), tuple(formula_of(claim.when) for claim in claims)),
        corpus=decide_corpus(evidence.corpus, asked, failures.visit),
        must_keep=decide_corpus(evidence.must_keep, asked),
        root=evidence.root,
    )


def check_fallback(ground: Ground) -> CheckResult:
    """Ask whether some rule decides every trace; Refinery would keep the others unseen."""
    answer = ground.prover.find({0: (None,)})
    claim = "every trace is decided by a rule"
    if isinstance(answer, Found):
        # No rule decides it, so there is none to name.
        spans = len(answer.trace.spans)
        reason = f"no rule matches a trace of {spans} spans: {answer.trace.spans[0].fields!r}"
        return CheckResult(name="fallback", claim=claim, verdict=Verdict.REFUTED, reason=reason)
    if isinstance(answer, Unknown):
        return CheckResult(
            name="fallback", claim=claim, verdict=Verdict.UNKNOWN, reason=answer.reason
        )
    return CheckResult(name="fallback", claim=claim, verdict=Verdict.PROVED)


def _corpus_checks(
    ground: Ground, questions: Questions, evidence: Evidence, options: ProveOptions
) -> tuple[list[CheckResult], tuple[Diagnostic, ...]]:
    """Ask what only traces can answer, where the project gives a reason to."""
    checks: list[CheckResult] = []
    findings: tuple[Diagnostic, ...] = ()
    if len(ground.must_keep):
        lost, findings = check_must_keep(ground)
        checks.append(lost)
    if questions.budget_per_second is not None:
        traffic = Traffic(
            traces_per_second=evidence.traces_per_second,
            presampled=evidence.presampled,
            seed=options.seed,
        )
        checks.append(
            check_budget(ground.policy, ground.corpus, traffic, questions.budget_per_second)
        )
    return checks, findings


def _summary(corpus: Decisions, evidence: Evidence) -> CorpusSummary:
    return CorpusSummary(
        traces=len(corpus),
        spans=int(corpus.span_counts.sum()),
        weight=float(corpus.weights.sum()),
        presampled=evidence.presampled,
    )


def _not_asked(ground: Ground, questions: Questions) -> Iterator[str]:
    if questions.safety is None:
        yield "errors: no `[safety]`"
    if questions.lowered is None:
        yield "refinery-rules: there are no exact, proven Refinery rules"
    if not len(ground.must_keep):
        yield "must-keep: no trace is marked (`nectarc ingest --must-keep`)"
    if questions.budget_per_second is None:
        yield "budget: the policy sets no `budget_per_second`"
