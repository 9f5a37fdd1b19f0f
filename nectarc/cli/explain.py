"""Each rule in words, the traces and events that it keeps, the Refinery rule that it becomes."""

from __future__ import annotations

import argparse
import json

from nectarc.checking import Checked
from nectarc.cli.arguments import UsageError, add_common
from nectarc.cli.console import FINE, Console, status_of
from nectarc.cli.environments import check_sources, open_environments, options_of
from nectarc.cli.evidence import Traces, open_traffic
from nectarc.cli.widths import width_of
from nectarc.corpus.stored_trace import CorpusTrace
from nectarc.diagnostic import Diagnostic, has_errors
from nectarc.ir.nodes import Policy
from nectarc.pipeline import lower_policy
from nectarc.project import Project
from nectarc.prove.corpus_decisions import TracesInMemory
from nectarc.prove.trace_ids import find_trace
from nectarc.refinery.lowered import Lowered
from nectarc.report.explain import explain_policy
from nectarc.report.explain_text import (
    render_explanation_json,
    render_explanation_markdown,
    render_explanation_text,
)
from nectarc.report.rule_counts import count_rules
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
    explained: dict[str, str] = {}
    with open_traffic(project, arguments.corpus, console) as traffic:
        trace = None if arguments.trace is None else _find_trace(arguments.trace, traffic)
        for source, checked in check_sources(opened):
            if source.path in explained:
                continue
            pair = _lowered(checked, project, found)
            if pair is not None:
                explained[source.path] = _explain(arguments, pair, traffic, trace, console)
        found += traffic.found()
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
    traffic: Traces,
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
    corpus = traffic.corpus or TracesInMemory(())
    counts = count_rules(policy, corpus, traffic.sampling_words)
    explanation = explain_policy(policy, counts, lowered)
    match arguments.format:
        case "json":
            return render_explanation_json(explanation)
        case "markdown":
            return render_explanation_markdown(explanation)
        case _:
            return render_explanation_text(explanation, width=width)


def _find_trace(wanted: str, traffic: Traces) -> CorpusTrace:
    """Return the trace whose id is, or alone begins with, `wanted`; incidents come first."""
    stores = (traffic.must_keep, traffic.corpus)
    found = find_trace(tuple(store for store in stores if store is not None), wanted)
    if found.trace is not None:
        return found.trace
    if found.beginnings:
        some = ", ".join(found.beginnings[:3]) + (", ..." if len(found.beginnings) > 3 else "")
        raise UsageError(f"{len(found.beginnings)} traces begin with `{wanted}`: {some}")
    meant = nearest(wanted, found.known)
    hint = f": did you mean `{meant}`?" if meant else ""
    raise UsageError(f"no trace of the corpus has the id `{wanted}`{hint}")


def _show(explained: dict[str, str], console: Console) -> None:
    """Write one after the other; several in JSON become an object by file."""
    if console.is_json and len(explained) > 1:
        records = {path: json.loads(text) for path, text in explained.items()}
        console.result(json.dumps(records, indent=2, ensure_ascii=False) + "\n")
    else:
        console.result("\n".join(explained.values()))
