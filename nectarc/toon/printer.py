"""Documents back to TOON, in the form that their author chose.

Owns: the layout of the formatter. Must not know: policies, files.
Truth: docs/language.md, "TOON"; TOON 4.0, sections 5 to 12, for quotes and headers.

Kept: record or plain, table, list or inline, delimiters, order, comments, one blank line between
entries, and the text of numbers and words. Made canonical: indentation, declared counts, quotes,
blanks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, assert_never

from nectarc.diagnostic import InternalError
from nectarc.toon.document import (
    Array,
    ArrayForm,
    Comment,
    Delimiter,
    Document,
    Entry,
    Invalid,
    Key,
    Node,
    Object,
    ObjectForm,
    Scalar,
)
from nectarc.toon.encoder import encode_key, encode_primitive

_BOM: Final = "\ufeff"


def print_document(document: Document) -> str:
    """Return the text of `document`, with a final line end; "" for nothing.

    Reading it gives the same data and comments, and printing that the same text.
    fails: InternalError, when the document holds an `Invalid`: format only what could be read.
    """
    printer = _Printer(document)
    printer.root(document.root)
    text = printer.finish()
    # A byte order mark that is text needs one before it that is none.
    return _BOM + text if text.startswith(_BOM) else text


class _Printer:
    """The lines so far, and the comments and blank lines (None) that are still to come."""

    def __init__(self, document: Document) -> None:
        marks: list[tuple[int, Comment | None]] = [
            (comment.source.start, comment) for comment in document.comments
        ]
        marks += [(start, None) for start in document.blank_lines]
        marks.sort(key=lambda mark: mark[0], reverse=True)
        self._marks = marks
        self._lines: list[str] = []

    def root(self, root: Node) -> None:
        """Print the whole document."""
        match root:
            case Scalar():
                self._line(_scalar(root, Delimiter.COMMA), root.source.start, 0)
            case Array():
                self._array("", "", root, 0, root.source.start)
            case Object(form=ObjectForm.KEYED):
                self._keyed("", root, 0, root.source.start)
            case Object():
                self._entries(root.entries, 0, in_array=False, is_root=True)
            case Invalid():
                raise InternalError("an unreadable document cannot be printed")
            case _:
                assert_never(root)

    def finish(self) -> str:
        """Print the comments that are left; return the text."""
        while self._marks and self._marks[0][1] is None:
            del self._marks[0]
        self._flush(None, 0, keeps_blank=True)
        return "".join(f"{line}\n" for line in self._lines)

    def _line(self, text: str, offset: int, depth: int, *, keeps_blank: bool = False) -> None:
        """Print a line after the comments that stand before `offset` in the file."""
        self._flush(offset, depth, keeps_blank=keeps_blank)
        self._lines.append(text)

    def _flush(self, offset: int | None, depth: int, *, keeps_blank: bool) -> None:
        """Print comments and, where they may stand, blank lines."""
        while self._marks and (offset is None or self._marks[-1][0] < offset):
            _, comment = self._marks.pop()
            if comment is not None:
                indent = "  " * max(depth, comment.depth)
                self._lines.append(indent + comment.text)
            elif keeps_blank and self._lines and self._lines[-1]:
                self._lines.append("")

    def _entries(
        self, entries: Sequence[Entry], depth: int, *, in_array: bool, is_root: bool = False
    ) -> None:
        """Print the entries of an object, one below the other."""
        for index, entry in enumerate(entries):
            keeps_blank = not in_array and (index > 0 or is_root)
            self._entry("  " * depth, entry, depth, keeps_blank=keeps_blank, in_array=in_array)

    def _entry(
        self, lead: str, entry: Entry, depth: int, *, keeps_blank: bool, in_array: bool
    ) -> None:
        """Print an entry; `lead` is its indentation, with the dash of an item."""
        value, start = entry.value, entry.key.source.start
        if keeps_blank:
            self._flush(start, depth, keeps_blank=True)
        key = encode_key(entry.key.text)
        match value:
            case Scalar():
                self._line(f"{lead}{key}: {_scalar(value, Delimiter.COMMA)}", start, depth)
            case Array():
                self._array(lead, key, value, depth, start)
            case Object(form=ObjectForm.KEYED):
                self._keyed(lead + key, value, depth, start)
            case Object(form=ObjectForm.RECORD):
                # A key in quotes would make no record; as it was read, it needs none.
                self._record(lead + entry.key.text, value, depth, start, in_array=in_array)
            case Object():
                self._line(f"{lead}{key}:", start, depth)
                self._entries(value.entries, depth + 1, in_array=in_array)
            case Invalid():
                raise InternalError("an unreadable value cannot be printed")
            case _:
                assert_never(value)

    def _array(self, lead: str, key: str, array: Array, depth: int, start: int) -> None:
        """Print an array; its lines are one level below `depth`."""
        prefix = lead + key
        delimiter = array.delimiter
        size = _size(len(array.items), delimiter)
        if array.form is ArrayForm.TABULAR:
            fields = _fields(array.columns, delimiter)
            self._line(f"{prefix}{size}{{{fields}}}:", start, depth)
            for row in array.items:
                cells = delimiter.value.join(_cells(row, delimiter))
                self._line("  " * (depth + 1) + cells, row.source.start, depth + 1)
        elif not array.items:
            self._line(f"{prefix}: []" if key else f"{prefix}[]", start, depth)
        elif array.form is ArrayForm.INLINE:
            cells = delimiter.value.join(_leaf(item, delimiter) for item in array.items)
            self._line(f"{prefix}{size}: {cells}", start, depth)
        else:
            self._line(f"{prefix}{size}:", start, depth)
            for item in array.items:
                self._item(item, depth + 1)

    def _item(self, item: Node, depth: int) -> None:
        """Print an item of a list."""
        lead = "  " * depth + "- "
        start = item.source.start
        match item:
            case Scalar():
                self._line(lead + _scalar(item, Delimiter.COMMA), start, depth)
            case Array():
                self._array(lead, "", item, depth, start)
            case Object(entries=()):
                self._line("  " * depth + "-", start, depth)
            case Object():
                # Comments above the item belong to the dash, not to its first entry.
                self._flush(start, depth, keeps_blank=False)
                first, *rest = item.entries
                self._entry(lead, first, depth + 1, keeps_blank=False, in_array=True)
                self._entries(rest, depth + 1, in_array=True)
            case Invalid():
                raise InternalError("an unreadable item cannot be printed")
            case _:
                assert_never(item)

    def _keyed(self, prefix: str, value: Object, depth: int, start: int) -> None:
        """Print a keyed table."""
        delimiter = value.delimiter
        size = _size(len(value.entries), delimiter, ":")
        self._line(f"{prefix}{size}{{{_fields(value.columns, delimiter)}}}:", start, depth)
        for entry in value.entries:
            cells = delimiter.value.join(_cells(entry.value, delimiter))
            row = f"{encode_key(entry.key.text)}: {cells}"
            self._line("  " * (depth + 1) + row, entry.key.source.start, depth + 1)

    def _record(
        self, prefix: str, record: Object, depth: int, start: int, *, in_array: bool
    ) -> None:
        """Print a record: its header, and its values in the order of the fields."""
        fields = _fields(record.columns, Delimiter.COMMA)
        self._line(f"{prefix}{{{fields}}}:", start, depth)
        lead = "  " * (depth + 1)
        for index, entry in enumerate(record.entries):
            value = entry.value
            keeps_blank = index > 0 and not in_array
            if isinstance(value, Scalar):
                text = lead + _scalar(value, Delimiter.COMMA)
                self._line(text, value.source.start, depth + 1, keeps_blank=keeps_blank)
            elif isinstance(value, Array) and not value.items and not value.columns:
                start = value.source.start
                self._line(f"{lead}[]", start, depth + 1, keeps_blank=keeps_blank)
            else:
                self._flush(value.source.start, depth + 1, keeps_blank=keeps_blank)
                self._entry(lead, entry, depth + 1, keeps_blank=False, in_array=in_array)


def _scalar(scalar: Scalar, delimiter: Delimiter) -> str:
    """Return a scalar: texts with the quotes they need, numbers and words as they were written."""
    if scalar.is_blank:
        return ""
    if isinstance(scalar.value, str):
        return encode_primitive(scalar.value, delimiter)
    return scalar.text


def _leaf(node: Node, delimiter: Delimiter) -> str:
    """Return a cell."""
    if not isinstance(node, Scalar):
        raise InternalError("an unreadable cell cannot be printed")
    return _scalar(node, delimiter)


def _cells(row: Node, delimiter: Delimiter) -> Iterator[str]:
    """Yield the cells of a row, those of nested groups in their places."""
    if not isinstance(row, Object):
        raise InternalError("an unreadable row cannot be printed")
    for entry in row.entries:
        if isinstance(entry.value, Object):
            yield from _cells(entry.value, delimiter)
        else:
            yield _leaf(entry.value, delimiter)


def _fields(columns: Sequence[Key], delimiter: Delimiter) -> str:
    """Return the inside of a field list."""
    return delimiter.value.join(
        encode_key(key.text) + (f"{{{_fields(key.columns, delimiter)}}}" if key.columns else "")
        for key in columns
    )


def _size(count: int, delimiter: Delimiter, keyed: str = "") -> str:
    """Return the bracket of a header."""
    return f"[{count}{keyed}{'' if delimiter is Delimiter.COMMA else delimiter.value}]"
