"""How a process behind the server begins: jobs on stdin, answers on stdout, its log on stderr.

Owns: the streams, and ending with the server. Must not know: what jobs are.
"""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import signal
import sys
import threading
from typing import BinaryIO, TypeAlias

from nectarc_lsp.background.frames import read_frame

Jobs: TypeAlias = "queue.SimpleQueue[object]"


def begin_serving() -> tuple[Jobs, BinaryIO]:
    """Return the jobs as they come, and where answers go.

    The process ends when stdin does, whatever it is at: a server that was killed leaves nothing
    behind. Its first argument is how nice it is to others.
    """
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(name)s: %(message)s")
    with contextlib.suppress(ValueError, OSError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server says when to end
    if len(sys.argv) > 1 and hasattr(os, "nice"):
        os.nice(int(sys.argv[1]))
    answers = _own_stdout()
    jobs: Jobs = queue.SimpleQueue()
    threading.Thread(target=_read, args=(sys.stdin.buffer, jobs), daemon=True).start()
    return jobs, answers


def _own_stdout() -> BinaryIO:
    """Keep stdout for answers: whatever is printed here goes to stderr."""
    sys.stdout.flush()
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return answers


def _read(pipe: BinaryIO, jobs: Jobs) -> None:
    while True:
        try:
            jobs.put(read_frame(pipe))
        except (EOFError, OSError):
            os._exit(0)
