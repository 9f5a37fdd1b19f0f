"""The safety checks of policies, over the corpus and over traces built around their boundaries."""

from __future__ import annotations

import argparse
import json

from nectarc.checking import Checked, check_text
from nectarc.cli.arguments import add_common
from nectarc.cli.console import FINDINGS, Console, status_of
from nectarc.cli.environments import Opened, check_sources, open_environments, options_of
from nectarc.cli.evidence import Traffic, read_traffic
from nectarc.cli.widths import width_of
from nectarc.diagnostic import Diagnostic, has_errors
from nectarc.ir.nodes import Policy
from nectarc.pipeline import Source, lower_policy
from nectarc.project import Project
from nectarc.prove.evidence import (
    Evidence,
    ProveOptions,
    Questions,
    Safety,
    SafetyMatch,
    Written,
)
from nectarc.prove.prover import prove
from nectarc.prove.verdicts import ProveReport
from nectarc.render.json import findings_json
from nectarc.report.prove_text import render_report_text, report_record
from nectarc.safety import check_safety
from nectarc.source import SourceText
from nectarc.syntax.ast import Requirement


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "file", nargs="?", metavar="FILE", help="one policy; without it, those of the project"
    )
    parser.add_argument(
        "--corpus", metavar="PATH", help="a corpus, or anything that `ingest` reads"
    )
    parser.add_argument("--seed", type=int, default=0, help="of the traces that are built; 0")
    add_common(parser)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Check every policy once; status 1 when something is refuted or otherwise found."""
    opened = open_environments(arguments.file, console)
    project = opened.project
    found = list(opened.found)
    if project is None or not opened.is_readable:
        console.findings(found, to_result=console.is_json)
        return status_of(found)
    traffic = read_traffic(project, arguments.corpus, console)
    found += traffic.found
    reports: dict[str, ProveReport] = {}
    for source, checked in check_sources(opened):
        if source.path not in reports:
            report, problems = _prove(source, checked, opened, traffic, arguments.seed)
            found += problems
            if report is not None:
                reports[source.path] = report
    _show(reports, found, console)
    is_refuted = any(report.is_refuted for report in reports.values())
    return status_of(found) or (FINDINGS if is_refuted else 0)


def _prove(
    source: Source, checked: Checked, opened: Opened, traffic: Traffic, seed: int
) -> tuple[ProveReport | None, tuple[Diagnostic, ...]]:
    """Prove one policy; None with its findings when it has errors."""
    project, written = opened.project, checked.written
    assert project is not None
    if checked.policy is None or checked.has_errors or written is None:
        return None, checked.diagnostics
    safety, problems = _safety(project, opened.manifest, checked)
    if has_errors(problems):
        return None, problems
    lowering = lower_policy(checked.policy, options_of(project))
    questions = Questions(
        safety=safety,
        invariants=checked.invariants,
        budget_per_second=written.budget_per_second,
        lowered=lowering.lowered if lowering.is_exact else None,
    )
    evidence = Evidence(
        corpus=traffic.corpus,
        must_keep=traffic.must_keep,
        traces_per_second=project.traces_per_second,
    )
    report = prove(
        checked.policy,
        questions,
        evidence,
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


def _show(reports: dict[str, ProveReport], found: list[Diagnostic], console: Console) -> None:
    if console.is_json:
        records = [{"file": path, **report_record(report)} for path, report in reports.items()]
        whole = {"policies": records, "findings": findings_json(found, console.texts)}
        console.result(json.dumps(whole, indent=2, ensure_ascii=False) + "\n")
        return
    for report in reports.values():
        console.result(render_report_text(report, width=width_of(console.out)) + "\n")
    console.findings(found, to_result=True)
