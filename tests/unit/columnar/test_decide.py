"""The entry to the evaluator in columns: what it says where there is no rule to name."""

from __future__ import annotations

import pytest

from nectarc.columnar.decide import decide_table, holds_table
from nectarc.columnar.machine import ENVIRONMENT, Engine, default_engine
from nectarc.corpus.span_table import SpanTable, table_of
from nectarc.corpus.stored_trace import CorpusTrace
from nectarc.ir.nodes import (
    AnySpan,
    HasRoot,
    IsRoot,
    NumberOp,
    Or,
    SpanAnd,
    SpanCount,
    SpanNot,
)
from nectarc.refinery.rules import (
    Condition,
    DeterministicConfig,
    EmptySampler,
    Rule,
    RulesConfig,
    TargetSampler,
)
from nectarc.trace import Fields, Span, Trace

_engines = pytest.mark.parametrize("engine", Engine)


def _table(*traces: tuple[Fields, ...]) -> SpanTable:
    return table_of(
        CorpusTrace(Trace(str(i), tuple(Span(fields, not k) for k, fields in enumerate(spans))))
        for i, spans in enumerate(traces)
    )


@_engines
def test_targets_without_rules_have_none(engine: Engine) -> None:
    samplers: list[TargetSampler] = [DeterministicConfig(sample_rate=2), RulesConfig()]

    decided = decide_table(samplers, _table(({},), ({}, {})), engine=engine)

    assert decided.tolist() == [[-1, -1], [-1, -1]]


@_engines
def test_a_target_that_ends_the_process_decides_nothing(engine: Engine) -> None:
    samplers: list[TargetSampler] = [
        EmptySampler(),
        RulesConfig(rules=(Rule(sample_rate=1), None)),
        RulesConfig(rules=(Rule(sample_rate=1, sampler=EmptySampler()),)),
    ]

    decided = decide_table(samplers, _table(({},)), engine=engine)

    assert decided.tolist() == [[-1], [-1], [-1]]


@_engines
def test_nested_fields_are_found_where_the_sampler_looks_for_them(engine: Engine) -> None:
    condition = Condition(field="user.plan", operator="=", value="free")
    rules = (Rule(conditions=(condition,)),)
    table = _table(({"user": {"plan": "free"}},), ({"user.plan": "free"},), ({"user": "free"},))

    flat, nested = decide_table(
        [RulesConfig(rules=rules), RulesConfig(rules=rules, check_nested_fields=True)],
        table,
        engine=engine,
    )

    assert flat.tolist() == [-1, 0, -1]
    assert nested.tolist() == [0, 0, -1]


@_engines
def test_expressions_that_mix_span_and_trace(engine: Engine) -> None:
    table = _table(({},), ({}, {}), ({}, {}, {}))
    inner = AnySpan(SpanNot(IsRoot()))
    few = SpanCount(NumberOp.LT, 3)

    held = holds_table([inner, Or((few, inner)), HasRoot(), few], table, engine=engine)

    assert held.tolist() == [
        [False, True, True],
        [True, True, True],
        [True, True, True],
        [True, True, False],
    ]


@_engines
def test_no_list_and_no_trace_are_no_decision(engine: Engine) -> None:
    assert decide_table([], _table(({},)), engine=engine).shape == (0, 1)
    assert decide_table([RulesConfig()], _table(), engine=engine).shape == (1, 0)


def test_the_environment_may_ask_for_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENVIRONMENT, "plain")

    assert default_engine() is Engine.PLAIN


def test_contradictions_vanish() -> None:
    never = AnySpan(SpanAnd((IsRoot(), SpanNot(IsRoot()))))

    assert holds_table([never], _table(({},), ({}, {}))).tolist() == [[False, False]]
