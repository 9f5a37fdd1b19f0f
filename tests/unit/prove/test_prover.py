"""What `prove` says of a policy, and how far it looked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction

import pytest

from nectarc.corpus.stored_trace import CorpusTrace
from nectarc.evaluate.policy import decide
from nectarc.ir.text import parse_expr, parse_policy_text
from nectarc.prove.evidence import Evidence, Questions, Safety, SafetyMatch
from nectarc.prove.prover import prove
from nectarc.prove.verdicts import CheckResult, ProveReport, Verdict
from nectarc.report.prove_text import render_report_text, report_record
from nectarc.semantics.policy_parts import Invariant
from nectarc.syntax.ast import Requirement
from nectarc.trace import ROOT_FIELD, Span, Trace, Value

STATUS = "http.status[http.status|http.response.status_code|http.status_code]:int"
SEED = parse_policy_text(
    f"""
    policy "production-sampling"
    rule "keep-errors" -> keep when any(number {STATUS} >= 500.0)
    rule "keep-slow" -> keep when any(number duration[duration_ms]:duration_ms > 5000.0)
    rule "sample-rest" -> sample(1/100) when true
    """
)
ERRORS = SafetyMatch(parse_expr(f"any(number {STATUS} >= 500.0)"), "http.status >= 500")
SAFETY = Safety(ERRORS)
DYNAMIC = "DynamicSampler(SampleRate: 2, FieldList: [a])"


def _stored(
    trace_id: str, *spans: Mapping[str, Value], time_s: float = 0, rate: float = 1
) -> CorpusTrace:
    made = tuple(Span({**fields, ROOT_FIELD: i == 0}, i == 0) for i, fields in enumerate(spans))
    return CorpusTrace(Trace(trace_id, made), int(time_s * 1e9), rate, "shop.jsonl")


CORPUS = (
    _stored("a1", {"http.status": 503, "service.name": "cart"}, time_s=10),
    _stored("a2", {"duration_ms": 6000.0}, {"duration_ms": 10.0}, time_s=20),
    _stored("a3", {"duration_ms": 1.0}, time_s=110),
)


def _check(report: ProveReport, name: str) -> CheckResult:
    return next(check for check in report.checks if check.name == name)


def test_the_seed_policy_holds_over_corpus_and_built_traces() -> None:
    report = prove(SEED, Questions(safety=SAFETY), Evidence(corpus=CORPUS, must_keep=CORPUS[:2]))

    verdicts = {check.name: check.verdict for check in report.checks}
    assert verdicts == {
        "fallback": Verdict.HOLDS,
        "errors": Verdict.HOLDS,
        "must-keep": Verdict.HOLDS,
        "budget": Verdict.SKIPPED,
        "rules": Verdict.HOLDS,
    }
    assert report.findings == ()
    assert report.is_exhaustive
    assert report.skipped == ()
    assert _check(report, "errors").scope.corpus == 1
    assert _check(report, "errors").scope.bounded > 500


def test_a_lost_error_is_refuted_by_the_smallest_trace() -> None:
    policy = parse_policy_text(
        f"""
        policy "p"
        rule "probes" -> drop when root string http.route:string == "/healthz"
        rule "keep-errors" -> keep when any(number {STATUS} >= 500.0)
        rule "rest" -> sample(1/100) when true
        """
    )

    check = _check(prove(policy, Questions(safety=SAFETY)), "errors")

    assert check.verdict is Verdict.REFUTED
    shown = check.counterexample
    assert shown is not None
    assert (shown.rule, shown.origin) == ("probes", "")
    (span,) = shown.trace.spans
    assert span.is_root
    assert span.fields["http.route"] == "/healthz"
    assert len(span.fields) == 3  # the route, one status, `meta.refinery.root`
    assert policy.rules[decide(policy, shown.trace)].name == "probes"


def test_a_corpus_trace_is_named_and_cut_down() -> None:
    policy = parse_policy_text(
        'policy "p"\nrule "probes" -> drop when root string http.route:string == "/healthz"\n'
        f'rule "errors" -> keep when any(number {STATUS} >= 500.0)\nrule "rest" -> keep when true'
    )
    lost = _stored(
        "b7",
        {"http.route": "/healthz", "service.name": "web", "name": "GET /healthz"},
        {"name": "SELECT"},
        {"http.status": 500, "name": "POST"},
    )

    report = prove(policy, Questions(safety=SAFETY), Evidence(corpus=(*CORPUS, lost)))

    check = _check(report, "errors")
    shown = check.counterexample
    assert shown is not None
    assert (shown.origin, shown.file, shown.spans) == ("b7", "shop.jsonl", 3)
    assert [dict(span.fields) for span in shown.trace.spans] == [
        {"http.route": "/healthz", ROOT_FIELD: True},
        {"http.status": 500, ROOT_FIELD: False},
    ]
    assert check.failing == 1
    assert [one.code for one in report.findings] == ["NEC450"]


def test_not_drop_is_content_with_sampled_errors_but_critical_ones_are_kept() -> None:
    policy = parse_policy_text('policy "p"\nrule "rest" -> sample(1/10) when true')
    critical = SafetyMatch(parse_expr("any(bool vip:bool == true)"), "vip")

    report = prove(policy, Questions(safety=Safety(ERRORS, critical, Requirement.NOT_DROP)))

    assert _check(report, "errors").verdict is Verdict.HOLDS
    assert _check(report, "critical").verdict is Verdict.REFUTED


@pytest.mark.parametrize(
    ("requirement", "share", "action", "verdict"),
    [
        (Requirement.KEEP, None, "keep", Verdict.HOLDS),
        (Requirement.KEEP, None, "sample(1/2)", Verdict.REFUTED),
        (Requirement.NOT_DROP, None, "drop", Verdict.REFUTED),
        (
            Requirement.NOT_DROP,
            None,
            "DynamicSampler(SampleRate: 9, FieldList: [a])",
            Verdict.HOLDS,
        ),
        (Requirement.AT_LEAST, Fraction(1, 10), "sample(1/10)", Verdict.HOLDS),
        (Requirement.AT_LEAST, Fraction(1, 10), "sample(1/11)", Verdict.REFUTED),
        (Requirement.AT_LEAST, Fraction(1, 10), DYNAMIC, Verdict.REFUTED),
        (Requirement.AT_MOST, Fraction(1, 2), "sample(1/2)", Verdict.HOLDS),
        (Requirement.AT_MOST, Fraction(1, 2), "keep", Verdict.REFUTED),
    ],
)
def test_invariants_bound_the_share(
    requirement: Requirement, share: Fraction | None, action: str, verdict: Verdict
) -> None:
    policy = parse_policy_text(f'policy "p"\nrule "all" -> {action} when true')
    invariant = Invariant(
        name="i", when=parse_expr("any(exists a)"), requirement=requirement, share=share
    )

    report = prove(policy, Questions(invariants=(invariant,)))

    assert _check(report, "invariant i").verdict is verdict
    assert [one.code for one in report.findings] == (
        ["NEC452"] if verdict is Verdict.REFUTED else []
    )


def test_a_must_keep_trace_that_is_sampled_is_refuted_whole() -> None:
    report = prove(SEED, evidence=Evidence(must_keep=CORPUS))

    check = _check(report, "must-keep")
    assert (check.verdict, check.failing) == (Verdict.REFUTED, 1)
    assert check.counterexample is not None
    assert check.counterexample.trace == CORPUS[2].trace
    assert [one.code for one in report.findings] == ["NEC451"]


def test_the_budget_is_estimated_from_the_times_of_the_corpus() -> None:
    # 100 s; kept whole: 1 event of a1, 2 of a2; of a3, which stands for 50, one in 100.
    corpus = (*CORPUS[:2], _stored("a3", {"duration_ms": 1.0}, time_s=110, rate=50))

    held = prove(SEED, Questions(budget_per_second=0.036), Evidence(corpus=corpus))
    broken = prove(SEED, Questions(budget_per_second=0.034), Evidence(corpus=corpus))

    assert _check(held, "budget").verdict is Verdict.HOLDS
    assert _check(broken, "budget").verdict is Verdict.REFUTED
    assert [one.code for one in broken.findings] == ["NEC453"]
    assert "0.035 of 0.53 events per second: 100 s of 3 corpus traces that stand for 52" in (
        _check(broken, "budget").reason
    )


def test_the_manifest_s_rate_wins_over_the_times() -> None:
    evidence = Evidence(corpus=CORPUS, traces_per_second=300)

    report = prove(SEED, Questions(budget_per_second=1000), evidence)

    # A third of the traces is each kind: 100 + 200 + 1.
    assert "about 301 of 400 events per second" in _check(report, "budget").reason


def test_a_budget_without_a_corpus_is_skipped() -> None:
    check = _check(prove(SEED, Questions(budget_per_second=5)), "budget")

    assert (check.verdict, check.reason) == (
        Verdict.SKIPPED,
        "there is no corpus to estimate the traffic from",
    )


def test_a_rule_behind_a_wider_one_is_refuted() -> None:
    policy = parse_policy_text(
        'policy "p"\nrule "wide" -> keep when any(number a >= 400.0)\n'
        'rule "narrow" -> drop when any(number a >= 500.0)\nrule "rest" -> drop when true'
    )

    report = prove(policy)

    check = _check(report, "rules")
    assert check.verdict is Verdict.REFUTED
    assert "`narrow`" in check.reason
    assert [one.code for one in report.findings] == ["NEC454"]


def test_a_rule_that_fires_on_one_value_only_is_not_called_dead() -> None:
    policy = parse_policy_text(
        'policy "p"\nrule "wide" -> keep when any(number a > 400.0)\n'
        'rule "edge" -> drop when any(number a >= 400.0)\nrule "rest" -> drop when true'
    )

    assert _check(prove(policy), "rules").verdict is Verdict.HOLDS


def test_no_report_claims_a_proof() -> None:
    report = prove(SEED, Questions(safety=SAFETY), Evidence(corpus=CORPUS, must_keep=CORPUS))

    text = render_report_text(report) + json.dumps(report_record(report))
    assert "PROVED" not in text.upper().replace("NOT PROVED", "")
    assert "3 corpus traces and 2,000 traces built" in text.replace("\n", " ")


def test_the_report_fits_eighty_columns() -> None:
    report = prove(SEED, Questions(safety=SAFETY), Evidence(corpus=CORPUS, must_keep=CORPUS))

    text = render_report_text(report, width=80)

    assert max(map(len, text.splitlines())) <= 80
