"""Signature help."""

from __future__ import annotations

from typing import Final

from lsprotocol import types

from nectarc_lsp.features.markdown import plain
from nectarc_lsp.features.signature import Signature, signature_at
from nectarc_lsp.handlers.convert import to_offset
from nectarc_lsp.handlers.session import NectarcServer, handles

_OPTIONS: Final = types.SignatureHelpOptions(
    trigger_characters=["(", ","], retrigger_characters=[":", " "]
)


def register(server: NectarcServer) -> None:
    """Install the handler."""

    @handles(server, types.TEXT_DOCUMENT_SIGNATURE_HELP, _OPTIONS)
    def signature_help(params: types.SignatureHelpParams) -> types.SignatureHelp | None:
        view = server.view(params.text_document.uri)
        if view is None:
            return None
        found = signature_at(view, to_offset(params.position, view.text, server.encoding))
        return None if found is None else _converted(found, server.capabilities)


def _converted(found: Signature, client: types.ClientCapabilities) -> types.SignatureHelp:
    offered = client.text_document.signature_help if client.text_document else None
    information = offered.signature_information if offered else None
    formats = (information.documentation_format if information else None) or []
    about = information.parameter_information if information else None
    has_offsets = about is not None and about.label_offset_support is True
    is_markdown = types.MarkupKind.Markdown in formats

    def words(text: str) -> types.MarkupContent | None:
        if not text:
            return None
        kind = types.MarkupKind.Markdown if is_markdown else types.MarkupKind.PlainText
        return types.MarkupContent(kind=kind, value=text if is_markdown else plain(text))

    parameters = [
        types.ParameterInformation(
            # The labels are ASCII: offsets are the same in every encoding.
            label=(one.start, one.end) if has_offsets else found.label[one.start : one.end],
            documentation=words(one.words),
        )
        for one in found.parameters
    ]
    signature = types.SignatureInformation(
        label=found.label, documentation=words(found.words), parameters=parameters
    )
    # Beyond the last: clients then mark none.
    active = len(parameters) if found.active is None else found.active
    return types.SignatureHelp(signatures=[signature], active_signature=0, active_parameter=active)
