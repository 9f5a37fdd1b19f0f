"""Definition, references and highlights as an editor asks for them."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types

from tests.lsp.conftest import OpenDocument
from tests.lsp.session import Opened, patiently
from tests.lsp.test_rename import POLICY


async def definition(document: Opened) -> list[types.Location]:
    asked = document.client.text_document_definition_async(
        types.DefinitionParams(text_document=document.identifier, position=document.cursor)
    )
    found = await patiently(asked)
    return [one for one in found or [] if isinstance(one, types.Location)]  # type: ignore[union-attr]  # the server answers lists


@pytest.mark.asyncio
async def test_a_test_leads_to_its_rule(open_document: OpenDocument) -> None:
    document = open_document(POLICY.replace("expect: \U0001f41d", "expect: ‸\U0001f41d"))

    (place,) = await definition(document)

    assert place.uri == document.uri
    assert place.range == document.range_of("\U0001f41d")


@pytest.mark.asyncio
async def test_references_and_highlights_of_a_field(open_document: OpenDocument) -> None:
    document = open_document(POLICY.replace("  tenant,", "  ten‸ant,"))
    asked = document.client.text_document_references_async(
        types.ReferenceParams(
            text_document=document.identifier,
            position=document.cursor,
            context=types.ReferenceContext(include_declaration=True),
        )
    )
    found = await patiently(asked)
    marked = await patiently(
        document.client.text_document_document_highlight_async(
            types.DocumentHighlightParams(
                text_document=document.identifier, position=document.cursor
            )
        )
    )

    assert [document.at(one.range) for one in found or []] == ["tenant", "tenant"]
    assert [one.kind for one in marked or []] == [
        types.DocumentHighlightKind.Read,
        types.DocumentHighlightKind.Write,
    ]


@pytest.mark.asyncio
async def test_a_manifest_leads_to_its_policy(open_document: OpenDocument, tmp_path: Path) -> None:
    (tmp_path / "policy.toon").write_text(POLICY, encoding="utf-8")
    text = '[environments]\n__default__ = "policy.toon"\n[safety]\nerror = "tenant == \'a\'"\n'
    (tmp_path / "nectar.toml").write_text(text, encoding="utf-8")
    document = open_document(text.replace("policy.", "pol‸icy."), "nectar.toml", "toml")

    (place,) = await definition(document)

    assert place.uri == (tmp_path / "policy.toon").as_uri()
    document = open_document(text.replace("tenant", "tena‸nt"), "nectar.toml", "toml")
    (row,) = await definition(document)
    assert row.uri == (tmp_path / "policy.toon").as_uri()
    assert row.range.start.line == 4
