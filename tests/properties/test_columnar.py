"""Columns decide what the plain evaluators decide, on everything that Hypothesis invents."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from nectarc.columnar.decide import decide_formulas, decide_table, holds_table
from nectarc.columnar.from_table import NUMBERS_MAX, columns_of
from nectarc.columnar.machine import Engine
from nectarc.corpus.span_table import SpanTable, table_of
from nectarc.corpus.stored_trace import CorpusTrace
from nectarc.evaluate.policy import decide, holds
from nectarc.evaluate.refinery_rules import Outcome, compile_target
from nectarc.ir.nodes import Policy, TraceExpr
from nectarc.logic.policy_formula import formula_of
from nectarc.refinery.rules import (
    HAS_ROOT_SPAN,
    NUM_DESCENDANTS,
    Condition,
    ConfigValue,
    Rule,
    RulesConfig,
)
from nectarc.trace import Trace
from tests.ir_strategies import policies, trace_exprs
from tests.trace_strategies import COMMON_NAMES, traces, traces_for

# The engine, and how many numbers of a field become codes: none, some, as many as usual.
_engines = pytest.mark.parametrize("engine", Engine)
_numbers_max = st.sampled_from((0, 1, NUMBERS_MAX))

_operators = st.sampled_from(
    (
        *("=", "!=", ">", ">=", "<", "<=", "in", "not-in", "exists", "not-exists", "starts-with"),
        *("contains", "does-not-contain", "matches", HAS_ROOT_SPAN, ""),
    )
)
_scalars: SearchStrategy[ConfigValue] = st.one_of(
    st.sampled_from((0, 1, 200, 500, 499.5, 500.0, float("nan"), 2**53 + 1, -1, 2**63 - 1)),
    st.sampled_from(("", "GET", "500", "nil", "<nil>", "true", "/api/", "5e2", "[a")),
    st.booleans(),
    st.none(),
)
_conditions = st.builds(
    Condition,
    field=st.sampled_from((*COMMON_NAMES, "root.http.status", NUM_DESCENDANTS, "")),
    fields=st.lists(st.sampled_from((*COMMON_NAMES, "root.error")), max_size=3).map(tuple),
    operator=_operators,
    value=_scalars | st.lists(_scalars, max_size=3).map(tuple),
    datatype=st.sampled_from(("", "string", "int", "float", "bool")),
)
_rules = st.builds(
    Rule,
    scope=st.sampled_from(("", "trace", "span", "span", "none such")),
    sample_rate=st.integers(0, 3),
    conditions=st.none() | st.lists(_conditions, max_size=3).map(tuple),
)
_samplers = st.builds(
    RulesConfig,
    rules=st.lists(_rules, min_size=1, max_size=4).map(tuple),
    check_nested_fields=st.sampled_from((False, False, False, True)),
)


def _table(found: Sequence[Trace]) -> SpanTable:
    return table_of(CorpusTrace(trace) for trace in found)


@_engines
@given(data=st.data(), policy=policies(), numbers_max=_numbers_max)
def test_a_policy_decides_as_the_plain_evaluator(
    data: st.DataObject, policy: Policy, numbers_max: int, engine: Engine
) -> None:
    found = data.draw(st.lists(traces_for(policy) | traces(), min_size=1, max_size=6))
    columns = columns_of(_table(found), numbers_max=numbers_max)

    formulas = [formula_of(rule.match) for rule in policy.rules]
    (decided,) = decide_formulas([formulas], columns, engine=engine)

    assert decided.tolist() == [decide(policy, trace) for trace in found]


@_engines
@given(data=st.data(), exprs=st.lists(trace_exprs(), min_size=1, max_size=4))
def test_expressions_hold_where_the_plain_evaluator_says(
    data: st.DataObject, exprs: list[TraceExpr], engine: Engine
) -> None:
    found = data.draw(st.lists(traces_for(exprs) | traces(), min_size=1, max_size=6))

    held = holds_table(exprs, _table(found), engine=engine)

    assert held.tolist() == [[holds(expr, trace) for trace in found] for expr in exprs]


@_engines
@given(
    samplers=st.lists(_samplers, min_size=1, max_size=3),
    found=st.lists(traces(), min_size=1, max_size=6),
)
def test_rules_decide_as_the_plain_evaluator(
    samplers: list[RulesConfig], found: list[Trace], engine: Engine
) -> None:
    decided = decide_table(samplers, _table(found), engine=engine)

    for sampler, row in zip(samplers, decided, strict=True):
        assert row.tolist() == [_rule(sampler, trace) for trace in found]


def _rule(sampler: RulesConfig, trace: Trace) -> int:
    outcome = compile_target(sampler)(trace)
    if not isinstance(outcome, Outcome) or outcome.rule is None:
        return -1
    return outcome.rule
