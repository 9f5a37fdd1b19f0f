"""Hover requests."""

from __future__ import annotations

from lsprotocol import types

from nectarc_lsp.features.hover import hover_at
from nectarc_lsp.features.markdown import plain
from nectarc_lsp.handlers.convert import to_offset, to_range
from nectarc_lsp.handlers.session import NectarcServer, handles


def register(server: NectarcServer) -> None:
    """Install the handler."""

    @handles(server, types.TEXT_DOCUMENT_HOVER)
    def hover(params: types.HoverParams) -> types.Hover | None:
        view = server.view(params.text_document.uri)
        if view is None:
            return None
        found = hover_at(view, to_offset(params.position, view.text, server.encoding))
        if found is None:
            return None
        return types.Hover(
            contents=_content(server, found.markdown),
            range=to_range(found.source, view.text, server.encoding),
        )


def _content(server: NectarcServer, markdown: str) -> types.MarkupContent:
    document = server.capabilities.text_document
    wanted = document.hover.content_format if document and document.hover else None
    if wanted and wanted[0] == types.MarkupKind.PlainText:
        return types.MarkupContent(kind=types.MarkupKind.PlainText, value=plain(markdown))
    return types.MarkupContent(kind=types.MarkupKind.Markdown, value=markdown)
