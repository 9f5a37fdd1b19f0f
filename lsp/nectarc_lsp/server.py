"""The server: diagnostics of open policies, formatting. A handler converts, calls, converts.

Owns: which requests are answered. Must not know: the language.
"""

from __future__ import annotations

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from nectarc import __version__
from nectarc.formatting import format_text
from nectarc.source import SourceText

from .convert import to_diagnostic, whole
from .policies import findings

SERVER = LanguageServer("nectarc", __version__)


def _text(server: LanguageServer, uri: str) -> tuple[SourceText, int | None]:
    document = server.workspace.get_text_document(uri)
    return SourceText.of(to_fs_path(uri) or uri, document.source), document.version


def _publish(server: LanguageServer, uri: str) -> None:
    text, version = _text(server, uri)
    encoding = server.workspace.position_encoding or types.PositionEncodingKind.Utf16
    shown = [to_diagnostic(one, text, uri, encoding) for one in findings(text)]
    server.text_document_publish_diagnostics(
        types.PublishDiagnosticsParams(uri=uri, version=version, diagnostics=shown)
    )


@SERVER.feature(types.TEXT_DOCUMENT_DID_OPEN)
def did_open(server: LanguageServer, params: types.DidOpenTextDocumentParams) -> None:
    """Check the file that was opened."""
    _publish(server, params.text_document.uri)


@SERVER.feature(types.TEXT_DOCUMENT_DID_CHANGE)
def did_change(server: LanguageServer, params: types.DidChangeTextDocumentParams) -> None:
    """Check the file as it is now."""
    _publish(server, params.text_document.uri)


@SERVER.feature(types.TEXT_DOCUMENT_DID_CLOSE)
def did_close(server: LanguageServer, params: types.DidCloseTextDocumentParams) -> None:
    """Take the findings of a closed file away."""
    closed = types.PublishDiagnosticsParams(uri=params.text_document.uri, diagnostics=[])
    server.text_document_publish_diagnostics(closed)


@SERVER.feature(types.TEXT_DOCUMENT_FORMATTING)
def formatting(
    server: LanguageServer, params: types.DocumentFormattingParams
) -> list[types.TextEdit] | None:
    """Return the canonical layout, or nothing where the text cannot be read."""
    text, _ = _text(server, params.text_document.uri)
    formatted = format_text(text).text
    if formatted is None or formatted == text.text:
        return None
    encoding = server.workspace.position_encoding or types.PositionEncodingKind.Utf16
    return [types.TextEdit(range=whole(text, encoding), new_text=formatted)]
