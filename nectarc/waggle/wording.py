"""Sentences that the terminal, Markdown and HTML share.

Owns: the words. Must not know: layout. Nothing is escaped: names may hold any character.
"""

from __future__ import annotations

from nectarc.compare.traffic import Example, Interval
from nectarc.prove.words import number_words
from nectarc.render.counting import counted
from nectarc.waggle.clock import span_words
from nectarc.waggle.records import Amount, CorpusFacts, Ledger, TargetReport, Waggle
from nectarc.waggle.words import amount_words, events_words, percent_words, traces_words


def title_of(report: TargetReport) -> str:
    """Return `production-sampling (policy.toon, for __default__)`."""
    if not report.is_policy:
        return f"{report.title}, a target of {report.file}" if report.file else report.title
    words = [report.file] if report.file else []
    if report.targets:
        words.append(f"for {', '.join(report.targets)}")
    return f"{report.title} ({', '.join(words)})" if words else report.title


def corpus_sentence(corpus: CorpusFacts, total: Amount) -> str:
    """Return what was counted in: how large, when, how it was sampled."""
    traces = counted(corpus.traces, "corpus trace")
    if corpus.is_weighted:
        traces += f", standing for {amount_words(corpus.weight)}"
    words = f"Counted over {traces}"
    if corpus.path:
        words += f" of `{corpus.path}`"
    words += f", {events_words(total.events)}"
    when = span_words(corpus.start_ns, corpus.end_ns)
    if when:
        words += f", {when}"
    if corpus.presampled:
        words += f". The corpus is {corpus.presampled}: figures count each trace so"
    return f"{words}."


def kept_words(found: Interval) -> str:
    """Return `83`; `0 to 83` where that depends on the flow."""
    value = amount_words(found.value)
    return value if found.low == found.high else f"{amount_words(found.low)} to {value}"


def lost_headline(ledger: Ledger) -> str:
    """Return what is lost in all, and by which rules."""
    if not ledger.by_rule:
        return "Nothing of this corpus is lost."
    words = (
        f"Lost on average: {events_words(ledger.events)} ({percent_words(ledger.of_events)} of all)"
        f" and {traces_words(ledger.traces)}"
    )
    shown = ledger.by_rule[:4]
    by_rule = ", ".join(f"{amount_words(events)} by `{name}`" for name, events in shown)
    left = ledger.by_rule[4:]
    rest = amount_words(sum(events for _, events in left))
    more = f", {rest} by {counted(len(left), 'more rule')}" if left else ""
    return f"{words}; {by_rule}{more}."


def trace_command(example: Example) -> str:
    """Return the command that explains one trace."""
    return f"`nectarc explain --trace {example.trace_id[:16]}`"


def origin_words(report: TargetReport, waggle: Waggle) -> str:
    """Return what the report was made of, for who wants to repeat it."""
    words = [f"nectarc {waggle.version}"]
    if report.digest:
        words.append(f"{report.file or report.title} sha256 {report.digest[:16]}")
    corpus = waggle.corpus
    if corpus.traces:
        spans = counted(corpus.spans, "span")
        words.append(f"{corpus.path or 'corpus'} {counted(corpus.traces, 'trace')}, {spans}")
        if corpus.seconds:
            words.append(f"{number_words(corpus.seconds)} s recorded")
    return f"Made of: {'; '.join(words)}."
