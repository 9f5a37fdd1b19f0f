"""Lowering against an exhaustive search of a tiny world: refused only where no list exists.

The world has two fields that hold `true` or not, hence four kinds of spans, and every trace is a
set of them with one of them the root, or none: 47 traces. A set of traces is a bit set. What one
Refinery rule can say of them is listed in full, and the shortest list of such rules is searched.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import product
from random import Random
from typing import Final

from nectarc.ir.nodes import (
    And,
    AnySpan,
    BoolTest,
    Constant,
    Drop,
    Field,
    FieldType,
    HasRoot,
    Not,
    Or,
    Policy,
    RootTest,
    Rule,
    SpanAnd,
    SpanExpr,
    SpanNot,
    SpanOr,
    SpanTest,
    Test,
    TraceExpr,
)
from nectarc.lowering.lower import lower
from nectarc.refinery.lowered import AssumptionKind, Lowered
from nectarc.refinery.rules import RulesConfig

TESTS: Final[tuple[Test, ...]] = tuple(
    BoolTest(Field((name,), name, FieldType.BOOL), value=True, is_negated=False) for name in "ab"
)
KINDS: Final = tuple(product((True, False), repeat=len(TESTS)))
TRACES: Final = tuple(
    (spans, root)
    for spans in range(1, 1 << len(KINDS))
    for root in (None, *(kind for kind in range(len(KINDS)) if spans >> kind & 1))
)
ALL: Final = (1 << len(TRACES)) - 1
ALL_KINDS: Final = (1 << len(KINDS)) - 1


def _traces_with(kinds: int) -> int:
    return sum(1 << i for i, (spans, _) in enumerate(TRACES) if spans & kinds)


def _traces_rooted(kinds: int) -> int:
    return sum(
        1 << i for i, (_, root) in enumerate(TRACES) if root is not None and kinds >> root & 1
    )


def _kinds_of(expr: SpanExpr) -> int:
    """Return the kinds of spans that meet the expression."""
    match expr:
        case SpanTest(test):
            return _kinds_meeting(test)
        case SpanNot(operand):
            return ALL_KINDS & ~_kinds_of(operand)
        case SpanAnd((left, right)):
            return _kinds_of(left) & _kinds_of(right)
        case SpanOr((left, right)):
            return _kinds_of(left) | _kinds_of(right)
        case _:
            raise AssertionError(expr)


def _kinds_meeting(test: Test) -> int:
    place = TESTS.index(test)
    return sum(1 << i for i, kind in enumerate(KINDS) if kind[place])


def _traces_of(expr: TraceExpr) -> int:
    """Return the traces that meet the expression."""
    match expr:
        case AnySpan(body):
            return _traces_with(_kinds_of(body))
        case RootTest(test):
            return _traces_rooted(_kinds_meeting(test))
        case HasRoot():
            return _traces_rooted(ALL_KINDS)
        case Constant(value):
            return ALL if value else 0
        case Not(operand):
            return ALL & ~_traces_of(operand)
        case And((left, right)):
            return _traces_of(left) & _traces_of(right)
        case Or((left, right)):
            return _traces_of(left) | _traces_of(right)
        case _:
            raise AssertionError(expr)


@lru_cache(maxsize=1)
def _sayable() -> frozenset[int]:
    """Return every set of traces that one Refinery rule can say."""
    single = [kinds for test in TESTS for kinds in (_kinds_meeting(test), ~_kinds_meeting(test))]
    rooted = [_traces_rooted(ALL_KINDS), *(_traces_rooted(_kinds_meeting(test)) for test in TESTS)]
    whole = _conjunctions([*rooted, *(~one for one in rooted)], ALL)
    trace_scope = _conjunctions([_traces_with(kinds) for kinds in single], ALL)
    span_scope = {_traces_with(kinds) for kinds in _conjunctions(single, ALL_KINDS)}
    return frozenset(one & other for one in trace_scope | span_scope for other in whole)


def _conjunctions(parts: list[int], everything: int) -> set[int]:
    found = {everything}
    for part in parts:
        found |= {one & part for one in found}
    return found


def _decisions(policy: Policy) -> tuple[int, ...]:
    """Return for each rule the traces that it decides."""
    found: list[int] = []
    left = ALL
    for rule in policy.rules:
        found.append(_traces_of(rule.match) & left)
        left &= ~found[-1]
    return tuple(found)


def _steps(left: int, decisions: tuple[int, ...]) -> list[int]:
    """Return what a next rule may decide of the traces left, without what a larger one holds."""
    pure = {
        said & left
        for said in _sayable()
        if said & left and any(not said & left & ~own for own in decisions)
    }
    largest: list[int] = []
    for one in sorted(pure, key=lambda traces: (-traces.bit_count(), traces)):
        if all(one & ~other for other in largest):
            largest.append(one)
    return largest


def _can_be_said(decisions: tuple[int, ...]) -> bool:
    left = ALL
    while left:
        steps = _steps(left, decisions)
        if not steps:
            return False
        for step in steps:
            left &= ~step
    return True


def _is_there_a_list(decisions: tuple[int, ...], length: int) -> bool:
    failed: dict[int, int] = {}

    def search(left: int, more: int) -> bool:
        if not left:
            return True
        if more < sum(1 for own in decisions if own & left) or failed.get(left, -1) >= more:
            return False
        if any(search(left & ~step, more - 1) for step in _steps(left, decisions)):
            return True
        failed[left] = more
        return False

    return search(ALL, length)


def _random_span(random: Random) -> SpanExpr:
    first, second = (_random_test(random) for _ in range(2))
    match random.randrange(5):
        case 0 | 1:
            return SpanAnd((first, second))
        case 2:
            return SpanOr((first, second))
        case _:
            return first


def _random_test(random: Random) -> SpanExpr:
    test = SpanTest(random.choice(TESTS))
    return SpanNot(test) if random.random() < 0.2 else test


def _random_match(random: Random, depth: int = 2) -> TraceExpr:
    if depth and random.random() < 0.5:
        parts = (_random_match(random, depth - 1), _random_match(random, depth - 1))
        return Or(parts) if random.random() < 0.3 else And(parts)
    atom = random.choice(
        (
            AnySpan(_random_span(random)),
            AnySpan(_random_span(random)),
            RootTest(random.choice(TESTS)),
            HasRoot(),
        )
    )
    return Not(atom) if random.random() < 0.4 else atom


def _random_policy(random: Random) -> Policy:
    matches = [_random_match(random) for _ in range(random.randint(1, 3))]
    rules = [Rule(name=f"r{i}", match=one, action=Drop()) for i, one in enumerate(matches)]
    return Policy(name="p", rules=(*rules, Rule(name="rest", match=Constant(True), action=Drop())))


def test_a_list_is_found_wherever_one_exists_and_hardly_ever_a_longer_one() -> None:
    random = Random(20261122)
    refused = longer = 0

    for _ in range(600):
        policy = _random_policy(random)
        decisions = _decisions(policy)
        lowered = lower(policy, frozenset(AssumptionKind))
        if not isinstance(lowered, Lowered):
            assert not _can_be_said(decisions), policy
            refused += 1
            continue
        assert isinstance(lowered.sampler, RulesConfig)
        rules = len(lowered.sampler.rules)
        assert not _is_there_a_list(decisions, rules - 3), policy
        longer += _is_there_a_list(decisions, rules - 1)

    assert refused >= 5
    # Half of these are disjunctions of root tests, which stay several rules though the complement
    # of a whole disjunction could come first; policies as people write them come out shortest.
    assert longer <= 16
