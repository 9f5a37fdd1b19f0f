"""What a judgement says: what is proven, what is not, and by which trace."""

from __future__ import annotations

from typing import Final

from nectarc.evaluate.policy import decide
from nectarc.intent.drafts import Draft, DraftRule, draft_of
from nectarc.intent.judging import Judged, Setting, judge
from nectarc.intent.properties import properties_of
from nectarc.intent.records import (
    AdaptRate,
    Clause,
    DropAll,
    Intent,
    KeepAll,
    KeepOneIn,
    LimitRate,
    Promise,
)
from nectarc.prove.verdicts import Verdict
from nectarc.records import replace

ERRORS: Final = Clause(wanted=KeepAll(), what="http.status >= 500", name="keep-errors")
PROBES: Final = Clause(wanted=DropAll(), what="http.route == '/healthz'", name="drop-probes")
LIMITED: Final = Clause(
    wanted=LimitRate(50.5, ("http.route",)), what="service == 'api'", name="limit-api"
)
REST: Final = Clause(wanted=KeepOneIn(100, "1%"), what="true", name="rest")


def _intent(*clauses: Clause) -> Intent:
    return Intent(text="", clauses=clauses)


def _judged(intent: Intent, draft: Draft | None = None) -> Judged:
    return judge(draft or draft_of(intent, "p"), properties_of(intent), Setting())


def test_the_policy_of_an_intent_is_proven() -> None:
    judged = _judged(_intent(ERRORS, PROBES, LIMITED, REST))

    assert judged.failures == ()
    assert judged.is_proven
    assert judged.report is not None
    assert {one.verdict for one in judged.report.checks} == {Verdict.PROVED}


def test_rules_in_another_order_lose_an_error_and_the_trace_shows_it() -> None:
    intent = _intent(ERRORS, PROBES, REST)
    draft = draft_of(intent, "p")
    first, second, rest = draft.rules

    judged = _judged(intent, replace(draft, rules=(second, first, rest)))

    assert not judged.is_proven
    failure = judged.failures[0]
    assert failure.rule == "drop-probes"
    assert failure.counterexample is not None
    assert judged.checked.policy is not None
    assert decide(judged.checked.policy, failure.counterexample) == 0
    assert failure.passing is not None
    assert decide(judged.checked.policy, failure.passing) == 1
    changed = [
        name
        for name, value in failure.counterexample.spans[0].fields.items()
        if failure.passing.spans[0].fields.get(name) != value
    ]
    assert changed == ["http.route"]


def test_keeping_all_is_no_limit() -> None:
    intent = _intent(ERRORS, LIMITED, REST)
    draft = draft_of(intent, "p")
    kept = replace(draft.rules[1], action="keep")

    judged = _judged(intent, replace(draft, rules=(draft.rules[0], kept, draft.rules[2])))

    (failure,) = judged.failures
    assert failure.rule == "limit-api"
    assert "EMAThroughputSampler with the goal 50" in failure.claim
    assert failure.counterexample is not None


def test_another_goal_is_another_sampler() -> None:
    clause = Clause(wanted=AdaptRate(20, ("service.name",)), what="duration > 1s", name="adapt")
    intent = _intent(ERRORS, clause, REST)
    draft = draft_of(intent, "p")
    other = replace(draft.rules[1], action=draft.rules[1].action.replace("20", "21"))

    judged = _judged(intent, replace(draft, rules=(draft.rules[0], other, draft.rules[2])))

    assert [one.rule for one in judged.failures] == ["adapt"]


def test_a_rule_that_no_trace_gets_to_is_named() -> None:
    slow = Clause(wanted=KeepAll(), what="http.status >= 503", name="keep-503")

    judged = _judged(_intent(ERRORS, slow, REST))

    (failure,) = judged.failures
    assert failure.rule == "keep-503"
    assert "never decide" in failure.claim


def test_errors_that_the_project_keeps_are_asked_for_without_a_word_of_them() -> None:
    judged = _judged(_intent(REST))

    assert [one.rule for one in judged.failures] == ["rest"]
    assert "`http.status >= 500` is kept" in judged.failures[0].claim


def test_what_cannot_be_read_is_a_failure_with_what_to_write() -> None:
    rules = (
        DraftRule(name="odd", description="", match="http.status >=", action="keep"),
        DraftRule(name="rest", description="", match="true", action="keep"),
    )

    judged = judge(Draft(name="p", rules=rules), (), Setting())

    assert judged.report is None
    assert not judged.is_proven
    assert judged.failures[0].counterexample is None


def test_a_promise_of_the_file_is_asked_once() -> None:
    promise = Promise(name="never", when="http.status >= 500", require="keep")
    intent = replace(_intent(ERRORS, REST), promises=(promise,))

    judged = _judged(intent)

    assert judged.is_proven
    assert judged.report is not None
    names = [one.name for one in judged.report.checks]
    assert names.count("invariant never") == 1
    assert "invariants[1]{name,when,require}:\n  never,http.status >= 500,keep" in judged.text


def test_what_refinery_cannot_say_is_named_with_its_rule_and_proven_all_the_same() -> None:
    rules = (
        DraftRule(
            name="both",
            description="",
            match="any(service == 'a' && error == true) && any(service == 'b' && error == true)",
            action="drop",
        ),
        DraftRule(name="rest", description="", match="true", action="keep"),
    )

    judged = judge(Draft(name="p", rules=rules), (), Setting())

    refused, lost = judged.failures
    assert refused.rule == "both"
    assert refused.counterexample is None
    assert lost.counterexample is not None
    assert judged.report is not None
