"""Every place of a policy that names a field: matches, actions, `fields` rows, tests' columns.

Owns: the places and which span fields each reads. Must not know: the protocol.
Truth: docs/language.md, section 3, "Names"; nectarc/semantics/fields.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Final, NamedTuple

from nectarc.ir.nodes import Field
from nectarc.semantics.conventions import conventional_type
from nectarc.semantics.fields import FieldTable
from nectarc.semantics.types import TYPE_NAMES
from nectarc.source import SourceSpan
from nectarc_lsp.database.view import View
from nectarc_lsp.features.cell_tokens import Part, holds_tokens, pieces_of
from nectarc_lsp.features.nodes import Cell, KeyPlace, KeyRole, cell_at, key_at, places

_ROOT: Final = "root."
_ROOT_COLUMN: Final = "root"


class Use(Enum):
    """How a place names a field."""

    READ = "read"  # in a match, an invariant, a sampler's `fields`: by its name in the policy
    DECLARED = "declared"  # the name of a `fields` row
    SPELLING = "spelling"  # in `from`: a span field, literally
    TEST = "test"  # a column of a test's spans: a span field, literally


class FieldUse(NamedTuple):
    """One place.

    name:    the field, without `root.` and backticks.
    source:  the whole token, `root.` and backticks included.
    name_source: the name alone.
    cell:    what it stands in; None for a column of a test.
    """

    name: str
    use: Use
    source: SourceSpan
    name_source: SourceSpan
    is_root: bool = False
    is_quoted: bool = False
    cell: Cell | None = None


def field_uses(view: View) -> tuple[FieldUse, ...]:
    """Return all places in order; made once a view."""
    return view.derive(_field_uses)


def use_at(view: View, offset: int) -> FieldUse | None:
    """Return the field named at `offset`, or just before it; looks at its row only."""
    cell, key = cell_at(view, offset), key_at(view, offset)
    uses = [] if cell is None else list(_of_cell(view, cell))
    if key is not None:
        uses += _of_key(key)
    near = [one for one in uses if one.source.start <= offset <= one.source.end]
    return max(near, key=lambda one: one.source.start, default=None)


def declared(view: View) -> FieldTable:
    """Return the policy's `fields` rows, resolved as the checker does, without its findings."""
    return view.derive(_declared)


def resolved(view: View, use: FieldUse) -> Field | None:
    """Return what a use reads; None where the row that declares it is wrong."""
    if use.use in {Use.SPELLING, Use.TEST}:
        return Field((use.name,), use.name, conventional_type(use.name))
    is_quoted = use.is_quoted and use.use is Use.READ
    return declared(view).find(use.name, is_quoted=is_quoted)


def read_token(text: str, source: SourceSpan) -> tuple[str, SourceSpan, bool, bool]:
    """Take a field's token apart: name, place of the name alone, is_root, is_quoted.

    text: of the file at `source`, so that lengths are those of the file.
    """
    start, end = source.start, source.end
    is_root = text.startswith(_ROOT)
    if is_root:
        text, start = text[len(_ROOT) :], start + len(_ROOT)
    is_quoted = text[:1] == "`"
    if is_quoted:
        text, start, end = text[1:-1], start + 1, end - 1
    return text, SourceSpan(source.file, start, max(start, end)), is_root, is_quoted


def _field_uses(view: View) -> tuple[FieldUse, ...]:
    found = places(view)
    uses = [use for cell in found.cells for use in _of_cell(view, cell)]
    for key in found.keys:
        uses += _of_key(key)
    return tuple(sorted(uses, key=lambda one: one.source.start))


def _of_cell(view: View, cell: Cell) -> Iterator[FieldUse]:
    scalar, text = cell.scalar, cell.scalar.text
    if holds_tokens(cell):
        for part, word, start, end in pieces_of(cell.column, text):
            if part is Part.FIELD:
                yield _read(view, cell, word, scalar.span_of(start, end))
        return
    use = _literal_use(cell)
    if use is not None and text.strip():
        inside = scalar.span_of(0, len(text))
        yield FieldUse(name=text, use=use, source=cell.source, name_source=inside, cell=cell)


def _read(view: View, cell: Cell, word: str, source: SourceSpan) -> FieldUse:
    written = view.text.text[source.start : source.end]
    _, place, is_root, is_quoted = read_token(written, source)
    return FieldUse(
        name=read_token(word, source)[0],
        use=Use.READ,
        source=source,
        name_source=place,
        is_root=is_root,
        is_quoted=is_quoted,
        cell=cell,
    )


def _of_key(place: KeyPlace) -> Iterator[FieldUse]:
    key = place.key
    if place.role is KeyRole.SPAN_FIELD and key.text != _ROOT_COLUMN:
        edge = 1 if key.is_quoted else 0
        inside = SourceSpan(key.source.file, key.source.start + edge, key.source.end - edge)
        yield FieldUse(name=key.text, use=Use.TEST, source=key.source, name_source=inside)


def _literal_use(cell: Cell) -> Use | None:
    if cell.section != "fields" or cell.row < 0:
        return None
    return {"name": Use.DECLARED, "from": Use.SPELLING}.get(cell.column)


def _declared(view: View) -> FieldTable:
    rows: dict[str, Field | None] = {}
    written = None if view.checked is None else view.checked.written
    for row in () if written is None else written.fields:
        name = row.name.text
        kind = TYPE_NAMES.get(row.type.text)
        spellings = tuple(dict.fromkeys(one.text for one in row.spellings)) or (name,)
        rows.setdefault(name, None if kind is None else Field(spellings, name, kind))
    return FieldTable(rows)
