"""A server with settings, a key and an editor's answers: for what the engines suggest.

async with editor(tmp_path, settings={...}, url=server.url) as here:
    found = await here.command("nectarc.server.propose", uri, "keep all errors")
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from lsprotocol import types
from pytest_lsp import LanguageClient, client_capabilities, make_test_lsp_client

from tests.lsp.session import ENCODINGS, PATIENCE_SECONDS, Opened, edited, patiently

KEY: Final = "sk-ant-test-0123456789"
_NAMES: Final = ("ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", "ANTHROPIC_AUTH_TOKEN")


class Editor:
    """A client with documents. choices: what the user picks, by the title's beginning, in order."""

    def __init__(self, client: LanguageClient, folder: Path) -> None:
        """Answer the server's requests as an editor does."""
        self.client = client
        self.folder = folder
        self.documents: dict[str, Opened] = {}
        self.choices: list[str] = []
        self.asked: list[str] = []
        self.states: list[dict[str, Any]] = []
        self._has_state = asyncio.Event()
        self.agreed = types.ServerCapabilities()

        @client.feature(types.WORKSPACE_APPLY_EDIT)  # type: ignore[untyped-decorator]  # pygls
        def apply(params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
            return self._apply(params)

        @client.feature(types.WINDOW_SHOW_MESSAGE_REQUEST)  # type: ignore[untyped-decorator]  # pygls
        def choose(params: types.ShowMessageRequestParams) -> types.MessageActionItem | None:
            return self._choose(params)

        @client.feature("nectarc/suggestionState")  # type: ignore[untyped-decorator]  # pygls
        def state(params: Any) -> None:  # noqa: ANN401 - JSON, as an object with attributes
            self.states.append(params._asdict())
            self._has_state.set()

    @property
    def messages(self) -> list[str]:
        """What the user was shown."""
        return [one.message for one in self.client.messages]

    def open(self, text: str, name: str = "policy.toon") -> Opened:
        """Open a document of the folder."""
        opened = Opened(self.client, self.folder / name, text, "toon")
        self.documents[opened.uri] = opened
        return opened

    async def state(self) -> dict[str, Any]:
        """Return what was told last about a suggestion."""
        await asyncio.wait_for(self._has_state.wait(), PATIENCE_SECONDS)
        return self.states[-1]

    async def command(self, name: str, *arguments: object, token: str | None = None) -> Any:  # noqa: ANN401 - JSON
        """Run a command of the server and return its answer."""
        params = types.ExecuteCommandParams(
            command=name, arguments=list(arguments), work_done_token=token
        )
        return await patiently(self.client.workspace_execute_command_async(params))

    def _apply(self, params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
        for one in params.edit.document_changes or ():
            assert isinstance(one, types.TextDocumentEdit)
            self._take(one.text_document.uri, [e for e in one.edits if hasattr(e, "new_text")])
        for uri, edits in (params.edit.changes or {}).items():
            self._take(uri, list(edits))
        return types.ApplyWorkspaceEditResult(applied=True)

    def _take(self, uri: str, edits: list[Any]) -> None:
        document = self.documents[uri]
        document.change(edited(document, edits))

    def _choose(self, params: types.ShowMessageRequestParams) -> types.MessageActionItem | None:
        self.asked.append(params.message)
        begins = self.choices.pop(0) if self.choices else None
        found = (one for one in params.actions or () if begins and one.title.startswith(begins))
        return next(found, None)


@asynccontextmanager
async def editor(
    folder: Path,
    *,
    settings: Mapping[str, object] | None = None,
    url: str = "",
    presents: bool = True,
    kind: str = "visual-studio-code",
    environment: Mapping[str, str] | None = None,
) -> AsyncIterator[Editor]:
    """Start a server in `folder`, with a key where `url` says what stands for Claude's API."""
    around = {name: value for name, value in os.environ.items() if name not in _NAMES}
    if url:
        around |= {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": url}
    client = make_test_lsp_client()
    here = Editor(client, folder)
    client.set_configuration({"nectarc": dict(settings or {})})
    command = (sys.executable, "-m", "nectarc_lsp")
    await client.start_io(*command, env=around | dict(environment or {}))
    agreed = await client.initialize_session(
        types.InitializeParams(
            capabilities=client_capabilities(kind),
            root_uri=folder.as_uri(),
            workspace_folders=[types.WorkspaceFolder(uri=folder.as_uri(), name="here")],
            initialization_options={"presents": presents},
        )
    )
    # Told, too: an answer to the server's own question may come after a test's first request.
    client.workspace_did_change_configuration(
        types.DidChangeConfigurationParams(settings={"nectarc": dict(settings or {})})
    )
    here.agreed = agreed.capabilities
    ENCODINGS[client] = agreed.capabilities.position_encoding or "utf-16"
    try:
        yield here
    finally:
        await client.shutdown_session()
        await client.stop()  # type: ignore[no-untyped-call]  # pygls
