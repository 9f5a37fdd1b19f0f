"""What an edit of a policy does to traces: which go from one rule to another, proven.

Owns: the question and its answer in words. Must not know: why the policy was edited, editors.
Truth: ../shared/reference/proof-method.md, section 9. Rules are told apart by their names.
"""

from __future__ import annotations

from itertools import islice
from typing import Final

from nectarc.compare.sides import action_effect
from nectarc.evaluate.assume import Assume
from nectarc.ir.nodes import Policy
from nectarc.logic.decision_list import DecisionList, list_of_policy
from nectarc.logic.questions import Difference, Prover, Unknown, all_differences
from nectarc.logic.small_traces import made_small
from nectarc.logic.universe import universe_of
from nectarc.prove.verdicts import Verdict
from nectarc.records import record
from nectarc.trace import ROOT_FIELD, Trace

_MOVES_MAX: Final = 20
_TOLD_MAX: Final = 3
_FIELDS_MAX: Final = 4
_TEXT_MAX: Final = 40


@record(kw_only=True)
class Move:
    """Traces that rule `before` decided and rule `after` decides now; `trace` is one of them.

    was, now: what becomes of them: "kept", "1 in 100".
    """

    before: str
    after: str
    was: str
    now: str
    trace: Trace


@record(kw_only=True)
class ChangeEffect:
    """PROVED: every trace is decided by the rule of the same name, with the same effect.

    REFUTED: `moves` holds one for each pair of rules (`has_more`: there are others).
    """

    verdict: Verdict
    moves: tuple[Move, ...] = ()
    has_more: bool = False
    reason: str = ""


def effect_of_change(before: Policy, after: Policy) -> ChangeEffect:
    """Compare two texts of one policy, for every trace there could be."""
    lists = (list_of_policy(before), list_of_policy(after))
    left, right = lists
    old = [(one.name, action_effect(one.action)) for one in before.rules]
    new = [(one.name, action_effect(one.action)) for one in after.rules]

    def is_alike(one: int | None, other: int | None) -> bool:
        if one is None or other is None:
            return one is other
        return old[one] == new[other]

    prover = Prover(lists, universe=universe_of(Assume()))
    moves: list[Move] = []
    unknown: list[str] = []
    has_more = False
    for found in islice(all_differences(prover, 0, 1, is_alike), _MOVES_MAX + 1):
        if isinstance(found, Unknown):
            unknown.append(found.reason)
        elif len(moves) == _MOVES_MAX:
            has_more = True
        else:
            moves.append(_move(found, _smaller(found, left, right), old, new))
    verdict = Verdict.REFUTED if moves else Verdict.UNKNOWN if unknown else Verdict.PROVED
    return ChangeEffect(
        verdict=verdict,
        moves=tuple(moves),
        has_more=has_more,
        reason="; ".join(dict.fromkeys(unknown)),
    )


def effect_words(effect: ChangeEffect) -> str:
    """Return the answer in a line."""
    if effect.verdict is Verdict.PROVED:
        return "changes nothing: proven for every trace"
    if effect.verdict is Verdict.UNKNOWN:
        return f"whether it changes anything could not be proven: {effect.reason}"
    told = [_move_words(one) for one in effect.moves[:_TOLD_MAX]]
    rest = len(effect.moves) - len(told)
    if rest or effect.has_more:
        told.append(f"and {rest}{' or more' if effect.has_more else ''} more such moves")
    return "moves " + "; ".join(told)


def trace_words(trace: Trace) -> str:
    """Return what is on the first spans of a small trace: ``duration_ms` 5001`."""
    fields = [
        f"`{name}` {_value(value)}"
        for span in trace.spans[:2]
        for name, value in span.fields.items()
        if name != ROOT_FIELD
    ]
    told = list(dict.fromkeys(fields))
    if not told:
        return "a trace without any of these fields"
    more = " and more" if len(told) > _FIELDS_MAX or len(trace.spans) > len(fields) + 2 else ""
    return f"a trace with {', '.join(told[:_FIELDS_MAX])}{more}"


def _smaller(found: Difference, left: DecisionList, right: DecisionList) -> Trace:
    def is_example(trace: Trace) -> bool:
        return left.decide(trace) == found.left and right.decide(trace) == found.right

    return made_small(found.trace, is_example)


def _move(
    found: Difference, trace: Trace, old: list[tuple[str, str]], new: list[tuple[str, str]]
) -> Move:
    assert found.left is not None  # INVARIANT (ir.Policy): the fallback decides every trace
    assert found.right is not None
    (before, was), (after, now) = old[found.left], new[found.right]
    return Move(before=before, after=after, was=was, now=now, trace=trace)


def _move_words(one: Move) -> str:
    where = f"from `{one.before}` to `{one.after}`"
    if one.before == one.after:
        where = f"within `{one.before}`"
    what = f"{one.was}, as before" if one.was == one.now else f"{one.was}, now {one.now}"
    return f"{trace_words(one.trace)} {where} ({what})"


def _value(value: object) -> str:
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= _TEXT_MAX else text[: _TEXT_MAX - 1] + "…"
