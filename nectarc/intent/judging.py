"""Whether a draft may be shown as proven: read, typed, lowered, and asked every promise.

Owns: `Setting`, `Failure`, `Judged`, the order of the judgement. Must not know: engines, terminals,
where traces lie. Truth: docs/intent.md; ../shared/design/product.md (`propose`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from nectarc.checking import Checked, check_text
from nectarc.diagnostic import Diagnostic, Severity, has_errors
from nectarc.evaluate.boundary_values import literals_of_test, values_of
from nectarc.evaluate.policy import decide, holds
from nectarc.intent.drafts import Draft
from nectarc.intent.policy_text import body_text
from nectarc.intent.records import Promise
from nectarc.intent.vocabulary import SafetyWords, Vocabulary
from nectarc.ir.nodes import Policy
from nectarc.ir.walk import tests_of
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
from nectarc.trace import ROOT_FIELD, Span, Trace

_FILE: Final = "policy.toon"
_NEVER_DECIDES: Final = "NEC454"


@record(kw_only=True)
class Setting:
    """What a draft is judged in.

    vocabulary: of the corpus. safety: of the manifest. evidence: the traffic.
    lowering:   the target and the assumptions of the manifest.
    """

    vocabulary: Vocabulary = part(default=Vocabulary())
    safety: SafetyWords = part(default=SafetyWords())
    evidence: Evidence = part(default=Evidence())
    lowering: CompileOptions = part(default=CompileOptions())


@record(kw_only=True)
class Failure:
    """One reason why a draft is not proven.

    rule:     the rule that decides the counterexample, or that a finding is about; "" for none.
    claim:    what should hold, or the headline of a finding, in words.
    what:     what happens instead, in words.
    counterexample: a minimal trace on which the claim fails; None for findings.
    passing:  a trace near it on which the claim holds; None where none was found.
    """

    rule: str
    claim: str
    what: str
    counterexample: Trace | None = None
    passing: Trace | None = None


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


def judge(draft: Draft, promises: Sequence[Promise], setting: Setting) -> Judged:
    """Judge `draft` against the promises, the project's safety and what every policy must do."""
    text = body_text(draft)
    source = SourceText.of(_FILE, text)
    checked = check_text(source, setting.vocabulary.schema)
    if checked.policy is None or checked.has_errors:
        return _unread(draft, text, checked, checked.diagnostics)
    rows = tuple((one.name, one.when, one.require) for one in promises)
    asked = replace(draft, invariants=(*draft.invariants, *rows))
    promised = check_text(SourceText.of(_FILE, body_text(asked)), setting.vocabulary.schema)
    if promised.has_errors:
        return _unread(draft, text, checked, promised.diagnostics)
    safety, problems = _safety(setting, checked)
    lowering = lower_policy(checked.policy, setting.lowering)
    if has_errors(problems) or lowering.lowered is None:
        return _unread(draft, text, checked, (*problems, *lowering.diagnostics))
    questions = Questions(
        safety=safety,
        invariants=promised.invariants,
        budget_per_second=draft.budget_per_second,
        lowered=lowering.lowered if lowering.is_exact else None,
    )
    report = prove(checked.policy, questions, setting.evidence)
    failures = (
        *_of_checks(report, questions, checked.policy),
        *_of_findings(one for one in report.findings if one.code == _NEVER_DECIDES),
    )
    return Judged(draft=draft, text=text, checked=checked, report=report, failures=failures)


def _unread(draft: Draft, text: str, checked: Checked, found: Sequence[Diagnostic]) -> Judged:
    failures = tuple(_of_findings(found))
    return Judged(draft=draft, text=text, checked=checked, report=None, failures=failures)


def _of_findings(diagnostics: Iterable[Diagnostic]) -> Iterator[Failure]:
    for one in diagnostics:
        if one.severity is Severity.ERROR or one.code == _NEVER_DECIDES:
            help_ = f"; {one.help}" if one.help else ""
            yield Failure(rule="", claim=one.headline, what=f"{one.why}{help_}")


def _of_checks(report: ProveReport, questions: Questions, policy: Policy) -> Iterator[Failure]:
    claims = {claim.name: claim for claim in claims_of(questions)}
    for check in report.checks:
        if check.verdict is not Verdict.REFUTED:
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
        )


def passing_neighbour(trace: Trace, claim: Claim, policy: Policy) -> Trace | None:
    """Return a trace that is one change away from `trace` and on which the claim holds.

    One that the claim is about where there is one; None where one change does not do.
    """
    spare = None
    for near in _neighbours(trace, claim, policy):
        if claim.is_met(policy.rules[decide(policy, near)].action):
            if holds(claim.when, near):
                return near
            spare = spare or near
    return spare


def _neighbours(trace: Trace, claim: Claim, policy: Policy) -> Iterator[Trace]:
    """Yield traces with one field less, or with another value of one that is asked for."""
    exprs = (claim.when, *(rule.match for rule in policy.rules))
    tests = [test for expr in exprs for test in tests_of(expr)]
    for at, span in enumerate(trace.spans):
        for name in span.fields:
            if name != ROOT_FIELD:
                fields = {key: value for key, value in span.fields.items() if key != name}
                yield _with_span(trace, at, Span(fields, span.is_root))
    for at, span in enumerate(trace.spans):
        for test in tests:
            for name in test.field.spellings:
                for value in values_of(literals_of_test(test)).usual:
                    changed = Span({**span.fields, name: value}, span.is_root)
                    yield _with_span(trace, at, changed)


def _with_span(trace: Trace, at: int, span: Span) -> Trace:
    return Trace(trace.trace_id, (*trace.spans[:at], span, *trace.spans[at + 1 :]))


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
