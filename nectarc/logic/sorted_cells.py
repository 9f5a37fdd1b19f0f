"""The cells of all sorts of one field, usual ones first, without repetition.

Owns: their order, which sorts add nothing to another. Must not know: search, images.
Truth: ../shared/reference/proof-method.md, section 4.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from nectarc.evaluate.values import MISSING, ValueOrMissing
from nectarc.logic.asked_predicates import SAMPLES, Asked
from nectarc.logic.cells import Cell
from nectarc.logic.number_cells import float_cells, int_cells
from nectarc.logic.predicate_shapes import NUMBER_VIEWS, View
from nectarc.logic.text_cells import other_cells, string_cells
from nectarc.logic.universe import Sort

_ORDER: Final = (
    Sort.MISSING,
    Sort.INT,
    Sort.FLOAT,
    Sort.STRING,
    Sort.BOOL,
    Sort.NULL,
    Sort.NAN,
    Sort.OTHER,
)
_FEW: Final[dict[Sort, tuple[ValueOrMissing, ...]]] = {
    Sort.MISSING: (MISSING,),
    Sort.NULL: (None,),
    Sort.BOOL: (True, False),
    Sort.NAN: (math.nan,),
}
_TYPED: Final = (Sort.INT, Sort.FLOAT, Sort.STRING, Sort.BOOL)
_COVERED_BY_TEXT: Final = (Sort.INT, Sort.FLOAT, Sort.NAN, Sort.BOOL, Sort.OTHER)


def cells_of(asked: Asked, sorts: frozenset[Sort]) -> list[Cell]:
    """Return cells that hold every value of the sorts, up to what the predicates can tell.

    A closed cell whose predicates are those of an earlier one is left out.
    """
    usual = usual_sorts(asked)
    left_out = _sorts_covered_by_text(asked, sorts) - usual
    are_numbers_covered = _are_spelled_numbers_covered(asked, sorts)
    kept: list[Cell] = []
    seen: set[int] = set()
    found = sorted(sorts - left_out, key=lambda sort: (sort not in usual, _ORDER.index(sort)))
    for sort in found:
        cells = _cells_at(
            asked, sort, is_usual=sort in usual, are_numbers_covered=are_numbers_covered
        )
        for cell in cells:
            if not cell.open:
                if cell.holds in seen:
                    continue
                seen.add(cell.holds)
            kept.append(cell)
    return kept


def usual_sorts(asked: Asked) -> frozenset[Sort]:
    """Return the sorts that senders would use; strings where no predicate suggests a type."""
    suggested = frozenset[Sort]().union(*(shape.suggests for shape in asked.shapes))
    return (suggested or frozenset({Sort.STRING})) | {Sort.MISSING}


def _cells_at(
    asked: Asked, sort: Sort, *, is_usual: bool, are_numbers_covered: bool
) -> Iterator[Cell]:
    match sort:
        case Sort.INT:
            return int_cells(asked, is_usual=is_usual)
        case Sort.FLOAT:
            return float_cells(asked, is_usual=is_usual)
        case Sort.STRING:
            return string_cells(asked, is_usual=is_usual, are_numbers_covered=are_numbers_covered)
        case Sort.OTHER:
            return other_cells(asked, is_usual=is_usual)
        case _:
            return (Cell(sort, value, is_usual, asked.row(value), 0, None) for value in _FEW[sort])


def _sorts_covered_by_text(asked: Asked, sorts: frozenset[Sort]) -> frozenset[Sort]:
    """Return the sorts whose values fare as the strings of the same texts."""
    shapes = asked.shapes
    if Sort.STRING not in sorts or any(
        shape.is_strings_only or shape.view in NUMBER_VIEWS for shape in shapes
    ):
        return frozenset()
    constants = asked.roles(Sort.STRING).constant
    expected = asked.row(SAMPLES[Sort.STRING], constants)
    return frozenset(
        sort
        for sort in _COVERED_BY_TEXT
        if all(
            asked.row(value, constants) == expected
            for value in _FEW.get(sort, ()) or (SAMPLES[sort],)
        )
    )


def _are_spelled_numbers_covered(asked: Asked, sorts: frozenset[Sort]) -> bool:
    """Say whether strings that count as numbers fare as numbers of a sort that is there."""
    views = {shape.view for shape in asked.shapes} - {View.CONSTANT}
    if views == {View.AS_FLOAT}:
        carriers = frozenset({Sort.FLOAT, Sort.NAN})
    elif views == {View.AS_INT}:
        carriers = frozenset({Sort.INT})
    else:
        return False
    constants = asked.roles(Sort.STRING).constant
    expected = asked.row(SAMPLES[Sort.STRING], constants)
    return carriers <= sorts and all(
        asked.row(SAMPLES[sort], constants) == expected for sort in carriers
    )
