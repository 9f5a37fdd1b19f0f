"""The language server as an editor talks to it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient

from tests.e2e.process import ROOT

_PATIENCE_SECONDS = 30
SEED = (ROOT / "examples" / "shop" / "policy.toon").read_text(encoding="utf-8")


@pytest_lsp.fixture(  # type: ignore[untyped-decorator]  # pytest-lsp does not annotate it
    config=ClientServerConfig(
        server_command=[sys.executable, "-m", "nectarc_lsp"],
        server_env={"PYTHONPATH": f"{ROOT}:{ROOT / 'lsp'}"},
    )
)
async def client(lsp_client: LanguageClient) -> AsyncIterator[None]:
    await lsp_client.initialize_session(
        types.InitializeParams(capabilities=types.ClientCapabilities())
    )
    yield
    await lsp_client.shutdown_session()


def _open(client: LanguageClient, path: Path, text: str) -> str:
    uri = path.as_uri()
    client.text_document_did_open(
        types.DidOpenTextDocumentParams(
            text_document=types.TextDocumentItem(uri=uri, language_id="toon", version=1, text=text)
        )
    )
    return uri


async def _published(client: LanguageClient, uri: str) -> list[types.Diagnostic]:
    waiting = client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    await asyncio.wait_for(waiting, _PATIENCE_SECONDS)
    return list(client.diagnostics[uri])


@pytest.mark.asyncio
async def test_a_mistake_is_underlined_in_utf16_units_and_goes_when_mended(
    client: LanguageClient, tmp_path: Path
) -> None:
    bad = SEED.replace("Retain all HTTP 5xx errors", "\U0001f41d").replace(">= 500", ">= [")
    line = next(text for text in bad.split("\n") if "\U0001f41d" in text)

    uri = _open(client, tmp_path / "policy.toon", bad)
    found = await _published(client, uri)

    assert found
    assert all(one.source == "nectarc" for one in found)
    first = found[0].range.start
    assert first.line == 5
    assert line.encode("utf-16-le")[: first.character * 2].decode("utf-16-le").endswith(">= ")

    client.text_document_did_change(
        types.DidChangeTextDocumentParams(
            text_document=types.VersionedTextDocumentIdentifier(uri=uri, version=2),
            content_changes=[types.TextDocumentContentChangeWholeDocument(text=SEED)],
        )
    )
    assert await _published(client, uri) == []


@pytest.mark.asyncio
async def test_a_toon_file_that_is_no_policy_is_left_alone(
    client: LanguageClient, tmp_path: Path
) -> None:
    uri = _open(client, tmp_path / "other.toon", "users[3]{id}:\n  1\n")

    assert await _published(client, uri) == []


@pytest.mark.asyncio
async def test_formatting_replaces_the_whole_text(client: LanguageClient, tmp_path: Path) -> None:
    uri = _open(client, tmp_path / "policy.toon", SEED.replace("rules[3]", "rules[2]"))
    await _published(client, uri)

    asking = client.text_document_formatting_async(
        types.DocumentFormattingParams(
            text_document=types.TextDocumentIdentifier(uri=uri),
            options=types.FormattingOptions(tab_size=2, insert_spaces=True),
        )
    )
    edits = await asyncio.wait_for(asking, _PATIENCE_SECONDS)

    assert edits is not None
    assert [edit.new_text for edit in edits] == [SEED]
