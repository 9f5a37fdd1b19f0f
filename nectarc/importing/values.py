"""Which values a condition and a candidate for it hold of: where they agree, where they do not.

Owns: the comparison, class by class. Must not know: names, text, rules.
Truth: the prover's value classes (`nectarc/logic/value_space.py`), which are exact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import product
from typing import Final, NamedTuple, TypeAlias

from nectarc.evaluate.values import ValueOrMissing
from nectarc.ir import nodes
from nectarc.logic.predicates import (
    Predicate,
    Present,
    policy_test,
)
from nectarc.logic.universe import ALL_SORTS, Sort
from nectarc.logic.value_classes import Conflict, Unrealised
from nectarc.logic.value_space import ValueSpace, value_space
from nectarc.records import record

# What is asked of one value: a predicate, or tests of a policy joined by `&&`, `||`, `!`.
Question: TypeAlias = "Predicate | nodes.SpanExpr | Both"
_TruthOf: TypeAlias = Callable[[Predicate], bool]
_PRESENT: Final = Present()
_BITS_MAX: Final = 6


@record
class Both:
    """All of these predicates hold."""

    predicates: tuple[Predicate, ...]


class Disagreement(NamedTuple):
    """Values of one sort on which two questions have different answers; `witness` is one."""

    sort: Sort
    witness: ValueOrMissing


class Values:
    """All values of one field, as far as some questions can tell."""

    __slots__ = ("_guards", "_spaces")

    def __init__(
        self,
        questions: Iterable[Question],
        sorts: frozenset[Sort] = ALL_SORTS,
        excluded: Iterable[nodes.SpanExpr] = (),
    ) -> None:
        """Compute the classes. excluded: values that one of these holds of are left aside."""
        guards = tuple(excluded)
        predicates = dict.fromkeys(
            predicate for one in (*questions, *guards) for predicate in _predicates(one)
        )
        # One for each sort: a space of several leaves out values that fare as others of another.
        self._spaces = {
            sort: value_space(tuple(predicates), frozenset({sort}))
            for sort in Sort
            if sort in sorts
        }
        self._guards = guards

    def disagreements(
        self, left: Question, right: Question, *, with_excluded: bool = True
    ) -> tuple[Disagreement, ...]:
        """Return the sorts on which the answers differ, or may differ.

        Only the first where that is a missing value, which no assumption rules out.
        """
        guards = () if with_excluded else self._guards
        found: list[Disagreement] = []
        for sort, space in self._spaces.items():
            for index in range(len(space.classes)):
                witness = _difference(space, index, left, right, guards)
                if witness is not None:
                    found.append(Disagreement(sort, witness[0]))
                    break
            if found and sort is Sort.MISSING:
                break
        return tuple(found)


def _difference(
    space: ValueSpace,
    index: int,
    left: Question,
    right: Question,
    guards: tuple[nodes.SpanExpr, ...],
) -> tuple[ValueOrMissing] | None:
    """Return a value of the class that the two tell apart, None: there is none."""
    mask = 1 << index
    asked = dict.fromkeys(one for each in (left, right, *guards) for one in _predicates(each))
    images = {one: space.images[one] for one in asked}
    open_bits = {one.bit for one in images.values() if one.open & mask}
    bits = sorted(one for one in open_bits if one is not None)
    if len(bits) > _BITS_MAX:
        return (space.classes[index].witness,)
    for truths in product((False, True), repeat=len(bits)):
        chosen = dict(zip(bits, truths, strict=True))

        def truth_of(one: Predicate, chosen: Mapping[int, bool] = chosen) -> bool:
            image = images[one]
            if image.open & mask and image.bit is not None:
                return chosen[image.bit] is not image.is_negated
            return bool(image.sure & mask)

        if _holds(left, truth_of) is _holds(right, truth_of):
            continue
        if any(_holds(guard, truth_of) for guard in guards):
            continue
        value = space.realise(index, chosen)
        if isinstance(value, Conflict):
            continue
        if isinstance(value, Unrealised):
            return (space.classes[index].witness,)
        return (value,)
    return None


@lru_cache(maxsize=4096)
def _predicates(question: Question) -> tuple[Predicate, ...]:
    return tuple(dict.fromkeys(_walk(question)))


def _walk(question: Question) -> Iterator[Predicate]:
    match question:
        case nodes.SpanTest(test):
            yield _predicate(test)
        case nodes.SpanNot(operand):
            yield from _walk(operand)
        case nodes.SpanAnd(operands) | nodes.SpanOr(operands):
            for one in operands:
                yield from _walk(one)
        case Both(predicates):
            yield from predicates
        case nodes.Constant() | nodes.IsRoot() | nodes.RootTest():
            return
        case _:
            yield question


@lru_cache(maxsize=4096)
def _predicate(test: nodes.Test) -> Predicate:
    return _PRESENT if isinstance(test, nodes.Exists) else policy_test(test)


def _holds(question: Question, truth_of: _TruthOf) -> bool:
    match question:
        case nodes.SpanTest(test):
            return truth_of(_predicate(test))
        case nodes.SpanNot(operand):
            return not _holds(operand, truth_of)
        case nodes.SpanAnd(operands):
            return all(_holds(one, truth_of) for one in operands)
        case nodes.SpanOr(operands):
            return any(_holds(one, truth_of) for one in operands)
        case nodes.Constant(value):
            return value
        case Both(predicates):
            return all(map(truth_of, predicates))
        case nodes.IsRoot() | nodes.RootTest():
            raise AssertionError(question)  # of spans, not of values
        case _:
            return truth_of(question)
