"""What is wished for at one place of a policy.

Owns: the record. Must not know: where words are a wish, engines. Truth: docs/editor-claude.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from nectarc.records import part, record
from nectarc.toon.document import Delimiter

RULES: Final = "rules"
INVARIANTS: Final = "invariants"


@record(kw_only=True)
class Wish:
    """What is to be suggested at one place.

    section:  "rules" or "invariants".
    words:    sentences that say what is wanted, the best first.
    columns:  of the table, in order.   delimiter: of its cells.
    offset:   where the suggestion goes.
    lead:     what stands before it on a line of its own: a line end, blanks; "" in a row.
    indent:   the column that rows begin at.
    typed:    the cells that are written, by column; `column` the one that is being written.
    column:   "" where the row is not begun.
    is_one:   the rest of the row stands behind the cursor: only this cell is wanted.
    is_list:  rows are items (`- name: ...`); `columns` are their keys, from `column` on.
    base:     the text without the row.   at: where the row stands in it (or would).
    """

    section: str
    words: tuple[str, ...]
    columns: tuple[str, ...]
    delimiter: Delimiter
    offset: int
    lead: str = ""
    indent: int = 0
    typed: Mapping[str, str] = part(default_factory=dict)
    column: str = ""
    is_one: bool = False
    is_list: bool = False
    base: str
    at: int
