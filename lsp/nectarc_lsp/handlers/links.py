"""Document links."""

from __future__ import annotations

from pathlib import Path

from lsprotocol import types

from nectarc_lsp.features.links import links
from nectarc_lsp.handlers.convert import to_range
from nectarc_lsp.handlers.session import NectarcServer, handles


def register(server: NectarcServer) -> None:
    """Install the handler."""

    @handles(server, types.TEXT_DOCUMENT_DOCUMENT_LINK)
    def document_link(params: types.DocumentLinkParams) -> list[types.DocumentLink] | None:
        view = server.view(params.text_document.uri)
        if view is None:
            return None
        return [
            types.DocumentLink(
                range=to_range(one.source, view.text, server.encoding),
                target=one.address or Path(one.path).as_uri(),
                tooltip=one.tooltip if _has_tooltips(server) else None,
            )
            for one in links(view)
        ]


def _has_tooltips(server: NectarcServer) -> bool:
    document = server.capabilities.text_document
    wanted = document.document_link if document is not None else None
    return wanted is not None and wanted.tooltip_support is True
