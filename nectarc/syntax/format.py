"""The canonical text of a policy file: its cells through their trees, the rest as TOON prints it.

Owns: which cells are rewritten, the check that nothing changed its meaning. Must not know: how a
tree or TOON is printed. Truth: docs/language.md, section 2 (the author's form is kept).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from nectarc.diagnostic import Diagnostic, InternalError
from nectarc.records import replace
from nectarc.source import SourceText
from nectarc.syntax.parser import parse_action, parse_match, parse_require
from nectarc.syntax.policy import SECTIONS, parse_policy, policy_object
from nectarc.syntax.tree_text import format_action, format_expr, format_require
from nectarc.toon import print_document, read
from nectarc.toon.document import Array, Document, Entry, Node, Object, Scalar

__all__ = ["format_action", "format_expr", "format_policy", "format_require"]


def format_policy(document: Document) -> tuple[str, tuple[Diagnostic, ...]]:
    """Return the canonical text of a policy that TOON read without mistakes, and the findings.

    The author's form of TOON and the comments stay; cells with a finding stay as they are. The text
    of the result is itself canonical.
    fails: InternalError when the text does not read back as the document that was printed.
    """
    file = document.root.source.file
    _, found = parse_policy(document, file)
    canonical = _canonical_document(document)
    text = print_document(canonical)
    again, mistakes = read(SourceText.of(file, text))
    if mistakes or again.root != canonical.root:
        raise InternalError(f"the formatted text of {file} reads otherwise: {mistakes[:1]}")
    return text, found


# Section -> column -> the canonical text of the cell, None where it cannot be read.
_Formatter = Callable[[Scalar], "str | None"]


def _match(cell: Scalar) -> str | None:
    tree, found = parse_match(cell)
    if found:
        return None
    text = format_expr(tree)
    _compare(parse_match(_cell(cell, text)), tree, text)
    return text


def _action(cell: Scalar) -> str | None:
    tree, found = parse_action(cell)
    if found or tree is None:
        return None
    text = format_action(tree)
    _compare(parse_action(_cell(cell, text)), tree, text)
    return text


def _require(cell: Scalar) -> str | None:
    tree, found = parse_require(cell)
    if found or tree is None:
        return None
    text = format_require(tree)
    _compare(parse_require(_cell(cell, text)), tree, text)
    return text


_FORMATTERS: Final[dict[str, dict[str, _Formatter]]] = {
    "rules": {"match": _match, "action": _action},
    "invariants": {"when": _match, "require": _require},
    "tests": {"action": _action},
}


def _compare(result: tuple[object, tuple[Diagnostic, ...]], tree: object, text: str) -> None:
    again, found = result
    if found or again != tree:
        raise InternalError(f"a cell does not read back as it was printed: {text!r}")


def _cell(cell: Scalar, text: str) -> Scalar:
    if text == cell.text:
        return cell
    # `true` is the one match that TOON decodes to something else than its text.
    value = {"true": True, "false": False}.get(text, text)
    return Scalar(value=value, text=text, source=cell.source, is_quoted=cell.is_quoted)


def _canonical_document(document: Document) -> Document:
    body = policy_object(document.root)
    if body is None:
        return document
    entries = tuple(
        Entry(key=entry.key, value=_section(entry.value, _FORMATTERS[entry.key.text]))
        if entry.key.text in SECTIONS and entry.key.text in _FORMATTERS
        else entry
        for entry in body.entries
    )
    changed = replace(body, entries=entries)
    if body is document.root:
        return replace(document, root=changed)
    root = document.root
    assert isinstance(root, Object)  # `policy_object` found its wrapper
    outer = tuple(
        Entry(key=entry.key, value=changed) if entry.value is body else entry
        for entry in root.entries
    )
    return replace(document, root=replace(root, entries=outer))


def _section(node: Node, formatters: dict[str, _Formatter]) -> Node:
    if not isinstance(node, Array):
        return node
    items = tuple(
        _row(item, formatters) if isinstance(item, Object) else item for item in node.items
    )
    return replace(node, items=items)


def _row(row: Object, formatters: dict[str, _Formatter]) -> Object:
    entries = tuple(
        Entry(key=entry.key, value=_rewritten(entry.value, formatters[entry.key.text]))
        if entry.key.text in formatters
        else entry
        for entry in row.entries
    )
    return replace(row, entries=entries)


def _rewritten(node: Node, formatter: _Formatter) -> Node:
    if not isinstance(node, Scalar):
        return node
    text = formatter(node)
    return node if text is None else _cell(node, text)
