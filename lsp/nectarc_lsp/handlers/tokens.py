"""Semantic tokens: of the document, of a range (whole rows), what changed since the last answer.

Owns: the last answer of each document. Must not know: what is coloured how.
"""

from __future__ import annotations

from itertools import count
from typing import NamedTuple

from lsprotocol import types

from nectarc_lsp.features.token_data import data_edits, token_data
from nectarc_lsp.features.tokens import (
    LEGEND_MODIFIERS,
    LEGEND_TYPES,
    RowMemory,
    dead_names,
    pieces,
)
from nectarc_lsp.handlers.convert import to_span
from nectarc_lsp.handlers.session import NectarcServer, handles

_LEGEND = types.SemanticTokensLegend(
    token_types=list(LEGEND_TYPES), token_modifiers=list(LEGEND_MODIFIERS)
)


class _Answer(NamedTuple):
    number: str
    data: tuple[int, ...]


class _Answers:
    """What each document was answered last, and which of its rules were told to be dead."""

    def __init__(self, server: NectarcServer) -> None:
        self._server = server
        self._numbers = count(1)
        self._memory = RowMemory()
        self._last: dict[str, _Answer] = {}
        self._dead: dict[str, frozenset[int]] = {}

    def last(self, uri: str) -> _Answer | None:
        """Return the last answer."""
        return self._last.get(uri)

    def next(self, uri: str) -> _Answer | None:
        """Return the answer of the document as it is now."""
        view = self._server.policy(uri)
        if view is None:
            self.forget(uri)
            return None
        data = token_data(pieces(view, self._memory), view.text, self._server.encoding)
        self._last[uri] = _Answer(str(next(self._numbers)), data)
        return self._last[uri]

    def between(self, uri: str, place: types.Range) -> tuple[int, ...] | None:
        """Return the tokens of the rows that a range touches."""
        view = self._server.policy(uri)
        if view is None:
            return None
        wanted = to_span(place, view.text, self._server.encoding)
        found = [
            one
            for one in pieces(view, self._memory)
            if one.start < wanted.end and one.start + len(one.piece.text) > wanted.start
        ]
        return token_data(found, view.text, self._server.encoding)

    def forget(self, uri: str) -> None:
        """Forget a document that is closed."""
        self._last.pop(uri, None)
        self._dead.pop(uri, None)

    def learnt(self, uri: str) -> None:
        """Ask the client to colour anew where another rule has turned out to be dead."""
        view = self._server.policy(uri)
        found = frozenset() if view is None else dead_names(view)
        if self._dead.get(uri, frozenset()) != found and _can_refresh(self._server):
            self._server.workspace_semantic_tokens_refresh(None)
        self._dead[uri] = found


def register(server: NectarcServer) -> None:
    """Install the handlers."""
    answers = _Answers(server)

    # One registration serves all requests: the legend is the same.
    @handles(server, types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, _LEGEND)
    def full(params: types.SemanticTokensParams) -> types.SemanticTokens | None:
        return _whole(answers.next(params.text_document.uri))

    @handles(server, types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL_DELTA)
    def delta(
        params: types.SemanticTokensDeltaParams,
    ) -> types.SemanticTokens | types.SemanticTokensDelta | None:
        before = answers.last(params.text_document.uri)
        found = answers.next(params.text_document.uri)
        if found is None or before is None or before.number != params.previous_result_id:
            return _whole(found)
        edits = [
            types.SemanticTokensEdit(start=one.start, delete_count=one.removed, data=list(one.data))
            for one in data_edits(before.data, found.data)
        ]
        return types.SemanticTokensDelta(edits=edits, result_id=found.number)

    @handles(server, types.TEXT_DOCUMENT_SEMANTIC_TOKENS_RANGE, _LEGEND)
    def in_range(params: types.SemanticTokensRangeParams) -> types.SemanticTokens | None:
        data = answers.between(params.text_document.uri, params.range)
        return None if data is None else types.SemanticTokens(list(data))

    server.on_close.append(answers.forget)
    server.on_knowledge.append(answers.learnt)


def _whole(found: _Answer | None) -> types.SemanticTokens | None:
    return None if found is None else types.SemanticTokens(list(found.data), found.number)


def _can_refresh(server: NectarcServer) -> bool:
    workspace = server.capabilities.workspace
    wanted = workspace.semantic_tokens if workspace is not None else None
    return wanted is not None and wanted.refresh_support is True
