"""The client of every test here: VS Code's capabilities, and Neovim's."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

from tests.lsp.session import ENCODINGS, Opened

OpenDocument = Callable[..., Opened]
# What editors answer with null, and pytest-lsp's client does not know.
_ANSWERED = (
    types.CLIENT_REGISTER_CAPABILITY,
    types.CLIENT_UNREGISTER_CAPABILITY,
    types.WORKSPACE_CODE_LENS_REFRESH,
    types.WORKSPACE_INLAY_HINT_REFRESH,
    types.WORKSPACE_SEMANTIC_TOKENS_REFRESH,
)


@pytest_lsp.fixture(  # type: ignore[untyped-decorator]  # pytest-lsp does not annotate it
    config=ClientServerConfig(server_command=[sys.executable, "-m", "nectarc_lsp"]),
    params=["visual-studio-code", "neovim"],
)
async def client(
    request: pytest.FixtureRequest, lsp_client: LanguageClient, tmp_path: Path
) -> AsyncIterator[None]:
    for method in _ANSWERED:
        if method not in lsp_client.protocol.fm.features:
            lsp_client.feature(method)(_nothing)
    agreed = await lsp_client.initialize_session(
        types.InitializeParams(
            capabilities=client_capabilities(request.param),
            root_uri=tmp_path.as_uri(),
            workspace_folders=[types.WorkspaceFolder(uri=tmp_path.as_uri(), name="here")],
        )
    )
    ENCODINGS[lsp_client] = agreed.capabilities.position_encoding or "utf-16"
    yield
    await lsp_client.shutdown_session()


def _nothing(*_params: object) -> None:
    """Answer null."""


@pytest.fixture
def open_document(client: LanguageClient, tmp_path: Path) -> OpenDocument:
    """Open a document below the test's folder: `open_document(text, name, language)`."""

    def open_it(text: str, name: str = "policy.toon", language: str = "toon") -> Opened:
        return Opened(client, tmp_path / name, text, language)

    return open_it
