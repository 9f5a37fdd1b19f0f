"""`python -m nectarc_lsp.background.suggesting_worker [NICENESS]`: the process that suggests.

Jobs come on stdin, answers go to stdout.

Owns: the loop, and ending with the server. Must not know: how anything is suggested.
It ends when stdin does: a server that was killed leaves nothing behind.
"""

from __future__ import annotations

import contextlib
import logging
import os
from typing import BinaryIO, Final

from nectarc_lsp.background.frames import write_frame
from nectarc_lsp.background.resources import resident_bytes
from nectarc_lsp.background.serving import begin_serving
from nectarc_lsp.background.suggesting import Suggester
from nectarc_lsp.background.suggesting_jobs import Broken, Done, Told

LOG: Final = logging.getLogger("nectarc.suggesting")
_BYTES_MAX: Final = 1 << 30


def main() -> None:
    """Serve until the server is gone, or this process has become too large."""
    jobs, answers = begin_serving()

    def tell(told: Told) -> None:
        write_frame(answers, told)

    suggester = Suggester(tell)
    with contextlib.suppress(OSError):
        while _serve(jobs.get(), suggester, answers):
            pass
    os._exit(0)  # the reading thread waits for stdin, and cannot be joined


def _serve(job: object, suggester: Suggester, answers: BinaryIO) -> bool:
    try:
        found = suggester.found(job)
    except Exception as error:
        LOG.exception("a defect of nectarc; please report it")
        write_frame(answers, Broken(reason=f"{type(error).__name__}: {error}"))
        return True
    is_last = resident_bytes() > _BYTES_MAX
    write_frame(answers, Done(found=found, is_last=is_last))
    return not is_last


if __name__ == "__main__":
    main()
