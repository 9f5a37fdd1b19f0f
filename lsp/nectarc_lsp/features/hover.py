"""What stands under the pointer, in words.

Owns: which words are shown for which place. Must not know: the protocol, the words themselves.
"""

from __future__ import annotations

from collections.abc import Iterator

from nectarc.records import record
from nectarc.report.language_words import COLUMNS, SECTIONS, TYPES, Meaning
from nectarc.source import SourceSpan
from nectarc_lsp.database.view import Kind, View
from nectarc_lsp.features.cell_tokens import Part, holds_tokens, token_at
from nectarc_lsp.features.code_pages import finding_words
from nectarc_lsp.features.field_uses import use_at
from nectarc_lsp.features.hover_cells import token_words
from nectarc_lsp.features.hover_field import field_words
from nectarc_lsp.features.hover_rule import (
    check_words,
    invariant_words,
    priority_words,
    rule_at,
    rule_words,
    test_words,
)
from nectarc_lsp.features.manifest import setting_words
from nectarc_lsp.features.markdown import fenced, paragraphs
from nectarc_lsp.features.nodes import Cell, KeyPlace, KeyRole, cell_at, key_at
from nectarc_lsp.features.rules_file import rules_words


@record
class Hover:
    """Markdown about the text at `source`."""

    source: SourceSpan
    markdown: str


def hover_at(view: View, offset: int) -> Hover | None:
    """Return what to say of the text at `offset`; None where there is nothing to say."""
    found = _of_document(view, offset)
    place, words = found if found is not None else (None, "")
    told = list(_findings(view, offset, place))
    if place is None and told:
        place = told[0][0]
    text = paragraphs([words, *(one for _, one in told)])
    return Hover(place, text) if place is not None and text else None


def _of_document(view: View, offset: int) -> tuple[SourceSpan, str] | None:
    match view.kind:
        case Kind.POLICY:
            return _of_policy(view, offset)
        case Kind.MANIFEST:
            return setting_words(view, offset)
        case Kind.RULES:
            return rules_words(view, offset)
        case Kind.OTHER:
            return None


def _findings(
    view: View, offset: int, place: SourceSpan | None
) -> Iterator[tuple[SourceSpan, str]]:
    """Yield the narrow findings here: of the token, or of what holds it and is one line."""
    learnt = () if view.knowledge is None else view.knowledge.findings
    codes: set[str] = set()
    for found in (*view.findings, *learnt):
        source = found.source
        is_here = source.file == view.text.file and source.start <= offset <= source.end
        if is_here and found.code not in codes and "\n" not in _text(view, source):
            codes.add(found.code)
            yield (source if place is None else place), finding_words(found)


def _text(view: View, source: SourceSpan) -> str:
    return view.text.text[source.start : source.end]


def _of_policy(view: View, offset: int) -> tuple[SourceSpan, str] | None:
    cell = cell_at(view, offset)
    key = key_at(view, offset)
    use = use_at(view, offset)
    if use is not None:
        token = token_at(cell, offset) if cell is not None and cell == use.cell else None
        if token is None or token.part is Part.FIELD:
            return use.source, paragraphs(field_words(view, use))
    if key is not None and (cell is None or offset >= cell.source.end):
        return key.source, _of_key(view, key)
    return None if cell is None else _of_cell(view, cell, offset)


def _of_key(view: View, key: KeyPlace) -> str:
    match key.role:
        case KeyRole.SECTION | KeyRole.WRAPPER:
            words = paragraphs(_meaning(key.meant, SECTIONS.get(key.meant)))
            if key.meant == "budget_per_second":
                return paragraphs([words, *check_words(view, "budget")])
            return words
        case KeyRole.COLUMN:
            return paragraphs(_meaning(key.meant, COLUMNS.get((key.section, key.meant))))
        case KeyRole.SPAN_FIELD if key.meant == "root":
            return "`root`: marks the root span with `true`; without this column it is the first."
        case _:
            return ""


def _meaning(name: str, found: Meaning | None) -> Iterator[str]:
    if found is not None:
        yield f"`{name}`: {found.words}"
        if found.example:
            yield fenced(found.example, "toon")


def _of_cell(view: View, cell: Cell, offset: int) -> tuple[SourceSpan, str] | None:
    if holds_tokens(cell):
        token = token_at(cell, offset)
        if token is None:
            return None
        return token.source, paragraphs(token_words(view, cell, token))
    return cell.source, paragraphs(_of_value(view, cell))


def _of_value(view: View, cell: Cell) -> Iterator[str]:
    written = None if view.checked is None else view.checked.written
    match cell.section, cell.column:
        case ("rules", "name") | ("tests", "expect"):
            yield from rule_words(view, cell.scalar.text)
        case "rules", "priority":
            rule = rule_at(view, cell.row_source)
            if rule is not None:
                yield from priority_words(view, rule)
        case "invariants", "name":
            for row in written.invariants if written is not None else ():
                if row.source == cell.row_source:
                    yield from invariant_words(view, row)
        case "tests", "name":
            for test in written.tests if written is not None else ():
                if test.source == cell.row_source:
                    yield from test_words(view, test)
        case "fields", "type":
            yield from _meaning(cell.scalar.text, TYPES.get(cell.scalar.text))
        case ((("version" | "name" | "budget_per_second") as section), ""):
            yield from _meaning(section, SECTIONS[section])
            if section == "budget_per_second":
                yield from check_words(view, "budget")
        case _:
            pass
