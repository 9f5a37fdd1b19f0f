"""The rules beside the policy: same decisions, and traffic that is as they assume."""

from __future__ import annotations

from typing import Final

import pytest

from nectarc.corpus.stored_trace import CorpusTrace
from nectarc.diagnostic import InternalError
from nectarc.ir.nodes import Policy
from nectarc.ir.text import parse_policy_text
from nectarc.logic.equivalence import NotProven
from nectarc.lowering.lower import lower
from nectarc.prove import rules_alike
from nectarc.prove.corpus_decisions import TracesInMemory
from nectarc.prove.evidence import Evidence, Questions
from nectarc.prove.prover import prove
from nectarc.prove.verdicts import CheckResult, ProveReport, Verdict
from nectarc.records import replace
from nectarc.refinery.lowered import AssumptionKind, Lowered, Origin
from nectarc.trace import ROOT_FIELD, Span, Trace, Value

ASSUMING: Final = parse_policy_text(
    """
    policy "p"
    rule "both" -> keep
      when any(string service[service.name]:string != "web") && any(bool error:bool == true)
    rule "rest" -> drop when true
    """
)
PLAIN: Final = parse_policy_text(
    """
    policy "p"
    rule "bad" -> keep when any(bool error:bool == true)
    rule "rest" -> drop when true
    """
)


def _lowered(policy: Policy) -> Lowered:
    found = lower(policy, frozenset(AssumptionKind))
    assert isinstance(found, Lowered)
    return found


def _corpus(*services: Value) -> Evidence:
    spans = [Span({"service.name": one, ROOT_FIELD: False}) for one in services]
    traces = (CorpusTrace(Trace(f"t{i}", (span,))) for i, span in enumerate(spans))
    return Evidence(corpus=TracesInMemory(tuple(traces)))


def _report(policy: Policy, evidence: Evidence) -> ProveReport:
    return prove(policy, Questions(lowered=_lowered(policy)), evidence)


def _check(report: ProveReport, name: str) -> CheckResult:
    return next(check for check in report.checks if check.name == name)


def test_the_rules_are_proven_to_decide_alike() -> None:
    report = _report(PLAIN, _corpus("web", None))

    rules, assumed = _check(report, "refinery-rules"), _check(report, "assumptions")
    assert (rules.verdict, rules.is_about_rules) == (Verdict.PROVED, True)
    assert assumed.verdict is Verdict.PROVED
    assert report.assumptions == ()


def test_a_corpus_that_meets_the_assumptions_holds_with_a_bound() -> None:
    report = _report(ASSUMING, _corpus("web", "db"))

    assumed = _check(report, "assumptions")
    assert assumed.verdict is Verdict.HOLDS
    assert assumed.sample is not None
    assert assumed.sample.traces == 2
    assert assumed.sample.upper == pytest.approx(0.776, abs=1e-3)
    assert report.assumptions == ("`service.name` is never null", "`service.name` is string")


@pytest.mark.parametrize("strange", [None, 5], ids=["null", "a number"])
def test_a_corpus_that_breaks_an_assumption_is_refuted_by_a_trace(strange: Value) -> None:
    report = _report(ASSUMING, _corpus("web", strange))

    assumed = _check(report, "assumptions")
    assert assumed.verdict is Verdict.REFUTED
    assert assumed.sample is not None
    assert (assumed.sample.failing, assumed.sample.upper) == (1, None)
    assert assumed.counterexample is not None
    assert assumed.counterexample.origin == "t1"
    assert [one.code for one in report.findings if one.code == "NEC456"] == ["NEC456"]
    assert _check(report, "refinery-rules").verdict is Verdict.PROVED


def test_a_marked_trace_that_breaks_an_assumption_is_found_too() -> None:
    evidence = Evidence(must_keep=_corpus(None).corpus)

    assumed = _check(_report(ASSUMING, evidence), "assumptions")

    assert assumed.verdict is Verdict.REFUTED


def test_without_a_corpus_the_assumptions_are_not_known() -> None:
    assert _check(_report(ASSUMING, Evidence()), "assumptions").verdict is Verdict.UNKNOWN


def test_rules_that_decide_otherwise_are_a_defect() -> None:
    lowered = _lowered(PLAIN)
    swapped = replace(lowered, origins=(Origin("rest"), Origin("bad")))

    with pytest.raises(InternalError, match="the rules of policy `p` decide"):
        prove(PLAIN, Questions(lowered=swapped), _corpus("web"))


def test_where_no_proof_was_found_the_corpus_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    given_up = NotProven("a pattern has too many states")
    monkeypatch.setattr(rules_alike, "prove_alike", lambda _policy, _lowered: given_up)

    report = _report(PLAIN, _corpus("web", None))
    nothing = _report(PLAIN, Evidence())

    rules = _check(report, "refinery-rules")
    assert rules.verdict is Verdict.HOLDS
    assert rules.sample is not None
    assert rules.sample.traces == 2
    assert rules.reason == "no proof for all traces: a pattern has too many states"
    assert [one.code for one in report.findings] == ["NEC458"]
    assert _check(nothing, "refinery-rules").verdict is Verdict.UNKNOWN
    assert [one.code for one in nothing.findings] == ["NEC458"]


def test_a_corpus_that_the_rules_decide_otherwise_is_a_defect(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rules_alike, "prove_alike", lambda _policy, _lowered: NotProven("gave up"))
    swapped = replace(_lowered(PLAIN), origins=(Origin("rest"), Origin("bad")))

    with pytest.raises(InternalError, match="decide trace t0 of the corpus otherwise"):
        prove(PLAIN, Questions(lowered=swapped), _corpus("web"))
