"""Counterexamples as files, and the rows that make them tests."""

from __future__ import annotations

import json

from nectarc.corpus.stored_trace import read_stored
from nectarc.ir.nodes import Drop
from nectarc.prove.verdicts import CheckResult, Counterexample, ProveReport, Verdict
from nectarc.report.prove_files import counterexample_files, rows_of_tests
from nectarc.trace import Span, Trace


def _report(*checks: CheckResult) -> ProveReport:
    return ProveReport(policy="My Shop", checks=checks, findings=())


def _refuted(name: str, trace: Trace, expected: str) -> CheckResult:
    shown = Counterexample(trace=trace, spans=1, rule="r", action=Drop(), expected=expected)
    return CheckResult(name=name, claim="", verdict=Verdict.REFUTED, counterexample=shown)


def test_each_refuted_check_with_a_trace_is_a_file_and_a_row() -> None:
    trace = Trace("t", (Span({"http.status": 500}, is_root=True),))
    proven = CheckResult(name="rules", claim="", verdict=Verdict.PROVED)
    numbers = CheckResult(name="budget", claim="", verdict=Verdict.REFUTED)
    report = _report(proven, numbers, _refuted("invariant a, b", trace, "keep: all"))

    (saved,) = counterexample_files(report)

    assert saved.name == "my-shop-invariant-a-b.json"
    assert read_stored(json.loads(saved.text)).trace == trace
    assert rows_of_tests([saved], "../found") == (
        'tests[1]{name,expect,file}:\n  "invariant a, b","keep: all",'
        "../found/my-shop-invariant-a-b.json\n"
    )


def test_no_row_without_a_rule_that_ought_to_decide() -> None:
    saved = counterexample_files(_report(_refuted("assumptions", Trace("t", (Span({}),)), "")))

    assert len(saved) == 1
    assert rows_of_tests(saved, "") == ""


def test_spans_without_parents_come_back_as_such() -> None:
    spans = (Span({"a": 1}, is_root=True), Span({"b": 2}), Span({"c": 3}, is_root=True))

    (saved,) = counterexample_files(_report(_refuted("errors", Trace("t", spans), "r")))
    trace = read_stored(json.loads(saved.text)).trace

    assert [span.is_root for span in trace.spans] == [True, False, True]
