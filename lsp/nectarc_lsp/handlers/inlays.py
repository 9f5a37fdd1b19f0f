"""Inlay hints: units, real rates, what is kept."""

from __future__ import annotations

from lsprotocol import types

from nectarc.source import SourceText
from nectarc_lsp.features.inlays import Hint, hints
from nectarc_lsp.handlers.convert import to_edits, to_position, to_span
from nectarc_lsp.handlers.refreshing import refresh_on_knowledge
from nectarc_lsp.handlers.session import NectarcServer, handles


def register(server: NectarcServer) -> None:
    """Install the handlers."""

    @handles(server, types.TEXT_DOCUMENT_INLAY_HINT)
    def inlay_hint(params: types.InlayHintParams) -> list[types.InlayHint] | None:
        view = server.policy(params.text_document.uri)
        if view is None or not server.settings.inlay_hints:
            return None
        place = to_span(params.range, view.text, server.encoding)
        found = hints(view, place, has_lenses=has_lenses())
        return [_to_hint(one, view.text, server.encoding) for one in found]

    def has_lenses() -> bool:
        document = server.capabilities.text_document
        can_show = document is not None and document.code_lens is not None
        return can_show and server.settings.code_lens

    def can_refresh() -> bool:
        workspace = server.capabilities.workspace
        return workspace is not None and bool(
            workspace.inlay_hint and workspace.inlay_hint.refresh_support
        )

    async def refresh() -> None:
        await server.workspace_inlay_hint_refresh_async(None)

    refresh_on_knowledge(server, can_refresh, refresh)


def _to_hint(hint: Hint, text: SourceText, encoding: str) -> types.InlayHint:
    tooltip = types.MarkupContent(types.MarkupKind.Markdown, hint.tooltip)
    return types.InlayHint(
        position=to_position(hint.offset, text, encoding),
        label=hint.label,
        padding_left=True,
        tooltip=tooltip if hint.tooltip else None,
        text_edits=to_edits([hint.edit], text, encoding) if hint.edit is not None else None,
    )
