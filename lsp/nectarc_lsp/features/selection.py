"""What a growing selection takes in: token, test, operands, cell, row, table, document.

Owns: the steps. Must not know: the protocol.
"""

from __future__ import annotations

from collections.abc import Iterator

from nectarc.source import SourceSpan
from nectarc.toon.document import Array, Node, Object, ObjectForm
from nectarc_lsp.database.view import Kind, View
from nectarc_lsp.features.cell_tokens import token_at
from nectarc_lsp.features.manifest import setting_places, value_source
from nectarc_lsp.features.nodes import Cell, cell_at, path_at
from nectarc_lsp.features.symbols import symbols
from nectarc_lsp.features.trees import is_in
from nectarc_lsp.features.yaml_places import yaml_path


def selections(view: View, offset: int) -> tuple[SourceSpan, ...]:
    """Return places around `offset`, innermost first; each is larger than the one before it."""
    whole = view.text.span(0, len(view.text.text))
    found = [one for one in _around(view, offset) if one.start <= offset <= one.end]
    kept: list[SourceSpan] = []
    inner: SourceSpan | None = None
    for one in (*sorted(found, key=lambda span: span.end - span.start), whole):
        holds = inner is None or (one.start <= inner.start and inner.end <= one.end)
        if holds and one != inner and one.end >= one.start:
            kept.append(one)
            inner = one
    return tuple(kept)


def _around(view: View, offset: int) -> Iterator[SourceSpan]:
    yield _line(view, offset)
    match view.kind:
        case Kind.POLICY:
            yield from _of_policy(view, offset)
        case Kind.MANIFEST:
            yield from _of_manifest(view)
        case Kind.RULES:
            tree = None if view.rules is None else view.rules.loaded.tree
            for step in () if tree is None else yaml_path(tree, offset):
                if step.key_source is not None:
                    yield step.key_source
                yield step.node.source
                yield step.source
        case Kind.OTHER:
            return


def _line(view: View, offset: int) -> SourceSpan:
    """Return the line without its indentation."""
    number = view.text.position(offset).line
    line = view.text.line(number)
    start = view.text.line_starts[number - 1]
    content = line.strip()
    if not content:
        return view.text.span(offset, offset)
    first = start + line.index(content[0])
    return view.text.span(first, first + len(content))


def _of_policy(view: View, offset: int) -> Iterator[SourceSpan]:
    for step in path_at(view, offset):
        yield step.source
    if view.checked is not None:
        yield from _nodes(view.checked.document.root, offset)
    cell = cell_at(view, offset)
    if cell is not None:
        yield from _of_cell(cell, offset)


def _nodes(node: Node, offset: int) -> Iterator[SourceSpan]:
    """Yield the tables and records around `offset`, and values with their keys."""
    if not is_in(offset, node.source):
        return
    yield node.source
    if isinstance(node, Array):
        for item in node.items:
            yield from _nodes(item, offset)
    elif isinstance(node, Object):
        for entry in node.entries:
            whole = entry.key.source.to(entry.value.source)
            is_beside = node.form is ObjectForm.PLAIN and is_in(offset, whole)
            if is_beside:
                yield whole
            yield from _nodes(entry.value, offset)


def _of_cell(cell: Cell, offset: int) -> Iterator[SourceSpan]:
    yield cell.scalar.span_of(0, len(cell.scalar.text))  # without quotes
    token = token_at(cell, offset)
    if token is not None:
        yield token.source


def _of_manifest(view: View) -> Iterator[SourceSpan]:
    found = setting_places(view)
    for one in found:
        yield one.source
        if one.table:
            yield value_source(view, one)
            yield one.value
            yield one.source.to(one.value)
    for symbol in symbols(view):
        yield symbol.source
