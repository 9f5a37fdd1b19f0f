"""What a change does to traces: proven equal, or where it differs, with traces that show it."""

from __future__ import annotations

import argparse
import json
import math
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from nectarc.cli.arguments import UsageError, add_common
from nectarc.cli.console import FINDINGS, FINE, WRONG_USE, Console, has_colour, status_of
from nectarc.cli.diff_sides import SideReader
from nectarc.cli.progress import progress_line
from nectarc.cli.widths import width_of
from nectarc.compare.difference import CompareOptions, SidesDifference, compare_sides
from nectarc.compare.regions import ErrorMatch
from nectarc.compare.sides import Side
from nectarc.diagnostic import has_errors
from nectarc.files import STDIN
from nectarc.ir.nodes import Policy
from nectarc.pipeline import lower_policy, options_of
from nectarc.project import Project, find_project
from nectarc.prove.verdicts import Verdict
from nectarc.refinery.lowered import Assumption, AssumptionKind
from nectarc.render.json import findings_json
from nectarc.report.diff_json import diff_record
from nectarc.report.diff_markdown import render_diff_markdown
from nectarc.report.diff_text import render_diff_text
from nectarc.safety import check_safety
from nectarc.source import SourceText

if TYPE_CHECKING:  # it brings NumPy and Arrow, which only a corpus needs
    from nectarc.corpus.store import CorpusStore

_NOTHING: Final = "none"
_HEAD: Final = "HEAD"
_NO_PROJECT: Final = "NEC407"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    what = "a policy, Refinery rules, a git revision (`HEAD~1`) or a file in one (`HEAD~1:a.toon`)"
    parser.add_argument("before", nargs="?", metavar="A", help=f"{what}; without it, HEAD")
    parser.add_argument(
        "after", nargs="?", metavar="B", help="the same; without it, the project as it is now"
    )
    parser.add_argument("--target", metavar="NAME", help="of a rules file; without it, all of them")
    parser.add_argument(
        "--corpus",
        metavar="PATH",
        help="count the change on these traces: a corpus, or anything that `ingest` reads;"
        f" `{_NOTHING}`: not even on the project's",
    )
    parser.add_argument(
        "--assume",
        metavar="WORDS",
        help="take for granted, like `assume` of the manifest: types,no-null,no-nan; or"
        f" `{_NOTHING}`. Without it, nothing, and between a policy and rules what compiling does",
    )
    parser.add_argument(
        "--price", type=_price, metavar="NUMBER", help="what a million kept events cost"
    )
    parser.add_argument(
        "--all",
        action="store_true",
        help="show every kind of traces that changes, with its rules and an example",
    )
    add_common(parser, formats=("text", "json", "markdown"))


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Compare; status 0 only when both are proven to decide every trace alike."""
    assume = _assumed(arguments.assume)
    if [arguments.before, arguments.after, arguments.corpus].count(STDIN) > 1:
        raise UsageError("stdin can be one thing only: name the other one")
    reading = find_project("")
    project = reading.project
    reader = SideReader(console, project)
    # Without a project there is nothing to obey; one that cannot be read may not be passed over.
    reader.found += (one for one in reading.diagnostics if one.code != _NO_PROJECT)
    console.know([reading.manifest])
    error = _error_match(project, reading.manifest, reader)
    left = reader.read(arguments.before or _HEAD)
    right = reader.read(arguments.after)
    reader.found = list(dict.fromkeys(reader.found))  # one file on both sides says it once
    if left is None or right is None or error is None or has_errors(reader.found):
        if console.is_json:
            record = {"verdict": None, "findings": findings_json(reader.found, console.texts)}
            console.result(json.dumps(record, indent=2, ensure_ascii=False) + "\n")
        else:
            console.findings(reader.found, to_result=False)
        return WRONG_USE
    _warn_of_target(arguments.target, left, right, console)
    with _traffic(arguments.corpus, reader, console) as store:
        options = CompareOptions(
            error=error,
            target=arguments.target,
            assume=assume,
            usual=options_of(project or Project(root="")).assume,
            recorded=lambda policy: _recorded(policy, project),
            source=store if store is not None and store.trace_count else None,
            traces_per_second=project.traces_per_second if project is not None else None,
            presampled=store.sampling_words if store is not None else "",
        )
        difference = compare_sides(left, right, options)
        reader.found += store.diagnostics() if store is not None else ()
    _show(arguments, difference, reader, console)
    if status_of(reader.found) == WRONG_USE:
        return WRONG_USE
    return FINE if difference.verdict is Verdict.PROVED else FINDINGS


def _price(text: str) -> float:
    try:
        price = float(text)
    except ValueError:
        price = math.nan
    if not 0 <= price < math.inf:
        raise argparse.ArgumentTypeError(f"`{text}` is no price: write a number, e.g. 0.30")
    return price


def _assumed(text: str | None) -> frozenset[AssumptionKind] | None:
    if text is None:
        return None
    words = [word.strip() for word in text.split(",") if word.strip() and word.strip() != _NOTHING]
    known = {kind.value: kind for kind in AssumptionKind}
    for word in words:
        if word not in known:
            raise UsageError(
                f"`{word}` is nothing that `--assume` knows: write some of {', '.join(known)},"
                f" or {_NOTHING}"
            )
    return frozenset(known[word] for word in words)


def _error_match(
    project: Project | None, manifest: SourceText | None, reader: SideReader
) -> ErrorMatch | None:
    """Return what the project, or else every project, calls an error."""
    chosen = project or Project(root="")
    checked = check_safety(chosen, manifest)
    if checked.error is None:
        reader.found += checked.diagnostics
        return None
    return ErrorMatch(checked.error, chosen.safety_error)


def _recorded(policy: Policy, project: Project | None) -> tuple[Assumption, ...]:
    lowering = lower_policy(policy, options_of(project or Project(root="")))
    return () if lowering.lowered is None else lowering.lowered.assumptions


@contextmanager
def _traffic(
    path: str | None, reader: SideReader, console: Console
) -> Iterator[CorpusStore | None]:
    """Open `--corpus`, or the project's own corpus where the project is compared."""
    own = reader.project.corpus if reader.project is not None and reader.is_project_side else ""
    chosen = path if path is not None else own
    if chosen in ("", _NOTHING) or (path is None and not os.path.exists(own)):
        yield None
        return
    from nectarc.corpus.store import open_traces

    with progress_line(console) as progress:
        store = open_traces(chosen, progress=progress)
    with store:
        yield store


def _warn_of_target(target: str | None, left: Side, right: Side, console: Console) -> None:
    if target is not None and target not in left.targets and target not in right.targets:
        console.message(f"neither side names the target `{target}`: `__default__` decides for it")


def _show(
    arguments: argparse.Namespace,
    difference: SidesDifference,
    reader: SideReader,
    console: Console,
) -> None:
    price = arguments.price
    match arguments.format:
        case "json":
            record = diff_record(difference, price=price)
            record["findings"] = findings_json(reader.found, console.texts)
            console.result(json.dumps(record, indent=2, ensure_ascii=False) + "\n")
        case "markdown":
            console.result(render_diff_markdown(difference, price=price))
            console.findings(reader.found, to_result=False)
        case _:
            width = width_of(console.out)
            text = render_diff_text(
                difference,
                width=width,
                price=price,
                is_whole=arguments.all,
                use_colour=has_colour(console.out),
            )
            console.result(text)
            console.findings(reader.found, to_result=False)
