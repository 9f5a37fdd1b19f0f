"""`nectarc` itself, run as people run it: for commands that write files.

Owns: running it, ending it. Must not know: what its output means.
What is on the disk counts there, not what an editor holds: so what is written is what anybody else
gets who runs the same command.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from contextlib import suppress
from typing import Final

from nectarc.records import record

_PROGRAM: Final = "nectarc.cli.main"
_NO_WINDOW: Final[int] = getattr(subprocess, "CREATE_NO_WINDOW", 0)


@record(kw_only=True)
class Ran:
    """How it went."""

    status: int
    out: str
    err: str


async def run_nectarc(*words: str, folder: str, given: str | None = None) -> Ran:
    """Run `nectarc words...` in `folder`, with `given` on stdin. Raises OSError.

    Whoever is cancelled while waiting ends the program.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-m",
        _PROGRAM,
        *words,
        cwd=folder or None,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        creationflags=_NO_WINDOW,
    )
    try:
        out, err = await process.communicate((given or "").encode())
    except asyncio.CancelledError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        raise
    status = process.returncode
    assert status is not None
    return Ran(status=status, out=out.decode(errors="replace"), err=err.decode(errors="replace"))
