"""The 49 policies of the vectors: those marked `lowers` compile and decide as recorded."""

from __future__ import annotations

from typing import Any

import pytest

from nectarc.corpus.typed_trace import decode_trace
from nectarc.evaluate.refinery_rules import Outcome, decide
from nectarc.ir.nodes import Policy
from nectarc.lowering.crosscheck import cross_check
from nectarc.lowering.lower import Unsayable, lower
from nectarc.lowering.refuse import refusals
from nectarc.refinery.lowered import AssumptionKind, Lowered
from nectarc.refinery.rules import RulesConfig
from nectarc.semantics.check import check
from tests.policy_trees import policy_tree
from tests.shared_data import SHARED, read_vectors, requires_shared

ALL = frozenset(AssumptionKind)
NONE: frozenset[AssumptionKind] = frozenset()


def _records(file: str, *, lowers: bool | None = None) -> list[Any]:
    if not (SHARED / "vectors" / file).is_file():
        return []
    return [
        pytest.param(record, id=record["name"])
        for record in read_vectors(file)
        if lowers is None or record["lowers"] is lowers
    ]


def _policy(record: dict[str, Any]) -> Policy:
    policy, _ = check(policy_tree(record["policy"], record["name"]))
    assert policy is not None
    return policy


def _decided(lowered: Lowered, record: dict[str, Any]) -> list[str | None]:
    names: list[str | None] = []
    for trace in record["traces"]:
        outcome = decide(lowered.sampler, decode_trace(trace))
        assert isinstance(outcome, Outcome)
        names.append(None if outcome.rule is None else lowered.origins[outcome.rule].rule)
    return names


@requires_shared
@pytest.mark.parametrize("record", _records("policies.jsonl", lowers=True))
def test_a_policy_that_lowers_needs_no_more_than_the_lowering_made_by_hand(
    record: dict[str, Any],
) -> None:
    policy = _policy(record)

    lowered = lower(policy, ALL)

    assert isinstance(lowered, Lowered)
    assert isinstance(lowered.sampler, RulesConfig)
    assert _decided(lowered, record) == record["decides"]
    assert len(lowered.sampler.rules) <= record["rules_at_most"]
    assumed = [[one.kind, one.field] for one in lowered.assumptions]
    assert all(one in record["assumes"] for one in assumed)
    assert cross_check(policy, lowered, traces=600).traces == 600


@requires_shared
@pytest.mark.parametrize("record", _records("policies_hostile.jsonl"))
def test_without_assumptions_the_rules_decide_hostile_spans_as_recorded(
    record: dict[str, Any],
) -> None:
    policy = _policy(record)

    lowered = lower(policy, NONE)

    assert isinstance(lowered, Lowered)
    assert lowered.assumptions == ()
    assert _decided(lowered, record) == record["decides"]
    assert cross_check(policy, lowered, traces=600).traces == 600


# What `why` of each record names as the obstacle, in the words of the refusal.
REASONS = {
    "cart-timeout-and-payment-retry": "two same-span conjunctions in one rule",
    "slow-database-behind-web": "a same-span conjunction beside another span's test",
    "health-unless-payment-failed": "must come first and decide what the rules below would",
    "either-of-two-incidents": "must come first and decide what the rules below would",
    "canary-worse-than-baseline": "must come first and decide what the rules below would",
    "two-services-down": "two same-span conjunctions in one rule",
    "cart-then-failed-pay": "two same-span conjunctions in one rule",
    "inner-error-touching-billing": "a same-span conjunction beside another span's test",
    "deadlock-and-rollback": "a same-span conjunction beside another span's test",
}
# One variant that the record itself names as near.
NEAREST = {
    "cart-timeout-and-payment-retry": (
        "root.service == 'cart' && root.duration > 1s && any(service == 'payments' && error)"
    ),
    "slow-database-behind-web": "any(service == 'db') && any(duration > 1s)",
    "health-unless-payment-failed": "put rule `slow` before `health`",
    "either-of-two-incidents": "put rule `reported` before `unaffected`",
    "canary-worse-than-baseline": "in rule `slow` ask the root: `root.duration > 3s`",
    "two-services-down": (
        "any(service == 'store-a') && any(error) && any(service == 'store-b') && any(error)"
    ),
    "cart-then-failed-pay": "root.http.route == '/cart' && root.http.status == 200",
    "inner-error-touching-billing": "any(!is_root && error && service == 'billing')",
    "deadlock-and-rollback": "root.app.job == 'ledger' && root.app.outcome == 'rollback'",
}


@requires_shared
@pytest.mark.parametrize("record", _records("policies.jsonl", lowers=False))
def test_a_policy_that_cannot_be_said_is_refused_with_reason_and_variants(
    record: dict[str, Any],
) -> None:
    policy = _policy(record)

    found = lower(policy, ALL)

    assert isinstance(found, Unsayable)
    diagnostics = refusals(policy, found, ALL)
    assert [one.code for one in diagnostics] == ["NEC300"]
    assert REASONS[record["name"]] in f"{diagnostics[0].label} {diagnostics[0].why}"
    titles = [fix.title for fix in diagnostics[0].fixes]
    assert any(NEAREST[record["name"]] in title for title in titles), titles
    assert all(", decides " in title for title in titles)
