"""`--approximate keep-more`: what the policy keeps is kept; what is said is warned of."""

from __future__ import annotations

from typing import Final

from nectarc.evaluate.boundaries import boundary_traces
from nectarc.evaluate.policy import decide
from nectarc.evaluate.refinery_rules import Outcome, compile_target
from nectarc.ir.nodes import Policy
from nectarc.pipeline import CompileOptions, lower_policy
from nectarc.refinery.lowered import AssumptionKind
from nectarc.semantics.check import check
from tests.policy_trees import policy_tree

KEEP_MORE: Final = CompileOptions(assume=frozenset(AssumptionKind), keep_more=True)
JOINT: Final = "any(service == 'db' && duration > 1s) && any(service == 'web')"


def _policy(match: str, action: str, rest: str) -> Policy:
    rows = [
        {"name": "some", "match": match, "action": action, "priority": 2},
        {"name": "rest", "match": "true", "action": rest, "priority": 1},
    ]
    policy, _ = check(policy_tree({"rules": rows}))
    assert policy is not None
    return policy


def test_a_keep_rule_is_weakened_until_it_can_be_said() -> None:
    policy = _policy(JOINT, "keep", "sample(1/100)")

    lowering = lower_policy(policy, KEEP_MORE)
    lowered, diagnostics = lowering.lowered, lowering.diagnostics

    assert lowered is not None
    assert [one.code for one in diagnostics] == ["NEC305"]
    decide_rules = compile_target(lowered.sampler)
    more = 0
    for trace in boundary_traces(policy, lowered.sampler, limit=800):
        outcome = decide_rules(trace)
        assert isinstance(outcome, Outcome)
        wanted = policy.rules[decide(policy, trace)].name
        if wanted == "some":
            assert outcome.keep is None or outcome.keep
            assert outcome.rate == 1
        more += wanted == "rest" and outcome.rate == 1
    assert more > 0


def test_a_drop_rule_that_cannot_be_said_is_left_out() -> None:
    policy = _policy(JOINT, "drop", "sample(1/100)")

    lowering = lower_policy(policy, KEEP_MORE)
    lowered, diagnostics = lowering.lowered, lowering.diagnostics

    assert lowered is not None
    assert [origin.rule for origin in lowered.origins] == ["rest"]
    assert [one.code for one in diagnostics] == ["NEC305"]


def test_a_rule_that_would_take_from_one_that_keeps_more_is_refused() -> None:
    policy = _policy(JOINT, "sample(1/100)", "ema_dynamic(goal_sample_rate: 10, fields: [service])")

    lowering = lower_policy(policy, KEEP_MORE)
    lowered, diagnostics = lowering.lowered, lowering.diagnostics

    assert lowered is None
    assert [one.code for one in diagnostics] == ["NEC300"]
