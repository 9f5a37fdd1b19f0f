"""Proofs and figures behind the editor's back: what starts them, and who is told.

Owns: `nectarc/proofState`, progress. Must not know: how anything is proven.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine
from typing import Final
from uuid import uuid4

from lsprotocol import types

from nectarc_lsp.background.jobs import Job
from nectarc_lsp.background.scheduler import Background, Phase
from nectarc_lsp.database.kinds import kind_by_name
from nectarc_lsp.database.knowledge import Progress
from nectarc_lsp.database.view import Kind, View
from nectarc_lsp.features.proof_words import outcome_of
from nectarc_lsp.handlers.session import LOG, NectarcServer, guarded, handles, path_of

PROOF_STATE: Final = "nectarc/proofState"
_WORDS: Final = {
    Progress.VERDICTS: "proving",
    Progress.FIGURES: "asking the corpus about",
    Progress.LOWERED: "making the Refinery rules of",
}


def register(server: NectarcServer) -> None:
    """Install the handlers."""
    teller = _Teller(server)
    background = Background(server.database, teller, lambda: server.settings.proofs_delay)
    teller.background = background

    def changed(uri: str) -> None:
        # Nothing is looked at here: edits that come in one go are read before anything is checked.
        kind = kind_by_name(path_of(uri), "")
        if kind is Kind.MANIFEST:
            for other in server.database.uris():
                _touch(server, background, other)
        _touch(server, background, uri)

    def closed(uri: str) -> None:
        background.forget(uri)
        teller.untold(uri)

    def set_anew() -> None:
        for uri in server.database.uris():
            _touch(server, background, uri)
            if not server.settings.proofs:
                teller.untold(uri)

    server.on_view.append(changed)
    server.on_close.append(closed)
    server.on_settings.append(set_anew)
    server.on_exit.append(background.close)

    @handles(server, types.WINDOW_WORK_DONE_PROGRESS_CANCEL)
    def cancel(params: types.WorkDoneProgressCancelParams) -> None:
        teller.cancelled(params.token)

    @handles(server, types.SHUTDOWN)
    def shutdown(_params: None) -> None:
        for told in server.on_exit:
            told()


def _touch(server: NectarcServer, background: Background, uri: str) -> None:
    if not server.settings.proofs:
        background.forget(uri)
    elif kind_by_name(path_of(uri), "") is Kind.POLICY:
        background.touch(uri)


class _Teller:
    """Tells the client, and whoever waits for knowledge, what the background does."""

    def __init__(self, server: NectarcServer) -> None:
        self._server = server
        self.background: Background | None = None
        self._progress: dict[int, str] = {}
        self._uris: dict[str, str] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._told: dict[str, dict[str, object]] = {}

    def learnt(self, uri: str) -> None:
        """Show what is known now."""
        for told in self._server.on_knowledge:
            guarded(told, "on_knowledge")(uri)
        guarded(self._tell_known, PROOF_STATE)(uri)

    def phase(self, uri: str, phase: Phase) -> None:
        """Show where a document is."""
        if phase is Phase.WAITING:
            if uri in self._told:  # else it may be none of our business
                self.tell(uri, self._version(uri), "checking", "")
            return
        view = self._server.database.view(uri)
        if view is None or view.kind is not Kind.POLICY:
            self.untold(uri)
            return
        version = view.version
        match phase:
            case Phase.ASKED:
                self.tell(uri, version, "proving", "")
            case Phase.CANCELLED:
                self.tell(uri, version, "none", "stopped; the next edit starts it again")
            case Phase.DONE if view.knowledge is None:
                self.tell(uri, version, "errors", _why_not(view))
            case Phase.DONE:
                self._tell_known(uri)

    def slow(self, job: Job) -> None:
        """Show progress, where the client can."""
        window = self._server.capabilities.window
        if window is None or not window.work_done_progress:
            return
        token = str(uuid4())
        self._progress[job.number] = token
        self._uris[token] = job.subject.uri
        self._later(self._begin(token, job))

    def ended(self, job: Job) -> None:
        """End the progress that was shown."""
        token = self._progress.pop(job.number, None)
        if token is not None and self._uris.pop(token, None) is not None:
            self._later(self._end(token))

    def cancelled(self, token: int | str) -> None:
        """Stop what the user does not want to wait for."""
        uri = self._uris.get(str(token))
        if uri is not None and self.background is not None:
            self.background.cancel(uri)

    def untold(self, uri: str) -> None:
        """Say that nothing is to be said of a document any more."""
        if uri in self._told:
            self.tell(uri, None, "none", "")
            del self._told[uri]

    def tell(
        self, uri: str, version: int | None, state: str, headline: str, detail: str = ""
    ) -> None:
        """Send the state of a document, unless the client knows it."""
        told: dict[str, object] = {
            "uri": uri,
            "version": version,
            "state": state,
            "headline": headline,
            "detail": detail,
        }
        if self._told.get(uri) == told:
            return
        self._told[uri] = told
        self._server.protocol.notify(PROOF_STATE, told)

    def _version(self, uri: str) -> int | None:
        return self._server.workspace.get_text_document(uri).version

    def _tell_known(self, uri: str) -> None:
        view = self._server.database.view(uri)
        if view is None or view.knowledge is None:
            return
        found = outcome_of(view.knowledge)
        self.tell(uri, view.version, found.state, found.headline, found.text)

    async def _begin(self, token: str, job: Job) -> None:
        progress = self._server.work_done_progress
        await progress.create_async(token)
        if token not in self._uris:
            progress.tokens.pop(token, None)  # it was over before the client had answered
            return
        name = os.path.basename(job.subject.path)
        begin = types.WorkDoneProgressBegin(
            title="nectarc", message=f"{_WORDS[job.stage]} {name}", cancellable=True
        )
        progress.begin(token, begin)

    async def _end(self, token: str) -> None:
        progress = self._server.work_done_progress
        if token in progress.tokens:
            progress.end(token, types.WorkDoneProgressEnd())
            progress.tokens.pop(token, None)

    def _later(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            LOG.warning("the client takes no progress: %s", task.exception())


def _why_not(view: View) -> str:
    if view.project is None:
        return "nothing is proven while `nectar.toml` cannot be read"
    return "nothing is proven while the policy has errors"
