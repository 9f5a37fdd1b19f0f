"""The kinds of places in a policy.

Owns: the records. Must not know: how a place is found, the protocol.
Truth: ../shared/design/language.md, section 2 (both TOON forms, tables and lists).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

from nectarc.records import part, record
from nectarc.source import SourceSpan
from nectarc.syntax.rows import FIELDS, INVARIANTS, RULES, TESTS, Columns
from nectarc.toon.document import Delimiter
from nectarc.toon.outline import Cell, Header, Level

SPANS: Final = "spans"
FROM: Final = "from"
COLUMNS: Final[Mapping[str, Columns]] = {
    one.section: one for one in (RULES, FIELDS, INVARIANTS, TESTS)
}


@record(kw_only=True)
class SectionPlace:
    """A key of the policy itself.

    source:  what is typed of the key; empty where nothing is.
    written: the sections that the policy has, but this one.
    indent:  the column that sections begin at.
    rest:    what stands behind the key on its line, "" where nothing does.
    record:  the header of a policy in record form, where a section is named in it.
    """

    source: SourceSpan
    written: tuple[str, ...]
    indent: int
    rest: str = ""
    record: Header | None = None


@record(kw_only=True)
class ColumnPlace:
    """A name in the braces of a header, or a key of a list item.

    section:   "rules", "fields", "invariants", "tests", "spans"; "" for the policy's own header.
    source:    the name that is typed.
    written:   the other columns that there are.
    is_key:    it is the key of an item (`name: ...`), not a column of a header.
    rest:      what stands behind the key on its line.
    """

    section: str
    source: SourceSpan
    written: tuple[str, ...]
    delimiter: Delimiter = Delimiter.COMMA
    is_key: bool = False
    rest: str = ""


@record(kw_only=True)
class CellPlace:
    """A value: a cell of a row, what stands behind `key:`, a line of a record, an array's item.

    section:   as in ColumnPlace; "" for `version`, `name` and `budget_per_second`.
    column:    the name of the section's column (of the span field in "spans"); "" beyond the last.
    row:       from 0; of the test, in "spans".
    cell:      what is written, with the cursor in it.
    delimiter: what must not stand in it unquoted; None where it has its line for itself.
    others:    the texts of the other cells of the row that are written, by column.
    items:     the other values, where it is one of several (`from[2]: a,b`).
    line:      of the cursor, from 0.
    """

    section: str
    column: str
    row: int
    cell: Cell
    delimiter: Delimiter | None = None
    header: Header | None = None
    others: Mapping[str, str] = part(default_factory=dict)
    items: tuple[str, ...] = ()
    line: int = 0


@record(kw_only=True)
class BlankPlace:
    """A line with nothing on it.

    source:  from the line's start to the cursor: blanks only.
    levels:  the blocks whose lines it may be, the innermost first.
    section: of the innermost, "" for the policy itself.
    row:     how many rows or items of the innermost stand above it.
    written: the sections that the policy has.
    indent:  the column that sections begin at.
    """

    source: SourceSpan
    levels: tuple[Level, ...]
    section: str
    row: int
    written: tuple[str, ...]
    indent: int


@record(kw_only=True)
class CommentPlace:
    """A comment. `text` is what is written of it, `#` included."""

    source: SourceSpan
    text: str


@record(kw_only=True)
class NoPlace:
    """Nothing to name: a length, a colon, an unknown part of a document."""


Place: TypeAlias = SectionPlace | ColumnPlace | CellPlace | BlankPlace | CommentPlace | NoPlace
NOWHERE: Final = NoPlace()
