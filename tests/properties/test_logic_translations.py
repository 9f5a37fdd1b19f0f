"""What a policy says and what its formula says are the same, on any trace; so with rules."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nectarc.evaluate.boundaries import boundary_traces
from nectarc.evaluate.policy import decide, holds
from nectarc.ir.nodes import Policy, TraceExpr
from nectarc.logic.decision_list import list_of_policy
from nectarc.logic.formula import formula_holds
from nectarc.logic.policy_formula import formula_of
from nectarc.logic.questions import Found, Impossible, Prover, Unknown
from nectarc.trace import Trace
from tests.ir_strategies import policies, trace_exprs
from tests.trace_strategies import traces_for

TRACES = 120


@st.composite
def _asked(draw: st.DrawFn) -> tuple[TraceExpr, Trace]:
    expr = draw(trace_exprs())
    return expr, draw(traces_for((expr,)))


@given(_asked())
def test_a_formula_holds_where_the_expression_does(asked: tuple[TraceExpr, Trace]) -> None:
    expr, trace = asked

    assert formula_holds(formula_of(expr), trace) is holds(expr, trace)


@given(policies(rules_max=5))
def test_a_rule_that_decides_some_trace_is_reachable(policy: Policy) -> None:
    decided = {decide(policy, trace) for trace in boundary_traces(policy, limit=TRACES)}
    prover = Prover((list_of_policy(policy),))

    for entry in range(len(policy.rules)):
        answer = prover.find({0: (entry,)})  # replays what it finds

        assert not isinstance(answer, Unknown), answer.reason
        assert isinstance(answer, Found) or entry not in decided
        if isinstance(answer, Impossible):
            core = prover.explain_dead(0, entry)
            assert set(core) <= set(range(entry))


@given(policies(rules_max=4), st.data())
def test_what_a_core_names_is_enough_to_shadow(policy: Policy, data: st.DataObject) -> None:
    prover = Prover((list_of_policy(policy),))
    dead = [
        entry
        for entry in range(len(policy.rules))
        if isinstance(prover.find({0: (entry,)}), Impossible)
    ]
    for entry in dead:
        core = prover.explain_dead(0, entry)
        trace = data.draw(traces_for((policy.rules[entry].match,)))

        assert not holds(policy.rules[entry].match, trace) or any(
            holds(policy.rules[one].match, trace) for one in core
        )


@given(policies(rules_max=4), st.data())
def test_conditions_hold_and_fail_as_asked(policy: Policy, data: st.DataObject) -> None:
    exprs = data.draw(st.lists(trace_exprs(), min_size=1, max_size=2))
    signs = data.draw(st.lists(st.booleans(), min_size=len(exprs), max_size=len(exprs)))
    prover = Prover((list_of_policy(policy),), tuple(map(formula_of, exprs)))
    signed = [i if sign else ~i for i, sign in enumerate(signs)]

    possible = {
        entry
        for entry in range(len(policy.rules))
        if isinstance(prover.find({0: (entry,)}, when=signed), Found)
    }

    subject = [*exprs, *(rule.match for rule in policy.rules)]
    for trace in boundary_traces(subject, limit=TRACES):
        if all(holds(expr, trace) is sign for expr, sign in zip(exprs, signs, strict=True)):
            assert decide(policy, trace) in possible
