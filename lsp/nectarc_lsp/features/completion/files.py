"""Files beside a document, for paths that are being typed.

Owns: looking into one folder. Must not know: what the paths are for, the protocol.
"""

from __future__ import annotations

import os
from typing import Final

_ENTRIES_MAX: Final = 2_000
_OFFERS_MAX: Final = 100


def files_below(
    document: str, prefix: str, suffixes: tuple[str, ...] = (), *, folders_only: bool = False
) -> tuple[str, ...]:
    """Return paths relative to the document's folder that begin as typed; folders end in `/`.

    One folder is looked into: that which `prefix` names up to its last slash. Never raises.
    """
    here = os.path.dirname(document)
    above, _, _ = prefix.rpartition("/")
    if not os.path.isabs(document) or "\0" in prefix:
        return ()
    folders: list[str] = []
    files: list[str] = []
    try:
        with os.scandir(os.path.join(here, above)) as entries:
            for number, entry in enumerate(entries):
                if number >= _ENTRIES_MAX:
                    break
                if entry.name.startswith("."):
                    continue
                path = f"{above}/{entry.name}" if above else entry.name
                if entry.is_dir():
                    folders.append(path + ("" if folders_only else "/"))
                elif not folders_only and entry.name.endswith(suffixes or ("",)):
                    files.append(path)
    except (OSError, ValueError):
        return ()
    return (*sorted(files), *sorted(folders))[:_OFFERS_MAX]
