"""What a span's fields can be, up to what the tests of a policy can tell apart.

Owns: groups of fields that share spellings, and their classes: the truth vectors of the tests on
them, each with values that have it. Must not know: traces. Truth: two spans of equal classes are
the same to every expression over these tests (../shared/reference/proof-method.md, Theorem 1).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import chain, pairwise
from typing import NamedTuple

from nectarc.evaluate.assume import Assume
from nectarc.evaluate.boundary_values import (
    FieldValues,
    Literal,
    literals_of_condition,
    literals_of_test,
    values_of,
)
from nectarc.evaluate.conditions import compile_condition
from nectarc.evaluate.policy import read, test_holds
from nectarc.ir.nodes import Test
from nectarc.records import replace
from nectarc.refinery.rules import NUM_DESCENDANTS, ROOT_PREFIX, Condition
from nectarc.trace import ROOT_FIELD, Fields, Span, Trace, Value

# How many values of a first spelling are tried before how many of a second one.
_PAIRED = 5
_HOSTILE_MAX = 40


class FieldClass(NamedTuple):
    """Assignments to the fields of a group that no test of the policy tells apart; never empty."""

    truth: tuple[bool, ...]  # of the group's tests, then of the rules' conditions
    assignments: tuple[Fields, ...]


class FieldGroup(NamedTuple):
    """Span fields that some name reads together, the tests on them, and what can be told apart.

    classes:     one for each truth vector of `tests` that was found; the first is "all missing".
    assignments: all that were tried, plain ones first.
    """

    tests: tuple[Test, ...]
    classes: tuple[FieldClass, ...]
    assignments: tuple[Fields, ...]

    def is_found(self, test: Test) -> bool:
        """Say whether some assignment makes `test` true."""
        index = self.tests.index(test)
        return any(one.truth[index] for one in self.classes)


def group_fields(
    tests: Iterable[Test], conditions: Iterable[Condition], assume: Assume
) -> tuple[FieldGroup, ...]:
    """Return the groups of the fields of `tests` and `conditions`, in order of first mention."""
    distinct = tuple(dict.fromkeys(tests))
    literals = _literals_by_spelling(distinct, conditions)
    values = {
        spelling: values_of(found, partial(assume.allows, spelling))
        for spelling, found in literals.items()
    }
    plain = [_without_root(one) for one in conditions]
    readers = [test.field.spellings for test in distinct] + [one.names for one in plain]
    return tuple(
        _group(
            spellings,
            tuple(test for test in distinct if test.field.spellings[0] in spellings),
            tuple(one for one in plain if one.names and one.names[0] in spellings),
            values,
        )
        for spellings in _components(readers, literals)
    )


def _literals_by_spelling(
    tests: Iterable[Test], conditions: Iterable[Condition]
) -> dict[str, list[Literal]]:
    literals: dict[str, list[Literal]] = {}
    for test in tests:
        for spelling in test.field.spellings:
            literals.setdefault(spelling, []).extend(literals_of_test(test))
    for condition in conditions:
        for name in condition.names:
            if name != NUM_DESCENDANTS:
                found = literals.setdefault(name.removeprefix(ROOT_PREFIX), [])
                found.extend(literals_of_condition(condition))
    # Traces set it themselves, truthfully.
    literals.pop(ROOT_FIELD, None)
    return literals


def _without_root(condition: Condition) -> Condition:
    # On the root alone a condition says what it says of it as `root.`.
    names = tuple(name.removeprefix(ROOT_PREFIX) for name in condition.names)
    return replace(condition, field="", fields=names)


def _components(
    readers: Iterable[tuple[str, ...]], spellings: Iterable[str]
) -> list[tuple[str, ...]]:
    # Small sets: quadratic in the fields that share spellings, linear in the others.
    group_of: dict[str, list[str]] = {spelling: [spelling] for spelling in spellings}
    for names in readers:
        known = [name for name in names if name in group_of]
        for name in known[1:]:
            first, other = group_of[known[0]], group_of[name]
            if first is not other:
                first.extend(other)
                group_of.update(dict.fromkeys(other, first))
    return list(dict.fromkeys(tuple(group) for group in group_of.values()))


def _group(
    spellings: tuple[str, ...],
    tests: tuple[Test, ...],
    conditions: tuple[Condition, ...],
    values: Mapping[str, FieldValues],
) -> FieldGroup:
    readers = dict.fromkeys(
        chain((test.field.spellings for test in tests), (one.names for one in conditions))
    )
    assignments = tuple(_assignments(spellings, readers, values))
    compiled = [compile_condition(one) for one in conditions]
    classes: dict[tuple[bool, ...], list[Fields]] = {}
    for assignment in assignments:
        span = Span(assignment)
        alone = Trace("", (span,))
        truth = (
            *(test_holds(test, read(test.field, span)) for test in tests),
            *(holds(alone, None, span) for holds in compiled),
        )
        classes.setdefault(truth, []).append(assignment)
    return FieldGroup(
        tests,
        tuple(FieldClass(truth, tuple(found)) for truth, found in classes.items()),
        assignments,
    )


def _assignments(
    spellings: tuple[str, ...],
    readers: Iterable[tuple[str, ...]],
    values: Mapping[str, FieldValues],
) -> Iterator[Fields]:
    yield {}
    for spelling in spellings:
        yield from ({spelling: value} for value in values[spelling].usual)
    # A name reads the first spelling that is there: the one before hides the one after.
    for first, second in dict.fromkeys(pair for names in readers for pair in pairwise(names)):
        if first in values and second in values:
            before, after = _few(values[first]), _few(values[second])
            yield from ({first: a, second: b} for a in before for b in after)
    for spelling in spellings:
        yield from ({spelling: value} for value in values[spelling].hostile[:_HOSTILE_MAX])


def _few(values: FieldValues) -> tuple[Value, ...]:
    plain = values.usual[: _PAIRED - 1]
    return (*plain, *values.hostile[: _PAIRED - len(plain)])
