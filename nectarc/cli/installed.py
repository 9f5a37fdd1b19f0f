"""Programs beside nectarc, looked for without starting any.

Owns: PATH. Must not know: what they are for. The standard library's `which` brings all of shutil.
"""

from __future__ import annotations

import os


def find_program(name: str) -> str | None:
    """Return the first program of that name on PATH, as a shell would."""
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        path = os.path.join(folder, name)
        if folder and os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    return None
