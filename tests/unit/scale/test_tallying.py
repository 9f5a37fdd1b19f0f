"""A corpus added up, against plain loops with the plain evaluators."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable
from fractions import Fraction
from itertools import permutations

import pytest

from nectarc.corpus.stored_trace import CorpusTrace
from nectarc.evaluate.policy import decide, holds
from nectarc.evaluate.refinery_rules import Outcome, compile_target
from nectarc.prove.corpus_decisions import Asked
from nectarc.scale.one_partition import portable
from nectarc.scale.tally import Counts, Volume, empty_tally, merged, tally_json
from nectarc.scale.tallying import tally_corpus, tally_partition
from tests.unit.scale.made_corpora import ASKED, POLICY, RULES, TRACES, Part, Parts, in_parts

_target = compile_target(RULES)


def _by_policy(stored: CorpusTrace) -> int:
    return decide(POLICY, stored.trace)


def _by_rules(stored: CorpusTrace) -> int:
    outcome = _target(stored.trace)
    assert isinstance(outcome, Outcome)
    return -1 if outcome.rule is None else outcome.rule


def _volume(traces: Iterable[CorpusTrace]) -> Volume:
    found = list(traces)
    sizes = [len(one.trace.spans) for one in found]
    weights = [Fraction(one.sample_rate) for one in found]
    return Volume(
        traces=len(found),
        spans=sum(sizes),
        weight=sum(weights, Fraction(0)),
        events=sum((size * w for size, w in zip(sizes, weights, strict=True)), Fraction(0)),
        smallest=tuple(sorted((len(one.trace.spans), one.trace.trace_id) for one in found)[:3]),
    )


def _counts(is_one: Callable[[CorpusTrace], bool]) -> Counts:
    chosen = [one for one in TRACES if is_one(one)]
    return Counts(
        total=_volume(chosen),
        rules=tuple(
            {
                rule: _volume(one for one in chosen if decider(one) == rule)
                for rule in {decider(one) for one in chosen}
            }
            for decider in (_by_policy, _by_rules)
        ),
    )


def _fails_in(stored: CorpusTrace, service: str | None) -> bool:
    return any(
        span.fields.get("error") is True and service in (None, span.fields.get("service.name", ""))
        for span in stored.trace.spans
    )


@pytest.mark.parametrize("sizes", [(), (1,), (3, 3), (1,) * 7, (0, 4, 0)], ids=str)
def test_however_it_is_cut_a_corpus_adds_up_to_what_plain_loops_count(
    sizes: tuple[int, ...],
) -> None:
    found = tally_corpus(in_parts(*sizes), ASKED)

    assert found.whole == _counts(lambda _: True)
    for counts, expr in zip(found.exprs, ASKED.exprs, strict=True):
        assert counts == _counts(lambda one, expr=expr: holds(expr, one.trace))  # type: ignore[misc]  # mypy cannot type a default
    assert found.outside == _counts(lambda one: not ASKED.assume.allows_trace(one.trace))
    assert found.failing == _counts(lambda one: _fails_in(one, None))
    assert found.services == {
        name: _counts(lambda one, name=name: _fails_in(one, name))  # type: ignore[misc]  # see above
        for name in ("", "a", "b")
    }


def test_windows_hold_the_events_of_the_traces_that_start_in_them() -> None:
    found = tally_corpus(in_parts(2, 2, 2), ASKED)

    assert found.windows == {
        0: (
            {0: 2 * Fraction(1.1) + 3 * Fraction(4 / 3), 3: 2},
            {0: 2 * Fraction(1.1) + 3 * Fraction(4 / 3), -1: 2},
        ),
        10: ({2: 30, 3: 2 * Fraction(1.1)}, {-1: 30 + 2 * Fraction(1.1)}),
        20: ({3: 1}, {-1: 1}),
    }
    assert set(tally_corpus(in_parts(2), ASKED, 60).windows) == {0}


def test_partitions_done_in_any_order_give_the_same_bytes() -> None:
    tallies = [tally_partition(one, ASKED) for one in in_parts(2, 3, 1).partitions()]
    expected = tally_json(tally_corpus(in_parts(5), ASKED))

    for order in permutations(tallies):
        total = empty_tally(2, 2)
        for tally in order:
            total = merged(tally, total)
        assert tally_json(total) == expected


def test_an_empty_corpus_adds_up_to_nothing() -> None:
    assert tally_corpus(Parts(()), ASKED) == empty_tally(2, 2)
    assert tally_corpus(Parts((Part(()),)), ASKED) == empty_tally(2, 2)


def test_nothing_asked_still_counts_the_traces() -> None:
    found = tally_corpus(in_parts(4), Asked())

    assert found.whole == Counts(total=_counts(lambda _: True).total, rules=())


def test_what_a_worker_is_sent_and_sends_back_is_pickled() -> None:
    partition, asked = pickle.loads(pickle.dumps((in_parts().parts[0], portable(ASKED))))

    sent = pickle.dumps(tally_partition(partition, asked))

    assert asked == ASKED
    assert pickle.loads(sent) == tally_corpus(in_parts(), ASKED)
