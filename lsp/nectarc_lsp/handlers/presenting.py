"""Showing what a command found, to clients that do not do it themselves.

Owns: messages, documents in a temporary folder. Must not know: any command.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from pathlib import Path

from lsprotocol import types

from nectarc_lsp.handlers.session import NectarcServer


class Presenter:
    """Shows messages and documents; the folder of the latter goes with the server."""

    def __init__(self, server: NectarcServer) -> None:
        """Start with nothing shown."""
        self._server = server
        self._folder: Path | None = None

    def message(self, text: str, kind: types.MessageType = types.MessageType.Info) -> None:
        """Show a line."""
        self._server.window_show_message(types.ShowMessageParams(type=kind, message=text))

    def failure(self, text: str) -> None:
        """Show what went wrong; whoever presents outcomes learns it in no other way."""
        self.message(text, types.MessageType.Error)

    async def page(self, name: str, text: str, *, line: int = 0, is_external: bool = False) -> None:
        """Show a text as a document of that name; external: by the program for such files."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="nectarc-shown-"))
            atexit.register(shutil.rmtree, self._folder, ignore_errors=True)
        path = self._folder / name
        path.write_text(text, encoding="utf-8")
        await self.document(path.as_uri(), line=line, is_external=is_external)

    async def document(self, uri: str, *, line: int = 0, is_external: bool = False) -> None:
        """Show a file; where the client shows none, say where it is."""
        window = self._server.capabilities.window
        if window is None or window.show_document is None or not window.show_document.support:
            self.message(f"written to {uri}")
            return
        start = types.Position(line, 0)
        shown = types.ShowDocumentParams(
            uri=uri,
            external=is_external or None,
            take_focus=True,
            selection=types.Range(start, start) if line else None,
        )
        await self._server.window_show_document_async(shown)
