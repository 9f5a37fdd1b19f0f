"""`python -m nectarc_lsp.background.worker [NICENESS]`: reads jobs on stdin, answers on stdout.

Owns: the loop, and ending with the server. Must not know: how anything is found out.
It ends when stdin does, whatever it is at: a server that was killed leaves nothing behind.
"""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import signal
import sys
import threading
from typing import BinaryIO, Final

from nectarc.records import replace
from nectarc_lsp.background.frames import read_frame, write_frame
from nectarc_lsp.background.jobs import Answer, CommandJob, Failure, Job
from nectarc_lsp.background.memory import Memory
from nectarc_lsp.background.resources import resident_bytes
from nectarc_lsp.background.stages import found_by

LOG: Final = logging.getLogger("nectarc.worker")
# Caches of the prover grow with what was asked; a process that began anew has none.
_BYTES_MAX: Final = 1 << 30
_JOBS_MAX: Final = 2_000


def main() -> None:
    """Serve until the server is gone, or this process has become too large."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(name)s: %(message)s")
    with contextlib.suppress(ValueError, OSError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server says when to end
    if len(sys.argv) > 1 and hasattr(os, "nice"):
        os.nice(int(sys.argv[1]))
    answers = _own_stdout()
    jobs: queue.SimpleQueue[object] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(sys.stdin.buffer, jobs), daemon=True).start()
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


def _own_stdout() -> BinaryIO:
    """Keep stdout for answers: whatever is printed here goes to stderr."""
    sys.stdout.flush()
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return answers


def _read(pipe: BinaryIO, jobs: queue.SimpleQueue[object]) -> None:
    while True:
        try:
            jobs.put(read_frame(pipe))
        except (EOFError, OSError):
            os._exit(0)


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
