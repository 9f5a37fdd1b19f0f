"""Semantic tokens: of the document, of a range, and what changed since the last answer.

Owns: the last answer of each document. Must not know: what is coloured how.
"""

from __future__ import annotations

from itertools import count

from lsprotocol import types

from nectarc_lsp.features.tokens import (
    LEGEND_MODIFIERS,
    LEGEND_TYPES,
    data_edits,
    token_data,
    tokens,
    tokens_between,
)
from nectarc_lsp.handlers.convert import to_span
from nectarc_lsp.handlers.session import NectarcServer, handles

_LEGEND = types.SemanticTokensLegend(
    token_types=list(LEGEND_TYPES), token_modifiers=list(LEGEND_MODIFIERS)
)


def register(server: NectarcServer) -> None:
    """Install the handlers."""
    numbers = count(1)
    answered: dict[str, tuple[str, tuple[int, ...]]] = {}

    def answer(uri: str) -> tuple[str, tuple[int, ...]] | None:
        view = server.policy(uri)
        if view is None:
            answered.pop(uri, None)
            return None
        data = token_data(tokens(view), view.text, server.encoding)
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
        found = tokens_between(view, wanted.start, wanted.end)
        return types.SemanticTokens(list(token_data(found, view.text, server.encoding)))

    def forget(uri: str) -> None:
        answered.pop(uri, None)

    server.on_close.append(forget)
