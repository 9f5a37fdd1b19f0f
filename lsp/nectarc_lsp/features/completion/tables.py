"""What may stand where no cell is: sections, columns, new rows and items.

Owns: what is missing, and how it is laid out. Must not know: the protocol.
Truth: docs/language.md, section 2 (both TOON forms, tables and lists).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nectarc.diagnostic import Edit
from nectarc.report.language_words import SECTIONS as SECTION_WORDS
from nectarc.source import SourceSpan
from nectarc.syntax.policy import SECTIONS
from nectarc.toon.layout import STEP, Block
from nectarc.toon.outline import Dash, Header, content_of, entry_on
from nectarc_lsp.database.view import View
from nectarc_lsp.features.completion.columns import column_offers, missing_sections
from nectarc_lsp.features.completion.layouts import (
    SCALARS,
    item_pairs,
    row_cells,
    section_text,
    test_entries,
)
from nectarc_lsp.features.completion.offers import (
    Completion,
    Kind,
    Offer,
    Stop,
    Template,
    Topic,
    brief,
)
from nectarc_lsp.features.places_kinds import (
    COLUMNS,
    SPANS,
    BlankPlace,
    ColumnPlace,
    SectionPlace,
)
from nectarc_lsp.features.places_outline import outline


def section_offers(view: View, place: SectionPlace, cursor: int) -> Completion:
    """Return the sections that the policy lacks."""
    source = place.source
    name = view.text.text[source.start : source.end]
    if place.rest:
        missing = [name] if name in SECTIONS else missing_sections(place.written)
        return Completion(
            tuple(
                _section(name, (name,), source, cursor, rank) for rank, name in enumerate(missing)
            )
        )
    if place.record is not None:
        return Completion(tuple(_in_record(view, place.record, place.indent, source, cursor)))
    if _below(view, cursor) > place.indent:
        return Completion()
    return Completion(tuple(_sections(view, place.written, place.indent, source, cursor)))


def blank_offers(view: View, place: BlankPlace, offset: int) -> Completion:
    """Return what a line with nothing on it may hold: a row, an item, a key, a section."""
    found: list[Offer] = []
    column = offset - place.source.start
    below = _below(view, offset)
    for rank, level in enumerate(place.levels):
        opener = level.opener
        if below > opener.column + STEP:  # it would cut in two what stands around the line
            continue
        if isinstance(opener, Dash):
            if column == opener.column + STEP:
                found += _keys(view, place, opener, offset)
        elif opener.block is Block.TABLE and column <= opener.column + STEP:
            indent = opener.column + STEP
            source = _here(place, indent, offset)
            lead = " " * (indent - (source.start - place.source.start))
            found += row_offers(view, opener, len(level.lines), source, offset, lead)
        elif opener.block is Block.LIST and opener.key.text in COLUMNS:
            # The item that the line may go on with is the last of its list.
            count = len(level.lines) + (rank > 0)
            found += _item(view, place, opener, count, offset, rank)
    known = view.derive(outline)
    wrapper = known.wrapper
    is_inside = wrapper is None or wrapper.line < view.text.position(offset).line - 1
    if is_inside and below <= place.indent and column in {0, place.indent}:
        source = _here(place, place.indent, offset)
        lead = " " * (place.indent - (source.start - place.source.start))
        if wrapper is not None and wrapper.block is Block.RECORD:
            found += _in_record(view, wrapper, place.indent, source, offset, lead)
        elif wrapper is None or column == place.indent:
            found += _sections(view, place.written, place.indent, source, offset, lead)
    return Completion(tuple(found))


def _below(view: View, offset: int) -> int:
    """Return the column of the next line with text below that of `offset`; 0 at the end."""
    for number in range(view.text.position(offset).line, len(view.text.line_starts)):
        content, column = content_of(view.text, number)
        if content and content[0] != "#":
            return column
    return 0


def _section(  # noqa: PLR0913, PLR0917 - an offer and where it goes
    name: str,
    template: Template,
    source: SourceSpan,
    cursor: int,
    rank: int,
    extra: tuple[Edit, ...] = (),
) -> Offer:
    return Offer(
        label=name,
        kind=Kind.SECTION,
        template=template,
        source=source,
        cursor=cursor,
        extra=extra,
        description=brief(SECTION_WORDS[name].words),
        rank=200 + rank,
        topic=Topic("section", name),
        is_whole=len(template) == 1,
    )


def _sections(  # noqa: PLR0913, PLR0917 - what is offered and where it goes
    view: View,
    written: Sequence[str],
    indent: int,
    source: SourceSpan,
    cursor: int,
    lead: str = "",
) -> Iterator[Offer]:
    for rank, name in enumerate(missing_sections(written)):
        template: Template = (lead, *section_text(view, name, indent))
        yield _section(name, template, source, cursor, rank)


# ---- rows and items


def row_offers(  # noqa: PLR0913, PLR0917 - what is offered and where it goes
    view: View, header: Header, count: int, source: SourceSpan, offset: int, lead: str = ""
) -> Iterator[Offer]:
    """Yield a new row of a table in the place of `source`, below `count` others."""
    section = header.key.text
    columns = header.names
    if not columns or (section not in COLUMNS and section != SPANS):
        return
    line = view.text.position(offset).line - 1
    row = row_cells(view, section, columns, header.delimiter, line)
    label = {"rules": "rule", "fields": "field", "invariants": "invariant"}.get(section, "span")
    yield Offer(
        label=label,
        kind=Kind.ROW,
        template=(lead, *row),
        source=source,
        cursor=offset,
        extra=_counted(view, header, count, line),
        detail=f" {header.delimiter.value.join(columns)}" if len(columns) < 8 else "",
        description=f"a new row of `{section}`",
        rank=0,
        topic=Topic("section", section if section in COLUMNS else "tests"),
        is_whole=False,
        may_insert=False,
    )


def _item(  # noqa: PLR0913, PLR0917 - what is offered and where it goes
    view: View, place: BlankPlace, header: Header, count: int, offset: int, rank: int
) -> Iterator[Offer]:
    section = header.key.text
    indent = header.column + STEP
    column = offset - place.source.start
    if column > indent and rank:
        return
    source = _here(place, indent, offset)
    lead = " " * (indent - (source.start - place.source.start))
    line = view.text.position(offset).line - 1
    if section == "tests":
        body = test_entries(view, indent + STEP)
    else:
        body = item_pairs(view, section, indent + STEP, line)
    yield Offer(
        label={"rules": "rule", "fields": "field", "tests": "test"}.get(section, "invariant"),
        kind=Kind.ROW,
        template=(f"{lead}- ", *body),
        source=source,
        cursor=offset,
        extra=_counted(view, header, count, line),
        description=f"a new item of `{section}`",
        rank=5,
        filter=section[:-1],
        topic=Topic("section", section),
        is_whole=False,
        may_insert=False,
    )


def _counted(view: View, header: Header, above: int, line: int) -> tuple[Edit, ...]:
    """Return the edit that counts a new row in the header, if it counts the others right."""
    size = header.size
    if size is None:
        return ()
    count = above
    text = view.text
    indent = header.column + STEP
    for number in range(line + 1, len(text.line_starts)):
        content, column = content_of(text, number)
        if not content or content[0] == "#" or column > indent:
            continue
        if column < indent:
            break
        count += 1
    written = text.text[size.start : size.end]
    return (Edit(size, str(count + 1)),) if written == str(count) else ()


def _here(place: BlankPlace, indent: int, offset: int) -> SourceSpan:
    """Return what a line's text takes the place of: blanks, where they are not those due."""
    blanks = place.source
    column = offset - blanks.start
    if column == indent:
        return SourceSpan(blanks.file, offset, offset)
    return SourceSpan(blanks.file, blanks.start, offset)


def _keys(view: View, place: BlankPlace, dash: Dash, offset: int) -> Iterator[Offer]:
    """Yield the keys that an item lacks."""
    if place.section not in COLUMNS:
        return
    written = _item_keys(view, dash)
    here = SourceSpan(place.source.file, offset, offset)
    column = ColumnPlace(section=place.section, source=here, written=written, is_key=True)
    yield from column_offers(view, column, offset).offers


def _item_keys(view: View, dash: Dash) -> tuple[str, ...]:
    text, indent = view.text, dash.column + STEP
    found = [one.key.text for one in entry_on(text, dash.line)]
    for number in range(dash.line + 1, len(text.line_starts)):
        content, column = content_of(text, number)
        if content and column < indent and content[0] != "#":
            break
        if column == indent and content:
            found += [one.key.text for one in entry_on(text, number)]
    return tuple(found)


# ---- a policy in record form


def _in_record(  # noqa: PLR0913, PLR0917 - what is offered and where it goes
    view: View,
    wrapper: Header,
    indent: int,
    source: SourceSpan,
    cursor: int,
    lead: str = "",
) -> Iterator[Offer]:
    """Yield the section that is due on a line of a record; behind the last, new ones."""
    due = _due(view, wrapper, indent, cursor)
    names = wrapper.names
    if due < len(names):
        if names[due] in SECTIONS and due + _lines_below(view, indent, cursor) < len(names):
            yield _section(
                names[due], (lead, *_record_text(view, names[due], indent)), source, cursor, 0
            )
        return
    braces = wrapper.braces
    if (
        braces is None
        or view.text.text[braces.end - 1] != "}"
        or _lines_below(view, indent, cursor)
    ):
        return
    comma = "," if names else ""
    at = SourceSpan(braces.file, braces.end - 1, braces.end - 1)
    for rank, name in enumerate(missing_sections(view.derive(outline).names)):
        template: Template = (lead, *_record_text(view, name, indent))
        yield _section(name, template, source, cursor, rank, (Edit(at, comma + name),))


def _record_text(view: View, name: str, indent: int) -> Template:
    if name in SCALARS:
        return (Stop(1, SCALARS[name]),)
    return section_text(view, name, indent)


def _due(view: View, wrapper: Header, indent: int, offset: int) -> int:
    """Return which field of the record a line is for: how many stand above."""
    names, due = list(wrapper.names), 0
    last = view.text.position(offset).line - 1
    for number in range(wrapper.line + 1, last):
        content, column = content_of(view.text, number)
        if not content or content[0] == "#" or column != indent:
            continue
        header = next(entry_on(view.text, number), None)
        is_headed = header is not None and (header.size or header.braces)
        if header is not None and is_headed and header.key.text in names[due:]:
            due = names.index(header.key.text, due)
        due += 1
    return due


def _lines_below(view: View, indent: int, offset: int) -> int:
    """Return how many values or sections stand below the line of `offset`."""
    first = view.text.position(offset).line
    lines = (content_of(view.text, one) for one in range(first, len(view.text.line_starts)))
    return sum(1 for text, column in lines if text and text[0] != "#" and column <= indent)
