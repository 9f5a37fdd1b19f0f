"""Figures of a tally: those of `prove`, without rounding."""

from __future__ import annotations

from fractions import Fraction

import pytest

from nectarc.ir.text import parse_policy_text
from nectarc.prove.budget import load_of
from nectarc.prove.corpus_decisions import Asked, decide_corpus
from nectarc.scale.figures import busiest_window, kept_events, kept_weight
from nectarc.scale.tally import Volume, empty_tally
from nectarc.scale.tallying import tally_corpus
from tests.unit.scale.made_corpora import ASKED, POLICY, in_parts


def test_kept_events_are_those_that_the_budget_counts() -> None:
    source = in_parts(3, 3)
    tally = tally_corpus(source, ASKED)
    events = {rule: volume.events for rule, volume in tally.whole.rules[0].items()}

    load = load_of(POLICY, decide_corpus(source, Asked(lists=(POLICY,))))

    capped = sum(float(events.sum()) for _, events in load.capped)
    assert float(kept_events(POLICY, events)) == pytest.approx(load.kept.sum() + capped)


@pytest.mark.parametrize(
    ("rule", "seconds", "kept"),
    [
        (0, None, 30),
        (1, None, Fraction(30, 4)),
        (2, None, 30),
        (2, 10, 10),
        (2, 60, 30),
        (3, None, 0),
        (4, 10, 30),
        (-1, 10, 30),
    ],
    ids=str,
)
def test_each_action_keeps_its_part(rule: int, seconds: int | None, kept: Fraction) -> None:
    assert kept_events(POLICY, {rule: 30}, seconds) == kept


def test_one_in_a_hundred_is_a_hundredth() -> None:
    policy = parse_policy_text('policy "p"\nrule "r" -> sample(1/100) when true')

    assert kept_events(policy, {0: 1}) == Fraction(1, 100)


def test_kept_traces_are_weighed() -> None:
    volumes = {0: Volume(weight=3), 1: Volume(weight=8), 2: Volume(weight=1), 3: Volume(weight=9)}

    assert kept_weight(POLICY, volumes) == 3 + 2 + 1


def test_the_busiest_window_is_that_in_which_most_is_kept() -> None:
    tally = tally_corpus(in_parts(4), ASKED)

    found = busiest_window(POLICY, tally)

    # 30 events come between 10 s and 20 s, but 10 are kept by a goal of 1 a second.
    assert found is not None
    assert found.start_s == 10
    assert found.per_second == 1
    assert busiest_window(POLICY, empty_tally(1, 0)) is None
