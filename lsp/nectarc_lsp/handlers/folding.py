"""Folding ranges."""

from __future__ import annotations

from typing import Final

from lsprotocol import types

from nectarc_lsp.features.folding import FoldKind, folds
from nectarc_lsp.handlers.session import NectarcServer, handles

_KINDS: Final = {
    FoldKind.REGION: types.FoldingRangeKind.Region,
    FoldKind.COMMENT: types.FoldingRangeKind.Comment,
}


def register(server: NectarcServer) -> None:
    """Install the handler."""

    @handles(server, types.TEXT_DOCUMENT_FOLDING_RANGE)
    def folding_range(params: types.FoldingRangeParams) -> list[types.FoldingRange] | None:
        view = server.view(params.text_document.uri)
        if view is None:
            return None
        return [
            types.FoldingRange(
                start_line=one.first - 1, end_line=one.last - 1, kind=_KINDS[one.kind]
            )
            for one in folds(view)
        ]
