"""Each rule in words, the traces and events that it keeps, the Refinery rule that it becomes."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable

from nectarc.checking import Checked
from nectarc.cli.arguments import UsageError, add_common
from nectarc.cli.console import FINE, Console, status_of
from nectarc.cli.environments import check_sources, open_environments, options_of
from nectarc.cli.evidence import Traffic, read_traffic
from nectarc.cli.widths import width_of
from nectarc.corpus.stored_trace import CorpusTrace
from nectarc.diagnostic import Diagnostic, has_errors
from nectarc.ir.nodes import Policy
from nectarc.pipeline import lower_policy
from nectarc.project import Project
from nectarc.refinery.lowered import Lowered
from nectarc.report.explain import explain_policy
from nectarc.report.explain_text import (
    render_explanation_json,
    render_explanation_markdown,
    render_explanation_text,
)
from nectarc.report.trace_text import render_trace_json, render_trace_text
from nectarc.report.trace_view import explain_trace
from nectarc.spelling import nearest


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "file", nargs="?", metavar="FILE", help="one policy; without it, those of the project"
    )
    parser.add_argument("--trace", metavar="ID", help="why one trace is decided as it is")
    parser.add_argument(
        "--corpus", metavar="PATH", help="a corpus, or anything that `ingest` reads"
    )
    add_common(parser, formats=("text", "markdown", "json"))


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Explain every policy once, or one trace by every policy."""
    opened = open_environments(arguments.file, console)
    project = opened.project
    found = list(opened.found)
    if project is None or not opened.is_readable:
        console.findings(found, to_result=False)
        return status_of(found)
    traffic = read_traffic(project, arguments.corpus, console)
    found += traffic.found
    trace = None if arguments.trace is None else _find_trace(arguments.trace, traffic)
    explained: dict[str, str] = {}
    for source, checked in check_sources(opened):
        if source.path in explained:
            continue
        pair = _lowered(checked, project, found)
        if pair is not None:
            explained[source.path] = _explain(arguments, pair, traffic, trace, console)
    _show(explained, console)
    console.findings(found, to_result=False)
    return status_of(found) if has_errors(found) else FINE


def _lowered(
    checked: Checked, project: Project, found: list[Diagnostic]
) -> tuple[Policy, Lowered | None] | None:
    """Return the policy and its rules; without rules where it cannot be lowered."""
    if checked.policy is None or checked.has_errors:
        found += checked.diagnostics
        return None
    lowering = lower_policy(checked.policy, options_of(project))
    found += lowering.diagnostics
    return checked.policy, lowering.lowered


def _explain(
    arguments: argparse.Namespace,
    pair: tuple[Policy, Lowered | None],
    traffic: Traffic,
    trace: CorpusTrace | None,
    console: Console,
) -> str:
    policy, lowered = pair
    width = width_of(console.out)
    if trace is not None:
        shown = explain_trace(policy, trace.trace, lowered)
        if arguments.format == "json":
            return render_trace_json(shown)
        text = render_trace_text(shown, width=width)
        return f"```text\n{text}```\n" if arguments.format == "markdown" else text
    explanation = explain_policy(policy, traffic.corpus, lowered)
    match arguments.format:
        case "json":
            return render_explanation_json(explanation)
        case "markdown":
            return render_explanation_markdown(explanation)
        case _:
            return render_explanation_text(explanation, width=width)


def _find_trace(wanted: str, traffic: Traffic) -> CorpusTrace:
    """Return the trace whose id is, or alone begins with, `wanted`."""
    traces = {one.trace.trace_id: one for one in (*traffic.must_keep, *traffic.corpus)}
    if wanted in traces:
        return traces[wanted]
    beginnings = [name for name in traces if wanted and name.startswith(wanted)]
    if len(beginnings) == 1:
        return traces[beginnings[0]]
    if beginnings:
        raise UsageError(f"{len(beginnings)} traces begin with `{wanted}`: {_some(beginnings)}")
    meant = nearest(wanted, traces)
    hint = f": did you mean `{meant}`?" if meant else ""
    raise UsageError(f"no trace of the corpus has the id `{wanted}`{hint}")


def _some(names: Iterable[str]) -> str:
    ordered = sorted(names)
    return ", ".join(ordered[:3]) + (", ..." if len(ordered) > 3 else "")


def _show(explained: dict[str, str], console: Console) -> None:
    """Write one after the other; several in JSON become an object by file."""
    if console.is_json and len(explained) > 1:
        records = {path: json.loads(text) for path, text in explained.items()}
        console.result(json.dumps(records, indent=2, ensure_ascii=False) + "\n")
    else:
        console.result("\n".join(explained.values()))
