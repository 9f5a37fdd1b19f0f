"""Charts of one bar a row: the flow through the rules, what is lost.

Owns: rows, bars, their labels. Must not know: what a row is about.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nectarc.records import record
from nectarc.waggle.charts import NARROW, Json, Spec, clipped, paint, spec_of

_STEP: Final = 46  # px a row: a line of text, a bar, air
_BAR: Final = 16
_LETTER: Final = 7.4  # px, generous for 13 px of any font
_BOLD: Final = 8.8
_APART: Final = 12
_FONT: Final = 13
_SEEN: Final = 2.0  # px that even the least share is drawn with


@record(kw_only=True)
class Segment:
    """A part of a bar from `start` to `end`. hint: is shown on hover."""

    paint: str
    start: float
    end: float
    hint: str = ""


@record(kw_only=True)
class Row:
    """A bar under its name. figures: at the right; short: where there is less room."""

    name: str
    figures: str
    short: str
    segments: tuple[Segment, ...]
    is_total: bool = False


def rows_spec(rows: Sequence[Row], most: float, width: int) -> Spec:
    """Return the chart; `most` is what fills the width."""
    is_narrow = width <= NARROW
    bars: list[Json] = []
    labels: list[Json] = []
    for number, row in enumerate(rows):
        figures = row.short if is_narrow else row.figures
        room = room_beside(figures, width)
        labels.append({
            "row": number,
            "name": clipped(row.name, room),
            "figures": figures,
            "ink": paint("ink" if row.is_total else "text"),
        })  # fmt: skip
        bars += [
            {
                "row": number,
                "paint": paint(one.paint),
                "start": one.start,
                "end": one.end,
                "hint": one.hint,
            }
            for one in _seen(row.segments, most, width)
        ]
    y: Json = {"field": "row", "type": "ordinal", "axis": None, "scale": {"padding": 0}}
    layers: list[Spec] = [
        {
            "data": {"values": bars},
            "mark": {"type": "bar", "height": _BAR, "yOffset": 9, "aria": True},
            "encoding": {
                "y": y,
                "x": {
                    "field": "start",
                    "type": "quantitative",
                    "axis": None,
                    "scale": {"domain": [0, most or 1], "nice": False},
                },
                "x2": {"field": "end"},
                "color": {"field": "paint", "type": "nominal", "scale": None},
                "description": {"field": "hint", "type": "nominal"},
            },
        },
        _labels(labels, y, "name", 0),
        _labels(labels, y, "figures", width),
    ]
    return spec_of(width, len(rows) * _STEP, layers)


def room_beside(figures: str, width: int) -> int:
    """Return how many cells a name may have beside its figures."""
    return max(8, int((width - _LETTER * len(figures) - _APART) / _BOLD))


def _labels(values: Sequence[Json], y: Json, field: str, at: int) -> Spec:
    return {
        "data": {"values": values},
        "mark": {
            "type": "text",
            "align": "right" if at else "left",
            "baseline": "alphabetic",
            "dy": -6,
            "fontSize": _FONT,
            "fontWeight": "normal" if at else "600",
            "aria": False,
        },
        "encoding": {
            "y": y,
            "x": {"value": at},
            "text": {"field": field},
            "color": {"field": "ink", "type": "nominal", "scale": None},
        },
    }


def _seen(segments: Sequence[Segment], most: float, width: int) -> list[Segment]:
    """Return the segments with the least share still wide enough to be seen."""
    least = _SEEN * (most or 1) / width
    shown = [one for one in segments if one.end > one.start]
    widths = [max(least, one.end - one.start) for one in shown]
    # What the small ones were given, the widest gives.
    excess = sum(widths) - sum(one.end - one.start for one in shown)
    if excess > 0:
        widest = max(range(len(widths)), key=widths.__getitem__)
        widths[widest] = max(least, widths[widest] - excess)
    placed: list[Segment] = []
    at = min(shown[0].start, max(0.0, most - sum(widths))) if shown else 0.0
    for one, size in zip(shown, widths, strict=True):
        placed.append(Segment(paint=one.paint, start=at, end=at + size, hint=one.hint))
        at += size
    return placed
