"""`textDocument/inlineCompletion`: rows that words ask for, shown only when they are proven.

Owns: when an engine is asked (off, debounced, one at a time, cached), how a suggestion is marked,
`nectarc/suggestionState`. Must not know: engines, proofs. Truth: docs/editor-claude.md.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from typing import Final

from lsprotocol import types

from nectarc_lsp.background.jobs import stamps_of
from nectarc_lsp.background.suggesting_jobs import Reader, Suggested, SuggestJob, WarmUp
from nectarc_lsp.background.suggesting_process import DefectError, SuggestingProcess
from nectarc_lsp.database.view import View
from nectarc_lsp.features.suggestions import wish_at
from nectarc_lsp.features.suggestions_accepted import edits_after, field_rows
from nectarc_lsp.handlers.convert import to_offset
from nectarc_lsp.handlers.edits import workspace_edit
from nectarc_lsp.handlers.session import LOG, NectarcServer, handles

SUGGESTION_STATE: Final = "nectarc/suggestionState"
ACCEPTED: Final = "nectarc.server.suggestionAccepted"
# Nobody pauses for less between two words; a request of the user's own is not kept waiting.
_PAUSE_SECONDS: Final = 0.35
_KEPT_MAX: Final = 64


def register(server: NectarcServer) -> None:
    """Install the handlers."""
    suggesting = _Suggesting(server)
    server.on_settings.append(suggesting.set_anew)
    server.on_exit.append(suggesting.close)

    # Without options pygls would not tell the client that there are suggestions.
    options = types.InlineCompletionOptions()

    @handles(server, types.TEXT_DOCUMENT_INLINE_COMPLETION, options)
    async def inline_completion(
        params: types.InlineCompletionParams,
    ) -> types.InlineCompletionList | None:
        uri = params.text_document.uri
        view = server.policy(uri) if server.settings.inline_completion else None
        if view is None or params.context.selected_completion_info is not None:
            return None
        offset = to_offset(params.position, view.text, server.encoding)
        is_asked = params.context.trigger_kind is types.InlineCompletionTriggerKind.Invoked
        found = await suggesting.found(view, offset, is_asked=is_asked)
        return None if found is None else _items(found, uri, params.position)

    @server.command(ACCEPTED)
    async def accepted(uri: str, fields: object = None) -> None:
        view = server.policy(uri)
        edits = () if view is None else edits_after(view, field_rows(fields))
        edit = workspace_edit(server, edits) if edits else None
        if edit is not None:
            wanted = types.ApplyWorkspaceEditParams(edit=edit, label="What the row needs")
            await server.workspace_apply_edit_async(wanted)


class _Suggesting:
    """One question at a time: the newest."""

    def __init__(self, server: NectarcServer) -> None:
        self._server = server
        self._process = SuggestingProcess(niceness=5)
        self._kept: OrderedDict[str, Suggested] = OrderedDict()
        self._newest = 0
        self._asking: asyncio.Task[object] | None = None
        self._warming: asyncio.Task[object] | None = None
        self._failure = ""

    def set_anew(self) -> None:
        """Start the process when suggestions are turned on, and end it when they are not."""
        if not self._server.settings.inline_completion:
            self._newest += 1
            self._process.kill()
        elif self._process.pid is None:
            self._warming = asyncio.ensure_future(self._warm())

    def close(self) -> None:
        """End the process."""
        self._process.kill()

    async def found(self, view: View, offset: int, *, is_asked: bool) -> Suggested | None:
        """Return what may be shown at an offset; None where nothing is wished for, or too late."""
        self._newest += 1
        mine = self._newest
        wish = wish_at(view, offset, is_asked=is_asked)
        if wish is None or view.project is None:
            return None
        settings = self._server.settings
        job = SuggestJob(
            path=view.text.file,
            text=view.text.text,
            wish=wish,
            project=view.project,
            manifest=view.manifest,
            reader=Reader(engine=settings.inline_engine, share_values=settings.share_values),
        )
        key = _key(job)
        known = self._kept.get(key)
        if known is not None:
            self._kept.move_to_end(key)
            self._tell(view, known)
            return known
        uri, text = view.uri, view.text.text
        if not is_asked:
            await asyncio.sleep(_PAUSE_SECONDS)
        found = await self._asked(job, mine) if mine == self._newest else None
        now = self._server.policy(uri)
        if found is None or now is None or now.text.text != text:
            return None
        if not found.failure:
            self._keep(key, found)
        self._tell(now, found)
        return found

    async def _asked(self, job: SuggestJob, mine: int) -> Suggested | None:
        """Ask the process; None where a newer question came, or there is no answer."""
        if self._asking is not None:
            self._asking.cancel()
        asking = self._asking = asyncio.ensure_future(self._process.ask(job))
        try:
            found = await asking
        except DefectError as error:
            LOG.warning("no suggestion: %s", error)
            return None
        except asyncio.CancelledError:
            if mine != self._newest:
                return None
            raise
        assert isinstance(found, Suggested)
        self._log(found.failure)
        return found

    def _keep(self, key: str, found: Suggested) -> None:
        self._kept[key] = found
        while len(self._kept) > _KEPT_MAX:
            self._kept.popitem(last=False)

    def _log(self, failure: str) -> None:
        """Say once that Claude cannot be asked, not at each pause of the user's typing."""
        if failure and failure != self._failure:
            LOG.warning("no suggestion of Claude: %s", failure)
        self._failure = failure

    def _tell(self, view: View, found: Suggested) -> None:
        """Tell the client what is proven of what it shows, or why it shows nothing."""
        first = next(iter(found.items), None)
        state = "proven" if first else "refused" if found.refused else "none"
        if found.question and first is None:
            state = "asks"
        self._server.protocol.notify(
            SUGGESTION_STATE,
            {
                "uri": view.uri,
                "version": view.version,
                "state": state,
                "text": first.insert if first else None,
                "verdict": first.verdict if first else "",
                "reason": "; ".join(found.refused) or found.question,
                "engine": found.engine,
            },
        )

    async def _warm(self) -> None:
        try:
            await self._process.ask(WarmUp())
        except DefectError as error:
            LOG.warning("no suggestions: %s", error)


def _items(found: Suggested, uri: str, position: types.Position) -> types.InlineCompletionList:
    here = types.Range(position, position)
    return types.InlineCompletionList(
        items=[
            types.InlineCompletionItem(
                insert_text=one.insert,
                range=here,
                command=types.Command(
                    title=one.verdict,
                    command=ACCEPTED,
                    arguments=[uri, [[row.name, row.type, *row.spellings] for row in one.fields]],
                ),
            )
            for one in found.items
        ]
    )


def _key(job: SuggestJob) -> str:
    """Name the question: the same words, policy, manifest, engine and traffic, the same name."""
    stamps = (stamps_of(job.project.corpus), stamps_of(job.project.must_keep))
    return hashlib.sha256(repr((job, stamps)).encode("utf-8", "replace")).hexdigest()
