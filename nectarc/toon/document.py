"""The data model of a TOON document, with the place of everything in it.

Owns: nodes. Must not know: what a policy is. Truth: TOON 4.0; docs/language.md, section 2.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import TypeAlias

from nectarc.records import part, record
from nectarc.source import SourceSpan


class Delimiter(Enum):
    """What separates the values of a row or an inline array."""

    COMMA = ","
    TAB = "\t"
    PIPE = "|"


class ArrayForm(Enum):
    """How an array is written."""

    INLINE = "inline"  # key[2]: a,b
    TABULAR = "tabular"  # key[2]{a,b}: and rows
    LIST = "list"  # key[2]: and lines with "- "


class ObjectForm(Enum):
    """How an object is written."""

    PLAIN = "plain"  # key: value lines
    RECORD = "record"  # key{a,b}: and one value per line (Nectar's own header)
    ROW = "row"  # a row of a tabular array, or a group of its columns
    KEYED = "keyed"  # key[2:]{a,b}: and rows that begin with "name: "


@record(kw_only=True)
class Scalar:
    """A primitive.

    value:      what TOON decodes it to.
    text:       the cell's text with quotes and escapes resolved, whatever the value's type.
    is_quoted:  written with double quotes.
    is_blank:   nothing is written there (a blank cell; `value` is "").
    source:     the whole token, quotes included.
    offsets:    where each code point of `text` starts in the file, and the end: len(text) + 1
                entries (a range, where no escape stretches them). None when `text` stands in the
                file as it is, from source.start.
    """

    value: bool | int | float | str | None
    text: str
    source: SourceSpan = part(compare=False)
    is_quoted: bool = part(default=False, compare=False)
    is_blank: bool = part(default=False, compare=False)
    offsets: Sequence[int] | None = part(default=None, compare=False, repr=False)

    def span_of(self, start: int, end: int) -> SourceSpan:
        """Return the place in the file of `text[start:end]`."""
        if self.offsets is None:
            base = self.source.start
            return SourceSpan(self.source.file, base + start, base + end)
        last = len(self.offsets) - 1
        return SourceSpan(
            self.source.file, self.offsets[min(start, last)], self.offsets[min(end, last)]
        )


@record(kw_only=True)
class Key:
    """A key or a field name of a header, unquoted.

    columns: the fields of a nested group, `place{lat,lon}` in a header; else empty.
    """

    text: str
    source: SourceSpan = part(compare=False)
    is_quoted: bool = part(default=False, compare=False)
    columns: tuple[Key, ...] = part(default=(), compare=False)


@record(kw_only=True)
class Array:
    """An array; `length` is what its header declares, `source` runs from header to last item.

    `length` is -1 when the header's length could not be read; `[]` has the length 0. An item that
    could not be read is an `Invalid`; items beyond `length` are there all the same.
    """

    items: tuple[Node, ...]
    source: SourceSpan = part(compare=False)
    header: SourceSpan = part(compare=False)
    form: ArrayForm = part(compare=False)
    length: int = part(compare=False)
    length_source: SourceSpan = part(compare=False)
    delimiter: Delimiter = part(default=Delimiter.COMMA, compare=False)
    columns: tuple[Key, ...] = part(default=(), compare=False)


@record(kw_only=True)
class Object:
    """An object; keys keep their order of writing, duplicates too (a diagnostic has said so).

    header:    the whole header of a record or a keyed object, else None.
    columns:   the fields of that header; each entry of a keyed object has them all.
    length:    what the header of a keyed object declares, else None; with its place.
    delimiter: what separates the cells of a keyed object.
    """

    entries: tuple[Entry, ...]
    source: SourceSpan = part(compare=False)
    form: ObjectForm = part(default=ObjectForm.PLAIN, compare=False)
    header: SourceSpan | None = part(default=None, compare=False)
    columns: tuple[Key, ...] = part(default=(), compare=False)
    length: int | None = part(default=None, compare=False)
    length_source: SourceSpan | None = part(default=None, compare=False)
    delimiter: Delimiter = part(default=Delimiter.COMMA, compare=False)


@record(kw_only=True)
class Entry:
    """A key with its value."""

    key: Key
    value: Node


@record(kw_only=True)
class Invalid:
    """Something that could not be read; a diagnostic has said so, later stages pass it by."""

    source: SourceSpan = part(compare=False)


Node: TypeAlias = "Scalar | Array | Object | Invalid"


@record(kw_only=True)
class Comment:
    """A line comment, without its line end; kept for the formatter.

    depth: the level of the block that its column is at.
    """

    text: str
    source: SourceSpan = part(compare=False)
    depth: int = part(default=0, compare=False)


@record(kw_only=True)
class Document:
    """A whole TOON text; `blank_lines` are the offsets where its blank lines start."""

    root: Node
    comments: tuple[Comment, ...] = ()
    blank_lines: tuple[int, ...] = ()
