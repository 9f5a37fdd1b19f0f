"""From tokens to nodes: what each production of grammar/toon.lark makes.

Owns: the building of nodes, and what only a whole block shows: counts, missing cells, duplicate
keys. Must not know: lines, indentation. Truth: TOON 4.0, sections 3 to 11 and 14;
docs/language.md, "TOON".

Each action is called with the values of its production, as the alternatives in the grammar are
named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from nectarc.grammars import Action
from nectarc.records import replace
from nectarc.source import SourceSpan
from nectarc.toon import tokens as t
from nectarc.toon.cells import quote_brackets_fix
from nectarc.toon.document import (
    Array,
    ArrayForm,
    Delimiter,
    Entry,
    Invalid,
    Key,
    Node,
    Object,
    ObjectForm,
)
from nectarc.toon.mistakes import Mistakes
from nectarc.toon.records import RecordFields
from nectarc.toon.tokens import Token


class Size(NamedTuple):
    """The bracket of a header, `[3|]`; `start` is where the whole header starts."""

    start: int
    length: int
    length_source: SourceSpan
    delimiter: Delimiter


class Fields(NamedTuple):
    """The field list of a header; `leaves` cells make a row, in groups unless `is_flat`."""

    start: int
    columns: tuple[Key, ...]
    leaves: int
    is_flat: bool


class Builder:
    """The actions for one text."""

    def __init__(self, text: str, mistakes: Mistakes) -> None:
        """Build nodes of `text`; report to `mistakes`."""
        self._text = text
        self._file = mistakes.file
        self._mistakes = mistakes

    def actions(self) -> Mapping[str, Action]:
        """Return the actions by the names that the grammar gives them."""
        return {
            "root_object": self._root_object,
            "root_nothing": lambda _: Object(entries=(), source=SourceSpan(self._file, 0, 0)),
            "root_value": _node,
            "same": _node,
            "bad": _node,
            "ignore": lambda _: None,
            "first": lambda parts: parts,
            "more": _more,
            "third": _third,
            "pair": _pair,
            "empty_object": self._empty_object,
            "object": self._object,
            "headed": lambda parts: Entry(key=parts[0].value, value=parts[1]),
            "size": self._size,
            "no_fields": lambda parts: Fields(parts[0].value, (), 0, is_flat=True),
            "fields": _fields,
            "field": _field,
            "inline": self._inline,
            "list": self._list,
            "item": lambda parts: _node(parts[1:]),
            "empty_item": self._empty_item,
            "object_item": lambda parts: self._entries(parts[2]),
            "table": self._table,
            "row": lambda parts: parts[0],
            "keyed": self._keyed,
            "keyed_row": lambda parts: parts,
            "record": self._record,
        }

    # ---- objects

    def _root_object(self, parts: list[Any]) -> Object:
        """Make the object that the document is."""
        return self._entries(parts[0])

    def _object(self, parts: list[Any]) -> Entry:
        """Make `key:` with entries below it."""
        return Entry(key=parts[0].value, value=self._entries(parts[4]))

    def _empty_object(self, parts: list[Any]) -> Entry:
        """Make `key:` with nothing below it."""
        end = parts[1].end
        nothing = Object(entries=(), source=SourceSpan(self._file, end, end))
        return Entry(key=parts[0].value, value=nothing)

    def _entries(self, found: list[Entry | Invalid]) -> Object:
        """Make an object; lines that could not be read are left out of it."""
        entries = tuple(entry for entry in found if isinstance(entry, Entry))
        self._check_duplicates(entries)
        start = _source(found[0]).start
        return Object(entries=entries, source=SourceSpan(self._file, start, _source(found[-1]).end))

    def _check_duplicates(self, entries: Sequence[Entry]) -> None:
        """Report keys that occur again."""
        seen: dict[str, Key] = {}
        for entry in entries:
            first = seen.setdefault(entry.key.text, entry.key)
            if first is not entry.key:
                self._mistakes.duplicate(first.text, entry.key.source, first.source)

    # ---- arrays

    def _size(self, parts: list[Any]) -> Size:
        """Make the bracket of a header."""
        opening, length = parts[0], parts[1]
        mark = parts[-2].value if parts[-2].kind == t.MARK else Delimiter.COMMA
        source = SourceSpan(self._file, length.start, length.end)
        return Size(opening.value, length.value, source, mark)

    def _inline(self, parts: list[Any]) -> Array:
        """Make `[2]: a,b`."""
        size, colon, cells = parts[0], parts[1], parts[2]
        items = tuple(cell.value for cell in cells)
        if t.INVALID not in {cell.kind for cell in cells}:
            self._check_count(size, len(items), "value")
        return self._array(size, colon, items, cells[-1].end, ArrayForm.INLINE)

    def _list(self, parts: list[Any]) -> Array:
        """Make `[2]:` with items below it."""
        size, colon = parts[0], parts[1]
        items: tuple[Node, ...] = tuple(parts[4]) if len(parts) > 3 else ()
        self._check_count(size, len(items), "item")
        end = items[-1].source.end if items else colon.end
        return self._array(size, colon, items, end, ArrayForm.LIST)

    def _empty_item(self, parts: list[Any]) -> Object:
        """Make `-`."""
        return Object(entries=(), source=SourceSpan(self._file, parts[0].start, parts[0].end))

    def _table(self, parts: list[Any]) -> Array:
        """Make `[2]{a,b}:` with rows below it."""
        size, fields, colon = parts[0], parts[1], parts[2]
        rows = parts[5] if len(parts) > 4 else []
        items = tuple(self._row(row, fields) for row in rows)
        self._check_count(size, len(items), "row")
        end = items[-1].source.end if items else colon.end
        return self._array(size, colon, items, end, ArrayForm.TABULAR, fields.columns)

    def _row(self, cells: list[Token] | Invalid, fields: Fields) -> Object | Invalid:
        """Make one row, or report that it has too many cells or too few."""
        if isinstance(cells, Invalid):
            return cells
        source = SourceSpan(self._file, cells[0].start, cells[-1].end)
        if len(cells) != fields.leaves:
            if all(cell.kind == t.CELL for cell in cells):
                count = fields.leaves
                fix = quote_brackets_fix(cells, count, self._text, self._mistakes)
                self._mistakes.cells((source.start, source.end), count, len(cells), fix)
            return Invalid(source=source)
        if fields.is_flat:
            entries = tuple(
                Entry(key=key, value=cell.value)  # type: ignore[arg-type]  # a cell's value is a node
                for key, cell in zip(fields.columns, cells, strict=True)
            )
            return Object(entries=entries, source=source, form=ObjectForm.ROW)
        return self._group(fields.columns, iter(cells), source)

    def _group(
        self, columns: tuple[Key, ...], cells: Iterator[Token], source: SourceSpan
    ) -> Object:
        """Make a row, or a group of its columns. Recursion: at most MAX_DEPTH groups nest."""
        entries: list[Entry] = []
        for key in columns:
            if key.columns:
                entries.append(Entry(key=key, value=self._group(key.columns, cells, source)))
            else:
                entries.append(Entry(key=key, value=next(cells).value))  # type: ignore[arg-type]  # a node
        first, last = entries[0].value.source, entries[-1].value.source
        return Object(entries=tuple(entries), source=first.to(last), form=ObjectForm.ROW)

    def _array(  # noqa: PLR0913, PLR0917 - what an array is made of
        self,
        size: Size,
        colon: Token,
        items: tuple[Node, ...],
        end: int,
        form: ArrayForm,
        columns: tuple[Key, ...] = (),
    ) -> Array:
        """Make an array."""
        return Array(
            items=items,
            source=SourceSpan(self._file, size.start, max(end, colon.end)),
            header=SourceSpan(self._file, size.start, colon.end),
            form=form,
            length=size.length,
            length_source=size.length_source,
            delimiter=size.delimiter,
            columns=columns,
        )

    def _check_count(self, size: Size, actual: int, thing: str) -> None:
        """Report a header that declares another number of things."""
        if size.length not in (actual, -1):
            self._mistakes.count(size.length_source, size.length, actual, thing)

    # ---- keyed tables and records

    def _keyed(self, parts: list[Any]) -> Object:
        """Make `[2:]{a,b}:` with rows that begin with a key."""
        size, fields, colon = parts[0], parts[1], parts[2]
        rows = parts[5] if len(parts) > 4 else []
        entries: list[Entry] = []
        end = colon.end
        for row in rows:
            if isinstance(row, Invalid):
                end = row.source.end
                continue
            cells = row[2] if len(row) == 4 else []
            end = cells[-1].end if cells else row[1].end
            value = self._row(cells, fields) if cells else self._no_cells(row, fields)
            entries.append(Entry(key=row[0].value, value=value))
        self._check_count(size, len(rows), "row")
        self._check_duplicates(entries)
        return Object(
            entries=tuple(entries),
            source=SourceSpan(self._file, size.start, end),
            form=ObjectForm.KEYED,
            header=SourceSpan(self._file, size.start, colon.end),
            columns=fields.columns,
            length=size.length,
            length_source=size.length_source,
            delimiter=size.delimiter,
        )

    def _no_cells(self, row: list[Any], fields: Fields) -> Invalid:
        """Report a keyed row with nothing after its key."""
        span = (row[0].start, row[1].end)
        self._mistakes.cells(span, fields.leaves, 0, ())
        return Invalid(source=SourceSpan(self._file, *span))

    def _record(self, parts: list[Any]) -> Object:
        """Make a record: the fields of its header take the values below in their order."""
        fields, colon = parts[0], parts[1]
        header = SourceSpan(self._file, fields.start, colon.end)
        members = parts[4] if len(parts) > 3 else []
        entries = RecordFields(fields.columns, header, self._mistakes).take(members)
        end = _source(members[-1]).end if members else colon.end
        return Object(
            entries=entries,
            source=SourceSpan(self._file, fields.start, end),
            form=ObjectForm.RECORD,
            header=header,
            columns=fields.columns,
        )


def _node(parts: list[Any]) -> Node | Entry:
    """Return the node of a token, or the node itself."""
    part = parts[0]
    return part.value if isinstance(part, Token) else part  # type: ignore[return-value]  # a node's token


def _more(parts: list[Any]) -> list[Any]:
    """Append the next to a list; the list is nobody else's yet."""
    parts[0].append(parts[1])
    return parts[0]  # type: ignore[no-any-return]  # a list that `first` began


def _third(parts: list[Any]) -> list[Any]:
    """Append what stands behind a delimiter."""
    parts[0].append(parts[2])
    return parts[0]  # type: ignore[no-any-return]  # a list that `first` began


def _pair(parts: list[Any]) -> Entry:
    """Make `key: value`."""
    return Entry(key=parts[0].value, value=parts[2].value)


def _fields(parts: list[Any]) -> Fields:
    """Make a field list."""
    columns: tuple[Key, ...] = tuple(key for key, _ in parts[1])
    leaves = sum(count for _, count in parts[1])
    is_flat = not any(key.columns for key in columns)
    return Fields(parts[0].value, columns, leaves, is_flat)


def _field(parts: list[Any]) -> tuple[Key, int]:
    """Make a field and say how many cells it has."""
    key: Key = parts[0].value
    if len(parts) == 1:
        return key, 1
    return replace(key, columns=parts[1].columns), parts[1].leaves


def _source(part: Node | Entry) -> SourceSpan:
    """Return the place of a node, or of a key with its value."""
    return part.key.source.to(part.value.source) if isinstance(part, Entry) else part.source
