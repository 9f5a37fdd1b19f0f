"""The waggle report: what is kept and why, what is lost, what is proven, what Refinery will run."""

from __future__ import annotations

import argparse
import os
from typing import Final

from nectarc import __version__
from nectarc.cli.arguments import UsageError, add_common
from nectarc.cli.console import FINE, Console, status_of
from nectarc.cli.evidence import Traces, open_traffic
from nectarc.cli.explain_reading import Explained, asked_of, read_explained
from nectarc.cli.explain_trace import explain_traces
from nectarc.cli.widths import width_of
from nectarc.diagnostic import Diagnostic, has_errors
from nectarc.files import STDIN, write_atomically
from nectarc.project import Project, project_of_policy
from nectarc.prove.corpus_decisions import TracesInMemory
from nectarc.waggle.records import Waggle
from nectarc.waggle.report import Traffic, build_waggle

_FORM_OF_ENDING: Final = {
    ".html": "html",
    ".htm": "html",
    ".md": "markdown",
    ".markdown": "markdown",
    ".json": "json",
    ".txt": "text",
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "file",
        nargs="?",
        metavar="FILE",
        help="one policy, or a Refinery rules file; without it, the policies of the project",
    )
    parser.add_argument(
        "--trace",
        metavar="FILE|ID",
        help="why one trace of the corpus, or of a file, is decided as it is",
    )
    parser.add_argument(
        "--corpus", metavar="PATH", help="a corpus, or anything that `ingest` reads"
    )
    parser.add_argument("--target", metavar="NAME", help="only this Refinery target")
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help="write to FILE; its ending says the format: .html, .md, .json, .txt",
    )
    parser.add_argument(
        "--full", action="store_true", help="text with every rule, example, and Refinery's YAML"
    )
    parser.add_argument("--seed", type=int, default=0, help="of the intervals over time; 0")
    add_common(parser, formats=("text", "markdown", "json", "html"))
    # None: the ending of `-o` says it, or else it is text.
    parser.set_defaults(format=None)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Explain every policy or target once, or single traces by each of them."""
    form = _form(arguments, console)
    console.form, console.is_json = form, form == "json"
    explained = read_explained(arguments.file, arguments.target, console)
    found = list(explained.found)
    if not explained.subjects:
        console.findings(found, to_result=False)
        return status_of(found)
    text = ""
    with open_traffic(_project(explained, arguments), arguments.corpus, console) as traffic:
        problems = list(traffic.found())
        if arguments.corpus is not None and has_errors(problems) and not _has_traces(traffic):
            # A report without figures would hide that the corpus which was named cannot be read.
            problems = []
        elif arguments.trace is not None:
            text, problems = explain_traces(arguments.trace, explained, traffic, form, console)
        else:
            text, problems = _report(arguments, explained, traffic, form, console)
        found += problems
        found += traffic.found()
    if text:
        found += _write(text, arguments.output, console)
    console.findings(list(dict.fromkeys(found)), to_result=False)
    return status_of(found) if has_errors(found) else FINE


def _has_traces(traffic: Traces) -> bool:
    return traffic.corpus is not None and traffic.corpus.trace_count > 0


def _form(arguments: argparse.Namespace, console: Console) -> str:
    """Return the format that was asked for, in words or by the ending of `-o`."""
    output: str | None = arguments.output
    form: str | None = arguments.format
    if form is None and output is not None and output != STDIN:
        form = _FORM_OF_ENDING.get(os.path.splitext(output)[1].lower())
        if form is None:
            raise UsageError(
                f"the ending of `{output}` says no format: name a file that ends in .html, .md,"
                " .json or .txt, or add `--format`"
            )
    form = form or "text"
    if form == "html" and arguments.trace is not None:
        raise UsageError("one trace has no page: leave out `--format html`, or `--trace`")
    if form == "html" and output is None and console.out.isatty():
        raise UsageError("a page is for a file: add `-o waggle.html`")
    if output is not None and _is_same(output, arguments.file):
        raise UsageError(f"`-o {output}` would overwrite what is explained: name another file")
    return form


def _is_same(output: str, file: str | None) -> bool:
    return file not in (None, STDIN) and os.path.realpath(output) == os.path.realpath(file or "")


def _project(explained: Explained, arguments: argparse.Namespace) -> Project:
    """Return the project that says where traces are; of rules without one, their own folder."""
    return explained.project or project_of_policy(arguments.file or "")


def _report(
    arguments: argparse.Namespace,
    explained: Explained,
    traffic: Traces,
    form: str,
    console: Console,
) -> tuple[str, list[Diagnostic]]:
    project = _project(explained, arguments)
    asked, problems = asked_of(explained, traffic, arguments.seed)
    waggle = build_waggle(
        asked,
        Traffic(
            source=traffic.corpus or TracesInMemory(()),
            path=arguments.corpus or project.corpus,
            presampled=traffic.sampling_words,
            traces_per_second=project.traces_per_second,
            seed=arguments.seed,
        ),
        version=__version__,
    )
    return _rendered(waggle, form, arguments, console), problems


def _rendered(waggle: Waggle, form: str, arguments: argparse.Namespace, console: Console) -> str:
    match form:
        case "json":
            from nectarc.waggle.json_record import render_waggle_json

            return render_waggle_json(waggle)
        case "markdown":
            from nectarc.waggle.markdown import render_waggle_markdown

            return render_waggle_markdown(waggle)
        case "html":
            from nectarc.waggle.html import render_html

            return render_html(waggle)
        case _:
            from nectarc.waggle.screen import render_waggle_text

            width = width_of(console.out)
            return render_waggle_text(waggle, width=width, is_full=arguments.full)


def _write(text: str, output: str | None, console: Console) -> list[Diagnostic]:
    if output is None or output == STDIN:
        console.result(text)
        return []
    problem = write_atomically(output, text)
    if problem is not None:
        return [problem]
    console.message(f"{output}: the report, {len(text.encode()) / 1024:,.0f} kB")
    return []
