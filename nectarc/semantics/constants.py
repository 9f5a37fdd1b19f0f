"""Matches that are the same for every trace, seen without a prover.

Owns: constant folding of `true` and `false`. Must not know: rules.
"""

from __future__ import annotations

from nectarc.ir import nodes as ir


def constant_value(expr: ir.TraceExpr | ir.SpanExpr) -> bool | None:
    """Return what the expression is for every trace, None where it depends (or is not plain)."""
    match expr:
        case ir.Constant():
            return expr.value
        case ir.Not() | ir.SpanNot():
            value = constant_value(expr.operand)
            return None if value is None else not value
        case ir.And() | ir.SpanAnd():
            values = [constant_value(one) for one in expr.operands]
            return False if False in values else (None if None in values else True)
        case ir.Or() | ir.SpanOr():
            values = [constant_value(one) for one in expr.operands]
            return True if True in values else (None if None in values else False)
        case ir.AnySpan():
            return constant_value(expr.body)
        case _:
            return None
