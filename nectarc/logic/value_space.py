"""All values that one span field may hold, as far as a set of predicates can tell. Exact.

Owns: classes, the images of predicates over them, languages that stay open. Must not know: spans,
formulas, solvers. Truth: ../shared/reference/proof-method.md, sections 2 to 4 (theorem 1). Each
value of the sorts is in a class; in a class, predicates differ by open languages only, and
`ValueSpace.realise` says which of their combinations exist. Classes are linear in the literals.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from nectarc.logic.asked_predicates import Asked, Tongue
from nectarc.logic.predicates import Predicate
from nectarc.logic.realise import Realiser
from nectarc.logic.sorted_cells import cells_of
from nectarc.logic.universe import Sort
from nectarc.logic.value_classes import Conflict, Image, Realised, Unrealised, ValueClass

__all__ = ["Conflict", "Image", "Realised", "Unrealised", "ValueClass", "ValueSpace", "value_space"]

_NO_BITS: Final[Mapping[int, bool]] = {}


class ValueSpace:
    """The classes of one field. Remembers what was realised and what was refuted.

    classes:   none is empty; usual ones first. Index i is bit `1 << i` of masks over classes.
    bit_count: how many languages stay open in some class; bits are 0 to bit_count - 1.
    images:    by predicate, as given. A bit says nothing of a class outside its images' `open`.
    """

    __slots__ = ("_realiser", "bit_count", "classes", "images")

    def __init__(
        self,
        classes: tuple[ValueClass, ...],
        images: Mapping[Predicate, Image],
        realiser: Realiser,
    ) -> None:
        """Keep the parts; `value_space` makes them."""
        self.classes = classes
        self.images = images
        self.bit_count = realiser.bit_count
        self._realiser = realiser

    def realise(self, class_index: int, bits: Mapping[int, bool] = _NO_BITS) -> Realised:
        """Return a value of the class that is in open languages as `bits` says.

        Bits that are not named do not matter, nor do those that are not open on the class.
        Conflict: a lemma, true of every class of its mask, this one among them. Unrealised: it
        could not be told (a pattern that is no automaton, a search that grew too large).
        """
        return self._realiser.realise(class_index, bits)


def value_space(predicates: Collection[Predicate], sorts: frozenset[Sort]) -> ValueSpace:
    """Compute the value space of a field that may hold values of `sorts`.

    Costs some 40 microseconds a predicate, a pattern its compilation. Not remembered.
    """
    asked = Asked(predicates)
    cells = cells_of(asked, sorts)
    classes = tuple(ValueClass(cell.sort, cell.witness, cell.is_usual) for cell in cells)
    columns = _columns([cell.holds for cell in cells], len(asked.predicates))
    opens = _columns([cell.open for cell in cells], len(asked.predicates))
    bits: dict[Tongue, int] = {}
    images: dict[Predicate, Image] = {}
    open_on: list[int] = []
    for index, predicate in enumerate(asked.predicates):
        image = Image(columns[index], 0, None, is_negated=False)
        opening = asked.opening(index) if opens[index] else None
        if opening is not None:
            bit = bits.setdefault(opening.tongue, len(bits))
            if bit == len(open_on):
                open_on.append(0)
            open_on[bit] |= opens[index]
            image = Image(columns[index], opens[index], bit, opening.is_negated)
        images[predicate] = image
    return ValueSpace(classes, images, Realiser(asked, cells, tuple(bits), tuple(open_on)))


def _columns(rows: list[int], width: int) -> list[int]:
    """Turn masks over predicates, one a class, into masks over classes, one a predicate."""
    if not any(rows):
        return [0] * width
    digits = [format(row, f"0{width}b") for row in reversed(rows)]
    return [int("".join(column), 2) for column in zip(*digits, strict=True)][::-1]
