"""Writing into a cell: quotes and escapes of TOON around what is offered.

Owns: which edits put a text into a cell. Must not know: what is offered, the protocol.
Truth: nectarc/toon/quotes.py, nectarc/toon/cells.py: what a cell may hold without quotes.
"""

from __future__ import annotations

import json
from typing import NamedTuple

from nectarc.diagnostic import Edit
from nectarc.source import SourceSpan
from nectarc.toon.document import Delimiter
from nectarc.toon.encoder import is_plain_text
from nectarc.toon.outline import Cell
from nectarc_lsp.features.completion.offers import Stop, Template, mapped, text_of


class Written(NamedTuple):
    """What is written where: the main edit, and edits elsewhere in the line.

    may_insert: the end of the replaced text may stay (no quote is due behind it).
    """

    template: Template
    source: SourceSpan
    extra: tuple[Edit, ...]
    may_insert: bool


class CellWriter:
    """Writes into one cell."""

    def __init__(self, cell: Cell, delimiter: Delimiter | None, *, is_first: bool = False) -> None:
        """Take a cell; `is_first`: a colon in it would make its row a key."""
        self._cell = cell
        self._delimiter = delimiter
        self._is_first = is_first

    def write(self, start: int, end: int, template: Template) -> Written:
        """Return the edits that put `template` in the place of `text[start:end]` of the cell."""
        cell = self._cell
        source = cell.span_of(start, end)
        if cell.is_quoted:
            return Written(mapped(template, _in_quotes), source, (), may_insert=True)
        text = cell.text
        whole = text[:start] + text_of(template) + text[end:]
        if not self._needs_quotes(whole.strip(" ")):
            return Written(template, source, (), may_insert=True)
        return self._quoting(start, end, mapped(template, _in_quotes))

    def _quoting(self, start: int, end: int, template: Template) -> Written:
        """Return the edits that also put the cell into quotes."""
        cell = self._cell
        text = cell.text
        last = max(len(text.rstrip(" ")), end)
        extra: list[Edit] = []
        if start == 0:
            template = ('"', *template)
        else:
            extra.append(Edit(cell.span_of(0, 0), '"'))
        for index, char in enumerate(text[:last]):
            if char in '"\\' and not start <= index < end:
                extra.append(Edit(cell.span_of(index, index), "\\"))
        if last <= end:
            # People go on typing inside of the quotes.
            template = (*template, Stop(0), '"')
        else:
            extra.append(Edit(cell.span_of(last, last), '"'))
        return Written(template, cell.span_of(start, end), tuple(extra), may_insert=False)

    def _needs_quotes(self, whole: str) -> bool:
        if not whole:
            return False
        if self._cell.is_joined or '"' in whole or "\n" in whole or whole[0] in "[{-#":
            return True
        if self._delimiter is None:
            return self._is_first and ":" in whole
        return self._delimiter.value in whole or ":" in whole


def cell_text(text: str, delimiter: Delimiter, *, is_text: bool = True) -> str:
    """Return a text as a cell of a row; `is_text`: its column takes the text whatever it is."""
    if is_text and text and text == text.strip() and not any(c in text for c in '":\\#\n\t'):
        is_plain = delimiter.value not in text and text[0] not in "[{-"
    else:
        is_plain = is_plain_text(text, delimiter)
    return text if is_plain else '"' + _in_quotes(text) + '"'


def quoted_literal(text: str) -> str:
    """Return a text as a match writes it: `'text'`, with other quotes where it holds one."""
    if "'" not in text and text.isprintable():
        return f"'{text}'"
    return json.dumps(text, ensure_ascii=False)


def _in_quotes(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
