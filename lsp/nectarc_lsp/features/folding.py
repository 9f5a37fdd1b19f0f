"""What can be folded: tables, tests, wrapped policies, comments; rules in YAML, tables in TOML.

Owns: the lines. Must not know: the protocol.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from nectarc.refinery.yaml_nodes import YamlNode, YamlScalar
from nectarc.source import SourceText
from nectarc.toon.document import Array, Node, Object
from nectarc_lsp.database.view import Kind, View
from nectarc_lsp.features.symbols import symbols
from nectarc_lsp.features.yaml_places import steps_of


class FoldKind(Enum):
    """What is folded."""

    REGION = "region"
    COMMENT = "comment"


class Fold(NamedTuple):
    """Lines from 1; `first` stays visible, `last` is hidden with those between."""

    first: int
    last: int
    kind: FoldKind = FoldKind.REGION


def folds(view: View) -> tuple[Fold, ...]:
    """Return what can be folded, sorted; of two that begin on one line the larger."""
    return view.derive(_folds)


def _folds(view: View) -> tuple[Fold, ...]:
    largest: dict[int, Fold] = {}
    for one in _all(view):
        known = largest.get(one.first)
        if one.last > one.first and (known is None or one.last > known.last):
            largest[one.first] = one
    return tuple(sorted(largest.values()))


def _all(view: View) -> Iterator[Fold]:
    yield from _comments(view.text)
    match view.kind:
        case Kind.POLICY:
            if view.checked is not None:
                yield from _of_toon(view.checked.document.root, view.text)
        case Kind.MANIFEST:
            for one in symbols(view):
                yield _fold(view.text, one.source.start, one.source.end)
        case Kind.RULES:
            tree = None if view.rules is None else view.rules.loaded.tree
            if tree is not None:
                yield from _of_yaml(tree, view.text)
        case Kind.OTHER:
            return


def _fold(text: SourceText, start: int, end: int) -> Fold:
    """Return the fold of `[start, end)`; blank lines and lines of comments at its end stay out."""
    first = text.position(start).line
    last = text.position(max(start, end)).line
    while last > first:
        line = text.line(last).strip()
        begins_behind = text.line_starts[last - 1] >= end
        if line and not line.startswith("#") and not begins_behind:
            break
        last -= 1
    return Fold(first, last)


def _of_toon(node: Node, text: SourceText) -> Iterator[Fold]:
    match node:
        case Array():
            yield _fold(text, node.source.start, node.source.end)
            for item in node.items:
                if isinstance(item, Object):
                    yield _fold(text, item.source.start, item.source.end)
                yield from _of_toon(item, text)
        case Object():
            for entry in node.entries:
                if isinstance(entry.value, Object | Array):
                    start = min(entry.key.source.start, entry.value.source.start)
                    if not _is_in_header(node, entry.key.source.start):
                        yield _fold(text, start, entry.value.source.end)
                yield from _of_toon(entry.value, text)
        case _:
            return


def _is_in_header(node: Object, start: int) -> bool:
    """Say whether a key stands in the record's header, away from its value."""
    return node.header is not None and node.header.start <= start < node.header.end


def _of_yaml(node: YamlNode, text: SourceText) -> Iterator[Fold]:
    pending = [node]
    seen: set[int] = set()
    while pending:
        one = pending.pop()
        if id(one) in seen:
            continue  # an alias
        seen.add(id(one))
        for step in steps_of(one):
            if not isinstance(step.node, YamlScalar) and step.source.file == text.file:
                yield _fold(text, step.source.start, step.source.end)
            pending.append(step.node)


def _comments(text: SourceText) -> Iterator[Fold]:
    first = 0
    for number in range(1, len(text.line_starts) + 2):
        is_comment = number <= len(text.line_starts) and text.line(number).lstrip().startswith("#")
        if is_comment and not first:
            first = number
        elif not is_comment and first:
            yield Fold(first, number - 1, FoldKind.COMMENT)
            first = 0
