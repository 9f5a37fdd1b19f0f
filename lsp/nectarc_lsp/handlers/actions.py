"""Code actions: asked for at a place, on save, and what is worked out when one is chosen.

Owns: how long an effect is waited for. Must not know: which actions there are, how proofs go.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from nectarc.diagnostic import Diagnostic, Edit, Fix
from nectarc.fixes import apply_fixes
from nectarc_lsp.background.effects import Effects
from nectarc_lsp.database.view import View
from nectarc_lsp.features.actions import Action, ActionKind
from nectarc_lsp.features.actions_at import actions_at
from nectarc_lsp.features.actions_fixes import fix_all_edits
from nectarc_lsp.features.findings import shown
from nectarc_lsp.handlers.convert import to_diagnostic, to_span
from nectarc_lsp.handlers.diagnostics import open_policies
from nectarc_lsp.handlers.edits import workspace_edit
from nectarc_lsp.handlers.session import LOG, NectarcServer, handles

# An effect that is proven so soon stands in the title; a later one is told when it is chosen.
_TITLE_SECONDS: Final = 0.5
_CHOSEN_SECONDS: Final = 60.0
APPLY_FIX_ALL: Final = "nectarc.server.applyFixAll"
_KINDS: Final = (
    types.CodeActionKind.QuickFix,
    types.CodeActionKind.RefactorRewrite,
    types.CodeActionKind.RefactorExtract,
    types.CodeActionKind.SourceFixAll,
    ActionKind.FIX_ALL.value,
    ActionKind.SORT.value,
)


def register(server: NectarcServer) -> None:
    """Install the handlers."""
    effects = Effects()
    options = types.CodeActionOptions(code_action_kinds=list(_KINDS), resolve_provider=True)

    @handles(server, types.TEXT_DOCUMENT_CODE_ACTION, options)
    async def code_action(params: types.CodeActionParams) -> list[types.CodeAction] | None:
        view = server.view(params.text_document.uri)
        if view is None:
            return None
        return await _Offering(server, effects, view, params).offered()

    @handles(server, types.CODE_ACTION_RESOLVE)
    async def resolve(action: types.CodeAction) -> types.CodeAction:
        return await _resolved(server, effects, action)

    @server.command(APPLY_FIX_ALL)
    async def apply_fix_all(_ls: NectarcServer, *arguments: object) -> None:
        uri = arguments[0] if arguments else None
        view = server.view(uri) if isinstance(uri, str) else None
        edits = () if view is None else fix_all_edits(view)
        edit = workspace_edit(server, edits) if edits else None
        if edit is not None:
            await server.workspace_apply_edit_async(
                types.ApplyWorkspaceEditParams(edit=edit, label="apply all safe fixes")
            )


class _Offering:
    """One request. INVARIANT: what is of a view's trees is converted before anything is awaited."""

    def __init__(
        self,
        server: NectarcServer,
        effects: Effects,
        view: View,
        params: types.CodeActionParams,
    ) -> None:
        self._server, self._effects, self._view = server, effects, view
        self._found = shown(view, open_policies(server, view))
        self._only = params.context.only
        self._place = to_span(params.range, view.text, server.encoding)
        self._named = self._named_findings(params.context.diagnostics)

    async def offered(self) -> list[types.CodeAction]:
        """Return the actions in the client's terms."""
        offered: list[types.CodeAction] = []
        moving: list[tuple[types.CodeAction, str, str]] = []
        for action in actions_at(self._view, self._place, self._found, self._only, self._named):
            one = self._converted(action)
            if one is None:
                continue
            offered.append(one)
            if action.is_moving and action.raised:  # others take long: told when chosen
                moving.append((one, applied(self._view, action.edits), action.raised))
        await asyncio.gather(*(self._titled(*one) for one in moving))
        return offered

    async def _titled(self, action: types.CodeAction, after: str, raised: str) -> None:
        try:
            words = await asyncio.wait_for(
                self._effects.of(self._view, after, raised), _TITLE_SECONDS
            )
        except TimeoutError:
            return
        if words:
            action.title = f"{action.title}: {words}"

    def _converted(self, action: Action) -> types.CodeAction | None:
        is_lazy = not action.edits and action.command is None
        edit = None
        if action.edits:
            edit = workspace_edit(self._server, action.edits)
            if edit is None:
                return None
        found = types.CodeAction(
            title=action.title,
            kind=action.kind.value,
            diagnostics=[self._told_of(one) for one in action.diagnostics] or None,
            is_preferred=action.is_preferred or None,
            edit=edit,
        )
        if action.command is not None:
            name, arguments = action.command
            found.command = types.Command(
                title=action.title, command=name, arguments=list(arguments)
            )
        if is_lazy and not self._resolves_edits():
            edits = fix_all_edits(self._view)
            found.edit = workspace_edit(self._server, edits) if edits else None
            return found if found.edit is not None else None
        if is_lazy or action.is_moving:
            found.data = {
                "uri": self._view.uri,
                "version": self._view.version,
                "title": action.title,
                "start": self._place.start,
                "end": self._place.end,
            }
        return found

    def _told_of(self, one: Diagnostic) -> types.Diagnostic:
        server, view = self._server, self._view
        return to_diagnostic(one, view.text, view.uri, server.encoding, server.text_of)

    def _named_findings(self, named: Sequence[types.Diagnostic]) -> list[Diagnostic]:
        """Return the findings that the client asks about; it may do so from beside them."""
        text, units = self._view.text, self._server.encoding
        wanted = {(one.code, to_span(one.range, text, units)) for one in named}
        return [one for one in self._found if (one.code, one.source) in wanted]

    def _resolves_edits(self) -> bool:
        document = self._server.capabilities.text_document
        can = document.code_action if document is not None else None
        support = can.resolve_support if can is not None else None
        return support is not None and "edit" in support.properties


async def _resolved(
    server: NectarcServer, effects: Effects, action: types.CodeAction
) -> types.CodeAction:
    data = action.data
    if not isinstance(data, Mapping):
        return action
    uri, start, end = str(data.get("uri")), data.get("start"), data.get("end")
    view = server.view(uri)
    if view is None or view.version != data.get("version"):
        raise JsonRpcException(
            "the text has changed: ask for the actions again",
            types.LSPErrorCodes.ContentModified.value,
        )
    if action.kind == ActionKind.FIX_ALL.value:
        action.edit = workspace_edit(server, fix_all_edits(view))
        return action
    if not isinstance(start, int) or not isinstance(end, int):
        return action
    title = str(data.get("title"))
    place = view.text.span(start, end)
    found = shown(view, open_policies(server, view))
    offered = actions_at(view, place, found)
    chosen = next((one for one in offered if one.title == title), None)
    if chosen is None or not chosen.is_moving:
        return action
    words, edits = "", chosen.edits
    try:
        asked = effects.of(view, applied(view, edits), chosen.raised)
        words = await asyncio.wait_for(asked, _CHOSEN_SECONDS)
    except TimeoutError:
        LOG.warning("the effect of %r was not proven in time", title)
    words = words or "what it changes could not be proven"
    action.edit = workspace_edit(server, edits, note=words)
    if action.title == title:  # it was not told yet
        action.title = f"{title}: {words}"
        server.window_show_message(
            types.ShowMessageParams(type=types.MessageType.Info, message=action.title)
        )
    return action


def applied(view: View, edits: Sequence[Edit]) -> str:
    """Return the view's text after edits."""
    return apply_fixes(view.text, [Fix("", tuple(edits))])[0]
