"""Diagnostics as an editor gets them."""

from __future__ import annotations

import pytest

from tests.lsp.conftest import OpenDocument
from tests.lsp.session import SHOP


@pytest.mark.asyncio
async def test_a_mistake_is_underlined_in_utf16_units_and_goes_when_mended(
    open_document: OpenDocument,
) -> None:
    bad = SHOP.replace("Retain all HTTP 5xx errors", "\U0001f41d").replace(">= 500", ">= [")
    document = open_document(bad)

    found = await document.published()

    assert found
    assert all(one.source == "nectarc" for one in found)
    assert document.at(found[0].range).startswith("[")
    document.change(SHOP)
    assert await document.published() == []


@pytest.mark.asyncio
async def test_a_toon_file_that_is_no_policy_is_left_alone(open_document: OpenDocument) -> None:
    document = open_document("users[3]{id}:\n  1\n", "other.toon")

    assert await document.published() == []
