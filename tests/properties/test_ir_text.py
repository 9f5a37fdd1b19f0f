"""The text form of the IR loses nothing but places."""

from __future__ import annotations

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
from nectarc.records import field_names
from tests.ir_strategies import policies, span_exprs, trace_exprs


def everything(node: object) -> object:
    """Return a record with all its fields, those that `==` ignores included, as tuples."""
    if isinstance(node, tuple):
        return tuple(everything(one) for one in node)
    names = field_names(node)
    return (type(node), *(everything(getattr(node, name)) for name in names)) if names else node


@given(policies())
def test_a_printed_policy_reads_back_with_every_part(policy: Policy) -> None:
    read = parse_policy_text(print_policy(policy))

    # `==` ignores names, priorities, descriptions and shares; tuples ignore nothing.
    assert everything(read) == everything(policy)


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
    assert everything(parse_expr(print_expr(expr))) == everything(expr)


@given(span_exprs())
def test_a_printed_span_expression_reads_back(expr: SpanExpr) -> None:
    assert everything(parse_span_expr(print_expr(expr))) == everything(expr)


@given(policies())
def test_drawn_policies_meet_the_invariants(policy: Policy) -> None:
    verify_policy(policy)
