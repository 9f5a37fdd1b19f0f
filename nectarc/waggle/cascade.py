"""What each rule takes and keeps of a corpus, and what it leaves for the next.

Owns: the sums of the cascade, the kept share of each rule. Must not know: layout, time lines.
Truth: docs/explain.md, "Figures".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from nectarc.prove.corpus_decisions import Float64s, Int64s
from nectarc.prove.flow import recording_of
from nectarc.records import record
from nectarc.report.words import sampler_words
from nectarc.waggle.census import Census, ExampleReader
from nectarc.waggle.intervals import share_interval
from nectarc.waggle.records import Amount, Basis, Interval, Kept, RuleReport
from nectarc.waggle.subjects import Entry, Subject

_EXAMPLES_MAX: Final = 2


@record(kw_only=True)
class Sums:
    """What the corpus brings to each entry of a subject; the last is the default.

    place:   (traces,) index of the entry that decides.  events: (traces,) real events.
    traces, weights, spans: (entries + 1,) exemplars, real traces, real events.
    weight_squares, event_squares: (entries + 1,) of each trace's, for intervals.
    per_second: real events a second of the whole traffic, None where nothing tells.
    """

    place: Int64s
    events: Float64s
    traces: Int64s
    weights: Float64s
    spans: Float64s
    weight_squares: Float64s
    event_squares: Float64s
    per_second: float | None


@record(kw_only=True)
class KeptShares:
    """The kept share of each entry, the default last; (entries + 1,) each.

    value: as it counts.  low, high: what it may be.  notes: what had to be guessed.
    """

    value: Float64s
    low: Float64s
    bases: tuple[Basis, ...]
    notes: tuple[str, ...]


@record(kw_only=True)
class Counted:
    """A subject with everything that was counted of it."""

    subject: Subject
    census: Census
    sums: Sums
    shares: KeptShares
    reader: ExampleReader


def count(
    subject: Subject,
    census: Census,
    reader: ExampleReader,
    *,
    number: int = 0,
    traces_per_second: float | None = None,
) -> Counted:
    """Count a subject, which is list `number` of the census.

    traces_per_second: of the user's own traffic, None where the corpus's times are to tell.
    """
    sums = sums_of(census, number, subject, traces_per_second)
    return Counted(
        subject=subject,
        census=census,
        sums=sums,
        shares=kept_shares(subject, sums),
        reader=reader,
    )


def sums_of(census: Census, number: int, subject: Subject, traces_per_second: float | None) -> Sums:
    """Add up the corpus by the entries of `subject`; arguments as in `count`."""
    decisions = census.decisions
    rules = decisions.rules[number].astype(np.int64)
    length = len(subject.entries) + 1
    place = np.where(rules < 0, length - 1, rules)
    weights = decisions.weights
    events = weights * decisions.span_counts
    return Sums(
        place=place,
        events=events,
        traces=np.bincount(place, minlength=length),
        weights=_summed(place, weights, length),
        spans=_summed(place, events, length),
        weight_squares=_summed(place, np.square(weights), length),
        event_squares=_summed(place, np.square(events), length),
        per_second=_events_per_second(census, events, traces_per_second),
    )


def kept_shares(subject: Subject, sums: Sums) -> KeptShares:
    """Say of each entry which share of its events it keeps."""
    entries = (*subject.entries, subject.default)
    found = [_kept_share(entry, sums, number) for number, entry in enumerate(entries)]
    bases = tuple(basis for _, basis in found)
    return KeptShares(
        value=np.array([share for share, _ in found]),
        low=np.array([0.0 if basis is Basis.NOTHING else share for share, basis in found]),
        bases=bases,
        notes=tuple(_notes(entries, bases, sums)),
    )


def rule_reports(counted: Counted) -> tuple[RuleReport, ...]:
    """Return the steps of the cascade; one for the default where traffic may come to it."""
    subject, sums, shares = counted.subject, counted.sums, counted.shares
    reports: list[RuleReport] = []
    left = _amount(sums, slice(None))
    has_default = bool(sums.traces[-1]) or not subject.entries
    entries = [*subject.entries, *([subject.default] if has_default else ())]
    for number, entry in enumerate(entries):
        reaching = left
        decided = _amount(sums, slice(number, number + 1))
        left = _less(reaching, decided)
        chosen = np.flatnonzero(sums.place == number) if decided.traces else np.empty(0, np.int64)
        kept = kept_of(decided, float(shares.value[number]), float(shares.low[number]))
        is_default = number == len(subject.entries)
        reports.append(
            RuleReport(
                number=0 if is_default else number + 1,
                name=entry.name,
                description=entry.description,
                words=entry.words,
                action=entry.action,
                settings=entry.settings,
                fate=entry.fate,
                one_in=entry.one_in,
                share=entry.share,
                basis=shares.bases[number],
                reaching=reaching,
                decided=decided,
                left=left,
                of_traces=_part(sums.weights, sums.weight_squares, number),
                of_events=_part(sums.spans, sums.event_squares, number),
                kept=kept,
                lost_events=decided.events - kept.events.value,
                examples=counted.reader.read(counted.census.examples(chosen, _EXAMPLES_MAX)),
                is_unused=bool(len(sums.place)) and not decided.traces,
                refinery=entry.refinery,
            )
        )
    return tuple(reports)


def kept_of(decided: Amount, share: float, low: float) -> Kept:
    """Return what is kept of `decided`; `low` is the least share that it may be."""
    return Kept(
        traces=Interval(decided.weight * share, decided.weight * low, decided.weight * share),
        events=Interval(decided.events * share, decided.events * low, decided.events * share),
        share=share,
    )


def kept_in_all(sums: Sums, shares: KeptShares) -> tuple[Kept, Interval, Interval]:
    """Return what is kept of everything, and the shares of traces and of events."""
    traces = [float((sums.weights * one).sum()) for one in (shares.value, shares.low)]
    events = [float((sums.spans * one).sum()) for one in (shares.value, shares.low)]
    total = float(sums.spans.sum())
    kept = Kept(
        traces=Interval(traces[0], traces[1], traces[0]),
        events=Interval(events[0], events[1], events[0]),
        share=events[0] / total if total else 0.0,
    )
    of_traces = _kept_share_interval(sums.weights, sums.weight_squares, shares)
    return kept, of_traces, _kept_share_interval(sums.spans, sums.event_squares, shares)


def _kept_share_interval(sizes: Float64s, squares: Float64s, shares: KeptShares) -> Interval:
    least, most = float(shares.low.min()), float(shares.value.max())
    high = share_interval(sizes, squares, shares.value, least, most)
    if (shares.low == shares.value).all():
        return high
    low = share_interval(sizes, squares, shares.low, least, most)
    return Interval(high.value, low.low, high.high)


def _kept_share(entry: Entry, sums: Sums, number: int) -> tuple[float, Basis]:
    if entry.share is not None:
        return entry.share, Basis.GOAL_RATE if entry.is_goal else Basis.RULE
    events = float(sums.spans[number])
    if entry.goal is None or sums.per_second is None:
        return 1.0, Basis.NOTHING
    if not events:
        return 1.0, Basis.GOAL_FLOW
    arriving = events / float(sums.spans.sum()) * sums.per_second
    return min(1.0, entry.goal / arriving), Basis.GOAL_FLOW


def _notes(entries: Sequence[Entry], bases: Sequence[Basis], sums: Sums) -> Iterator[str]:
    for entry, basis, traces in zip(entries, bases, sums.traces.tolist(), strict=True):
        if not traces:
            continue
        who = f"`{entry.name}`"
        match basis:
            case Basis.NOTHING:
                why = (
                    f"{entry.action} decides by flow"
                    if entry.goal is None
                    else "the corpus does not tell how many events come a second"
                    " (`[traffic] traces_per_second` would)"
                )
                yield f"{who} may keep anything between none and all and counts as all: {why}"
            case Basis.GOAL_RATE:
                yield (
                    f"{who} is taken to keep 1 in {_rate(entry)} of every kind, its goal over all:"
                    f" {sampler_words(entry.action)} keeps more of rare keys and less of frequent"
                    " ones"
                )
            case Basis.GOAL_FLOW:
                yield (
                    f"{who} is taken to meet its goal of {entry.goal:g} events a second, on one"
                    " Refinery node, and to keep the same share of every kind"
                )
            case Basis.RULE:
                pass


def _rate(entry: Entry) -> str:
    return f"{round(1 / entry.share):,}" if entry.share else "?"


def _events_per_second(
    census: Census, events: Float64s, traces_per_second: float | None
) -> float | None:
    decisions = census.decisions
    weight = float(decisions.weights.sum())
    if traces_per_second is not None and weight:
        return traces_per_second * float(events.sum()) / weight
    recording = recording_of(decisions.start_ns)
    # Traces without a time are taken to have come in the time that the others took.
    return float(events.sum()) / recording.seconds if recording.seconds else None


def _part(sizes: Float64s, squares: Float64s, number: int) -> Interval:
    inside = np.zeros(len(sizes))
    inside[number] = 1
    return share_interval(sizes, squares, inside)


def _summed(place: Int64s, values: Float64s, count: int) -> Float64s:
    """Add `values` (traces,) up by `place`: (count,)."""
    return np.bincount(place, values, count).astype(np.float64)


def _amount(sums: Sums, which: slice) -> Amount:
    return Amount(
        traces=int(sums.traces[which].sum()),
        weight=float(sums.weights[which].sum()),
        events=float(sums.spans[which].sum()),
    )


def _less(whole: Amount, taken: Amount) -> Amount:
    # Without a trace left, what is left of the sums is rounding.
    if whole.traces == taken.traces:
        return Amount()
    return Amount(
        traces=whole.traces - taken.traces,
        weight=whole.weight - taken.weight,
        events=whole.events - taken.events,
    )
