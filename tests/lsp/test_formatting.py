"""Formatting as an editor gets it."""

from __future__ import annotations

import pytest
from lsprotocol import types

from tests.lsp.conftest import OpenDocument
from tests.lsp.session import SHOP, edited

UNTIDY = SHOP.replace("http.status >= 500", "http.status>=500").replace("(0.01)", "( 0.01 )")
OPTIONS = types.FormattingOptions(tab_size=8, insert_spaces=False)


@pytest.mark.asyncio
async def test_a_document_is_formatted_by_small_edits_with_two_spaces_a_level(
    open_document: OpenDocument,
) -> None:
    document = open_document(UNTIDY)

    found = await document.client.text_document_formatting_async(
        types.DocumentFormattingParams(text_document=document.identifier, options=OPTIONS)
    )

    assert edited(document, list(found or [])) == SHOP
    assert [document.at(one.range) for one in found or []] == [">=", " 0.01 "]


@pytest.mark.asyncio
async def test_a_broken_document_is_left_alone(open_document: OpenDocument) -> None:
    document = open_document(UNTIDY.replace(">=500", ">="))

    found = await document.client.text_document_formatting_async(
        types.DocumentFormattingParams(text_document=document.identifier, options=OPTIONS)
    )

    assert not found


@pytest.mark.asyncio
async def test_a_range_formats_its_rows_only(open_document: OpenDocument) -> None:
    document = open_document(UNTIDY)

    found = await document.client.text_document_range_formatting_async(
        types.DocumentRangeFormattingParams(
            text_document=document.identifier,
            range=document.range_of("true,sample"),
            options=OPTIONS,
        )
    )

    assert edited(document, list(found or [])) == UNTIDY.replace("( 0.01 )", "(0.01)")


@pytest.mark.asyncio
async def test_a_new_line_is_indented_and_the_grown_table_counted(
    open_document: OpenDocument,
) -> None:
    grown = SHOP.rstrip("\n") + "\n    more,,true,keep,-1\n"
    document = open_document(grown + "‸")

    found = await document.client.text_document_on_type_formatting_async(
        types.DocumentOnTypeFormattingParams(
            text_document=document.identifier, position=document.cursor, ch="\n", options=OPTIONS
        )
    )

    assert edited(document, list(found or [])) == grown.replace("rules[3]", "rules[4]") + "    "
