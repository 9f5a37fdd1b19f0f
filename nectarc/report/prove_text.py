"""The report of `prove` for people.

Owns: layout and words. Must not know: how anything was checked.
Truth: ../shared/design/product.md: a verdict says its scope in the same breath.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nectarc.prove.shares import action_words
from nectarc.prove.trace_names import describe_span
from nectarc.prove.verdicts import (
    RARE_SHARE,
    CheckResult,
    CorpusSummary,
    Counterexample,
    ProveReport,
    Sample,
    Verdict,
)
from nectarc.prove.words import bound_words, number_words, value_words
from nectarc.render.counting import counted
from nectarc.report.tables import WIDTH, Column, paragraph, render_table
from nectarc.trace import ROOT_FIELD, Span, Trace

_SPANS_SHOWN: Final = 8
_FIELDS_SHOWN: Final = 12
_RARE_SHOWN: Final = 10
_COLUMNS: Final = (Column("verdict"), Column("check"), Column("about"))
_RARE_COLUMNS: Final = (
    Column("rare failure"),
    Column("traces", is_number=True),
    Column("stand for", is_number=True),
    Column("may be lost", is_number=True),
)


def render_report_text(report: ProveReport, *, width: int = WIDTH) -> str:
    """Return headline, table of checks, a counterexample for each refuted one, rare failures."""
    lines = paragraph(headline(report), width=width)
    lines.append("")
    assumed = bool(report.assumptions)
    rows = [
        (check.verdict.value, _check_words(check), about_words(check, has_assumptions=assumed))
        for check in report.checks
    ]
    lines += render_table(_COLUMNS, rows, width=width)
    for words in report.not_asked:
        lines += paragraph(f"not asked: {words}", width=width)
    for check in report.checks:
        if check.counterexample is not None:
            lines += ["", *counterexample_lines(check, width=width)]
    if report.rare:
        lines += ["", *_rare(report, width)]
    return "\n".join(lines) + "\n"


def headline(report: ProveReport) -> str:
    """Return the verdicts with their scope and what they take for granted."""
    count = {one: sum(check.verdict is one for check in report.checks) for one in Verdict}
    words = [
        f"{count[verdict]} {verdict.value}"
        for verdict in (Verdict.PROVED, Verdict.HOLDS, Verdict.REFUTED, Verdict.UNKNOWN)
        if count[verdict]
    ]
    said = [f"{report.policy}: {', '.join(words)}."]
    if count[Verdict.PROVED]:
        assumed = ""
        if report.assumptions:
            assumed = f"; for the Refinery rules where {', '.join(report.assumptions)}"
        said.append(
            "PROVED is for every trace, about the spans that Refinery has when it decides (not"
            f" stress relief, late spans, eviction){assumed}."
        )
    if report.corpus.traces:
        held = "HOLDS is for this corpus" if count[Verdict.HOLDS] else "The corpus"
        said.append(f"{held}: {corpus_words(report)}.")
    else:
        held = "; HOLDS is for the traces that its row counts" if count[Verdict.HOLDS] else ""
        said.append(f"There is no corpus{held}.")
    return " ".join(said)


def corpus_words(report: ProveReport) -> str:
    """Return how large the corpus is, what it stands for, and how it was sampled."""
    corpus = report.corpus
    words = counted(corpus.traces, "trace")
    if corpus.weight != corpus.traces:
        words += f" that stand for {number_words(corpus.weight)}"
    return f"{words}, {corpus.presampled}" if corpus.presampled else words


def about_words(check: CheckResult, *, has_assumptions: bool) -> str:
    """Return which traces a verdict is about; the report says what is assumed, if anything."""
    sample = check.sample
    match check.verdict:
        case Verdict.PROVED:
            is_assumed = check.is_about_rules and has_assumptions
            every = "every trace as assumed" if is_assumed else "every trace"
            if sample is not None and sample.traces:
                return f"{every}, {sample.traces:,} of the corpus among them"
            return every
        case Verdict.HOLDS:
            assert sample is not None
            return _sample_words(sample)
        case Verdict.REFUTED:
            if sample is not None and sample.failing:
                return f"{sample.failing:,} of {counted(sample.traces, 'trace')}"
            if check.counterexample is not None:
                return "a trace"
            return _sample_words(sample) if sample is not None else "every trace"
        case Verdict.UNKNOWN:
            return "nothing"


def _sample_words(sample: Sample) -> str:
    words = counted(sample.traces, "trace")
    if sample.weight != sample.traces:
        words += f" that stand for {number_words(sample.weight)}"
    if sample.upper is not None:
        words += f"; at 95 % confidence at most {bound_words(sample.upper)} of such traffic fails"
    return words


def _check_words(check: CheckResult) -> str:
    return f"{check.claim}. {_sentence(check.reason)}" if check.reason else check.claim


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def counterexample_lines(check: CheckResult, *, width: int = WIDTH) -> list[str]:
    """Return the trace that refutes a check, span by span; nothing where there is none."""
    shown = check.counterexample
    return [] if shown is None else _counterexample(check, shown, width)


def _counterexample(check: CheckResult, shown: Counterexample, width: int) -> list[str]:
    origin = "a trace that the prover made, replayed"
    if shown.origin:
        file = f" ({shown.file})" if shown.file else ""
        whole = len(shown.trace.spans) == shown.spans
        cut = "" if whole else f", cut down from {counted(shown.spans, 'span')}"
        origin = f"trace {shown.origin}{file}{cut}"
    lines = paragraph(f"Counterexample to `{check.name}`: {origin}.", width=width)
    lines += paragraph(
        f"Rule `{shown.rule}` decides and {action_words(shown.action)}.", width=width
    )
    is_whole = bool(shown.origin) and _is_wide(shown.trace)
    for number, span in enumerate(shown.trace.spans[:_SPANS_SHOWN], start=1):
        words = (
            _whole_span(number, span, shown) if is_whole else _cut_span(number, span, shown.trace)
        )
        lines += paragraph(words, width=width, indent=2)
    if is_whole:
        lines.append(f"  `nectarc explain --trace {shown.origin}` shows why.")
    rest = len(shown.trace.spans) - _SPANS_SHOWN
    if rest > 0:
        lines.append(f"  … and {counted(rest, 'more span')}")
    return lines


def _is_wide(trace: Trace) -> bool:
    """Say whether a trace is too much to read field by field."""
    return any(len(span.fields) > _FIELDS_SHOWN for span in trace.spans)


def _whole_span(number: int, span: Span, shown: Counterexample) -> str:
    """Name the span, and give the fields that the policy's rules read."""
    named = describe_span(span, shown.trace)
    fields = _fields(span, [name for name in span.fields if name in shown.asked])
    return f"span {number} {named}: {fields}" if fields else f"span {number} {named}"


def small_trace_lines(trace: Trace) -> list[str]:
    """Return a small trace, a line a span: `span 1 (root): http.status = 500`."""
    shown = trace.spans[:_SPANS_SHOWN]
    lines = [_cut_span(number, span, trace) for number, span in enumerate(shown, start=1)]
    rest = len(trace.spans) - len(shown)
    return [*lines, f"… and {counted(rest, 'more span')}"] if rest else lines


def _cut_span(number: int, span: Span, trace: Trace) -> str:
    kind = " (root)" if span is trace.root else " (no parent)" if span.is_root else ""
    fields = _fields(span, [name for name in span.fields if name != ROOT_FIELD])
    return f"span {number}{kind}: {fields or 'no fields that matter'}"


def _fields(span: Span, names: Sequence[str]) -> str:
    return ", ".join(f"{name} = {value_words(span.fields[name])}" for name in names)


def _rare_words(corpus: CorpusSummary) -> str:
    """Say what counts as rare: in a small corpus one trace is more than the share."""
    if corpus.traces * RARE_SHARE >= 1:
        return f"each at most {number_words(100 * RARE_SHARE)} % of it"
    if corpus.traces == 1:
        return "it has one trace"
    if corpus.weight == corpus.traces:
        return f"each in one of its {counted(corpus.traces, 'trace')}"
    return f"each standing for no more than a mean one of its {counted(corpus.traces, 'trace')}"


def _rare(report: ProveReport, width: int) -> list[str]:
    lines = paragraph(
        f"Rare and failing in this corpus ({_rare_words(report.corpus)}); they count as critical"
        " once they are marked:",
        width=width,
    )
    rows = [
        (one.words, f"{one.traces:,}", number_words(one.weight), f"{one.lost:,}")
        for one in report.rare[:_RARE_SHOWN]
    ]
    lines += render_table(_RARE_COLUMNS, rows, width=width, indent=2)
    rest = len(report.rare) - _RARE_SHOWN
    return [*lines, f"  … and {rest:,} more"] if rest > 0 else lines
