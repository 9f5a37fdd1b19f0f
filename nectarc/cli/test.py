"""The tests of policies: which rule decides each trace, why another one did, what is covered."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from nectarc.checking import Checked, check_text
from nectarc.cli.arguments import UsageError, add_common
from nectarc.cli.console import FINDINGS, Console, status_of
from nectarc.cli.policies import Chosen, choose_policies
from nectarc.cli.widths import width_of
from nectarc.diagnostic import Diagnostic
from nectarc.files import STDIN
from nectarc.ir.nodes import Policy
from nectarc.pipeline import lower_policy, options_of
from nectarc.project import Project
from nectarc.records import part, record
from nectarc.refinery.lowered import Lowered
from nectarc.refinery.rules import RulesConfig
from nectarc.render.counting import counted
from nectarc.render.github import render_github
from nectarc.render.json import findings_json
from nectarc.render.junit import JUnitSuite, render_junit
from nectarc.report.cases_forms import junit_suite, problems_suite, tests_json
from nectarc.report.cases_text import (
    PolicyTests,
    coverage_findings,
    failure_findings,
    render_tests_text,
)
from nectarc.source import SourceText
from nectarc.testing.cases import cases_of
from nectarc.testing.coverage import Coverage, coverage_of
from nectarc.testing.running import run_cases
from nectarc.trace import Trace

if TYPE_CHECKING:  # the corpus brings NumPy and Arrow, which most tests need not
    from nectarc.corpus.store import CorpusStore


@record(frozen=False)
class _Run:
    """One run of the command.

    corpus: traces to say the coverage of, None where none was asked for.
    found:  findings about inputs. failed: about tests. hints: about what they do not cover.
    """

    arguments: argparse.Namespace
    console: Console
    corpus: CorpusStore | None
    found: list[Diagnostic]
    failed: list[Diagnostic] = part(default_factory=list)
    hints: list[Diagnostic] = part(default_factory=list)
    done: list[PolicyTests] = part(default_factory=list)
    suites: list[JUnitSuite] = part(default_factory=list)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "files",
        nargs="*",
        metavar="FILE",
        help="policies (`-` is stdin); without any, those of the project",
    )
    parser.add_argument(
        "--corpus",
        metavar="PATH",
        help="say what these traces cover, too: a corpus, or anything that `ingest` reads",
    )
    parser.add_argument(
        "--coverage",
        action="store_true",
        help="count each condition, by the tests and by the corpus (the project's, if it has one)",
    )
    add_common(parser, formats=("text", "json", "junit", "github"))


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Run every test of every policy; status 1 when one fails."""
    if STDIN in arguments.files and arguments.corpus == STDIN:
        raise UsageError("stdin can be a policy or the corpus, not both: name one of them")
    chosen = choose_policies(arguments.files, console)
    found = list(chosen.diagnostics)
    with _corpus(arguments, chosen, console) as corpus:
        state = _Run(arguments, console, corpus, found)
        for path in chosen.policies:
            text = console.read(path)
            if isinstance(text, Diagnostic):
                found.append(text)
            else:
                _test(text, chosen.project, state)
        found += corpus.diagnostics() if corpus is not None else ()
    _show(state)
    return status_of(found) or (FINDINGS if state.failed else 0)


@contextmanager
def _corpus(
    arguments: argparse.Namespace, chosen: Chosen, console: Console
) -> Iterator[CorpusStore | None]:
    """Open the traces of `--corpus`, or with `--coverage` those of the project's own corpus."""
    path = arguments.corpus
    if path is None:
        own = chosen.project.corpus if chosen.project is not None else ""
        if not arguments.coverage or not os.path.exists(own):
            yield None
            return
        path = own
    from nectarc.cli.progress import progress_line
    from nectarc.corpus.store import open_traces

    with progress_line(console) as progress:
        store = open_traces(path, progress=progress)
    with store:
        yield store


def _test(text: SourceText, project: Project | None, state: _Run) -> None:
    """Run the tests of one policy; one with errors fails as a whole."""
    checked = check_text(text)
    policy, written = checked.policy, checked.written
    if policy is None or written is None or checked.has_errors:
        state.found += checked.diagnostics
        problems = [f"{one.code}: {one.headline}" for one in checked.diagnostics]
        state.suites.append(problems_suite(text.file, problems))
        return
    lowered = _lowered(checked, project, state.console) if written.tests else None
    results = run_cases(policy, cases_of(written, _reader(text.file, state)), lowered)
    traces = (one.trace for result in results for one in result.results)
    tests = PolicyTests(
        file=text.file,
        policy=policy,
        results=results,
        by_tests=coverage_of(policy, traces),
        by_corpus=None if state.corpus is None else _by_corpus(policy, state.corpus),
        rules=None if lowered is None else _count(lowered),
    )
    state.done.append(tests)
    state.suites.append(junit_suite(tests, text))
    state.failed += failure_findings(tests)
    state.hints += coverage_findings(tests)


def _by_corpus(policy: Policy, corpus: CorpusStore) -> Coverage:
    from nectarc.testing.corpus_coverage import coverage_of_corpus

    return coverage_of_corpus(policy, corpus)


def _lowered(checked: Checked, project: Project | None, console: Console) -> Lowered | None:
    """Return the policy's exact rules; why there are none is the business of `compile`."""
    assert checked.policy is not None
    lowering = lower_policy(checked.policy, options_of(project or Project(root="")))
    if lowering.lowered is None:
        for one in lowering.diagnostics:
            console.detail(f"not compiled: {one.code}: {one.headline}")
    return lowering.lowered if lowering.is_exact else None


def _count(lowered: Lowered) -> int:
    sampler = lowered.sampler
    return len(sampler.rules) if isinstance(sampler, RulesConfig) else 1


def _reader(policy: str, state: _Run) -> Callable[[str], tuple[Trace, ...]]:
    """Return what reads a `file` cell: a path from the folder of the policy."""
    folder = os.path.dirname(policy)

    def read(file: str) -> tuple[Trace, ...]:
        from nectarc.corpus.store import read_traces

        corpus = read_traces([os.path.join(folder, file)])
        state.found += corpus.diagnostics()
        return tuple(stored.trace for stored in corpus.traces)

    return read


def _show(state: _Run) -> None:
    console, arguments = state.console, state.arguments
    match arguments.format:
        case "json":
            everything = (*state.found, *state.failed, *state.hints)
            record = {
                "policies": [tests_json(one) for one in state.done],
                "findings": findings_json(everything, console.texts),
            }
            console.result(json.dumps(record, indent=2, ensure_ascii=False) + "\n")
        case "junit":
            console.result(render_junit(state.suites))
            console.findings(state.found, to_result=False)
        case "github":
            everything = (*state.found, *state.failed, *state.hints)
            console.result(render_github(everything, console.texts))
        case _:
            _show_text(state)


def _show_text(state: _Run) -> None:
    console = state.console
    texts = (
        render_tests_text(one, width=width_of(console.out), has_tables=state.arguments.coverage)
        for one in state.done
    )
    console.result("\n".join(texts))
    console.findings(state.found, to_result=False)
    tests = sum(len(one.results) for one in state.done)
    failed = sum(one.failed for one in state.done)
    console.message(f"{counted(tests, 'test')}, {failed} failed" if tests else "no tests")
