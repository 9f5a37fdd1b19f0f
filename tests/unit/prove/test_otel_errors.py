"""The warning about OpenTelemetry errors without a 5xx, and the line that clears it."""

from __future__ import annotations

import pytest

from nectarc.checking import check_text
from nectarc.corpus.stored_trace import CorpusTrace
from nectarc.diagnostic import Diagnostic
from nectarc.fixes import apply_fixes
from nectarc.ir.nodes import Policy
from nectarc.ir.text import parse_expr
from nectarc.prove.corpus_decisions import TracesInMemory
from nectarc.prove.evidence import Evidence, Questions, Safety, SafetyMatch, Written
from nectarc.prove.prover import prove
from nectarc.prove.verdicts import ProveReport
from nectarc.source import SourceText
from nectarc.trace import Span, Trace

POLICY = """\
rules[3]{name,match,action,priority}:
  keep-errors,http.status >= 500,keep,100
  keep-slow,duration > 5s,keep,90
  sample-rest,true,sample(0.01),0
"""
PIPED = """\
rules[2|]{name|match|action|priority}:
  keep-errors|http.status >= 500|keep|100
  sample-rest|true|sample(0.01)|0
"""
STATUS = "http.status[http.status|http.response.status_code|http.status_code]:int"
SAFETY = Safety(SafetyMatch(parse_expr(f"any(number {STATUS} >= 500.0)"), "http.status >= 500"))
FAILED_JOB = CorpusTrace(
    Trace(
        "c0ffee",
        (Span({"error": True, "status_code": 2, "name": "nightly", "service.name": "jobs"}),),
    )
)
FINE = CorpusTrace(Trace("d1", (Span({"status_code": 0, "http.status": 200}),)))
KEPT = CorpusTrace(Trace("d2", (Span({"error": True, "http.status": 500}),)))


def _recheck(text: SourceText) -> Policy | None:
    checked = check_text(text)
    return None if checked.has_errors else checked.policy


def _prove(text: str, *corpus: CorpusTrace) -> tuple[ProveReport, SourceText]:
    source = SourceText.of("policy.toon", text)
    checked = check_text(source)
    assert checked.policy is not None
    assert checked.written is not None
    written = Written(checked.written, source, _recheck)
    report = prove(
        checked.policy,
        Questions(safety=SAFETY),
        Evidence(corpus=TracesInMemory(corpus)),
        written=written,
    )
    return report, source


def _of_otel(report: ProveReport) -> list[Diagnostic]:
    return [one for one in report.findings if one.code == "NEC455"]


def test_the_warning_counts_names_one_and_shows_the_change() -> None:
    report, _ = _prove(POLICY, FINE, FAILED_JOB, KEPT)

    (finding,) = _of_otel(report)
    assert finding.code == "NEC455"
    assert finding.headline == (
        "1 trace has an OpenTelemetry error but no 5xx; rule `sample-rest` samples it at 1 %"
    )
    assert "trace c0ffee (jobs nightly, 1 span)" in finding.why
    assert finding.help == "to keep them write `match: http.status >= 500 || error`"


@pytest.mark.parametrize("text", [POLICY, PIPED], ids=["commas", "pipes"])
def test_the_change_clears_the_warning(text: str) -> None:
    report, source = _prove(text, FINE, FAILED_JOB)
    (finding,) = _of_otel(report)

    changed, _ = apply_fixes(source, [finding.fixes[0]])
    again, _ = _prove(changed, FINE, FAILED_JOB)

    assert "http.status >= 500 || error" in changed
    assert _of_otel(again) == []


def test_traces_that_are_kept_anyway_do_not_warn() -> None:
    slow = CorpusTrace(Trace("d3", (Span({"error": True, "duration_ms": 9000.0}),)))

    report, _ = _prove(POLICY, FINE, KEPT, slow)

    assert _of_otel(report) == []


def test_a_rule_above_that_decides_them_leaves_advice_only() -> None:
    text = POLICY.replace("rules[3]", "rules[4]") + "  jobs,service == 'jobs',drop,200\n"

    report, _ = _prove(text, FAILED_JOB)

    (finding,) = _of_otel(report)
    assert finding.fixes == ()
    assert finding.help == (
        "to keep them add a rule that matches `error` above the rules that decide them"
    )
    assert "rule `jobs` drops it" in finding.headline


def test_the_change_is_tried_on_the_whole_corpus() -> None:
    # Of so many, only the first are read; one later is decided by a rule above the change.
    text = POLICY.replace("rules[3]", "rules[4]") + "  jobs,service == 'odd',drop,200\n"
    many = [CorpusTrace(Trace(f"j{i}", FAILED_JOB.trace.spans)) for i in range(60)]
    odd = CorpusTrace(Trace("odd", (Span({"error": True, "service.name": "odd"}),)))

    everywhere, _ = _prove(text, *many)
    not_everywhere, _ = _prove(text, *many, odd)

    assert len(_of_otel(everywhere)[0].fixes) == 1
    assert _of_otel(not_everywhere)[0].fixes == ()
