"""What may stand in the braces of a header, and as the key of a list item.

Owns: the columns that are missing. Must not know: the protocol.
Truth: docs/language.md, section 2.
"""

from __future__ import annotations

from collections.abc import Sequence

from nectarc.report.language_words import COLUMNS as COLUMN_WORDS
from nectarc.report.language_words import SECTIONS as SECTION_WORDS
from nectarc.syntax.policy import SECTIONS
from nectarc.toon.encoder import encode_key
from nectarc.toon.layout import STEP
from nectarc.toon.outline import Dash, levels
from nectarc_lsp.database.view import View
from nectarc_lsp.features.completion.fields import (
    description_of,
    matching,
    read_first,
    span_fields,
)
from nectarc_lsp.features.completion.layouts import SPAN_COLUMNS, stop_for
from nectarc_lsp.features.completion.offers import (
    Completion,
    Kind,
    Offer,
    Stop,
    Template,
    Topic,
    brief,
)
from nectarc_lsp.features.places_kinds import COLUMNS, SPANS, ColumnPlace
from nectarc_lsp.features.places_line import item_entries


def missing_sections(written: Sequence[str]) -> list[str]:
    """Return the sections that a policy may still have."""
    return [name for name in SECTIONS if name not in written]


def column_offers(view: View, place: ColumnPlace, offset: int) -> Completion:
    """Return the columns that a header lacks, or the keys that an item lacks."""
    name = view.text.text[place.source.start : place.source.end]
    if place.section == SPANS:
        return _span_columns(view, place, offset)
    if not place.section:
        names: Sequence[str] = missing_sections(place.written)
    else:
        known = COLUMNS[place.section]
        names = [name for name in known.all if name not in place.written]
        if place.section == "tests" and "file" in place.written:
            names = [name for name in names if name != "spans"]
        if place.section == "tests" and "spans" in place.written:
            names = [name for name in names if name != "file"]
        if place.section == "tests" and _marks_root(view, offset):
            names = [name for name in names if name != "no_root"]
        if place.section == "tests" and not place.is_key:
            names = [name for name in names if name != "spans"]
    if name in names:
        names = [name]
    return Completion(
        tuple(_column(view, one, place, offset, rank) for rank, one in enumerate(names))
    )


def _marks_root(view: View, offset: int) -> bool:
    """Say whether the test around `offset` has a column `root`."""
    text = view.text
    line = text.position(offset).line - 1
    around = levels(text, line, max(1, offset - text.line_starts[line]))
    dash = next((one.opener for one in reversed(around) if isinstance(one.opener, Dash)), None)
    entries = [] if dash is None else item_entries(text, dash.line, dash.column + STEP)
    return any("root" in header.names for _, header in entries)


def _column(view: View, name: str, place: ColumnPlace, offset: int, rank: int) -> Offer:
    template: Template = (name,)
    if place.is_key and not place.rest:
        template = _key_text(view, name, place, offset)
    words = COLUMN_WORDS.get((place.section, name)) or SECTION_WORDS.get(name)
    optional = name in (COLUMNS[place.section].optional if place.section else ())
    return Offer(
        label=name,
        kind=Kind.COLUMN if place.section else Kind.SECTION,
        template=template,
        source=place.source,
        cursor=offset,
        detail=" optional" if optional else "",
        description=brief(words.words) if words else "",
        rank=rank,
        topic=Topic("column", name, place.section) if place.section else Topic("section", name),
        is_whole=False,
        asks_again=place.is_key,
    )


def _key_text(view: View, name: str, place: ColumnPlace, offset: int) -> Template:
    line = view.text.position(offset).line - 1
    column = place.source.start - view.text.line_starts[line]
    lead = "\n" + " " * column
    if name == SPANS:
        return (f"{SPANS}[1]{{", Stop(1, SPAN_COLUMNS), f"}}:{lead}  ", Stop(2, "500,120"))
    if name == "no_root":
        return ("no_root: true",)
    stop = stop_for(view, place.section, name, 1, line)
    return (f"{name}: ", stop if name == "priority" or stop.choices else Stop(1))


def _span_columns(view: View, place: ColumnPlace, offset: int) -> Completion:
    prefix = view.text.text[place.source.start : offset]
    known = read_first(view, span_fields(view))
    free = [one for one in known if one.name not in place.written]
    chosen, is_cut = matching(free, prefix, is_partial=view.schema is not None)
    found = [
        Offer(
            label=one.name,
            kind=Kind.FIELD,
            template=(encode_key(one.name), *((": ",) if place.is_key and not place.rest else ())),
            source=place.source,
            cursor=offset,
            detail=one.kind,
            description=description_of(one),
            rank=10 + rank,
            topic=Topic("field", one.name, "`"),
            is_whole=False,
            is_deprecated=one.is_deprecated,
        )
        for rank, one in enumerate(chosen)
    ]
    if "root" not in place.written:
        found.append(
            Offer(
                label="root",
                kind=Kind.COLUMN,
                template=("root",),
                source=place.source,
                cursor=offset,
                description="marks the root span by `true`",
                rank=0,
                is_whole=False,
            )
        )
    return Completion(tuple(found), is_cut)
