from __future__ import annotations

import re
from itertools import pairwise
from xml.etree.ElementTree import fromstring

import pytest

from nectarc.diagnostic import InternalError
from nectarc.prove.flow import Estimate
from nectarc.render.excerpt import cells
from nectarc.waggle.charts import NARROW, WIDE, Spec, clipped, render_chart, spec_of
from nectarc.waggle.charts_intervals import Spread, spreads_spec
from nectarc.waggle.charts_rows import Row, Segment, rows_spec
from nectarc.waggle.charts_time import shows_budget, time_spec
from nectarc.waggle.records import Bucket, Interval, Timeline

_START = 1_772_442_000_000_000_000
_SECOND = 1_000_000_000


def _rows(*segments: Segment, most: float = 100, title: str = "a rule") -> str:
    row = Row(name=title, figures="1 of 2", short="1", segments=segments)
    return render_chart(lambda width: rows_spec([row], most, width), "k", "A title", "In words")


def _widths(markup: str, name: str) -> list[float]:
    """Return the px of the bars of one paint, in the wide drawing."""
    wide = markup.split("</svg>", maxsplit=1)[0]
    return [float(one) for one in re.findall(rf'class="f-{name}" d="M[\d.,]+h([\d.]+)v', wide)]


def _lines_of(timeline: Timeline) -> int:
    made = render_chart(lambda width: time_spec(timeline, width), "k", "t", "w")
    return made[: made.index("</svg>")].count('class="s-kept"')


def _timeline(rates: list[tuple[float, float]], **more: object) -> Timeline:
    given: dict[str, object] = {"budget": None, "over": 0, **more}
    buckets = tuple(
        Bucket(start_ns=_START + 10 * _SECOND * number, seconds=10, arriving=came, kept=kept)
        for number, (came, kept) in enumerate(rates)
    )
    return Timeline(
        buckets=buckets,
        bucket_s=10,
        scale=1,
        mean=Estimate(kept=1, low=1, high=1, arriving=1),
        peaks=(),
        basis="from a test",
        notes=(),
        **given,  # type: ignore[arg-type]  # the two that tests vary
    )


def test_bars_are_as_long_as_their_share() -> None:
    made = _rows(Segment(paint="kept", start=0, end=25), Segment(paint="lost", start=25, end=100))

    assert _widths(made, "kept") == [WIDE * 0.25]
    assert _widths(made, "lost") == [WIDE * 0.75]


def test_the_least_share_is_still_seen_and_the_whole_stays() -> None:
    made = _rows(
        Segment(paint="kept", start=0, end=0.001), Segment(paint="lost", start=0.001, end=100)
    )

    assert _widths(made, "kept") == [2.0]
    assert _widths(made, "kept")[0] + _widths(made, "lost")[0] == WIDE


def test_nothing_is_drawn_of_no_share() -> None:
    made = _rows(Segment(paint="kept", start=0, end=0), Segment(paint="lost", start=0, end=100))

    assert _widths(made, "kept") == []


def test_a_chart_is_an_image_with_a_title_and_words_in_both_widths() -> None:
    made = _rows(Segment(paint="kept", start=0, end=100))

    assert made.count('role="img"') == 2
    assert 'aria-labelledby="k-wide-t k-wide-d"' in made
    assert '<title id="k-narrow-t">A title</title><desc id="k-narrow-d">In words</desc>' in made
    assert f'viewBox="0 0 {WIDE} 46"' in made
    assert f'viewBox="0 0 {NARROW} 46"' in made


def test_no_colour_and_no_font_is_in_a_chart() -> None:
    made = _rows(Segment(paint="kept", start=0, end=50))

    assert re.search(r'(fill|stroke|font-family|color)="|#[0-9a-f]{3}|rgb', made) is None


def test_names_are_escaped_and_the_drawing_stays_well_formed() -> None:
    made = _rows(
        Segment(paint="kept", start=0, end=50, hint="</title><script>"),
        title='</svg><script>"&',
    )

    for drawing in made.split("</svg>")[:2]:
        fromstring(f"{drawing}</svg>")
    assert "<script" not in made


def test_a_paint_that_no_style_gives_is_our_defect() -> None:
    def wrong(width: int) -> Spec:
        layer: Spec = {
            "data": {"values": [{"at": 1}]},
            "mark": {"type": "bar", "color": "#123456"},
            "encoding": {"x": {"field": "at", "type": "quantitative", "axis": None}},
        }
        return spec_of(width, 10, [layer])

    with pytest.raises(InternalError, match="#123456"):
        render_chart(wrong, "k", "t", "w")


@pytest.mark.parametrize(
    ("words", "room", "shown"),
    [
        ("short", 10, "short"),
        ("a name that is long", 12, "a name…long"),
        ("🐝" * 20, 9, "🐝🐝🐝…🐝"),
    ],
)
def test_long_names_keep_both_ends(words: str, room: int, shown: str) -> None:
    assert clipped(words, room) == shown
    assert cells(clipped(words, room)) <= room


def test_intervals_end_within_the_axis() -> None:
    spread = Spread(
        name="a",
        figures="f",
        short="s",
        taken=Interval(0.5, 0.4, 0.97),
        kept=Interval(0.05, 0.04, 0.097),
    )

    made = render_chart(lambda width: spreads_spec([spread], width), "k", "t", "w")

    assert ">100\u00a0%</text>" in made
    assert made.count(">0\u00a0%</text>") == 2


def test_small_shares_get_a_short_axis() -> None:
    spread = Spread(
        name="a", figures="f", short="s", taken=Interval(0.01, 0.0, 0.03), kept=Interval(0, 0, 0)
    )

    made = render_chart(lambda width: spreads_spec([spread], width), "k", "t", "w")

    assert ">4\u00a0%</text>" in made
    assert ">100\u00a0%</text>" not in made


def test_the_axis_of_time_says_the_times_of_the_buckets() -> None:
    timeline = _timeline([(1, 1)] * 68)

    made = render_chart(lambda width: time_spec(timeline, width), "k", "t", "w")

    assert re.findall(r">(09:\d\d)</text>", made.split("</svg>")[0]) == [
        "09:00", "09:02", "09:04", "09:06", "09:08", "09:10",
    ]  # fmt: skip


@pytest.mark.parametrize(("budget", "is_shown"), [(None, False), (4.0, True), (40.0, False)])
def test_a_budget_is_drawn_where_it_flattens_nothing(
    budget: float | None, *, is_shown: bool
) -> None:
    timeline = _timeline([(3, 1), (2, 1)], budget=budget)

    made = render_chart(lambda width: time_spec(timeline, width), "k", "t", "w")

    assert shows_budget(timeline) is is_shown
    assert ("s-budget" in made) is is_shown


def test_a_break_is_a_gap() -> None:
    timeline = _timeline([(3, 1), (2, 1)])
    first, second = timeline.buckets
    broken = Timeline(
        buckets=(
            first,
            Bucket(
                start_ns=second.start_ns + 3_600 * _SECOND,
                seconds=10,
                arriving=2,
                kept=1,
                after_break=True,
            ),
        ),
        bucket_s=10, scale=1, budget=None, over=0, mean=timeline.mean, peaks=(), basis="", notes=(),
    )  # fmt: skip

    whole, parts = _lines_of(timeline), _lines_of(broken)

    assert (whole, parts) == (1, 2)


def test_a_time_without_events_is_drawn_too() -> None:
    timeline = _timeline([(0, 0), (0, 0)])

    made = render_chart(lambda width: time_spec(timeline, width), "k", "t", "w")

    assert "nan" not in made.lower()
    assert ">1</text>" in made


def test_labels_of_rates_go_up() -> None:
    timeline = _timeline([(12_345, 1), (2, 1)])

    made = render_chart(lambda width: time_spec(timeline, width), "k", "t", "w").split("</svg>")[0]

    rates = [float(one.replace(",", "")) for one in re.findall(r">([\d,.]+)</text>", made)]
    assert all(lower < upper for lower, upper in pairwise(sorted(set(rates))))
    assert max(rates) >= 12_345
