"""Symbols, folding, growing selections and links as an editor gets them."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types

from tests.lsp.conftest import OpenDocument
from tests.lsp.session import SHOP

MANIFEST = '[environments]\n__default__ = "policy.toon"\n'


@pytest.mark.asyncio
async def test_a_policy_is_outlined(open_document: OpenDocument) -> None:
    document = open_document(SHOP)

    found = await document.client.text_document_document_symbol_async(
        types.DocumentSymbolParams(text_document=document.identifier)
    )

    assert found is not None
    sections = [one for one in found if isinstance(one, types.DocumentSymbol)]
    assert [one.name for one in sections] == ["version", "name", "budget_per_second", "rules"]
    rules = sections[-1].children or []
    assert [one.name for one in rules] == ["keep-errors", "keep-slow", "sample-rest"]
    assert rules[1].detail == "duration > 5s → keep"
    assert document.at(rules[1].selection_range) == "keep-slow"


@pytest.mark.asyncio
async def test_names_are_found_in_files_that_are_not_open(
    open_document: OpenDocument, tmp_path: Path
) -> None:
    document = open_document(SHOP)
    await document.published()
    closed = tmp_path / "team" / "other.toon"
    closed.parent.mkdir()
    closed.write_text(SHOP.replace("keep-slow", "keep-sluggish"), encoding="utf-8")

    found = await document.client.workspace_symbol_async(types.WorkspaceSymbolParams(query="kslu"))

    assert found is not None
    assert [one.name for one in found] == ["keep-sluggish"]
    (one,) = found
    assert isinstance(one.location, types.Location)
    assert one.location.uri == closed.as_uri()


@pytest.mark.asyncio
async def test_tables_fold_and_selections_grow(open_document: OpenDocument) -> None:
    document = open_document(SHOP.replace("duration > 5s", "dura‸tion > 5s"))

    folds = await document.client.text_document_folding_range_async(
        types.FoldingRangeParams(text_document=document.identifier)
    )
    selections = await document.client.text_document_selection_range_async(
        types.SelectionRangeParams(
            text_document=document.identifier, positions=[document.cursor, types.Position(0, 0)]
        )
    )

    assert folds is not None
    assert [(one.start_line, one.end_line) for one in folds] == [(0, 7), (4, 7)]
    assert selections is not None
    assert len(selections) == 2
    innermost = selections[0]
    assert document.at(innermost.range) == "duration"
    assert innermost.parent is not None
    assert document.at(innermost.parent.range) == "duration > 5s"


@pytest.mark.asyncio
async def test_files_of_the_manifest_are_links(open_document: OpenDocument, tmp_path: Path) -> None:
    document = open_document(MANIFEST, "nectar.toml", "toml")

    found = await document.client.text_document_document_link_async(
        types.DocumentLinkParams(text_document=document.identifier)
    )

    assert found is not None
    assert [(document.at(one.range), one.target) for one in found] == [
        ("policy.toon", (tmp_path / "policy.toon").as_uri())
    ]
