"""A real server process and a real client; the cursor stands in the text of a case.

async def test_x(client: Client, ...):  # fixture of `tests/lsp/conftest.py`, VS Code and Neovim
    document = client.open(path, "rules[1]{...}: ... du‸ration > 5s")
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from pathlib import Path
from typing import Final, TypeVar
from weakref import WeakKeyDictionary

from lsprotocol import types
from pytest_lsp import LanguageClient

from nectarc.source import SourceText
from nectarc_lsp.handlers.convert import to_offset, to_position
from tests.e2e.process import ROOT

CURSOR: Final = "‸"
PATIENCE_SECONDS: Final = 60
SHOP: Final = (ROOT / "examples" / "shop" / "policy.toon").read_text(encoding="utf-8")
# The units of columns that client and server agreed on.
ENCODINGS: Final[WeakKeyDictionary[LanguageClient, str]] = WeakKeyDictionary()
_T = TypeVar("_T")


async def patiently(waiting: Awaitable[_T]) -> _T:
    """Wait for an answer, not for ever."""
    return await asyncio.wait_for(waiting, PATIENCE_SECONDS)


class Opened:
    """A document that the client has open. `cursor`: where `‸` stood in the text (taken out)."""

    def __init__(self, client: LanguageClient, path: Path, text: str, language: str) -> None:
        """Open it."""
        self.client = client
        self.path = path
        self.uri = path.as_uri()
        self.version = 1
        self.encoding = ENCODINGS[client]
        self._take(text)
        client.text_document_did_open(
            types.DidOpenTextDocumentParams(
                text_document=types.TextDocumentItem(
                    uri=self.uri, language_id=language, version=1, text=self.text
                )
            )
        )

    @property
    def identifier(self) -> types.TextDocumentIdentifier:
        """Return how requests name it."""
        return types.TextDocumentIdentifier(uri=self.uri)

    @property
    def source(self) -> SourceText:
        """Return the text with its lines."""
        return SourceText.of(str(self.path), self.text)

    def change(self, text: str) -> None:
        """Replace the whole text."""
        self._take(text)
        self.version += 1
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                text_document=types.VersionedTextDocumentIdentifier(
                    uri=self.uri, version=self.version
                ),
                content_changes=[types.TextDocumentContentChangeWholeDocument(text=self.text)],
            )
        )

    def position_of(self, needle: str, inside: int = 0) -> types.Position:
        """Return where `needle` first stands, `inside` code points on, in the units agreed on."""
        return to_position(self.text.index(needle) + inside, self.source, self.encoding)

    def range_of(self, needle: str) -> types.Range:
        """Return the place of the first `needle`, in the units agreed on."""
        return types.Range(self.position_of(needle), self.position_of(needle, len(needle)))

    def at(self, place: types.Range) -> str:
        """Return the text of a range that the server gave."""
        source = self.source
        start, end = (to_offset(one, source, self.encoding) for one in (place.start, place.end))
        return self.text[start:end]

    async def published(self) -> list[types.Diagnostic]:
        """Wait for the diagnostics that are pushed next about this document's version."""
        while True:
            waiting = self.client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
            told = await patiently(waiting)
            if told.uri == self.uri and told.version in (None, self.version):
                return list(told.diagnostics)

    def _take(self, text: str) -> None:
        offset = text.find(CURSOR)
        self.text = text.replace(CURSOR, "", 1)
        at = offset if offset >= 0 else len(self.text)
        self.cursor = to_position(at, self.source, self.encoding)


def edited(opened: Opened, edits: list[types.TextEdit]) -> str:
    """Return the document's text after `edits`, as a client applies them."""
    source, text, units = opened.source, opened.text, opened.encoding
    spans = [
        (to_offset(e.range.start, source, units), to_offset(e.range.end, source, units), e)
        for e in edits
    ]
    for start, end, one in sorted(spans, key=lambda span: (span[0], span[1]), reverse=True):
        text = text[:start] + one.new_text + text[end:]
    return text
