"""Formatting requests."""

from __future__ import annotations

from lsprotocol import types

from nectarc.formatting import format_text
from nectarc_lsp.handlers.convert import whole
from nectarc_lsp.handlers.session import NectarcServer, handles


def register(server: NectarcServer) -> None:
    """Install the handlers."""

    @handles(server, types.TEXT_DOCUMENT_FORMATTING)
    def formatting(params: types.DocumentFormattingParams) -> list[types.TextEdit] | None:
        view = server.policy(params.text_document.uri)
        if view is None:
            return None
        formatted = format_text(view.text).text
        if formatted is None or formatted == view.text.text:
            return None
        return [types.TextEdit(range=whole(view.text, server.encoding), new_text=formatted)]
