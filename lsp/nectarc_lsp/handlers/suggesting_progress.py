"""Words about a long command, shown while it runs; the user may stop it there.

Owns: `$/progress` of one command. Must not know: what the command does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import uuid4

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from nectarc_lsp.handlers.protocol import clients_token
from nectarc_lsp.handlers.session import LOG, NectarcServer

_T = TypeVar("_T")


class StoppedError(Exception):
    """The user stopped it where its progress is shown."""


async def with_progress(
    server: NectarcServer,
    token: int | str | None,
    title: str,
    work: Callable[[Callable[[str], None]], Awaitable[_T]],
) -> _T:
    """Await `work`, which is given who is told what goes on. Raises `StoppedError`.

    token: the client's, where it made one (for the command: `clients_token`); else the server asks
           for one where that is possible.
    """
    token = token if token is not None else clients_token()
    token = token if token is not None else await _created(server)
    if token is None:
        return await work(_nobody)
    progress = server.work_done_progress
    progress.begin(token, types.WorkDoneProgressBegin(title=title, cancellable=True))
    stopped = asyncio.wrap_future(progress.tokens[token])  # pygls cancels it

    def tell(words: str) -> None:
        progress.report(token, types.WorkDoneProgressReport(message=words, cancellable=True))

    task = asyncio.ensure_future(work(tell))
    try:
        await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise StoppedError
        return task.result()
    finally:
        task.cancel()
        progress.end(token, types.WorkDoneProgressEnd())
        progress.tokens.pop(token, None)


async def _created(server: NectarcServer) -> str | None:
    window = server.capabilities.window
    if window is None or not window.work_done_progress:
        return None
    token = str(uuid4())
    try:
        await server.work_done_progress.create_async(token)
    except JsonRpcException as error:
        LOG.warning("the client takes no progress: %s", error)
        return None
    return token


def _nobody(_words: str) -> None:
    """Nobody is told."""
