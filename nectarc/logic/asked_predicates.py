"""The predicates asked of one field, compiled once, with what their truth depends on.

Owns: rows of truth of a value, roles of predicates at each sort, the languages that stay open.
Must not know: classes, automata. Truth: `compile_predicate`; nothing is decided here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from enum import Enum
from typing import Final, NamedTuple

from nectarc.evaluate.values import ValueOrMissing
from nectarc.logic.predicate_shapes import LANGUAGE_VIEWS, NUMBER_VIEWS, View, shape_of
from nectarc.logic.predicates import Predicate, compile_predicate
from nectarc.logic.text_intervals import text_places
from nectarc.logic.truth_steps import Step, step_of
from nectarc.logic.universe import Sort

_TEXTUAL: Final = frozenset({Sort.INT, Sort.FLOAT, Sort.STRING, Sort.OTHER})
# Any value of the sort will do where a predicate is a function of the sort alone.
SAMPLES: Final[dict[Sort, ValueOrMissing]] = {
    Sort.INT: 1,
    Sort.FLOAT: 0.5,
    Sort.NAN: math.nan,
    Sort.STRING: "x",
    Sort.OTHER: ("x",),
}


class Kind(Enum):
    """The kinds of languages that tests of texts ask for."""

    CONTAINS = "contains"
    ENDS = "ends with"
    PATTERN = "matches"
    PREFIX = "starts with"
    BELOW = "is below"


class Tongue(NamedTuple):
    """A language of texts by its kind and its literal."""

    kind: Kind
    literal: str


class Opening(NamedTuple):
    """A predicate on texts that is membership in a language, or its negation."""

    tongue: Tongue
    is_negated: bool


class Roles(NamedTuple):
    """Masks over predicates: of what their truth is a function at one sort."""

    constant: int
    number: int
    points: int
    ordered: int  # ORDER and PREFIX
    language: int  # CONTAINS, ENDS and PATTERN

    @property
    def text(self) -> int:
        """The predicates that look at the text."""
        return self.points | self.ordered | self.language


_LANGUAGE_KINDS: Final = {
    View.CONTAINS: Kind.CONTAINS,
    View.ENDS: Kind.ENDS,
    View.PATTERN: Kind.PATTERN,
}


class Asked:
    """The predicates of one field, in an order that masks over predicates refer to."""

    __slots__ = ("_openings", "_roles", "_steps", "holds", "predicates", "shapes")

    def __init__(self, predicates: Collection[Predicate]) -> None:
        """Compile the predicates; a pattern costs most."""
        self.predicates = tuple(dict.fromkeys(predicates))
        self.holds = tuple(map(compile_predicate, self.predicates))
        self.shapes = tuple(map(shape_of, self.predicates))
        self._roles: dict[Sort, Roles] = {}
        self._steps: dict[int, Step[str]] = {}
        self._openings: dict[int, Opening | None] = {}

    def row(self, value: ValueOrMissing, among: int = -1) -> int:
        """Return which predicates, of the mask `among`, hold of `value`."""
        row = 0
        for index, holds in enumerate(self.holds):
            if among >> index & 1 and holds(value):
                row |= 1 << index
        return row

    def roles(self, sort: Sort) -> Roles:
        """Return the roles at a sort of more than two values."""
        assert sort in _TEXTUAL
        known = self._roles.get(sort)
        if known is None:
            known = self._roles[sort] = self._roles_at(sort)
        return known

    def text_step(self, index: int) -> Step[str]:
        """Return the truth of predicate `index`, of points, order or prefix, along the strings."""
        known = self._steps.get(index)
        if known is None:
            places = text_places(self.shapes[index])
            known = self._steps[index] = step_of(self.holds[index], places, "", None)
        return known

    def opening(self, index: int) -> Opening | None:
        """Return predicate `index` (not of points) as a language of texts; None: it is constant."""
        if index not in self._openings:
            self._openings[index] = self._opening_of(index)
        return self._openings[index]

    def tellers(self) -> dict[Tongue, tuple[Callable[[ValueOrMissing], bool], bool]]:
        """Return for each language opened so far who tells membership, and if it is negated.

        It does at every class on which the language is open: tests of strings only stand back.
        """
        found: dict[Tongue, tuple[Callable[[ValueOrMissing], bool], bool]] = {}
        for index, opening in self._openings.items():
            if opening is not None and (
                opening.tongue not in found or not self.shapes[index].is_strings_only
            ):
                found[opening.tongue] = (self.holds[index], opening.is_negated)
        return found

    def _opening_of(self, index: int) -> Opening | None:
        shape = self.shapes[index]
        (text,) = shape.texts
        if shape.view in LANGUAGE_VIEWS:
            # A pattern's words are not known, but no predicate asks for texts without one.
            is_pattern = shape.view is View.PATTERN
            is_negated = not is_pattern and not self.holds[index](text)
            return Opening(Tongue(_LANGUAGE_KINDS[shape.view], text), is_negated)
        step = self.text_step(index)
        if shape.view is View.PREFIX:
            return Opening(Tongue(Kind.PREFIX, text), step.is_true_first)
        if not step.places:
            return None
        (place,) = step.places
        return Opening(Tongue(Kind.BELOW, place), not step.is_true_first)

    def _roles_at(self, sort: Sort) -> Roles:
        constant = number = points = ordered = language = 0
        has_numbers = sort is not Sort.OTHER
        for index, shape in enumerate(self.shapes):
            bit, view = 1 << index, shape.view
            is_string = sort is Sort.STRING
            if (shape.is_strings_only and not is_string) or (view is View.UNTYPED and is_string):
                constant |= bit
            elif view in NUMBER_VIEWS and has_numbers:
                number |= bit
            elif view is View.POINTS:
                points |= bit
            elif view in (View.ORDER, View.PREFIX):
                ordered |= bit
            elif view in LANGUAGE_VIEWS:
                language |= bit
            else:
                constant |= bit
        return Roles(constant, number, points, ordered, language)


def indices(mask: int) -> list[int]:
    """Return the places of the bits of a mask, ascending."""
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found
