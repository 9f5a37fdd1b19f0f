"""Semantic tokens: of the document, of a range (whole rows), what changed since the last answer.

Owns: the last answer of each document. Must not know: what is coloured how.
"""

from __future__ import annotations

from itertools import count

from lsprotocol import types

from nectarc_lsp.features.token_data import data_edits, token_data
from nectarc_lsp.features.tokens import LEGEND_MODIFIERS, LEGEND_TYPES, RowMemory, dead_names, pieces
from nectarc_lsp.handlers.convert import to_span
from nectarc_lsp.handlers.session import NectarcServer, handles

_LEGEND = types.SemanticTokensLegend(
    token_types=list(LEGEND_TYPES), token_modifiers=list(LEGEND_MODIFIERS)
)


def register(server: NectarcServer) -> None:
    """Install the handlers."""
    numbers = count(1)
    memory = RowMemory()
    dead: dict[str, frozenset[int]] = {}
    answered: dict[str, tuple[str, tuple[int, ...]]] = {}

    def answer(uri: str) -> tuple[str, tuple[int, ...]] | None:
        view = server.policy(uri)
        if view is None:
            answered.pop(uri, None)
            return None
        data = token_data(pieces(view, memory), view.text, server.encoding)
        answered[uri] = (str(next(numbers)), data)
        return answered[uri]

    # One registration serves both requests: pygls gives these options to all three.
    @handles(server, types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, _LEGEND)
    def full(params: types.SemanticTokensParams) -> types.SemanticTokens | None:
        found = answer(params.text_document.uri)
        return None if found is None else types.SemanticTokens(list(found[1]), found[0])

    @handles(server, types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL_DELTA)
    def delta(
        params: types.SemanticTokensDeltaParams,
    ) -> types.SemanticTokens | types.SemanticTokensDelta | None:
        before = answered.get(params.text_document.uri)
        found = answer(params.text_document.uri)
        if found is None:
            return None
        if before is None or before[0] != params.previous_result_id:
            return types.SemanticTokens(list(found[1]), found[0])
        edits = [
            types.SemanticTokensEdit(start=one.start, delete_count=one.removed, data=list(one.data))
            for one in data_edits(before[1], found[1])
        ]
        return types.SemanticTokensDelta(edits=edits, result_id=found[0])

    @handles(server, types.TEXT_DOCUMENT_SEMANTIC_TOKENS_RANGE, _LEGEND)
    def in_range(params: types.SemanticTokensRangeParams) -> types.SemanticTokens | None:
        view = server.policy(params.text_document.uri)
        if view is None:
            return None
        wanted = to_span(params.range, view.text, server.encoding)
        found = [
            one
            for one in pieces(view, memory)
            if one.start < wanted.end and one.start + len(one.piece.text) > wanted.start
        ]
        return types.SemanticTokens(list(token_data(found, view.text, server.encoding)))

    def forget(uri: str) -> None:
        answered.pop(uri, None)
        dead.pop(uri, None)

    def learnt(uri: str) -> None:
        """Ask the client to colour anew where another rule has turned out to be dead."""
        view = server.policy(uri)
        found = frozenset() if view is None else dead_names(view)
        if dead.get(uri, frozenset()) != found and _can_refresh(server):
            server.workspace_semantic_tokens_refresh(None)
        dead[uri] = found

    server.on_close.append(forget)
    server.on_knowledge.append(learnt)


def _can_refresh(server: NectarcServer) -> bool:
    workspace = server.capabilities.workspace
    wanted = workspace.semantic_tokens if workspace is not None else None
    return wanted is not None and wanted.refresh_support is True
