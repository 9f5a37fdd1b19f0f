"""Load trace exemplars into the corpus; what cannot be read is counted and shown."""

from __future__ import annotations

import argparse
import json

from nectarc.cli.arguments import add_common
from nectarc.cli.console import WRONG_USE, Console, status_of
from nectarc.cli.progress import progress_line
from nectarc.corpus.formats.csv_map import parse_csv_map
from nectarc.corpus.ingesting import IngestReport, ingest
from nectarc.corpus.strata import Sample
from nectarc.diagnostic import Diagnostic
from nectarc.project import Project, find_project
from nectarc.render.counting import counted
from nectarc.render.json import findings_json

_SHOWN_MAX = 20


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help="files, folders, globs; `-` is stdin; `.gz` and `.zst` are unpacked",
    )
    parser.add_argument(
        "--must-keep",
        action="store_true",
        help="incident traces that no policy may lose: into the folder of `must_keep`",
    )
    parser.add_argument(
        "--into", metavar="DIR", help="the corpus folder, whatever the project says"
    )
    parser.add_argument(
        "--sample",
        metavar="N",
        type=_count,
        help="keep N of the new traces, some of each kind; each weighs what it stands for",
    )
    parser.add_argument(
        "--seed",
        metavar="S",
        type=int,
        default=0,
        help="of --sample: the same seed, the same traces",
    )
    parser.add_argument(
        "--csv-map",
        metavar="MAP",
        help="what the columns of a table mean: `key=column,...`, a TOML file, or a ready-made map",
    )
    add_common(parser)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Read the traces, add them to the store, report both what came in and what did not."""
    store = arguments.into or _store(console, must_keep=arguments.must_keep)
    if store is None:
        return WRONG_USE
    csv_map = None if arguments.csv_map is None else parse_csv_map(arguments.csv_map)
    if isinstance(csv_map, Diagnostic):
        console.findings([csv_map], to_result=console.is_json)
        return WRONG_USE
    sample = None if arguments.sample is None else Sample(arguments.sample, arguments.seed)
    with progress_line(console) as progress:
        report = ingest(arguments.paths, store, sample=sample, csv_map=csv_map, progress=progress)
    found = report.diagnostics()
    if console.is_json:
        console.result(_as_json(report, console))
    else:
        # A file of a million bad lines gets a page, not a million: the count says the rest.
        console.findings(found[:_SHOWN_MAX], to_result=False)
        more = len(found) - _SHOWN_MAX + report.read.bad_count - len(report.read.bad_records)
        if more > 0:
            console.message(f"... and {more} more findings\n")
        console.result(_as_text(report))
    return status_of(found)


def _store(console: Console, *, must_keep: bool) -> str | None:
    """Return the project's folder for traces; without a project, `corpus` or `incidents` here.

    None when the manifest has mistakes: traces would end up in a folder that nobody meant.
    """
    reading = find_project("")
    console.know([reading.manifest])
    problems = [one for one in reading.diagnostics if one.code != "NEC407"]
    if problems:
        console.findings(problems, to_result=console.is_json)
        return None
    project = reading.project or Project(root="")
    return project.must_keep if must_keep else project.corpus


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise argparse.ArgumentTypeError("a number of traces is at least 1")
    return count


def _as_text(report: IngestReport) -> str:
    read = report.read
    lines = [
        f"read {counted(len(read.files), 'file')}: {counted(read.spans, 'span')}",
    ]
    if report.is_stored:
        holds = f"{counted(report.traces, 'trace')}, {counted(report.spans, 'span')}"
        lines.append(f"{report.store}: {holds} (+{report.traces_added}, +{report.spans_added})")
    else:
        lines.append(f"{report.store}: not changed")
    if report.drawn is not None:
        drawn = report.drawn
        lines.append(
            f"drawn: {drawn.kept:,} of {counted(drawn.traces, 'new trace')}"
            + (f", from {counted(drawn.strata, 'kind')}" if drawn.strata else "")
        )
    if report.sampling:
        lines.append(f"the corpus is {report.sampling}: each trace counts as many as it stands for")
    if report.duplicates:
        lines.append(f"already there or given twice: {counted(report.duplicates, 'span')}")
    if read.untraced:
        lines.append(f"without a trace, so not sampled: {counted(read.untraced, 'event')}")
    if read.bad_count or read.problems:
        left_out = read.bad_count + len(read.problems)
        lines.append(f"left out, each named above: {left_out:,}")
    if read.skipped:
        lines.append(
            f"passed by, since their names are not of traces: {counted(len(read.skipped), 'file')}"
        )
    return "".join(line + "\n" for line in lines)


def _as_json(report: IngestReport, console: Console) -> str:
    read = report.read
    found = {
        "corpus": report.store,
        "is_stored": report.is_stored,
        "traces": report.traces,
        "spans": report.spans,
        "traces_added": report.traces_added,
        "spans_added": report.spans_added,
        "duplicates": report.duplicates,
        "drawn": None
        if report.drawn is None
        else {
            "kept": report.drawn.kept,
            "of": report.drawn.traces,
            "strata": report.drawn.strata,
        },
        "sampling": report.sampling,
        "files": list(read.files),
        "spans_read": read.spans,
        "untraced": read.untraced,
        "left_out": read.bad_count + len(read.problems),
        "skipped": list(read.skipped),
        "findings": findings_json(report.diagnostics(), console.texts),
    }
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"
