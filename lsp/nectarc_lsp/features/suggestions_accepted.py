"""What a suggestion needs elsewhere in the policy when it was taken: counts, rows of `fields`.

Owns: the edits. Must not know: engines, the protocol. Truth: docs/editor-claude.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nectarc.diagnostic import Edit
from nectarc.intent.records import FieldRow
from nectarc.propose.merging import with_fields
from nectarc.propose.row_counts import with_counts
from nectarc.source import SourceText
from nectarc_lsp.database.view import View
from nectarc_lsp.features.format_edits import line_edits

_PARTS_MIN: Final = 3


def edits_after(view: View, fields: Sequence[FieldRow]) -> tuple[Edit, ...]:
    """Return the edits that put counts right and declare `fields`; none where nothing is left."""
    text = view.text
    counted = SourceText.of(text.file, with_counts(text.text, text.file))
    missing = [row for row in fields if row.name not in _declared(view)]
    whole = with_fields(counted, missing) or counted
    return tuple(line_edits(text, whole.text))


def field_rows(told: object) -> tuple[FieldRow, ...]:
    """Return the rows of [[name, type, spelling, ...], ...] as clients send them back."""
    rows = told if isinstance(told, list) else []
    return tuple(
        FieldRow(row[0], row[1], tuple(row[2:]))
        for row in rows
        if isinstance(row, list)
        and len(row) >= _PARTS_MIN
        and all(isinstance(one, str) for one in row)
    )


def _declared(view: View) -> frozenset[str]:
    written = view.checked.written if view.checked is not None else None
    return (
        frozenset(row.name.text for row in written.fields) if written is not None else frozenset()
    )
