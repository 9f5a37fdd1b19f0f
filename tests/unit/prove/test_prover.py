"""What `prove` says of a policy, and how far it looked."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from nectarc.evaluate.policy import decide
from nectarc.ir.text import parse_expr, parse_policy_text
from nectarc.logic.questions import Prover, Unknown
from nectarc.prove.evidence import Evidence, Questions, Safety, SafetyMatch
from nectarc.prove.prover import prove
from nectarc.prove.verdicts import CheckResult, ProveReport, Verdict
from nectarc.report.prove_json import report_record
from nectarc.report.prove_text import render_report_text
from nectarc.semantics.policy_parts import Invariant
from nectarc.syntax.ast import Requirement
from nectarc.trace import ROOT_FIELD
from tests.unit.prove.made_traces import in_memory, stored

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


CORPUS = (
    stored("a1", {"http.status": 503, "service.name": "cart"}, time_s=10),
    stored("a2", {"duration_ms": 6000.0}, {"duration_ms": 10.0}, time_s=20),
    stored("a3", {"duration_ms": 1.0}, time_s=110),
)


def _check(report: ProveReport, name: str) -> CheckResult:
    return next(check for check in report.checks if check.name == name)


def test_the_seed_policy_is_proven_and_holds_on_the_corpus() -> None:
    evidence = Evidence(corpus=in_memory(*CORPUS), must_keep=in_memory(*CORPUS[:2]))
    report = prove(SEED, Questions(safety=SAFETY, budget_per_second=100), evidence)

    verdicts = {check.name: check.verdict for check in report.checks}
    assert verdicts == {
        "fallback": Verdict.PROVED,
        "errors": Verdict.PROVED,
        "rules": Verdict.PROVED,
        "must-keep": Verdict.HOLDS,
        "budget": Verdict.HOLDS,
    }
    assert report.findings == ()
    sample = _check(report, "errors").sample
    assert sample is not None
    assert (sample.traces, sample.failing) == (1, 0)


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
    assert len(span.fields.keys() - {ROOT_FIELD}) == 2  # the route, one status
    assert shown.expected == "keep-errors"
    assert policy.rules[decide(policy, shown.trace)].name == "probes"


def test_a_corpus_trace_is_named_and_cut_down() -> None:
    policy = parse_policy_text(
        'policy "p"\nrule "probes" -> drop when root string http.route:string == "/healthz"\n'
        f'rule "errors" -> keep when any(number {STATUS} >= 500.0)\nrule "rest" -> keep when true'
    )
    lost = stored(
        "b7",
        {"http.route": "/healthz", "service.name": "web", "name": "GET /healthz"},
        {"name": "SELECT"},
        {"http.status": 500, "name": "POST"},
    )

    report = prove(policy, Questions(safety=SAFETY), Evidence(corpus=in_memory(*CORPUS, lost)))

    check = _check(report, "errors")
    shown = check.counterexample
    assert shown is not None
    assert (shown.origin, shown.file, shown.spans) == ("b7", "shop.jsonl", 3)
    assert [dict(span.fields) for span in shown.trace.spans] == [
        {"http.route": "/healthz", ROOT_FIELD: True},
        {"http.status": 500, ROOT_FIELD: False},
    ]
    assert check.sample is not None
    assert (check.sample.traces, check.sample.failing) == (2, 1)
    assert [one.code for one in report.findings] == ["NEC450", "NEC457"]


def test_not_drop_is_content_with_sampled_errors_but_critical_ones_are_kept() -> None:
    policy = parse_policy_text('policy "p"\nrule "rest" -> sample(1/10) when true')
    critical = SafetyMatch(parse_expr("any(bool vip:bool == true)"), "vip")

    report = prove(policy, Questions(safety=Safety(ERRORS, critical, Requirement.NOT_DROP)))

    assert _check(report, "errors").verdict is Verdict.PROVED
    assert _check(report, "critical").verdict is Verdict.REFUTED


@pytest.mark.parametrize(
    ("requirement", "share", "action", "verdict"),
    [
        (Requirement.KEEP, None, "keep", Verdict.PROVED),
        (Requirement.KEEP, None, "sample(1/2)", Verdict.REFUTED),
        (Requirement.NOT_DROP, None, "drop", Verdict.REFUTED),
        (
            Requirement.NOT_DROP,
            None,
            "DynamicSampler(SampleRate: 9, FieldList: [a])",
            Verdict.PROVED,
        ),
        (Requirement.AT_LEAST, Fraction(1, 10), "sample(1/10)", Verdict.PROVED),
        (Requirement.AT_LEAST, Fraction(1, 10), "sample(1/11)", Verdict.REFUTED),
        (Requirement.AT_LEAST, Fraction(1, 10), DYNAMIC, Verdict.REFUTED),
        (Requirement.AT_MOST, Fraction(1, 2), "sample(1/2)", Verdict.PROVED),
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
    report = prove(SEED, evidence=Evidence(must_keep=in_memory(*CORPUS)))

    check = _check(report, "must-keep")
    assert check.verdict is Verdict.REFUTED
    assert check.sample is not None
    assert (check.sample.traces, check.sample.failing) == (3, 1)
    assert check.counterexample is not None
    assert check.counterexample.trace == CORPUS[2].trace
    assert [one.code for one in report.findings] == ["NEC451"]


def test_the_budget_is_estimated_from_the_times_of_the_corpus() -> None:
    # 100 s; kept whole: 1 event of a1, 2 of a2; of a3, which stands for 50, one in 100.
    corpus = (*CORPUS[:2], stored("a3", {"duration_ms": 1.0}, time_s=110, rate=50))

    evidence = Evidence(corpus=in_memory(*corpus))
    held = prove(SEED, Questions(budget_per_second=0.1), evidence)
    unsure = prove(SEED, Questions(budget_per_second=0.036), evidence)
    broken = prove(SEED, Questions(budget_per_second=0.034), evidence)

    assert _check(held, "budget").verdict is Verdict.HOLDS
    assert _check(unsure, "budget").verdict is Verdict.REFUTED
    assert "the estimate is within the budget, its upper bound is not" in (
        _check(unsure, "budget").reason
    )
    assert _check(broken, "budget").verdict is Verdict.REFUTED
    assert [one.code for one in broken.findings] == ["NEC453"]
    reason = _check(broken, "budget").reason
    assert reason.startswith("0.035 of 0.53 events per second, with 95 % confidence between ")
    assert "from 100 s of 3 corpus traces that stand for 52" in reason
    assert "so few traces make a rough interval" in reason


def test_the_manifest_s_rate_wins_over_the_times() -> None:
    evidence = Evidence(corpus=in_memory(*CORPUS), traces_per_second=300)

    report = prove(SEED, Questions(budget_per_second=1000), evidence)

    # A third of the traces is each kind: 100 + 200 + 1.
    assert "301 of 400 events per second" in _check(report, "budget").reason


def test_a_budget_without_a_corpus_is_not_known() -> None:
    check = _check(prove(SEED, Questions(budget_per_second=5)), "budget")

    assert (check.verdict, check.reason) == (
        Verdict.UNKNOWN,
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
    assert check.reason == "no trace gets to `narrow`: rule `wide` matches all that it matches"
    assert [one.code for one in report.findings] == ["NEC454"]


def test_a_rule_that_fires_on_one_value_only_is_not_called_dead() -> None:
    policy = parse_policy_text(
        'policy "p"\nrule "wide" -> keep when any(number a > 400.0)\n'
        'rule "edge" -> drop when any(number a >= 400.0)\nrule "rest" -> drop when true'
    )

    assert _check(prove(policy), "rules").verdict is Verdict.PROVED


def test_of_many_dead_rules_a_few_are_named() -> None:
    rules = "\n".join(f'rule "r{i}" -> drop when any(number a > {i}.0)' for i in range(10))
    policy = parse_policy_text(
        f'policy "p"\nrule "wide" -> keep when any(number a >= 0.0)\n{rules}\n'
        'rule "rest" -> drop when true'
    )

    report = prove(policy)

    assert _check(report, "rules").reason.endswith("; and so it is with 5 more")
    assert len(report.findings) == 10
    assert "every trace" in render_report_text(report, width=400).split("REFUTED  ")[1]


def test_a_rule_that_matches_nothing_has_no_shadow() -> None:
    policy = parse_policy_text(
        'policy "p"\nrule "never" -> keep when any(number a > 5.0 && number a < 4.0)\n'
        'rule "rest" -> drop when true'
    )

    report = prove(policy)

    assert _check(report, "rules").reason == "`never` matches no trace at all"
    (finding,) = report.findings
    assert (finding.code, finding.why) == ("NEC454", "its match holds of no trace")


def test_a_claim_without_an_answer_holds_on_the_corpus_with_a_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def give_up(_self: Prover, *_: object, **__: object) -> Unknown:
        return Unknown("a pattern has too many states")

    monkeypatch.setattr(Prover, "find", give_up)
    policy = parse_policy_text(
        f"""
        policy "p"
        rule "errors" -> keep when any(number {STATUS} >= 500.0)
        rule "rest" -> drop when true
        """
    )

    report = prove(policy, Questions(safety=SAFETY), Evidence(corpus=in_memory(*CORPUS)))
    alone = prove(policy, Questions(safety=SAFETY))

    check = _check(report, "errors")
    assert check.verdict is Verdict.HOLDS
    assert check.sample is not None
    assert (check.sample.traces, check.sample.failing) == (1, 0)
    assert check.sample.upper == pytest.approx(0.95)
    assert check.reason == "no proof for all traces: a pattern has too many states"
    assert "at 95 % confidence at most 95 % of such traffic fails" in (
        " ".join(render_report_text(report, width=400).split())
    )
    assert _check(alone, "errors").verdict is Verdict.UNKNOWN
    assert {one.code for one in alone.findings} == {"NEC458"}


def test_a_corpus_trace_refutes_what_has_no_other_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Prover, "find", lambda *_, **__: Unknown("gave up"))
    policy = parse_policy_text('policy "p"\nrule "rest" -> drop when true')

    report = prove(policy, Questions(safety=SAFETY), Evidence(corpus=in_memory(*CORPUS)))

    check = _check(report, "errors")
    assert check.verdict is Verdict.REFUTED
    assert check.counterexample is not None
    assert (check.counterexample.origin, check.counterexample.expected) == ("a1", "")


def test_rare_failures_warn_unless_the_project_says_what_is_critical() -> None:
    odd = stored("odd", {"service.name": "web"}, {"service.name": "mail", "error": True})
    evidence = Evidence(corpus=in_memory(*CORPUS, odd))
    critical = SafetyMatch(parse_expr("any(bool vip:bool == true)"), "vip")
    keep_vip = parse_policy_text(
        f"""
        policy "p"
        rule "vip" -> keep when any(bool vip:bool == true)
        rule "errors" -> keep when any(number {STATUS} >= 500.0)
        rule "rest" -> drop when true
        """
    )

    warned = prove(keep_vip, Questions(safety=SAFETY), evidence)
    told = prove(keep_vip, Questions(safety=Safety(ERRORS, critical)), evidence)

    assert [one.code for one in warned.findings] == ["NEC457", "NEC455"]
    assert [one.code for one in told.findings] == ["NEC455"]
    assert [one.words for one in warned.rare] == [one.words for one in told.rare]
    assert "mail fails with error in web" in render_report_text(told)


def test_the_report_says_its_scope_in_the_headline() -> None:
    evidence = Evidence(
        corpus=in_memory(*CORPUS), must_keep=in_memory(*CORPUS), presampled="sampled at 1 in 9"
    )
    report = prove(SEED, Questions(safety=SAFETY), evidence)

    text = " ".join(render_report_text(report).split())
    assert text.startswith(
        "production-sampling: 3 PROVED, 1 REFUTED. PROVED is for every trace, about the spans that"
        " Refinery has when it decides (not stress relief, late spans, eviction). The corpus: 3"
    )
    record = json.loads(json.dumps(report_record(report)))
    assert record["corpus"]["presampled"] == "sampled at 1 in 9"
    assert {check["verdict"] for check in record["checks"]} == {"PROVED", "REFUTED"}


def test_the_report_fits_eighty_columns() -> None:
    report = prove(
        SEED,
        Questions(safety=SAFETY),
        Evidence(corpus=in_memory(*CORPUS), must_keep=in_memory(*CORPUS)),
    )

    text = render_report_text(report, width=80)

    assert max(map(len, text.splitlines())) <= 80
