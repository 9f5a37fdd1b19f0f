"""The proofs about policies, for all traces, and their checks on the corpus."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator, Sequence

from nectarc.cli.arguments import add_common
from nectarc.cli.console import FINDINGS, Console, status_of
from nectarc.cli.environments import Opened, check_sources, open_environments
from nectarc.cli.evidence import open_traffic
from nectarc.cli.proving import prove_source
from nectarc.cli.widths import width_of
from nectarc.diagnostic import Diagnostic
from nectarc.files import unwritable, write_atomically
from nectarc.prove.verdicts import ProveReport
from nectarc.render.counting import counted
from nectarc.render.github import render_github
from nectarc.render.json import findings_json
from nectarc.render.junit import render_junit
from nectarc.report.prove_files import SavedCounterexample, counterexample_files, rows_of_tests
from nectarc.report.prove_json import report_record
from nectarc.report.prove_junit import prove_suites
from nectarc.report.prove_text import render_report_text


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "file", nargs="?", metavar="FILE", help="one policy; without it, those of the project"
    )
    parser.add_argument(
        "--corpus",
        metavar="PATH",
        help="other traces than the project's: a corpus, or anything that `ingest` reads",
    )
    parser.add_argument(
        "--save-counterexamples",
        metavar="DIR",
        help="write each counterexample into DIR, as a file for the policy's `tests`",
    )
    parser.add_argument("--seed", type=int, default=0, help="of the budget's intervals; 0")
    add_common(parser, formats=("text", "json", "junit", "github"))


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Check every policy once; status 1 when something is refuted or otherwise found."""
    opened = open_environments(arguments.file, console)
    project = opened.project
    found = list(opened.found)
    if project is None or not opened.is_readable:
        if arguments.format == "junit":
            _show({}, found, arguments.format, console)
        else:
            console.findings(found, to_result=console.is_json)
        return status_of(found)
    reports: dict[str, ProveReport] = {}
    with open_traffic(project, arguments.corpus, console) as traffic:
        for source, checked in check_sources(opened):
            if source.path not in reports:
                seed: int = arguments.seed
                report, problems = prove_source(source, checked, opened, traffic, seed=seed)
                found += problems
                if report is not None:
                    reports[source.path] = report
        found += traffic.found()
    if arguments.save_counterexamples is not None:
        found += _save(reports, opened, arguments.save_counterexamples, console)
    _show(reports, found, arguments.format, console)
    is_refuted = any(report.is_refuted for report in reports.values())
    return status_of(found) or (FINDINGS if is_refuted else 0)


def _save(
    reports: dict[str, ProveReport], opened: Opened, folder: str, console: Console
) -> list[Diagnostic]:
    """Write the counterexamples, and say which rows of `tests` run them; return what went wrong."""
    problems: list[Diagnostic] = []
    files = {source.path: source.text.file for source in opened.sources}
    for path, report in reports.items():
        saved = counterexample_files(report)
        problems += _write(saved, folder)
        if saved and not problems:
            console.message(f"{folder}: {counted(len(saved), 'counterexample')}")
            here = os.path.dirname(files[path]) or "."
            rows = rows_of_tests(saved, os.path.relpath(folder, here).replace(os.sep, "/"))
            if rows:
                console.message(f"as tests of {files[path]}:\n{rows}")
    return problems


def _write(saved: Sequence[SavedCounterexample], folder: str) -> Iterator[Diagnostic]:
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        yield unwritable(folder, error)
        return
    for one in saved:
        problem = write_atomically(os.path.join(folder, one.name), one.text)
        if problem is not None:
            yield problem


def _show(
    reports: dict[str, ProveReport], found: list[Diagnostic], form: str, console: Console
) -> None:
    if form == "github":
        console.result(render_github(found, console.texts))
        return
    if form == "junit":
        console.result(render_junit(prove_suites(reports, found, console.texts)))
        return
    if console.is_json:
        records = [{"file": path, **report_record(report)} for path, report in reports.items()]
        whole = {"policies": records, "findings": findings_json(found, console.texts)}
        console.result(json.dumps(whole, indent=2, ensure_ascii=False) + "\n")
        return
    for report in reports.values():
        console.result(render_report_text(report, width=width_of(console.out)) + "\n")
    console.findings(found, to_result=True)
