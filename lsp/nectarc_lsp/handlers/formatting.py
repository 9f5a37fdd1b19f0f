"""Formatting requests: the document, a range, after a new line.

The client's options (tab size) are passed by: TOON has two spaces a level.
"""

from __future__ import annotations

from lsprotocol import types

from nectarc_lsp.features.format_edits import format_edits, format_newline, format_range
from nectarc_lsp.handlers.convert import to_edits, to_offset, to_span
from nectarc_lsp.handlers.session import NectarcServer, handles


def register(server: NectarcServer) -> None:
    """Install the handlers."""

    @handles(server, types.TEXT_DOCUMENT_FORMATTING)
    def formatting(params: types.DocumentFormattingParams) -> list[types.TextEdit] | None:
        view = server.policy(params.text_document.uri)
        if view is None:
            return None
        return to_edits(format_edits(view), view.text, server.encoding)

    @handles(server, types.TEXT_DOCUMENT_RANGE_FORMATTING)
    def range_formatting(
        params: types.DocumentRangeFormattingParams,
    ) -> list[types.TextEdit] | None:
        view = server.policy(params.text_document.uri)
        if view is None:
            return None
        wanted = to_span(params.range, view.text, server.encoding)
        return to_edits(format_range(view, wanted.start, wanted.end), view.text, server.encoding)

    @handles(
        server,
        types.TEXT_DOCUMENT_ON_TYPE_FORMATTING,
        types.DocumentOnTypeFormattingOptions(first_trigger_character="\n"),
    )
    def on_type_formatting(
        params: types.DocumentOnTypeFormattingParams,
    ) -> list[types.TextEdit] | None:
        view = server.policy(params.text_document.uri)
        if view is None:
            return None
        offset = to_offset(params.position, view.text, server.encoding)
        return to_edits(format_newline(view, offset), view.text, server.encoding)
