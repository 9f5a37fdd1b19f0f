"""`nectarc.server.newProject`: the files of `nectarc init`, written where nothing stands.

Owns: the answer to the command. Must not know: what the files hold.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from lsprotocol import types

from nectarc.diagnostic import Diagnostic
from nectarc.project import POLICY_NAME
from nectarc.scaffold.beginning import EXAMPLE, beginning
from nectarc.scaffold.new_files import in_the_way, write_new_files
from nectarc.shipped import shipped_folder
from nectarc_lsp.handlers.session import NectarcServer, path_of


async def new_project(
    server: NectarcServer, arguments: Sequence[object], _token: int | str | None = None
) -> dict[str, object]:
    """Write the files, all or none; `message` says why there are none."""
    uri, options = (*arguments, None, None)[:2]
    if not isinstance(uri, str) or not os.path.isabs(path_of(uri)):
        return {"files": [], "open": None, "message": "Name the folder of the project."}
    folder = path_of(uri)
    has_example = isinstance(options, Mapping) and options.get("example") is True
    example = shipped_folder(EXAMPLE) if has_example else None
    written, refused = await asyncio.to_thread(_begin, folder, example)
    opened = Path(folder, POLICY_NAME).as_uri() if written else None
    message = "" if refused is None else _words(refused)
    if not server.presents:
        await _show(server, message, opened)
    return {"files": list(written), "open": opened, "message": message}


def _begin(folder: str, example: str | None) -> tuple[tuple[str, ...], Diagnostic | None]:
    files = beginning(folder, example=example)
    if isinstance(files, Diagnostic):
        return (), files
    refused = in_the_way(folder, files, "init")
    return ((), refused) if refused is not None else write_new_files(folder, files)


def _words(refused: Diagnostic) -> str:
    parts = (refused.headline, refused.why, refused.help)
    return "\n\n".join(f"{part[:1].upper()}{part[1:]}." for part in parts if part)


async def _show(server: NectarcServer, message: str, opened: str | None) -> None:
    if message:
        kind = types.MessageType.Error
        server.window_show_message(types.ShowMessageParams(type=kind, message=message))
        return
    window = server.capabilities.window
    if opened is not None and window is not None and window.show_document is not None:
        await server.window_show_document_async(types.ShowDocumentParams(uri=opened))
