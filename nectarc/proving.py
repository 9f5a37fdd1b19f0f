"""What a project asks of one of its policies, and proving it.

Owns: from manifest and checked policy to questions. Must not know: output, where traces lie.
Truth: docs/language.md, sections 1 (`[safety]`, `[traffic]`) and 2 (`invariants`).
"""

from __future__ import annotations

from nectarc.checking import Checked, check_text
from nectarc.diagnostic import Diagnostic, has_errors
from nectarc.ir.nodes import Policy
from nectarc.pipeline import Lowering, lower_policy, options_of
from nectarc.project import Project
from nectarc.prove.evidence import (
    Evidence,
    ProveOptions,
    Questions,
    Safety,
    SafetyMatch,
    Written,
)
from nectarc.prove.prover import Proved, prove_on_ground
from nectarc.records import record, replace
from nectarc.safety import check_safety
from nectarc.source import SourceText
from nectarc.syntax.ast import Requirement


@record(kw_only=True)
class ToProve:
    """A checked policy of a project. manifest: the text of the project's, None without one."""

    text: SourceText
    checked: Checked
    project: Project
    manifest: SourceText | None = None


def questions_of(one: ToProve) -> tuple[Questions | None, tuple[Diagnostic, ...]]:
    """Return what the project asks of the policy, but for its rules; None: it has errors.

    The findings are about the policy, where it has errors, else about the manifest's matches.
    """
    checked, written = one.checked, one.checked.written
    if checked.policy is None or checked.has_errors or written is None:
        return None, checked.diagnostics
    safety, problems = _safety(one)
    if has_errors(problems):
        return None, problems
    questions = Questions(
        safety=safety,
        invariants=checked.invariants,
        budget_per_second=written.budget_per_second,
    )
    return questions, problems


def prove_policy(
    one: ToProve, evidence: Evidence, *, seed: int = 0, lowering: Lowering | None = None
) -> tuple[Proved | None, tuple[Diagnostic, ...]]:
    """Prove one policy and its rules; None with the findings when it has errors.

    seed: of the bootstrap.  lowering: of the same policy, where it is at hand.
    """
    questions, problems = questions_of(one)
    if questions is None or one.checked.policy is None:
        return None, problems
    if lowering is None:
        lowering = lower_policy(one.checked.policy, options_of(one.project))
    lowered = lowering.lowered if lowering.is_exact else None
    proved = prove_questions(one, replace(questions, lowered=lowered), evidence, seed=seed)
    return proved, (*problems, *lowering.diagnostics, *proved.report.findings)


def prove_questions(
    one: ToProve, questions: Questions, evidence: Evidence, *, seed: int = 0
) -> Proved:
    """Ask `questions`, which are of this policy."""
    policy, written = one.checked.policy, one.checked.written
    assert policy is not None
    assert written is not None
    return prove_on_ground(
        policy,
        questions,
        evidence,
        written=Written(written, one.text, _recheck),
        options=ProveOptions(seed=seed),
    )


def _safety(one: ToProve) -> tuple[Safety | None, tuple[Diagnostic, ...]]:
    project, written = one.project, one.checked.written
    fields = written.fields if written is not None else ()
    meant = check_safety(project, one.manifest, fields)
    if meant.error is None or meant.critical is None:
        return None, meant.diagnostics
    is_same = project.safety_critical == project.safety_error
    critical = SafetyMatch(meant.critical, project.safety_critical, project.safety_critical_source)
    safety = Safety(
        error=SafetyMatch(meant.error, project.safety_error, project.safety_error_source),
        critical=None if is_same else critical,
        errors=Requirement(project.safety_errors),
    )
    return safety, meant.diagnostics


def _recheck(text: SourceText) -> Policy | None:
    checked = check_text(text)
    return None if checked.has_errors else checked.policy
