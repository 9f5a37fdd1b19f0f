"""Signature help as an editor gets it."""

from __future__ import annotations

import pytest
from lsprotocol import types

from tests.lsp.conftest import OpenDocument
from tests.lsp.session import SHOP, Opened, patiently


async def signature(document: Opened) -> types.SignatureHelp | None:
    """Ask at the document's cursor."""
    return await patiently(
        document.client.text_document_signature_help_async(
            types.SignatureHelpParams(document.identifier, document.cursor)
        )
    )


@pytest.mark.asyncio
async def test_the_parameters_of_a_sampler_are_shown(open_document: OpenDocument) -> None:
    call = '"ema_dynamic(goal_sample_rate: 10, fields: [http.route‸])"'
    document = open_document(SHOP.replace("5s,keep", f"5s,{call}"))

    found = await signature(document)

    assert found is not None
    (one,) = found.signatures
    assert one.label.startswith("ema_dynamic(goal_sample_rate: int, fields: [field, ...]")
    assert one.parameters is not None
    assert found.active_parameter == 1
    marked = one.parameters[1]
    assert not isinstance(marked.label, str)
    assert one.label[marked.label[0] : marked.label[1]] == "fields: [field, ...]"
    assert isinstance(marked.documentation, types.MarkupContent)
    assert "counted together" in marked.documentation.value


@pytest.mark.asyncio
async def test_outside_of_a_call_there_is_nothing(open_document: OpenDocument) -> None:
    assert await signature(open_document(SHOP.replace("5s,keep", "5s,ke‸ep"))) is None
