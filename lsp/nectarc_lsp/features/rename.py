"""Renaming: every place that names the same, in the policy and where the manifest reads it.

Owns: the edits, quotes and backticks that a new name needs. Must not know: the protocol.
Truth: docs/language.md, sections 2 and 3. Nothing but names changes; what would is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nectarc.diagnostic import Edit
from nectarc.records import record
from nectarc.semantics.fields import ALIASES
from nectarc.syntax.literals import is_plain_name
from nectarc.toon.document import Delimiter
from nectarc.toon.encoder import encode_key, encode_primitive
from nectarc.toon.quotes import escape
from nectarc_lsp.database.view import Kind, View
from nectarc_lsp.features.cell_tokens import Part, pieces_of
from nectarc_lsp.features.field_uses import FieldUse, Use, declared
from nectarc_lsp.features.format_edits import applied
from nectarc_lsp.features.nodes import Cell
from nectarc_lsp.features.occurrences import Named, Target, occurrences, target_at
from nectarc_lsp.features.rename_checks import Refusal, refused_name, refused_result, refused_target
from nectarc_lsp.features.rename_manifest import manifest_edits, rename_target, target_in_manifest
from nectarc_lsp.features.safety_uses import safety_uses

_ROOT: Final = "root."
_BREAKING: Final = '"\n\r#:'  # what ends an unquoted cell, or makes another thing of it
_DELIMITERS: Final = {one.value: one for one in Delimiter}


@record(kw_only=True)
class Renaming:
    """The edits of a renaming. `note`: what else changes, "" for nothing."""

    edits: tuple[Edit, ...]
    note: str = ""


def prepare(view: View, offset: int) -> Target | Refusal | None:
    """Return the name to be renamed at `offset`; why it cannot be; None where there is no name."""
    if view.kind is Kind.MANIFEST:
        return target_in_manifest(view, offset)
    target = target_at(view, offset)
    return None if target is None else refused_target(view, target) or target


def rename(view: View, offset: int, new: str) -> Renaming | Refusal | None:
    """Return the edits that give the name at `offset` the name `new`."""
    if view.kind is Kind.MANIFEST:
        found = target_in_manifest(view, offset)
        if found is None or isinstance(found, Refusal):
            return found
        edits = rename_target(view, found, new)
        return edits if isinstance(edits, Refusal) else Renaming(edits=edits)
    target = target_at(view, offset)
    if target is None:
        return None
    new = _taken_apart(target, new)
    if new == target.name:
        return Renaming(edits=())
    refusal = refused_target(view, target) or refused_name(view, target, new)
    if refusal is not None:
        return refusal
    edits = tuple(_edits(view, target, new))
    refusal = refused_result(view, target, new, applied(view.text.text, list(edits)))
    if refusal is not None:
        return refusal
    if target.named is not Named.FIELD or not any(
        one.name == target.name for one in safety_uses(view)
    ):
        return Renaming(edits=edits)
    also = manifest_edits(view, target, new)
    if isinstance(also, Refusal):
        return also
    return Renaming(edits=(*edits, *also), note=f"`[safety]` in the manifest reads `{new}`, too")


def _taken_apart(target: Target, new: str) -> str:
    """Let a name of a field be given as it is written: with its `root.` or backticks."""
    if target.named not in {Named.FIELD, Named.SPAN_FIELD}:
        return new
    bare = new.strip()
    if len(bare) > 2 and bare[0] == bare[-1] == "`":
        return bare[1:-1]
    return new


def _edits(view: View, target: Target, new: str) -> Iterator[Edit]:
    by_cell: dict[int, tuple[Cell, list[FieldUse]]] = {}
    for one in occurrences(view, target):
        use = one.use
        if one.cell is not None:
            yield Edit(one.cell.source, _whole(one.cell, new))
        elif use is None or use.cell is None:
            yield Edit(one.source if use is None else use.source, encode_key(new))
        elif use.use is not Use.READ:
            yield Edit(use.cell.source, _whole(use.cell, new))
        else:
            by_cell.setdefault(use.cell.source.start, (use.cell, []))[1].append(use)
    for cell, uses in by_cell.values():
        yield from _in_cell(view, cell, uses, target, new)


def _in_cell(
    view: View, cell: Cell, uses: list[FieldUse], target: Target, new: str
) -> Iterator[Edit]:
    """Yield the edits of names in an expression; the whole cell where it has to be quoted."""
    written = {use.source.start: _written(view, use, target, new) for use in uses}
    is_plain = not any(
        cell.delimiter in name or any(mark in name for mark in _BREAKING)
        for name in written.values()
    )
    if cell.scalar.is_quoted or is_plain:
        for use in uses:
            name = written[use.source.start]
            yield Edit(use.source, escape(name)[1:-1] if cell.scalar.is_quoted else name)
        return
    parts: list[str] = []
    end = 0
    for part, _, start, stop in pieces_of(cell.column, cell.scalar.text):
        name = written.get(cell.scalar.span_of(start, stop).start, "")
        if part is Part.FIELD and name:
            parts += [cell.scalar.text[end:start], name]
            end = stop
    yield Edit(cell.source, escape("".join([*parts, cell.scalar.text[end:]])))


def _written(view: View, use: FieldUse, target: Target, new: str) -> str:
    """Return the token that reads the new name: bare where that says it, else in backticks."""
    prefix = _ROOT if use.is_root else ""
    is_bare = is_plain_name(new)
    if target.named is Named.SPAN_FIELD:
        is_bare = is_bare and new not in ALIASES and not declared(view).is_declared(new)
        is_bare = is_bare and not (use.is_quoted and is_plain_name(use.name))
    return f"{prefix}{new}" if is_bare else f"{prefix}`{new}`"


def _whole(cell: Cell, new: str) -> str:
    """Return a cell that holds a name alone; one that was quoted stays so."""
    if cell.scalar.is_quoted:
        return escape(new)
    return encode_primitive(new, _DELIMITERS.get(cell.delimiter, Delimiter.COMMA))
