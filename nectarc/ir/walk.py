"""What stands in an expression of the IR: its tests and fields, in order of writing.

Owns: traversal. Must not know: what any test means. Truth: nectarc/ir/nodes.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from nectarc.ir.nodes import (
    And,
    AnySpan,
    Constant,
    Field,
    HasRoot,
    IsRoot,
    Not,
    Or,
    RootTest,
    SpanAnd,
    SpanCount,
    SpanExpr,
    SpanNot,
    SpanOr,
    SpanTest,
    Test,
    TraceExpr,
)


def leaves_of(expr: TraceExpr | SpanExpr) -> Iterator[TraceExpr | SpanExpr]:
    """Yield the tests, constants and facts of `expr`, from left to right, with repetitions."""
    match expr:
        case And() | Or() | SpanAnd() | SpanOr():
            for operand in expr.operands:
                yield from leaves_of(operand)
        case Not() | SpanNot():
            yield from leaves_of(expr.operand)
        case AnySpan():
            yield from leaves_of(expr.body)
        case SpanTest() | RootTest() | IsRoot() | HasRoot() | SpanCount() | Constant():
            yield expr
        case _:
            assert_never(expr)


def tests_of(expr: TraceExpr | SpanExpr) -> tuple[Test, ...]:
    """Return the distinct tests of `expr`, of spans and of the root, in order of writing."""
    leaves = leaves_of(expr)
    return tuple(dict.fromkeys(x.test for x in leaves if isinstance(x, SpanTest | RootTest)))


def fields_of(expr: TraceExpr | SpanExpr) -> tuple[Field, ...]:
    """Return the distinct fields of `expr`, in order of writing."""
    return tuple(dict.fromkeys(test.field for test in tests_of(expr)))
