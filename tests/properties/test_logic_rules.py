"""Random rules: what the prover calls impossible no trace does; regions hold all differences."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from nectarc.evaluate.assume import Assume
from nectarc.ir.nodes import FieldType
from nectarc.logic.decision_list import DecisionList, Refused, list_of_rules
from nectarc.logic.questions import (
    Found,
    Impossible,
    Prover,
    Unknown,
    alike_by_effect,
    all_differences,
)
from nectarc.logic.universe import Universe, universe_of
from tests.rules_mutants import mutate
from tests.rules_worlds import near_values, random_rules, random_trace

PAIRS = 60
PAIRS_LONG = 3_000
TRACES = 120


def _universe(random: Random) -> Universe:
    """Return what may be taken for granted, now and then two types at once: no value has both."""
    fields = ("a", "b", "c")
    types = {
        name: tuple(random.sample(tuple(FieldType), random.choice((1, 1, 2))))
        for name in fields
        if random.random() < 0.5
    }
    no_null, no_nan = (frozenset(f for f in fields if random.random() < 0.5) for _ in range(2))
    return universe_of(Assume(types, no_null, no_nan) if random.random() < 0.4 else Assume())


def _compare(seed: int) -> Counter[str]:
    random = Random(seed)
    rules = random_rules(random)
    other = random_rules(random) if random.random() < 0.5 else mutate(random, rules)[1]
    left, right = list_of_rules(rules, "left"), list_of_rules(other, "right")
    if isinstance(left, Refused) or isinstance(right, Refused):
        return Counter(("refused",))
    assert isinstance(left, DecisionList)
    assert isinstance(right, DecisionList)
    universe = _universe(random)
    prover = Prover((left, right), (), universe)
    counts = Counter[str]()
    dead: set[tuple[int, int | None]] = set()
    for index, one in enumerate((left, right)):
        for entry in (*range(len(one.entries)), None):
            answer = prover.find({index: (entry,)})
            counts[type(answer).__name__] += 1
            if isinstance(answer, Impossible):
                dead.add((index, entry))
            assert isinstance(answer, Found | Impossible | Unknown)
    alike = alike_by_effect(left, right)
    differences = list(all_differences(prover, 0, 1, alike))
    regions = {(one.left, one.right) for one in differences if not isinstance(one, Unknown)}
    is_known = not any(isinstance(one, Unknown) for one in differences)
    values = near_values(rules) + near_values(other)
    for _ in range(TRACES):
        trace = random_trace(random, values, universe.allows)
        decided = left.decide(trace), right.decide(trace)
        assert not dead & set(enumerate(decided)), (seed, decided, trace)
        if not alike(*decided):
            counts["differs"] += 1
            assert not is_known or decided in regions, (seed, decided, trace)
    return counts


def test_no_trace_does_what_is_proven_impossible() -> None:
    counts = sum(map(_compare, range(PAIRS)), Counter[str]())

    assert counts["Impossible"] > PAIRS
    assert counts["Found"] > PAIRS
    assert counts["differs"] > PAIRS
    assert counts["Unknown"] < PAIRS // 10


@pytest.mark.fuzz
def test_no_trace_does_what_is_proven_impossible_of_many_rules() -> None:
    counts = sum(map(_compare, range(PAIRS, PAIRS + PAIRS_LONG)), Counter[str]())

    assert counts["Unknown"] < counts["Impossible"] // 100
