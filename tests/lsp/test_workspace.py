"""Findings of whole workspaces, asked for by a client as VS Code is now."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

from tests.lsp.session import ENCODINGS, SHOP, Opened, patiently

BROKEN = SHOP.replace(">= 500", ">= [")
RULES = "RulesVersion: 2\nSamplers:\n  __default__:\n    RulesBasedSampler:\n      Rules: 5\n"
REGISTERED: list[types.Registration] = []
# Of the client of the test that runs.
REFRESHED: dict[str, asyncio.Event] = {}
PARTS: list[int] = []
_ANSWERED = (
    types.WORKSPACE_CODE_LENS_REFRESH,
    types.WORKSPACE_INLAY_HINT_REFRESH,
    types.WORKSPACE_SEMANTIC_TOKENS_REFRESH,
)


@pytest_lsp.fixture(  # type: ignore[untyped-decorator]  # pytest-lsp does not annotate it
    config=ClientServerConfig(server_command=[sys.executable, "-m", "nectarc_lsp"]),
    params=["visual-studio-code", "neovim"],
)
async def pulling(
    request: pytest.FixtureRequest, lsp_client: LanguageClient, tmp_path: Path
) -> AsyncIterator[None]:
    REGISTERED.clear()
    REFRESHED["now"] = asyncio.Event()
    PARTS.clear()
    for method in (types.CLIENT_REGISTER_CAPABILITY, types.WORKSPACE_DIAGNOSTIC_REFRESH):
        lsp_client.protocol.fm.features.pop(method, None)  # pytest-lsp has one that says nothing
        lsp_client.feature(method)(_taken)
    for method in _ANSWERED:
        lsp_client.protocol.fm.features.pop(method, None)
        lsp_client.feature(method)(_nothing)
    capabilities = client_capabilities(request.param)
    assert capabilities.text_document is not None
    assert capabilities.workspace is not None
    # As the clients are today; pytest-lsp's records are older.
    capabilities.text_document.diagnostic = types.DiagnosticClientCapabilities(
        related_document_support=True
    )
    capabilities.workspace.diagnostics = types.DiagnosticWorkspaceClientCapabilities(
        refresh_support=True
    )
    (tmp_path / "one").mkdir()
    agreed = await lsp_client.initialize_session(
        types.InitializeParams(
            capabilities=capabilities,
            workspace_folders=[types.WorkspaceFolder(uri=(tmp_path / "one").as_uri(), name="one")],
        )
    )
    provider = agreed.capabilities.diagnostic_provider
    assert isinstance(provider, types.DiagnosticOptions)
    assert provider.workspace_diagnostics
    ENCODINGS[lsp_client] = agreed.capabilities.position_encoding or "utf-16"
    yield
    await lsp_client.shutdown_session()


def _taken(params: types.RegistrationParams | None) -> None:
    if isinstance(params, types.RegistrationParams):
        REGISTERED.extend(params.registrations)
    else:
        REFRESHED["now"].set()


def _nothing(*_params: object) -> None:
    """Answer null."""


def _part(params: types.ProgressParams) -> None:
    value: Any = params.value  # a plain object, as JSON has it
    PARTS.append(len(value["items"] if isinstance(value, dict) else value.items))


async def pulled(
    document: Opened, previous: str | None = None
) -> types.RelatedFullDocumentDiagnosticReport | types.RelatedUnchangedDocumentDiagnosticReport:
    asked = document.client.text_document_diagnostic_async(
        types.DocumentDiagnosticParams(
            text_document=document.identifier, previous_result_id=previous
        )
    )
    found = await patiently(asked)
    assert isinstance(
        found,
        types.RelatedFullDocumentDiagnosticReport | types.RelatedUnchangedDocumentDiagnosticReport,
    )
    return found


async def of_workspace(
    client: LanguageClient, previous: dict[str, str] | None = None, token: str | None = None
) -> dict[str, types.WorkspaceDocumentDiagnosticReport]:
    asked = client.workspace_diagnostic_async(
        types.WorkspaceDiagnosticParams(
            previous_result_ids=[
                types.PreviousResultId(uri=uri, value=value)
                for uri, value in (previous or {}).items()
            ],
            partial_result_token=token,
        )
    )
    found = await patiently(asked)
    return {one.uri: one for one in found.items}


def ids(found: dict[str, types.WorkspaceDocumentDiagnosticReport]) -> dict[str, str]:
    return {uri: one.result_id for uri, one in found.items() if one.result_id is not None}


@pytest.mark.asyncio
async def test_who_asks_is_not_told_unasked(pulling: LanguageClient, tmp_path: Path) -> None:
    document = Opened(pulling, tmp_path / "one" / "policy.toon", BROKEN, "toon")

    first = await pulled(document)
    again = await pulled(document, first.result_id)
    document.change(SHOP)
    mended = await pulled(document, first.result_id)

    assert isinstance(first, types.RelatedFullDocumentDiagnosticReport)
    assert [document.text.count("[") > 0 for _ in first.items] == [True] * len(first.items)
    assert first.items
    assert isinstance(again, types.RelatedUnchangedDocumentDiagnosticReport)
    assert isinstance(mended, types.RelatedFullDocumentDiagnosticReport)
    assert list(mended.items) == []
    assert pulling.diagnostics == {}


@pytest.mark.asyncio
async def test_all_files_of_all_folders_are_reported_once_and_then_if_they_change(
    pulling: LanguageClient, tmp_path: Path
) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    two.mkdir()
    (one / "policy.toon").write_text(BROKEN, encoding="utf-8")
    (one / "users.toon").write_text("users[3]{id}:\n  1\n", encoding="utf-8")
    (two / "rules.yaml").write_text(RULES, encoding="utf-8")
    (two / "nectar.toml").write_text("[projct]\n", encoding="utf-8")

    first = await of_workspace(pulling)
    assert list(first) == [(one / "policy.toon").as_uri()]
    pulling.workspace_did_change_workspace_folders(
        types.DidChangeWorkspaceFoldersParams(
            event=types.WorkspaceFoldersChangeEvent(
                added=[types.WorkspaceFolder(uri=two.as_uri(), name="two")], removed=[]
            )
        )
    )
    both = await of_workspace(pulling, ids(first))
    assert isinstance(
        both[(one / "policy.toon").as_uri()], types.WorkspaceUnchangedDocumentDiagnosticReport
    )
    for name in ("rules.yaml", "nectar.toml"):
        report = both[(two / name).as_uri()]
        assert isinstance(report, types.WorkspaceFullDocumentDiagnosticReport)
        assert report.items
    (one / "policy.toon").write_text(SHOP, encoding="utf-8")
    pulling.workspace_did_change_workspace_folders(
        types.DidChangeWorkspaceFoldersParams(
            event=types.WorkspaceFoldersChangeEvent(
                added=[], removed=[types.WorkspaceFolder(uri=two.as_uri(), name="two")]
            )
        )
    )
    last = await of_workspace(pulling, ids(both))
    # What is in no folder any more is cleared, and so is what was mended.
    assert set(last) == set(both)
    for report in last.values():
        assert isinstance(report, types.WorkspaceFullDocumentDiagnosticReport)
        assert list(report.items) == []


@pytest.mark.asyncio
async def test_an_open_document_counts_as_it_stands(
    pulling: LanguageClient, tmp_path: Path
) -> None:
    path = tmp_path / "one" / "policy.toon"
    path.write_text(BROKEN, encoding="utf-8")
    document = Opened(pulling, path, SHOP, "toon")

    found = (await of_workspace(pulling))[document.uri]

    assert isinstance(found, types.WorkspaceFullDocumentDiagnosticReport)
    assert list(found.items) == []
    assert found.version == 1


@pytest.mark.asyncio
async def test_many_files_come_in_parts(pulling: LanguageClient, tmp_path: Path) -> None:
    for number in range(45):
        (tmp_path / "one" / f"p{number}.toon").write_text(BROKEN, encoding="utf-8")
    pulling.protocol.fm.features.pop(types.PROGRESS, None)
    pulling.feature(types.PROGRESS)(_part)

    rest = await of_workspace(pulling, token="parts")

    assert rest == {}
    assert sum(PARTS) == 45
    assert len(PARTS) > 1


@pytest.mark.asyncio
async def test_what_a_proof_finds_is_asked_for_again(
    pulling: LanguageClient, tmp_path: Path
) -> None:
    dead = (
        "version: 1\nrules[3]{name,match,action,priority}:\n"
        "  a,http.status >= 400,keep,3\n  b,http.status >= 500,drop,2\n  rest,true,keep,1\n"
    )
    document = Opened(pulling, tmp_path / "one" / "policy.toon", dead, "toon")
    first = await pulled(document)
    assert isinstance(first, types.RelatedFullDocumentDiagnosticReport)
    assert list(first.items) == []

    await patiently(REFRESHED["now"].wait())
    second = await pulled(document, first.result_id)

    assert isinstance(second, types.RelatedFullDocumentDiagnosticReport)
    (never,) = [one for one in second.items if one.code == "NEC454"]
    assert list(never.tags or ()) == [types.DiagnosticTag.Unnecessary]
    assert never.related_information
    assert never.code_description is not None
    assert never.code_description.href.endswith("/docs/codes/NEC454.md")


@pytest.mark.asyncio
async def test_files_are_watched_where_the_client_can(
    pulling: LanguageClient, tmp_path: Path
) -> None:
    document = Opened(pulling, tmp_path / "one" / "policy.toon", SHOP, "toon")
    await pulled(document)
    capabilities: Any = pulling.capabilities
    can = bool(capabilities.workspace.did_change_watched_files.dynamic_registration)

    globs: list[str] = []
    for one in REGISTERED:
        options: Any = one.register_options
        if one.method == types.WORKSPACE_DID_CHANGE_WATCHED_FILES:
            listed = options["watchers"] if isinstance(options, dict) else options.watchers
            globs += [getattr(each, "glob_pattern", None) or each["globPattern"] for each in listed]

    assert ("**/nectar.toml" in globs) == can
    assert ("**/*.toon" in globs) == can


@pytest.mark.asyncio
async def test_a_manifest_that_changes_on_disk_changes_what_is_said(
    pulling: LanguageClient, tmp_path: Path
) -> None:
    folder = tmp_path / "one"
    (folder / "nectar.toml").write_text("[projct]\n", encoding="utf-8")
    document = Opened(pulling, folder / "nectar.toml", "[projct]\n", "toml")
    first = await pulled(document)
    assert isinstance(first, types.RelatedFullDocumentDiagnosticReport)
    assert [one.code for one in first.items] == ["NEC405"]
    document.change('[project]\nname = "a"\n')

    second = await pulled(document, first.result_id)

    assert isinstance(second, types.RelatedFullDocumentDiagnosticReport)
    assert list(second.items) == []
