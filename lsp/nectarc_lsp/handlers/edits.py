"""Edits of files as the client takes them: with versions and notes where it can.

Owns: `workspace_edit`. Must not know: any feature.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from lsprotocol import types

from nectarc.diagnostic import Edit
from nectarc.source import SourceText
from nectarc_lsp.handlers.convert import to_range
from nectarc_lsp.handlers.session import NectarcServer, path_of

_NOTE = "nectarc"


def workspace_edit(
    server: NectarcServer, edits: Iterable[Edit], note: str = "", *, asks: bool = False
) -> types.WorkspaceEdit | None:
    """Return the edits by document; None where one of them is of a text that cannot be read.

    note: what the user should know, told by clients that can. asks: the user is to agree first.
    """
    by_file: dict[str, list[Edit]] = {}
    for one in edits:
        by_file.setdefault(one.source.file, []).append(one)
    changes: dict[str, list[types.TextEdit]] = {}
    versions: dict[str, int | None] = {}
    for file, here in by_file.items():
        uri = uri_of(server, file)
        text = None if uri is None else _text(server, file, uri)
        if uri is None or text is None:
            return None
        view = server.database.view(uri)
        versions[uri] = None if view is None else view.version
        changes[uri] = [
            types.TextEdit(range=to_range(one.source, text, server.encoding), new_text=one.text)
            for one in sorted(here, key=lambda edit: (edit.source.start, edit.source.end))
        ]
    return _in_form(server, changes, versions, note, asks=asks)


def uri_of(server: NectarcServer, file: str) -> str | None:
    """Return how the client names a file: as it has it open, else by its path."""
    for uri in server.database.uris():
        if path_of(uri) == file:
            return uri
    return Path(file).as_uri() if Path(file).is_absolute() else None


def _text(server: NectarcServer, file: str, uri: str) -> SourceText | None:
    view = server.database.view(uri)
    return view.text if view is not None else server.text_of(file, uri)


def _in_form(
    server: NectarcServer,
    changes: dict[str, list[types.TextEdit]],
    versions: dict[str, int | None],
    note: str,
    *,
    asks: bool,
) -> types.WorkspaceEdit:
    workspace = server.capabilities.workspace
    can = workspace.workspace_edit if workspace is not None else None
    if can is None or not can.document_changes:
        return types.WorkspaceEdit(changes=changes)
    annotations = None
    if note and can.change_annotation_support is not None:
        annotations = {
            _NOTE: types.ChangeAnnotation(
                label="nectarc", description=note, needs_confirmation=asks or None
            )
        }
    documents = [
        types.TextDocumentEdit(
            text_document=types.OptionalVersionedTextDocumentIdentifier(
                uri=uri, version=versions[uri]
            ),
            edits=_annotated(edits) if annotations else list(edits),
        )
        for uri, edits in changes.items()
    ]
    return types.WorkspaceEdit(document_changes=list(documents), change_annotations=annotations)


def _annotated(
    edits: list[types.TextEdit],
) -> list[types.TextEdit | types.AnnotatedTextEdit | types.SnippetTextEdit]:
    return [
        types.AnnotatedTextEdit(annotation_id=_NOTE, range=one.range, new_text=one.new_text)
        for one in edits
    ]
