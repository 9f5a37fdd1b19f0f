"""What is lost of a corpus: by rule, by kind of trace, and of what fails.

Owns: the groups and their order. Must not know: layout.
Lost is what is not kept on average over draws: a trace of which 1 in 100 is kept loses 99 % of its
events.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from nectarc.prove.corpus_decisions import Float64s, Int64s
from nectarc.render.counting import counted as number_of
from nectarc.report.words import sampler_words
from nectarc.waggle.cascade import Counted
from nectarc.waggle.intervals import share_interval
from nectarc.waggle.records import Amount, Fate, Interval, Ledger, LostErrors, LostGroup, RuleReport
from nectarc.waggle.subjects import Entry

_GROUPS_MAX: Final = 12
_NEVER_MAX: Final = 12
_ERRORS_MAX: Final = 12
_EXAMPLES_MAX: Final = 3
_RULES_MAX: Final = 3
# Sums of losses that are nothing but rounding.
_NOTHING: Final = 1e-9


def ledger_of(rules: Sequence[RuleReport], counted: Counted) -> Ledger:
    """Write down what is lost. rules: `rule_reports` of the same."""
    sums, shares, census = counted.sums, counted.shares, counted.census
    book = _Book(counted)
    groups = book.groups()
    never = sorted(
        (one for one in groups if book.is_never(one)), key=lambda one: -book.group_events[one]
    )
    errors = book.errors()
    events = float(book.lost_events.sum())
    total = float(sums.events.sum())
    shown = groups[:_GROUPS_MAX]
    by_rule = [(rule.name, rule.lost_events) for rule in rules if rule.lost_events > _NOTHING]
    return Ledger(
        events=events,
        traces=float((census.decisions.weights * book.lost).sum()),
        of_events=events / total if total else 0.0,
        by_rule=tuple(sorted(by_rule, key=lambda pair: -pair[1])),
        groups=tuple(book.group(one) for one in shown),
        groups_left=len(groups) - len(shown),
        left_events=float(sum(book.group_lost[one] for one in groups[_GROUPS_MAX:])),
        never=tuple(book.group(one) for one in never[:_NEVER_MAX]),
        never_left=max(0, len(never) - _NEVER_MAX),
        errors=tuple(book.failing(*pair) for pair in errors[:_ERRORS_MAX]),
        errors_left=max(0, len(errors) - _ERRORS_MAX),
        error_traces=book.error_traces(),
        error_kept=book.error_kept(least=float(shares.value.min()), most=float(shares.value.max())),
    )


class _Book:
    """The sums by kind of trace, and by failing service and rule."""

    def __init__(self, counted: Counted) -> None:
        subject, sums, census = counted.subject, counted.sums, counted.census
        self.sums, self.census, self.reader = sums, census, counted.reader
        self.entries = (*subject.entries, subject.default)
        self.weights: Float64s = census.decisions.weights
        # (traces,) the share of each that is not kept.
        self.lost: Float64s = 1 - counted.shares.value[sums.place]
        self.lost_events: Float64s = sums.events * self.lost
        count = len(census.kinds)
        self.group_events = np.bincount(census.kind_of, sums.events, count)
        self.group_lost = np.bincount(census.kind_of, self.lost_events, count)
        # By kind: traces in the order of their kinds, and where each kind begins.
        self.order: Int64s = np.argsort(census.kind_of, kind="stable")
        self.begins = np.searchsorted(census.kind_of[self.order], np.arange(count + 1))
        traces, services = census.failing
        self.pairs = traces, services, sums.place[traces]

    def groups(self) -> list[int]:
        """Return the kinds of which something is lost, most first."""
        kinds = np.flatnonzero(self.group_lost > _NOTHING).tolist()
        names = [one.words for one in self.census.kinds]
        return sorted(kinds, key=lambda one: (-self.group_lost[one], names[one]))

    def is_never(self, kind: int) -> bool:
        """Say whether nothing of a kind is kept."""
        return bool((self.lost[self._traces(kind)] == 1).all())

    def group(self, kind: int) -> LostGroup:
        """Describe one kind."""
        traces = self._traces(kind)
        found = self.census.kinds[kind]
        lost = traces[self.lost[traces] > 0]
        events = float(self.group_events[kind])
        return LostGroup(
            words=found.words,
            service=found.service,
            operation=found.operation,
            status=found.status,
            fails=found.fails,
            traffic=self._amount(traces),
            lost_traces=self._lost_traces(traces),
            lost_events=float(self.group_lost[kind]),
            share=float(self.group_lost[kind]) / events if events else 0.0,
            rules=tuple(self._rules(lost)),
            examples=self.reader.read(self.census.examples(lost, _EXAMPLES_MAX)),
        )

    def errors(self) -> list[tuple[int, int]]:
        """Return pairs of a service and an entry that may lose its failing traces, most first."""
        traces, services, places = self.pairs
        is_lost = self.lost[traces] > 0
        if not is_lost.any():
            return []
        keys = np.stack([services[is_lost], places[is_lost]])
        pairs, pair_of = np.unique(keys, axis=1, return_inverse=True)
        lost = np.bincount(pair_of.reshape(-1), self.lost_events[traces[is_lost]])
        order = np.argsort(-lost, kind="stable").tolist()
        found: list[list[int]] = pairs.T.tolist()
        return [(found[one][0], found[one][1]) for one in order]

    def failing(self, service: int, place: int) -> LostErrors:
        """Describe the failing traces of one service that one entry decides."""
        pair_traces, services, places = self.pairs
        traces = pair_traces[(services == service) & (places == place)]
        name, entry = self.census.services[service], self.entries[place]
        rule, action = entry.name, entry.action
        number = number_of(len(traces), "trace")
        return LostErrors(
            service=name,
            rule=rule,
            action=action,
            words=f"{name or 'a service without a name'} fails in {number}, {_fate_words(entry)}",
            traffic=self._amount(traces),
            lost_traces=self._lost_traces(traces),
            lost_events=float(self.lost_events[traces].sum()),
            examples=self.reader.read(self.census.examples(traces, _EXAMPLES_MAX)),
        )

    def error_traces(self) -> float:
        """Return how many real traces have a failing span."""
        return float(self.weights[np.unique(self.pairs[0])].sum())

    def error_kept(self, *, least: float, most: float) -> Interval | None:
        """Return the share of failing traces that is kept."""
        traces = np.unique(self.pairs[0])
        if not len(traces):
            return None
        weights = self.weights[traces]
        return share_interval(weights, np.square(weights), 1 - self.lost[traces], least, most)

    def _traces(self, kind: int) -> Int64s:
        found: Int64s = self.order[self.begins[kind] : self.begins[kind + 1]]
        return found

    def _rules(self, lost: Int64s) -> Iterator[str]:
        by_rule = np.bincount(self.sums.place[lost], self.lost_events[lost], len(self.entries))
        for place in np.argsort(-by_rule, kind="stable")[:_RULES_MAX].tolist():
            if by_rule[place] > 0:
                yield self.entries[place].name

    def _lost_traces(self, traces: Int64s) -> float:
        return float((self.weights[traces] * self.lost[traces]).sum())

    def _amount(self, traces: Int64s) -> Amount:
        return Amount(
            traces=len(traces),
            weight=float(self.weights[traces].sum()),
            events=float(self.sums.events[traces].sum()),
        )


def _fate_words(entry: Entry) -> str:
    match entry.fate:
        case Fate.DROP if entry.action != "drop":
            return "lost: Refinery's process ends"
        case Fate.DROP:
            return f"dropped by `{entry.name}`"
        case Fate.BY_FLOW:
            return f"left to {sampler_words(entry.action)} by `{entry.name}`"
        case _:
            return f"kept {entry.action} by `{entry.name}`"
