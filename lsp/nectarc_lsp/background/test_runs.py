"""A policy's own tests, run as `nectarc test` runs them.

Owns: one outcome a test. Must not know: the protocol.
Truth: docs/language.md, section 2 (row `tests`); nectarc/testing/running.py.
"""

from __future__ import annotations

import os
import time
from typing import Final

from nectarc.checking import check_text
from nectarc.diagnostic import Diagnostic
from nectarc.ir.nodes import Policy
from nectarc.pipeline import lower_policy, options_of
from nectarc.records import part, record, replace
from nectarc.refinery.lowered import Lowered
from nectarc.report.cases_text import PolicyTests, failure_findings
from nectarc.source import SourceSpan, SourceText
from nectarc.syntax import ast
from nectarc.testing.cases import cases_of
from nectarc.testing.coverage import coverage_of
from nectarc.testing.running import CaseResult, run_cases
from nectarc.trace import Trace
from nectarc_lsp.background.jobs import Subject

RUN_TESTS: Final = "run_tests"
PASSED: Final = "passed"
FAILED: Final = "failed"
ERRORED: Final = "errored"


@record(kw_only=True)
class TestOutcome:
    """What became of one test.

    rule: that decided its trace, of several the first that it should not have; "" without one.
    """

    __test__ = False  # no test of pytest

    name: str
    outcome: str
    source: SourceSpan
    message: str = ""
    rule: str = ""
    milliseconds: float = 0.0


@record(frozen=False)
class _Files:
    """Reads the traces of `file` cells. found: what was wrong with them."""

    folder: str
    found: list[Diagnostic] = part(default_factory=list)

    def read(self, file: str) -> tuple[Trace, ...]:
        """Read a file beside the policy."""
        from nectarc.corpus.store import read_traces  # noqa: PLC0415 - brings Arrow

        corpus = read_traces([os.path.join(self.folder, file)])
        self.found += corpus.diagnostics()
        return tuple(stored.trace for stored in corpus.traces)


def run_tests(subject: Subject, names: object) -> tuple[TestOutcome, ...]:
    """Run the tests called `names` (a tuple), or all of them (None), in order of writing.

    In a policy with errors each test is one that could not be run.
    """
    text = SourceText.of(subject.path, subject.text)
    checked = check_text(text)
    written = checked.written
    if written is None:
        return ()
    wanted = names if isinstance(names, tuple) else None
    tests = [one for one in written.tests if wanted is None or one.name.text in wanted]
    if not tests:
        return ()
    policy = checked.policy
    if policy is None or checked.has_errors:
        return tuple(_errored(one, "the policy has errors") for one in tests)
    lowering = lower_policy(policy, options_of(subject.project))
    lowered = lowering.lowered if lowering.is_exact else None
    return tuple(_run(one, written, policy, lowered, subject) for one in tests)


def _run(
    test: ast.PolicyTest,
    written: ast.Policy,
    policy: Policy,
    lowered: Lowered | None,
    subject: Subject,
) -> TestOutcome:
    files = _Files(os.path.dirname(subject.path))
    start = time.perf_counter()
    (result,) = run_cases(policy, cases_of(replace(written, tests=(test,)), files.read), lowered)
    spent = (time.perf_counter() - start) * 1000
    if not result.results:
        why = files.found[0].headline if files.found else "there is no trace in it"
        return replace(_errored(test, why), milliseconds=spent)
    decided = (result.failed or result.results)[0].decided
    return TestOutcome(
        name=test.name.text,
        outcome=PASSED if result.is_pass else FAILED,
        source=test.name.source,
        message="" if result.is_pass else _why(policy, result),
        rule=policy.rules[decided].name,
        milliseconds=spent,
    )


def _why(policy: Policy, result: CaseResult) -> str:
    nothing = coverage_of(policy, ())
    tests = PolicyTests(file="", policy=policy, results=(result,), by_tests=nothing)
    (found,) = failure_findings(tests)
    return "\n".join(words for words in (found.headline, found.why) if words)


def _errored(test: ast.PolicyTest, why: str) -> TestOutcome:
    return TestOutcome(name=test.name.text, outcome=ERRORED, source=test.name.source, message=why)
