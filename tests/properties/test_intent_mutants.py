"""A policy that does something else than its intent breaks a property that the intent implies.

Properties are derived by other code than policies; here policies are spoilt, and whatever the
prover can tell from the right one must be refuted.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from hypothesis import event, given, settings
from hypothesis import strategies as st

from nectarc.checking import check_text
from nectarc.intent.drafts import Draft, draft_of
from nectarc.intent.judging import Setting, judge
from nectarc.intent.policy_text import body_text
from nectarc.intent.properties import properties_of
from nectarc.intent.records import (
    AdaptRate,
    Clause,
    DropAll,
    Intent,
    KeepAll,
    KeepOneIn,
    LimitRate,
    Wanted,
)
from nectarc.intent.vocabulary import SafetyWords
from nectarc.ir.nodes import Policy
from nectarc.logic.decision_list import list_of_policy
from nectarc.logic.questions import Difference, Prover, alike_by_effect, differ
from nectarc.records import replace
from nectarc.source import SourceText

# Nothing is asked but what the intent implies.
_SETTING: Final = Setting(safety=SafetyWords(error="false", errors="keep", is_given=True))
_MATCHES: Final = (
    "http.status >= 500 || error == true",
    "duration > 5s",
    "any(service == 'checkout' && duration >= 250ms)",
    "http.route == '/healthz'",
    "root.http.route == '/cart' && duration > 1s",
    "service in ['cart', 'api']",
    "root.plan != 'free'",
    "span_count > 100",
    "name contains 'retry' || name starts_with 'batch'",
)
_WANTED: Final[tuple[Wanted, ...]] = (
    KeepAll(),
    DropAll(),
    KeepOneIn(10, "10%"),
    KeepOneIn(3),
    LimitRate(50.5, ("http.route",)),
    AdaptRate(20, ("service.name",)),
)
_OTHER_ACTIONS: Final = (
    "keep",
    "drop",
    "sample(1/11)",
    "sample(1/4)",
    "sample(1/2)",
    "ema_throughput(goal_throughput_per_sec: 500, fields: [http.route])",
    "ema_dynamic(goal_sample_rate: 10, fields: [service.name])",
)
_CHANGES: Final = (
    ("500", "501"), ("500", "400"), ("5s", "6s"), ("5s", "5000ms"), (">=", ">"), ("> ", ">= "),
    ("checkout", "check"), (" && ", " || "), (" || ", " && "), ("any(", "none("), ("root.", ""),
    ("!=", "=="), ("/healthz", "/health"), ("'cart', ", ""), ("100", "99"), ("'free'", "'paid'"),
    ("contains", "ends_with"), (" || error == true", ""), (" && duration >= 250ms", ""),
    ("'checkout' && duration", "'checkout') && any(duration"),
)  # fmt: skip


@st.composite
def _intents(draw: st.DrawFn) -> Intent:
    matches = draw(st.permutations(_MATCHES))[: draw(st.integers(1, 4))]
    clauses = [
        Clause(wanted=draw(st.sampled_from(_WANTED)), what=what, name=f"clause-{number}")
        for number, what in enumerate(matches)
    ]
    rest = draw(st.sampled_from(_WANTED))
    return Intent(text="", clauses=(*clauses, Clause(wanted=rest, what="true", name="rest")))


def _mutants(draft: Draft) -> Iterator[Draft]:
    rules = draft.rules
    for index, rule in enumerate(rules):
        rest = (*rules[:index], *rules[index + 1 :])
        if rule.match != "true":
            yield replace(draft, rules=rest)
        if index + 2 < len(rules):
            swapped = (*rules[:index], rules[index + 1], rule, *rules[index + 2 :])
            yield replace(draft, rules=swapped)
        changed = [replace(rule, action=action) for action in _OTHER_ACTIONS]
        changed += [
            replace(rule, match=rule.match.replace(old, new, 1))
            for old, new in _CHANGES
            if old in rule.match
        ]
        for one in changed:
            yield replace(draft, rules=(*rules[:index], one, *rules[index + 1 :]))


def _policy_of(draft: Draft) -> Policy | None:
    checked = check_text(SourceText.of("p.toon", body_text(draft)))
    return None if checked.has_errors else checked.policy


def _is_other(right: Policy, other: Policy) -> bool:
    lists = list_of_policy(right), list_of_policy(other)
    found = differ(Prover(lists), 0, 1, alike_by_effect(*lists))
    return isinstance(found, Difference)


@given(_intents())
@settings(max_examples=20, deadline=None)
def test_the_policy_of_an_intent_has_its_properties(intent: Intent) -> None:
    judged = judge(draft_of(intent, "p"), properties_of(intent), _SETTING)

    dead = [one for one in judged.failures if "never decide" in one.claim]
    assert [one for one in judged.failures if one not in dead] == []


@given(_intents(), st.data())
@settings(max_examples=60, deadline=None)
def test_a_policy_that_decides_otherwise_is_refuted(intent: Intent, data: st.DataObject) -> None:
    draft = draft_of(intent, "p")
    spoilt = data.draw(st.sampled_from(list(_mutants(draft))))
    right, other = _policy_of(draft), _policy_of(spoilt)
    assert right is not None
    if other is None:
        event("is no policy")
        return

    judged = judge(spoilt, properties_of(intent), _SETTING)

    if not _is_other(right, other):
        event("decides the same")
        return
    event("decides otherwise")
    refuted = [one for one in judged.failures if "never decide" not in one.claim]
    assert refuted, f"{spoilt} is taken for {draft}"
    assert any(one.counterexample is not None for one in refuted)
