"""What a change does to a corpus: kept events, cost, traces that change, errors by service.

Owns: the counts and their intervals. Must not know: layout, files.
Both sides are drawn together in the bootstrap (nectarc/prove/flow.py), so that the interval of a
change is that of the change, not of two unrelated guesses.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

import numpy as np

from nectarc.compare.sides import NO_RULE, Fate, Target
from nectarc.corpus.span_table import SpanTable
from nectarc.prove.corpus_decisions import (
    Asked,
    DecidedPart,
    Decisions,
    Float64s,
    Int64s,
    TraceSource,
    decide_corpus,
    trace_at,
)
from nectarc.prove.critical import FIELDS, FailingServices, failing_services
from nectarc.prove.flow import INTERVAL, drawn_sums, recording_of
from nectarc.prove.trace_names import FIELDS as NAMING_FIELDS
from nectarc.prove.trace_names import describe_trace
from nectarc.records import record

_SEED: Final = 0
_EXAMPLES_MAX: Final = 2
_GROUPS_MAX: Final = 20
_SERVICES_MAX: Final = 12
_QUANTILES: Final = (0.5 - INTERVAL / 2, 0.5 + INTERVAL / 2)
_NO_SERVICE: Final = "(no service name)"


@record
class Interval:
    """An estimate, and where 95 of 100 such corpora would put it."""

    value: float
    low: float
    high: float


@record
class Example:
    """A trace of the corpus: its id, and what to call it (`web GET /cart, 12 spans`)."""

    trace_id: str
    words: str


@record(kw_only=True)
class MovedTraces:
    """Traces that entry `left` decided and entry `right` decides now, with another effect.

    traces, weight: how many, and how many real ones they stand for.
    before, after:  events of them that are kept. examples: the smallest of them.
    """

    left: int | None
    right: int | None
    traces: int
    weight: float
    before: float
    after: float
    examples: tuple[Example, ...]


@record(kw_only=True)
class ServiceErrors:
    """Traces in which a span of the service fails, and the share of them that is kept."""

    service: str
    traces: int
    weight: float
    before: Interval
    after: Interval


@record(kw_only=True)
class TrafficChange:
    """What the change does to the corpus.

    traces, spans: of the corpus. weight: real traces that they stand for. events: real events.
    before, after: share of the events that is kept. change: kept events after by before, less 1;
                   None where nothing was kept before.
    per_second:    real events a second, None where neither the times nor the user tell.
    moved:         by pair of rules, most events first. moved_traces, moved_weight: all of them.
    services:      those with errors, what is lost first.
    services_left: how many more there are.
    error_before, error_after: share of all traces with an error that is kept; None without one.
    notes:         what had to be guessed.
    """

    traces: int
    spans: int
    weight: float
    events: float
    before: Interval
    after: Interval
    change: Interval | None
    per_second: float | None
    moved: tuple[MovedTraces, ...]
    moved_traces: int
    moved_weight: float
    services: tuple[ServiceErrors, ...]
    services_left: int
    error_before: Interval | None
    error_after: Interval | None
    notes: tuple[str, ...]


def compare_traffic(
    left: Target, right: Target, source: TraceSource, traces_per_second: float | None
) -> TrafficChange:
    """Decide the corpus by both sides; one pass. traces_per_second: of the user's own traffic."""
    services = _Services()
    asked = Asked(lists=(left.decided, right.decided), fields=FIELDS)
    decisions = decide_corpus(source, asked, services.visit)
    return _Change(left, right, decisions, services, traces_per_second).told()


class _Services:
    """Gathers which traces of the corpus fail in which service."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.traces: list[Int64s] = []
        self.services: list[Int64s] = []

    def visit(self, part: DecidedPart) -> None:
        """Add the pairs of one partition."""
        found = failing_services(part.table)
        names = [*found.names, _NO_SERVICE]  # the index -1 is the last
        known = [self.numbers.setdefault(names[code], len(self.numbers)) for code in _used(found)]
        number_of = np.full(len(names), -1, np.int64)
        number_of[list(_used(found))] = known
        self.traces.append(found.traces + part.first)
        self.services.append(number_of[found.services])

    def pairs(self) -> tuple[Int64s, Int64s]:
        """Return (pairs,) traces of the corpus and numbers of services."""
        none = np.empty(0, np.int64)
        return np.concatenate([none, *self.traces]), np.concatenate([none, *self.services])


class _Change:
    """The arithmetic of one change."""

    def __init__(
        self,
        left: Target,
        right: Target,
        decisions: Decisions,
        services: _Services,
        traces_per_second: float | None,
    ) -> None:
        self.left, self.right, self.decisions, self.services = left, right, decisions, services
        self.events: Float64s = decisions.span_counts * decisions.weights
        self.total = float(self.events.sum())
        self.weight = float(decisions.weights.sum())
        self.notes: dict[str, None] = {}
        self.tables: dict[int, SpanTable] = {}
        self.per_second = self._events_per_second(traces_per_second)
        self.shares = (self._shares(0, left), self._shares(1, right))
        self.kept = (self.events * self.shares[0], self.events * self.shares[1])

    def told(self) -> TrafficChange:
        """Return everything that there is to say."""
        decisions = self.decisions
        sums = [*self.kept, self.events]
        drawn = drawn_sums(np.stack(sums), _SEED)
        moved, moved_traces, moved_weight = self._moved()
        services, errors = self._errors()
        return TrafficChange(
            traces=len(decisions),
            spans=int(decisions.span_counts.sum()),
            weight=self.weight,
            events=self.total,
            before=_ratio(self.kept[0].sum(), self.total, drawn[:, 0], drawn[:, 2]),
            after=_ratio(self.kept[1].sum(), self.total, drawn[:, 1], drawn[:, 2]),
            change=self._relative(drawn),
            per_second=self.per_second,
            moved=moved,
            moved_traces=moved_traces,
            moved_weight=moved_weight,
            services=services[:_SERVICES_MAX],
            services_left=max(0, len(services) - _SERVICES_MAX),
            error_before=errors[0] if errors else None,
            error_after=errors[1] if errors else None,
            notes=tuple(self.notes),
        )

    def _relative(self, drawn: Float64s) -> Interval | None:
        before, after = (float(one.sum()) for one in self.kept)
        if not before:
            return None
        ratio = _ratio(after, before, drawn[:, 1], drawn[:, 0])
        return Interval(ratio.value - 1, ratio.low - 1, ratio.high - 1)

    def _events_per_second(self, traces_per_second: float | None) -> float | None:
        if traces_per_second is not None:
            return traces_per_second * self.total / self.weight
        recording = recording_of(self.decisions.start_ns)
        if not recording.seconds:
            return None
        timed = self.decisions.start_ns > 0
        return float(self.events[timed].sum()) / recording.seconds

    def _shares(self, row: int, target: Target) -> Float64s:
        """Return the share of each trace that is kept. (traces,)."""
        rules = self.decisions.rules[row].astype(np.int64)
        arriving = np.bincount(rules + 1, self.events, len(target.fates) + 1)
        shares = [
            self._share(fate, float(events))
            for fate, events in zip((target.default, *target.fates), arriving, strict=True)
        ]
        found: Float64s = np.array(shares)[rules + 1]
        return found

    def _share(self, fate: Fate, events: float) -> float:
        """Return the share that an entry keeps of the `events` of the corpus that it decides."""
        if fate.share is not None:
            return fate.share
        if not events:
            return 1.0
        who = "the target's sampler" if fate.rule == NO_RULE else f"rule `{fate.rule}`"
        if fate.goal is None:
            self.notes[f"{who} is counted as keeping all"] = None
            return 1.0
        if self.per_second is None:
            self.notes[
                f"{who} is counted as keeping all: the corpus does not tell how many"
                " events come a second (`[traffic] traces_per_second`)"
            ] = None
            return 1.0
        self.notes[f"{who} is taken to meet its goal on one Refinery node"] = None
        return min(1.0, fate.goal / (events / self.total * self.per_second))

    def _moved(self) -> tuple[tuple[MovedTraces, ...], int, float]:
        """Group the traces whose effect changes by the rules that decide them."""
        lefts, rights = (self.decisions.rules[row].astype(np.int64) for row in (0, 1))
        pairs, pair_of = np.unique(np.stack([lefts, rights]), axis=1, return_inverse=True)
        pair_of = pair_of.reshape(-1)
        groups: list[MovedTraces] = []
        for number, (left, right) in enumerate(pairs.T.tolist()):
            old, new = (None if left < 0 else left), (None if right < 0 else right)
            is_alike = self.left.decisions.effect_of(old) == self.right.decisions.effect_of(new)
            if not is_alike:
                groups.append(self._group(old, new, np.flatnonzero(pair_of == number)))
        groups.sort(key=lambda one: -abs(one.after - one.before))
        traces = sum(one.traces for one in groups)
        weight = sum(one.weight for one in groups)
        shown = groups[:_GROUPS_MAX]
        return tuple(shown), traces, weight

    def _group(self, left: int | None, right: int | None, traces: Int64s) -> MovedTraces:
        smallest = traces[np.argsort(self.decisions.span_counts[traces], kind="stable")]
        return MovedTraces(
            left=left,
            right=right,
            traces=len(traces),
            weight=float(self.decisions.weights[traces].sum()),
            before=float(self.kept[0][traces].sum()),
            after=float(self.kept[1][traces].sum()),
            examples=tuple(self._example(int(index)) for index in smallest[:_EXAMPLES_MAX]),
        )

    def _example(self, index: int) -> Example:
        """Read again what a trace is called, and nothing else of it."""
        place = bisect_right(self.decisions.firsts, index) - 1
        if place not in self.tables:
            partition = self.decisions.source.partitions()[self.decisions.numbers[place]]
            self.tables[place] = partition.load(NAMING_FIELDS)
        trace = trace_at(self.tables[place], index - self.decisions.firsts[place]).trace
        return Example(trace.trace_id, describe_trace(trace))

    def _errors(self) -> tuple[tuple[ServiceErrors, ...], tuple[Interval, Interval] | None]:
        """Return by service, and over all, the share of traces with an error that is kept."""
        traces, numbers = self.services.pairs()
        if not len(traces):
            return (), None
        rows: list[ServiceErrors] = []
        for name, number in self.services.numbers.items():
            failing = traces[numbers == number]
            before, after = self._coverage(failing)
            rows.append(
                ServiceErrors(
                    service=name,
                    traces=len(failing),
                    weight=float(self.decisions.weights[failing].sum()),
                    before=before,
                    after=after,
                )
            )
        rows.sort(key=lambda one: (one.after.value - one.before.value, -one.weight, one.service))
        return tuple(rows), self._coverage(np.unique(traces))

    def _coverage(self, traces: Int64s) -> tuple[Interval, Interval]:
        weights = self.decisions.weights[traces]
        sums = [weights * one[traces] for one in self.shares]
        drawn = drawn_sums(np.stack([*sums, weights]), _SEED)
        total = float(weights.sum())
        before, after = (
            _ratio(one.sum(), total, drawn[:, row], drawn[:, 2]) for row, one in enumerate(sums)
        )
        return before, after


def _ratio(above: float, below: float, drawn_above: Float64s, drawn_below: Float64s) -> Interval:
    """Return above / below, and the quantiles of the drawn ratios."""
    value = float(above) / below if below else 0.0
    is_drawn = drawn_below > 0
    if not is_drawn.any():
        return Interval(value, value, value)
    ratios = np.maximum(drawn_above[is_drawn], 0) / drawn_below[is_drawn]
    low, high = np.quantile(ratios, _QUANTILES).tolist()
    return Interval(value, min(low, value), max(high, value))


def _used(found: FailingServices) -> Sequence[int]:
    codes: list[int] = np.unique(found.services).tolist()
    return codes
