"""Promises that a sampler of Refinery decides: what no share can say.

Owns: asking them. Must not know: other promises, texts. The share that a dynamic sampler keeps
depends on the traffic, so "not drop" is all that an invariant can ask; a policy that keeps all of
it, or aims at another goal, is not what was meant either.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nectarc.evaluate.policy import decide, holds
from nectarc.intent.failures import Failure
from nectarc.intent.records import Promise
from nectarc.ir.nodes import Action, DynamicSampler, Policy, TraceExpr
from nectarc.logic.decision_list import list_of_policy
from nectarc.logic.policy_formula import formula_of
from nectarc.logic.questions import Found, Prover
from nectarc.logic.small_traces import made_small
from nectarc.prove.shares import action_words
from nectarc.trace import Trace


def sampler_failures(
    policy: Policy, promises: Sequence[tuple[Promise, TraceExpr]]
) -> Iterator[Failure]:
    """Yield the promises that a trace breaks: it is not left to the sampler that was meant."""
    if not promises:
        return
    conditions = tuple(formula_of(when) for _, when in promises)
    prover = Prover((list_of_policy(policy),), conditions)
    for number, (promise, when) in enumerate(promises):
        breaking = [
            index for index, rule in enumerate(policy.rules) if not _is_meant(rule.action, promise)
        ]
        answer = prover.find({0: breaking}, (number,)) if breaking else None
        if isinstance(answer, Found):
            yield _failure(policy, promise, when, answer.trace, frozenset(breaking))


def _failure(
    policy: Policy, promise: Promise, when: TraceExpr, trace: Trace, breaking: frozenset[int]
) -> Failure:
    small = made_small(trace, lambda one: decide(policy, one) in breaking and holds(when, one))
    rule = policy.rules[decide(policy, small)]
    assert promise.sampler is not None  # only such promises are asked
    kind, goal = promise.sampler
    said = f' ("{promise.words}")' if promise.words else ""
    return Failure(
        rule=rule.name,
        claim=f"{promise.name}: {kind} with the goal {goal:,} decides such traces{said}",
        what=f"rule `{rule.name}` decides and {action_words(rule.action)}",
        counterexample=small,
        name=promise.name,
    )


def _is_meant(action: Action, promise: Promise) -> bool:
    if not isinstance(action, DynamicSampler) or promise.sampler is None:
        return False
    kind, goal = promise.sampler
    goals = [value for name, value in action.parameters if name.startswith("Goal")]
    return action.kind == kind and goals == [goal]
