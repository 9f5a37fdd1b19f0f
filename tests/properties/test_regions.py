"""The model search: a trace it finds is a model, and what it rules out no trace meets."""

from __future__ import annotations

from typing import Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nectarc.evaluate.boundaries import boundary_traces
from nectarc.evaluate.policy import holds
from nectarc.ir import walk
from nectarc.ir.clauses import Clause, TooManyClausesError, clauses_of
from nectarc.ir.nodes import Constant, Not, StringOp, StringTest, Test, TraceExpr
from nectarc.regions.satisfy import Worlds
from nectarc.trace import Trace
from tests import ir_strategies, trace_strategies

SETTINGS: Final = settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
TESTS: Final = ir_strategies.any_test(ir_strategies.fields(has_strange=False))
EXPRS: Final = ir_strategies.trace_exprs(TESTS)
_OPAQUE: Final = (
    StringOp.CONTAINS,
    StringOp.NOT_CONTAINS,
    StringOp.ENDS_WITH,
    StringOp.MATCHES,
)


def _clauses(expr: TraceExpr) -> tuple[Clause, ...]:
    try:
        return clauses_of(expr)
    except TooManyClausesError:
        return ()


def _is_opaque(test: Test) -> bool:
    return isinstance(test, StringTest) and test.op in _OPAQUE


def _holds_by_clauses(clauses: tuple[Clause, ...], trace: Trace) -> bool:
    worlds = {clause: _clause_holds(clause, trace) for clause in clauses}
    return any(worlds.values())


def _clause_holds(clause: Clause, trace: Trace) -> bool:
    return all(holds(_expr(literal), trace) for literal in clause)


def _expr(literal: object) -> TraceExpr:
    from nectarc.ir import clauses, nodes  # noqa: PLC0415

    match literal:
        case clauses.ExistsSpan(cube, is_positive):
            parts: list[nodes.SpanExpr] = []
            for one in cube:
                test: nodes.SpanExpr = (
                    nodes.IsRoot() if one.test is None else nodes.SpanTest(one.test)
                )
                parts.append(test if one.is_positive else nodes.SpanNot(test))
            body = parts[0] if len(parts) == 1 else nodes.SpanAnd(tuple(parts))
            found: TraceExpr = nodes.AnySpan(body)
        case clauses.RootLiteral(root_test, is_positive):
            found = nodes.RootTest(root_test)
        case clauses.HasRootLiteral(is_positive):
            found = nodes.HasRoot()
        case clauses.CountLiteral(op, value):
            return nodes.SpanCount(op, value)
        case _:
            raise AssertionError(literal)
    return found if is_positive else Not(found)


@given(EXPRS, st.data())
@SETTINGS
def test_clauses_mean_what_the_expression_means(expr: TraceExpr, data: st.DataObject) -> None:
    clauses = _clauses(expr)
    if not clauses and _clauses(Not(expr)) == ():
        return
    traces = [data.draw(trace_strategies.traces()), *boundary_traces([expr], limit=30)]

    for trace in traces:
        assert _holds_by_clauses(clauses, trace) is holds(expr, trace)


@given(EXPRS, st.lists(EXPRS, max_size=3))
@SETTINGS
def test_a_found_trace_meets_what_is_required_and_nothing_excluded(
    required: TraceExpr, excluded: list[TraceExpr]
) -> None:
    alternatives = _clauses(required)
    barred = [clause for expr in excluded for clause in _clauses(expr)]
    worlds = Worlds(test for expr in (required, *excluded) for test in walk.tests_of(expr))

    for clause in alternatives[:8]:
        trace = worlds.find_trace(clause, barred)
        if trace is not None:
            assert holds(required, trace)
            assert not any(_clause_holds(one, trace) for one in barred)


@given(EXPRS, st.lists(EXPRS, max_size=3), st.data())
@SETTINGS
def test_what_cannot_hold_is_met_by_no_trace(
    required: TraceExpr, excluded: list[TraceExpr], data: st.DataObject
) -> None:
    alternatives = _clauses(required)
    barred = [clause for expr in excluded for clause in _clauses(expr)]
    exprs = [required, *excluded]
    worlds = Worlds(test for expr in exprs for test in walk.tests_of(expr))
    impossible = [c for c in alternatives[:8] if not worlds.can_hold(c, barred)]

    traces = [data.draw(trace_strategies.traces()), *boundary_traces(exprs, limit=60)]
    for trace in traces:
        if not any(_clause_holds(one, trace) for one in barred):
            assert not any(_clause_holds(clause, trace) for clause in impossible)


@given(EXPRS)
@SETTINGS
def test_the_search_is_exact_where_no_text_is_searched(expr: TraceExpr) -> None:
    tests = list(walk.tests_of(expr))
    fields = {test.field.spellings for test in tests}
    kinds = {(test.field.spellings, type(test)) for test in tests}
    names = [name for spellings in fields for name in spellings]
    if any(_is_opaque(test) for test in tests) or len(kinds) > len(fields):
        return
    if len(set(names)) < len(names):
        return  # two names that read one span field are searched one by one
    worlds = Worlds(tests)

    for clause in _clauses(expr)[:8]:
        counted = any(type(literal).__name__ == "CountLiteral" for literal in clause)
        if worlds.can_hold(clause) and not counted:
            trace = worlds.find_trace(clause)
            assert trace is not None
            assert _clause_holds(clause, trace)


def test_a_constant_has_one_clause_or_none() -> None:
    assert clauses_of(Constant(value=True)) == ((),)
    assert clauses_of(Constant(value=False)) == ()
