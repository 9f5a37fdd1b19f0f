"""Files on the disk that matter: the client is asked to say when they change.

Owns: which files. Must not know: what follows from a change (handlers/documents.py).
"""

from __future__ import annotations

from typing import Final
from uuid import uuid4

from lsprotocol import types

from nectarc.corpus.schema import MANIFEST_FILE, SCHEMA_FILE
from nectarc.project import MANIFEST_NAME
from nectarc_lsp.handlers.session import LOG, NectarcServer

_GLOBS: Final = (
    f"**/{MANIFEST_NAME}",
    "**/*.toon",
    "**/*.{yaml,yml}",
    f"**/{SCHEMA_FILE}",
    f"**/{MANIFEST_FILE}",
)


def register(server: NectarcServer) -> None:
    """Install the request."""

    async def watch() -> None:
        workspace = server.capabilities.workspace
        can = workspace.did_change_watched_files if workspace is not None else None
        if can is None or not can.dynamic_registration:
            return
        watchers = [types.FileSystemWatcher(glob_pattern=one) for one in _GLOBS]
        registration = types.Registration(
            id=str(uuid4()),
            method=types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
            register_options=types.DidChangeWatchedFilesRegistrationOptions(watchers=watchers),
        )
        try:
            await server.client_register_capability_async(
                types.RegistrationParams(registrations=[registration])
            )
        except Exception as error:  # noqa: BLE001 - whatever the client answers, it goes on
            LOG.warning("the client does not watch files: %s", error)

    server.on_initialized.append(watch)
