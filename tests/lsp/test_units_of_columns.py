"""The same answers in UTF-8, UTF-16 and UTF-32, where letters before the cursor differ in them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Final

from nectarc.source import SourceText
from nectarc_lsp.handlers.convert import to_offset
from tests.lsp.wire import CAPABILITIES, DIAGNOSTICS, Wire
from tests.unit.lsp.policies_of import FULL

_COMMAND: Final = (sys.executable, "-m", "nectarc_lsp")
_TEXT: Final = (
    FULL.replace("\N{HONEYBEE},http", "\N{HONEYBEE} , http")
    .replace("sample(1/20)", "sample(0.07)")
    .replace("&& root.http.route == '/é'", "&& service == '/é'")
    + "# \N{HONEYBEE} idle\n"
)
_AT: Final = (
    "completion",
    "hover",
    "definition",
    "documentHighlight",
    "signatureHelp",
    "prepareRename",
    "references",
    "rename",
    "selectionRange",
    "codeAction",
)
_WHOLE: Final = (
    "documentSymbol",
    "foldingRange",
    "codeLens",
    "documentLink",
    "inlayHint",
    "formatting",
    "semanticTokens/full",
    "diagnostic",
)


class _Position:
    """As `to_offset` wants it."""

    def __init__(self, found: dict[str, int]) -> None:
        self.line, self.character = found["line"], found["character"]


class _Asked:
    """The document in a session that counts columns in one unit."""

    def __init__(self, wire: Wire, uri: str, units: str) -> None:
        self.wire, self.uri, self.units = wire, uri, units
        self.source = SourceText.of("policy.toon", _TEXT)
        assert wire.capabilities["positionEncoding"] == units
        document = {"uri": uri, "languageId": "toon", "version": 1, "text": _TEXT}
        wire.notify("textDocument/didOpen", {"textDocument": document})

    def position(self, offset: int) -> dict[str, int]:
        before = _TEXT[:offset].rsplit("\n", 1)[-1]
        width = {"utf-8": len(before.encode()), "utf-16": len(before.encode("utf-16-le")) // 2}
        return {
            "line": _TEXT.count("\n", 0, offset),
            "character": width.get(self.units, len(before)),
        }

    def ask(self, method: str, offset: int = 0) -> Any:  # noqa: ANN401 - JSON
        end = self.position(len(_TEXT))
        place = {"start": self.position(offset), "end": self.position(offset)}
        params: dict[str, Any] = {"textDocument": {"uri": self.uri}}
        match method:
            case "inlayHint":
                params["range"] = {"start": self.position(0), "end": end}
            case "formatting":
                params["options"] = {"tabSize": 2, "insertSpaces": True}
            case "codeAction":
                params |= {"range": place, "context": {"diagnostics": []}}
            case "selectionRange":
                params["positions"] = [place["start"]]
            case _ if method in _AT:
                params["position"] = place["start"]
        if method == "references":
            params["context"] = {"includeDeclaration": True}
        if method == "rename":
            params["newName"] = "b\N{HONEYBEE}"
        found = self.wire.wait_for_answer(self.wire.begin(f"textDocument/{method}", params))
        if method == "semanticTokens/full":
            return self.tokens(found["data"])
        return self.plain(found)

    def plain(self, found: Any) -> Any:  # noqa: ANN401 - JSON
        """Return an answer with offsets in the place of positions."""
        if isinstance(found, list):
            return [self.plain(one) for one in found]
        if not isinstance(found, dict):
            return found
        if found.keys() == {"line", "character"}:
            return self.offset(found)
        told = found.keys() - {"resultId", "data"}
        return {key: self.plain(found[key]) for key in sorted(told)}

    def offset(self, found: dict[str, int]) -> int:
        offset = to_offset(_Position(found), self.source, self.units)  # type: ignore[arg-type]  # as it is sent
        assert self.position(offset) == found, "between two units of one letter"
        return offset

    def tokens(self, data: list[int]) -> list[tuple[int, int, int, int]]:
        """Return tokens by start and end."""
        found: list[tuple[int, int, int, int]] = []
        line = character = 0
        for at in range(0, len(data), 5):
            down, right, length, kind, modifiers = data[at : at + 5]
            line, character = line + down, right if down else character + right
            start = self.offset({"line": line, "character": character})
            end = self.offset({"line": line, "character": character + length})
            found.append((start, end, kind, modifiers))
        return found


def _answers(folder: Path, units: str) -> dict[tuple[str, int], Any]:
    capabilities = {**CAPABILITIES, "general": {"positionEncodings": [units]}}
    settings = {"proofs": {"enabled": False}}
    with Wire(_COMMAND, folder, settings, capabilities=capabilities) as wire:
        asked = _Asked(wire, (folder / "policy.toon").as_uri(), units)
        pushed = wire.wait_for(lambda one: one.get("method") == DIAGNOSTICS)
        found: dict[tuple[str, int], Any] = {
            ("pushed", 0): asked.plain(pushed["params"]["diagnostics"])
        }
        for method in _WHOLE:
            found[method, 0] = asked.ask(method)
        for offset in range(0, len(_TEXT), 5):
            for method in _AT:
                found[method, offset] = asked.ask(method, offset)
        return found


def test_answers_do_not_depend_on_the_unit_of_columns(tmp_path: Path) -> None:
    expected = _answers(tmp_path, "utf-32")
    empty = {method for method in ("pushed", *_WHOLE) if not expected[method, 0]}
    assert not empty - {"documentLink"}

    for units in ("utf-8", "utf-16"):
        found = _answers(tmp_path, units)
        for key, answer in expected.items():
            assert found[key] == answer, (units, key)
