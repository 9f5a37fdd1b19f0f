"""What a predicate says of each row of a field: expressions over tests that read one column.

Owns: the tests, and how a predicate becomes some. Must not know: formulas, kernels.
Truth: `compile_predicate`. It is asked once for each distinct value of a coded column; of a column
of numbers once for each range between the places where its truth may change
(`nectarc/logic/number_segments.py`), or, where it looks at their text, once for each number.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

import numpy as np

from nectarc.columnar.columns import (
    Bits,
    Bools,
    CodedColumn,
    FieldColumn,
    NumberColumn,
    bits_of,
)
from nectarc.columnar.nodes import Ask, Node, Truth, every, negation, some
from nectarc.evaluate.values import INT64_MAX, INT64_MIN, ValueOrMissing
from nectarc.logic.number_segments import (
    HIGHEST,
    LOWEST,
    float_at,
    float_places,
    int_places,
)
from nectarc.logic.predicate_shapes import NUMBER_VIEWS, Shape, View, shape_of
from nectarc.logic.predicates import Predicate, compile_predicate
from nectarc.records import record


@record(frozen=False)
class CodedTest:
    """The row's code is one that `truth`, (codes,), holds of."""

    column: CodedColumn
    truth: Bools


@record(frozen=False)
class Between:
    """low <= number <= high, exact; NaN is in no range."""

    column: NumberColumn
    low: float
    high: float


@record(frozen=False)
class IsNan:
    """The number is NaN; so is every row without one."""

    column: NumberColumn


@record(frozen=False)
class BitsTest:
    """The row is in the bitmap."""

    bits: Bits


Test: TypeAlias = CodedTest | Between | IsNan | BitsTest
Key: TypeAlias = tuple[object, ...]
_Holds: TypeAlias = Callable[[ValueOrMissing], bool]


class Answers:
    """The tests of a program by key: equal questions of one column are one test."""

    def __init__(self) -> None:
        """Start without a test."""
        self.tests: dict[Key, Test] = {}

    def of_field(self, place: str, name: str, field: FieldColumn, predicate: Predicate) -> Node:
        """Return where `predicate` holds of the field; `place` says of what its rows are."""
        holds = compile_predicate(predicate)
        parts = [self._of_codes((place, name), field.coded, holds)]
        if field.floats is not None:
            parts.append(self.of_numbers((place, name, "float"), field.floats, predicate))
        if field.ints is not None:
            parts.append(self.of_numbers((place, name, "int"), field.ints, predicate))
        return some(parts)

    def of_numbers(self, key: Key, column: NumberColumn, predicate: Predicate) -> Node:
        """Return where `predicate` holds of a row's number."""
        holds, shape = compile_predicate(predicate), shape_of(predicate)
        rows = self._rows((*key, "rows"), column)
        if not _is_ordered(shape):
            asked = self._ask((*key, predicate), BitsTest(_bits_by_number(column, holds)))
            return every((rows, asked))
        if column.values.dtype == np.int64:
            runs = list(_runs(int_places(shape), INT64_MIN, INT64_MAX, holds))
            found = some(self._between(key, column, *run) for run in runs)
            return every((rows, found))
        places = list(float_places(shape))
        ordinals = _runs(places, LOWEST, HIGHEST, lambda place: holds(float_at(place)))
        number_runs = [(float_at(first), float_at(last)) for first, last in ordinals]
        found = some(self._between(key, column, *run) for run in number_runs)
        if not holds(math.nan):
            return found  # rows without a number are NaN here
        if number_runs == [(-math.inf, math.inf)]:
            return rows
        return some((found, every((rows, self._ask((*key, "nan"), IsNan(column))))))

    def of_bits(self, key: Key, bits: Bits) -> Node:
        """Return the rows of a bitmap."""
        return self._ask(key, BitsTest(bits))

    def _of_codes(self, key: Key, column: CodedColumn, holds: _Holds) -> Node:
        truth = np.fromiter(map(holds, column.values), np.bool_, len(column.values))
        if column.elsewhere >= 0:
            truth[column.elsewhere] = False
        if not truth.any():
            return Truth(False)
        if truth.all():
            return Truth(True)
        # One polarity, so that a test and its opposite are one; missing is mostly what fails.
        if truth[0]:
            return negation(self._ask_codes(key, column, ~truth))
        return self._ask_codes(key, column, truth)

    def _ask_codes(self, key: Key, column: CodedColumn, truth: Bools) -> Node:
        return self._ask((*key, "codes", truth.tobytes()), CodedTest(column, truth))

    def _between(self, key: Key, column: NumberColumn, low: float, high: float) -> Node:
        if column.values.dtype == np.int64 and (low, high) == (INT64_MIN, INT64_MAX):
            return Truth(True)
        return self._ask((*key, low, high), Between(column, low, high))

    def _rows(self, key: Key, column: NumberColumn) -> Node:
        return Truth(True) if column.rows is None else self._ask(key, BitsTest(column.rows))

    def _ask(self, key: Key, test: Test) -> Node:
        self.tests.setdefault(key, test)
        return Ask(key)


def _is_ordered(shape: Shape) -> bool:
    """Say whether the truth changes only at the shape's places along the numbers, if at all."""
    return shape.view in NUMBER_VIEWS or shape.view is View.CONSTANT or shape.is_strings_only


def _runs(
    places: Iterable[int], first: int, last: int, holds: Callable[[int], bool]
) -> Iterator[tuple[int, int]]:
    """Yield the longest ranges, ends included, on which `holds`; it changes at `places` only."""
    starts = sorted({first, *(place for place in places if first < place <= last)})
    ends = [*(start - 1 for start in starts[1:]), last]
    begun: int | None = None
    for start, end in zip(starts, ends, strict=True):
        is_true = holds(start)
        if is_true and begun is None:
            begun = start
        elif not is_true and begun is not None:
            yield begun, start - 1
            begun = None
        if end == last and begun is not None:
            yield begun, last


def _bits_by_number(column: NumberColumn, holds: _Holds) -> Bits:
    """Return where `holds` of the number; asks once for each distinct one, NaNs and zeros apart."""
    distinct, codes = np.unique(column.values.view(np.int64), return_inverse=True)
    values = distinct.view(column.values.dtype).tolist()
    truth = np.fromiter(map(holds, values), np.bool_, len(values))
    return bits_of(truth[codes])
