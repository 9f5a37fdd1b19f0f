"""When which question is asked of which process, and when its answer still counts.

Owns: the pause after an edit, newest first, stale work. Must not know: the protocol, any question.
A stage has a process of its own, so that a long one never keeps a short one waiting. A document
goes from stage to stage while its text stands; when that moves on, it begins anew, and a process
that is still at the old text has a moment to end before it is killed.
INVARIANT: what is learnt is about the text, the manifest and the corpus as they are then.
All methods are called in the thread of the event loop.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from enum import Enum
from typing import Final, Protocol

from nectarc.records import part, record, replace
from nectarc_lsp.background.jobs import Answer, Job, Subject, subject_of
from nectarc_lsp.background.process import Died, Outcome, WorkerProcess
from nectarc_lsp.database.database import Database
from nectarc_lsp.database.knowledge import Knowledge, Progress

LOG: Final = logging.getLogger("nectarc")
# How long a process may go on with a text that is no more. What it keeps in memory is worth a
# moment: the verdicts through edits, the columns of the corpus; the rules are made from nothing.
_STALE_SECONDS: Final = {Progress.VERDICTS: 5.0, Progress.FIGURES: 2.0, Progress.LOWERED: 0.0}
# The rules take seconds of a processor: they wait until nobody has typed for a while.
_QUIET_SECONDS: Final = 1.0
_SLOW_SECONDS: Final = 1.0
_IDLE_SECONDS: Final = 600.0
_CRASHES_MAX: Final = 3
_FINISHED_MAX: Final = 16
_STAGES: Final = tuple(Progress)


class Phase(Enum):
    """Where a document is."""

    WAITING = "waiting"  # for the pause after an edit
    ASKED = "asked"
    DONE = "done"  # all is known, or nothing can be
    CANCELLED = "cancelled"


class Watcher(Protocol):
    """Who is told."""

    def learnt(self, uri: str) -> None:
        """Say that the view of a document knows more."""

    def phase(self, uri: str, phase: Phase) -> None:
        """Say that a document has come to another phase."""

    def slow(self, job: Job) -> None:
        """Say that a job takes longer than one likes to wait without a word."""

    def ended(self, job: Job) -> None:
        """Say that a job is over, whatever became of it."""


@record(frozen=False)
class _Wanted:
    """A document whose stages are not all done.

    order: of the last edit.  earliest: when its stage may begin, on the clock of the loop.
    """

    subject: Subject
    stage: Progress
    order: int
    known: Knowledge | None = None
    earliest: float = 0.0


@record(frozen=False)
class _Lane:
    """The process of one stage. job: what it is at."""

    process: WorkerProcess
    job: Job | None = None
    crashes: int = 0
    timers: list[asyncio.TimerHandle] = part(default_factory=list)
    idle: asyncio.TimerHandle | None = None


class Background:
    """All that is found out about the open documents, and when."""

    def __init__(self, database: Database, watcher: Watcher, delay: Callable[[], float]) -> None:
        """Start with nothing asked. delay: seconds of the pause after an edit."""
        self._database = database
        self._watcher = watcher
        self._delay = delay
        self._lanes = {stage: _Lane(_process_of(stage)) for stage in _STAGES}
        self._pauses: dict[str, asyncio.TimerHandle] = {}
        self._wanted: dict[str, _Wanted] = {}
        self._finished: OrderedDict[str, Knowledge] = OrderedDict()
        self._order = 0
        self._is_closed = False

    def touch(self, uri: str) -> None:
        """Note that a document, or what it rests on, may have changed."""
        if self._is_closed:
            return
        self.forget(uri)
        self._warm_up()
        self._order += 1
        later = asyncio.get_running_loop().call_later(self._delay(), self._begin, uri, self._order)
        self._pauses[uri] = later
        self._watcher.phase(uri, Phase.WAITING)

    def forget(self, uri: str) -> None:
        """Ask no more about a document; what is being asked is stale."""
        pause = self._pauses.pop(uri, None)
        if pause is not None:
            pause.cancel()
        if self._wanted.pop(uri, None) is None:
            return
        for lane in self._lanes.values():
            if lane.job is not None and lane.job.subject.uri == uri:
                self._after(lane, _STALE_SECONDS[lane.job.stage], self._kill_if_stale)

    def cancel(self, uri: str) -> None:
        """Stop what is being asked about a document, now; the next edit asks again."""
        self.forget(uri)
        for lane in self._lanes.values():
            if lane.job is not None and lane.job.subject.uri == uri:
                self._kill_if_stale(lane, lane.job)
        self._watcher.phase(uri, Phase.CANCELLED)

    def close(self) -> None:
        """End all processes."""
        self._is_closed = True
        for pause in self._pauses.values():
            pause.cancel()
        for lane in self._lanes.values():
            self._free(lane)
            if lane.idle is not None:
                lane.idle.cancel()
            lane.process.kill()

    def processes(self) -> tuple[int, ...]:
        """Return the processes that run, for who wants to see what they cost."""
        pids = (lane.process.pid for lane in self._lanes.values())
        return tuple(pid for pid in pids if pid is not None)

    def _warm_up(self) -> None:
        """Let the processes start while the author pauses."""
        for lane in self._lanes.values():
            if lane.crashes <= _CRASHES_MAX:
                with suppress(OSError):
                    lane.process.start()

    def _begin(self, uri: str, order: int) -> None:
        self._pauses.pop(uri, None)
        subject = self._subject(uri)
        if subject is None:
            self._watcher.phase(uri, Phase.DONE)
            return
        known = self._finished.get(subject.digest)
        if known is not None:
            self._finished.move_to_end(subject.digest)
            self._learn(subject, known)
            self._watcher.phase(uri, Phase.DONE)
            return
        self._wanted[uri] = _Wanted(subject, _STAGES[0], order)
        self._watcher.phase(uri, Phase.ASKED)
        self._pump()

    def _pump(self) -> None:
        """Give each idle process the newest document that waits for it."""
        now = asyncio.get_running_loop().time()
        for stage, lane in self._lanes.items():
            waiting = [
                one for one in self._wanted.values() if one.stage is stage and one.earliest <= now
            ]
            if lane.job is not None or not waiting or self._is_closed:
                continue
            newest = max(waiting, key=lambda one: one.order)
            self._ask(lane, newest)

    def _ask(self, lane: _Lane, wanted: _Wanted) -> None:
        self._order += 1
        job = Job(
            number=self._order, stage=wanted.stage, subject=wanted.subject, known=wanted.known
        )
        if lane.crashes > _CRASHES_MAX:
            self._fail(wanted, "the process that finds it out has ended too often")
            return
        lane.job = job
        if lane.idle is not None:
            lane.idle.cancel()
        self._after(lane, _SLOW_SECONDS, self._say_slow)
        loop = asyncio.get_running_loop()

        def deliver(outcome: Outcome) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._delivered, lane, job, outcome)

        try:
            lane.process.ask(job, deliver)
        except OSError as error:
            self._free(lane)
            lane.crashes += 1
            self._fail(wanted, f"no process can be started: {error.strerror}")

    def _delivered(self, lane: _Lane, job: Job, outcome: Outcome) -> None:
        if lane.job is not job:
            return  # it was killed as it answered
        self._free(lane)
        if job.stage is not _STAGES[0]:  # whose verdicts are kept through edits, and are small
            lane.idle = asyncio.get_running_loop().call_later(_IDLE_SECONDS, lane.process.kill)
        lane.crashes = lane.crashes + 1 if isinstance(outcome, Died) else lane.crashes
        wanted = self._wanted.get(job.subject.uri)
        if wanted is not None and _is_about(job, wanted):
            self._take(wanted, outcome)
        self._pump()

    def _take(self, wanted: _Wanted, outcome: Outcome) -> None:
        if isinstance(outcome, Died):
            self._fail(wanted, "the process that finds it out ended")
        elif not isinstance(outcome, Answer):
            self._fail(wanted, outcome.reason)
        else:
            assert isinstance(outcome.found, Knowledge)
            known = outcome.found
            error = wanted.known.error if wanted.known is not None else ""
            self._advance(wanted, replace(known, error=known.error or error))

    def _fail(self, wanted: _Wanted, reason: str) -> None:
        """Go on without this stage, but never without the verdicts."""
        known = wanted.known
        if known is None:
            digest = wanted.subject.digest
            known = Knowledge(digest=digest, progress=Progress.VERDICTS, error=reason)
        self._advance(wanted, replace(known, error=reason))

    def _advance(self, wanted: _Wanted, known: Knowledge) -> None:
        uri, stage = wanted.subject.uri, wanted.stage
        if not self._learn(wanted.subject, known):
            self.touch(uri)  # the manifest or the corpus has changed, and nobody told us
            return
        is_over = stage is _STAGES[-1] or (stage is _STAGES[0] and bool(known.error))
        if not is_over:
            wanted.known, wanted.stage = known, _STAGES[_STAGES.index(stage) + 1]
            if wanted.stage is _STAGES[-1]:
                self._let_wait(wanted)
            self._pump()
            return
        del self._wanted[uri]
        if not known.error:
            self._finished[wanted.subject.digest] = known
            while len(self._finished) > _FINISHED_MAX:
                self._finished.popitem(last=False)
        self._watcher.phase(uri, Phase.DONE)

    def _let_wait(self, wanted: _Wanted) -> None:
        loop = asyncio.get_running_loop()
        wanted.earliest = loop.time() + min(_QUIET_SECONDS, 4 * self._delay())
        loop.call_at(wanted.earliest, self._pump)

    def _learn(self, subject: Subject, known: Knowledge) -> bool:
        now = self._subject(subject.uri)
        if now is None or now.digest != subject.digest:
            return False
        if not self._database.learn(subject.uri, subject.text, known):
            return False
        self._watcher.learnt(subject.uri)
        return True

    def _subject(self, uri: str) -> Subject | None:
        view = self._database.view(uri)
        return None if view is None else subject_of(view)

    def _after(self, lane: _Lane, seconds: float, act: Callable[[_Lane, Job], None]) -> None:
        assert lane.job is not None
        later = asyncio.get_running_loop().call_later(seconds, act, lane, lane.job)
        lane.timers.append(later)

    def _say_slow(self, lane: _Lane, job: Job) -> None:
        if lane.job is job:
            self._watcher.slow(job)

    def _kill_if_stale(self, lane: _Lane, job: Job) -> None:
        wanted = self._wanted.get(job.subject.uri)
        if lane.job is not job or (wanted is not None and _is_about(job, wanted)):
            return
        lane.process.kill()
        self._free(lane)
        self._pump()

    def _free(self, lane: _Lane) -> None:
        for timer in lane.timers:
            timer.cancel()
        lane.timers.clear()
        job, lane.job = lane.job, None
        if job is not None:
            self._watcher.ended(job)


def _is_about(job: Job, wanted: _Wanted) -> bool:
    return wanted.subject.digest == job.subject.digest and wanted.stage is job.stage


def _process_of(stage: Progress) -> WorkerProcess:
    # People wait for verdicts; the rest has time.
    return WorkerProcess(stage.value, niceness=0 if stage is _STAGES[0] else 10)
