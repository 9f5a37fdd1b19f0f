"""What stands under the cursor in `nectar.toml`, also while it is being typed.

Owns: `manifest_place`. Must not know: what a setting means, the protocol.
Truth: TOML 1.0, as far as people write it in a manifest: a table's header, and `key = value` lines.
"""

from __future__ import annotations

import re
from typing import Final, TypeAlias

from nectarc.records import record
from nectarc.source import SourceSpan, SourceText
from nectarc.toon.outline import Cell, line_of, read_piece
from nectarc_lsp.database.view import View

_HEADER: Final = re.compile(r"[ \t]*\[[ \t]*([\w-]*)[ \t]*(\]?)")
_KEY: Final = re.compile(r"[ \t]*(?:\"([^\"]*)\"|([\w-]*))[ \t]*(=?)[ \t]*")


@record(kw_only=True)
class TablePlace:
    """A table's name in its header. `written`: the other tables; `is_closed`: its `]` stands."""

    source: SourceSpan
    written: tuple[str, ...]
    is_closed: bool


@record(kw_only=True)
class KeyPlace:
    """A key of a table, or an empty line. `written`: other keys; `has_value`: `=` follows."""

    table: str
    source: SourceSpan
    written: tuple[str, ...]
    tables: tuple[str, ...]
    has_value: bool


@record(kw_only=True)
class ValuePlace:
    """The value of a key.

    source: all that is written of it.  text: the same as text.
    inner:  the string that the cursor is in, None outside of quotes.
    """

    table: str
    key: str
    source: SourceSpan
    text: str
    inner: Cell | None


ManifestPlace: TypeAlias = TablePlace | KeyPlace | ValuePlace | None


def manifest_place(view: View, offset: int) -> ManifestPlace:
    """Return what stands at an offset of a manifest. Never raises; O(lines)."""
    text = view.text
    offset = max(0, min(offset, len(text.text)))
    line = line_of(text, offset)
    raw, start = text.line(line + 1), text.line_starts[line]
    column = offset - start
    if "#" in raw[:column] and raw[:column].split("#")[0].count('"') % 2 == 0:
        return None
    header = _HEADER.match(raw)
    tables, table, keys = _around(text, line)
    if header is not None:
        if not header.start(1) <= column <= header.end(1):
            return None
        source = text.span(start + header.start(1), start + header.end(1))
        return TablePlace(source=source, written=tables, is_closed=bool(header[2]))
    key = _KEY.match(raw)
    if key is None:
        return None
    group = 1 if key[1] is not None else 2
    if column <= key.end(group) or not key[3]:
        if not key.start(group) <= column <= key.end(group):
            return None
        source = text.span(start + key.start(group), start + key.end(group))
        return KeyPlace(
            table=table, source=source, written=keys, tables=tables, has_value=bool(key[3])
        )
    if column < key.end(3):
        return None
    return _value(text, table, key, raw, (start, offset))


def _value(
    text: SourceText, table: str, key: re.Match[str], raw: str, at: tuple[int, int]
) -> ValuePlace:
    start, offset = at
    first = min(key.end(), offset - start)
    value = _without_comment(raw[first:])
    inner: Cell | None = None
    cell = read_piece(value, start + first, offset, text.file)
    if cell.is_quoted:
        inner = cell if cell.at >= 0 else None
    elif value.lstrip(" ")[:1] == "[":
        inner = _item(value, start + first, offset, text.file)
    end = start + first + len(value.rstrip(" "))
    source = text.span(start + first, max(end, offset))
    name = key[1] if key[1] is not None else key[2]
    return ValuePlace(table=table, key=name, source=source, text=value.strip(), inner=inner)


def _item(value: str, at: int, offset: int, file: str) -> Cell | None:
    """Return the text of a list that the cursor is in."""
    for found in re.finditer(r'"(?:[^"\\]|\\.)*(?:"|\Z)', value):
        cell = read_piece(found[0], at + found.start(), offset, file)
        if cell.at >= 0:
            return cell
    return None


def _without_comment(value: str) -> str:
    found = re.match(r"(?:[^\"'#]|\"(?:[^\"\\]|\\.)*(?:\"|$)|'[^']*(?:'|$))*", value)
    return found[0] if found is not None else value


def _around(text: SourceText, line: int) -> tuple[tuple[str, ...], str, tuple[str, ...]]:
    """Return the other tables, the table that a line is in, and its other keys."""
    tables: list[str] = []
    keys: dict[str, list[str]] = {"": []}
    current = here = ""
    for number in range(len(text.line_starts)):
        raw = text.line(number + 1)
        header = _HEADER.match(raw)
        if header is not None and number != line:
            current = header[1]
            tables.append(current)
            keys.setdefault(current, [])
        if number == line:
            here = current
            continue
        key = _KEY.match(raw)
        if header is None and key is not None and key[3]:
            keys[current].append(key[1] if key[1] is not None else key[2])
    return tuple(tables), here, tuple(keys[here])
