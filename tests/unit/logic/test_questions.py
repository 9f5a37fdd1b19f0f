"""What the prover says, and that it says nothing wrong."""

from __future__ import annotations

import pytest

from nectarc.diagnostic import InternalError
from nectarc.evaluate.values import MISSING
from nectarc.ir.nodes import (
    And,
    AnySpan,
    Constant,
    Drop,
    Exists,
    Field,
    HasRoot,
    IsRoot,
    Keep,
    Not,
    NumberOp,
    NumberTest,
    Policy,
    RootTest,
    Rule,
    Sample,
    SpanCount,
    SpanNot,
    SpanTest,
    StringOp,
    StringTest,
    Test,
    TraceExpr,
)
from nectarc.logic.decision_list import DecisionList, list_of_policy
from nectarc.logic.policy_formula import formula_of
from nectarc.logic.questions import (
    Difference,
    Found,
    Impossible,
    Limits,
    Prover,
    Unknown,
    alike_by_effect,
    all_differences,
    differ,
    fallback_gap,
    reachable,
)
from nectarc.logic.universe import ALL_SORTS, Sort, Universe
from nectarc.records import replace
from nectarc.trace import ROOT_FIELD, Trace

STATUS = Field(("http.status",), "http.status")
ROUTE = Field(("http.route",), "http.route")


def _policy(*matches: TraceExpr) -> Policy:
    rules = [Rule(name=f"r{i}", match=one, action=Keep()) for i, one in enumerate(matches)]
    return Policy(name="p", rules=tuple(rules))


def _prover(*matches: TraceExpr) -> Prover:
    return Prover((list_of_policy(_policy(*matches)),))


def _some(test: Test) -> AnySpan:
    return AnySpan(SpanTest(test))


def _status(op: NumberOp, value: float) -> AnySpan:
    return _some(NumberTest(STATUS, op, value))


def _route(op: StringOp, value: str) -> AnySpan:
    return _some(StringTest(ROUTE, op, value))


def _trace(found: object) -> Trace:
    assert isinstance(found, Found), found
    return found.trace


def test_a_rule_below_a_wider_one_is_shadowed_by_it_alone() -> None:
    prover = _prover(
        _route(StringOp.EQ, "/a"),
        _status(NumberOp.GE, 400.0),
        _route(StringOp.CONTAINS, "b"),
        _status(NumberOp.EQ, 500.0),
    )

    assert isinstance(reachable(prover, 0, 3), Impossible)
    assert prover.explain_dead(0, 3) == (1,)


def test_a_condition_that_holds_of_nothing_is_shadowed_by_none() -> None:
    both = And((_status(NumberOp.GE, 400.0), Not(_status(NumberOp.GE, 300.0))))
    prover = _prover(_route(StringOp.EQ, "/a"), both)

    assert isinstance(reachable(prover, 0, 1), Impossible)
    assert prover.explain_dead(0, 1) == ()


def test_two_rules_may_shadow_a_third_together_only() -> None:
    prover = _prover(
        _status(NumberOp.GE, 500.0),
        _route(StringOp.EQ, "/a"),
        _status(NumberOp.LT, 500.0),
        And((_status(NumberOp.GE, 0.0), _route(StringOp.EQ, "/b"))),
    )

    assert isinstance(reachable(prover, 0, 3), Impossible)
    assert prover.explain_dead(0, 3) == (0, 2)


def test_a_gap_is_shown_and_a_fallback_leaves_none() -> None:
    gap = fallback_gap(_prover(_status(NumberOp.GE, 500.0)))
    none = fallback_gap(_prover(_status(NumberOp.GE, 500.0), Constant(True)))

    assert all(span.fields.get("http.status", MISSING) is MISSING for span in _trace(gap).spans)
    assert isinstance(none, Impossible)


def test_a_found_trace_is_small() -> None:
    one = _trace(reachable(_prover(_status(NumberOp.GE, 500.0)), 0, 0))

    assert len(one.spans) == 1
    assert set(one.spans[0].fields) == {"http.status", ROOT_FIELD}


def test_spans_are_repeated_up_to_the_count() -> None:
    many = And((SpanCount(NumberOp.GT, 1000), _status(NumberOp.GE, 500.0)))

    trace = _trace(reachable(_prover(many), 0, 0))

    assert len(trace.spans) == 1001
    assert len(trace.distinct_spans) == 1


def test_two_existentials_meet_on_one_span_if_there_is_only_one() -> None:
    one = And(
        (
            SpanCount(NumberOp.EQ, 1),
            _status(NumberOp.GE, 500.0),
            _route(StringOp.EQ, "/a"),
            RootTest(NumberTest(STATUS, NumberOp.LT, 600.0)),
        )
    )

    trace = _trace(reachable(_prover(one), 0, 0))

    assert len(trace.spans) == 1
    assert trace.spans[0].is_root
    assert trace.spans[0].fields["http.route"] == "/a"


def test_more_kinds_of_spans_than_spans_is_impossible() -> None:
    apart = [_some(NumberTest(STATUS, NumberOp.EQ, float(n))) for n in range(3)]

    assert isinstance(
        reachable(_prover(And((SpanCount(NumberOp.LE, 2), *apart))), 0, 0), Impossible
    )
    assert isinstance(reachable(_prover(And((SpanCount(NumberOp.LE, 3), *apart))), 0, 0), Found)


def test_the_root_is_the_last_span_without_a_parent() -> None:
    other = AnySpan(IsRoot())
    both = And(
        (
            RootTest(StringTest(ROUTE, StringOp.EQ, "/root")),
            AnySpan(SpanNot(SpanTest(StringTest(ROUTE, StringOp.EQ, "/root")))),
            other,
        )
    )

    trace = _trace(reachable(_prover(both), 0, 0))

    assert trace.root is not None
    assert trace.root.fields["http.route"] == "/root"
    assert isinstance(reachable(_prover(And((other, Not(HasRoot())))), 0, 0), Impossible)


def test_texts_of_many_languages_are_found_or_refuted() -> None:
    wanted = And(
        (
            _route(StringOp.MATCHES, "^/api/v[0-9]+/"),
            Not(_route(StringOp.CONTAINS, "v1")),
            _route(StringOp.ENDS_WITH, "/x"),
        )
    )
    refuted = And((_route(StringOp.MATCHES, "^abc$"), Not(_route(StringOp.STARTS_WITH, "ab"))))

    assert isinstance(reachable(_prover(wanted), 0, 0), Found)
    assert isinstance(reachable(_prover(refuted), 0, 0), Impossible)


def test_unusual_values_are_shown_only_where_usual_ones_do_not_do() -> None:
    # There, but neither number nor text: null.
    null = And((_some(Exists(STATUS)), Not(_some(StringTest(STATUS, StringOp.GE, "")))))

    found = reachable(_prover(null), 0, 0)

    assert isinstance(found, Found)
    assert not found.is_usual
    usual = reachable(_prover(_status(NumberOp.NE, 5.0)), 0, 0)
    assert isinstance(usual, Found)
    assert usual.is_usual


def test_a_universe_rules_values_out() -> None:
    is_text = _some(StringTest(STATUS, StringOp.GE, "a"))
    numbers = Universe({"http.status": frozenset({Sort.MISSING, Sort.INT})})
    lists = (list_of_policy(_policy(is_text)),)

    assert isinstance(Prover(lists).find({0: (0,)}), Found)
    assert isinstance(Prover(lists, (), numbers).find({0: (0,)}), Impossible)
    everything = Universe({"http.status": ALL_SORTS})
    assert isinstance(Prover(lists, (), everything).find({0: (0,)}), Found)


def test_a_trace_too_large_to_build_is_unknown_not_impossible() -> None:
    huge = list_of_policy(_policy(SpanCount(NumberOp.GT, 10**12)))

    assert isinstance(Prover((huge,)).find({0: (0,)}), Unknown)
    few = Prover((huge,), limits=Limits(spans_max=10)).find({0: (None,)})
    assert isinstance(few, Found)


def test_conditions_are_asked_to_hold_or_to_fail() -> None:
    slow = formula_of(_status(NumberOp.GE, 500.0))
    prover = Prover((list_of_policy(_policy(_status(NumberOp.GE, 600.0))),), (slow,))

    assert isinstance(prover.find({0: (0,)}, when=(0,)), Found)
    refuted = prover.find({0: (0,)}, when=(~0,))
    assert isinstance(refuted, Impossible)
    assert refuted.when == (~0,)


def test_two_lists_are_compared_by_what_they_do() -> None:
    left = list_of_policy(_policy(_status(NumberOp.GE, 500.0), Constant(True)))
    sampled = Policy(
        name="q",
        rules=(
            Rule(name="a", match=_status(NumberOp.GT, 500.0), action=Keep()),
            Rule(name="b", match=_status(NumberOp.EQ, 500.0), action=Drop()),
            Rule(name="c", match=Constant(True), action=Sample(1)),
        ),
    )
    right = list_of_policy(sampled)
    prover = Prover((left, right))
    alike = alike_by_effect(left, right)

    found = differ(prover, 0, 1, alike)
    assert isinstance(found, Difference)
    assert (found.left, found.right) == (0, 1)
    assert [
        (one.left, one.right)
        for one in all_differences(prover, 0, 1, alike)
        if isinstance(one, Difference)
    ] == [(0, 1)]
    same = Prover((left, left))
    assert isinstance(differ(same, 0, 1, alike_by_effect(left, left)), Impossible)


def test_an_evaluator_that_disagrees_is_our_defect() -> None:
    honest = list_of_policy(_policy(_status(NumberOp.GE, 500.0)))
    lying: DecisionList = replace(honest, decide=lambda _trace: None)

    with pytest.raises(InternalError, match="decides a trace that the solver"):
        Prover((lying,)).find({0: (0,)})
