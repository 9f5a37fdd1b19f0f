"""Findings for clients that ask for them: of a document, and of all files of the workspace.

Owns: result ids, when a client is told to ask again. Must not know: how findings are found.
INVARIANT: an unchanged report is sent only where the client has just that report.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from lsprotocol import types

from nectarc.diagnostic import Diagnostic
from nectarc_lsp.database.view import Kind, View
from nectarc_lsp.database.workspace import WorkspaceFiles
from nectarc_lsp.features.findings import other_files, shown
from nectarc_lsp.handlers.diagnostics import can_pull, converted, open_policies
from nectarc_lsp.handlers.edits import uri_of
from nectarc_lsp.handlers.session import LOG, NectarcServer, handles, path_of

_CHUNK = 20
_OPTIONS = types.DiagnosticOptions(
    identifier="nectarc", inter_file_dependencies=True, workspace_diagnostics=True
)
_Report = types.RelatedFullDocumentDiagnosticReport | types.RelatedUnchangedDocumentDiagnosticReport
_WorkspaceReport = (
    types.WorkspaceFullDocumentDiagnosticReport | types.WorkspaceUnchangedDocumentDiagnosticReport
)


def register(server: NectarcServer) -> None:
    """Install the handlers, as soon as it is known that the client asks."""

    def install() -> None:
        if can_pull(server):
            _Pulls(server).install()

    server.on_initialize.append(install)


class _Pulls:
    """What the client was told. `_told`: the version and the result id of its last answer."""

    def __init__(self, server: NectarcServer) -> None:
        self._server = server
        self._told: dict[str, tuple[int | None, str]] = {}
        self._files = WorkspaceFiles()
        self._looking: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def install(self) -> None:
        server = self._server
        server.on_view.append(self._may_have_changed)
        server.on_knowledge.append(self._may_have_changed)
        server.on_close.append(self._closed)

        @handles(server, types.TEXT_DOCUMENT_DIAGNOSTIC, _OPTIONS)
        def document(params: types.DocumentDiagnosticParams) -> _Report:
            return self._document(params.text_document.uri, params.previous_result_id)

        @handles(server, types.WORKSPACE_DIAGNOSTIC)
        async def workspace(
            params: types.WorkspaceDiagnosticParams,
        ) -> types.WorkspaceDiagnosticReport:
            return await self._workspace(params)

        @handles(server, types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
        def folders(_params: types.DidChangeWorkspaceFoldersParams) -> None:
            self._refresh()

    def _closed(self, uri: str) -> None:
        self._told.pop(uri, None)

    def _document(self, uri: str, previous: str | None) -> _Report:
        server = self._server
        view = server.database.view(uri)
        if view is None:
            return types.RelatedFullDocumentDiagnosticReport(items=[])
        result_id = self._id(view)
        self._told[uri] = (view.version, result_id)
        related = self._related(view)
        if result_id == previous:
            return types.RelatedUnchangedDocumentDiagnosticReport(
                result_id=result_id, related_documents=related
            )
        return types.RelatedFullDocumentDiagnosticReport(
            items=converted(server, view), result_id=result_id, related_documents=related
        )

    def _related(
        self, view: View
    ) -> (
        dict[str, types.FullDocumentDiagnosticReport | types.UnchangedDocumentDiagnosticReport]
        | None
    ):
        """Return reports of the files that a policy says something about and nobody has open."""
        document = self._server.capabilities.text_document
        can = document.diagnostic if document is not None else None
        if can is None or not can.related_document_support or view.kind is not Kind.POLICY:
            return None
        reports: dict[
            str, types.FullDocumentDiagnosticReport | types.UnchangedDocumentDiagnosticReport
        ] = {}
        for file in other_files(view):
            uri = uri_of(self._server, file)
            if uri is None or uri in self._server.database.uris():
                continue
            other = self._server.database.view_of_file(uri, file)
            if other is not None:
                reports[uri] = types.FullDocumentDiagnosticReport(
                    items=converted(self._server, other), result_id=self._id(other)
                )
        return reports or None

    async def _workspace(
        self, params: types.WorkspaceDiagnosticParams
    ) -> types.WorkspaceDiagnosticReport:
        previous = {one.uri: one.value for one in params.previous_result_ids}
        token = params.partial_result_token
        items: list[_WorkspaceReport] = []
        async for one in self._reports(previous):
            items.append(one)
            if token is not None and len(items) == _CHUNK:
                self._send(token, items)
                items = []
        if token is not None and items:
            self._send(token, items)
            items = []
        return types.WorkspaceDiagnosticReport(items=items)

    async def _reports(self, previous: dict[str, str]) -> AsyncIterator[_WorkspaceReport]:
        server = self._server
        paths = await asyncio.to_thread(
            self._files.paths, self._folders(), server.database.rules_files
        )
        left = dict(previous)
        for path in paths:
            # A view is taken and answered without a pause: the next edit moves its trees.
            uri = uri_of(server, path) or Path(path).as_uri()
            view = server.database.view_of_file(uri, path)
            if view is not None and view.kind is not Kind.OTHER:
                left.pop(uri, None)
                yield self._report(view, previous.get(uri))
            await asyncio.sleep(0)
        for uri in left:  # a file that is gone, or is none of ours any more
            yield types.WorkspaceFullDocumentDiagnosticReport(uri=uri, items=[])

    def _report(self, view: View, previous: str | None) -> _WorkspaceReport:
        result_id = self._id(view)
        if result_id == previous:
            return types.WorkspaceUnchangedDocumentDiagnosticReport(
                uri=view.uri, result_id=result_id, version=view.version
            )
        return types.WorkspaceFullDocumentDiagnosticReport(
            uri=view.uri,
            items=converted(self._server, view),
            version=view.version,
            result_id=result_id,
        )

    def _send(self, token: int | str, items: list[_WorkspaceReport]) -> None:
        part = types.WorkspaceDiagnosticReportPartialResult(items=items)
        self._server.progress(types.ProgressParams(token=token, value=part))

    def _folders(self) -> tuple[str, ...]:
        workspace = self._server.workspace
        folders = tuple(path_of(one.uri) for one in workspace.folders.values())
        return folders or ((workspace.root_path,) if workspace.root_path else ())

    def _found(self, view: View) -> tuple[Diagnostic, ...]:
        return shown(view, open_policies(self._server, view))

    def _id(self, view: View) -> str:
        """Return a name for what there is to say: of the text, for it says where lines begin."""
        return f"{hash((view.text.text, self._found(view))) & (1 << 64) - 1:016x}"

    def _may_have_changed(self, uri: str) -> None:
        if not self._looking:
            asyncio.get_running_loop().call_soon(self._look)
        self._looking.add(uri)

    def _look(self) -> None:
        """Let the client ask again where it has another answer to the very text it has.

        After an edit it asks of itself.
        """
        uris, self._looking = set(self._looking), set()
        for uri, (version, result_id) in list(self._told.items()):
            view = self._server.database.view(uri)
            is_touched = uri in uris or (view is not None and view.kind is Kind.MANIFEST)
            if view is None or not is_touched or view.version != version:
                continue
            if self._id(view) != result_id:
                self._refresh()
                return

    def _refresh(self) -> None:
        task = asyncio.get_running_loop().create_task(self._refreshed())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _refreshed(self) -> None:
        try:
            await self._server.workspace_diagnostic_refresh_async(None)
        except Exception as error:  # noqa: BLE001 - whatever the client answers, it goes on
            LOG.warning("the client does not ask for findings again: %s", error)
