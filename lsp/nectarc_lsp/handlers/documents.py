"""Documents open, change, close; files on the disk change; settings change.

Owns: telling the database. Must not know: any feature.
"""

from __future__ import annotations

from lsprotocol import types

from nectarc_lsp.handlers.session import NectarcServer, handles, path_of


def register(server: NectarcServer) -> None:
    """Install the handlers."""

    def take(uri: str) -> None:
        document = server.workspace.get_text_document(uri)
        server.database.update(uri, path_of(uri), document.version, document.source)
        for told in server.on_view:
            told(uri)

    @handles(server, types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(params: types.DidOpenTextDocumentParams) -> None:
        take(params.text_document.uri)

    @handles(server, types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(params: types.DidChangeTextDocumentParams) -> None:
        take(params.text_document.uri)

    @handles(server, types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: types.DidCloseTextDocumentParams) -> None:
        server.database.close(params.text_document.uri)
        for told in server.on_close:
            told(params.text_document.uri)

    @handles(server, types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def did_change_files(params: types.DidChangeWatchedFilesParams) -> None:
        # Views look at what they rest on whenever they are asked for; here they are asked for.
        _ = params
        for uri in server.database.uris():
            for told in server.on_view:
                told(uri)
