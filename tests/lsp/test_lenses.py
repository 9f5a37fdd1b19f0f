"""Code lenses and inlay hints as an editor gets them."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types

from nectarc_lsp.handlers.convert import to_offset
from tests.e2e.process import ROOT
from tests.lsp.conftest import OpenDocument
from tests.lsp.session import SHOP, Opened, patiently
from tests.lsp.test_background import state_of


async def lenses_of(document: Opened) -> list[types.CodeLens]:
    params = types.CodeLensParams(text_document=document.identifier)
    found = await patiently(document.client.text_document_code_lens_async(params))
    return list(found or ())


async def hints_of(document: Opened, place: types.Range) -> list[types.InlayHint]:
    params = types.InlayHintParams(text_document=document.identifier, range=place)
    found = await patiently(document.client.text_document_inlay_hint_async(params))
    return list(found or ())


def with_corpus(folder: Path) -> None:
    for name in ("nectar.toml", "corpus", "incidents"):
        (folder / name).symlink_to(ROOT / "examples" / "shop" / name)


async def known(document: Opened) -> None:
    """Wait until all is known."""
    while "refinery" not in (await state_of(document, "proved", "refuted")).detail.lower():
        pass
    params = types.DocumentSymbolParams(text_document=document.identifier)
    await patiently(document.client.text_document_document_symbol_async(params))


def _offset(document: Opened, hint: types.InlayHint) -> int:
    return to_offset(hint.position, document.source, document.encoding)


@pytest.mark.asyncio
async def test_a_lens_runs_the_command_that_it_names(open_document: OpenDocument) -> None:
    document = open_document(SHOP)

    found = await lenses_of(document)

    assert [(one.command.title, one.command.command) for one in found if one.command] == [
        ("Prove", "nectarc.server.prove"),
        ("Show rules", "nectarc.server.showRules"),
    ]
    assert found[0].command is not None
    assert list(found[0].command.arguments or ()) == [document.uri]
    assert document.at(found[0].range).startswith("rules")


@pytest.mark.asyncio
async def test_a_rule_has_a_lens_and_a_hint_with_what_it_keeps(
    open_document: OpenDocument, tmp_path: Path
) -> None:
    with_corpus(tmp_path)
    document = open_document(SHOP.replace("production-sampling", "\U0001f41d"))
    await known(document)

    lenses = await lenses_of(document)
    hints = await hints_of(document, document.range_of(document.text))

    rule = next(one for one in lenses if document.at(one.range) == "sample-rest")
    assert rule.command is not None
    assert "of traces, keeps " in rule.command.title
    assert list(rule.command.arguments or ()) == [document.uri, "sample-rest"]
    labels = [str(one.label) for one in hints]
    assert labels == ["= 5,000 ms", "= 1 in 100"]


@pytest.mark.asyncio
async def test_without_lenses_a_hint_says_what_a_rule_keeps(
    open_document: OpenDocument, tmp_path: Path
) -> None:
    with_corpus(tmp_path)
    document = open_document(SHOP.replace("production-sampling", "\U0001f41d"))
    document.client.workspace_did_change_configuration(
        types.DidChangeConfigurationParams(settings={"nectarc": {"codeLens": {"enabled": False}}})
    )
    await known(document)

    hints = await hints_of(document, document.range_of(document.text))

    labels = [str(one.label) for one in hints]
    assert [one for one in labels if "of all traces" not in one] == ["= 5,000 ms", "= 1 in 100"]
    assert labels[0] == "keeps 4.7 % of all traces"
    assert [
        document.text[_offset(document, one)] for one in hints if "of all" in str(one.label)
    ] == ["\n"] * 3


@pytest.mark.asyncio
async def test_hints_stand_behind_what_they_are_about(open_document: OpenDocument) -> None:
    document = open_document(SHOP.replace("sample(0.01)", "sample(0.07)"))

    (hint,) = await hints_of(document, document.range_of("0.07"))

    assert hint.label == "= 1 in 14 (7.1 %)"
    assert hint.position == document.range_of("0.07").end
    assert hint.text_edits is not None
    assert [(one.new_text, document.at(one.range)) for one in hint.text_edits] == [("1/14", "0.07")]


@pytest.mark.asyncio
async def test_settings_switch_both_off(open_document: OpenDocument) -> None:
    document = open_document(SHOP)
    settings = {"nectarc": {"codeLens": {"enabled": False}, "inlayHints": {"enabled": False}}}

    document.client.workspace_did_change_configuration(
        types.DidChangeConfigurationParams(settings=settings)
    )

    assert await lenses_of(document) == []
    assert await hints_of(document, document.range_of(document.text)) == []


@pytest.mark.asyncio
async def test_what_is_no_policy_has_neither(open_document: OpenDocument) -> None:
    document = open_document("users[3]{id}:\n  1\n", "other.toon")

    assert await lenses_of(document) == []
    assert await hints_of(document, document.range_of(document.text)) == []
