"""The process that commands run in: one at a time, ended when nobody wants its answer.

Owns: asking it from a coroutine. Must not know: what is asked.
"""

from __future__ import annotations

import asyncio
from typing import Final

from nectarc_lsp.background.jobs import Answer, CommandJob, Failure, Subject
from nectarc_lsp.background.process import Outcome, WorkerProcess

_IDLE_SECONDS: Final = 300.0


class NoAnswerError(Exception):
    """The process has no answer, and why."""


class Asking:
    """A process that is started when it is first asked, and ends when it is idle for long."""

    def __init__(self, name: str) -> None:
        """Prepare it; `name` is for the log."""
        self._process = WorkerProcess(name)
        self._turn = asyncio.Lock()
        self._number = 0
        self._idle: asyncio.TimerHandle | None = None

    async def ask(self, name: str, subject: Subject, argument: object = None) -> object:
        """Run a command of `background.commands`; raises `NoAnswerError`.

        Whoever is cancelled while waiting ends the process.
        """
        async with self._turn:
            if self._idle is not None:
                self._idle.cancel()
            self._number += 1
            job = CommandJob(number=self._number, name=name, subject=subject, argument=argument)
            try:
                outcome = await self._outcome(job)
            except asyncio.CancelledError:
                self._process.kill()
                raise
            loop = asyncio.get_running_loop()
            self._idle = loop.call_later(_IDLE_SECONDS, self._process.kill)
        match outcome:
            case Answer():
                return outcome.found
            case Failure():
                raise NoAnswerError(outcome.reason)
            case _:
                raise NoAnswerError("the process that was asked ended")

    def close(self) -> None:
        """End the process."""
        if self._idle is not None:
            self._idle.cancel()
        self._process.kill()

    async def _outcome(self, job: CommandJob) -> Outcome:
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[Outcome] = loop.create_future()

        def deliver(outcome: Outcome) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(_settle, answered, outcome)

        try:
            self._process.ask(job, deliver)
        except OSError as error:
            raise NoAnswerError(f"no process can be started: {error.strerror}") from error
        return await answered


def _settle(future: asyncio.Future[Outcome], outcome: Outcome) -> None:
    if not future.done():
        future.set_result(outcome)
