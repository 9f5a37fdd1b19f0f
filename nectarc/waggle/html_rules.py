"""Rule by rule in words, and what Refinery will run.

Owns: two sections. Must not know: how anything was counted.
"""

from __future__ import annotations

from collections.abc import Iterator

from nectarc.render.counting import counted
from nectarc.waggle.html_elements import (
    NOTHING,
    Markup,
    block,
    code,
    element,
    folded,
    heading,
    joined,
    listed,
    name,
    paragraph,
    plain,
    text,
)
from nectarc.waggle.html_place import Place, Section
from nectarc.waggle.records import Basis, Fate, RuleReport, TargetReport
from nectarc.waggle.wording import kept_words
from nectarc.waggle.words import amount_words, events_words, percent_words, share_with_range

_FATE = {Fate.KEEP: "keep", Fate.DROP: "drop", Fate.SAMPLE: "sample", Fate.BY_FLOW: "flow"}
_BASIS = {
    Basis.RULE: "",
    Basis.GOAL_RATE: "taken to meet its goal sample rate",
    Basis.GOAL_FLOW: "taken to meet its goal a second, on one Refinery node",
    Basis.NOTHING: "anything between none and all: that depends on the flow",
}


def rules_section(report: TargetReport, place: Place) -> Section:
    """Return each rule: what it does, why, its share, an example, its YAML."""
    cards = [_rule(rule, place) for rule in report.rules]
    if not cards:
        said = paragraph(plain("There is no rule: Refinery keeps everything."))
        return place.section("rules", "The rules in words", said)
    return place.section(
        "rules", "The rules in words", element("ol", *cards, class_="rules", role="list")
    )


def refinery_section(report: TargetReport, place: Place) -> Section | None:
    """Return the YAML of all rules; None where there is none and no reason for that."""
    title = "What Refinery will run" if report.is_policy else "What Refinery runs"
    if report.refused:
        said = paragraph(text(f"Nothing yet. {report.refused}"))
        return place.section("refinery", title, element("div", said, class_="callout warn"))
    lines = report.sampler or "".join(text for rule in report.rules for text in rule.refinery)
    if not lines.strip():
        return None
    number = sum(len(rule.refinery) for rule in report.rules)
    where = ", ".join(report.targets) or report.title
    if report.sampler:
        words = f"The sampler of {where}, as Refinery has it:"
        label = "The sampler as YAML"
    else:
        words = (
            f"{counted(number, 'Refinery rule')} for {where}, in this order; the first that"
            " matches a trace decides."
        )
        label = f"{counted(number, 'Refinery rule')} as YAML"
    if len(lines) > place.yaml and not report.sampler:
        long = plain(" Too long to stand here once more: each rule above has its YAML.")
        return place.section("refinery", title, paragraph(plain(words), long))
    return place.section(
        "refinery",
        title,
        paragraph(plain(words)),
        folded(plain(label), block(lines, label)),
    )


def _rule(rule: RuleReport, place: Place) -> Markup:
    number = f"{rule.number}" if rule.number else "\u2013"
    title = heading(
        place.level + 2,
        element("span", plain(number), class_="number"),
        plain(" "),
        name(rule.name),
        id_=place.id_(f"rule-{rule.number}"),
    )
    badge = element("span", plain(rule.action), class_=f"badge {_FATE[rule.fate]}")
    parts = [element("div", title, badge, class_="head")]
    if rule.description:
        parts.append(paragraph(text(rule.description), class_="why"))
    parts.append(paragraph(text(rule.words)))
    if rule.settings:
        parts.append(paragraph(text(f"Settings: {rule.settings}."), class_="note"))
    parts += _counted(rule, place)
    if rule.refinery:
        many = counted(len(rule.refinery), "Refinery rule")
        parts.append(
            folded(plain(f"Becomes {many}"), block("".join(rule.refinery), f"YAML of {rule.name}"))
        )
    return element("li", *parts, class_="rule")


def _counted(rule: RuleReport, place: Place) -> Iterator[Markup]:
    if not place.has_corpus:
        if rule.share is not None and rule.fate is Fate.SAMPLE:
            words = f"Keeps {percent_words(rule.share)} of what it decides."
            yield paragraph(plain(words), class_="note")
        return
    if not rule.decided.traces:
        yield paragraph(plain("Decides no trace of this corpus."), class_="note unused")
        return
    yield _meter(rule)
    basis = _BASIS[rule.basis]
    said = (
        f"Decides {share_with_range(rule.of_traces)} of the traces and"
        f" {share_with_range(rule.of_events)} of the events; keeps"
        f" {kept_words(rule.kept.events)} of these {events_words(rule.decided.events)}"
        f"{f' ({basis})' if basis else ''}, loses {amount_words(rule.lost_events)}."
    )
    yield paragraph(plain(said))
    if rule.examples:
        items = [joined([name(one.words), plain(" "), code(one.trace_id)]) for one in rule.examples]
        label = paragraph(plain("For example"), class_="label")
        yield element("div", label, listed(items), class_="eg")


def _meter(rule: RuleReport) -> Markup:
    """Return a bar of all events with the rule's part of it; the words beside it say the same."""
    total = rule.reaching.events
    if not total or not rule.of_events.value:
        return NOTHING
    taken = rule.of_events.value
    kept = taken * rule.kept.share
    bars = [
        element("span", class_=f"b-{paint}", style=f"width:{100 * share:.2f}%")
        for paint, share in (("kept", kept), ("lost", taken - kept))
        if share > 0
    ]
    return element("div", *bars, class_="meter", aria_hidden="true")
