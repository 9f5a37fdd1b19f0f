"""Whether Refinery's rules decide as the policy that they came from, for every trace.

Owns: the question, and what "alike" means for a lowering.
Must not know: how rules are made, reports.
Truth: docs/language.md, section 6: exact or refused; ../shared/reference/proof-method.md, 3 (d).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from nectarc.evaluate.assume import Assume
from nectarc.ir.nodes import Policy
from nectarc.logic.decision_list import DecisionList, Refused, list_of_policy, list_of_rules
from nectarc.logic.questions import Alike as AlikeFunction
from nectarc.logic.questions import Difference, Prover, Unknown, differ
from nectarc.logic.small_traces import made_small
from nectarc.logic.universe import universe_of
from nectarc.records import record
from nectarc.refinery.lowered import Lowered
from nectarc.trace import Trace


@record
class ProvenAlike:
    """They decide alike for every trace that meets the recorded assumptions."""


@record
class ProvenDifferent:
    """They do not: a defect of nectarc, whatever the policy says.

    trace: small, replayed by the plain evaluators. policy_rule, refinery_rule: the names of what
    decides it, "" for nothing.
    """

    trace: Trace
    policy_rule: str
    refinery_rule: str


@record
class NotProven:
    """Neither was shown; `reason` is for people."""

    reason: str


Equivalence: TypeAlias = ProvenAlike | ProvenDifferent | NotProven


def prove_alike(policy: Policy, lowered: Lowered) -> Equivalence:
    """Compare `policy` with its rules: the same origin decides, and does the same to the trace."""
    return _prove(policy, lowered, alike_by_origin)


def prove_keeps_as_much(policy: Policy, lowered: Lowered) -> Equivalence:
    """Compare what both keep: the rules keep no trace with a smaller share than the policy."""
    return _prove(policy, lowered, lambda left, right, _lowered: keeps_as_much(left, right))


_AlikeOf: TypeAlias = Callable[[DecisionList, DecisionList, Lowered], AlikeFunction]


def _prove(policy: Policy, lowered: Lowered, alike_of: _AlikeOf) -> Equivalence:
    left = list_of_policy(policy)
    right = list_of_rules(lowered.sampler, policy.name)
    if isinstance(right, Refused):
        return NotProven(f"the rules decide nothing: {right.reason}")
    assume = Assume.of(lowered.assumptions)
    prover = Prover((left, right), universe=universe_of(assume))
    alike = alike_of(left, right, lowered)
    answer = differ(prover, 0, 1, alike)
    if isinstance(answer, Unknown):
        return NotProven(answer.reason)
    if isinstance(answer, Difference):
        return _different(left, right, alike, assume, answer.trace)
    return ProvenAlike()


def keeps_as_much(left: DecisionList, right: DecisionList) -> AlikeFunction:
    """Return whether the right decision keeps no smaller share than the left one, for certain."""

    def is_as_much(policy_rule: int | None, refinery_rule: int | None) -> bool:
        mine, theirs = left.effect_of(policy_rule), right.effect_of(refinery_rule)
        if mine is None or theirs is None:
            return False
        return theirs.identity == mine.identity or theirs.low >= mine.high

    return is_as_much


def alike_by_origin(left: DecisionList, right: DecisionList, lowered: Lowered) -> AlikeFunction:
    """Return what makes two decisions alike: the right rule came from the left one, equal effect.

    A sampler without rules is the policy's sole rule.
    """

    def is_alike(policy_rule: int | None, refinery_rule: int | None) -> bool:
        if policy_rule is None:
            return False
        if left.effect_of(policy_rule) != right.effect_of(refinery_rule):
            return False
        if refinery_rule is None:
            return not right.entries
        return lowered.origins[refinery_rule].rule == left.entries[policy_rule].label

    return is_alike


def _different(
    left: DecisionList, right: DecisionList, alike: AlikeFunction, assume: Assume, trace: Trace
) -> ProvenDifferent:
    def is_difference(one: Trace) -> bool:
        return assume.allows_trace(one) and not alike(left.decide(one), right.decide(one))

    small = made_small(trace, is_difference)
    return ProvenDifferent(
        small, _label(left, left.decide(small)), _label(right, right.decide(small))
    )


def _label(decided: DecisionList, entry: int | None) -> str:
    return "" if entry is None else decided.entries[entry].label
