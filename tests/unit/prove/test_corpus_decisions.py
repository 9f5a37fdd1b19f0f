"""One pass over a corpus: the same as the plain evaluators, partition by partition."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pytest

from nectarc.corpus.span_table import SpanTable, table_of
from nectarc.corpus.stored_trace import CorpusTrace
from nectarc.evaluate.assume import Assume
from nectarc.evaluate.policy import decide, holds
from nectarc.ir.nodes import FieldType
from nectarc.ir.text import parse_expr, parse_policy_text
from nectarc.prove.corpus_decisions import (
    Asked,
    DecidedPart,
    Partition,
    TracesInMemory,
    allowed_traces,
    decide_corpus,
)
from nectarc.records import record
from nectarc.refinery.rules import Condition, Rule, RulesConfig
from nectarc.trace import Uint64, Value
from tests.unit.prove.made_traces import stored

POLICY = parse_policy_text(
    """
    policy "p"
    rule "errors" -> keep when any(number s >= 500.0)
    rule "slow" -> sample(1/2) when root number d:duration_ms > 5.0
    rule "rest" -> drop when true
    """
)
RULES = RulesConfig(
    rules=(
        Rule(
            name="e",
            sample_rate=1,
            conditions=(Condition(field="root.s", operator=">=", value=500, datatype="int"),),
        ),
    )
)
ASKED = Asked(lists=(POLICY, RULES), exprs=(parse_expr("any(exists d)"), parse_expr("has_root")))
TRACES = (
    stored("t0", {"s": 500}, {"d": 9.0}, time_s=1),
    stored("t1", {"s": 200, "d": 9}, rate=10),
    stored("t2", {"s": "503"}, {"x": None}, {"y": b"z"}),
    stored("t3", {"d": 1.5}),
)


@record
class _Parts:
    traces: tuple[CorpusTrace, ...]
    size: int

    def partitions(self) -> Sequence[Partition]:
        cut = range(0, len(self.traces), self.size)
        return [_Part(self.traces[start : start + self.size]) for start in cut]


@record
class _Part:
    traces: tuple[CorpusTrace, ...]

    def load(self, fields: Collection[str] | None = None) -> SpanTable:
        return table_of(self.traces, fields)


@record
class _Mixed:
    parts: tuple[_Part, ...]

    def partitions(self) -> Sequence[Partition]:
        return self.parts


@pytest.mark.parametrize("size", [1, 3, 10])
def test_every_partition_answers_as_the_plain_evaluators(size: int) -> None:
    found = decide_corpus(_Parts(TRACES, size), ASKED)

    expected = [decide(POLICY, one.trace) for one in TRACES]
    assert found.rules[0].tolist() == expected == [0, 1, 0, 2]
    assert found.rules[1].tolist() == [0, -1, 0, -1]
    for row, expr in zip(found.holds, ASKED.exprs, strict=True):
        assert row.tolist() == [holds(expr, one.trace) for one in TRACES]
    assert found.span_counts.tolist() == [2, 1, 3, 1]
    assert found.weights.tolist() == [1, 10, 1, 1]
    assert found.start_ns.tolist() == [10**9, 0, 0, 0]
    assert found.firsts == tuple(range(0, 4, size))


@pytest.mark.parametrize("size", [1, 3, 10])
def test_a_trace_is_fetched_whole(size: int) -> None:
    found = decide_corpus(_Parts(TRACES, size), ASKED)

    assert [found.fetch(index) for index in range(4)] == list(TRACES)
    assert found.fetch_all((3, 0, 2)) == (TRACES[3], TRACES[0], TRACES[2])


def test_partitions_without_traces_are_passed_by() -> None:
    found = decide_corpus(
        _Mixed((_Part(()), _Part(TRACES[:1]), _Part(()), _Part(TRACES[1:]))), ASKED
    )

    assert [found.fetch(index) for index in range(4)] == list(TRACES)
    assert (found.firsts, found.numbers) == ((0, 1), (1, 3))


def test_a_visitor_sees_each_part_with_its_answers() -> None:
    seen: list[DecidedPart] = []

    decide_corpus(_Parts(TRACES, 3), ASKED, seen.append)

    assert [(part.first, part.table.trace_count) for part in seen] == [(0, 3), (3, 1)]
    assert seen[1].rules[:, 0].tolist() == [2, -1]


def test_an_empty_corpus_has_no_answers() -> None:
    found = decide_corpus(TracesInMemory(()), ASKED)

    assert len(found) == 0
    assert found.rules.shape == (2, 0)
    assert found.holds.shape == (2, 0)


def test_only_the_fields_that_are_asked_are_loaded() -> None:
    assert ASKED.names() == frozenset({"s", "d", "root.s"})
    nested = RulesConfig(rules=RULES.rules, check_nested_fields=True)
    assert Asked(lists=(nested,)).names() is None


def test_assumptions_are_those_of_the_plain_check() -> None:
    assume = Assume(
        {"n": (FieldType.INT,), "t": (FieldType.STRING,), "b": (FieldType.BOOL,)},
        frozenset({"n", "z"}),
        frozenset({"n", "z"}),
    )
    values: list[Value] = [1, 1.5, float("nan"), "1", None, True, Uint64(3), b"x", "\ud800", "ok"]
    traces = [
        stored(f"{name}{i}", {}, {name: value}) for name in "ntbz" for i, value in enumerate(values)
    ]

    found = allowed_traces(table_of(traces), assume)

    assert found.tolist() == [assume.allows_trace(one.trace) for one in traces]
    assert np.count_nonzero(found) == 16
