"""What the protocol keeps of messages that it has handled: nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from nectarc_lsp.handlers.protocol import Protocol
from nectarc_lsp.handlers.session import NectarcServer
from nectarc_lsp.server import make_server
from tests.unit.lsp.views_of import SHOP

URI = "file:///somewhere/policy.toon"


class Sink:
    """A writer that forgets."""

    def write(self, data: bytes) -> None:
        """Take it."""

    def close(self) -> None:
        """Nothing is open."""


def _tell(server: NectarcServer, method: str, params: Mapping[str, object], **more: int) -> None:
    message = {"jsonrpc": "2.0", "method": method, "params": params, **more}
    server.protocol.handle_message(server.protocol.structure_message(message))


async def _typed(server: NectarcServer, changes: int) -> list[int]:
    """Return how many handlers are remembered after each change, all of them run to their end."""
    protocol = server.protocol
    assert isinstance(protocol, Protocol)
    protocol.set_writer(Sink())
    _tell(server, "initialize", {"capabilities": {}, "processId": None, "rootUri": None}, id=1)
    opened = {"uri": URI, "languageId": "toon", "version": 1, "text": SHOP}
    _tell(server, "textDocument/didOpen", {"textDocument": opened})
    counts = []
    for version in range(2, changes + 2):
        changed = {"uri": URI, "version": version}
        text = {"text": SHOP + " " * version}
        _tell(
            server,
            "textDocument/didChange",
            {"textDocument": changed, "contentChanges": [text]},
        )
        _tell(server, "textDocument/foldingRange", {"textDocument": {"uri": URI}}, id=version)
        for _ in range(100):
            await asyncio.sleep(0.01)
            if not protocol.unfinished:
                break
        counts.append(protocol.unfinished)
    return counts


def test_handled_messages_are_forgotten() -> None:
    """pygls 2.1 keeps the future of each notification: two kilobytes a keystroke, for ever."""
    server = make_server()

    assert asyncio.run(_typed(server, 5)) == [0] * 5
