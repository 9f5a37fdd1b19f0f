"""Hover as an editor gets it."""

from __future__ import annotations

import pytest
from lsprotocol import types

from nectarc_lsp.features.code_pages import page_address
from tests.lsp.conftest import OpenDocument
from tests.lsp.session import SHOP, Opened, patiently

RULES = """\
RulesVersion: 2
Samplers:
  __default__:
    RulesBasedSampler:
      Rules:
        - Name: sl‸ow
          SampleRate: 10
          Conditions:
            - {Field: duration_ms, Operator: '>', Value: 5000}
"""


async def hovered(document: Opened) -> types.Hover:
    """Hover at the document's cursor."""
    found = await document.client.text_document_hover_async(
        types.HoverParams(text_document=document.identifier, position=document.cursor)
    )
    assert found is not None
    return found


def words_of(found: types.Hover) -> str:
    """Return what a hover says."""
    assert isinstance(found.contents, types.MarkupContent)
    assert found.contents.kind is types.MarkupKind.Markdown
    return found.contents.value


@pytest.mark.asyncio
async def test_a_field_says_its_type_and_what_it_is_read_from(open_document: OpenDocument) -> None:
    document = open_document(SHOP.replace("http.status >=", "http.sta‸tus >="))

    found = await hovered(document)

    assert "**http.status**: `int`" in words_of(found)
    assert "`http.response.status_code`" in words_of(found)
    assert found.range is not None
    assert document.at(found.range) == "http.status"


@pytest.mark.asyncio
async def test_places_behind_characters_of_two_units_are_right(open_document: OpenDocument) -> None:
    wide = SHOP.replace("Retain slow requests", "\N{HONEYBEE}\N{HONEYBEE}")
    document = open_document(wide.replace("duration > 5s", "duration > 5‸s"))

    found = await hovered(document)

    assert "5000 in the unit of `duration` (ms)" in words_of(found)
    assert found.range is not None
    assert document.at(found.range) == "5s"


@pytest.mark.asyncio
async def test_a_rule_is_told_in_words(open_document: OpenDocument) -> None:
    document = open_document(SHOP.replace("sample-rest", "sample-‸rest"))

    found = await hovered(document)

    assert "rule 3 of 3, priority 0" in words_of(found)
    assert "Keeps 1 in 100 of the traces that no rule above matches." in words_of(found)


@pytest.mark.asyncio
async def test_a_policy_with_a_mistake_elsewhere_is_told_all_the_same(
    open_document: OpenDocument,
) -> None:
    broken = SHOP.replace("http.status >= 500", "http.status >= [")
    document = open_document(broken.replace("sample(0.01)", "sam‸ple(0.01)"))

    assert "Keeps this share" in words_of(await hovered(document))


@pytest.mark.asyncio
async def test_a_finding_is_told_with_its_page(open_document: OpenDocument) -> None:
    document = open_document(SHOP.replace(">= 500", ">= '50‸0'"))

    assert f"({page_address('NEC105')})" in words_of(await hovered(document))


@pytest.mark.asyncio
async def test_settings_and_rules_files_are_told(open_document: OpenDocument) -> None:
    manifest = open_document('[corpus]\nmust‸_keep = "x"\n', "nectar.toml", "toml")
    rules = open_document(RULES, "rules.yaml", "yaml")

    assert 'Default: `"incidents"`' in words_of(await hovered(manifest))
    assert "Keeps 1 in 10 of the traces in which some span has" in words_of(await hovered(rules))


@pytest.mark.asyncio
async def test_there_is_nothing_to_say_of_another_file(open_document: OpenDocument) -> None:
    document = open_document("users[1]{id}:\n  ‸1\n", "other.toon")

    found = await document.client.text_document_hover_async(
        types.HoverParams(text_document=document.identifier, position=document.cursor)
    )

    assert found is None


@pytest.mark.asyncio
async def test_a_rule_shows_what_it_becomes_once_the_worker_knows(
    open_document: OpenDocument,
) -> None:
    document = open_document(SHOP.replace("keep-slow", "keep-‸slow"))

    while "```yaml" not in words_of(await hovered(document)):
        await patiently(document.client.wait_for_notification("nectarc/proofState"))

    assert "Name: keep-slow" in words_of(await hovered(document))
