"""The process that suggests, seen from the event loop: one job at a time, killed when in the way.

Owns: starting, asking, giving up. Must not know: what jobs are about, the protocol.
Everything slow is there: engines, proofs, and the connection to Claude. Whoever gives up on a job
that waits for the network ends the process, and the connection with it.
"""

from __future__ import annotations

import asyncio
import logging
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from nectarc.records import record
from nectarc_lsp.background.suggesting_jobs import Broken, Done, Told

LOG: Final = logging.getLogger("nectarc")
_PROGRAM: Final = "nectarc_lsp.background.suggesting_worker"
_NO_WINDOW: Final[int] = getattr(subprocess, "CREATE_NO_WINDOW", 0)
_LENGTH_BYTES: Final = 8
_IDLE_SECONDS: Final = 600.0
# A short job that nobody waits for any more may end; a new process costs as much.
_GRACE_SECONDS: Final = 1.5


class DefectError(Exception):
    """The job ended without an answer, and why."""


@record(frozen=False)
class _Running:
    """A process. is_remote: it waits for the network now."""

    process: asyncio.subprocess.Process
    is_remote: bool = False
    is_over: bool = False


class SuggestingProcess:
    """A process that is started when it is first asked, and again when it has ended."""

    def __init__(self, *, niceness: int = 0) -> None:
        """Prepare it. niceness: how far it steps back for others."""
        self._niceness = niceness
        self._running: _Running | None = None
        self._turn = asyncio.Lock()
        self._idle: asyncio.TimerHandle | None = None
        self._left: asyncio.Task[object] | None = None

    @property
    def pid(self) -> int | None:
        """The process, None where none runs."""
        return None if self._running is None else self._running.process.pid

    async def ask(self, job: object, tell: Callable[[Told], None] | None = None) -> object:
        """Return what the job finds. Raises `DefectError`; when it is cancelled, the job ends."""
        async with self._turn:
            if self._idle is not None:
                self._idle.cancel()
            await self._end_left()
            running = await self._started()
            answering = asyncio.ensure_future(self._answered(running, job, tell))
            try:
                return await asyncio.shield(answering)
            except asyncio.CancelledError:
                if running.is_remote:
                    self.kill()
                self._left = answering
                raise
            finally:
                loop = asyncio.get_running_loop()
                self._idle = loop.call_later(_IDLE_SECONDS, self.kill)

    def kill(self) -> None:
        """End the process, whatever it is at."""
        running, self._running = self._running, None
        if self._idle is not None:
            self._idle.cancel()
        if running is not None:
            running.is_over = True
            with suppress(ProcessLookupError):
                running.process.kill()

    async def _end_left(self) -> None:
        """Let a job that was given up come to its end, or end it."""
        left = self._left
        if left is None:
            return
        _, pending = await asyncio.wait({left}, timeout=_GRACE_SECONDS)
        if pending:
            self.kill()
        with suppress(DefectError):
            await asyncio.shield(left)
        self._left = None

    async def _started(self) -> _Running:
        running = self._running
        if running is None or running.is_over or running.process.returncode is not None:
            try:
                # `-P`: the folder that the editor works in is not a place to import from.
                process = await asyncio.create_subprocess_exec(
                    sys.executable, "-P", "-m", _PROGRAM, str(self._niceness),
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                    creationflags=_NO_WINDOW, env=_environment(),
                )  # fmt: skip
            except OSError as error:
                raise DefectError(f"no process can be started: {error.strerror}") from error
            running = self._running = _Running(process)
        return running

    async def _answered(
        self, running: _Running, job: object, tell: Callable[[Told], None] | None
    ) -> object:
        try:
            await _send(running.process, job)
            while isinstance(received := await _received(running.process), Told):
                running.is_remote = received.is_remote
                if tell is not None:
                    tell(received)
        except (EOFError, OSError, asyncio.IncompleteReadError) as error:
            running.is_over = True
            raise DefectError("the process that suggests ended") from error
        running.is_remote = False
        assert isinstance(received, Done | Broken)
        running.is_over = received.is_last
        if isinstance(received, Broken):
            raise DefectError(received.reason)
        return received.found


async def _send(process: asyncio.subprocess.Process, sent: object) -> None:
    assert process.stdin is not None
    data = pickle.dumps(sent, protocol=pickle.HIGHEST_PROTOCOL)
    process.stdin.write(len(data).to_bytes(_LENGTH_BYTES, "big") + data)
    await process.stdin.drain()


async def _received(process: asyncio.subprocess.Process) -> object:
    assert process.stdout is not None
    head = await process.stdout.readexactly(_LENGTH_BYTES)
    data = await process.stdout.readexactly(int.from_bytes(head, "big"))
    received: object = pickle.loads(data)  # noqa: S301 - from our own process, see frames.py
    return received


def _environment() -> dict[str, str]:
    return {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", **os.environ}
