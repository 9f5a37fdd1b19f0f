"""One cell of a policy while it is read: its text, the places in it, what was found wrong.

Owns: mapping of text offsets to the file, collecting findings. Must not know: any grammar.
Truth: nectarc/toon/document.py (`Scalar.span_of`).
"""

from __future__ import annotations

from typing import Final

from nectarc.diagnostic import Diagnostic, Edit, Fix
from nectarc.source import SourceSpan
from nectarc.toon.document import Scalar

# A longer cell is refused: nobody writes one, and a tree of it would take hundreds of megabytes.
LENGTH_MAX: Final = 1 << 20


class CellReading:
    """The cell being read. INVARIANT: offsets given to its methods are offsets into `text`."""

    def __init__(self, cell: Scalar, delimiter: str = ",") -> None:
        """Start with no findings. `delimiter` ends the cell unless it is quoted."""
        self.cell: Final = cell
        self.text: Final = cell.text
        self.found: Final[list[Diagnostic]] = []
        self._delimiter = delimiter
        self._file = cell.source.file
        self._base = cell.source.start if cell.offsets is None else -1

    def span(self, start: int, end: int) -> SourceSpan:
        """Return the place in the file of `text[start:end]`."""
        if self._base >= 0:
            return SourceSpan(self._file, self._base + start, self._base + end)
        return self.cell.span_of(start, end)

    def whole(self) -> SourceSpan:
        """Return the place of the whole text, without the quotes around the cell."""
        return self.span(0, len(self.text)) if self.text else self.cell.source

    def replacement(
        self, title: str, start: int, end: int, text: str, *, is_safe: bool = True
    ) -> tuple[Fix, ...]:
        """Return the fix that writes `text` in the place of `text[start:end]`.

        Most fixes of syntax are safe: what they replace had no meaning. There is no fix where the
        text cannot stand in the cell unless the whole cell is quoted.
        """
        if self.cell.is_quoted:
            text = text.replace("\\", "\\\\").replace('"', '\\"')
        elif not self._is_plain(start, text):
            return ()
        return (Fix(title, (Edit(self.span(start, end), text),), is_safe=is_safe),)

    def _is_plain(self, start: int, text: str) -> bool:
        # TOON reads an unquoted cell that starts with one of these marks as something else.
        ends = self._delimiter in text or any(mark in text for mark in '"\n#:')
        return not ends and not (start == 0 and text[:1] in "[{-")
