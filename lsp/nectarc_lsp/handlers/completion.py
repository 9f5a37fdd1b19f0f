"""Completion and its resolve."""

from __future__ import annotations

from typing import Final

from lsprotocol import types

from nectarc_lsp.database.view import Kind as DocumentKind
from nectarc_lsp.database.view import View
from nectarc_lsp.features.completion.complete import complete
from nectarc_lsp.features.completion.documentation import documentation
from nectarc_lsp.features.completion.fields import known_conventions
from nectarc_lsp.features.completion.offers import (
    Kind,
    Offer,
    Topic,
    has_stops,
    snippet_of,
    text_of,
)
from nectarc_lsp.features.markdown import plain
from nectarc_lsp.handlers.convert import to_edits, to_offset, to_position, to_range
from nectarc_lsp.handlers.session import NectarcServer, handles

_KINDS: Final = {
    Kind.SECTION: types.CompletionItemKind.Module,
    Kind.COLUMN: types.CompletionItemKind.Property,
    Kind.ROW: types.CompletionItemKind.Snippet,
    Kind.FIELD: types.CompletionItemKind.Field,
    Kind.VALUE: types.CompletionItemKind.Value,
    Kind.CONSTANT: types.CompletionItemKind.Constant,
    Kind.OPERATOR: types.CompletionItemKind.Operator,
    Kind.FUNCTION: types.CompletionItemKind.Function,
    Kind.ACTION: types.CompletionItemKind.Method,
    Kind.PARAMETER: types.CompletionItemKind.Property,
    Kind.TYPE: types.CompletionItemKind.TypeParameter,
    Kind.RULE: types.CompletionItemKind.Reference,
    Kind.WORD: types.CompletionItemKind.Keyword,
    Kind.FILE: types.CompletionItemKind.File,
}
_OPTIONS: Final = types.CompletionOptions(
    trigger_characters=[".", "(", "[", ",", ":", "/", "'", '"', "`", "=", ">", "<", "|", " "],
    resolve_provider=True,
    completion_item=types.ServerCompletionItemOptions(label_details_support=True),
)
_ASK_AGAIN: Final = types.Command(title="Suggest", command="editor.action.triggerSuggest")


class Abilities:
    """What a client can take of an item."""

    def __init__(self, client: types.ClientCapabilities, *, presents: bool) -> None:
        """Read them; `presents`: the client is our extension for VS Code."""
        found = client.text_document
        completion = found.completion if found is not None else None
        item = completion.completion_item if completion is not None else None
        self.snippets = item is not None and item.snippet_support is True
        self.details = item is not None and item.label_details_support is True
        self.commits = item is not None and item.commit_characters_support is True
        self.replaces = item is not None and item.insert_replace_support is True
        self.deprecates = item is not None and item.tag_support is not None
        modes = item.insert_text_mode_support if item is not None else None
        self.as_is = modes is not None and types.InsertTextMode.AsIs in modes.value_set
        formats = (item.documentation_format if item is not None else None) or []
        self.markdown = types.MarkupKind.Markdown in formats
        # The command is VS Code's own.
        self.asks_again = presents


def register(server: NectarcServer) -> None:
    """Install the handlers."""
    # With the first document, so that the first keystroke need not wait for it.
    server.on_view.append(lambda _uri: _warm())

    @handles(server, types.TEXT_DOCUMENT_COMPLETION, _OPTIONS)
    def completion(params: types.CompletionParams) -> types.CompletionList | None:
        uri = params.text_document.uri
        view = server.view(uri)
        if view is None or view.kind not in {DocumentKind.POLICY, DocumentKind.MANIFEST}:
            return None
        found = complete(view, to_offset(params.position, view.text, server.encoding))
        client = _abilities(server)
        items = [to_item(one, view, client, server.encoding) for one in found.offers]
        return types.CompletionList(is_incomplete=found.is_incomplete, items=items)

    @handles(server, types.COMPLETION_ITEM_RESOLVE)
    def resolve(item: types.CompletionItem) -> types.CompletionItem:
        topic = _topic(item.data)
        view = server.view(topic[0]) if topic is not None else None
        if topic is None or view is None:
            return item
        words = documentation(view, topic[1])
        if words:
            is_markdown = _abilities(server).markdown
            item.documentation = types.MarkupContent(
                kind=types.MarkupKind.Markdown if is_markdown else types.MarkupKind.PlainText,
                value=words if is_markdown else plain(words),
            )
        return item


def _warm() -> None:
    known_conventions()


def _abilities(server: NectarcServer) -> Abilities:
    return Abilities(server.capabilities, presents=server.presents)


def _topic(data: object) -> tuple[str, Topic] | None:
    """Read what `to_item` wrote; None for anything else."""
    if not isinstance(data, list) or len(data) != 4:
        return None
    uri, kind, name, of = (str(one) for one in data)
    return uri, Topic(kind, name, of)


def to_item(one: Offer, view: View, client: Abilities, encoding: str) -> types.CompletionItem:
    """Return an offer as an item; what needs no look at it is left to resolve."""
    is_snippet = client.snippets and has_stops(one.template)
    text = snippet_of(one.template) if is_snippet else text_of(one.template)
    item = types.CompletionItem(
        label=one.label,
        kind=_KINDS[one.kind],
        text_edit=_edit(one, text, view, client, encoding),
        sort_text=f"{one.rank:04}",
        filter_text=one.filter or None,
        insert_text_format=types.InsertTextFormat.Snippet
        if is_snippet
        else types.InsertTextFormat.PlainText,
        additional_text_edits=to_edits(one.extra, view.text, encoding) or None,
    )
    if "\n" in text and client.as_is:
        item.insert_text_mode = types.InsertTextMode.AsIs
    if client.details:
        detail = one.detail and (one.detail if one.detail[0] in " (:" else f" {one.detail}")
        item.label_details = types.CompletionItemLabelDetails(
            detail=detail or None, description=one.description or None
        )
    else:
        item.detail = ", ".join(p for p in (one.detail.lstrip(" :"), one.description) if p) or None
    if one.topic is not None:
        item.data = [view.uri, *one.topic]
    if client.commits and one.commits:
        item.commit_characters = list(one.commits)
    if client.deprecates and one.is_deprecated:
        item.tags = [types.CompletionItemTag.Deprecated]
    if client.asks_again and one.asks_again:
        item.command = _ASK_AGAIN
    return item


def _edit(
    one: Offer, text: str, view: View, client: Abilities, encoding: str
) -> types.TextEdit | types.InsertReplaceEdit:
    place = to_range(one.source, view.text, encoding)
    if not client.replaces or not one.may_insert or one.cursor >= one.source.end:
        return types.TextEdit(range=place, new_text=text)
    cursor = to_position(one.cursor, view.text, encoding)
    return types.InsertReplaceEdit(
        new_text=text, insert=types.Range(place.start, cursor), replace=place
    )
