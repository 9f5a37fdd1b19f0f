"""The rules beside the policy: same decisions, and traffic that is as they assume."""

from __future__ import annotations

from typing import Final

import pytest

from nectarc.corpus.stored_trace import CorpusTrace
from nectarc.diagnostic import InternalError
from nectarc.ir.nodes import Policy
from nectarc.ir.text import parse_policy_text
from nectarc.lowering.lower import lower
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
    return Evidence(corpus=[CorpusTrace(Trace(f"t{i}", (span,))) for i, span in enumerate(spans)])


def _report(policy: Policy, evidence: Evidence) -> ProveReport:
    return prove(policy, Questions(lowered=_lowered(policy)), evidence)


def _check(report: ProveReport, name: str) -> CheckResult:
    return next(check for check in report.checks if check.name == name)


def test_rules_that_decide_alike_hold_on_corpus_and_built_traces() -> None:
    report = _report(PLAIN, _corpus("web", None))

    rules, assumed = _check(report, "refinery-rules"), _check(report, "assumptions")
    assert (rules.verdict, rules.scope.corpus) == (Verdict.HOLDS, 2)
    assert rules.scope.bounded == report.bounded_traces
    assert (assumed.verdict, assumed.scope.is_structural) == (Verdict.HOLDS, True)


def test_a_corpus_that_meets_the_assumptions_holds() -> None:
    assumed = _check(_report(ASSUMING, _corpus("web", "db")), "assumptions")

    assert assumed.verdict is Verdict.HOLDS
    assert assumed.scope.corpus == 2


@pytest.mark.parametrize("strange", [None, 5], ids=["null", "a number"])
def test_a_corpus_that_breaks_an_assumption_is_refuted_by_a_trace(strange: Value) -> None:
    report = _report(ASSUMING, _corpus("web", strange))

    assumed = _check(report, "assumptions")
    assert (assumed.verdict, assumed.failing) == (Verdict.REFUTED, 1)
    assert assumed.counterexample is not None
    assert assumed.counterexample.origin == "t1"
    assert [one.code for one in report.findings if one.code == "NEC456"] == ["NEC456"]
    # What the rules do with it is not compared.
    assert _check(report, "refinery-rules").scope.corpus == 1


def test_without_a_corpus_the_assumptions_are_not_looked_at() -> None:
    assert _check(_report(ASSUMING, Evidence()), "assumptions").verdict is Verdict.SKIPPED


def test_rules_that_decide_otherwise_are_a_defect() -> None:
    lowered = _lowered(PLAIN)
    swapped = replace(lowered, origins=(Origin("rest"), Origin("bad")))

    with pytest.raises(InternalError, match="the rules decide `bad` and the policy `rest`"):
        prove(PLAIN, Questions(lowered=swapped), _corpus("web"))
