"""After any edits the live verdicts are those of a prover that starts over."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from nectarc.ir.nodes import Policy, Rule, TraceExpr
from nectarc.logic.decision_list import Effect, list_of_policy
from nectarc.logic.incremental import LiveVerdicts, Watch
from nectarc.logic.policy_formula import formula_of
from nectarc.logic.questions import Answer, Found, Impossible, Prover
from tests.ir_strategies import actions, policies, trace_exprs


def _is_lossy(effect: Effect) -> bool:
    return effect.low < Fraction(1)


@st.composite
def _edits(draw: st.DrawFn) -> list[Policy]:
    """Draw a policy and what becomes of it: rules changed, added, moved, taken away."""
    found = [draw(policies(rules_max=5))]
    for step in range(draw(st.integers(1, 4))):
        rules = list(found[-1].rules)
        place = draw(st.integers(0, len(rules) - 1))
        kind = draw(st.sampled_from(("change", "add", "move", "remove", "repeat")))
        if kind in ("change", "add"):
            made = Rule(name=f"new-{step}", match=draw(trace_exprs()), action=draw(actions()))
            rules[place : place + (kind == "change")] = [made]
        elif kind == "repeat":
            rules.insert(place, rules[draw(st.integers(0, len(rules) - 1))])
        else:
            taken = rules.pop(place)
            if kind == "move" or not rules:
                rules.insert(draw(st.integers(0, len(rules))), taken)
        found.append(Policy(name=found[-1].name, rules=tuple(rules)))
    return found


def _same(live: Answer, fresh: Answer) -> bool:
    return type(live) is type(fresh)


@settings(max_examples=40)
@given(_edits(), trace_exprs())
def test_edits_leave_the_verdicts_of_a_prover_that_starts_over(
    versions: list[Policy], watched: TraceExpr
) -> None:
    when = formula_of(watched)
    live = LiveVerdicts(list_of_policy(versions[0]), (Watch(when, _is_lossy),))

    for policy in versions:
        decisions = list_of_policy(policy)
        live.update(decisions)

        fresh = Prover((decisions,), (when,))
        for entry in range(len(decisions.entries)):
            found = live.reachable(entry)
            assert _same(found, fresh.find({0: (entry,)}))
            if isinstance(found, Found):
                assert decisions.decide(found.trace) == entry
            elif isinstance(found, Impossible):
                assert set(found.core.get(0, ())) <= set(range(entry))
        assert _same(live.gap(), fresh.find({0: (None,)}))
        lossy = {i for i, entry in enumerate(decisions.entries) if _is_lossy(entry.effect)}
        expected = fresh.find({0: lossy}, when=(0,)) if lossy else Impossible({})
        assert _same(live.watched(0), expected)


@settings(max_examples=20)
@given(_edits())
def test_the_same_list_again_asks_nothing(versions: list[Policy]) -> None:
    live = LiveVerdicts(list_of_policy(versions[0]))

    assert live.update(list_of_policy(versions[0])) == 0
