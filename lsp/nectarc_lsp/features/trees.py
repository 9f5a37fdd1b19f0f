"""The syntax tree inside a cell: what is below a node, and what is around an offset.

Owns: walking. Must not know: the protocol, documents. Truth: nectarc/syntax/ast.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from nectarc.source import SourceSpan
from nectarc.syntax import ast

Tree: TypeAlias = "ast.Expr | ast.Action | ast.Require"
TreeNode: TypeAlias = "Tree | ast.FieldName | ast.Literal | ast.Argument | ast.Ratio"


def tree_path(tree: Tree, offset: int) -> tuple[TreeNode, ...]:
    """Return the nodes of a cell's tree around `offset`, outermost first."""
    path: list[TreeNode] = []
    node: TreeNode | None = tree if is_in(offset, tree.source) else None
    while node is not None:
        path.append(node)
        around = [one for one in children(node) if is_in(offset, one.source)]
        # Between two that touch, the one that begins at the cursor is meant.
        node = next((one for one in around if offset < one.source.end), None)
        node = node if node is not None or not around else around[0]
    return tuple(path)


def children(node: TreeNode) -> tuple[TreeNode, ...]:
    """Return the nodes just below `node`, in order of writing."""
    match node:
        case ast.And() | ast.Or():
            return node.operands
        case ast.Not():
            return (node.operand,)
        case ast.Quantified():
            return (node.body,)
        case ast.CompareTest() | ast.TextTest():
            return (node.field, node.literal)
        case ast.MemberTest():
            return (node.field, *node.literals)
        case ast.BareTest() | ast.ExistsTest():
            return (node.field,)
        case ast.SpanCount():
            return (node.literal,)
        case ast.Action():
            ratio = () if node.ratio is None else (node.ratio,)
            return (*ratio, *node.arguments)
        case ast.Argument():
            return node.value if isinstance(node.value, tuple) else (node.value,)
        case _:
            return ()


def walk(node: TreeNode) -> Iterator[TreeNode]:
    """Yield `node` and all below it, in order of writing."""
    yield node
    for child in children(node):
        yield from walk(child)


def is_in(offset: int, source: SourceSpan) -> bool:
    """Say whether `offset` is inside, or at either end."""
    return source.start <= offset <= source.end
