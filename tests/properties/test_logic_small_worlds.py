"""Verdicts of the solver against looking at every trace of a small world."""

from __future__ import annotations

from functools import cache
from random import Random

import pytest

from nectarc.logic.questions import Found, Impossible, Prover
from tests.small_worlds import World, random_formula

NORMAL = 1_500
LONG = 10_000


@cache
def _world() -> World:
    return World()


def _verdicts(seeds: range) -> tuple[int, int]:
    """Compare; return how many formulas some trace, and no trace, satisfies."""
    satisfied = refuted = 0
    for seed in seeds:
        formula = random_formula(Random(seed))
        expected = bool(_world().where(formula))

        answer = Prover((), (formula,)).find({}, when=(0,))

        assert isinstance(answer, Found | Impossible), (seed, formula, answer)
        assert isinstance(answer, Found) is expected, (seed, formula, answer)
        satisfied += expected
        refuted += not expected
    return satisfied, refuted


def test_every_verdict_is_that_of_the_small_world() -> None:
    satisfied, refuted = _verdicts(range(NORMAL))

    assert satisfied > NORMAL // 2
    assert refuted > NORMAL // 50


@pytest.mark.fuzz
def test_ten_thousand_verdicts_are_those_of_the_small_world() -> None:
    satisfied, refuted = _verdicts(range(NORMAL, NORMAL + LONG))

    assert satisfied + refuted == LONG
