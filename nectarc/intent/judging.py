"""Whether a draft may be shown as proven: read, typed, lowered, and asked every promise.

Owns: `Setting`, `Failure`, `Judged`, the order of the judgement. Must not know: engines, terminals,
where traces lie. Truth: docs/intent.md; ../shared/design/product.md (`propose`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from nectarc.checking import Checked, check_text
from nectarc.diagnostic import Diagnostic, Severity, has_errors
from nectarc.evaluate.policy import decide, holds
from nectarc.intent.drafts import Draft
from nectarc.intent.failures import Failure
from nectarc.intent.near_traces import near_traces
from nectarc.intent.policy_text import body_text
from nectarc.intent.records import Promise
from nectarc.intent.sampler_promises import sampler_failures
from nectarc.intent.vocabulary import SafetyWords, Vocabulary
from nectarc.ir.nodes import Policy, TraceExpr
from nectarc.pipeline import CompileOptions, lower_policy
from nectarc.project import Project
from nectarc.prove.claims import Claim
from nectarc.prove.evidence import Evidence, Questions, Safety, SafetyMatch
from nectarc.prove.prover import prove
from nectarc.prove.questions import claims_of
from nectarc.prove.verdicts import ProveReport, Verdict
from nectarc.records import part, record, replace
from nectarc.safety import check_safety
from nectarc.source import SourceText
from nectarc.syntax.ast import Requirement
from nectarc.trace import Trace

__all__ = ["Failure", "Judged", "Setting", "judge", "passing_neighbour"]

_FILE: Final = "policy.toon"
_NEVER_DECIDES: Final = "NEC454"
_REACH: Final = "rules"


@record(kw_only=True)
class Setting:
    """What a draft is judged in.

    vocabulary: of the corpus. safety: of the manifest. evidence: the traffic.
    lowering:   the target and the assumptions of the manifest.
    budget_per_second: of the policy that is replaced: a project's budget outlives its rules; kept
                where a draft sets none.
    """

    vocabulary: Vocabulary = part(default=Vocabulary())
    safety: SafetyWords = part(default=SafetyWords())
    evidence: Evidence = part(default=Evidence())
    lowering: CompileOptions = part(default=CompileOptions())
    budget_per_second: float | None = None


@record(kw_only=True)
class Judged:
    """A draft, judged.

    text:     the policy's text, formatted.
    report:   the proofs; None where the text could not be read or has errors.
    failures: why it may not be written; none when it is proven.
    """

    draft: Draft
    text: str
    checked: Checked
    report: ProveReport | None
    failures: tuple[Failure, ...]

    @property
    def is_proven(self) -> bool:
        """Whether nothing stands against writing it."""
        return not self.failures


def judge(draft: Draft, promises: Sequence[Promise], setting: Setting, *, text: str = "") -> Judged:
    """Judge `draft` against the promises, the project's safety and what every policy must do.

    text: of the policy, where it is more than the draft's rows (its tests and comments).
    """
    if draft.budget_per_second is None and not text:
        draft = replace(draft, budget_per_second=setting.budget_per_second)
    text = text or body_text(draft)
    source = SourceText.of(_FILE, text)
    checked = check_text(source, setting.vocabulary.schema)
    if checked.policy is None or checked.has_errors:
        return _unread(draft, text, checked, checked.diagnostics)
    asked = replace(draft, invariants=_asked_rows(draft, promises))
    promised = check_text(SourceText.of(_FILE, body_text(asked)), setting.vocabulary.schema)
    if promised.has_errors:
        return _unread(draft, text, checked, promised.diagnostics)
    safety, problems = _safety(setting, checked)
    lowering = lower_policy(checked.policy, setting.lowering)
    if has_errors(problems):
        return _unread(draft, text, checked, problems)
    questions = Questions(
        safety=safety,
        invariants=promised.invariants,
        budget_per_second=draft.budget_per_second,
        lowered=lowering.lowered if lowering.is_exact else None,
    )
    # What Refinery's rules cannot say is asked all the same: a repair should know both.
    refused = lowering.diagnostics if lowering.lowered is None else ()
    report = prove(checked.policy, questions, setting.evidence)
    failures = (
        *_of_findings(refused, checked),
        *_of_checks(report, questions, checked.policy),
        *sampler_failures(checked.policy, _sampled(promises, promised, asked)),
        *_of_findings((one for one in report.findings if one.code == _NEVER_DECIDES), checked),
    )
    return Judged(draft=draft, text=text, checked=checked, report=report, failures=failures)


def _unread(draft: Draft, text: str, checked: Checked, found: Sequence[Diagnostic]) -> Judged:
    failures = tuple(_of_findings(found, checked))
    return Judged(draft=draft, text=text, checked=checked, report=None, failures=failures)


def _asked_rows(draft: Draft, promises: Sequence[Promise]) -> tuple[tuple[str, str, str], ...]:
    """Return the draft's invariants and the promises that are not among them, by other names."""
    rows = {name: (name, when, require) for name, when, require in draft.invariants}
    for one in promises:
        if rows.get(one.name) == (one.name, one.when, one.require):
            continue
        name = one.name
        while name in rows:
            name = f"{name}'"
        rows[name] = (name, one.when, one.require)
    return tuple(rows.values())


def _sampled(
    promises: Sequence[Promise], promised: Checked, asked: Draft
) -> tuple[tuple[Promise, TraceExpr], ...]:
    """Return the promises that name a sampler, with what they mean."""
    meant = {
        (row[1], row[2]): one.when
        for row, one in zip(asked.invariants, promised.invariants, strict=True)
    }
    return tuple((one, meant[one.when, one.require]) for one in promises if one.sampler is not None)


def _of_findings(diagnostics: Iterable[Diagnostic], checked: Checked) -> Iterator[Failure]:
    rules = checked.policy.rules if checked.policy is not None else ()
    for one in diagnostics:
        if one.severity is Severity.ERROR or one.code == _NEVER_DECIDES:
            about = (
                rule.name
                for rule in rules
                if rule.source.start <= one.source.start < rule.source.end
            )
            help_ = f"; {one.help}" if one.help else ""
            yield Failure(
                rule=next(about, ""), claim=one.headline, what=f"{one.why}{help_}".strip("; ")
            )


def _of_checks(report: ProveReport, questions: Questions, policy: Policy) -> Iterator[Failure]:
    claims = {claim.name: claim for claim in claims_of(questions)}
    for check in report.checks:
        # Rules that never decide are said one by one, by their findings.
        if check.verdict is not Verdict.REFUTED or check.name == _REACH:
            continue
        shown = check.counterexample
        claim = claims.get(check.name)
        passing = None
        if shown is not None and claim is not None:
            passing = passing_neighbour(shown.trace, claim, policy)
        yield Failure(
            rule=shown.rule if shown is not None else "",
            claim=check.claim,
            what=check.reason,
            counterexample=shown.trace if shown is not None else None,
            passing=passing,
            name=check.name,
        )


def passing_neighbour(trace: Trace, claim: Claim, policy: Policy) -> Trace | None:
    """Return a trace that is one change away from `trace` and on which the claim holds.

    One that the claim is about where there is one; None where one change does not do.
    """
    spare = None
    for near in near_traces(trace, (claim.when, *(rule.match for rule in policy.rules))):
        if claim.is_met(policy.rules[decide(policy, near)].action):
            if holds(claim.when, near):
                return near
            spare = spare or near
    return spare


def _safety(setting: Setting, checked: Checked) -> tuple[Safety | None, tuple[Diagnostic, ...]]:
    """Read the project's matches with the names that the policy declares."""
    words = setting.safety
    fields = checked.written.fields if checked.written is not None else ()
    project = Project(
        root="", safety_error=words.error, safety_critical=words.critical or words.error
    )
    meant = check_safety(project, None, fields)
    if meant.error is None or meant.critical is None:
        return None, meant.diagnostics
    return (
        Safety(
            error=SafetyMatch(meant.error, words.error),
            critical=SafetyMatch(meant.critical, words.critical) if words.critical else None,
            errors=Requirement(words.errors),
        ),
        meant.diagnostics,
    )
