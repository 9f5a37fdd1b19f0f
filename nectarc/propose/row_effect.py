"""What new rules of a policy do to traces: which they take from others, and what becomes of them.

Owns: the question, for rules that are added and nothing else changed. Must not know: words.
Truth: nectarc/compare/change_effect.py, which asks the same of any change, and takes seconds where
there are hundreds of rules. Here each trace that moves goes to one of few rules.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from nectarc.compare.change_effect import ChangeEffect, Move
from nectarc.compare.sides import action_effect
from nectarc.evaluate.assume import Assume
from nectarc.ir.nodes import Policy
from nectarc.logic.decision_list import DecisionList, list_of_policy
from nectarc.logic.questions import Found, Prover, Unknown
from nectarc.logic.small_traces import made_small
from nectarc.logic.universe import universe_of
from nectarc.prove.verdicts import Verdict
from nectarc.records import part, record
from nectarc.trace import Trace

_MOVES_MAX: Final = 3
_SPANS_MAX: Final = 2  # a trace of more is made smaller, where that goes fast


@record
class _Asked:
    """The policies, as lists and with what becomes of their traces."""

    lists: tuple[DecisionList, DecisionList]
    names: tuple[tuple[str, ...], tuple[str, ...]]
    effects: tuple[tuple[str, ...], tuple[str, ...]]
    unknown: list[str] = part(default_factory=list)


def effect_of_rows(before: Policy, after: Policy, new: Collection[str]) -> ChangeEffect:
    """Return what becomes of traces that was not before; `after` is `before` with the rules `new`.

    PROVED: nothing. REFUTED: `moves`, each to a new rule that does something else; `has_more`.
    """
    asked = _Asked(
        (list_of_policy(before), list_of_policy(after)),
        (tuple(one.name for one in before.rules), tuple(one.name for one in after.rules)),
        (
            tuple(action_effect(one.action) for one in before.rules),
            tuple(action_effect(one.action) for one in after.rules),
        ),
    )
    prover = Prover(asked.lists, universe=universe_of(Assume()))
    moves: list[Move] = []
    for index, name in enumerate(asked.names[1]):
        if name in new:
            moves += _moves_to(index, prover, asked)
    verdict = Verdict.REFUTED if moves else Verdict.UNKNOWN if asked.unknown else Verdict.PROVED
    return ChangeEffect(
        verdict=verdict,
        moves=tuple(moves[: _MOVES_MAX + 1]),
        has_more=len(moves) > _MOVES_MAX,
        reason="; ".join(dict.fromkeys(asked.unknown)),
    )


def _moves_to(index: int, prover: Prover, asked: _Asked) -> list[Move]:
    """Return a few moves to the new rule, one from each rule, and one more if there are others."""
    old, new = asked.effects
    others = [number for number, effect in enumerate(old) if effect != new[index]]
    moves: list[Move] = []
    while others and len(moves) <= _MOVES_MAX:
        answer = prover.find({0: tuple(others), 1: (index,)})
        if isinstance(answer, Unknown):
            asked.unknown.append(answer.reason)
            break
        if not isinstance(answer, Found):
            break
        left = asked.lists[0].decide(answer.trace)
        assert left is not None  # INVARIANT (ir.Policy): the fallback decides every trace
        others.remove(left)
        moves.append(
            Move(
                before=asked.names[0][left],
                after=asked.names[1][index],
                was=old[left],
                now=new[index],
                trace=_smaller(answer.trace, left, index, asked.lists),
            )
        )
    return moves


def _smaller(
    trace: Trace, left: int, right: int, lists: tuple[DecisionList, DecisionList]
) -> Trace:
    if len(trace.spans) > _SPANS_MAX:
        return trace

    def is_example(one: Trace) -> bool:
        return lists[0].decide(one) == left and lists[1].decide(one) == right

    return made_small(trace, is_example)
