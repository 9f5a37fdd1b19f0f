"""One worker process, seen from the server: asked one job at a time, killed when it is in the way.

Owns: starting, asking, killing, noticing that it died. Must not know: what jobs are about, when to
ask them. Nothing here blocks: a thread for each process writes and reads.
"""

from __future__ import annotations

import logging
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import BinaryIO, Final, TypeAlias, cast

from nectarc_lsp.background.frames import read_frame, write_frame
from nectarc_lsp.background.jobs import Answer, CommandJob, Failure, Job

LOG: Final = logging.getLogger("nectarc")
_PROGRAM: Final = "nectarc_lsp.background.worker"
# Windows opens a console for a program that has none.
_NO_WINDOW: Final[int] = getattr(subprocess, "CREATE_NO_WINDOW", 0)


class Died:
    """The process ended before it answered."""


Outcome: TypeAlias = Answer | Failure | Died
Deliver: TypeAlias = Callable[[Outcome], None]


class WorkerProcess:
    """A process that is started when it is first asked, and again after it was killed or died.

    deliver: called from another thread, once for each job that was asked and not killed.
    """

    def __init__(self, name: str, *, niceness: int = 0) -> None:
        """Prepare a process; `name` is for the log. niceness: how far it steps back for others."""
        self.name = name
        self._niceness = niceness
        self._running: _Running | None = None

    @property
    def pid(self) -> int | None:
        """The process, None where none runs."""
        running = self._running
        return None if running is None or running.is_over else running.process.pid

    def ask(self, job: Job | CommandJob, deliver: Deliver) -> None:
        """Give a job to an idle process. Raises OSError where no process can be started."""
        self.start().jobs.put((job, deliver))

    def start(self) -> _Running:
        """Start the process, if it is not there. Raises OSError where that cannot be."""
        running = self._running
        if running is None or running.is_over or running.process.poll() is not None:
            self.kill()
            running = self._running = _Running(self.name, self._niceness)
        return running

    def kill(self) -> None:
        """End the process; the job that it is at is delivered by nobody."""
        running, self._running = self._running, None
        if running is not None:
            running.kill()


class _Running:
    """A process and the thread that talks with it."""

    def __init__(self, name: str, niceness: int) -> None:
        # `-P`: the folder that the editor works in is not a place to import from.
        self.process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-P", "-m", _PROGRAM, str(niceness)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            creationflags=_NO_WINDOW,
            env=_environment(),
        )
        self.jobs: queue.SimpleQueue[tuple[Job | CommandJob, Deliver] | None] = queue.SimpleQueue()
        self.is_over = False
        self._is_killed = False
        threading.Thread(target=self._talk, name=f"nectarc {name}", daemon=True).start()

    def kill(self) -> None:
        self._is_killed = self.is_over = True
        with suppress(OSError):
            self.process.kill()
        self.jobs.put(None)

    def _talk(self) -> None:
        while not self.is_over and (asked := self.jobs.get()) is not None:
            job, deliver = asked
            outcome = self._outcome(job)
            if self._is_killed:
                break
            if isinstance(outcome, Died):
                self.is_over = True
                LOG.error("a worker process ended with status %s", self.process.wait())
            else:
                self.is_over = outcome.is_last
            deliver(outcome)
        with suppress(OSError):
            self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            with suppress(OSError):
                cast("BinaryIO", pipe).close()
        self.process.wait()

    def _outcome(self, job: Job | CommandJob) -> Outcome:
        try:
            write_frame(cast("BinaryIO", self.process.stdin), job)
            received = read_frame(cast("BinaryIO", self.process.stdout))
        except (EOFError, OSError, ValueError):
            return Died()
        assert isinstance(received, Answer | Failure)
        return received


def _environment() -> dict[str, str]:
    # NumPy's and OpenMP's threads for every processor would take the editor's.
    return {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", **os.environ}
