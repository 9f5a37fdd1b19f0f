"""Makes offers that take the place of one token of a cell.

Owns: `Writer`. Must not know: what is offered where, the protocol.
"""

from __future__ import annotations

from typing import Final

from nectarc_lsp.features.completion.insertion import CellWriter
from nectarc_lsp.features.completion.offers import Kind, Offer, Template, Topic
from nectarc_lsp.features.places_typed import Typed

# Two operators in a row are none.
_SIGNS: Final = frozenset("=!<>&|")


class Writer:
    """Makes offers that take the place of one token of a cell."""

    def __init__(self, cell: CellWriter, typed: Typed, source_at: int, closing: str = "") -> None:
        """Write to `cell`; `source_at` is the cursor's offset in the file.

        closing: the character that ends the cell, "" where nothing is to be typed behind it.
        """
        self._cell = cell
        self._typed = typed
        self._cursor = source_at
        self._closing = (closing,) if closing else ()

    def over(self, start: int, end: int) -> Writer:
        """Return the writer of more than the token: of the cell's text from `start` to `end`."""
        text = self._typed
        typed = Typed(start=start, at=text.at, end=end, prefix=text.prefix, quote="(")
        return Writer(self._cell, typed, self._cursor)

    def offer(  # noqa: PLR0913 - what an offer is made of
        self,
        label: str,
        kind: Kind,
        template: Template,
        *,
        detail: str = "",
        description: str = "",
        rank: int = 50,
        topic: Topic | None = None,
        is_last: bool = False,
        is_whole: bool = True,
        is_deprecated: bool = False,
        asks_again: bool = False,
        filter_: str = "",
    ) -> Offer:
        """Return an offer. `is_last`: it is one of a few words, and the cell ends behind it."""
        typed = self._typed
        written = self._cell.write(typed.start, typed.end, template)
        return Offer(
            label=label,
            kind=kind,
            template=written.template,
            source=written.source,
            cursor=self._cursor,
            extra=written.extra,
            detail=detail,
            description=description,
            rank=rank,
            filter=filter_,
            topic=topic,
            commits=self._closing if is_last else (),
            is_whole=is_whole,
            is_deprecated=is_deprecated,
            asks_again=asks_again,
            may_insert=written.may_insert and not typed.quote and typed.text[:1] not in _SIGNS,
        )
