"""Events a second that a policy keeps, with intervals from a bootstrap over the traces.

Owns: time (recordings, windows) and resampling. Must not know: budgets, words.
The bootstrap draws how often each trace of the corpus would come again, from a Poisson distribution
of mean 1 (Hanley and MacGibbon 2006), which for traces that arrive independently says how much such
a recording varies. Large corpora are drawn by groups of traces.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from nectarc.prove.corpus_decisions import Float64s, Int64s
from nectarc.records import record

DRAWS: Final = 1_000
INTERVAL: Final = 0.95
_QUANTILES: Final = (0.5 - INTERVAL / 2, 0.5 + INTERVAL / 2)
_SECOND_NS: Final = 1_000_000_000
WINDOWS_S: Final = (10, 60)
# Quieter for longer than this, and ten times longer than usual, the recording stood still; and in
# any case where it was quiet for an hour.
_BREAK_MIN_NS: Final = 600 * _SECOND_NS
_BREAK_MAX_NS: Final = 3_600 * _SECOND_NS
_BREAK_GAPS: Final = 10
# Less than this and a handful of traces would make any rate.
_SECONDS_MIN: Final = 1.0
_GROUPS_MAX: Final = 4_000
# A clock at the end of int64 leaves room for a window after it.
_LAST_NS: Final = 2**63 - 1 - max(WINDOWS_S) * _SECOND_NS


@record(kw_only=True)
class Estimate:
    """A rate in events a second, and the interval that 95 of 100 such recordings would put it in.

    Beside the kept rate stands what arrives (no interval).
    """

    kept: float
    low: float
    high: float
    arriving: float


@record(kw_only=True)
class Peak:
    """The busiest window of so many seconds; `kept` is its rate, not its sum.

    The interval is that of this window's own traces: of such a busy time, not of the busiest.
    """

    seconds: int
    kept: float
    low: float
    high: float


@record(kw_only=True)
class Recording:
    """When the corpus was recorded.

    seconds:    without the breaks; 0 where the times tell nothing.
    recordings: parts between breaks. timed: traces with a time.
    """

    seconds: float
    recordings: int
    timed: int


@record(kw_only=True)
class Load:
    """What each trace of the corpus brings, and what of it is kept.

    events:  (traces,) spans x weight: the events that it stands for.
    kept:    (traces,) how many of them are kept where the share is known.
    capped:  per rule with a goal a second, (cap, (traces,) events that reach it): at most `cap` of
             them are kept a second.
    weights: (traces,) how many real traces each stands for. start_ns: (traces,) 0 = not known.
    """

    events: Float64s
    kept: Float64s
    capped: Sequence[tuple[float, Float64s]]
    weights: Float64s
    start_ns: Int64s


def recording_of(start_ns: Int64s) -> Recording:
    """Measure the recording; neither backward clocks nor far-off times count as time recorded."""
    times = np.sort(start_ns[start_ns > 0])
    if len(times) < 2:
        return Recording(seconds=0.0, recordings=len(times), timed=len(times))
    gaps = np.diff(times)
    is_break = gaps > break_ns(gaps)
    seconds = float(gaps[~is_break].sum()) / _SECOND_NS
    return Recording(
        seconds=seconds if seconds >= _SECONDS_MIN else 0.0,
        recordings=1 + int(is_break.sum()),
        timed=len(times),
    )


def estimate_mean(
    load: Load, recording: Recording, traces_per_second: float | None, seed: int
) -> Estimate | None:
    """Estimate the mean rate; None when neither the times nor the user tell the traffic.

    traces_per_second: of the user's traffic, in the shape of the corpus; else the corpus's own.
    """
    total = float(load.weights.sum())
    if not total:
        return None
    if traces_per_second is None and not recording.seconds:
        return None
    rate = traces_per_second
    if rate is None:
        # Traces without a time are taken to have come in the time that the others took.
        rate = total / recording.seconds
    columns = np.stack([load.kept, load.weights, *(events for _, events in load.capped)])
    drawn = np.maximum(drawn_sums(columns, seed), 0)
    # Given a rate, only the mix of traces varies; else how many came does, too.
    per = drawn[:, 1] if traces_per_second is not None else np.full(len(drawn), total)
    per = np.where(per > 0, per, total)
    caps = [cap for cap, _ in load.capped]
    kept = _capped(drawn[:, 0] * rate / per, drawn[:, 2:] * (rate / per)[:, None], caps)
    low, high = np.quantile(kept, _QUANTILES).tolist()
    sums = columns.sum(axis=1)[None, :] * (rate / total)
    mean = float(_capped(sums[:, 0], sums[:, 2:], caps)[0])
    return Estimate(
        kept=mean,
        low=min(low, mean),
        high=max(high, mean),
        arriving=float(load.events.sum()) * rate / total,
    )


def estimate_peaks(
    load: Load, recording: Recording, traces_per_second: float | None, seed: int
) -> tuple[Peak, ...]:
    """Estimate the rates of the busiest windows, of those shorter than the recording."""
    timed = load.start_ns > 0
    times, weights = np.minimum(load.start_ns[timed], _LAST_NS), load.weights[timed]
    if not recording.seconds:
        return ()
    scale = float(load.weights.sum() / weights.sum())
    if traces_per_second is not None:
        scale = traces_per_second * recording.seconds / float(weights.sum())
    columns = np.stack([load.kept[timed], *(events[timed] for _, events in load.capped)])
    caps = [cap for cap, _ in load.capped]
    return tuple(
        _peak(times, columns * (scale / seconds), caps, seconds, seed)
        for seconds in WINDOWS_S
        if seconds <= recording.seconds
    )


def _peak(
    times: Int64s, columns: npt.NDArray[np.float64], caps: list[float], seconds: int, seed: int
) -> Peak:
    """Find the busiest window that begins with a trace, and draw its traces again.

    columns: (sums, traces).
    """
    order = np.argsort(times, kind="stable")
    ends = np.searchsorted(times[order], times[order] + seconds * _SECOND_NS, "left")
    before = np.concatenate([np.zeros((len(columns), 1)), np.cumsum(columns[:, order], 1)], 1)
    sums = (before[:, ends] - before[:, :-1]).T
    rates = _capped(*_split(sums), caps)
    busiest = int(np.argmax(rates))
    inside = columns[:, order[busiest : ends[busiest]]]
    drawn = np.maximum(drawn_sums(inside, seed), 0)
    low, high = np.quantile(_capped(*_split(drawn), caps), _QUANTILES).tolist()
    kept = float(_capped(*_split(inside.sum(axis=1)[None, :]), caps)[0])
    return Peak(seconds=seconds, kept=kept, low=min(low, kept), high=max(high, kept))


def _split(
    sums: npt.NDArray[np.float64],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Part the first of the sums (rates, sums) from those that a goal caps."""
    return sums[:, 0], sums[:, 1:]


def drawn_sums(columns: npt.NDArray[np.float64], seed: int) -> npt.NDArray[np.float64]:
    """Draw the sums of `columns` (sums, traces) again: (DRAWS, sums).

    Of very many traces, groups are drawn. Each trace falls into a group by chance, so
    that the groups' sums differ as sums of so many arrivals do, in number and in size; drawn around
    their mean, they vary the total as the traces would.
    """
    draw = np.random.default_rng(seed)
    traces = columns.shape[1]
    if traces > _GROUPS_MAX:
        group_of = draw.integers(_GROUPS_MAX, size=traces)
        columns = np.stack(
            [np.bincount(group_of, one, _GROUPS_MAX).astype(np.float64) for one in columns]
        )
    counts = draw.poisson(1.0, size=(DRAWS, columns.shape[1])).astype(np.float64)
    if traces <= _GROUPS_MAX:
        drawn: npt.NDArray[np.float64] = counts @ columns.T
        return drawn
    spread = columns - columns.mean(axis=1, keepdims=True)
    varied: npt.NDArray[np.float64] = columns.sum(axis=1)[None, :] + (counts - 1) @ spread.T
    return varied


def _capped(
    kept: npt.NDArray[np.float64], capped: npt.NDArray[np.float64], caps: list[float]
) -> npt.NDArray[np.float64]:
    """Add to `kept` (rates,) what each goal lets through of `capped` (rates, goals)."""
    through: npt.NDArray[np.float64] = np.minimum(capped, np.array(caps)[None, :]).sum(axis=1)
    return kept + through


def break_ns(gaps: Int64s) -> float:
    """Return how long it must be quiet for the recording to have stood still; `gaps` likewise."""
    usual = float(np.median(gaps[gaps > 0])) if (gaps > 0).any() else 0.0
    return min(max(_BREAK_MIN_NS, _BREAK_GAPS * usual), _BREAK_MAX_NS)
