"""The report of `prove` for people, and for programs.

Owns: layout. Must not know: how anything was checked.
Truth: ../shared/design/product.md: a verdict says its scope in the same breath.
"""

from __future__ import annotations

import json
from typing import Final

from nectarc.corpus.typed_trace import encode_trace
from nectarc.evaluate.values import text_of
from nectarc.prove.claims import action_words
from nectarc.prove.verdicts import CheckResult, Counterexample, ProveReport, Scope, Verdict
from nectarc.render.counting import counted
from nectarc.render.json import Json
from nectarc.report.tables import WIDTH, Column, paragraph, render_table
from nectarc.trace import ROOT_FIELD, Span, Trace

_SPANS_SHOWN: Final = 8
_COLUMNS: Final = (Column("verdict"), Column("check"), Column("looked at"))


def render_report_text(report: ProveReport, *, width: int = WIDTH) -> str:
    """Return headline, table of checks, and a counterexample for each refuted one."""
    lines = paragraph(headline(report), width=width)
    lines.append("")
    rows = [
        (check.verdict.value, _check_words(check), _scope_words(check)) for check in report.checks
    ]
    lines += render_table(_COLUMNS, rows, width=width)
    for check in report.checks:
        if check.counterexample is not None:
            lines += ["", *_counterexample(check, check.counterexample, width)]
    if report.skipped:
        lines += ["", "No trace was built for:"]
        for one in report.skipped:
            lines += paragraph(f"- {one}", width=width, indent=2)
    return "\n".join(lines) + "\n"


def headline(report: ProveReport) -> str:
    """Return one sentence: the verdict with its scope."""
    refuted = sum(check.verdict is Verdict.REFUTED for check in report.checks)
    skipped = sum(check.verdict is Verdict.SKIPPED for check in report.checks)
    held = len(report.checks) - refuted - skipped
    verdicts = [f"{held} check{' holds' if held == 1 else 's hold'}"]
    verdicts += [f"{refuted} refuted"] if refuted else []
    verdicts += [f"{skipped} skipped"] if skipped else []
    built = "all combinations on up to two spans among them" if report.is_exhaustive else "sampled"
    corpus = f"{counted(report.corpus_traces, 'corpus trace')}" if report.corpus_traces else ""
    looked = corpus or "no corpus"
    return (
        f"{report.policy}: {', '.join(verdicts)}, on {looked} and"
        f" {counted(report.bounded_traces, 'trace')} built around the policy's own boundaries"
        f" ({built}). This is a check of these traces, not a proof over all."
    )


def report_record(report: ProveReport) -> dict[str, Json]:
    """Return the report as a JSON object; its findings are rendered with all diagnostics."""
    return {
        "policy": report.policy,
        "refuted": report.is_refuted,
        "corpus_traces": report.corpus_traces,
        "bounded_traces": report.bounded_traces,
        "bounded_exhaustive": report.is_exhaustive,
        "not_built": list(report.skipped),
        "checks": [_check_json(check) for check in report.checks],
    }


def _check_words(check: CheckResult) -> str:
    return f"{check.claim}. {_sentence(check.reason)}" if check.reason else check.claim


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _scope_words(check: CheckResult) -> str:
    if check.verdict is Verdict.SKIPPED:
        return "nothing"
    scope: Scope = check.scope
    if scope.is_structural:
        return "the policy's form"
    parts = [counted(scope.corpus, "trace")]
    if scope.bounded:
        parts.append(f"{scope.bounded:,} built")
    if not scope.corpus and scope.bounded:
        parts = parts[1:]
    return ", ".join(parts)


def _counterexample(check: CheckResult, shown: Counterexample, width: int) -> list[str]:
    origin = "built around the boundaries of the policy's tests"
    if shown.origin:
        file = f" ({shown.file})" if shown.file else ""
        whole = len(shown.trace.spans) == shown.spans
        cut = "" if whole else f", cut down from {counted(shown.spans, 'span')}"
        origin = f"trace {shown.origin}{file}{cut}"
    lines = paragraph(f"Counterexample to `{check.name}`: {origin}.", width=width)
    lines += paragraph(
        f"Rule `{shown.rule}` decides and {action_words(shown.action)}.", width=width
    )
    if shown.origin and len(shown.trace.spans) == shown.spans > _SPANS_SHOWN:
        lines.append(f"  `nectarc explain --trace {shown.origin}` shows why.")
        return lines
    for number, span in enumerate(shown.trace.spans[:_SPANS_SHOWN], start=1):
        lines += paragraph(_span_words(number, span, shown.trace), width=width, indent=2)
    rest = len(shown.trace.spans) - _SPANS_SHOWN
    if rest > 0:
        lines.append(f"  … and {counted(rest, 'more span')}")
    return lines


def _span_words(number: int, span: Span, trace: Trace) -> str:
    kind = " (root)" if span is trace.root else " (no parent)" if span.is_root else ""
    fields = [
        f"{name} = {_value_words(value)}"
        for name, value in span.fields.items()
        if name != ROOT_FIELD
    ]
    return f"span {number}{kind}: {', '.join(fields) if fields else 'no fields that matter'}"


def _value_words(value: object) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if value is None:
        return "null"
    if isinstance(value, bool | int | float):
        return text_of(value)
    return repr(value)


def _check_json(check: CheckResult) -> Json:
    return {
        "name": check.name,
        "claim": check.claim,
        "verdict": check.verdict.value,
        "scope": {
            "corpus_traces": check.scope.corpus,
            "bounded_traces": check.scope.bounded,
            "structural": check.scope.is_structural,
        },
        "reason": check.reason,
        "failing": check.failing,
        "counterexample": _counterexample_json(check.counterexample),
    }


def _counterexample_json(shown: Counterexample | None) -> Json:
    if shown is None:
        return None
    trace: Json = json.loads(json.dumps(encode_trace(shown.trace)))
    return {
        "trace": trace,
        "from": shown.origin or None,
        "file": shown.file or None,
        "rule": shown.rule,
        "action": action_words(shown.action),
    }
