"""Rename and prepareRename requests."""

from __future__ import annotations

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from nectarc_lsp.features.rename import prepare, rename
from nectarc_lsp.features.rename_checks import Refusal
from nectarc_lsp.handlers.convert import to_offset, to_range
from nectarc_lsp.handlers.edits import workspace_edit
from nectarc_lsp.handlers.session import NectarcServer, handles

_NOTHING = "there is no name to change here"


def register(server: NectarcServer) -> None:
    """Install the handlers."""

    @handles(server, types.TEXT_DOCUMENT_PREPARE_RENAME)
    def prepare_rename(
        params: types.PrepareRenameParams,
    ) -> types.PrepareRenamePlaceholder | None:
        view = server.view(params.text_document.uri)
        if view is None:
            return None
        found = prepare(view, to_offset(params.position, view.text, server.encoding))
        if isinstance(found, Refusal):
            raise refused(found)
        if found is None:
            return None
        place = to_range(found.source, view.text, server.encoding)
        return types.PrepareRenamePlaceholder(range=place, placeholder=found.name)

    @handles(server, types.TEXT_DOCUMENT_RENAME, types.RenameOptions(prepare_provider=True))
    def do_rename(params: types.RenameParams) -> types.WorkspaceEdit | None:
        view = server.view(params.text_document.uri)
        if view is None:
            return None
        offset = to_offset(params.position, view.text, server.encoding)
        found = rename(view, offset, params.new_name)
        if found is None:
            raise refused(Refusal(_NOTHING))
        if isinstance(found, Refusal):
            raise refused(found)
        edit = workspace_edit(server, found.edits, found.note, asks=bool(found.note))
        if edit is None:
            raise refused(Refusal("a file that names it, too, cannot be read"))
        return edit


def refused(found: Refusal) -> JsonRpcException:
    """Return the refusal as an answer that editors show."""
    return JsonRpcException(found.words, types.LSPErrorCodes.RequestFailed.value)
