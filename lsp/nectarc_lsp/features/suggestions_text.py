"""The text of a suggestion: rows of a table, items of a list, or what is left of one.

Owns: `inserted`. Must not know: engines, proofs. Truth: docs/language.md, section 2.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from nectarc.importing.writing import cell_text
from nectarc.toon.layout import STEP
from nectarc_lsp.features.wishes import Wish


def inserted(wish: Wish, rows: Sequence[Mapping[str, str]]) -> str | None:
    """Return the text that goes to the cursor; None where the rows contradict what is typed.

    rows: cells by column.
    """
    if not rows:
        return None
    if wish.column:
        return _rest(wish, rows[0])
    between = "\n" + " " * wish.indent
    return wish.lead + between.join(_row(wish, row) for row in rows)


def _row(wish: Wish, row: Mapping[str, str]) -> str:
    if wish.is_list:
        return "- " + _below(wish).join(_entries(wish, row, wish.columns))
    return _cells(wish, row, wish.columns)


def _rest(wish: Wish, row: Mapping[str, str]) -> str | None:
    at = wish.columns.index(wish.column)
    here = wish.typed.get(wish.column, "")
    rest = ""
    if wish.column not in {"name", "description"}:
        full = _cell(wish, row, wish.column)
        if not full.startswith(here):
            return None
        rest = full[len(here) :]
    rest = wish.lead + rest if rest else ""
    if wish.is_one or at == len(wish.columns) - 1:
        return rest or None
    left = wish.columns[at + 1 :]
    if wish.is_list:
        return "".join((rest, *(_below(wish) + one for one in _entries(wish, row, left))))
    return rest + wish.delimiter.value + _cells(wish, row, left)


def _below(wish: Wish) -> str:
    return "\n" + " " * (wish.indent + STEP)


def _entries(wish: Wish, row: Mapping[str, str], columns: Sequence[str]) -> Iterator[str]:
    for column in columns:
        if (cell := _cell(wish, row, column)) or column != "description":
            yield f"{column}: {cell}"


def _cells(wish: Wish, row: Mapping[str, str], columns: Sequence[str]) -> str:
    return wish.delimiter.value.join(_cell(wish, row, column) for column in columns)


def _cell(wish: Wish, row: Mapping[str, str], column: str) -> str:
    text = row.get(column, "")
    return text if column == "priority" else cell_text(text, wish.delimiter)
