"""The waggle report as Markdown: for a pull request, a wiki, a repository.

Owns: layout, escaping. Must not know: how anything was counted.
Names and values come from anywhere: outside code nothing of them is markup, and code ends only
where this module ends it. Truth: CommonMark 0.31, 2.4, 6.1 and 4.5; GitHub's tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

from nectarc.prove.words import number_words
from nectarc.render.counting import counted
from nectarc.render.excerpt import displayed
from nectarc.waggle.clock import utc_words
from nectarc.waggle.records import (
    Ledger,
    Proofs,
    RuleReport,
    TargetReport,
    Timeline,
    Waggle,
)
from nectarc.waggle.wording import (
    corpus_sentence,
    kept_words,
    lost_headline,
    origin_words,
    title_of,
)
from nectarc.waggle.words import (
    amount_words,
    assumption_words,
    events_words,
    percent_words,
    share_with_range,
    traces_words,
)

_URL: Final = re.compile(r"[\\`*_\[\]<>|~&$@]|(?<=http):|(?<=https):|(?<=www)\.")
_BLOCK: Final = re.compile(r"^(\s*)([#>+\-=]|\d+(?=[.)]))")
_RUN: Final = re.compile(r"`+")
_BUCKETS_SHOWN: Final = 40


def render_waggle_markdown(waggle: Waggle) -> str:
    """Return all of the report; YAML and examples are folded away."""
    blocks: list[str] = []
    for report in waggle.reports:
        blocks += _report(report, waggle)
    return "\n\n".join(blocks) + "\n"


def _report(report: TargetReport, waggle: Waggle) -> Iterator[str]:
    has_corpus = bool(waggle.corpus.traces)
    yield f"# {_text(report.title)}"
    about = [_text(title_of(report)) + "."]
    if has_corpus:
        about.append(_text(corpus_sentence(waggle.corpus, report.total)))
    yield " ".join(about)
    yield _list(report.summary)
    if has_corpus:
        yield "## Through the rules"
        yield "The first rule that matches a trace decides."
        yield _cascade(report)
        if report.notes:
            yield _list(report.notes)
    yield "## Rule by rule"
    for rule in report.rules:
        yield from _rule(rule, has_corpus=has_corpus)
    if has_corpus:
        yield "## What is lost"
        yield from _ledger(report.ledger)
    if has_corpus:
        yield "## Over time"
        yield from _timeline(report)
    if report.proofs is not None:
        yield "## What is proven"
        yield from _proofs(report.proofs)
    if report.lint is not None:
        yield "## Traps"
        lint = report.lint
        yield _text(f"`{lint.command}` explains them.") if lint.traps else _text("None found.")
        if lint.traps:
            yield _list(lint.traps)
    yield from _refinery(report)
    yield f"<sub>{_text(origin_words(report, waggle))} {_text(waggle.interval_words)}</sub>"


def _cascade(report: TargetReport) -> str:
    titles = ("rule", "action", "comes in", "takes of all events", "keeps", "loses", "leaves")
    rows = [
        (
            f"{rule.number}. {rule.name}" if rule.number else rule.name,
            rule.action,
            amount_words(rule.reaching.events),
            "none" if rule.is_unused else share_with_range(rule.of_events),
            kept_words(rule.kept.events),
            amount_words(rule.lost_events),
            amount_words(rule.left.events),
        )
        for rule in report.rules
    ]
    total = report.total.events
    kept = kept_words(report.kept.events)
    lost = amount_words(report.ledger.events)
    rows.append(("all", "", amount_words(total), "", kept, lost, ""))
    return _table(titles, rows, numbers=frozenset({2, 3, 4, 5, 6}))


def _rule(rule: RuleReport, *, has_corpus: bool) -> Iterator[str]:
    number = f"{rule.number}. " if rule.number else ""
    yield f"### {number}{_text(rule.name)}"
    if rule.description:
        yield _text(rule.description)
    words = rule.words
    if rule.settings:
        words += f" ({rule.settings})"
    if rule.is_unused:
        words += " It decides no trace of the corpus."
    elif has_corpus:
        words += (
            f" It decides {share_with_range(rule.of_traces)} of the traces and"
            f" {share_with_range(rule.of_events)} of the events, and keeps"
            f" {kept_words(rule.kept.events)} of these {events_words(rule.decided.events)}."
        )
    yield _text(words)
    if rule.examples:
        yield _list(f"e.g. `{one.trace_id}` {one.words}" for one in rule.examples)
    if rule.refinery:
        yield _fenced("".join(rule.refinery), "yaml")


def _ledger(ledger: Ledger) -> Iterator[str]:
    yield _text(lost_headline(ledger))
    if ledger.groups:
        titles = ("what", "traces", "events lost", "of its events", "by", "for example")
        rows = [
            (
                one.words,
                amount_words(one.traffic.weight),
                amount_words(one.lost_events),
                percent_words(one.share),
                ", ".join(one.rules),
                f"`{one.examples[0].trace_id}`" if one.examples else "",
            )
            for one in ledger.groups
        ]
        if ledger.groups_left:
            left = counted(ledger.groups_left, "more kind")
            rows.append((left, "", amount_words(ledger.left_events), "", "", ""))
        yield _table(titles, rows, numbers=frozenset({1, 2, 3}))
    if ledger.never:
        yield "Never kept:"
        said = [f"{one.words}: {traces_words(one.traffic.weight)}" for one in ledger.never]
        if ledger.never_left:
            said.append(counted(ledger.never_left, "more kind"))
        yield _list(said)
    if ledger.errors:
        yield "Failing traces that may be lost:"
        said = [
            f"{one.words}, so about {traces_words(one.lost_traces)} lost"
            + (f"; e.g. `{one.examples[0].trace_id}`" if one.examples else "")
            for one in ledger.errors
        ]
        if ledger.errors_left:
            said.append(f"{ledger.errors_left:,} more services or rules")
        yield _list(said)


def _timeline(report: TargetReport) -> Iterator[str]:
    timeline = report.timeline
    if timeline is None:
        yield _text(f"No line over time: {report.no_timeline}.")
        return
    yield _text(f"{_flow_words(timeline)}; {timeline.basis}.")
    if not timeline.buckets:
        yield _text(f"No line over time: {report.no_timeline}.")
        return
    busiest = sorted(timeline.buckets, key=lambda one: -one.kept)[:_BUCKETS_SHOWN]
    rows = [
        (
            utc_words(one.start_ns),
            number_words(one.arriving),
            number_words(one.kept),
            "over the budget" if timeline.budget is not None and one.kept > timeline.budget else "",
        )
        for one in sorted(busiest, key=lambda one: one.start_ns)
    ]
    seconds = number_words(timeline.bucket_s)
    title = f"{counted(len(timeline.buckets), 'bucket')} of {seconds} s"
    if len(busiest) < len(timeline.buckets):
        title += f", the {len(busiest)} of which most is kept"
    titles = ("from (UTC)", "arriving a second", "kept a second", "")
    yield _folded(title, _table(titles, rows, numbers=frozenset({1, 2})))


def _flow_words(timeline: Timeline) -> str:
    mean = timeline.mean
    words = (
        f"Kept are {number_words(mean.kept)} of {number_words(mean.arriving)} events a second on"
        f" average (95 %: {number_words(mean.low)} to {number_words(mean.high)})"
    )
    for peak in timeline.peaks:
        words += f", {number_words(peak.kept)} in the busiest {peak.seconds} s"
    if timeline.budget is not None:
        words += f"; the budget is {number_words(timeline.budget)}, exceeded in {timeline.over:,}"
        words += f" of {counted(len(timeline.buckets), 'bucket')}"
    return words


def _proofs(proofs: Proofs) -> Iterator[str]:
    yield _text(proofs.headline)
    rows = [
        (
            one.verdict.value,
            f"{one.claim}. {one.reason}" if one.reason else one.claim,
            f"{one.about}; to settle: {one.settle}" if one.settle else one.about,
        )
        for one in proofs.checks
    ]
    yield _table(("verdict", "check", "about"), rows)
    for one in proofs.checks:
        if one.counterexample:
            yield _folded(
                f"A trace that refutes {one.name}", _fenced("\n".join(one.counterexample))
            )
    if proofs.not_asked:
        yield "Not asked:"
        yield _list(proofs.not_asked)


def _refinery(report: TargetReport) -> Iterator[str]:
    if report.refused or report.sampler or report.assumptions:
        yield "## What Refinery will run"
    if report.refused:
        yield _text(f"None yet. {report.refused}")
    if report.sampler:
        yield _fenced(report.sampler, "yaml")
    if report.assumptions:
        yield "The rules above take for granted:"
        yield _list(map(assumption_words, report.assumptions))


def _table(
    titles: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: frozenset[int] = frozenset()
) -> str:
    rule = ["---:" if place in numbers else "---" for place in range(len(titles))]
    lines = [f"| {' | '.join(map(_cell, titles))} |", f"| {' | '.join(rule)} |"]
    lines += [f"| {' | '.join(map(_cell, row))} |" for row in rows]
    return "\n".join(lines)


def _list(items: Sequence[str] | Iterator[str] | map[str]) -> str:
    return "\n".join(f"- {_text(one)}" for one in items)


def _folded(title: str, block: str) -> str:
    # Inside an HTML block nothing is Markdown.
    return f"<details><summary>{escape(displayed(title))}</summary>\n\n{block}\n\n</details>"


def _fenced(text: str, language: str = "") -> str:
    """Return a code block that nothing in `text` can end."""
    body = displayed(text, keep_lines=True).rstrip("\n")
    longest = max((len(run[0]) for run in _RUN.finditer(body)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{body}\n{fence}"


def _cell(words: str) -> str:
    return _text(words, in_table=True)


def _text(words: str, *, in_table: bool = False) -> str:
    """Return one line with code where backticks come in pairs, and no other markup.

    in_table: GitHub splits a row at bars before it looks at code, so that none may stand in code.
    """
    parts = displayed(words).split("`")
    told: list[str] = []
    for number, part in enumerate(parts):
        is_quoted = number % 2 == 1
        is_closed = is_quoted and number < len(parts) - 1
        if is_closed and part.strip() and not (in_table and "|" in part):
            told.append(f"`{part}`")
        elif is_closed:
            told.append(_plain(f"`{part}`"))
        else:
            told.append(_plain(f"`{part}" if is_quoted else part))
    line = "".join(told)
    # What begins a block at the start of a line: a heading, a list, a quote, a rule.
    return line if in_table else _BLOCK.sub(_guarded, line)


def _guarded(found: re.Match[str]) -> str:
    space, mark = found[1], found[2]
    return f"{space}{mark}\\" if mark.isdigit() else f"{space}\\{mark}"


def _plain(words: str) -> str:
    return _URL.sub(lambda found: f"\\{found[0]}", words)
