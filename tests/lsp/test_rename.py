"""Rename as an editor asks for it."""

from __future__ import annotations

import pytest
from lsprotocol import types

from tests.lsp.conftest import OpenDocument
from tests.lsp.session import Opened, patiently
from tests.lsp.test_actions import after

POLICY = """\
rules[2]{name,match,action,priority}:
  \U0001f41d,http.status >= 500 || tenant == 'a',keep,2
  rest,true,drop,1
fields[1]{name,type,from}:
  tenant,string,app.tenant
tests[1]:
  - name: one
    expect: \U0001f41d
    spans[1]{http.status,app.tenant}:
      503,a
"""


async def renamed(document: Opened, new: str) -> str:
    asked = document.client.text_document_rename_async(
        types.RenameParams(
            text_document=document.identifier, position=document.cursor, new_name=new
        )
    )
    edit = await patiently(asked)
    assert edit is not None
    return after(document, types.CodeAction(title="", edit=edit))


@pytest.mark.asyncio
async def test_a_rule_is_renamed_from_its_test(open_document: OpenDocument) -> None:
    document = open_document(POLICY.replace("expect: \U0001f41d", "expect: \U0001f41d‸"))

    assert await renamed(document, "keep, errors") == POLICY.replace(
        "  \U0001f41d,", '  "keep, errors",'
    ).replace("expect: \U0001f41d", 'expect: "keep, errors"')


@pytest.mark.asyncio
async def test_a_field_is_prepared_and_renamed(open_document: OpenDocument) -> None:
    document = open_document(POLICY.replace("|| tenant", "|| ten‸ant"))
    asked = document.client.text_document_prepare_rename_async(
        types.PrepareRenameParams(text_document=document.identifier, position=document.cursor)
    )

    found = await patiently(asked)

    assert isinstance(found, types.PrepareRenamePlaceholder)
    assert found.placeholder == document.at(found.range) == "tenant"
    assert await renamed(document, "customer") == POLICY.replace(
        "|| tenant", "|| customer"
    ).replace("  tenant,", "  customer,")


@pytest.mark.asyncio
async def test_a_refusal_says_why(open_document: OpenDocument) -> None:
    document = open_document(POLICY.replace("  tenant,", "  ‸tenant,"))

    with pytest.raises(Exception, match="backticks"):
        await renamed(document, "a b")
    document = open_document(POLICY.replace("http.status >=", "http.‸status >="), "other.toon")
    with pytest.raises(Exception, match="a name of the language"):
        await renamed(document, "x")
