"""The waggle report for a terminal: short unless all is asked for, no wider than it is told.

Owns: layout. Must not know: how anything was counted. No colours, as in nectarc/report/tables.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from nectarc.prove.verdicts import Verdict
from nectarc.prove.words import number_words
from nectarc.render.counting import counted
from nectarc.render.excerpt import cells, displayed
from nectarc.report.tables import WIDTH, Column, paragraph, render_table
from nectarc.waggle.records import (
    Basis,
    Fate,
    Ledger,
    LostGroup,
    Proof,
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
    trace_command,
)
from nectarc.waggle.words import (
    amount_words,
    assumption_words,
    events_words,
    percent_words,
    share_with_range,
    traces_words,
)

_RULES_SHOWN: Final = 20
_GROUPS_SHOWN: Final = 6
# The beginning of an id is enough for `--trace`.
_ID_LENGTH: Final = 16
_ID_LENGTH_NARROW: Final = 8
# So few columns have no room for intervals.
_NARROW: Final = 80
# Of more targets, each is told in a few lines.
_WHOLE_MAX: Final = 3
_BARS: Final = " ▁▂▃▄▅▆▇█"
_CASCADE_WIDTH_MIN: Final = 6
_CASCADE_WIDTH_MAX: Final = 24
_BAR_TITLE: Final = "█ kept ░ lost"
_BAR_TITLE_NARROW: Final = "█ ░"
_CASCADE: Final = (
    Column("rule"),
    Column("action"),
    Column("traces", is_number=True),
    Column("of all events", is_number=True),
    Column("kept", is_number=True),
)
_LOST: Final = (
    Column("what is lost"),
    Column("events", is_number=True),
    Column("of its", is_number=True),
    Column("by"),
    Column("for example"),
)
_PROOFS: Final = (Column("verdict"), Column("check"), Column("about"))


def render_waggle_text(waggle: Waggle, *, width: int = WIDTH, is_full: bool = False) -> str:
    """Return every report, one after the other. is_full: with all rules, examples and YAML."""
    lines: list[str] = []
    for number, report in enumerate(waggle.reports):
        if number:
            lines += ["", "═" * width, ""]
        lines += _report(report, waggle, width, is_full=is_full, is_first=not number)
    lines.append("")
    # Of one rules file all targets are made of the same.
    for origin in dict.fromkeys(origin_words(report, waggle) for report in waggle.reports):
        lines += paragraph(origin, width=width)
    if not is_full:
        lines += paragraph("`--full` says all of it; `-o waggle.html` makes a page.", width=width)
    return "\n".join(lines) + "\n"


def _report(
    report: TargetReport, waggle: Waggle, width: int, *, is_full: bool, is_first: bool
) -> list[str]:
    has_corpus = bool(waggle.corpus.traces)
    lines = paragraph(title_of(report), width=width)
    if has_corpus and is_first:
        lines += paragraph(corpus_sentence(waggle.corpus, report.total), width=width)
    lines.append("")
    for sentence in report.summary:
        lines += _bullet(sentence, width)
    if has_corpus:
        lines += ["", *_cascade(report, width, is_full=is_full)]
    if len(waggle.reports) > _WHOLE_MAX and not is_full and has_corpus:
        return [*lines, *paragraph(f"`--target {report.targets[0]}` says more.", width=width)]
    lines += ["", *_rules(report, width, is_full=is_full, has_corpus=has_corpus)]
    if has_corpus:
        lines += _losses(report.ledger, width, is_full=is_full)
    if report.timeline is not None and report.timeline.buckets:
        lines += ["", *_timeline(report.timeline, width)]
    elif has_corpus and is_full:
        lines += ["", *paragraph(f"Over time: {report.no_timeline}.", width=width)]
    if report.proofs is not None:
        lines += ["", *_proofs(report.proofs, width, is_full=is_full)]
    if report.lint is not None and (report.lint.traps or report.lint.refused):
        lines += ["", *_lint(report, width, is_full=is_full)]
    lines += _refinery(report, width, is_full=is_full)
    return lines


def _cascade(report: TargetReport, width: int, *, is_full: bool) -> list[str]:
    lines = paragraph("Through the rules, the first that matches a trace decides:", width=width)
    shown = _most_telling(report.rules, is_full=is_full)
    total = report.total.events
    rows = [_cascade_row(rule, is_narrow=width < _NARROW) for rule in shown]
    if len(report.rules) > 1:
        everything = amount_words(report.total.weight)
        kept = kept_words(report.kept.events)
        rows.append(("all", "", everything, amount_words(total), kept))
    bar_width = _bar_width(rows, width)
    bars = _bars(report, shown, bar_width)
    told = [(*row, bar) for row, bar in zip(rows, (*bars, ""), strict=False)]
    bar_title = _BAR_TITLE if len(_BAR_TITLE) <= bar_width else _BAR_TITLE_NARROW
    lines += render_table((*_CASCADE, Column(bar_title)), told, width=width)
    left = len(report.rules) - len(shown)
    if left:
        events = total - sum(rule.decided.events for rule in shown)
        share = percent_words(max(0.0, events) / total) if total else "0 %"
        lines += paragraph(f"… and {counted(left, 'more rule')} with {share} of the events")
    for note in report.notes:
        lines += _bullet(note, width)
    return lines


def _bar_width(rows: Sequence[Sequence[str]], width: int) -> int:
    """Return how many cells the columns before leave for the bars."""
    titles = [column.title for column in _CASCADE]
    columns = zip(titles, *(map(displayed, row) for row in rows), strict=True)
    taken = sum(max(map(cells, column)) + 2 for column in columns)
    return max(_CASCADE_WIDTH_MIN, min(_CASCADE_WIDTH_MAX, width - taken))


def _bars(report: TargetReport, shown: Sequence[RuleReport], width: int) -> Iterator[str]:
    """Yield of each rule that is shown what it takes of all events, as a step of the cascade."""
    before = 0.0
    for rule in report.rules:
        if rule in shown:
            yield _bar(before, rule, report.total.events, width)
        before += rule.decided.events


def _cascade_row(rule: RuleReport, *, is_narrow: bool) -> tuple[str, ...]:
    of_events = percent_words(rule.of_events.value)
    if not is_narrow:
        of_events = share_with_range(rule.of_events)
    return (
        rule.name,
        rule.action,
        amount_words(rule.decided.weight),
        "none" if rule.is_unused else of_events,
        kept_words(rule.kept.events),
    )


def _bar(before: float, rule: RuleReport, total: float, width: int) -> str:
    if not total or not rule.decided.events:
        return ""
    scale = width / total
    start = min(width - 1, round(before * scale))
    length = max(1, round((before + rule.decided.events) * scale) - start)
    kept = round(length * rule.kept.share)
    if 0 < rule.kept.share < 1 and length > 1:
        kept = max(1, min(length - 1, kept))
    return "·" * start + "█" * kept + "░" * (length - kept)


def _rules(report: TargetReport, width: int, *, is_full: bool, has_corpus: bool) -> list[str]:
    shown = _most_telling(report.rules, is_full=is_full)
    lines: list[str] = []
    for rule in shown:
        lines += _rule(rule, width, is_full=is_full, has_corpus=has_corpus)
    left = len(report.rules) - len(shown)
    if left:
        lines += paragraph(f"… and {counted(left, 'more rule')}: `--full` shows them", width=width)
    return lines


def _rule(rule: RuleReport, width: int, *, is_full: bool, has_corpus: bool) -> list[str]:
    number = f"{rule.number}. " if rule.number else "\u2013 "
    title = f"{number}{rule.name}" + (f": {rule.description}" if rule.description else "")
    lines = [*paragraph(title, width=width), *paragraph(rule.words, width=width, indent=3)]
    if rule.settings and rule.fate is Fate.BY_FLOW and is_full:
        lines += paragraph(f"Settings: {rule.settings}.", width=width, indent=3)
    if rule.is_unused:
        lines += paragraph("Decides no trace of the corpus.", width=width, indent=3)
    elif has_corpus and is_full:
        lines += paragraph(_decides(rule), width=width, indent=3)
        for one in rule.examples:
            lines += paragraph(f"e.g. {one.trace_id}  {one.words}", width=width, indent=3)
    if is_full and rule.refinery:
        lines.append("   In Refinery:")
        lines += [f"     {line}" for text in rule.refinery for line in _yaml_lines(text)]
    return lines


def _decides(rule: RuleReport) -> str:
    words = (
        f"Decides {share_with_range(rule.of_traces)} of the traces,"
        f" {share_with_range(rule.of_events)} of the events; keeps"
    )
    kept = kept_words(rule.kept.events)
    if rule.basis is Basis.NOTHING:
        return f"{words} {kept} events, by flow."
    return f"{words} {kept} of these {events_words(rule.decided.events)}."


def _losses(ledger: Ledger, width: int, *, is_full: bool) -> list[str]:
    lines = ["", *paragraph(lost_headline(ledger), width=width)]
    if not ledger.groups:
        return lines
    groups = ledger.groups if is_full else ledger.groups[:_GROUPS_SHOWN]
    length = _ID_LENGTH if width >= _NARROW else _ID_LENGTH_NARROW
    lines += render_table(_LOST, [_lost_row(one, length) for one in groups], width=width)
    left = len(ledger.groups) - len(groups) + ledger.groups_left
    if left:
        events = ledger.left_events + sum(one.lost_events for one in ledger.groups[len(groups) :])
        lines += paragraph(f"… and {counted(left, 'more kind')}: {events_words(events)}")
    if ledger.never:
        lines += _never(ledger, width, is_full=is_full)
    if ledger.errors:
        lines += ["", *paragraph("Failing traces that may be lost:", width=width)]
        for one in ledger.errors if is_full else ledger.errors[:_GROUPS_SHOWN]:
            lost = f"{one.words}, so about {traces_words(one.lost_traces)} lost"
            named = f"; e.g. {one.examples[0].trace_id[:_ID_LENGTH]}" if one.examples else ""
            lines += _bullet(f"{lost}{named}", width)
        rest = ledger.errors_left + (0 if is_full else max(0, len(ledger.errors) - _GROUPS_SHOWN))
        if rest:
            lines += _bullet(f"{rest:,} more services or rules", width)
    example = next((one for group in groups for one in group.examples), None)
    if example is not None:
        lines += paragraph(f"{trace_command(example)} shows why a trace is lost.", width=width)
    return lines


def _lost_row(group: LostGroup, id_length: int) -> Sequence[str]:
    return (
        group.words,
        amount_words(group.lost_events),
        percent_words(group.share),
        ", ".join(group.rules),
        group.examples[0].trace_id[:id_length] if group.examples else "",
    )


def _never(ledger: Ledger, width: int, *, is_full: bool) -> Iterator[str]:
    shown = ledger.never if is_full else ledger.never[:_GROUPS_SHOWN]
    words = "; ".join(f"{one.words} ({traces_words(one.traffic.weight)})" for one in shown)
    left = ledger.never_left + len(ledger.never) - len(shown)
    more = f"; and {counted(left, 'more kind')}" if left else ""
    yield ""
    yield from paragraph(f"Never kept: {words}{more}.", width=width)


def _timeline(timeline: Timeline, width: int) -> list[str]:
    room = max(10, width - 26)
    arriving = _thinned([one.arriving for one in timeline.buckets], room)
    kept = _thinned([one.kept for one in timeline.buckets], room)
    mean = timeline.mean
    words = (
        f"Events a second over time, {number_words(timeline.bucket_s)} s a bucket; kept"
        f" {number_words(mean.kept)} on average (95 %: {number_words(mean.low)} to"
        f" {number_words(mean.high)})"
    )
    for peak in timeline.peaks:
        words += f", {number_words(peak.kept)} in the busiest {peak.seconds} s"
    if timeline.budget is not None:
        words += f"; budget {number_words(timeline.budget)}, exceeded in {timeline.over:,} of"
        words += f" {counted(len(timeline.buckets), 'bucket')}"
    lines = paragraph(f"{words}; {timeline.basis}.", width=width)
    for name, values in (("arriving", arriving), ("kept", kept)):
        most = max(values, default=0.0)
        lines.append(f"  {name:<8}  {_spark(values)}  up to {number_words(most)}")
    return lines


def _thinned(values: Sequence[float], room: int) -> list[float]:
    """Return at most `room` values, each the largest of its neighbours."""
    if len(values) <= room:
        return list(values)
    step = -(-len(values) // room)
    return [max(values[i : i + step]) for i in range(0, len(values), step)]


def _spark(values: Iterable[float]) -> str:
    found = list(values)
    most = max(found, default=0.0)
    if not most:
        return _BARS[0] * len(found)
    last = len(_BARS) - 1
    return "".join(_BARS[max(1, round(one / most * last)) if one else 0] for one in found)


def _proofs(proofs: Proofs, width: int, *, is_full: bool) -> list[str]:
    lines = paragraph(proofs.headline, width=width)
    rows = [(one.verdict.value, _check(one, is_full=is_full), one.about) for one in proofs.checks]
    lines += render_table(_PROOFS, rows, width=width)
    for one in proofs.checks:
        if one.settle:
            lines += _bullet(f"UNKNOWN `{one.name}`: {one.settle}", width)
    for words in proofs.not_asked:
        lines += _bullet(f"not asked: {words}", width)
    refuted = [one for one in proofs.checks if one.verdict is Verdict.REFUTED]
    if is_full:
        for one in refuted:
            if one.counterexample:
                lines += ["", *(line for text in one.counterexample for line in _fit(text, width))]
    elif refuted:
        lines += paragraph("`nectarc prove` shows the traces that refute.", width=width)
    return lines


def _check(proof: Proof, *, is_full: bool) -> str:
    # How a budget that holds was estimated, the line over time says.
    is_said = proof.name == "budget" and proof.verdict is Verdict.HOLDS
    if not proof.reason or (is_said and not is_full):
        return proof.claim
    return f"{proof.claim}. {proof.reason[:1].upper()}{proof.reason[1:]}"


def _lint(report: TargetReport, width: int, *, is_full: bool) -> list[str]:
    assert report.lint is not None
    lint = report.lint
    lines = paragraph(f"Traps in these rules (`{lint.command}` explains them):", width=width)
    shown = lint.traps if is_full else lint.traps[:_GROUPS_SHOWN]
    for one in shown:
        lines += _bullet(one, width)
    if len(lint.traps) > len(shown):
        lines += _bullet(f"{len(lint.traps) - len(shown):,} more", width)
    return lines


def _refinery(report: TargetReport, width: int, *, is_full: bool) -> list[str]:
    lines: list[str] = []
    if report.refused:
        lines += ["", *paragraph(f"Refinery rules: none. {report.refused}", width=width)]
    if is_full and report.sampler:
        lines += ["", "Refinery's sampler of the whole target:"]
        lines += [f"  {line}" for line in _yaml_lines(report.sampler)]
    if report.is_policy and not report.refused:
        count = sum(len(rule.refinery) for rule in report.rules)
        words = f"Refinery will run {counted(count, 'rule')}: `nectarc compile` writes them"
        if report.assumptions:
            told = "; ".join(map(assumption_words, report.assumptions))
            words += f". They take for granted: {told}"
        lines += ["", *paragraph(f"{words}.", width=width)]
    return lines


def _most_telling(rules: Sequence[RuleReport], *, is_full: bool) -> tuple[RuleReport, ...]:
    """Return the rules to show, in order: all, or those that decide most."""
    if is_full or len(rules) <= _RULES_SHOWN:
        return tuple(rules)
    ranked = sorted(range(len(rules)), key=lambda i: (-rules[i].decided.events, i))
    chosen = set(ranked[:_RULES_SHOWN])
    return tuple(rule for i, rule in enumerate(rules) if i in chosen)


def _bullet(words: str, width: int) -> list[str]:
    lines = paragraph(words, width=width, indent=2)
    return [f"- {lines[0][2:]}", *lines[1:]]


def _yaml_lines(text: str) -> list[str]:
    return displayed(text, keep_lines=True).splitlines()


def _fit(text: str, width: int) -> list[str]:
    indent = len(text) - len(text.lstrip(" "))
    return paragraph(text.strip(), width=width, indent=indent)
