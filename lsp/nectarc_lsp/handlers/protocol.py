"""What pygls leaves out of `workspace/executeCommand`: its cancelling, the client's own progress.

Owns: how a command is run. Must not know: any command.
Truth: LSP 3.17, `$/cancelRequest`, `workDoneToken`.
"""

from __future__ import annotations

import inspect
from contextvars import ContextVar
from typing import Final

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams
from pygls.protocol import LanguageServerProtocol, lsp_method

_TOKEN: Final[ContextVar[int | str | None]] = ContextVar("work_done_token", default=None)


def clients_token() -> int | str | None:
    """Return the token that the client made for this command's progress, once."""
    token = _TOKEN.get()
    _TOKEN.set(None)
    return token


class Protocol(LanguageServerProtocol):
    """The protocol with commands that are tasks: `$/cancelRequest` ends them."""

    @lsp_method(types.WORKSPACE_EXECUTE_COMMAND)
    async def lsp_workspace__execute_command(  # type: ignore[override]  # pygls runs either
        self, params: types.ExecuteCommandParams
    ) -> object:
        """Run a command; its arguments are what JSON made of them."""
        command = self.fm.commands.get(params.command)
        if command is None:
            raise JsonRpcInvalidParams(f"there is no command `{params.command}`")
        _TOKEN.set(params.work_done_token)
        found = command(*(params.arguments or ()))
        return await found if inspect.isawaitable(found) else found
