"""The value classes of every field that some formulas read, of the root flag and of the count.

Owns: which predicates share a space, the classes of the two pseudo-fields.
Must not know: slots, solvers. Truth: ../shared/reference/proof-method.md, sections 2, 4 and 9.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final, assert_never

from nectarc.evaluate.values import MISSING, ValueOrMissing
from nectarc.ir.nodes import Field, NumberIn, NumberOp, NumberTest
from nectarc.logic.formula import (
    And,
    Constant,
    CountTest,
    Formula,
    HasRoot,
    IsRoot,
    Not,
    Or,
    RootTest,
    SomeSpan,
    SpanTest,
)
from nectarc.logic.normal_form import Literal, Place
from nectarc.logic.predicates import (
    ConditionTest,
    PolicyTest,
    Predicate,
    Present,
    compile_predicate,
    policy_test,
)
from nectarc.logic.universe import Sort, Universe
from nectarc.logic.value_classes import Conflict, Realised, ValueClass
from nectarc.logic.value_space import ValueSpace, value_space
from nectarc.records import record
from nectarc.trace import ROOT_FIELD

# The classes of ROOT_FIELD: Refinery sets it on spans, true without a parent; not on logs.
ROOT_VALUES: Final[tuple[ValueOrMissing, ...]] = (True, False, MISSING)
COUNT_NAME: Final = ""
_COUNT_SORTS: Final = frozenset({Sort.INT})
_FIRST_COUNTS: Final = 1_000


@record
class CountClass:
    """Counts of spans that no predicate tells apart.

    small: its members below the bound, ascending.  large: one at or above it, None: there is none.
    """

    small: tuple[int, ...]
    large: int | None


class FieldSpaces:
    """The spaces of one session; each is computed when it is first asked for."""

    def __init__(
        self, formulas: Iterable[Formula], universe: Universe, *, slots_max: int, spans_max: int
    ) -> None:
        """Collect the predicates of `formulas`; no other may be asked for.

        slots_max: more spans than these are never needed at once.
        spans_max: no trace of more spans is built.
        """
        self._universe = universe
        self._spans_max = spans_max
        self._predicates: dict[str, dict[Predicate, None]] = {}
        self._count_predicates: dict[Predicate, None] = {}
        for formula in formulas:
            self._collect(formula)
        self._count_bound = slots_max + 1
        self._spaces: dict[str, ValueSpace] = {}
        self._counts: tuple[tuple[CountClass, ...], Mapping[Predicate, int]] | None = None

    def literal(self, place: Place, name: str, predicate: Predicate) -> Literal:
        """Return what `predicate` is over the classes of `name` (of the count)."""
        if place is Place.COUNT:
            return Literal(self._count_space()[1][predicate])
        if name == ROOT_FIELD:
            holds = compile_predicate(predicate)
            return Literal(sum(1 << i for i, value in enumerate(ROOT_VALUES) if holds(value)))
        image = self.space(name).images[predicate]
        bit = -1 if image.bit is None else image.bit
        return Literal(image.sure, image.open, bit, image.is_negated)

    def all_classes(self, place: Place, name: str) -> int:
        """Return the mask of all classes."""
        return (1 << self.class_count(place is Place.COUNT, name)) - 1

    def class_count(self, is_count: bool, name: str) -> int:  # noqa: FBT001
        """Return how many classes a field (the count) has."""
        if is_count:
            return len(self.count_classes)
        return len(ROOT_VALUES) if name == ROOT_FIELD else len(self.space(name).classes)

    def space(self, name: str) -> ValueSpace:
        """Return the space of the span field `name`, not ROOT_FIELD."""
        found = self._spaces.get(name)
        if found is None:
            predicates = tuple(self._predicates.get(name, ()))
            found = self._spaces[name] = _space(predicates, self._universe.sorts_of(name))
        return found

    def unusual(self, name: str) -> tuple[int, ...]:
        """Return the unusual classes of a field, () where all are."""
        classes = self.space(name).classes
        found = tuple(i for i, one in enumerate(classes) if not one.is_usual)
        return found if len(found) < len(classes) else ()

    def missing(self, name: str) -> int:
        """Return the class of a missing field, -1 if there is none of its own."""
        classes = self.space(name).classes
        return next((i for i, one in enumerate(classes) if one.witness is MISSING), -1)

    def is_too_large(self, one: CountClass) -> bool:
        """Say whether no trace is built of so many spans."""
        return not one.small and (one.large is None or one.large > self._spans_max)

    @property
    def has_counts(self) -> bool:
        """Whether some formula asks for the number of spans."""
        return bool(self._count_predicates)

    @property
    def count_classes(self) -> tuple[CountClass, ...]:
        """The classes of the number of spans."""
        return self._count_space()[0]

    def _collect(self, formula: Formula) -> None:
        match formula:
            case SpanTest(name, predicate) | RootTest(name, predicate):
                self._predicates.setdefault(name, {})[predicate] = None
            case CountTest(predicate):
                self._count_predicates[predicate] = None
            case Not(operand) | SomeSpan(operand):
                self._collect(operand)
            case And(operands) | Or(operands):
                for one in operands:
                    self._collect(one)
            case IsRoot() | HasRoot() | Constant():
                pass
            case _:
                assert_never(formula)

    def _count_space(self) -> tuple[tuple[CountClass, ...], Mapping[Predicate, int]]:
        if self._counts is None:
            self._counts = _classes_of_counts(
                tuple(self._count_predicates), self._count_bound, self._spans_max
            )
        return self._counts


def spans_needed(formula: Formula, *, is_negated: bool, splits: bool = False) -> int:
    """Return a bound of how many spans the existentials of a formula, or its negation, need.

    splits: "some span does a or b" may become two existentials, each with a span of its own.
    """
    match formula:
        case SomeSpan(body):
            if is_negated:
                return 0
            return _leaves(body) if splits else 1
        case Not(operand):
            return spans_needed(operand, is_negated=not is_negated, splits=splits)
        case And(operands) | Or(operands):
            # A sum where a maximum would do for "or": a bound is enough.
            return sum(spans_needed(one, is_negated=is_negated, splits=splits) for one in operands)
        case _:
            return 0


def _leaves(formula: Formula) -> int:
    match formula:
        case Not(operand) | SomeSpan(operand):
            return _leaves(operand)
        case And(operands) | Or(operands):
            return max(1, sum(map(_leaves, operands)))
        case _:
            return 1


@lru_cache(maxsize=4096)
def _space(predicates: tuple[Predicate, ...], sorts: frozenset[Sort]) -> ValueSpace:
    return value_space(predicates, sorts)


def _classes_of_counts(
    predicates: tuple[Predicate, ...], bound: int, spans_max: int
) -> tuple[tuple[CountClass, ...], Mapping[Predicate, int]]:
    """Return the classes of counts >= 1, and the mask of those that each predicate holds of."""
    holds = [compile_predicate(predicate) for predicate in predicates]
    large = {*_near_literals(predicates), bound}
    space, reaches_bound = _space_of_counts(predicates, bound, spans_max)
    untold: list[tuple[bool, ...]] = []
    for index, one in enumerate(space.classes):
        if reaches_bound(one.witness):
            for bits, count in _counts_of_class(space, index):
                if isinstance(count, int):
                    large.add(count)
                else:
                    untold.append(_vector_as_said(space, predicates, index, bits))
    if space.bit_count:
        # Only texts of numbers leave bits; what they ask for is often among the first.
        large.update(range(bound, min(bound + _FIRST_COUNTS, spans_max)))
    smallest: dict[tuple[bool, ...], int] = {}
    for count in sorted({one for one in large if one >= bound}, reverse=True):
        smallest[_vector(holds, count)] = count
    small: dict[tuple[bool, ...], list[int]] = {}
    for count in range(1, bound):
        small.setdefault(_vector(holds, count), []).append(count)
    vectors = list(dict.fromkeys((*small, *smallest)))
    classes = [CountClass(tuple(small.get(one, ())), smallest.get(one)) for one in vectors]
    # On their own, although smaller counts may do the same: those may be fewer than the spans.
    unsure = [one for one in dict.fromkeys(untold) if one not in smallest]
    vectors += unsure
    classes += [CountClass((), None) for _ in unsure]
    masks = {
        predicate: sum(1 << number for number, vector in enumerate(vectors) if vector[i])
        for i, predicate in enumerate(predicates)
    }
    return tuple(classes), masks


def _space_of_counts(
    predicates: tuple[Predicate, ...], bound: int, spans_max: int
) -> tuple[ValueSpace, Callable[[ValueOrMissing], bool]]:
    """Return the space of counts, cut at `bound` and at `spans_max`, and what tells it is reached.

    The second cut keeps a count that a trace can be built of apart from those that none can.
    """
    reaches_bound = policy_test(NumberTest(Field((), ""), NumberOp.GE, float(bound)))
    is_buildable = policy_test(NumberTest(Field((), ""), NumberOp.LE, float(spans_max)))
    asked = tuple(dict.fromkeys((*predicates, reaches_bound, is_buildable)))
    return _space(asked, _COUNT_SORTS), compile_predicate(reaches_bound)


def _counts_of_class(
    space: ValueSpace, index: int
) -> Iterator[tuple[Mapping[int, bool], int | None]]:
    """Yield a count for each way in which counts of the class are in open languages.

    None: it was not found out whether there is one.
    """
    images = [image for image in space.images.values() if image.open >> index & 1]
    bits = sorted({image.bit for image in images if image.bit is not None})
    waiting: list[dict[int, bool]] = [{}]
    while waiting:
        said = waiting.pop()
        made = space.realise(index, said)
        if isinstance(made, Conflict):
            continue
        if len(said) < len(bits):
            bit = bits[len(said)]
            waiting += ({**said, bit: False}, {**said, bit: True})
        else:
            yield said, made if isinstance(made, int) else None


def _vector_as_said(
    space: ValueSpace, predicates: Iterable[Predicate], index: int, bits: Mapping[int, bool]
) -> tuple[bool, ...]:
    images = (space.images[predicate] for predicate in predicates)
    return tuple(
        bool(image.sure >> index & 1)
        or (
            bool(image.open >> index & 1)
            and image.bit is not None
            and bits[image.bit] is not image.is_negated
        )
        for image in images
    )


def _vector(holds: Iterable[Callable[[ValueOrMissing], bool]], count: int) -> tuple[bool, ...]:
    return tuple(test(count) for test in holds)


def _near_literals(predicates: Iterable[Predicate]) -> Iterable[int]:
    """Yield the counts on both sides of every number that is compared with: small witnesses."""
    for predicate in predicates:
        for value in _literals(predicate):
            if isinstance(value, int | float) and math.isfinite(value):
                yield from range(math.floor(value) - 1, math.ceil(value) + 2)


def _literals(predicate: Predicate) -> Collection[object]:
    match predicate:
        case PolicyTest(NumberTest(_, _, value)):
            return (value,)
        case PolicyTest(NumberIn(_, values, _)):
            return values
        case ConditionTest(_, value, _):
            return value if isinstance(value, tuple) else (value,)
        case PolicyTest() | Present():
            return ()
        case _:
            assert_never(predicate)


__all__ = [
    "COUNT_NAME",
    "ROOT_VALUES",
    "CountClass",
    "FieldSpaces",
    "Realised",
    "ValueClass",
    "spans_needed",
]
