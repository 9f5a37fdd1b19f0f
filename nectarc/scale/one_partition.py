"""What is asked of a corpus, answered for one partition: the part that runs where the data is.

Owns: a partition's answers as plain arrays that travel, and joining them again.
Must not know: which engine carries them. Truth: nectarc/prove/corpus_decisions.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate

import numpy as np

from nectarc.corpus.partitions import FilePartition
from nectarc.diagnostic import Diagnostic
from nectarc.prove.corpus_decisions import (
    Asked,
    Bools,
    Decisions,
    Float64s,
    Int16s,
    Int64s,
    Partition,
    TraceSource,
    Visitor,
    decide_corpus,
)
from nectarc.records import record, replace


@record(kw_only=True)
class PartAnswers:
    """Some bytes for each trace of one partition; the arrays are those of `Decisions`.

    problems: what turned out to be damaged when the partition was read; its traces are missing.
    """

    rules: Int16s
    holds: Bools
    is_allowed: Bools
    span_counts: Int64s
    weights: Float64s
    start_ns: Int64s
    problems: tuple[Diagnostic, ...] = ()


@record
class _Alone:
    """A corpus of one partition."""

    partition: Partition

    def partitions(self) -> Sequence[Partition]:
        return (self.partition,)


def answer_partition(
    partition: Partition, asked: Asked, visit: Visitor | None = None
) -> PartAnswers:
    """Read one partition and ask everything of each of its traces.

    visit: sees the columns beside the answers, unless there is no trace.
    """
    known = set(_problems(partition))
    found = decide_corpus(_Alone(partition), asked, visit)
    return PartAnswers(
        rules=found.rules,
        holds=found.holds,
        is_allowed=found.is_allowed,
        span_counts=found.span_counts,
        weights=found.weights,
        start_ns=found.start_ns,
        problems=tuple(one for one in _problems(partition) if one not in known),
    )


def joined(source: TraceSource, asked: Asked, answers: Iterable[PartAnswers]) -> Decisions:
    """Join the answers about all partitions of `source`: the value of `decide_corpus`, bit by bit.

    answers: in the order of `source.partitions()`, one for each.
    """
    parts = list(answers)
    for partition, part in zip(source.partitions(), parts, strict=True):
        tell(partition, part.problems)
    firsts = list(accumulate((len(part.weights) for part in parts), initial=0))
    numbers = tuple(number for number, part in enumerate(parts) if len(part.weights))
    none = _nothing(asked)
    return Decisions(
        source=source,
        rules=np.concatenate([none.rules, *(part.rules for part in parts)], axis=1),
        holds=np.concatenate([none.holds, *(part.holds for part in parts)], axis=1),
        is_allowed=np.concatenate([none.is_allowed, *(part.is_allowed for part in parts)]),
        span_counts=np.concatenate([none.span_counts, *(part.span_counts for part in parts)]),
        weights=np.concatenate([none.weights, *(part.weights for part in parts)]),
        start_ns=np.concatenate([none.start_ns, *(part.start_ns for part in parts)]),
        firsts=tuple(firsts[number] for number in numbers),
        numbers=numbers,
    )


def tell(partition: Partition, problems: Iterable[Diagnostic]) -> None:
    """Let the corpus know what another process found damaged, as if it had been read here."""
    if isinstance(partition, FilePartition):
        partition.problems.extend([one for one in problems if one not in partition.problems])


def portable(asked: Asked) -> Asked:
    """Return the same questions without what `pickle` refuses: views of mappings."""
    return replace(asked, assume=asked.assume._replace(types=dict(asked.assume.types)))


def _problems(partition: Partition) -> tuple[Diagnostic, ...]:
    return tuple(partition.problems) if isinstance(partition, FilePartition) else ()


def _nothing(asked: Asked) -> PartAnswers:
    return PartAnswers(
        rules=np.empty((len(asked.lists), 0), np.int16),
        holds=np.empty((len(asked.exprs), 0), np.bool_),
        is_allowed=np.empty(0, np.bool_),
        span_counts=np.empty(0, np.int64),
        weights=np.empty(0, np.float64),
        start_ns=np.empty(0, np.int64),
    )
