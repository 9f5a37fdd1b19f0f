"""Partitions added up: the function that an engine maps over a corpus, and the plain loop over it.

Owns: from one partition's answers to its tally. Must not know: engines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import partial, reduce
from itertools import pairwise
from typing import Final

import numpy as np

from nectarc.prove.corpus_decisions import Asked, DecidedPart, Int64s, Partition, TraceSource
from nectarc.prove.critical import FIELDS, failing_services
from nectarc.records import replace
from nectarc.scale.one_partition import answer_partition, tell
from nectarc.scale.tally import (
    EXAMPLES_MAX,
    WINDOW_S,
    Counts,
    EventsByRule,
    Exact,
    Tally,
    Volume,
    empty_tally,
    merged,
    volumes_added,
)

_SECOND_NS: Final = 1_000_000_000


def tally_partition(partition: Partition, asked: Asked, window_s: int = WINDOW_S) -> Tally:
    """Read one partition, ask everything of its traces, and add them up."""
    adding = partial(_tally_of, window_s=window_s)
    found: list[Tally] = []
    # A partition is visited once, or not at all where it has no traces.
    answers = answer_partition(
        partition,
        replace(asked, fields=(*asked.fields, *FIELDS)),
        lambda part: found.append(adding(part)),
    )
    none = empty_tally(len(asked.lists), len(asked.exprs), window_s)
    return replace(found[0] if found else none, problems=answers.problems)


def tally_corpus(source: TraceSource, asked: Asked, window_s: int = WINDOW_S) -> Tally:
    """Add up a whole corpus in this process, one partition in memory at a time."""
    tallies = (tally_partition(one, asked, window_s) for one in source.partitions())
    return merged_all(source, asked, tallies, window_s)


def merged_all(
    source: TraceSource, asked: Asked, tallies: Iterable[Tally], window_s: int = WINDOW_S
) -> Tally:
    """Add the tallies of all partitions of `source`, which learns what was found damaged."""
    total = reduce(merged, tallies, empty_tally(len(asked.lists), len(asked.exprs), window_s))
    for partition in source.partitions()[:1]:
        tell(partition, total.problems)
    return total


def _tally_of(part: DecidedPart, window_s: int) -> Tally:
    adder = _Adder(part)
    everything = np.arange(part.table.trace_count)
    failing = failing_services(part.table)
    names = np.array([*failing.names, ""], object)  # -1, no name, is the last
    # Two codes of one name would count a trace twice.
    services, named = np.unique(names[failing.services].astype(str), return_inverse=True)
    pairs = np.unique(np.stack([named.reshape(-1), failing.traces]), axis=1)
    timed = np.flatnonzero(part.table.start_time_ns > 0)
    starts = part.table.start_time_ns[timed] // (window_s * _SECOND_NS) * window_s
    windows, window_of = np.unique(starts, return_inverse=True)
    return Tally(
        window_s=window_s,
        whole=adder.counts(everything),
        exprs=tuple(adder.counts(np.flatnonzero(row)) for row in part.holds),
        outside=adder.counts(np.flatnonzero(~part.is_allowed)),
        failing=adder.counts(np.unique(failing.traces)),
        services=dict(
            zip(services.tolist(), adder.groups(pairs[0], pairs[1], len(services)), strict=True)
        ),
        windows=dict(
            zip(windows.tolist(), adder.events(window_of, timed, len(windows)), strict=True)
        ),
    )


class _Adder:
    """Adds up traces of one partition, given by their indices."""

    def __init__(self, part: DecidedPart) -> None:
        # From 0: -1 is a rule's number, too.
        self.rules = part.rules.astype(np.int64) + 1
        self.spans = np.diff(part.table.offsets)
        self.ids: list[str] = part.table.trace_ids.to_pylist()
        # Few weights are different: exact numbers are made and added once for each.
        found, self.weight_of = np.unique(part.table.weights, return_inverse=True)
        self.weights: list[Exact] = [
            int(weight) if weight.is_integer() else Fraction(weight) for weight in found.tolist()
        ]
        sizes = self.spans.tolist()
        by_size = sorted(range(len(sizes)), key=lambda i: (sizes[i], self.ids[i]))
        self.place = np.empty(len(by_size), np.int64)
        self.place[by_size] = np.arange(len(by_size))

    def counts(self, traces: Int64s) -> Counts:
        """Add up `traces`, none of them twice, as one group."""
        return self.groups(np.zeros(len(traces), np.int64), traces, 1)[0]

    def groups(self, groups: Int64s, traces: Int64s, count: int) -> list[Counts]:
        """Add up each of `count` groups. groups, traces: (pairs,) a group and a trace in it."""
        totals = self._volumes(groups, traces)
        rules: list[list[dict[int, Volume]]] = [[] for _ in range(count)]
        for deciding in self.rules:
            width = int(deciding.max(initial=0)) + 1
            for by_rule in rules:
                by_rule.append({})
            for key, volume in self._volumes(groups * width + deciding[traces], traces).items():
                rules[key // width][-1][key % width - 1] = volume
        return [
            Counts(total=totals.get(group, Volume()), rules=tuple(rules[group]))
            for group in range(count)
        ]

    def events(self, groups: Int64s, traces: Int64s, count: int) -> list[tuple[EventsByRule, ...]]:
        """Add up the events alone of each of `count` groups, by rule."""
        rules: list[list[dict[int, Exact]]] = [[] for _ in range(count)]
        for deciding in self.rules:
            width = int(deciding.max(initial=0)) + 1
            for by_rule in rules:
                by_rule.append({})
            for key, _, spans, weight in self._sums(groups * width + deciding[traces], traces):
                found = rules[key // width][-1]
                found[key % width - 1] = found.get(key % width - 1, 0) + weight * spans
        return [tuple(by_rule) for by_rule in rules]

    def _volumes(self, keys: Int64s, traces: Int64s) -> dict[int, Volume]:
        """Add up the traces of each key."""
        order = np.lexsort((self.place[traces], keys))
        begins = np.flatnonzero(np.diff(keys[order], prepend=-1)).tolist()
        found: dict[int, list[Volume]] = {}
        for begin, end in pairwise([*begins, len(order)]):
            first = order[begin : min(end, begin + EXAMPLES_MAX)]
            smallest = tuple((int(self.spans[i]), self.ids[i]) for i in traces[first].tolist())
            found[int(keys[first[0]])] = [Volume(smallest=smallest)]
        for key, count, spans, weight in self._sums(keys, traces):
            volume = Volume(traces=count, spans=spans, weight=weight * count, events=weight * spans)
            found[key].append(volume)
        return {key: volumes_added(volumes) for key, volumes in found.items()}

    def _sums(self, keys: Int64s, traces: Int64s) -> Iterator[tuple[int, int, int, Exact]]:
        """Yield key, traces, spans and weight of one trace, for each key and weight."""
        width = len(self.weights)
        both, place, counts = np.unique(
            keys * width + self.weight_of[traces], return_inverse=True, return_counts=True
        )
        # In int64: `bincount` would add spans as floating-point numbers.
        spans = np.zeros(len(both), np.int64)
        np.add.at(spans, place, self.spans[traces])
        for key, count, sum_of_spans in zip(
            both.tolist(), counts.tolist(), spans.tolist(), strict=True
        ):
            yield key // width, count, sum_of_spans, self.weights[key % width]
