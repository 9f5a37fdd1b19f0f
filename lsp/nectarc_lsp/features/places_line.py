"""The place in a line that has text.

Owns: `LinePlace`. Must not know: what a cell says, the protocol.
Truth: ../shared/design/language.md, section 2 (both TOON forms, tables and lists).
"""

from __future__ import annotations

from collections.abc import Mapping

from nectarc.source import SourceSpan, SourceText
from nectarc.syntax.policy import WRAPPER
from nectarc.toon.document import Delimiter
from nectarc.toon.layout import STEP, Block
from nectarc.toon.outline import (
    Cell,
    Dash,
    Header,
    Level,
    cells_of,
    content_of,
    entry_on,
    levels,
    read_header,
    read_piece,
)
from nectarc_lsp.database.view import View
from nectarc_lsp.features.places_kinds import (
    COLUMNS,
    FROM,
    NOWHERE,
    SPANS,
    CellPlace,
    ColumnPlace,
    Place,
    SectionPlace,
)
from nectarc_lsp.features.places_outline import outline


class LinePlace:
    """The line of the cursor while its place is found."""

    def __init__(self, view: View, line: int, offset: int) -> None:
        """Look at `line` (from 0) of the view; it has text."""
        self.view = view
        self.text = view.text
        self.file = view.text.file
        self.line = line
        self.offset = offset
        raw = view.text.line(line + 1)
        self.content, self.column = content_of(view.text, line)
        self.at = view.text.line_starts[line] + self.column
        # Blanks behind the text, up to the cursor, are being typed.
        self.raw = raw[self.column :][: max(len(self.content), offset - self.at)]
        self.outline = view.derive(outline)

    def place(self) -> Place:
        """Return what stands at the offset."""
        found = levels(self.text, self.line, self.column)
        if self.content == "-" or self.content.startswith("- "):
            return self._item(found)
        wrapper = self.outline.wrapper
        if wrapper is not None and self.line == wrapper.line:
            return self._wrapper(wrapper)
        if wrapper is not None:
            if not found or _header(found[0]) is None or _key_of(found[0]) != WRAPPER:
                return NOWHERE
            found = found[1:]
        return self._below(found, wrapper)

    # ---- which block

    def _below(self, found: tuple[Level, ...], wrapper: Header | None) -> Place:
        if not found:
            if wrapper is not None and wrapper.block is Block.RECORD:
                return self._member(wrapper)
            return self._entry("", self.outline.names, self.at, self.raw)
        header = _header(found[0])
        if header is None or header.key.text not in COLUMNS:
            return NOWHERE
        return self._in_section(header.key.text, header, found)

    def _in_section(self, section: str, header: Header, found: tuple[Level, ...]) -> Place:
        row = len(found[0].lines)
        if len(found) == 1:
            if header.block is Block.TABLE:
                return self._row(section, header, row)
            return NOWHERE
        if isinstance(found[1].opener, Dash):
            if len(found) == 2:
                written = _keys_of(self.text, found[1])
                return self._entry(section, written, self.at, self.raw, row)
            return self._nested(found[2:], row)
        return NOWHERE

    def _nested(self, found: tuple[Level, ...], row: int) -> Place:
        """Find the place in `spans` or `from` of a list item."""
        header = _header(found[0])
        if header is None or header.key.text not in (SPANS, FROM):
            return NOWHERE
        if header.key.text == SPANS and header.block is Block.TABLE and len(found) == 1:
            return self._row(SPANS, header, row)
        if header.key.text == SPANS and len(found) == 2:
            written = _keys_of(self.text, found[1])
            return self._entry(SPANS, written, self.at, self.raw, row)
        return NOWHERE

    def _item(self, found: tuple[Level, ...]) -> Place:
        """Find the place in a line that begins with a dash."""
        if self.outline.wrapper is not None:
            found = found[1:]
        shift = len(self.content) - len(self.content[1:].lstrip(" "))
        if self.offset < self.at + min(shift, 2) or not found:
            return NOWHERE
        if self.content == "-":
            shift = min(len(self.raw), 2)
        at, raw = self.at + shift, self.raw[shift:]
        header = _header(found[0])
        if header is None or header.key.text not in COLUMNS:
            return NOWHERE
        section, row = header.key.text, len(found[0].lines)
        written = _item_keys(self.text, self.line, self.column + STEP)
        if len(found) == 1:
            return self._entry(section, written, at, raw, row)
        inner = _header(found[-1])
        if len(found) == 3 and inner is not None and isinstance(found[1].opener, Dash):
            if inner.key.text == SPANS:
                return self._entry(SPANS, written, at, raw, row)
            if inner.key.text == FROM:
                cell = read_piece(raw, at, self.offset, self.file)
                items = tuple(content_of(self.text, n)[0][1:].strip(' "') for n in found[-1].lines)
                return self._value(section, FROM, row, cell, items=items)
        return NOWHERE

    # ---- what part of the line

    def _wrapper(self, header: Header) -> Place:
        if header.braces is not None and header.braces.start < self.offset:
            return self._column("", header)
        return NOWHERE

    def _member(self, wrapper: Header) -> Place:
        """Find the place in a line of a policy in record form."""
        header = read_header(self.raw, self.at, self.file)
        names = wrapper.names
        due = self._due(wrapper)
        if header is not None and (header.size is not None or header.braces is not None):
            return self._headed("", header, names)
        if header is not None and header.colon >= 0:
            return self._entry("", self.outline.names, self.at, self.raw)
        name = names[due] if due < len(names) else ""
        if name in COLUMNS:
            source = self.text.span(self.at, self.at + len(self.content))
            written = tuple(n for n in self.outline.names if n != name)
            return SectionPlace(source=source, written=written, indent=self.column, record=wrapper)
        cell = read_piece(self.raw, self.at, self.offset, self.file)
        return self._value("", name, 0, cell)

    def _due(self, wrapper: Header) -> int:
        """Return which field of the record the line is for, as RecordFields counts."""
        found = levels(self.text, self.line, self.column)
        names, due = list(wrapper.names), 0
        for number in found[0].lines if found else ():
            header = next(entry_on(self.text, number), None)
            named = header is not None and (header.size is not None or header.braces is not None)
            if named and header is not None and header.key.text in names[due:]:
                due = names.index(header.key.text, due)
            due += 1
        return due

    def _entry(
        self, section: str, written: tuple[str, ...], at: int, raw: str, row: int = 0
    ) -> Place:
        """Find the place in `key: value`, or in a key with a header."""
        header = read_header(raw, at, self.file)
        if header is not None and (header.size is not None or header.braces is not None):
            return self._headed(section, header, written, row)
        colon = header.colon if header is not None else -1
        if header is None or colon < 0:
            end = at + len(raw.rstrip(" "))
            return self._key(section, written, self.text.span(at, max(end, at)))
        if self.offset <= header.key.source.end:
            return self._key(section, written, header.key.source)
        if self.offset <= colon:
            return NOWHERE
        cell = read_piece(raw[colon + 1 - at :], colon + 1, self.offset, self.file)
        key = header.key.text
        others = _pairs(self.text, self.line, at - self.text.line_starts[self.line], key)
        return self._value(section, key, row, cell, others=others)

    def _headed(
        self, section: str, header: Header, written: tuple[str, ...], row: int = 0
    ) -> Place:
        key = header.key
        if self.offset <= key.source.end:
            return self._key(section, written, key.source)
        braces = header.braces
        if braces is not None and braces.start < self.offset <= max(
            braces.end - 1, braces.start + 1, self._open_end(header)
        ):
            return self._column(key.text, header)
        if header.colon < 0 or self.offset <= header.colon or braces is not None:
            return NOWHERE
        rest = self.raw[header.colon + 1 - self.at :]
        count = len(rest)
        cells = cells_of(rest, header.colon + 1, header.delimiter, count, self.offset, self.file)
        here = next((cell for cell in cells if _holds(cell, self.offset)), None)
        if here is None:
            return NOWHERE
        items = tuple(cell.text for cell in cells if cell is not here and cell.text)
        return self._value(
            section, key.text, row, here, delimiter=header.delimiter, header=header, items=items
        )

    def _open_end(self, header: Header) -> int:
        """Return the end of a field list that is not closed."""
        braces = header.braces
        assert braces is not None
        is_closed = self.text.text[braces.end - 1 : braces.end] == "}"
        return -1 if is_closed else max(braces.end, self.at + len(self.raw))

    def _key(self, section: str, written: tuple[str, ...], source: SourceSpan) -> Place:
        if not source.start <= self.offset <= source.end:
            return NOWHERE
        name = self.text.text[source.start : source.end]
        rest = self._rest(source.end)
        others = tuple(one for one in written if one != name)
        if not section:
            indent = self.outline.indent
            return SectionPlace(source=source, written=others, indent=indent, rest=rest)
        return ColumnPlace(section=section, source=source, written=others, is_key=True, rest=rest)

    def _rest(self, end: int) -> str:
        return self.raw[max(0, end - self.at) :].strip(" ")

    def _column(self, section: str, header: Header) -> Place:
        here = next(
            (k for k in header.columns if k.source.start <= self.offset <= k.source.end), None
        )
        source = here.source if here is not None else self.text.span(self.offset, self.offset)
        written = tuple(key.text for key in header.columns if key is not here)
        if section and section not in COLUMNS and section != SPANS:
            return NOWHERE
        return ColumnPlace(
            section=section, source=source, written=written, delimiter=header.delimiter
        )

    def _row(self, section: str, header: Header, row: int) -> Place:
        names = header.names
        cells = cells_of(self.raw, self.at, header.delimiter, len(names), self.offset, self.file)
        index = next((i for i, cell in enumerate(cells) if _holds(cell, self.offset)), None)
        if index is None:
            return NOWHERE
        others = {
            name: cell.text
            for number, (name, cell) in enumerate(zip(names, cells, strict=False))
            if number != index
        }
        return self._value(
            section,
            names[index] if index < len(names) else "",
            row,
            cells[index],
            delimiter=header.delimiter,
            header=header,
            others=others,
        )

    def _value(  # noqa: PLR0913 - what a value has around it
        self,
        section: str,
        column: str,
        row: int,
        cell: Cell,
        *,
        delimiter: Delimiter | None = None,
        header: Header | None = None,
        others: Mapping[str, str] | None = None,
        items: tuple[str, ...] = (),
    ) -> CellPlace:
        return CellPlace(
            section=section,
            column=column,
            row=row,
            cell=cell,
            delimiter=delimiter,
            header=header,
            others=others or {},
            items=items,
            line=self.line,
        )


def _header(level: Level) -> Header | None:
    return level.opener if isinstance(level.opener, Header) else None


def _key_of(level: Level) -> str:
    return level.opener.key.text if isinstance(level.opener, Header) else ""


def _holds(cell: Cell, offset: int) -> bool:
    return cell.region.start <= offset <= cell.region.end


def _item_keys(text: SourceText, dash: int, column: int) -> tuple[str, ...]:
    """Return the keys of the item whose dash is on line `dash`; its entries stand at `column`."""
    return tuple(header.key.text for _, header in item_entries(text, dash, column))


def _keys_of(text: SourceText, item: Level) -> tuple[str, ...]:
    opener = item.opener
    return _item_keys(text, opener.line, opener.column + STEP)


def item_entries(text: SourceText, dash: int, column: int) -> list[tuple[int, Header]]:
    """Return the entries of the item whose dash is on line `dash`, each with its line."""
    found = [(dash, header) for header in entry_on(text, dash)]
    for number in range(dash + 1, len(text.line_starts)):
        content, start = content_of(text, number)
        if not content or content[0] == "#" or start > column:
            continue
        if start < column:
            break
        found += [(number, header) for header in entry_on(text, number)]
    return found


def _pairs(text: SourceText, line: int, column: int, key: str) -> dict[str, str]:
    """Return the values of the entries beside `key` in the object that a line stands in."""
    dash = line
    while dash > 0:
        content, start = content_of(text, dash)
        if start < column and content.startswith("-"):
            break
        if content and start < column:
            return {}
        dash -= 1
    found: dict[str, str] = {}
    for number, header in item_entries(text, dash, column):
        if header.colon >= 0 and header.key.text != key:
            end = text.line_starts[number] + len(text.line(number + 1))
            raw = text.text[header.colon + 1 : end]
            found[header.key.text] = read_piece(raw, header.colon + 1, -1, text.file).text
    return found
