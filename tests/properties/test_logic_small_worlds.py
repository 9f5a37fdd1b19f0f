"""Verdicts of the solver against looking at every trace of a small world."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from random import Random

import pytest

from nectarc.logic.decision_list import DecisionList, Effect, Entry
from nectarc.logic.formula import Formula, formula_holds
from nectarc.logic.questions import Found, Impossible, Prover
from nectarc.trace import Trace
from tests.small_worlds import World, random_formula, random_formulas

NORMAL = 1_500
LONG = 10_000
SESSIONS = 60
SESSIONS_LONG = 2_000
QUESTIONS = 12
KEEP = Effect(Fraction(1), Fraction(1), "keep")


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


def _list_of(formulas: Sequence[Formula]) -> DecisionList:
    def decide(trace: Trace) -> int | None:
        holding = (i for i, one in enumerate(formulas) if formula_holds(one, trace))
        return next(holding, None)

    entries = tuple(Entry(str(i), one, KEEP) for i, one in enumerate(formulas))
    return DecisionList("list", entries, KEEP, decide, ())


def _decided(formulas: Sequence[Formula]) -> list[int]:
    """Return the traces of the world that each formula is the first to hold of; last: none is."""
    left = _world().all
    found = []
    for one in formulas:
        found.append(left & _world().where(one))
        left &= ~found[-1]
    return [*found, left]


def _session(seed: int) -> Counter[str]:
    """Ask one prover many things, in any order, about two lists and two conditions."""
    random = Random(seed)
    formulas = random_formulas(random, 7)
    parts = (formulas[:3], formulas[3:5])
    conditions = formulas[5:]
    prover = Prover(tuple(map(_list_of, parts)), conditions)
    decided = [_decided(one) for one in parts]
    answers = Counter[str]()
    for _ in range(QUESTIONS):
        asked: dict[int, tuple[int | None, ...]] = {}
        expected = _world().all
        for index in random.sample((0, 1), random.randrange(3)):
            size = len(parts[index])
            chosen = random.sample(range(size + 1), random.choice((1, 1, 1, 2, size)))
            asked[index] = tuple(None if one == size else one for one in chosen)
            union = 0
            for one in chosen:
                union |= decided[index][one]
            expected &= union
        when = []
        for index in random.sample((0, 1), random.randrange(3)):
            holds = _world().where(conditions[index])
            is_negated = random.random() < 0.5
            when.append(~index if is_negated else index)
            expected &= ~holds if is_negated else holds

        answer = prover.find(asked, when=when, prefer_usual=random.random() < 0.5)

        assert isinstance(answer, Found | Impossible), (seed, asked, when, answer)
        assert isinstance(answer, Found) is (expected != 0), (seed, asked, when, answer)
        answers[type(answer).__name__] += 1
    return answers


def test_a_session_of_many_questions_answers_as_the_small_world() -> None:
    answers = sum(map(_session, range(SESSIONS)), Counter[str]())

    assert answers["Found"] > SESSIONS
    assert answers["Impossible"] > SESSIONS


@pytest.mark.fuzz
def test_long_sessions_answer_as_the_small_world() -> None:
    for seed in range(SESSIONS, SESSIONS + SESSIONS_LONG):
        _session(seed)
