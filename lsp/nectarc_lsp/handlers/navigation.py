"""Definition, declaration, references and highlights."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lsprotocol import types

from nectarc.source import SourceSpan
from nectarc_lsp.database.view import Kind, View
from nectarc_lsp.features.navigation import definitions, highlights, references
from nectarc_lsp.handlers.convert import location, to_offset, to_range
from nectarc_lsp.handlers.edits import uri_of
from nectarc_lsp.handlers.session import NectarcServer, handles


def register(server: NectarcServer) -> None:
    """Install the handlers."""

    def defined(
        params: types.DefinitionParams | types.DeclarationParams,
    ) -> list[types.Location] | None:
        view = server.view(params.text_document.uri)
        if view is None:
            return None
        offset = to_offset(params.position, view.text, server.encoding)
        return _locations(server, view, definitions(view, offset, _policies(server, view)))

    @handles(server, types.TEXT_DOCUMENT_DEFINITION)
    def definition(params: types.DefinitionParams) -> list[types.Location] | None:
        return defined(params)

    @handles(server, types.TEXT_DOCUMENT_DECLARATION)
    def declaration(params: types.DeclarationParams) -> list[types.Location] | None:
        return defined(params)

    @handles(server, types.TEXT_DOCUMENT_REFERENCES)
    def find_references(params: types.ReferenceParams) -> list[types.Location] | None:
        view = server.view(params.text_document.uri)
        if view is None:
            return None
        offset = to_offset(params.position, view.text, server.encoding)
        found = references(
            view,
            offset,
            _policies(server, view),
            with_declaration=params.context.include_declaration,
        )
        return _locations(server, view, found)

    @handles(server, types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT)
    def highlight(
        params: types.DocumentHighlightParams,
    ) -> list[types.DocumentHighlight] | None:
        view = server.view(params.text_document.uri)
        if view is None:
            return None
        offset = to_offset(params.position, view.text, server.encoding)
        return [
            types.DocumentHighlight(
                range=to_range(source, view.text, server.encoding),
                kind=types.DocumentHighlightKind.Write
                if is_made
                else types.DocumentHighlightKind.Read,
            )
            for source, is_made in highlights(view, offset)
        ] or None


def _policies(server: NectarcServer, view: View) -> Iterator[View]:
    """Yield the policies that the view's manifest names; read when they are asked for."""
    environments = () if view.project is None else view.project.environments
    for path in dict.fromkeys(one.policy for one in environments):
        uri = uri_of(server, path)
        found = None if uri is None else server.database.view_of_file(uri, path)
        if found is not None and found.kind is Kind.POLICY:
            yield found


def _locations(
    server: NectarcServer, view: View, found: tuple[SourceSpan, ...]
) -> list[types.Location] | None:
    places: list[types.Location] = []
    for one in found:
        if one.file != view.text.file and one.start == one.end == 0:
            start = types.Position(line=0, character=0)
            uri = uri_of(server, one.file) or Path(one.file).as_uri()
            places.append(types.Location(uri=uri, range=types.Range(start, start)))
            continue
        place = location(one, view.text, view.uri, server.encoding, server.text_of)
        if place is not None:
            places.append(place)
    return places or None
