"""The top of a report: one sentence and three numbers, each with its scope.

Owns: what a reader sees who reads nothing else. Must not know: how anything was counted.
"""

from __future__ import annotations

from collections.abc import Iterator

from nectarc.prove.verdicts import Verdict
from nectarc.render.counting import counted
from nectarc.waggle.html_elements import (
    NOTHING,
    Markup,
    element,
    heading,
    listed,
    name,
    paragraph,
    plain,
    text,
)
from nectarc.waggle.html_place import Place, Section
from nectarc.waggle.records import Interval, LintCount, Proofs, TargetReport
from nectarc.waggle.wording import corpus_sentence, kept_words, title_of
from nectarc.waggle.words import (
    events_words,
    percent_words,
    range_words,
    traces_words,
)

_UNKNOWN = "unknown"


def opening(report: TargetReport, place: Place) -> Iterator[Markup]:
    """Yield the title, the sentence, the numbers."""
    title = heading(place.level, name(report.title), id_=place.id_("top"))
    kind = "Sampling policy" if report.is_policy else "Refinery rules"
    lead, *rest = report.summary or ("",)
    about = title_of(report) + "."
    if place.has_corpus:
        about += f" {corpus_sentence(place.corpus, report.total)}"
    yield element(
        "div",
        paragraph(plain(kind), class_="kind"),
        title,
        paragraph(text(lead), class_="lead") if lead else NOTHING,
        element("dl", _events(report, place), _errors(report, place), _verdicts(report, place)),
        listed((text(one) for one in rest), "summary"),
        paragraph(text(about), class_="scope"),
        class_="opening",
    )


def unknown_section(report: TargetReport, place: Place) -> Section | None:
    """Return what nobody knows without traces, and how to load some; None with a corpus."""
    if place.has_corpus:
        return None
    unknown = [
        "what share of your events and traces each rule decides, and what is kept in all",
        "which kinds of traces are lost, and whether failing ones are among them",
        "how many events a second are kept, and whether that stays within a budget",
    ]
    if report.is_policy:
        unknown.append("what `nectarc prove` can only say of a corpus: HOLDS or not")
    return place.section(
        "unknown",
        "What is still unknown",
        paragraph(plain("No traces are loaded, so nothing was counted. Not known is")),
        listed(map(text, unknown)),
        paragraph(
            text(
                "`nectarc ingest FILE...` loads recorded traces: OTLP, Jaeger, Zipkin or Honeycomb"
                " files. Or name some with `nectarc explain --corpus PATH`. What follows is true"
                " of any traffic."
            )
        ),
    )


def _figure(title: str, value: str, scope: Markup, kind: str) -> Markup:
    return element(
        "div",
        element("dt", plain(title)),
        element("dd", plain(value), class_="value"),
        element("dd", scope, class_="scope"),
        class_=f"figure {kind}",
    )


def _events(report: TargetReport, place: Place) -> Markup:
    if not place.has_corpus:
        how = text("No traces are loaded: `nectarc ingest FILE...`")
        return _figure("Events kept", _UNKNOWN, how, "open")
    found, at_most = report.kept_events, "at most " if place.is_open(report) else ""
    scope = (
        f"{_range(found)}{kept_words(report.kept.events)} of"
        f" {events_words(report.total.events)}, from {counted(place.corpus.traces, 'corpus trace')}"
    )
    return _figure("Events kept", f"{at_most}{percent_words(found.value)}", plain(scope), "kept")


def _errors(report: TargetReport, place: Place) -> Markup:
    title = "Failing traces kept"
    if not place.has_corpus:
        return _figure(title, _UNKNOWN, plain("No traces are loaded."), "open")
    ledger = report.ledger
    if ledger.error_kept is None:
        none = plain("No trace of the corpus has a failing span.")
        return _figure(title, _UNKNOWN, none, "open")
    found = ledger.error_kept
    scope = plain(
        f"{_range(found)}of {traces_words(ledger.error_traces)} of the corpus with a failing span"
    )
    kind = "warn" if ledger.errors else "good"
    return _figure(title, percent_words(found.value), scope, kind)


def _range(found: Interval) -> str:
    words = range_words(found)
    # Where all of them have one fate, there is nothing to be unsure of.
    return "" if words == percent_words(found.value) else f"{words} with 95 % confidence: "


def _verdicts(report: TargetReport, place: Place) -> Markup:
    if report.proofs is not None:
        return _proven(report.proofs, place)
    if report.lint is not None:
        return _traps(report.lint)
    scope = text("`nectarc prove` checks a policy; nothing was asked here.")
    return _figure("Proofs", "none", scope, "open")


def _proven(proofs: Proofs, place: Place) -> Markup:
    counts = [(one, proofs.count(one)) for one in Verdict]
    bad = proofs.count(Verdict.REFUTED)
    open_ = proofs.count(Verdict.UNKNOWN)
    whole = len(proofs.checks)
    if bad:
        value, kind = f"{bad} of {whole} REFUTED", "bad"
    elif open_:
        value, kind = f"{open_} of {whole} UNKNOWN", "warn"
    elif not proofs.count(Verdict.HOLDS):
        value, kind = f"{whole} PROVED", "good"
    else:
        value, kind = f"{whole} of {whole} pass", "good"
    said = ", ".join(f"{number} {one.value}" for one, number in counts if number)
    scopes: list[str] = []
    if proofs.count(Verdict.PROVED):
        scopes.append("PROVED is for every trace, of the spans Refinery has when it decides")
    if proofs.count(Verdict.HOLDS):
        scopes.append(f"HOLDS is of this corpus: {counted(place.corpus.traces, 'trace')}")
    return _figure("Proofs", value, plain(". ".join([said, *scopes]) + "."), kind)


def _traps(lint: LintCount) -> Markup:
    title = "Traps in these rules"
    if lint.refused:
        return _figure(title, "refused", text(f"Refinery does not load it: {lint.refused}"), "bad")
    found = lint.errors + lint.warnings
    scope = text(
        f"`nectarc lint` finds {counted(lint.errors, 'error')} and"
        f" {counted(lint.warnings, 'warning')}. A rules file says no intent to prove:"
        " `nectarc import` makes a policy of it."
    )
    kind = "bad" if lint.errors else "warn" if found else "good"
    return _figure(title, f"{found:,}" if found else "none", scope, kind)
