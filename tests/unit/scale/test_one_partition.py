"""Answers of single partitions, joined: what `decide_corpus` says, and what was damaged is told."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from nectarc.corpus import store_writer
from nectarc.corpus.ingesting import ingest
from nectarc.corpus.store import CorpusStore
from nectarc.prove.corpus_decisions import Asked, decide_corpus
from nectarc.scale.one_partition import answer_partition, joined
from nectarc.scale.tallying import tally_corpus
from tests.shared_data import ROOT
from tests.unit.scale.made_corpora import ASKED, TRACES, in_parts

_ARRAYS: Final = ("rules", "holds", "is_allowed", "span_counts", "weights", "start_ns")


@pytest.mark.parametrize("sizes", [(), (3,), (0, 5, 0)], ids=str)
def test_joined_answers_are_those_of_one_pass(sizes: tuple[int, ...]) -> None:
    source = in_parts(*sizes)
    answers = [answer_partition(one, ASKED) for one in source.partitions()]

    found = joined(source, ASKED, answers)

    expected = decide_corpus(source, ASKED)
    for name in _ARRAYS:
        assert getattr(found, name).dtype == getattr(expected, name).dtype
        assert getattr(found, name).tobytes() == getattr(expected, name).tobytes()
    assert (found.firsts, found.numbers) == (expected.firsts, expected.numbers)
    assert [found.fetch(index) for index in range(len(found))] == list(TRACES)


def test_no_partitions_give_no_answers() -> None:
    found = joined(in_parts(8), ASKED, [answer_partition(one, ASKED) for one in in_parts(8).parts])

    assert len(found) == 8


@pytest.fixture
def damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CorpusStore:
    """Return a corpus of which a file is cut after it was opened."""
    monkeypatch.setattr(store_writer, "PARTITION_SPANS", 500)
    ingest([str(ROOT / "examples" / "shop" / "corpus")], str(tmp_path))
    store = CorpusStore.open(str(tmp_path))
    assert len(store.partitions()) > 1
    file = min(tmp_path.glob("*.parquet"))
    file.write_bytes(file.read_bytes()[:100])
    return store


def test_joining_tells_what_was_found_damaged(damaged: CorpusStore) -> None:
    asked = Asked()

    answers = [answer_partition(one, asked) for one in damaged.partitions()]
    found = joined(damaged, asked, answers)

    assert [one.code for answer in answers for one in answer.problems] == ["NEC426"]
    assert [one.code for one in damaged.diagnostics()] == ["NEC426"]
    assert 0 < len(found) < damaged.trace_count


def test_adding_up_tells_what_was_found_damaged(damaged: CorpusStore) -> None:
    found = tally_corpus(damaged, Asked())

    assert [one.code for one in found.problems] == ["NEC426"]
    assert list(found.problems) == list(damaged.diagnostics())
    assert 0 < found.whole.total.traces < damaged.trace_count
