"""Which files below the folders of an editor are ours, open or not.

Owns: walking, and what was seen of a file until it changes. Must not know: the protocol, views.
Everything here may run in a thread: it touches nothing but the disk and its own cache.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Final

from nectarc_lsp.database.kinds import kind_by_name
from nectarc_lsp.database.view import Kind

_FILES_MAX: Final = 20_000
# A rules file is never so large; recorded traces are, and may be JSON.
_BYTES_MAX: Final = 1 << 20
_SKIPPED: Final = frozenset({"node_modules", "__pycache__", "dist", "build", "target", "vendor"})
_SUFFIXES: Final = (".toon", ".toml", ".yaml", ".yml", ".json")

_Stamp = tuple[int, int]


class WorkspaceFiles:
    """The files that were seen, with what they are."""

    def __init__(self) -> None:
        """Start with nothing seen."""
        self._seen: dict[str, tuple[_Stamp, bool]] = {}
        self._rules_files: tuple[str, ...] = ()

    def paths(self, folders: Sequence[str], rules_files: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Return the policies, manifests and rules files below `folders`, sorted.

        A `.toon` file may turn out to be none of ours. rules_files: as the database has it.
        """
        if rules_files != self._rules_files:
            self._seen, self._rules_files = {}, rules_files
        found: dict[str, tuple[_Stamp, bool]] = {}
        for path in _walk(folders):
            stamp = _stamp(path)
            if stamp is None:
                continue
            known = self._seen.get(path)
            found[path] = (
                known
                if known is not None and known[0] == stamp
                else (
                    stamp,
                    _is_ours(path, stamp, rules_files),
                )
            )
        self._seen = found
        return tuple(sorted(path for path, (_, is_ours) in found.items() if is_ours))


def _walk(folders: Sequence[str]) -> Iterator[str]:
    count = 0
    for folder in dict.fromkeys(folders):
        for here, inner, files in os.walk(folder):
            inner[:] = sorted(
                name for name in inner if not name.startswith(".") and name not in _SKIPPED
            )
            for name in files:
                if name.endswith(_SUFFIXES):
                    yield os.path.join(here, name)
                    count += 1
            if count > _FILES_MAX:
                return


def _stamp(path: str) -> _Stamp | None:
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size


def _is_ours(path: str, stamp: _Stamp, rules_files: tuple[str, ...]) -> bool:
    if kind_by_name(path, "") is not Kind.OTHER:
        return True
    if stamp[1] > _BYTES_MAX or not path.endswith((".yaml", ".yml", ".json")):
        return False
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return kind_by_name(path, file.read(), rules_files) is Kind.RULES
    except OSError:
        return False
