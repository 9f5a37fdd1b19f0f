"""A monkey at the keyboard: whatever it does, the server lives, and says what a fresh one says."""

from __future__ import annotations

import contextlib
import os
import random
import sys
import time
from pathlib import Path
from typing import Any, Final

import pytest

from tests.lsp.session import SHOP
from tests.lsp.wire import DIAGNOSTICS, RefusedError, Wire

_COMMAND: Final = (sys.executable, "-m", "nectarc_lsp")
_QUIET_SECONDS: Final = 3.0
_SETTINGS: Final = {"proofs": {"delay": 20}}
_PIECES: Final = (
    *"aé\U0001f41d 0,|\"'()&!=<>.:#-[]{}\t\n`\r",
    "http.status >= 500",
    " && any(",
    "duration > 5s",
    "keep",
    "sample(0.03)",
    '"ema_dynamic(goal_sample_rate: 3, fields: [http.route])"',
    "\n    extra,some words,service == 'api',drop,7",
    "rules[2]{name,match,action,priority}:\n",
    "\ntests[1]{name,expect}:\n  a,b\n",
)
# Each request, where the server advertises it, with what it takes besides document and position.
_WHOLE: Final = {
    "documentSymbol": "documentSymbolProvider",
    "foldingRange": "foldingRangeProvider",
    "semanticTokens/full": "semanticTokensProvider",
    "codeLens": "codeLensProvider",
    "documentLink": "documentLinkProvider",
}
_AT: Final = {
    "completion": "completionProvider",
    "hover": "hoverProvider",
    "signatureHelp": "signatureHelpProvider",
    "definition": "definitionProvider",
    "documentHighlight": "documentHighlightProvider",
    "prepareRename": "renameProvider",
}


class _Monkey:
    """One document, what is in it, and what was in it before."""

    def __init__(self, wire: Wire, path: Path, text: str) -> None:
        self.wire, self.uri, self.text, self.version = wire, path.as_uri(), text, 1
        self.path = path
        self.before: list[str] = []
        document = {"uri": self.uri, "languageId": "toon", "version": 1, "text": text}
        wire.notify("textDocument/didOpen", {"textDocument": document})

    def write(self, text: str) -> None:
        self.before = [*self.before[-20:], self.text]
        self.text = text
        self.version += 1
        self.wire.notify(
            "textDocument/didChange",
            {
                "textDocument": {"uri": self.uri, "version": self.version},
                "contentChanges": [{"text": text}],
            },
        )

    def type(self, draw: random.Random) -> None:
        """Edit in place, as a client with incremental changes does."""
        at = draw.randrange(len(self.text) + 1)
        end = min(len(self.text), at + draw.choice((0, 0, 0, 1, 1, 4, 30)))
        new = draw.choice(_PIECES) if draw.random() < 0.8 else ""
        start, stop = self.position(at), self.position(end)
        self.before = [*self.before[-20:], self.text]
        self.text = self.text[:at] + new + self.text[end:]
        self.version += 1
        self.wire.notify(
            "textDocument/didChange",
            {
                "textDocument": {"uri": self.uri, "version": self.version},
                "contentChanges": [{"range": {"start": start, "end": stop}, "text": new}],
            },
        )

    def position(self, offset: int) -> dict[str, int]:
        """Return line and UTF-16 column, with the protocol's line ends."""
        before = self.text[:offset].replace("\r\n", "\n").replace("\r", "\n")
        line = before.rsplit("\n", 1)[-1]
        return {"line": before.count("\n"), "character": len(line.encode("utf-16-le")) // 2}

    def ask(self, method: str, offset: int) -> Any:  # noqa: ANN401 - JSON
        params: dict[str, Any] = {"textDocument": {"uri": self.uri}}
        if method in _AT:
            params["position"] = self.position(offset)
        try:
            return self.wire.request(f"textDocument/{method}", params)
        except RefusedError as refused:
            return str(refused)


def _methods(wire: Wire) -> list[str]:
    known = {**_WHOLE, **_AT}
    return [method for method, provider in known.items() if wire.capabilities.get(provider)]


def _run(folder: Path, seed: int, steps: int) -> None:
    draw = random.Random(seed)
    with Wire(_COMMAND, folder, _SETTINGS) as wire:
        monkey = _Monkey(wire, folder / "policy.toon", SHOP)
        methods = _methods(wire)
        for step in range(steps):
            match draw.randrange(10):
                case 0 if monkey.before:
                    monkey.write(monkey.before.pop())
                case 1 if draw.random() < 0.2:
                    monkey.write(SHOP)
                case 2:
                    _rename(monkey, draw)
                case 3 | 4 | 5:
                    monkey.ask(draw.choice(methods), draw.randrange(len(monkey.text) + 1))
                case _:
                    monkey.type(draw)
            if step % 100 == 99:
                _compare(monkey, folder, draw)
        assert wire.process.poll() is None


def _rename(monkey: _Monkey, draw: random.Random) -> None:
    params = {
        "textDocument": {"uri": monkey.uri},
        "position": monkey.position(draw.randrange(len(monkey.text) + 1)),
        "newName": draw.choice(("renamed", "a b", "", "true", "http.status", "x,y", "é")),
    }
    with contextlib.suppress(RefusedError):
        monkey.wire.request("textDocument/rename", params)


def _compare(monkey: _Monkey, folder: Path, draw: random.Random) -> None:
    """Once idle, all answers are those of a server that has seen this text only."""
    offsets = [draw.randrange(len(monkey.text) + 1) for _ in range(4)]
    with Wire(_COMMAND, folder, _SETTINGS) as fresh:
        other = _Monkey(fresh, monkey.path, monkey.text)
        for method in _methods(fresh):
            for offset in offsets if method in _AT else offsets[:1]:
                said, expected = monkey.ask(method, offset), other.ask(method, offset)
                assert _still(method, said) == _still(method, expected), (method, monkey.text)
        assert _settled(monkey) == _settled(other), monkey.text


def _still(method: str, answer: Any) -> Any:  # noqa: ANN401 - JSON
    """Return what does not depend on how far the worker has come, or on the number of a result."""
    if method in {"codeLens", "hover"}:
        return None
    if isinstance(answer, dict):
        return {key: value for key, value in answer.items() if key != "resultId"}
    return answer


def _settled(monkey: _Monkey) -> list[str]:
    """Return the diagnostics when all is quiet: the last that were pushed about this version."""
    monkey.write(monkey.text + "\n# idle")
    asked = monkey.wire.begin("textDocument/documentSymbol", {"textDocument": {"uri": monkey.uri}})
    last: Any = None
    is_told, is_ours = False, True

    def is_the_end(message: dict[str, Any]) -> bool:
        nonlocal last, is_told, is_ours
        params = message.get("params") or {}
        if message.get("method") == DIAGNOSTICS and params.get("version") == monkey.version:
            last = params
        if message.get("id") == asked and "method" not in message:
            is_ours = bool(message.get("result"))  # else nothing is proven, or told
        if message.get("method") == "nectarc/proofState":
            is_final = params.get("state") not in {"checking", "proving"}
            is_told = is_told or (is_final and params.get("version") == monkey.version)
        return last is not None and (is_told or not is_ours)

    monkey.wire.wait_for(is_the_end)
    time.sleep(_QUIET_SECONDS)  # figures and rules may still say something
    for message in monkey.wire.drain():
        is_the_end(message)
    assert last is not None
    return sorted(map(str, last["diagnostics"]))


def test_a_monkey_at_the_keyboard(tmp_path: Path) -> None:
    _run(tmp_path, seed=1, steps=300)


@pytest.mark.fuzz
def test_a_monkey_for_an_hour(tmp_path: Path) -> None:
    _run(tmp_path, seed=int(os.environ.get("NECTARC_SEED", "0")), steps=10_000)
