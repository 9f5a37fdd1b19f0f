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
    """A writer into memory."""

    def __init__(self) -> None:
        """Start empty."""
        self.written: list[bytes] = []

    def write(self, data: bytes) -> None:
        """Take it."""
        self.written.append(data)

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


async def _answers_to_a_shutdown(server: NectarcServer) -> list[str]:
    """Return the refusals when what follows `initialized` has not ended."""
    sink = Sink()
    protocol = server.protocol
    protocol.set_writer(sink)
    _tell(server, "initialize", {"capabilities": {}, "processId": None, "rootUri": None}, id=1)
    _tell(server, "initialized", {})
    _tell(server, "shutdown", {}, id=9)
    await asyncio.sleep(0.1)
    return [one.decode() for one in sink.written if b"error" in one]


def test_a_shutdown_ends_what_is_still_running() -> None:
    assert asyncio.run(_answers_to_a_shutdown(make_server())) == []
