"""Semantic tokens as an editor gets them."""

from __future__ import annotations

import pytest
from lsprotocol import types

from nectarc_lsp.features.tokens import LEGEND_TYPES
from tests.lsp.conftest import OpenDocument
from tests.lsp.session import SHOP, Opened


async def full(document: Opened) -> types.SemanticTokens:
    """Ask for all tokens."""
    found = await document.client.text_document_semantic_tokens_full_async(
        types.SemanticTokensParams(text_document=document.identifier)
    )
    assert found is not None
    return found


def written(document: Opened, data: list[int]) -> list[tuple[str, str]]:
    """Return the text and the kind of each token."""
    found: list[tuple[str, str]] = []
    line = column = 0
    for index in range(0, len(data), 5):
        down, right, length, kind, _ = data[index : index + 5]
        line, column = line + down, right if down else column + right
        start, end = types.Position(line, column), types.Position(line, column + length)
        found.append((document.at(types.Range(start, end)), LEGEND_TYPES[kind]))
    return found


@pytest.mark.asyncio
async def test_words_have_kinds_also_behind_characters_of_two_units(
    open_document: OpenDocument,
) -> None:
    document = open_document(SHOP.replace("Retain slow requests", "\N{HONEYBEE}"))

    found = written(document, list((await full(document)).data))

    assert ("\N{HONEYBEE}", "string") in found
    assert ("duration", "property") in found
    assert ("5s", "number") in found
    assert ("sample", "function") in found


@pytest.mark.asyncio
async def test_what_changed_leads_to_what_a_full_answer_says(open_document: OpenDocument) -> None:
    document = open_document(SHOP)
    before = await full(document)
    assert before.result_id is not None
    document.change(SHOP.replace("duration > 5s", "duration > 5s || error"))

    changed = await document.client.text_document_semantic_tokens_full_delta_async(
        types.SemanticTokensDeltaParams(
            text_document=document.identifier, previous_result_id=before.result_id
        )
    )

    assert isinstance(changed, types.SemanticTokensDelta)
    data = list(before.data)
    for one in changed.edits:
        data[one.start : one.start + one.delete_count] = one.data or []
    assert data == list((await full(document)).data)
    assert len(changed.edits) == 1


@pytest.mark.asyncio
async def test_a_result_that_is_not_the_last_gets_a_full_answer(
    open_document: OpenDocument,
) -> None:
    document = open_document(SHOP)
    await full(document)

    found = await document.client.text_document_semantic_tokens_full_delta_async(
        types.SemanticTokensDeltaParams(
            text_document=document.identifier, previous_result_id="another"
        )
    )

    assert isinstance(found, types.SemanticTokens)


@pytest.mark.asyncio
async def test_a_range_has_the_tokens_of_its_rows(open_document: OpenDocument) -> None:
    document = open_document(SHOP)

    found = await document.client.text_document_semantic_tokens_range_async(
        types.SemanticTokensRangeParams(
            text_document=document.identifier, range=document.range_of("duration > 5s")
        )
    )

    assert found is not None
    assert [word for word, _ in written(document, list(found.data))] == [
        "keep-slow",
        "Retain slow requests",
        "duration",
        ">",
        "5s",
        "keep",
        "90",
    ]
