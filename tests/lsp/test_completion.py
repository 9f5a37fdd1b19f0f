"""Completion as an editor gets it."""

from __future__ import annotations

import pytest
from lsprotocol import types
from pytest_lsp import LanguageClient

from tests.lsp.conftest import OpenDocument
from tests.lsp.session import SHOP, Opened, edited, patiently

RULES = (
    "version: 1\nrules[2]{name,match,action,priority}:\n  new,MATCH,keep,10\n  rest,true,keep,0\n"
)


async def completed(document: Opened) -> types.CompletionList:
    """Ask at the document's cursor."""
    found = await patiently(
        document.client.text_document_completion_async(
            types.CompletionParams(document.identifier, document.cursor)
        )
    )
    assert isinstance(found, types.CompletionList)
    return found


def one_of(found: types.CompletionList, label: str) -> types.CompletionItem:
    """Return the item of that label."""
    return next(item for item in found.items if item.label == label)


def takes_snippets(client: LanguageClient) -> bool:
    """Say whether the client told that it takes insert and replace ranges: VS Code does."""
    assert client.capabilities is not None
    text = client.capabilities.text_document
    assert text is not None
    assert text.completion is not None
    assert text.completion.completion_item is not None
    return text.completion.completion_item.insert_replace_support is True


def replaced(document: Opened, item: types.CompletionItem) -> str:
    """Return the text after an item is taken, replacing the whole token."""
    edit = item.text_edit
    assert edit is not None
    place = edit.replace if isinstance(edit, types.InsertReplaceEdit) else edit.range
    edits = [types.TextEdit(place, edit.new_text), *(item.additional_text_edits or ())]
    return edited(document, edits)


@pytest.mark.asyncio
async def test_a_field_is_completed_in_utf16_units(open_document: OpenDocument) -> None:
    text = SHOP.replace("slow requests,duration", "\U0001f41d,dur‸ation")
    document = open_document(text)

    item = one_of(await completed(document), "duration")

    assert item.kind == types.CompletionItemKind.Field
    assert replaced(document, item) == text.replace("‸", "")
    edit = item.text_edit
    if isinstance(edit, types.InsertReplaceEdit):
        assert document.at(edit.insert) == "dur"
        assert document.at(edit.replace) == "duration"


@pytest.mark.asyncio
async def test_a_cell_is_quoted_when_it_takes_a_comma(open_document: OpenDocument) -> None:
    text = RULES.replace("MATCH", "http.status in [500, ‸]")
    document = open_document(text)

    item = one_of(await completed(document), "503")

    assert '"http.status in [500, 503]",keep' in replaced(document, item)


@pytest.mark.asyncio
async def test_actions_are_snippets_that_stay_inside_their_quotes(
    open_document: OpenDocument,
) -> None:
    document = open_document(RULES.replace("MATCH,keep", "true,‸"))

    found = await completed(document)
    item = one_of(found, "dynamic")

    assert item.insert_text_format == types.InsertTextFormat.Snippet
    assert item.text_edit is not None
    assert item.text_edit.new_text == (
        '"dynamic(sample_rate: ${1:10}, fields: [${2:http.route, http.status}])$0"'
    )
    plain = one_of(found, "keep")
    assert plain.insert_text_format == types.InsertTextFormat.PlainText


@pytest.mark.asyncio
async def test_resolve_tells_what_an_item_means(open_document: OpenDocument) -> None:
    document = open_document(RULES.replace("MATCH", "http.status ‸"))
    item = one_of(await completed(document), ">=")
    assert item.documentation is None

    resolved = await patiently(document.client.completion_item_resolve_async(item))

    assert isinstance(resolved.documentation, types.MarkupContent)
    assert resolved.documentation.kind == types.MarkupKind.Markdown
    assert "At least" in resolved.documentation.value
    assert resolved.label == item.label
    assert resolved.text_edit == item.text_edit


@pytest.mark.asyncio
async def test_an_item_of_another_server_is_given_back(open_document: OpenDocument) -> None:
    document = open_document(SHOP)
    item = types.CompletionItem(label="strange", data={"id": 1})

    resolved = await patiently(document.client.completion_item_resolve_async(item))

    assert resolved.label == "strange"
    assert resolved.documentation is None


@pytest.mark.asyncio
async def test_a_new_rule_is_laid_out_and_counted(open_document: OpenDocument) -> None:
    document = open_document(SHOP.replace("    sample-rest", "    ‸\n    sample-rest"))

    item = one_of(await completed(document), "rule")

    assert item.kind == types.CompletionItemKind.Snippet
    changed = replaced(document, item)
    assert "  rules[4]{" in changed
    assert "    ${1:keep-new}," in changed
    assert "${5:80}\n    sample-rest" in changed


@pytest.mark.asyncio
async def test_several_lines_keep_their_indentation(
    open_document: OpenDocument, client: LanguageClient
) -> None:
    document = open_document(SHOP + "  ‸")

    item = one_of(await completed(document), "tests")

    if takes_snippets(client):
        assert item.insert_text_mode == types.InsertTextMode.AsIs
    changed = replaced(document, item)
    assert "budget_per_second,rules,tests}:" in changed
    assert "\n  tests[1]:\n    - name: " in changed


@pytest.mark.asyncio
async def test_typing_on_asks_again_only_where_more_may_come(open_document: OpenDocument) -> None:
    one = open_document(RULES.replace("MATCH", "http.sta‸"), "one.toon")
    other = open_document(RULES.replace("MATCH", "e‸"), "other.toon")

    assert not (await completed(one)).is_incomplete
    assert (await completed(other)).is_incomplete


@pytest.mark.asyncio
async def test_a_broken_policy_is_completed_too(open_document: OpenDocument) -> None:
    broken = RULES.replace("rest,true,keep,0", 'rest,"tr')
    document = open_document(broken.replace("MATCH", "any(http.status >= ‸"))

    assert one_of(await completed(document), "500").kind == types.CompletionItemKind.Value


@pytest.mark.asyncio
async def test_the_manifest_is_completed(open_document: OpenDocument) -> None:
    document = open_document("[safety]\nerrors = ‸\n", "nectar.toml", "toml")

    item = one_of(await completed(document), '"not drop"')

    assert replaced(document, item) == '[safety]\nerrors = "not drop"\n'


@pytest.mark.asyncio
async def test_other_documents_have_no_completion(open_document: OpenDocument) -> None:
    document = open_document("users[1]{id}:\n  ‸1\n", "users.toon")

    found = await patiently(
        document.client.text_document_completion_async(
            types.CompletionParams(document.identifier, document.cursor)
        )
    )

    assert found is None
