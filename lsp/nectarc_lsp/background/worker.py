"""`python -m nectarc_lsp.background.worker [NICENESS]`: reads jobs on stdin, answers on stdout.

Owns: the loop, and ending with the server. Must not know: how anything is found out.
It ends when stdin does, whatever it is at: a server that was killed leaves nothing behind.
"""

from __future__ import annotations

import logging
import os
from typing import Final

from nectarc.records import replace
from nectarc_lsp.background.frames import write_frame
from nectarc_lsp.background.jobs import Answer, CommandJob, Failure, Job
from nectarc_lsp.background.memory import Memory
from nectarc_lsp.background.resources import resident_bytes
from nectarc_lsp.background.serving import begin_serving
from nectarc_lsp.background.stages import found_by

LOG: Final = logging.getLogger("nectarc.worker")
# Caches of the prover grow with what was asked; a process that began anew has none.
_BYTES_MAX: Final = 1 << 30
_JOBS_MAX: Final = 2_000


def main() -> None:
    """Serve until the server is gone, or this process has become too large."""
    jobs, answers = begin_serving()
    import nectarc.proving  # noqa: F401, PLC0415 - takes a while, and the first job needs it

    memory = Memory()
    for left in reversed(range(_JOBS_MAX)):
        answer = _answer(jobs.get(), memory)
        is_last = not left or resident_bytes() > _BYTES_MAX
        try:
            write_frame(answers, replace(answer, is_last=is_last))
        except OSError:
            break
        if is_last:
            break
    os._exit(0)  # the reading thread waits for stdin, and cannot be joined


def _answer(job: object, memory: Memory) -> Answer | Failure:
    assert isinstance(job, Job | CommandJob)
    try:
        return Answer(job.number, _found(job, memory))
    except Exception as error:
        LOG.exception("a defect of nectarc; please report it")
        return Failure(job.number, f"{type(error).__name__}: {error}")


def _found(job: Job | CommandJob, memory: Memory) -> object:
    if isinstance(job, Job):
        return found_by(job, memory)
    from nectarc_lsp.background.commands import run_command  # noqa: PLC0415 - brings Arrow

    return run_command(job, memory)


if __name__ == "__main__":
    main()
