"""What the name at the cursor names, and every place of the policy that names the same.

Owns: which names are one. Must not know: the protocol, how names are changed.
Truth: docs/language.md, sections 2 and 3 ("Names"): a declared field is its row and the reads by
that name; what no row declares is a span field, wherever it is named literally.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Final

from nectarc.records import record
from nectarc.semantics.fields import ALIASES
from nectarc.source import SourceSpan
from nectarc_lsp.database.view import Kind, View
from nectarc_lsp.features.field_uses import FieldUse, Use, declared, field_uses, use_at
from nectarc_lsp.features.nodes import Cell, cell_at, places


class Named(Enum):
    """What a name names."""

    RULE = "rule"
    INVARIANT = "invariant"
    TEST = "test"
    POLICY = "policy"
    FIELD = "field"  # declared by a row of `fields`
    SPAN_FIELD = "span field"  # what senders write: by its own name
    BUILT_IN = "built-in name"  # reads several span fields, or one of another name
    ENVIRONMENT = "target"  # of Refinery, in the manifest


@record
class Target:
    """A name. `source`: where it was pointed at, without quotes, backticks and `root.`."""

    named: Named
    name: str
    source: SourceSpan


@record(kw_only=True)
class Occurrence:
    """A place that names a target.

    source:  the name alone.   is_declaration: it is what makes the name.
    cell:    whose whole text the name is; None where it is a token or a key.
    use:     of a field.
    """

    source: SourceSpan
    is_declaration: bool = False
    cell: Cell | None = None
    use: FieldUse | None = None


_NAMES: Final = {
    ("rules", "name"): Named.RULE,
    ("tests", "expect"): Named.RULE,
    ("invariants", "name"): Named.INVARIANT,
    ("tests", "name"): Named.TEST,
    ("name", ""): Named.POLICY,
}


def target_at(view: View, offset: int) -> Target | None:
    """Return what is named at `offset`, or just before it."""
    if view.kind is not Kind.POLICY:
        return None
    cell = cell_at(view, offset)
    named = None if cell is None else _NAMES.get((cell.section, cell.column))
    if cell is not None and named is not None:
        return Target(named, cell.scalar.text, inside(cell)) if cell.scalar.text.strip() else None
    use = use_at(view, offset)
    return None if use is None else Target(named_by(view, use), use.name, use.name_source)


def named_by(view: View, use: FieldUse) -> Named:
    """Return what kind of name the use of a field is."""
    if use.use is Use.DECLARED:
        return Named.FIELD
    if use.use is not Use.READ:
        return Named.SPAN_FIELD
    if declared(view).is_declared(use.name) and (not use.is_quoted or _is_itself(view, use.name)):
        return Named.FIELD
    if use.is_quoted:
        return Named.SPAN_FIELD
    return Named.BUILT_IN if use.name in ALIASES else Named.SPAN_FIELD


def _is_itself(view: View, name: str) -> bool:
    """Say whether a declared name reads just the span field of that name, as in backticks."""
    field = declared(view).find(name, is_quoted=False)
    return field is not None and field.spellings == (name,)


def occurrences(view: View, target: Target) -> tuple[Occurrence, ...]:
    """Return all places in order."""
    if target.named in {Named.FIELD, Named.SPAN_FIELD, Named.BUILT_IN}:
        found = (
            Occurrence(source=one.name_source, is_declaration=one.use is Use.DECLARED, use=one)
            for one in field_uses(view)
            if one.name == target.name and named_by(view, one) is target.named
        )
        return tuple(found)
    return tuple(
        Occurrence(source=inside(cell), is_declaration=cell.column != "expect", cell=cell)
        for cell in name_cells(view, target.named)
        if cell.scalar.text == target.name
    )


def name_cells(view: View, named: Named) -> Iterator[Cell]:
    """Yield the cells whose text is a name of that kind."""
    for cell in places(view).cells:
        if _NAMES.get((cell.section, cell.column)) is named and cell.scalar.text.strip():
            yield cell


def inside(cell: Cell) -> SourceSpan:
    """Return the place of a cell's text, without quotes."""
    return cell.scalar.span_of(0, len(cell.scalar.text))
