"""What an edit of a policy does, proven in a process of its own.

Owns: asking for it, and the answers of late. Must not know: the protocol, which edits there are.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Final

from nectarc.checking import check_text
from nectarc.source import SourceText
from nectarc_lsp.background.jobs import Answer, CommandJob, bare_subject
from nectarc_lsp.background.process import Outcome, WorkerProcess
from nectarc_lsp.database.view import View

EDIT_EFFECT: Final = "edit_effect"
_KEPT_MAX: Final = 64
_IDLE_SECONDS: Final = 300.0


def edit_effect(argument: object) -> str:
    """Return in words what an edit does to traces; runs in a worker process."""
    assert isinstance(argument, tuple)  # `Effects` made it
    path, before, after = argument
    from nectarc.compare.change_effect import effect_of_change, effect_words  # noqa: PLC0415

    policies = [check_text(SourceText.of(path, text)).policy for text in (before, after)]
    old, new = policies
    if old is None or new is None:
        return ""
    return effect_words(effect_of_change(old, new))


class Effects:
    """The effects of edits; an edit is asked about once."""

    def __init__(self) -> None:
        """Start with nothing asked."""
        self._process = WorkerProcess("effects")
        self._known: OrderedDict[tuple[str, str], asyncio.Future[str]] = OrderedDict()
        self._turn = asyncio.Lock()
        self._number = 0
        self._idle: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def of(self, view: View, after: str) -> str:
        """Return what the edit from the view's text to `after` does; "" where that is unknown."""
        key = (view.text.text, after)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = asyncio.get_running_loop().create_future()
            while len(self._known) > _KEPT_MAX:
                self._known.popitem(last=False)
            subject = bare_subject(view)
            if subject is None:
                found.set_result("")
            else:
                self._number += 1
                argument = (subject.path, subject.text, after)
                job = CommandJob(
                    number=self._number, name=EDIT_EFFECT, subject=subject, argument=argument
                )
                task = asyncio.create_task(self._ask(job, found))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
        return await asyncio.shield(found)

    def close(self) -> None:
        """End the process."""
        if self._idle is not None:
            self._idle.cancel()
        self._process.kill()
        for found in self._known.values():
            found.cancel()
        self._known.clear()

    async def _ask(self, job: CommandJob, found: asyncio.Future[str]) -> None:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[str] = loop.create_future()

        def deliver(outcome: Outcome) -> None:
            text = outcome.found if isinstance(outcome, Answer) else ""
            if not loop.is_closed():
                loop.call_soon_threadsafe(_settle, answer, str(text))

        async with self._turn:
            if self._idle is not None:
                self._idle.cancel()
            try:
                self._process.ask(job, deliver)
            except OSError:
                _settle(answer, "")
            _settle(found, await answer)
            self._idle = loop.call_later(_IDLE_SECONDS, self._process.kill)


def _settle(future: asyncio.Future[str], text: str) -> None:
    if not future.done():
        future.set_result(text)
