"""The value classes of a field: which of its tests one value can meet together.

Owns: classes and a value for each. Must not know: spans, traces, rules.
A class is a bit set over the field's tests. Where the tests' kinds make the candidate values
exhaustive the answer is exact; where `contains`, `ends_with` or `matches` stand on the field,
`may_hold` errs towards yes, which costs a rule more and never a wrong one.
Truth: ../shared/reference/proof-method.md, sections 2 and 4.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Final

from nectarc.evaluate.policy import test_holds
from nectarc.evaluate.values import MISSING, Missing
from nectarc.ir.nodes import (
    BoolTest,
    Exists,
    NumberIn,
    NumberTest,
    StringIn,
    StringOp,
    StringTest,
    Test,
)
from nectarc.records import part, record
from nectarc.trace import Value

_OPAQUE: Final = frozenset(
    {StringOp.CONTAINS, StringOp.NOT_CONTAINS, StringOp.ENDS_WITH, StringOp.MATCHES}
)
_LAST_CODE_POINT: Final = 0x10FFFF


@record
class FieldClasses:
    """The classes of one field.

    bits:     each test's bit.
    classes:  bit set of the tests that hold -> a value of that class (MISSING among them).
    is_exact: `classes` are all there are.
    """

    bits: dict[Test, int]
    classes: dict[int, Value | Missing]
    is_exact: bool
    # Made when first asked for: most fields never need them. At most one element.
    relations: list[_Relations] = part(default_factory=list, compare=False, repr=False)
    known: dict[tuple[type, Value | Missing], int] = part(
        default_factory=dict, compare=False, repr=False
    )

    def true_of(self, value: Value | Missing) -> int:
        """Return the bit set of the tests that hold of `value`; memoised."""
        # -0.0 equals 0.0, and their texts differ.
        asked = (type(value), repr(value) if isinstance(value, float) else value)
        mask = self.known.get(asked)
        if mask is None:
            mask = sum(bit for test, bit in self.bits.items() if test_holds(test, value))
            self.known[asked] = mask
        return mask

    def witness(self, holds: int, fails: int) -> tuple[Value | Missing] | None:
        """Return (in a 1-tuple) a value that meets all of `holds` and none of `fails`."""
        for mask, value in self.classes.items():
            if mask & holds == holds and not mask & fails:
                return (value,)
        return None

    def may_hold(self, holds: int, fails: int) -> bool:
        """Say whether some value meets all of `holds` and none of `fails`; True when in doubt."""
        if holds & fails:
            return False
        if self.witness(holds, fails) is not None:
            return True
        if self.is_exact:
            return False
        return not self._is_refuted(holds, fails)

    def _is_refuted(self, holds: int, fails: int) -> bool:
        """Refute by one kind of test at a time, and by pairs of opaque tests."""
        if not self.relations:
            self.relations.append(_relations_of(self.bits))
        relations = self.relations[0]
        left = holds
        while left:
            bit = left & -left
            left ^= bit
            if relations.implied[bit] & fails or relations.excluded[bit] & holds:
                return True
        return any(
            self.witness(holds & exact, fails & exact) is None for exact in relations.exact_by_kind
        )


@record
class _Relations:
    """What one test says of the others: bit sets by the test's bit, and the exact tests by kind."""

    implied: dict[int, int]
    excluded: dict[int, int]
    exact_by_kind: tuple[int, ...]


def _relations_of(bits: dict[Test, int]) -> _Relations:
    def mask(tests: Iterable[Test]) -> int:
        return sum(bits[test] for test in tests)

    return _Relations(
        {bit: mask(n for n in bits if _implies(p, n)) for p, bit in bits.items()},
        {bit: mask(q for q in bits if _excludes(p, q)) for p, bit in bits.items()},
        tuple(
            mask(test for test in bits if _kind(test) == kind and not _is_opaque(test))
            for kind in (_NUMBER, _STRING, _BOOL)
        ),
    )


_EXISTS, _NUMBER, _STRING, _BOOL = range(4)


def classes_of(tests: Iterable[Test]) -> FieldClasses:
    """Compute the classes of one field's `tests`. O(candidates x tests)."""
    ordered = tuple(dict.fromkeys(tests))
    bits = {test: 1 << index for index, test in enumerate(ordered)}
    classes: dict[int, Value | Missing] = {}
    for value in _candidates(ordered):
        mask = 0
        for test, bit in bits.items():
            if test_holds(test, value):
                mask |= bit
        classes.setdefault(mask, value)
    kinds = {_kind(test) for test in ordered} - {_EXISTS}
    is_exact = len(kinds) <= 1 and not any(_is_opaque(test) for test in ordered)
    return FieldClasses(bits, classes, is_exact)


def successor(prefix: str) -> str | None:
    """Return the least text above all that start with `prefix`; None when there is none."""
    for end in range(len(prefix), 0, -1):
        code = ord(prefix[end - 1])
        if code < _LAST_CODE_POINT:
            following = 0xE000 if code == 0xD7FF else code + 1
            return prefix[: end - 1] + chr(following)
    return None


def _kind(test: Test) -> int:
    match test:
        case Exists():
            return _EXISTS
        case NumberTest() | NumberIn():
            return _NUMBER
        case StringTest() | StringIn():
            return _STRING
        case BoolTest():
            return _BOOL


def _is_opaque(test: Test) -> bool:
    return isinstance(test, StringTest) and test.op in _OPAQUE


def _candidates(tests: tuple[Test, ...]) -> Iterator[Value | Missing]:
    yield MISSING
    kinds = {_kind(test) for test in tests}
    if _NUMBER in kinds:
        yield from _numbers(tests)
    if _BOOL in kinds:
        yield from (True, False, "t", "0")
    texts = _texts(tests)
    yield from texts
    yield "text"
    yield None


def _numbers(tests: tuple[Test, ...]) -> Iterator[Value]:
    literals: set[float] = set()
    for test in tests:
        if isinstance(test, NumberTest):
            literals.add(test.value)
        elif isinstance(test, NumberIn):
            literals.update(test.values)
    for value in sorted(literals):
        for candidate in (math.nextafter(value, -math.inf), value, math.nextafter(value, math.inf)):
            yield _nicer(candidate, literals)
    yield math.nan


def _nicer(candidate: float, literals: set[float]) -> Value:
    """Prefer a whole number on the same side of every literal, as people write them."""
    if candidate in literals:
        return int(candidate) if candidate.is_integer() and abs(candidate) < 2**53 else candidate
    for whole in (math.floor(candidate), math.ceil(candidate)) if math.isfinite(candidate) else ():
        if abs(whole) < 2**53 and all(
            (whole < v) == (candidate < v) and whole != v for v in literals
        ):
            return int(whole)
    return candidate


def _texts(tests: tuple[Test, ...]) -> list[str]:
    points: set[str] = set()
    parts: list[str] = []
    for test in tests:
        if isinstance(test, StringIn):
            points.update(test.values)
        elif isinstance(test, StringTest):
            if test.op is StringOp.STARTS_WITH:
                points.update(p for p in (test.value, successor(test.value)) if p is not None)
            elif test.op is StringOp.MATCHES:
                continue
            elif test.op in _OPAQUE:
                parts.append(test.value)
            else:
                points.add(test.value)
    if not points and not parts:
        return []
    texts = sorted({*points, *(p + "\x00" for p in points), ""})
    joined = [a + b for a in (*sorted(points), *parts, "") for b in parts]
    return [*texts, *joined[:200]]


def _implies(p: Test, n: Test) -> bool:
    """Say whether a value that meets `p` surely meets `n` (both on one field)."""
    if isinstance(n, Exists):
        return True
    if not (isinstance(p, StringTest) and isinstance(n, StringTest)):
        return False
    if n.op is StringOp.CONTAINS:
        return (
            p.op in (StringOp.CONTAINS, StringOp.STARTS_WITH, StringOp.ENDS_WITH)
            and n.value in p.value
        )
    if n.op is StringOp.NOT_CONTAINS:
        return p.op is StringOp.NOT_CONTAINS and p.value in n.value
    return n.op is StringOp.ENDS_WITH and p.op is n.op and p.value.endswith(n.value)


def _excludes(p: Test, q: Test) -> bool:
    """Say whether no value meets both `p` and `q` (both on one field)."""
    if not (isinstance(p, StringTest) and isinstance(q, StringTest)):
        return False
    if q.op is StringOp.NOT_CONTAINS:
        return (
            p.op in (StringOp.CONTAINS, StringOp.STARTS_WITH, StringOp.ENDS_WITH)
            and q.value in p.value
        )
    return (
        p.op is q.op is StringOp.ENDS_WITH
        and not p.value.endswith(q.value)
        and not q.value.endswith(p.value)
    )
