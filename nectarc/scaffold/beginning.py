"""How a project begins: the files of `nectarc init`, with or without the bundled shop.

Owns: which files, the project's name. Must not know: output, where the example is shipped.
"""

from __future__ import annotations

import os
from typing import Final

from nectarc.diagnostic import Diagnostic
from nectarc.files import read_text, unreadable
from nectarc.project import POLICY_NAME
from nectarc.scaffold.project_texts import project_files

EXAMPLE: Final = "examples/shop"
_TRACE_BYTES_MAX: Final = 64 * 1024 * 1024


def name_of(folder: str) -> str:
    """Return the name of the project in `folder`; `.demo` hides, the project in it is `demo`."""
    return os.path.basename(os.path.abspath(folder)).lstrip(".") or "sampling"


def beginning(folder: str, *, example: str | None = None) -> dict[str, str] | Diagnostic:
    """Return path and text of every file of a new project in `folder`, in order of writing.

    example: the folder of a project whose policy and traces come with it; None without one.
    """
    files = project_files(name_of(folder))
    refused = _add_example(files, example) if example is not None else None
    return files if refused is None else refused


def _add_example(files: dict[str, str], source: str) -> Diagnostic | None:
    """Replace the empty corpus and the policy of `files` by those of the example."""
    found: list[str] = []
    for part in ("corpus", "incidents"):
        for folder, _, names in sorted(os.walk(os.path.join(source, part))):
            found += [os.path.relpath(os.path.join(folder, name), source) for name in sorted(names)]
    if not found:
        return unreadable(source, FileNotFoundError(2, "the example is not shipped here"))
    for name in [*found, POLICY_NAME]:
        text = read_text(os.path.join(source, name), bytes_max=_TRACE_BYTES_MAX)
        if isinstance(text, Diagnostic):
            return text
        files[name.replace(os.sep, "/")] = text.text
    return None
