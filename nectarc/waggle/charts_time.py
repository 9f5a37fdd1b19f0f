"""The chart of events a second over time: arriving, kept, the budget.

Owns: the axes of time and rate. Must not know: how anything was counted.
Breaks of the recording are closed to a gap, so that the axis is as long as what was recorded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import floor, log10
from typing import Final

from nectarc.prove.words import number_words
from nectarc.waggle.charts import NARROW, Json, Spec, paint, spec_of
from nectarc.waggle.clock import utc_words
from nectarc.waggle.records import Bucket, Timeline

_HEIGHT: Final = 200
_BELOW: Final = 26
_ABOVE: Final = 10
_DIGIT: Final = 7
_GAP: Final = 0.02  # of the whole time, for a break
_NEAR: Final = 1.6  # times the highest rate: a budget beyond would flatten everything
_STEPS_S: Final = (
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200,
    86_400, 172_800, 604_800, 2_592_000, 31_536_000,
)  # fmt: skip
_NS: Final = 1_000_000_000
_DAY_S: Final = 86_400


def shows_budget(timeline: Timeline) -> bool:
    """Say whether the line of the budget is near enough to be drawn."""
    return timeline.budget is not None and timeline.budget <= _NEAR * _highest(timeline)


def time_spec(timeline: Timeline, width: int) -> Spec:
    """Return the chart."""
    starts, end = _placed(timeline.buckets)
    top = _highest(timeline)
    budget = timeline.budget if shows_budget(timeline) else None
    marks = _marks(max(top, budget or 0.0))
    left = 12 + _DIGIT * max(len(number_words(one)) for one in marks)
    inner = width - left - 12
    x: Json = {
        "field": "at",
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [0, end], "nice": False},
        "axis": _axis(*_times(timeline.buckets, starts, end, inner, width)),
    }
    y: dict[str, Json] = {
        "field": "rate",
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [0, marks[-1]], "nice": False},
        "axis": {**_axis(marks, [number_words(one) for one in marks]), "grid": True},
    }
    arriving = _points(timeline.buckets, starts, "arriving")
    kept = _points(timeline.buckets, starts, "kept")
    # What arrives is outlined last: where all is kept, the outline would be hidden.
    layers: list[Spec] = [
        _steps(arriving, {"type": "area", "color": paint("left")}, x, y),
        _steps(kept, {"type": "area", "color": paint("kept")}, x, y),
        _steps(kept, {"type": "line", "color": paint("kept"), "strokeWidth": 1.5}, x, y),
        _steps(arriving, {"type": "line", "color": paint("taken"), "strokeWidth": 1.5}, x, y),
    ]
    if budget is not None:
        layers.append({
            "data": {"values": [{"rate": budget}]},
            "mark": {
                "type": "rule",
                "strokeWidth": 2,
                "strokeDash": [6, 4],
                "color": paint("budget"),
                "aria": False,
            },
            "encoding": {"y": y},
        })  # fmt: skip
    return spec_of(
        inner,
        _HEIGHT,
        layers,
        padding={"left": left, "right": 12, "top": _ABOVE, "bottom": _BELOW},
    )


def _highest(timeline: Timeline) -> float:
    return max(max(one.arriving, one.kept) for one in timeline.buckets)


def _placed(buckets: Sequence[Bucket]) -> tuple[list[float], float]:
    """Return where each bucket starts, in seconds of recorded time and gaps, and the end."""
    gap = _GAP * sum(one.seconds for one in buckets)
    starts: list[float] = []
    at = 0.0
    for number, one in enumerate(buckets):
        if one.after_break and number:
            at += gap
        starts.append(at)
        at += one.seconds
    return starts, at


def _points(buckets: Sequence[Bucket], starts: Sequence[float], name: str) -> list[Json]:
    points: list[Json] = []
    part = 0
    for number, (one, start) in enumerate(zip(buckets, starts, strict=True)):
        rate: float = getattr(one, name)
        if one.after_break and number:
            part += 1
        points.append({"at": start, "rate": rate, "part": part})
        is_last = number + 1 == len(buckets) or buckets[number + 1].after_break
        if is_last:
            points.append({"at": start + one.seconds, "rate": rate, "part": part})
    return points


def _steps(values: Sequence[Json], mark: Spec, x: Json, y: Mapping[str, Json]) -> Spec:
    return {
        "data": {"values": values},
        "mark": {**mark, "interpolate": "step-after", "opacity": 1, "aria": False},
        "encoding": {
            "x": x,
            "y": {**y, "stack": None},
            "detail": {"field": "part", "type": "nominal"},
        },
    }


def _axis(places: Sequence[float], names: Sequence[str]) -> dict[str, Json]:
    said = ", ".join(f"'{one}'" for one in names)
    at = ", ".join(repr(float(one)) for one in places)
    return {
        "values": list(places),
        "labelExpr": f"[{said}][indexof([{at}], datum.value)]",
        "labelFontSize": 12,
        "labelPadding": 6,
        "labelColor": paint("muted"),
        "labelOverlap": False,
        "labelBound": False,
        "gridColor": paint("grid"),
        "domain": False,
        "ticks": False,
        "grid": False,
    }


def _marks(top: float) -> list[float]:
    """Return round rates from 0 to at least `top`, four or five of them."""
    if top <= 0:
        return [0.0, 1.0]
    step = 10.0 ** floor(log10(top / 4))
    step = next(step * one for one in (1, 2, 2.5, 5, 10) if step * one * 4 >= top * 0.999)
    marks = [0.0]
    while marks[-1] < top * 0.999:
        marks.append(float(f"{step * len(marks):.6g}"))
    return marks


def _times(
    buckets: Sequence[Bucket], starts: Sequence[float], end: float, inner: int, width: int
) -> tuple[list[float], list[str]]:
    """Return where the axis names a time, and the names; never so near that they touch."""
    most = 3 if width <= NARROW else 6
    step = next((one for one in _STEPS_S if end / one <= most), _STEPS_S[-1])
    is_one_day = buckets[0].start_ns // (_DAY_S * _NS) == buckets[-1].start_ns // (_DAY_S * _NS)
    apart = (8 if is_one_day else 12) * _DIGIT * end / inner
    places: list[float] = []
    names: list[str] = []
    before: int | None = None
    for one, start in zip(buckets, starts, strict=True):
        slot = one.start_ns // (step * _NS)
        is_new = before is None or slot != before
        before = slot
        if is_new and (not places or start - places[-1] >= apart) and end - start >= apart / 2:
            places.append(start)
            words = utc_words(one.start_ns)
            clock = words[11:] if step < 60 else words[11:16]
            if step >= _DAY_S:
                names.append(words[:10])
            else:
                names.append(clock if is_one_day else f"{words[5:10]} {clock}")
    return places, names
