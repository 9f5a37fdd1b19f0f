"""A small corpus with every kind of trace that a tally tells apart, cut into partitions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from nectarc.corpus.span_table import SpanTable, table_of
from nectarc.corpus.stored_trace import CorpusTrace
from nectarc.evaluate.assume import Assume
from nectarc.ir.text import parse_expr, parse_policy_text
from nectarc.prove.corpus_decisions import Asked, Partition
from nectarc.records import record
from nectarc.refinery.rules import Condition, Rule, RulesConfig
from tests.unit.prove.made_traces import stored

POLICY: Final = parse_policy_text(
    """
    policy "p"
    rule "errors" -> keep when any(number s >= 500.0)
    rule "slow" -> sample(1/4) when root number d > 5.0
    rule "goal" -> EMAThroughputSampler(GoalThroughputPerSec: 1, FieldList: [g]) when any(exists g)
    rule "rest" -> drop when true
    """
)
RULES: Final = RulesConfig(
    rules=(
        Rule(
            name="e",
            sample_rate=1,
            conditions=(Condition(field="root.s", operator=">=", value=500, datatype="int"),),
        ),
    )
)
ASKED: Final = Asked(
    lists=(POLICY, RULES),
    exprs=(parse_expr("any(exists d)"), parse_expr("has_root")),
    assume=Assume(no_null=frozenset({"n"})),
)
_ERROR: Final = {"error": True}
TRACES: Final = (
    stored("t0", {"s": 500}, {"d": 9.0}, time_s=1, rate=0.1 + 1),
    stored("t1", {"s": 200, "d": 9.0}, rate=10),
    stored("t2", {"s": 503}, {"n": None}, {"y": b"z"}, time_s=9.5, rate=4 / 3),
    stored("t3", {"d": 1.5}, time_s=25),
    stored("t4", {"g": 1, "service.name": "a", **_ERROR}, *[{}] * 29, time_s=11),
    stored("t5", {"service.name": "b"}, {"service.name": "a", **_ERROR}, time_s=12, rate=1.1),
    stored("t6", {"service.name": "a", **_ERROR}, {"service.name": "a", **_ERROR}, time_s=2),
    stored("t7", {**_ERROR}, {"service.name": "b", **_ERROR}, rate=1e300),
)


@record
class Part:
    """Some of the traces."""

    traces: tuple[CorpusTrace, ...]

    def load(self, fields: Collection[str] | None = None) -> SpanTable:
        """Make their columns."""
        return table_of(self.traces, fields)


@record
class Parts:
    """A corpus of these partitions."""

    parts: tuple[Part, ...]

    def partitions(self) -> Sequence[Partition]:
        """Return them."""
        return self.parts


def in_parts(*sizes: int) -> Parts:
    """Cut `TRACES` into partitions of these sizes; the last has what is left."""
    bounds = [sum(sizes[:number]) for number in range(len(sizes) + 1)]
    cut = [TRACES[begin:end] for begin, end in zip(bounds, [*bounds[1:], None], strict=True)]
    return Parts(tuple(map(Part, cut)))
