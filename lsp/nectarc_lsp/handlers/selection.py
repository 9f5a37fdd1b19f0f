"""Selection ranges."""

from __future__ import annotations

from lsprotocol import types

from nectarc_lsp.database.view import View
from nectarc_lsp.features.selection import selections
from nectarc_lsp.handlers.convert import to_offset, to_range
from nectarc_lsp.handlers.session import NectarcServer, handles


def register(server: NectarcServer) -> None:
    """Install the handler."""

    @handles(server, types.TEXT_DOCUMENT_SELECTION_RANGE)
    def selection_range(params: types.SelectionRangeParams) -> list[types.SelectionRange] | None:
        view = server.view(params.text_document.uri)
        if view is None:
            return None
        return [_chain(view, position, server.encoding) for position in params.positions]


def _chain(view: View, position: types.Position, encoding: str) -> types.SelectionRange:
    found: types.SelectionRange | None = None
    for source in reversed(selections(view, to_offset(position, view.text, encoding))):
        found = types.SelectionRange(range=to_range(source, view.text, encoding), parent=found)
    assert found is not None  # the document itself is always there
    return found
