"""The flow of traffic through the rules, and over time.

Owns: two sections. Must not know: how anything was counted, how charts are drawn.
"""

from __future__ import annotations

from nectarc.prove.words import number_words
from nectarc.render.counting import counted
from nectarc.waggle.charts_time import shows_budget
from nectarc.waggle.charts_traffic import flow_chart, kept_of_all, name_of, shares_chart, time_chart
from nectarc.waggle.clock import span_words, utc_words
from nectarc.waggle.html_elements import (
    NOTHING,
    Column,
    Markup,
    element,
    folded,
    listed,
    name,
    paragraph,
    plain,
    table,
    text,
)
from nectarc.waggle.html_place import Place, Section
from nectarc.waggle.records import TargetReport, Timeline
from nectarc.waggle.wording import kept_words
from nectarc.waggle.words import amount_words, percent_words, share_with_range

_FLOW = (
    Column(title="rule"),
    Column(title="action"),
    Column(title="events arriving", is_number=True),
    Column(title="takes of all", is_number=True),
    Column(title="keeps of all", is_number=True),
    Column(title="kept", is_number=True),
    Column(title="lost", is_number=True),
    Column(title="left for the next", is_number=True),
)


def flow_section(report: TargetReport, place: Place) -> Section | None:
    """Return the cascade and the shares by rule; None without a corpus."""
    if not place.has_corpus:
        return None
    return place.section(
        "flow",
        "How traffic flows through the rules",
        paragraph(
            plain(
                "Each rule takes what it matches of what the rules above left; the first that"
                " matches a trace decides."
            )
        ),
        _figure(
            legend(("kept", "kept"), ("lost", "lost"), ("left", "left for the next rule")),
            flow_chart(report, place.id_("flow-chart"), place.rows),
        ),
        folded(plain("All numbers of the flow, as a table"), _flow_table(report)),
        _figure(
            legend(("ring", "share that the rule decides"), ("dot", "share that it keeps")),
            shares_chart(report, place.id_("share-chart"), place.rows),
            "Share of all events, with 95 % intervals",
        ),
        listed((text(one) for one in report.notes), "notes"),
    )


def time_section(report: TargetReport, place: Place) -> Section | None:
    """Return kept and arriving events a second; None without a corpus."""
    if not place.has_corpus:
        return None
    timeline = report.timeline
    title = "Budget over time" if timeline and timeline.budget is not None else "Over time"
    if timeline is None:
        said = paragraph(text(f"No line over time: {report.no_timeline}."))
        return place.section("time", title, said)
    inside = [_rates(timeline)]
    if timeline.buckets:
        items = [("arriving", "arriving"), ("kept", "kept")]
        if shows_budget(timeline):
            items.append(("budget", "budget"))
        first, last = timeline.buckets[0], timeline.buckets[-1]
        when = span_words(first.start_ns, last.start_ns + round(last.seconds * 1e9))
        inside.append(
            _figure(
                legend(*items),
                time_chart(timeline, place.id_("time-chart")),
                f"Events a second, {when}",
            )
        )
        if timeline.budget is not None and not shows_budget(timeline):
            words = (
                f"The budget of {number_words(timeline.budget)} events a second is far above this"
                " chart, so its line is not drawn."
            )
            inside.append(paragraph(plain(words), class_="note"))
        inside.append(folded(plain("All numbers over time, as a table"), _time_table(timeline)))
    else:
        inside.append(paragraph(text(f"No line over time: {report.no_timeline}.")))
    inside.append(paragraph(text(f"Counted {timeline.basis}."), class_="note"))
    inside.append(listed((text(one) for one in timeline.notes), "notes"))
    return place.section("time", title, *inside)


def legend(*items: tuple[str, str]) -> Markup:
    """Return what the paints of a chart mean. items: (paint, words)."""
    entries: list[Markup] = []
    for kind, said in items:
        swatch = element("span", class_=f"swatch b-{kind}", aria_hidden="true")
        entries.append(element("li", swatch, plain(said)))
    return element("ul", *entries, class_="legend")


def _figure(key: Markup, chart: Markup, title: str = "") -> Markup:
    if not chart:
        return NOTHING
    caption = element("figcaption", element("p", plain(title)) if title else NOTHING, key)
    return element("figure", caption, chart)


def _flow_table(report: TargetReport) -> Markup:
    rows = [
        (
            name(name_of(rule)),
            plain(rule.action),
            plain(amount_words(rule.reaching.events)),
            plain("none" if rule.is_unused else share_with_range(rule.of_events)),
            plain("none" if rule.is_unused else share_with_range(kept_of_all(rule))),
            plain(kept_words(rule.kept.events)),
            plain(amount_words(rule.lost_events)),
            plain(amount_words(rule.left.events)),
        )
        for rule in report.rules
    ]
    foot = (
        plain("all"),
        NOTHING,
        plain(amount_words(report.total.events)),
        NOTHING,
        plain(share_with_range(report.kept_events)),
        plain(kept_words(report.kept.events)),
        plain(amount_words(report.ledger.events)),
        NOTHING,
    )
    return table(plain("Events by rule, in the order of decision"), _FLOW, rows, foot=foot)


def _rates(timeline: Timeline) -> Markup:
    mean = timeline.mean
    items = [
        ("Arriving", number_words(mean.arriving), "events a second on average"),
        (
            "Kept",
            number_words(mean.kept),
            f"a second on average; 95 %: {number_words(mean.low)} to {number_words(mean.high)}",
        ),
    ]
    items += [
        (
            f"Busiest {one.seconds} s",
            number_words(one.kept),
            f"kept a second; 95 %: {number_words(one.low)} to {number_words(one.high)}",
        )
        for one in timeline.peaks
    ]
    if timeline.budget is not None:
        used = percent_words(mean.kept / timeline.budget) if timeline.budget else "all"
        over = (
            f"; exceeded in {timeline.over:,} of {counted(len(timeline.buckets), 'bucket')}"
            if timeline.buckets
            else ""
        )
        said = f"events a second, {used} used on average{over}"
        items.append(("Budget", number_words(timeline.budget), said))
    return element(
        "dl",
        *(
            element(
                "div",
                element("dt", plain(title)),
                element("dd", plain(value), class_="value"),
                element("dd", plain(said), class_="scope"),
            )
            for title, value, said in items
        ),
        class_="rates",
    )


def _time_table(timeline: Timeline) -> Markup:
    columns = [
        Column(title="from (UTC)"),
        Column(title="seconds", is_number=True),
        Column(title="arriving a second", is_number=True),
        Column(title="kept a second", is_number=True),
    ]
    budget = timeline.budget
    if budget is not None:
        columns.append(Column(title="budget"))
    rows: list[tuple[Markup, ...]] = []
    for one in timeline.buckets:
        row = [
            plain(utc_words(one.start_ns)),
            plain(number_words(one.seconds)),
            plain(number_words(one.arriving)),
            plain(number_words(one.kept)),
        ]
        if budget is not None:
            row.append(plain("exceeded" if one.kept > budget else "within"))
        rows.append(tuple(row))
    return table(plain("Events a second by bucket"), columns, rows)
