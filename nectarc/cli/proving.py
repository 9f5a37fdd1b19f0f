"""Proving one policy of a run: what its project asks of it, and the answers.

Owns: what `prove` and `explain` have in common. Must not know: output.
"""

from __future__ import annotations

from nectarc.checking import Checked, check_text
from nectarc.cli.environments import Opened, options_of
from nectarc.cli.evidence import Traces
from nectarc.diagnostic import Diagnostic, has_errors
from nectarc.ir.nodes import Policy
from nectarc.pipeline import Lowering, Source, lower_policy
from nectarc.project import Project
from nectarc.prove.evidence import ProveOptions, Questions, Safety, SafetyMatch, Written
from nectarc.prove.prover import prove
from nectarc.prove.verdicts import ProveReport
from nectarc.safety import check_safety
from nectarc.source import SourceText
from nectarc.syntax.ast import Requirement


def prove_source(  # noqa: PLR0913 - what a run has at hand, and two choices
    source: Source,
    checked: Checked,
    opened: Opened,
    traffic: Traces,
    *,
    seed: int = 0,
    lowering: Lowering | None = None,
) -> tuple[ProveReport | None, tuple[Diagnostic, ...]]:
    """Prove one policy; None with its findings when it has errors.

    seed: of the bootstrap.  lowering: of the same policy, where it is at hand.
    """
    project, written = opened.project, checked.written
    assert project is not None
    if checked.policy is None or checked.has_errors or written is None:
        return None, checked.diagnostics
    safety, problems = _safety(project, opened.manifest, checked)
    if has_errors(problems):
        return None, problems
    if lowering is None:
        lowering = lower_policy(checked.policy, options_of(project))
    questions = Questions(
        safety=safety,
        invariants=checked.invariants,
        budget_per_second=written.budget_per_second,
        lowered=lowering.lowered if lowering.is_exact else None,
    )
    report = prove(
        checked.policy,
        questions,
        traffic.evidence(project.traces_per_second),
        written=Written(written, source.text, _recheck),
        options=ProveOptions(seed=seed),
    )
    return report, (*problems, *lowering.diagnostics, *report.findings)


def _safety(
    project: Project, manifest: SourceText | None, checked: Checked
) -> tuple[Safety | None, tuple[Diagnostic, ...]]:
    fields = checked.written.fields if checked.written is not None else ()
    meant = check_safety(project, manifest, fields)
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
