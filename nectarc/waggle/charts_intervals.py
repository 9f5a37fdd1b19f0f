"""A chart of shares with their intervals, one rule a row.

Owns: dots, rings, lines, the axis of shares. Must not know: rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nectarc.records import record
from nectarc.waggle.charts import NARROW, Json, Spec, clipped, paint, spec_of
from nectarc.waggle.charts_rows import room_beside
from nectarc.waggle.records import Interval
from nectarc.waggle.words import percent_words

_STEP: Final = 46
_EDGE: Final = 8  # px of air, so that a dot at 0 or 1 is whole
_BELOW: Final = 26  # px for the axis
_UPPER: Final = 4  # px below the middle of a row
_LOWER: Final = 14


@record(kw_only=True)
class Spread:
    """A rule's shares of all events, 0 to 1."""

    name: str
    figures: str
    short: str
    taken: Interval
    kept: Interval


def spreads_spec(spreads: Sequence[Spread], width: int) -> Spec:
    """Return the chart; the axis ends where the highest interval does, at a round share."""
    is_narrow = width <= NARROW
    inner = width - 2 * _EDGE
    top = _round_top(max(one.taken.high for one in spreads))
    labels: list[Json] = []
    taken: list[Json] = []
    kept: list[Json] = []
    for number, one in enumerate(spreads):
        figures = one.short if is_narrow else one.figures
        labels.append(
            {
                "row": number,
                "name": clipped(one.name, room_beside(figures, inner)),
                "figures": figures,
            }
        )
        taken.append(_point(number, one.taken))
        kept.append(_point(number, one.kept))
    height = len(spreads) * _STEP
    layers = [
        _lines(taken, _UPPER, "taken"),
        _dots(taken, _UPPER, "taken", is_filled=False),
        _lines(kept, _LOWER, "kept"),
        _dots(kept, _LOWER, "kept", is_filled=True),
        _labels(labels, "name", 0),
        _labels(labels, "figures", inner),
    ]
    ticks = [top * part / 4 for part in range(5)]
    scale: Json = {"domain": [0, top], "nice": False}
    return spec_of(
        inner,
        height,
        [_grid(ticks, scale), *layers],
        padding={"left": _EDGE, "right": _EDGE, "top": 0, "bottom": _BELOW},
    )


def _point(row: int, found: Interval) -> Json:
    return {"row": row, "value": found.value, "low": found.low, "high": found.high}


def _grid(ticks: Sequence[float], scale: Json) -> Spec:
    names = ", ".join(f"'{percent_words(one)}'" for one in ticks)
    places = ", ".join(repr(one) for one in ticks)
    return {
        "data": {"values": [{"at": one} for one in ticks]},
        "mark": {"type": "rule", "strokeWidth": 1, "color": paint("grid"), "aria": False},
        "encoding": {
            "x": {
                "field": "at",
                "type": "quantitative",
                "scale": scale,
                "title": None,
                "axis": {
                    "values": list(ticks),
                    "labelExpr": f"[{names}][indexof([{places}], datum.value)]",
                    "labelFontSize": 12,
                    "labelPadding": 6,
                    "labelColor": paint("muted"),
                    "labelOverlap": False,
                    "labelBound": False,
                    "domain": False,
                    "ticks": False,
                    "grid": False,
                },
            }
        },
    }


def _lines(values: Sequence[Json], offset: int, name: str) -> Spec:
    return {
        "data": {"values": values},
        "mark": {
            "type": "rule",
            "strokeWidth": 4,
            "yOffset": offset,
            "y2Offset": offset,
            "opacity": 0.5,
            "color": paint(name),
            "aria": False,
        },
        "encoding": {
            "y": _row(),
            "x": {"field": "low", "type": "quantitative"},
            "x2": {"field": "high"},
        },
    }


def _dots(values: Sequence[Json], offset: int, name: str, *, is_filled: bool) -> Spec:
    return {
        "data": {"values": values},
        "mark": {
            "type": "point",
            "shape": "circle",
            "size": 64,
            "strokeWidth": 2,
            "yOffset": offset,
            "stroke": paint(name),
            "fill": paint(name if is_filled else "paper"),
            "opacity": 1,
            "aria": False,
        },
        "encoding": {"y": _row(), "x": {"field": "value", "type": "quantitative"}},
    }


def _labels(values: Sequence[Json], field: str, at: int) -> Spec:
    return {
        "data": {"values": values},
        "mark": {
            "type": "text",
            "align": "right" if at else "left",
            "baseline": "alphabetic",
            "dy": -7,
            "fontSize": 13,
            "fontWeight": "normal" if at else "600",
            "color": paint("text"),
            "aria": False,
        },
        "encoding": {"y": _row(), "x": {"value": at}, "text": {"field": field}},
    }


def _row() -> Json:
    return {"field": "row", "type": "ordinal", "axis": None, "scale": {"padding": 0}}


def _round_top(share: float) -> float:
    for top in (0.01, 0.02, 0.04, 0.1, 0.2, 0.4, 0.6, 0.8):
        if share <= top:
            return top
    return 1.0
