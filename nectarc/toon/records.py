"""Records: which value is which field's.

Owns: the matching of the lines of a record to the fields of its header. Must not know: tokens,
lines. Truth: docs/language.md, "TOON": one value a line in the header's field order; a field that
is an array or a record brings its own header, with its name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from nectarc.source import SourceSpan
from nectarc.toon.document import Entry, Invalid, Key, Node
from nectarc.toon.mistakes import Mistakes

Member: TypeAlias = "Node | Entry"


class RecordFields:
    """The fields of one record, and how many have a value."""

    def __init__(self, columns: Sequence[Key], header: SourceSpan, mistakes: Mistakes) -> None:
        """Begin with no value."""
        self._columns = columns
        self._header = header
        self._mistakes = mistakes
        self._entries: list[Entry] = []
        self._has_surplus = False

    def take(self, members: Sequence[Member]) -> tuple[Entry, ...]:
        """Give each field its value: a value of its own, or an `Invalid` where that is missing."""
        for member in members:
            if isinstance(member, Entry):
                self._take_headed(member)
            else:
                self._take_value(member)
        if len(self._entries) < len(self._columns):
            self._skip_to(len(self._columns), self._header)
        return tuple(self._entries)

    def _take_value(self, value: Node) -> None:
        """Give the next field `value`."""
        due = len(self._entries)
        if due < len(self._columns):
            self._entries.append(Entry(key=self._columns[due], value=value))
        elif not self._has_surplus and not isinstance(value, Invalid):
            self._has_surplus = True
            self._mistakes.surplus_value(value.source.start, value.source.end, self._header)

    def _take_headed(self, entry: Entry) -> None:
        """Give the field that a header names its value; fields before it that lack one get none."""
        names = [key.text for key in self._columns]
        due = len(self._entries)
        if entry.key.text in names[due:]:
            place = names.index(entry.key.text, due)
            if place > due:
                self._skip_to(place, entry.key.source)
            self._entries.append(Entry(key=self._columns[place], value=entry.value))
        elif due < len(names):
            self._mistakes.foreign_header(entry.key.source, entry.key.text, names[due])
            self._entries.append(
                Entry(key=self._columns[due], value=Invalid(source=entry.value.source))
            )
        else:
            self._take_value(entry.value)

    def _skip_to(self, place: int, source: SourceSpan) -> None:
        """Report the fields before `place` that have no value."""
        missing = self._columns[len(self._entries) : place]
        names = [key.text for key in missing]
        self._mistakes.missing_values(source, names, missing[0].source)
        self._entries.extend(Entry(key=key, value=Invalid(source=key.source)) for key in missing)
