"""Refinery rules files as an editor gets them."""

from __future__ import annotations

import pytest
from lsprotocol import types

from tests.lsp.conftest import OpenDocument

RULES = """\
RulesVersion: 2
Samplers:
  __default__:
    RulesBasedSampler:
      Rules:
        - Name: slow
          SampleRate: 10
          Conditions:
            - Field: status_code
              Operator: '>'
              Value: 500
"""


@pytest.mark.asyncio
async def test_the_traps_of_a_rules_file_are_published(open_document: OpenDocument) -> None:
    document = open_document(RULES.replace("'>'", "'=>'"), "rules.yaml", "yaml")

    found = await document.published()

    assert found
    assert any("=>" in document.at(one.range) for one in found)
    document.change(RULES)
    after = await document.published()
    assert not any("=>" in one.message for one in after)


@pytest.mark.asyncio
async def test_yaml_without_rules_is_left_alone(open_document: OpenDocument) -> None:
    document = open_document("name: x\nsteps: [a, b]\n", "ci.yaml", "yaml")

    assert await document.published() == []


@pytest.mark.asyncio
async def test_targets_and_rules_are_outlined(open_document: OpenDocument) -> None:
    document = open_document(RULES, "rules.yaml", "yaml")

    found = await document.client.text_document_document_symbol_async(
        types.DocumentSymbolParams(text_document=document.identifier)
    )

    assert found is not None
    (target,) = found
    assert isinstance(target, types.DocumentSymbol)
    assert (target.name, target.detail) == ("__default__", "RulesBasedSampler")
    assert [one.name for one in target.children or []] == ["slow"]


@pytest.mark.asyncio
async def test_a_rule_that_can_never_fire_is_found_after_a_pause(
    open_document: OpenDocument,
) -> None:
    again = RULES.split("      Rules:\n")[1].replace("Name: slow", "Name: slower")
    document = open_document(
        RULES + again.replace("Value: 500", "Value: 700"), "rules.yaml", "yaml"
    )

    found = await document.published()
    while not any(one.code == "NEC580" for one in found):
        found = await document.published()

    (dead,) = [one for one in found if one.code == "NEC580"]
    assert list(dead.tags or ()) == [types.DiagnosticTag.Unnecessary]
    assert "slower" in dead.message
