"""Code lenses: what a rule keeps of the traffic, and what can be run."""

from __future__ import annotations

from typing import Final

from lsprotocol import types

from nectarc_lsp.features.lenses import Lens, LensAction, lenses
from nectarc_lsp.handlers.convert import to_range
from nectarc_lsp.handlers.refreshing import refresh_on_knowledge
from nectarc_lsp.handlers.session import NectarcServer, handles

_COMMANDS: Final = {
    LensAction.PROVE: "nectarc.server.prove",
    LensAction.RUN_TESTS: "nectarc.server.runTests",
    LensAction.SHOW_RULES: "nectarc.server.showRules",
    LensAction.SHOW_COUNTEREXAMPLE: "nectarc.server.showCounterexample",
}


def register(server: NectarcServer) -> None:
    """Install the handlers."""

    @handles(server, types.TEXT_DOCUMENT_CODE_LENS)
    def code_lens(params: types.CodeLensParams) -> list[types.CodeLens] | None:
        view = server.policy(params.text_document.uri)
        if view is None or not server.settings.code_lens:
            return None
        return [
            types.CodeLens(
                range=to_range(one.source, view.text, server.encoding),
                command=command_of(one, view.uri),
            )
            for one in lenses(view)
        ]

    def can_refresh() -> bool:
        workspace = server.capabilities.workspace
        return workspace is not None and bool(
            workspace.code_lens and workspace.code_lens.refresh_support
        )

    async def refresh() -> None:
        await server.workspace_code_lens_refresh_async(None)

    refresh_on_knowledge(server, can_refresh, refresh)


def command_of(lens: Lens, uri: str) -> types.Command:
    """Return what a click on the lens runs."""
    arguments: list[object] = [uri]
    if lens.subject:
        is_list = lens.action is LensAction.RUN_TESTS
        arguments.append([lens.subject] if is_list else lens.subject)
    return types.Command(title=lens.title, command=_COMMANDS[lens.action], arguments=arguments)
