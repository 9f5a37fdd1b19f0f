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
            zip(
                services.tolist(),
                adder.groups(pairs[0], pairs[1], len(services), examples=True),
                strict=True,
            )
        ),
        windows=dict(
            zip(
                windows.tolist(),
                adder.groups(window_of, timed, len(windows), examples=False),
                strict=True,
            )
        ),
    )


class _Adder:
    """Adds up traces of one partition, given by their indices."""

    def __init__(self, part: DecidedPart) -> None:
        self.rules = part.rules.astype(np.int64)
        self.spans = np.diff(part.table.offsets)
        self.ids: list[str] = part.table.trace_ids.to_pylist()
        # Few weights are different: fractions are made and added once for each.
        found, self.weight_of = np.unique(part.table.weights, return_inverse=True)
        self.weights = list(map(Fraction, found.tolist()))
        by_size = sorted(range(len(self.ids)), key=lambda i: (int(self.spans[i]), self.ids[i]))
        self.place = np.empty(len(by_size), np.int64)
        self.place[by_size] = np.arange(len(by_size))

    def counts(self, traces: Int64s) -> Counts:
        """Add up `traces`, none of them twice, as one group."""
        return self.groups(np.zeros(len(traces), np.int64), traces, 1, examples=True)[0]

    def groups(self, groups: Int64s, traces: Int64s, count: int, *, examples: bool) -> list[Counts]:
        """Add up each of `count` groups. groups, traces: (pairs,) a group and a trace in it."""
        rules: list[list[dict[int, Volume]]] = [[] for _ in range(count)]
        for deciding in self.rules:
            # -1 is a rule's number, too.
            width = int(deciding.max(initial=-1)) + 2
            for by_rule in rules:
                by_rule.append({})
            keys = groups * width + deciding[traces] + 1
            for key, volume in self._volumes(keys, traces, examples=examples):
                rules[key // width][-1][key % width - 1] = volume
        totals = dict(self._volumes(groups, traces, examples=examples))
        return [
            Counts(total=totals.get(group, Volume()), rules=tuple(rules[group]))
            for group in range(count)
        ]

    def _volumes(
        self, keys: Int64s, traces: Int64s, *, examples: bool
    ) -> Iterator[tuple[int, Volume]]:
        """Yield the sum of each key's traces, keys ascending."""
        order = np.lexsort((self.place[traces], keys))
        keys, traces = keys[order], traces[order]
        bounds = [*np.flatnonzero(np.diff(keys, prepend=-1)).tolist(), len(keys)]
        for begin, end in pairwise(bounds):
            inside = traces[begin:end]
            weights, spans = self.weight_of[inside], self.spans[inside]
            used, code = np.unique(weights, return_inverse=True)
            counts = np.bincount(code)
            # Sums of int64 beyond 2 ** 53 would not be exact as `bincount` adds them.
            sums = np.zeros(len(used), np.int64)
            np.add.at(sums, code, spans)
            yield (
                int(keys[begin]),
                volumes_added(
                    Volume(
                        traces=traces_of_weight,
                        spans=spans_of_weight,
                        weight=self.weights[number] * traces_of_weight,
                        events=self.weights[number] * spans_of_weight,
                        smallest=self._smallest(inside) if examples and not at else (),
                    )
                    for at, (number, traces_of_weight, spans_of_weight) in enumerate(
                        zip(used.tolist(), counts.tolist(), sums.tolist(), strict=True)
                    )
                ),
            )

    def _smallest(self, inside: Int64s) -> tuple[tuple[int, str], ...]:
        chosen = inside[:EXAMPLES_MAX].tolist()
        return tuple((int(self.spans[i]), self.ids[i]) for i in chosen)
