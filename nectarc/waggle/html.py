"""The waggle report as one HTML page that needs nothing else.

Owns: the page, its order, its table of contents. Must not know: how anything was counted.
No script runs and nothing is fetched: the page's own policy (CSP) forbids both. The same report
gives the same bytes. Truth: docs/explain.md; WCAG 2.2, level AA.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nectarc.waggle.html_elements import (
    Markup,
    code,
    element,
    heading,
    joined,
    listed,
    name,
    paragraph,
    plain,
    text,
)
from nectarc.waggle.html_losses import losses_section
from nectarc.waggle.html_place import Place, Section
from nectarc.waggle.html_proofs import assumptions_section, proofs_section
from nectarc.waggle.html_rules import refinery_section, rules_section
from nectarc.waggle.html_summary import opening, unknown_section
from nectarc.waggle.html_traffic import flow_section, time_section
from nectarc.waggle.records import TargetReport, Waggle
from nectarc.waggle.styles import DEFINITIONS, ICON, LOGO, page_style
from nectarc.waggle.wording import origin_words
from nectarc.waggle.words import percent_words

_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none';"
    " form-action 'none'"
)

_YAML: Final = 200_000  # characters, so that a page stays below 1 MB


def render_html(waggle: Waggle) -> str:
    """Return the page: the report of each policy or target, in the order a reader asks.

    Drawing takes most of the time, 0.7 s the first time and 50 ms a chart after that.
    """
    reports = [(report, _place(waggle, number)) for number, report in enumerate(waggle.reports)]
    body = [
        element("a", plain("Skip to the report"), class_="skip", href="#report"),
        DEFINITIONS,
        _banner(waggle),
        element("main", *_main(waggle, reports), id_="report", tabindex="-1"),
        _footer(waggle),
    ]
    page = element("html", _head(waggle), element("body", *body), lang="en")
    return f"<!doctype html>\n{page}\n"


def _place(waggle: Waggle, number: int) -> Place:
    is_only = len(waggle.reports) == 1
    return Place(
        prefix="" if is_only else f"t{number + 1}-",
        level=1 if is_only else 2,
        corpus=waggle.corpus,
        rows=16 if len(waggle.reports) <= 6 else 8,
        yaml=_YAML // len(waggle.reports),
    )


def _head(waggle: Waggle) -> Markup:
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="generator", content=f"nectarc {waggle.version}"),
        element("link", rel="icon", href=ICON),
        element("title", plain(f"{_title(waggle)} · waggle report")),
        Markup(f"<style>{page_style()}</style>"),
    )


def _title(waggle: Waggle) -> str:
    reports = waggle.reports
    if len(reports) == 1:
        return reports[0].title
    policies = sum(one.is_policy for one in reports)
    if not reports:
        return "Nothing to report on"
    files = {one.file for one in reports}
    if not policies and len(files) == 1:
        file = files.pop().replace("\\", "/").rsplit("/", 1)[-1]
        return f"{len(reports)} targets of {file}"
    return f"{len(reports)} policies" if policies == len(reports) else f"{len(reports)} targets"


def _banner(waggle: Waggle) -> Markup:
    mark = element("span", LOGO, plain("nectarc"), class_="brand")
    about = element("span", plain(f"waggle report, version {waggle.version}"), class_="about")
    return element("header", mark, about, class_="banner")


def _main(waggle: Waggle, reports: list[tuple[TargetReport, Place]]) -> Iterator[Markup]:
    if len(reports) == 1:
        yield from _report(waggle, *reports[0])
        return
    title = heading(1, name(_title(waggle)))
    yield element("div", title, _contents_of_all(waggle, reports), class_="opening")
    for report, place in reports:
        yield element("article", *_report(waggle, report, place), aria_labelledby=place.id_("top"))


def _contents_of_all(waggle: Waggle, reports: list[tuple[TargetReport, Place]]) -> Markup:
    entries: list[Markup] = []
    for report, place in reports:
        said: list[Markup] = [element("a", name(report.title), href=f"#{place.id_('top')}")]
        if waggle.corpus.traces:
            at_most = "at most " if place.is_open(report) else ""
            share = percent_words(report.kept_events.value)
            said.append(element("span", plain(f"keeps {at_most}{share} of the events")))
        entries.append(joined(said))
    inside = listed(entries, "targets")
    return element("nav", inside, aria_label="Policies and targets", class_="all")


def _report(waggle: Waggle, report: TargetReport, place: Place) -> Iterator[Markup]:
    sections = [
        found
        for found in (
            unknown_section(report, place),
            flow_section(report, place),
            rules_section(report, place),
            losses_section(report, place),
            time_section(report, place),
            proofs_section(report, place),
            assumptions_section(report, place),
            refinery_section(report, place),
            _provenance(waggle, report, place),
        )
        if found is not None
    ]
    yield from opening(report, place)
    links = [element("a", plain(one.title), href=f"#{one.id_}") for one in sections]
    of = f"Contents of {report.title}" if place.prefix else "Contents"
    yield element("nav", listed(links, "contents"), aria_label=of, class_="contents")
    for one in sections:
        title = heading(place.level + 1, plain(one.title), id_=one.id_)
        kind = f"about-{one.kind}"
        # Landmarks must differ in their names: of many reports, the reports are the landmarks.
        if place.prefix:
            yield element("section", title, *one.inside, class_=kind)
        else:
            yield element("section", title, *one.inside, aria_labelledby=one.id_, class_=kind)


def _provenance(waggle: Waggle, report: TargetReport, place: Place) -> Section:
    inside = [paragraph(text(origin_words(report, waggle)))]
    if report.digest:
        inside.append(
            paragraph(plain("SHA-256 of the file: "), code(report.digest), class_="digest")
        )
    if waggle.interval_words:
        inside.append(paragraph(text(waggle.interval_words)))
    inside.append(
        paragraph(plain("The same files give the same page, byte for byte. It loads nothing."))
    )
    return place.section("about", "About this report", *inside)


def _footer(waggle: Waggle) -> Markup:
    return element("footer", paragraph(plain(f"Made by nectarc {waggle.version}.")))
