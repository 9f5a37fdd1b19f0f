"""Files of a new project on the disk: all of them or none, and never over another file.

Owns: looking for files in the way, folders. Must not know: what the files hold.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping, Sequence

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic
from nectarc.files import unwritable, write_atomically
from nectarc.source import SourceSpan


def in_the_way(folder: str, files: Mapping[str, str], command: str) -> Diagnostic | None:
    """Say which of `files` are already in `folder`, None where there are none."""
    names = [name for name in files if os.path.lexists(os.path.join(folder, name))]
    return _in_the_way(folder, names, command) if names else None


def write_new_files(
    folder: str, files: Mapping[str, str]
) -> tuple[tuple[str, ...], Diagnostic | None]:
    """Write `files`, none of which is there, into `folder`.

    Returns the paths; or none, where one cannot be written: then the others are gone again.
    """
    written: list[str] = []
    for name, text in files.items():
        path = os.path.join(folder, name)
        refused = _make_folder(path) or write_atomically(path, text)
        if refused is not None:
            for done in written:
                with contextlib.suppress(OSError):
                    os.unlink(done)
            return (), refused
        written.append(path)
    return tuple(written), None


def _in_the_way(folder: str, names: Sequence[str], command: str) -> Diagnostic:
    named = ", ".join(f"`{name}`" for name in names)
    return finding(
        "NEC409",
        SourceSpan(os.path.join(folder, names[0]), 0, 0),
        f"`{folder}` already has {named}, and `{command}` never overwrites a file",
        why="half a new project beside half an old one would sample by rules that nobody chose",
        help="start in a new folder, or move these files away first",
    )


def _make_folder(path: str) -> Diagnostic | None:
    folder = os.path.dirname(path)
    try:
        os.makedirs(folder or ".", exist_ok=True)
    except OSError as error:
        return unwritable(folder, error)
    return None
