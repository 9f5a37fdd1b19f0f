"""The text form of the IR loses nothing but places."""

from __future__ import annotations

from dataclasses import astuple

from hypothesis import given

from nectarc.ir.nodes import Policy, SpanExpr, TraceExpr
from nectarc.ir.text import (
    parse_expr,
    parse_policy_text,
    parse_span_expr,
    print_expr,
    print_policy,
)
from nectarc.ir.verify import verify_policy
from tests.ir_strategies import policies, span_exprs, trace_exprs


@given(policies())
def test_a_printed_policy_reads_back_with_every_part(policy: Policy) -> None:
    read = parse_policy_text(print_policy(policy))

    # `==` ignores names, priorities, descriptions and shares; tuples ignore nothing.
    assert astuple(read) == astuple(policy)


@given(policies())
def test_printing_is_stable_under_reading(policy: Policy) -> None:
    text = print_policy(policy)

    assert print_policy(parse_policy_text(text)) == text


@given(policies())
def test_a_printed_policy_is_utf8_without_odd_line_ends(policy: Policy) -> None:
    text = print_policy(policy)

    assert text.encode("utf-8").decode("utf-8").splitlines() == text.split("\n")[:-1]


@given(trace_exprs())
def test_a_printed_trace_expression_reads_back(expr: TraceExpr) -> None:
    assert astuple(parse_expr(print_expr(expr))) == astuple(expr)


@given(span_exprs())
def test_a_printed_span_expression_reads_back(expr: SpanExpr) -> None:
    assert astuple(parse_span_expr(print_expr(expr))) == astuple(expr)


@given(policies())
def test_drawn_policies_meet_the_invariants(policy: Policy) -> None:
    verify_policy(policy)
