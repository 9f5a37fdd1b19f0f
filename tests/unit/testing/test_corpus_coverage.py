"""Coverage by a corpus: counted by columns as it is counted trace by trace."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from nectarc.corpus.stored_trace import CorpusTrace
from nectarc.ir.nodes import Policy
from nectarc.prove.corpus_decisions import TracesInMemory
from nectarc.testing.corpus_coverage import coverage_of_corpus
from nectarc.testing.coverage import coverage_of, questions_of
from tests.ir_strategies import policies
from tests.trace_strategies import traces_for


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_columns_and_traces_count_the_same(data: st.DataObject) -> None:
    policy = data.draw(policies())
    traces = data.draw(st.lists(traces_for(policy), min_size=1, max_size=5))
    corpus = TracesInMemory(tuple(map(CorpusTrace, traces)))

    assert coverage_of_corpus(policy, corpus) == coverage_of(policy, traces)


@settings(max_examples=80, deadline=None)
@given(policies())
def test_every_condition_has_its_words_once(policy: Policy) -> None:
    asked = [(one.rule, one.words, one.is_negated) for one in questions_of(policy)]

    assert len(asked) == len(set(asked))
