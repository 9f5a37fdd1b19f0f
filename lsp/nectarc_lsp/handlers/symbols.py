"""Document symbols and workspace symbols.

Owns: kinds in the protocol's terms, what was read of files that are not open.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from lsprotocol import types

from nectarc.source import SourceText
from nectarc_lsp.database.view import Kind
from nectarc_lsp.features.symbols import Symbol, SymbolKind, flat, symbols
from nectarc_lsp.handlers.convert import to_range
from nectarc_lsp.handlers.session import NectarcServer, handles, path_of

_KINDS: Final = {
    SymbolKind.SECTION: types.SymbolKind.Namespace,
    SymbolKind.VALUE: types.SymbolKind.Constant,
    SymbolKind.RULE: types.SymbolKind.Class,
    SymbolKind.FIELD: types.SymbolKind.Field,
    SymbolKind.INVARIANT: types.SymbolKind.Interface,
    SymbolKind.TEST: types.SymbolKind.Method,
    SymbolKind.TARGET: types.SymbolKind.Module,
    SymbolKind.SETTING: types.SymbolKind.Property,
}
# A workspace may be a whole disk; people look for what is near.
_FILES_MAX: Final = 200
_FOUND_MAX: Final = 500
_Stamp = tuple[int, int]


def register(server: NectarcServer) -> None:
    """Install the handlers."""
    closed = _ClosedFiles(server)

    @handles(server, types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def document_symbol(
        params: types.DocumentSymbolParams,
    ) -> list[types.DocumentSymbol] | list[types.SymbolInformation] | None:
        view = server.view(params.text_document.uri)
        if view is None:
            return None
        found = symbols(view)
        if _has_hierarchy(server):
            return [_nested(one, view.text, server.encoding) for one in found]
        return list(_flat(found, view.text, params.text_document.uri, server.encoding))

    @handles(server, types.WORKSPACE_SYMBOL)
    def workspace_symbol(
        params: types.WorkspaceSymbolParams,
    ) -> list[types.SymbolInformation]:
        wanted = params.query.casefold()
        found: list[types.SymbolInformation] = []
        for uri, text, outline in closed.all():
            named = _flat(outline, text, uri, server.encoding)
            found += (one for one in named if _is_like(one.name.casefold(), wanted))
        return found[:_FOUND_MAX]


class _ClosedFiles:
    """Outlines of open documents, and of files below the workspace's folders."""

    def __init__(self, server: NectarcServer) -> None:
        self._server = server
        self._known: dict[str, tuple[_Stamp, SourceText, tuple[Symbol, ...]]] = {}

    def all(self) -> Iterator[tuple[str, SourceText, tuple[Symbol, ...]]]:
        """Yield each document once: its URI, its text, its outline."""
        database = self._server.database
        seen: set[str] = set()
        for uri in database.uris():
            seen.add(path_of(uri))
            view = database.view(uri)
            if view is not None and view.kind is not Kind.OTHER:
                yield uri, view.text, symbols(view)
        for path in self._paths():
            if path not in seen:
                seen.add(path)
                uri = Path(path).as_uri()
                found = self._of_file(uri, path)
                if found is not None:
                    yield uri, *found

    def _paths(self) -> Iterator[str]:
        left = _FILES_MAX
        for folder in self._server.workspace.folders:
            for path in self._server.database.policies(path_of(folder)):
                if not left:
                    return
                left -= 1
                yield path

    def _of_file(self, uri: str, path: str) -> tuple[SourceText, tuple[Symbol, ...]] | None:
        try:
            status = os.stat(path)
        except OSError:
            return None
        stamp = (status.st_mtime_ns, status.st_size)
        known = self._known.get(path)
        if known is None or known[0] != stamp:
            view = self._server.database.view_of_file(uri, path)
            if view is None:
                return None
            known = self._known[path] = (stamp, view.text, symbols(view))
        return known[1], known[2]


def _has_hierarchy(server: NectarcServer) -> bool:
    document = server.capabilities.text_document
    wanted = document.document_symbol if document is not None else None
    return wanted is not None and wanted.hierarchical_document_symbol_support is True


def _is_like(name: str, wanted: str) -> bool:
    """Say whether the letters of `wanted` stand in `name` in this order."""
    letters = iter(name)
    return all(letter in letters for letter in wanted)


def _nested(one: Symbol, text: SourceText, encoding: str) -> types.DocumentSymbol:
    return types.DocumentSymbol(
        name=one.name or " ",
        detail=one.detail,
        kind=_KINDS[one.kind],
        range=to_range(one.source, text, encoding),
        selection_range=to_range(one.name_source, text, encoding),
        children=[_nested(child, text, encoding) for child in one.children],
    )


def _flat(
    found: tuple[Symbol, ...], text: SourceText, uri: str, encoding: str
) -> Iterator[types.SymbolInformation]:
    for one, container in flat(found):
        yield types.SymbolInformation(
            name=one.name or " ",
            kind=_KINDS[one.kind],
            location=types.Location(uri=uri, range=to_range(one.name_source, text, encoding)),
            container_name=container or None,
        )
