"""Shapes of syntax trees: where bare span tests stand, what fits under one quantifier.

Owns: questions about trees. Must not know: types, texts, diagnostics.
Truth: docs/language.md, section 3 (trace-expr, span-expr).
"""

from __future__ import annotations

from typing import TypeGuard

from nectarc.syntax.ast import (
    And,
    AnyTest,
    BareTest,
    CompareOp,
    CompareTest,
    ExistsTest,
    Expr,
    HasRoot,
    InvalidExpr,
    IsRoot,
    MemberTest,
    Not,
    Or,
    Quantified,
    SpanCount,
    TextOp,
    TextTest,
)


def is_test(node: Expr) -> TypeGuard[AnyTest]:
    """Say whether the node is a test of a field."""
    return isinstance(node, BareTest | CompareTest | MemberTest | TextTest | ExistsTest)


def is_bare(node: Expr) -> bool:
    """Say whether the node is a test of no particular span, `is_root` included."""
    return isinstance(node, IsRoot) or (is_test(node) and not node.field.is_root)


def holds_bare(node: Expr) -> bool:
    """Say whether a bare span test stands in `node` outside of every quantifier."""
    if isinstance(node, And | Or):
        return any(holds_bare(operand) for operand in node.operands)
    if isinstance(node, Not):
        return holds_bare(node.operand)
    return is_bare(node)


def is_spannable(node: Expr) -> bool:
    """Say whether `node` may be the body of a quantifier."""
    if isinstance(node, And | Or):
        return all(is_spannable(operand) for operand in node.operands)
    if isinstance(node, Not):
        return is_spannable(node.operand)
    return not isinstance(node, HasRoot | SpanCount | Quantified | InvalidExpr)


def is_negative_test(node: Expr) -> bool:
    """Say whether the node is `!=`, `not in` or `not contains`, of whatever field."""
    match node:
        case CompareTest():
            return node.op is CompareOp.NE
        case MemberTest():
            return node.is_negated
        case TextTest():
            return node.op is TextOp.NOT_CONTAINS
        case _:
            return False


def is_negative(node: Expr) -> bool:
    """Say whether the node is a bare negative test, or `!` of something with a bare test."""
    if isinstance(node, Not):
        return holds_bare(node.operand)
    return is_bare(node) and is_negative_test(node)


def holds_is_root(node: Expr) -> bool:
    """Say whether `is_root` stands in `node` outside of every quantifier."""
    if isinstance(node, And | Or):
        return any(holds_is_root(operand) for operand in node.operands)
    if isinstance(node, Not):
        return holds_is_root(node.operand)
    return isinstance(node, IsRoot)
