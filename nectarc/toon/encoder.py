"""Plain values to TOON, as the reference implementation writes them.

Owns: the canonical form of a value. Must not know: nodes, places, what an author wrote.
Truth: `encode` of `@toon-format/toon` 4.4.0 with its default options; TOON 4.0, sections 5 to 11.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias, TypeGuard

from nectarc.toon.document import Delimiter
from nectarc.toon.numbers import write_number
from nectarc.toon.quotes import escape

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"
Primitive: TypeAlias = bool | int | float | str | None
JsonObject: TypeAlias = "Mapping[str, Json]"

_KEY: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")
_NUMERIC: Final = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_UNSAFE: Final = re.compile(r'[:"\\\[\]{}\x00-\x1f]')
_WORDS: Final = frozenset({"true", "false", "null"})
_BOM: Final = "\ufeff"


class Column(NamedTuple):
    """A column of a table; `columns` are those of a nested group."""

    name: str
    columns: tuple[Column, ...] = ()


def encode(value: Json, delimiter: Delimiter = Delimiter.COMMA) -> str:
    """Return `value` as TOON, without a final line end.

    Numbers are float64, as JavaScript has them: what it cannot hold is `null`. Recurses with the
    value.
    """
    if _is_primitive(value):
        if isinstance(value, str) and value.startswith(_BOM):
            return escape(value)
        return encode_primitive(value, delimiter)
    writer = _Writer(delimiter)
    if isinstance(value, Mapping):
        columns = _keyed_columns(value)
        if columns is None:
            writer.entries(value, 0)
        else:
            writer.keyed("", value, columns, 0)
    else:
        assert _is_array(value)
        writer.array("", value, 0)
    return "\n".join(writer.lines)


def encode_primitive(value: Primitive, delimiter: Delimiter) -> str:
    """Return a primitive as it stands in a cell or behind a colon."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value if is_plain_text(value, delimiter) else escape(value)
    return write_number(value)


def encode_key(key: str) -> str:
    """Return a key, in quotes where TOON wants them."""
    return key if _KEY.fullmatch(key) else escape(key)


def is_plain_text(text: str, delimiter: Delimiter) -> bool:
    """Say whether a text may stand without quotes and is read back as that text."""
    return not (
        not text
        or text[0] in " \t-#"
        or text[-1] in " \t"
        or text in _WORDS
        or delimiter.value in text
        or _UNSAFE.search(text)
        or _NUMERIC.fullmatch(text)
    )


class _Writer:
    """The lines so far. `body` is the level that the lines below a header are deeper than."""

    def __init__(self, delimiter: Delimiter) -> None:
        self.lines: list[str] = []
        self._delimiter = delimiter

    def entries(self, value: JsonObject, depth: int) -> None:
        """Write the entries of an object."""
        for key, item in value.items():
            self._entry("  " * depth + encode_key(key), item, depth)

    def array(self, prefix: str, items: Sequence[Json], body: int) -> None:
        """Write an array behind `prefix`, its indentation and key."""
        if not items:
            self.lines.append(f"{prefix}: []" if prefix.strip(" -") else f"{prefix}[]")
            return
        columns = _columns([item for item in items if isinstance(item, Mapping)])
        if all(_is_primitive(item) for item in items):
            self.lines.append(f"{prefix}{self._size(len(items))}: {self._cells(items)}")
        elif columns is not None and all(isinstance(item, Mapping) for item in items):
            self._table(prefix, items, columns, body)
        else:
            self.lines.append(f"{prefix}{self._size(len(items))}:")
            for item in items:
                self._item(item, body + 1)

    def keyed(self, prefix: str, value: JsonObject, columns: tuple[Column, ...], body: int) -> None:
        """Write an object whose values are all alike as a keyed table."""
        size = self._size(len(value), is_keyed=True)
        self.lines.append(f"{prefix}{size}{{{self._fields(columns)}}}:")
        for key, row in value.items():
            cells = self._cells(_leaves(row, columns))
            self.lines.append("  " * (body + 1) + f"{encode_key(key)}: {cells}")

    def _entry(self, prefix: str, value: Json, body: int) -> None:
        """Write an entry whose indentation and key are `prefix`."""
        if _is_primitive(value):
            self.lines.append(f"{prefix}: {encode_primitive(value, self._delimiter)}")
        elif isinstance(value, Mapping):
            columns = _keyed_columns(value)
            if columns is not None:
                self.keyed(prefix, value, columns, body)
                return
            self.lines.append(f"{prefix}:")
            self.entries(value, body + 1)
        else:
            assert _is_array(value)
            self.array(prefix, value, body)

    def _item(self, value: Json, depth: int) -> None:
        """Write `- value`."""
        prefix = "  " * depth + "- "
        if _is_primitive(value):
            self.lines.append(prefix + encode_primitive(value, self._delimiter))
        elif isinstance(value, Mapping):
            self._object_item(value, depth)
        else:
            assert _is_array(value)
            self._array_item(value, prefix, depth)

    def _array_item(self, items: Sequence[Json], prefix: str, depth: int) -> None:
        """Write an array without a key: it has no field list, whatever its items."""
        size = self._size(len(items))
        if all(_is_primitive(item) for item in items):
            self.lines.append(
                f"{prefix}{size}: {self._cells(items)}" if items else f"{prefix}{size}:"
            )
            return
        self.lines.append(f"{prefix}{size}:")
        for item in items:
            self._item(item, depth + 1)

    def _object_item(self, value: JsonObject, depth: int) -> None:
        """Write an object as an item: its first entry behind the dash, the others below that."""
        if not value:
            self.lines.append("  " * depth + "-")
            return
        (key, first), *rest = value.items()
        self._entry("  " * depth + "- " + encode_key(key), first, depth + 1)
        self.entries(dict(rest), depth + 1)

    def _table(
        self, prefix: str, rows: Sequence[Json], columns: tuple[Column, ...], body: int
    ) -> None:
        """Write an array of objects as a table."""
        self.lines.append(f"{prefix}{self._size(len(rows))}{{{self._fields(columns)}}}:")
        for row in rows:
            self.lines.append("  " * (body + 1) + self._cells(_leaves(row, columns)))

    def _size(self, count: int, *, is_keyed: bool = False) -> str:
        """Return the bracket of a header."""
        mark = "" if self._delimiter is Delimiter.COMMA else self._delimiter.value
        return f"[{count}{':' if is_keyed else ''}{mark}]"

    def _fields(self, columns: Sequence[Column]) -> str:
        """Return the inside of a field list."""
        return self._delimiter.value.join(
            encode_key(column.name)
            + (f"{{{self._fields(column.columns)}}}" if column.columns else "")
            for column in columns
        )

    def _cells(self, values: Sequence[Json]) -> str:
        """Return a row of primitives."""
        return self._delimiter.value.join(
            encode_primitive(value, self._delimiter) for value in values if _is_primitive(value)
        )


def _is_primitive(value: Json) -> TypeGuard[Primitive]:
    """Say whether a value is neither array nor object."""
    return value is None or isinstance(value, bool | int | float | str)


def _is_array(value: Json) -> TypeGuard[Sequence[Json]]:
    """Say whether a value is an array."""
    return isinstance(value, Sequence) and not isinstance(value, str)


def _keyed_columns(value: JsonObject) -> tuple[Column, ...] | None:
    """Return the columns of an object of two entries or more, all alike; else None."""
    rows = [row for row in value.values() if isinstance(row, Mapping) and row]
    return _columns(rows) if len(rows) == len(value) >= 2 else None


def _columns(rows: Sequence[JsonObject]) -> tuple[Column, ...] | None:
    """Return the columns of rows with the same keys and, by column, primitives or objects alike."""
    if not rows or not rows[0]:
        return None
    names = rows[0].keys()
    if any(row.keys() != names for row in rows):
        return None
    columns: list[Column] = []
    for name in names:
        values = [row[name] for row in rows]
        if all(_is_primitive(value) for value in values):
            columns.append(Column(name))
            continue
        groups = [value for value in values if isinstance(value, Mapping) and value]
        nested = _columns(groups) if len(groups) == len(values) else None
        if nested is None:
            return None
        columns.append(Column(name, nested))
    return tuple(columns)


def _leaves(row: Json, columns: Sequence[Column]) -> list[Json]:
    """Return the cells of a row in the order of its columns."""
    assert isinstance(row, Mapping)
    cells: list[Json] = []
    for column in columns:
        value = row[column.name]
        cells += _leaves(value, column.columns) if column.columns else [value]
    return cells
