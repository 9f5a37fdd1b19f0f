"""`nectarc lsp` as an editor starts it."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.process import ROOT
from tests.lsp.wire import Wire

_NECTARC = str(Path(sys.executable).parent / "nectarc")


def test_it_speaks_on_stdin_and_stdout(tmp_path: Path) -> None:
    with Wire([_NECTARC, "lsp", "--stdio"], tmp_path) as wire:
        assert wire.capabilities["hoverProvider"]
    assert wire.process.returncode == 0


def test_it_ends_when_the_editor_is_gone(tmp_path: Path) -> None:
    ran = subprocess.run(
        [_NECTARC, "lsp"], cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, timeout=60,
        check=False,
    )  # fmt: skip

    assert (ran.returncode, ran.stdout) == (0, b"")


def test_it_listens_on_a_port(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    server = subprocess.Popen([_NECTARC, "lsp", "--tcp", str(port)], cwd=tmp_path)
    try:
        with _connected(port) as editor:
            body = json.dumps(
                {
                    "jsonrpc": "2.0",
                    "id": 1,
                    "method": "initialize",
                    "params": {"processId": None, "rootUri": None, "capabilities": {}},
                }
            ).encode()
            editor.sendall(b"Content-Length: %d\r\n\r\n" % len(body) + body)
            answer = _message(editor)
        assert answer["result"]["serverInfo"]["name"] == "nectarc"
    finally:
        server.kill()
        server.wait()


@pytest.mark.parametrize("address", ["0", "70000", "here", "localhost:"])
def test_a_port_that_is_none(address: str, tmp_path: Path) -> None:
    ran = subprocess.run(
        [_NECTARC, "lsp", "--tcp", address], cwd=tmp_path, capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip

    assert ran.returncode == 2
    assert "--tcp 2087" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_the_module_starts_it_too(tmp_path: Path) -> None:
    with Wire([sys.executable, "-m", "nectarc_lsp"], tmp_path) as wire:
        uri = (tmp_path / "policy.toon").as_uri()
        document = {
            "uri": uri,
            "languageId": "toon",
            "version": 1,
            "text": (ROOT / "examples" / "shop" / "policy.toon").read_text(encoding="utf-8"),
        }
        wire.notify("textDocument/didOpen", {"textDocument": document})

        assert wire.diagnostics(uri, 1)["params"]["diagnostics"] == []


def _connected(port: int) -> socket.socket:
    end = time.monotonic() + 60
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=60)
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


def _message(editor: socket.socket) -> dict[str, Any]:
    data = b""
    while b"\r\n\r\n" not in data:
        data += editor.recv(4096)
    head, _, rest = data.partition(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    while len(rest) < length:
        rest += editor.recv(4096)
    found: dict[str, Any] = json.loads(rest[:length])
    return found
