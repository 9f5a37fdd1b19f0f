"""What a server does when its client is odd."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.lsp.session import SHOP
from tests.lsp.wire import Wire


def test_a_change_after_the_end_stops_nobody(tmp_path: Path) -> None:
    uri = (tmp_path / "policy.toon").as_uri()
    document = {"uri": uri, "languageId": "toon", "version": 1, "text": SHOP}
    with Wire([sys.executable, "-m", "nectarc_lsp"], tmp_path, log=subprocess.DEVNULL) as wire:
        wire.notify("textDocument/didOpen", {"textDocument": document})
        wire.diagnostics(uri, 1)
        wire.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
        wire.notify(
            "textDocument/didChange",
            {"textDocument": {"uri": uri, "version": 2}, "contentChanges": [{"text": "x"}]},
        )
        asked = wire.begin("workspace/symbol", {"query": ""})
        told: list[str] = []

        def is_answer(message: dict[str, object]) -> bool:
            told.append(str(message.get("method")))
            return message.get("id") == asked

        wire.wait_for(is_answer)

    assert "window/showMessage" not in told
    assert wire.process.returncode == 0
