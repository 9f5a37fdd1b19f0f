"""Completion: what may be written at the cursor.

Owns: `complete`: which makers are asked at which place. Must not know: the protocol.
"""

from __future__ import annotations

from collections.abc import Iterator

from nectarc_lsp.database.view import Kind as DocumentKind
from nectarc_lsp.database.view import View
from nectarc_lsp.features.completion.actions import action_offers, require_offers
from nectarc_lsp.features.completion.cells import cell_offers
from nectarc_lsp.features.completion.columns import column_offers
from nectarc_lsp.features.completion.insertion import CellWriter
from nectarc_lsp.features.completion.manifests import complete_manifest
from nectarc_lsp.features.completion.matches import match_offers
from nectarc_lsp.features.completion.offers import NOTHING, Completion, Offer
from nectarc_lsp.features.completion.tables import blank_offers, row_offers, section_offers
from nectarc_lsp.features.completion.writer import Writer
from nectarc_lsp.features.places import place_at
from nectarc_lsp.features.places_action import action_place
from nectarc_lsp.features.places_kinds import (
    BlankPlace,
    CellPlace,
    ColumnPlace,
    SectionPlace,
)
from nectarc_lsp.features.places_match import match_place
from nectarc_lsp.features.places_typed import Typed

# The most that a cell may hold to be looked into on a keystroke.
_LENGTH_MAX = 20_000


def complete(view: View, offset: int) -> Completion:
    """Return the offers at an offset. Never raises; far below 20 ms on two hundred rules."""
    if view.kind is DocumentKind.MANIFEST:
        return complete_manifest(view, offset)
    if view.kind is not DocumentKind.POLICY:
        return NOTHING
    place = place_at(view, offset)
    match place:
        case CellPlace():
            return _cell(view, place, offset)
        case SectionPlace():
            return section_offers(view, place, offset)
        case ColumnPlace():
            return column_offers(view, place, offset)
        case BlankPlace():
            return blank_offers(view, place, offset)
        case _:
            return NOTHING


def _cell(view: View, place: CellPlace, offset: int) -> Completion:
    cell = place.cell
    if cell.at < 0 or len(cell.text) > _LENGTH_MAX:
        return NOTHING
    header = place.header
    is_first = header is not None and header.names[:1] == (place.column,)
    writer = CellWriter(cell, place.delimiter, is_first=is_first or header is None)
    closing = place.delimiter.value if place.delimiter is not None and not cell.is_quoted else ""
    match place.section, place.column:
        case ("rules", "match") | ("invariants", "when"):
            found = match_place(cell.text, cell.at)
            follows = cell.text[found.typed.end :]
            return match_offers(view, found, Writer(writer, found.typed, offset), follows)
        case ("rules", "action"):
            action = action_place(cell.text, cell.at)
            return action_offers(view, action, Writer(writer, action.typed, offset, closing))
        case ("invariants", "require"):
            require = action_place(cell.text, cell.at, "require")
            return require_offers(require, Writer(writer, require.typed, offset, closing))
        case _:
            text = cell.text.rstrip(" ")
            end = max(len(text), cell.at)
            typed = Typed(start=0, at=cell.at, end=end, prefix=cell.text[: cell.at])
            whole = cell_offers(view, place, Writer(writer, typed, offset, closing))
            rows = tuple(_rows(view, place, offset))
            return Completion((*whole.offers, *rows), whole.is_incomplete) if rows else whole


def _rows(view: View, place: CellPlace, offset: int) -> Iterator[Offer]:
    """Yield a whole row where only a word of its first cell is typed."""
    header, cell = place.header, place.cell
    is_alone = not place.others and not cell.is_quoted and cell.text.isidentifier()
    if header is not None and is_alone and header.names[:1] == (place.column,):
        yield from row_offers(view, header, place.row, cell.source, offset)
