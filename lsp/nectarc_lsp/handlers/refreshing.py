"""Asking the client to ask again: for what changes although no text does.

Owns: when. Must not know: any feature.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from nectarc_lsp.handlers.session import LOG, NectarcServer

# Stages that come one after the other are shown at once.
_PAUSE_SECONDS: Final = 0.05


def refresh_on_knowledge(
    server: NectarcServer,
    can_refresh: Callable[[], bool],
    ask: Callable[[], Awaitable[None]],
) -> None:
    """Ask the client to ask again when knowledge comes, or the settings change."""
    asked: set[asyncio.Task[None]] = set()

    async def later() -> None:
        await asyncio.sleep(_PAUSE_SECONDS)
        try:
            await ask()
        except Exception as error:  # noqa: BLE001 - whatever a client answers, we go on
            LOG.warning("the client does not refresh: %s", error)

    def changed() -> None:
        if can_refresh() and not any(not task.done() for task in asked):
            task = asyncio.get_running_loop().create_task(later())
            asked.add(task)
            task.add_done_callback(asked.discard)

    def known(_uri: str) -> None:
        changed()

    server.on_knowledge.append(known)
    server.on_settings.append(changed)
