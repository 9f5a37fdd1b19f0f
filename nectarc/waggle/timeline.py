"""Kept and arriving events a second over the time of a corpus.

Owns: buckets. Must not know: layout, calendars. Truth: docs/prove.md, "Budget": the mean and the
peaks are those of `prove`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from nectarc.prove.corpus_decisions import Float64s, Int64s
from nectarc.prove.flow import (
    Load,
    Recording,
    break_ns,
    estimate_mean,
    estimate_peaks,
    recording_of,
)
from nectarc.prove.words import number_words
from nectarc.render.counting import counted as number_of
from nectarc.waggle.cascade import Counted
from nectarc.waggle.records import Basis, Bucket, Timeline

_SECOND_NS: Final = 1_000_000_000
# Lengths that people read; the first with which a corpus has few enough buckets.
_LENGTHS_S: Final = (
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400,
    604_800, 2_592_000, 31_536_000,
)  # fmt: skip
_BUCKETS_MAX: Final = 120
NO_TIMES: Final = (
    "the corpus spans less than a second: its traces carry no times, or one time, so nothing tells"
    " how many events come a second (`[traffic] traces_per_second` in nectar.toml would)"
)
NO_SPAN: Final = (
    "the corpus carries no times to draw a line over; `[traffic] traces_per_second` alone gives the"
    " mean"
)


def load_of(counted: Counted) -> Load:
    """Return what each trace brings, and what is kept of it."""
    subject, sums, shares = counted.subject, counted.sums, counted.shares
    entries = (*subject.entries, subject.default)
    is_capped = np.array([one is Basis.GOAL_FLOW for one in shares.bases])
    known = np.where(is_capped, 0.0, shares.value)
    capped = tuple(
        (entry.goal, np.where(sums.place == number, sums.events, 0.0))
        for number, entry in enumerate(entries)
        if is_capped[number] and entry.goal is not None and sums.traces[number]
    )
    return Load(
        events=sums.events,
        kept=sums.events * known[sums.place],
        capped=capped,
        weights=counted.census.decisions.weights,
        start_ns=counted.census.decisions.start_ns,
    )


def timeline_of(
    load: Load,
    *,
    traces_per_second: float | None,
    budget: float | None,
    notes: tuple[str, ...],
    seed: int,
) -> Timeline | None:
    """Return the line; None where nothing tells how much comes a second."""
    recording = recording_of(load.start_ns)
    mean = estimate_mean(load, recording, traces_per_second, seed)
    if mean is None:
        return None
    buckets, length_s, scale = _buckets(load, recording, traces_per_second)
    return Timeline(
        buckets=buckets,
        bucket_s=length_s,
        scale=scale,
        budget=budget,
        over=sum(budget is not None and one.kept > budget for one in buckets),
        mean=mean,
        peaks=estimate_peaks(load, recording, traces_per_second, seed),
        basis=_basis(load, recording, traces_per_second),
        notes=notes,
    )


def _buckets(
    load: Load, recording: Recording, traces_per_second: float | None
) -> tuple[tuple[Bucket, ...], float, float]:
    """Return the buckets, their usual length, and the scale of `Timeline`."""
    timed = load.start_ns > 0
    if not recording.seconds:
        return (), 0.0, 1.0
    order = np.argsort(load.start_ns[timed], kind="stable")
    times = load.start_ns[timed][order]
    weight = float(load.weights[timed].sum())
    # Traces without a time are taken to have come as the others did.
    untimed = float(load.weights.sum()) / weight
    scale = 1.0
    if traces_per_second is not None:
        scale = traces_per_second * recording.seconds / (weight * untimed)
    columns = np.stack([load.events, load.kept, *(events for _, events in load.capped)])
    columns = columns[:, timed][:, order] * scale * untimed
    caps = np.array([cap for cap, _ in load.capped])
    gaps = np.diff(times)
    starts = [0, *(np.flatnonzero(gaps > break_ns(gaps)) + 1).tolist()]
    length = _length(recording.seconds)
    if len(starts) > _BUCKETS_MAX // 2:
        # So many breaks: one line over all of it, quiet between.
        starts = [0]
        length = _length(float(times[-1] - times[0]) / _SECOND_NS)
    sums = np.concatenate([np.zeros((len(columns), 1)), np.cumsum(columns, axis=1)], axis=1)
    ends = [*starts[1:], len(times)]
    buckets = [
        bucket
        for begin, end in zip(starts, ends, strict=True)
        for bucket in _of_recording(times, sums, caps, (begin, end), length)
    ]
    return tuple(buckets), float(length), scale


def _of_recording(
    times: Int64s, sums: Float64s, caps: Float64s, traces: tuple[int, int], length_s: int
) -> Iterator[Bucket]:
    """Yield the buckets of one recording. sums: (2 + goals, traces + 1) cumulated."""
    begin, end = traces
    first, last = int(times[begin]), int(times[end - 1])
    length = length_s * _SECOND_NS
    # A last bucket that is less than half full joins the one before.
    count = max(1, round((last - first) / length))
    for number in range(count):
        start = first + number * length
        is_last = number == count - 1
        stop = max(last + 1, start + (length if count == 1 else 1)) if is_last else start + length
        low, high = np.searchsorted(times[begin:end], (start, stop)) + begin
        seconds = (stop - start) / _SECOND_NS
        rates = (sums[:, high] - sums[:, low]) / seconds
        yield Bucket(
            start_ns=start,
            seconds=seconds,
            arriving=float(rates[0]),
            kept=float(rates[1] + np.minimum(rates[2:], caps).sum()),
            after_break=number == 0 and begin > 0,
        )


def _length(seconds: float) -> int:
    return next((one for one in _LENGTHS_S if seconds / one <= _BUCKETS_MAX), _LENGTHS_S[-1])


def _basis(load: Load, recording: Recording, rate: float | None) -> str:
    total = float(load.weights.sum())
    traces = number_of(len(load.weights), "corpus trace")
    if total != len(load.weights):
        traces += f" that stand for {number_words(total)}"
    if rate is not None:
        return f"from `traces_per_second = {number_words(rate)}` in the shape of {traces}"
    words = f"from {number_words(recording.seconds)} s of {traces}"
    if recording.recordings > 1:
        words += f", breaks between {recording.recordings} recordings left out"
    untimed = len(load.weights) - recording.timed
    return words + (f", {untimed:,} of them without a time" if untimed else "")
