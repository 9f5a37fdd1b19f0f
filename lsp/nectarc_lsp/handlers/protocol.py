"""What pygls leaves out: commands that can be cancelled, the client's own progress, forgetting.

Owns: how a command is run, how long a handler is remembered. Must not know: any command.
Truth: LSP 3.17, `$/cancelRequest`, `workDoneToken`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, Final

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
    """The protocol with commands that are tasks, and with notifications that leave nothing."""

    def _execute_handler(  # pygls 2.1 pops the future of a request, but of no notification
        self,
        msg_id: int | str,
        handler: Callable[..., Any],
        callback: Callable[..., None],
        args: tuple[Any, ...] | None = None,
        kwargs: dict[str, Any] | None = None,
    ) -> None:
        """Run a handler, and forget it when it has ended: an hour of typing must not grow us."""

        def ended(future: Any) -> None:  # noqa: ANN401 - of asyncio or of a thread
            # A new mapping: pygls cancels what is in the old one, one by one, when we shut down.
            left = {known: one for known, one in self._request_futures.items() if known != msg_id}
            self._request_futures = left
            callback(future)

        super()._execute_handler(msg_id, handler, callback=ended, args=args, kwargs=kwargs)

    @property
    def unfinished(self) -> int:
        """How many handlers have not ended, and requests of ours have no answer."""
        return len(self._request_futures)

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
