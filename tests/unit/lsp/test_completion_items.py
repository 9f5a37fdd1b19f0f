"""How offers are written for clients of different abilities."""

from __future__ import annotations

from lsprotocol import types

from nectarc_lsp.database.view import View
from nectarc_lsp.features.completion.complete import complete
from nectarc_lsp.features.completion.offers import Offer
from nectarc_lsp.handlers.completion import Abilities, to_item
from tests.unit.lsp.views_of import at_cursor

TEXT = "version: 1\nrules[2]{name,match,action,priority}:\n  a,ht‸tp.status > 5,ACTION,9\n"
PLAIN = Abilities(types.ClientCapabilities(), presents=False)
FULL = Abilities(
    types.ClientCapabilities(
        text_document=types.TextDocumentClientCapabilities(
            completion=types.CompletionClientCapabilities(
                completion_item=types.ClientCompletionItemOptions(
                    snippet_support=True,
                    commit_characters_support=True,
                    insert_replace_support=True,
                    label_details_support=True,
                    tag_support=types.CompletionItemTagOptions(
                        value_set=[types.CompletionItemTag.Deprecated]
                    ),
                    insert_text_mode_support=types.ClientCompletionItemInsertTextModeOptions(
                        value_set=[types.InsertTextMode.AsIs]
                    ),
                )
            )
        )
    ),
    presents=True,
)


def offer(text: str, label: str) -> tuple[Offer, View]:
    """Return the offer of that label at the cursor."""
    view, offset = at_cursor(text)
    return next(one for one in complete(view, offset).offers if one.label == label), view


def test_a_client_without_abilities_gets_plain_text_in_the_place_of_the_token() -> None:
    one, view = offer(TEXT.replace("ht‸tp", "http").replace("ACTION", "sam‸ple"), "sample")

    item = to_item(one, view, PLAIN, "utf-16")

    assert item.insert_text_format == types.InsertTextFormat.PlainText
    assert isinstance(item.text_edit, types.TextEdit)
    assert item.text_edit.new_text == "sample(1/20)"
    assert item.detail == "(1/n), Keeps this share, drawn anew for each trace"
    assert item.label_details is None
    assert item.command is None


def test_a_client_that_can_may_insert_or_replace() -> None:
    one, view = offer(TEXT, "http.status")

    item = to_item(one, view, FULL, "utf-16")

    edit = item.text_edit
    assert isinstance(edit, types.InsertReplaceEdit)
    assert (edit.insert.start, edit.replace.start) == (types.Position(2, 4), types.Position(2, 4))
    assert (edit.insert.end.character, edit.replace.end.character) == (6, 15)
    assert item.label_details is not None
    assert item.label_details.detail == " int"
    assert item.detail is None


def test_what_comes_next_is_asked_for_where_our_extension_is_the_client() -> None:
    one, view = offer(TEXT.replace("ht‸tp.status", "http.status ‸"), "||")

    item = to_item(one, view, FULL, "utf-16")

    assert item.command is not None
    assert item.command.command == "editor.action.triggerSuggest"


def test_a_field_that_the_conventions_renamed_is_marked() -> None:
    one, view = offer(TEXT.replace("ht‸tp.status", "http.method‸"), "http.method")

    assert to_item(one, view, FULL, "utf-16").tags == [types.CompletionItemTag.Deprecated]
    assert to_item(one, view, PLAIN, "utf-16").tags is None


def test_an_item_that_closes_its_cell_says_by_what() -> None:
    one, view = offer(TEXT.replace("ht‸tp", "http").replace("ACTION", "ke‸"), "keep")

    assert to_item(one, view, FULL, "utf-16").commit_characters == [","]
    assert to_item(one, view, PLAIN, "utf-16").commit_characters is None
