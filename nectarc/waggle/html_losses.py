"""The drop ledger: what is lost, of which kinds, and of what fails.

Owns: the section. Must not know: how anything was counted.
"""

from __future__ import annotations

from collections.abc import Sequence

from nectarc.render.counting import counted
from nectarc.waggle.charts_traffic import lost_chart
from nectarc.waggle.html_elements import (
    NOTHING,
    Column,
    Markup,
    code,
    element,
    folded,
    heading,
    joined,
    listed,
    name,
    paragraph,
    plain,
    table,
    text,
)
from nectarc.waggle.html_place import Place, Section
from nectarc.waggle.html_traffic import legend
from nectarc.waggle.records import Example, Ledger, LostErrors, LostGroup, TargetReport
from nectarc.waggle.wording import lost_headline, trace_command
from nectarc.waggle.words import amount_words, events_words, percent_words, traces_words

_LOST = (
    Column(title="traces like"),
    Column(title="traces", is_number=True),
    Column(title="events", is_number=True),
    Column(title="events lost", is_number=True),
    Column(title="of its events", is_number=True),
    Column(title="lost by"),
    Column(title="for example"),
)


def losses_section(report: TargetReport, place: Place) -> Section | None:
    """Return what is lost; None without a corpus."""
    if not place.has_corpus:
        return None
    ledger = report.ledger
    inside = [paragraph(text(lost_headline(ledger)))]
    if ledger.errors:
        inside.append(_errors(ledger, place))
    if ledger.groups:
        chart = lost_chart(ledger, place.id_("lost-chart"))
        key = legend(("lost", "events lost"), ("kept", "events kept"))
        inside.append(
            element(
                "figure",
                element("figcaption", element("p", plain("What loses most")), key),
                chart,
            )
        )
        inside.append(folded(plain("All numbers of what is lost, as a table"), _table(ledger)))
        first = ledger.groups[0].examples
        if first:
            inside.append(paragraph(text(f"{trace_command(first[0])} shows why a trace is lost.")))
    if ledger.never:
        inside.append(_never(ledger, place))
    return place.section("lost", "What is lost", *inside)


def _errors(ledger: Ledger, place: Place) -> Markup:
    items = [_failing(one) for one in ledger.errors]
    if ledger.errors_left:
        items.append(plain(f"{ledger.errors_left:,} more services or rules"))
    return element(
        "div",
        heading(place.level + 2, plain("Failing traces that may be lost")),
        listed(items),
        class_="callout warn",
    )


def _failing(one: LostErrors) -> Markup:
    said = text(f"{one.words}, so about {traces_words(one.lost_traces)} lost")
    return joined([said, _examples(one.examples[:1])])


def _examples(examples: Sequence[Example]) -> Markup:
    if not examples:
        return NOTHING
    return element("span", plain("; e.g. "), code(examples[0].trace_id), class_="example")


def _table(ledger: Ledger) -> Markup:
    rows = [_row(one) for one in ledger.groups]
    foot: Sequence[Markup] = ()
    if ledger.groups_left:
        more = plain(counted(ledger.groups_left, "more kind"))
        lost = plain(amount_words(ledger.left_events))
        foot = (more, NOTHING, NOTHING, lost, NOTHING, NOTHING, NOTHING)
    caption = plain("Kinds of traces by the events that they lose, on average over draws")
    return table(caption, _LOST, rows, foot=foot)


def _row(one: LostGroup) -> tuple[Markup, ...]:
    example = one.examples[0] if one.examples else None
    return (
        name(one.words),
        plain(amount_words(one.traffic.weight)),
        plain(amount_words(one.traffic.events)),
        plain(amount_words(one.lost_events)),
        plain(percent_words(one.share)),
        joined((name(rule) for rule in one.rules), plain(", ")),
        code(example.trace_id) if example else NOTHING,
    )


def _never(ledger: Ledger, place: Place) -> Markup:
    items = [
        joined([
            name(one.words),
            plain(f": {traces_words(one.traffic.weight)}, {events_words(one.traffic.events)}"),
        ])
        for one in ledger.never
    ]  # fmt: skip
    if ledger.never_left:
        items.append(plain(counted(ledger.never_left, "more kind")))
    return element(
        "div",
        heading(place.level + 2, plain("Never kept")),
        paragraph(plain("Of these kinds of traces nothing at all is kept:")),
        listed(items),
        class_="callout",
    )
