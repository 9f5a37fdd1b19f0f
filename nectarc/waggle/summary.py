"""A report in a few sentences, for who reads nothing else.

Owns: the sentences. Must not know: layout.
"""

from __future__ import annotations

from collections.abc import Iterator

from nectarc.prove.verdicts import Verdict
from nectarc.prove.words import number_words
from nectarc.render.counting import counted
from nectarc.waggle.records import (
    Basis,
    CorpusFacts,
    Fate,
    LintCount,
    Proofs,
    TargetReport,
    Timeline,
)
from nectarc.waggle.words import amount_words, events_words, percent_words, share_with_range


def summary_of(report: TargetReport, corpus: CorpusFacts) -> tuple[str, ...]:
    """Return two to five sentences; `summary` of `report` is not looked at."""
    return tuple(_sentences(report, corpus))


def _sentences(report: TargetReport, corpus: CorpusFacts) -> Iterator[str]:
    if corpus.traces:
        yield _kept(report)
        yield _errors(report)
    else:
        count = sum(rule.number > 0 for rule in report.rules)
        rules = counted(count, "rule") if count else "One sampler for all traces"
        yield (
            f"{rules}, and no corpus to count traces in: `nectarc ingest FILE...`"
            " loads recorded traces, and then this report says what is kept and what is lost."
        )
    if report.timeline is not None:
        yield _flow(report.timeline)
    if report.proofs is not None:
        yield _proofs(report.proofs)
    if report.lint is not None:
        yield _lint(report.lint)


def _kept(report: TargetReport) -> str:
    kept, total = report.kept, report.total
    is_open = any(rule.basis is Basis.NOTHING and rule.decided.traces for rule in report.rules)
    at_most = "at most " if is_open else ""
    return (
        f"Keeps {at_most}{share_with_range(report.kept_events)} of the events,"
        f" {amount_words(kept.events.value)} of {events_words(total.events)}, and"
        f" {at_most}{share_with_range(report.kept_traces)} of the traces,"
        f" {amount_words(kept.traces.value)} of {amount_words(total.weight)}."
    )


def _errors(report: TargetReport) -> str:
    ledger = report.ledger
    if ledger.error_kept is None:
        return "No trace of the corpus has a failing span: nothing shows what happens to errors."
    count = amount_words(ledger.error_traces)
    traces = "trace" if ledger.error_traces == 1 else "traces"
    if not ledger.errors:
        verb = "is" if ledger.error_traces == 1 else "are"
        all_of = "The one" if ledger.error_traces == 1 else f"All {count}"
        return f"{all_of} {traces} with a failing span {verb} kept."
    by_flow = {rule.name for rule in report.rules if rule.fate is Fate.BY_FLOW}
    is_guess = any(one.rule in by_flow for one in ledger.errors)
    about = "about " if is_guess else ""
    guess = " (a sampler by flow keeps more of what is rare)" if is_guess else ""
    return (
        f"Of {count} {traces} with a failing span {about}{share_with_range(ledger.error_kept)} are"
        f" kept{guess}; most is lost where {ledger.errors[0].words}."
    )


def _flow(timeline: Timeline) -> str:
    mean = timeline.mean
    words = (
        f"Keeps {number_words(mean.kept)} of {number_words(mean.arriving)} events a second on"
        " average"
    )
    busiest = max(timeline.peaks, key=lambda one: one.kept, default=None)
    if busiest is not None:
        words += f", {number_words(busiest.kept)} in the busiest {busiest.seconds} s"
    if timeline.budget is None:
        return f"{words}."
    used = mean.kept / timeline.budget if timeline.budget else 0.0
    said = f"{words}; the budget is {number_words(timeline.budget)}"
    if timeline.budget and mean.kept <= timeline.budget:
        return f"{said}, of which it uses {percent_words(used)}."
    return f"{said}, which it exceeds."


def _proofs(proofs: Proofs) -> str:
    parts = [
        f"{number} {words}"
        for verdict, words in (
            (Verdict.PROVED, "PROVED for every trace"),
            (Verdict.HOLDS, "HOLDS on the traces counted"),
            (Verdict.REFUTED, "REFUTED"),
            (Verdict.UNKNOWN, "UNKNOWN"),
        )
        if (number := proofs.count(verdict))
    ]
    return f"Of {counted(len(proofs.checks), 'check')}: {', '.join(parts)}."


def _lint(lint: LintCount) -> str:
    if lint.refused:
        return f"Refinery does not load this file: {lint.refused}."
    if not lint.errors and not lint.warnings:
        hints = f", {counted(lint.hints, 'hint')}" if lint.hints else ""
        return f"`nectarc lint` finds no error and no warning{hints}."
    found = ", ".join(
        counted(number, noun)
        for number, noun in ((lint.errors, "error"), (lint.warnings, "warning"))
        if number
    )
    return f"`nectarc lint` finds {found}: what the rules do may not be what they were meant to."
