"""A world small enough to look at all of it: every trace of up to four kinds of spans.

Owns: the world, random formulas about it, their truth in every trace at once. Shares no code with
the encoding: a set of traces is an integer with a bit for each trace.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product
from random import Random
from typing import Final, NamedTuple, assert_never

from nectarc.evaluate.values import MISSING, ValueOrMissing
from nectarc.ir.nodes import Exists, Field, NumberOp, NumberTest, StringOp, StringTest
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
from nectarc.logic.predicates import Predicate, Present, compile_predicate, policy_test

_ANY: Final = Field((), "")
PREDICATES: Final[dict[str, tuple[Predicate, ...]]] = {
    "a": (
        Present(),
        policy_test(NumberTest(_ANY, NumberOp.EQ, 1.0)),
        policy_test(NumberTest(_ANY, NumberOp.GE, 2.0)),
    ),
    "b": (policy_test(Exists(_ANY)), policy_test(StringTest(_ANY, StringOp.EQ, "x"))),
}
# One value for each thing that the predicates can say together; there are no others.
VALUES: Final[dict[str, tuple[ValueOrMissing, ...]]] = {
    "a": (MISSING, 0, 1, 2),
    "b": (MISSING, "y", "x"),
}
COUNT_BOUNDS: Final = (1, 2, 3, 4)
_COUNT_MAX: Final = 5  # stands for all above
QUANTIFIERS_MAX: Final = 3


class Kind(NamedTuple):
    """A kind of span."""

    a: ValueOrMissing
    b: ValueOrMissing
    is_root: bool


KINDS: Final = tuple(
    Kind(a, b, is_root) for a, b, is_root in product(VALUES["a"], VALUES["b"], (False, True))
)


class World:
    """All traces: a set of at most four kinds, which one is the root, how many spans there are."""

    def __init__(self) -> None:
        """Enumerate; takes a second."""
        self.with_kind = [0] * len(KINDS)
        self.with_root = [0] * len(KINDS)
        self.of_count = [0] * (_COUNT_MAX + 1)
        chunks: list[tuple[tuple[int, ...], int, int]] = list(_traces())
        self.all = (1 << len(chunks)) - 1
        kinds = [bytearray(len(chunks)) for _ in KINDS]
        roots = [bytearray(len(chunks)) for _ in KINDS]
        counts = [bytearray(len(chunks)) for _ in self.of_count]
        for number, (content, root, count) in enumerate(chunks):
            for kind in content:
                kinds[kind][number] = 1
            if root >= 0:
                roots[root][number] = 1
            counts[count][number] = 1
        self.with_kind = [_mask(row) for row in kinds]
        self.with_root = [_mask(row) for row in roots]
        self.of_count = [_mask(row) for row in counts]

    def where(self, formula: Formula, kind: int | None = None) -> int:
        """Return the traces that `formula` holds of (inside a quantifier: at spans of `kind`)."""
        match formula:
            case SpanTest(name, predicate):
                assert kind is not None
                return self._if(compile_predicate(predicate)(getattr(KINDS[kind], name)))
            case RootTest(name, predicate):
                holds = compile_predicate(predicate)
                return _union(
                    self.with_root[i] for i, one in enumerate(KINDS) if holds(getattr(one, name))
                )
            case IsRoot():
                assert kind is not None
                return self._if(KINDS[kind].is_root)
            case HasRoot():
                return _union(self.with_root)
            case CountTest(predicate):
                counts = compile_predicate(predicate)
                return _union(row for n, row in enumerate(self.of_count) if counts(n))
            case Constant(value):
                return self._if(value)
            case Not(operand):
                return self.all & ~self.where(operand, kind)
            case And(operands):
                found = self.all
                for one in operands:
                    found &= self.where(one, kind)
                return found
            case Or(operands):
                return _union(self.where(one, kind) for one in operands)
            case SomeSpan(body):
                return _union(row & self.where(body, i) for i, row in enumerate(self.with_kind))
            case _:
                assert_never(formula)

    def _if(self, truth: bool) -> int:  # noqa: FBT001
        return self.all if truth else 0


def random_formula(random: Random) -> Formula:
    """Return a formula with few enough existentials that four kinds of spans suffice."""
    left = [QUANTIFIERS_MAX]
    parts = [_trace_formula(random, random.randrange(1, 4), left) for _ in range(4)]
    # A conjunction: else nearly everything can be satisfied.
    return And(tuple(random.sample(parts, random.randrange(1, 5))))


def random_formulas(random: Random, count: int) -> list[Formula]:
    """Return formulas that four kinds of spans suffice for, whichever of them hold or fail."""
    left = [QUANTIFIERS_MAX]
    found = [_trace_formula(random, random.randrange(3), left) for _ in range(count)]
    # The first took most of the existentials; they shall stand anywhere.
    random.shuffle(found)
    return found


def _traces() -> Iterator[tuple[tuple[int, ...], int, int]]:
    for size in range(1, QUANTIFIERS_MAX + 2):
        for content in combinations(range(len(KINDS)), size):
            parentless = [kind for kind in content if KINDS[kind].is_root]
            for root in parentless or [-1]:
                for count in range(size, _COUNT_MAX + 1):
                    yield content, root, count


def _trace_formula(random: Random, depth: int, left: list[int]) -> Formula:
    choice = random.randrange(10)
    if depth > 0 and choice < 6:
        size = random.randrange(2, 4)
        operands = tuple(_trace_formula(random, depth - 1, left) for _ in range(size))
        if choice < 2:
            return Not(operands[0])
        return And(operands) if choice < 4 else Or(operands)
    if left[0] and choice != 9:
        left[0] -= 1
        return SomeSpan(_span_formula(random, random.randrange(3)))
    return random.choice((_root_test, _count_test, _has_root))(random)


def _span_formula(random: Random, depth: int) -> Formula:
    choice = random.randrange(9)
    if depth > 0 and choice < 7:
        operands = tuple(_span_formula(random, depth - 1) for _ in range(random.randrange(2, 4)))
        if choice < 2:
            return Not(operands[0])
        return And(operands) if choice < 5 else Or(operands)
    if choice == 7:
        return IsRoot()
    if choice == 8:
        return random.choice((_root_test, _count_test, _has_root))(random)
    name = random.choice(tuple(PREDICATES))
    return SpanTest(name, random.choice(PREDICATES[name]))


def _root_test(random: Random) -> Formula:
    name = random.choice(tuple(PREDICATES))
    return RootTest(name, random.choice(PREDICATES[name]))


def _count_test(random: Random) -> Formula:
    bound = float(random.choice(COUNT_BOUNDS))
    return CountTest(policy_test(NumberTest(_ANY, random.choice(tuple(NumberOp)), bound)))


def _has_root(_random: Random) -> Formula:
    return HasRoot()


def _union(rows: Iterator[int] | list[int]) -> int:
    found = 0
    for row in rows:
        found |= row
    return found


def _mask(row: bytearray) -> int:
    return int(row[::-1].translate(bytes.maketrans(b"\0\1", b"01")), 2)
