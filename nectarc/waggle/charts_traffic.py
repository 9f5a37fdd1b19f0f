"""The charts of a report: what each shows, in words too.

Owns: which rows and which order. Must not know: Vega-Lite, the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nectarc.render.counting import counted
from nectarc.waggle.charts import Spec, clipped, render_chart
from nectarc.waggle.charts_intervals import Spread, spreads_spec
from nectarc.waggle.charts_rows import Row, Segment, rows_spec
from nectarc.waggle.charts_time import time_spec
from nectarc.waggle.html_elements import NOTHING, Markup
from nectarc.waggle.records import Interval, Ledger, RuleReport, TargetReport, Timeline
from nectarc.waggle.wording import kept_words
from nectarc.waggle.words import amount_words, events_words, percent_words, share_with_range

ROWS_MAX: Final = 16
_HINT: Final = 60  # cells of a name that hovering shows


def flow_chart(report: TargetReport, key: str, limit: int = ROWS_MAX) -> Markup:
    """Return the cascade: what arrives at each rule, is kept, lost, and left for the next."""
    total = report.total.events
    if not total:
        return NOTHING
    rows = [_arriving(report)]
    shown = most_telling(report.rules, limit)
    skipped: list[RuleReport] = []
    for rule in report.rules:
        if rule in shown:
            rows += _skipped(skipped, total)
            skipped = []
            rows.append(_step(rule, total))
        else:
            skipped.append(rule)
    rows += _skipped(skipped, total)
    rows.append(_in_all(report))
    words = (
        f"Of {events_words(total)} each rule takes its part, from the first to the last;"
        f" {kept_words(report.kept.events)} are kept and {amount_words(report.ledger.events)} lost."
        " The table below has every number."
    )
    return render_chart(
        lambda width: rows_spec(rows, total, width), key, "Traffic through the rules", words
    )


def most_telling(rules: Sequence[RuleReport], limit: int = ROWS_MAX) -> frozenset[RuleReport]:
    """Return all rules, or where they are too many those that decide most events."""
    if len(rules) <= limit:
        return frozenset(rules)
    rules = [one for one in rules if one.decided.events] or rules
    ranked = sorted(rules, key=lambda one: (-one.decided.events, one.number))
    return frozenset(ranked[:limit])


def _arriving(report: TargetReport) -> Row:
    total = report.total.events
    said = events_words(total)
    return Row(
        name="All traffic",
        figures=f"{said} arrive",
        short=said,
        segments=(Segment(paint="left", start=0, end=total, hint=f"{said} arrive"),),
        is_total=True,
    )


def _step(rule: RuleReport, total: float) -> Row:
    kept = kept_words(rule.kept.events)
    taken, left = rule.decided.events, rule.left.events
    start = total - rule.reaching.events
    middle, end = start + rule.kept.events.value, start + taken
    said = amount_words(taken)
    called = clipped(rule.name, _HINT)
    if rule.decided.traces:
        figures = (
            f"{amount_words(rule.reaching.events)} arrive: {kept} kept,"
            f" {amount_words(rule.lost_events)} lost, {amount_words(left)} left"
        )
        short = f"keeps {kept} of {said}"
    else:
        figures = short = "takes nothing"
    return Row(
        name=name_of(rule),
        figures=figures,
        short=short,
        segments=(
            Segment(paint="kept", start=start, end=middle, hint=f"{called}: {kept} kept"),
            Segment(
                paint="lost",
                start=middle,
                end=end,
                hint=f"{called}: {amount_words(rule.lost_events)} lost",
            ),
            Segment(
                paint="left",
                start=end,
                end=total,
                hint=f"{called}: {amount_words(left)} left for the next rule",
            ),
        ),
    )


def _skipped(rules: Sequence[RuleReport], total: float) -> list[Row]:
    if not rules:
        return []
    start = total - rules[0].reaching.events
    kept = sum(one.kept.events.value for one in rules)
    taken = sum(one.decided.events for one in rules)
    kind = "smaller rule" if taken else "unused rule"
    figures = f"keeps {amount_words(kept)} of {amount_words(taken)}" if taken else "takes nothing"
    return [
        Row(
            name=f"… {counted(len(rules), kind)}",
            figures=figures,
            short=figures,
            segments=(
                Segment(paint="kept", start=start, end=start + kept),
                Segment(paint="lost", start=start + kept, end=start + taken),
                Segment(paint="left", start=start + taken, end=total),
            ),
        )
    ]


def _in_all(report: TargetReport) -> Row:
    total, kept = report.total.events, report.kept.events.value
    said = kept_words(report.kept.events)
    return Row(
        name="Kept in all",
        figures=f"{said} of {amount_words(total)}, {percent_words(report.kept.share)}",
        short=f"{said} of {amount_words(total)}",
        segments=(
            Segment(paint="kept", start=0, end=kept, hint=f"{said} kept"),
            Segment(
                paint="lost",
                start=kept,
                end=total,
                hint=f"{amount_words(report.ledger.events)} lost",
            ),
        ),
        is_total=True,
    )


def shares_chart(report: TargetReport, key: str, limit: int = ROWS_MAX) -> Markup:
    """Return for each rule the share of all events that it takes and that it keeps."""
    shown = most_telling(report.rules, limit)
    spreads = [_spread(rule) for rule in report.rules if rule in shown]
    if not spreads or not report.total.events:
        return NOTHING
    words = (
        "For each rule a ring at the share of all events that it decides and a dot at the share"
        " that it keeps, with lines over their 95 % intervals. The table below has every number."
    )
    return render_chart(
        lambda width: spreads_spec(spreads, width), key, "Share of all events by rule", words
    )


def _spread(rule: RuleReport) -> Spread:
    taken, kept = rule.of_events, kept_of_all(rule)
    said = percent_words(kept.value)
    return Spread(
        name=name_of(rule),
        figures=f"decides {share_with_range(taken)}, keeps {said}",
        short=f"{percent_words(taken.value)}, keeps {said}",
        taken=taken,
        kept=kept,
    )


def kept_of_all(rule: RuleReport) -> Interval:
    """Return the share of all events that a rule keeps: of what it decides, its own share."""
    taken, share = rule.of_events, rule.kept.share
    least = rule.kept.events.low / rule.decided.events if rule.decided.events else share
    return Interval(taken.value * share, taken.low * least, taken.high * share)


def lost_chart(ledger: Ledger, key: str) -> Markup:
    """Return the kinds of traces that lose most, what is kept of them beside it."""
    if not ledger.groups:
        return NOTHING
    most = max(one.traffic.events for one in ledger.groups)
    rows = [
        Row(
            name=one.words,
            figures=f"{amount_words(one.lost_events)} of {amount_words(one.traffic.events)} lost",
            short=f"{amount_words(one.lost_events)} lost",
            segments=(
                Segment(paint="lost", start=0, end=one.lost_events, hint="lost"),
                Segment(paint="kept", start=one.lost_events, end=one.traffic.events, hint="kept"),
            ),
        )
        for one in ledger.groups
    ]
    words = "Kinds of traces by the events that they lose, most first; the table has every number."
    return render_chart(lambda width: rows_spec(rows, most, width), key, "What is lost", words)


def time_chart(timeline: Timeline, key: str) -> Markup:
    """Return events a second over time: arriving, kept, and the budget where it fits."""
    if not timeline.buckets:
        return NOTHING
    words = (
        "Events a second over the time of the corpus: what arrives, and of it what is kept."
        " The table below has every number."
    )

    def draw(width: int) -> Spec:
        return time_spec(timeline, width)

    return render_chart(draw, key, "Events a second over time", words)


def name_of(rule: RuleReport) -> str:
    """Return `2. keep-slow`; the name alone where no rule decides."""
    return f"{rule.number}. {rule.name}" if rule.number else rule.name
