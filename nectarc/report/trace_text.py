"""Why one trace is decided as it is, as text and as JSON.

Owns: layout. Must not know: how anything was found out.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from nectarc.corpus.typed_trace import encode_value
from nectarc.evaluate.values import MISSING, ValueOrMissing, text_of
from nectarc.render.json import Json
from nectarc.report.tables import WIDTH, Column, paragraph, render_table
from nectarc.report.trace_view import Answer, AskedRule, Mark, TraceExplanation

_SPANS_SHOWN: Final = 14
_VALUE_MAX: Final = 28
_LEGEND: Final = (
    f"{Mark.HOLDS.value} holds   {Mark.FAILS.value} does not   {Mark.MISSING.value} no such field"
)


def render_trace_text(explanation: TraceExplanation, *, width: int = WIDTH) -> str:
    """Return the decision, then each rule asked with a table of conditions by spans."""
    count = len(explanation.spans)
    decides = f"rule `{explanation.rule}` decides" if explanation.rule else "no rule decides"
    lines = paragraph(
        f"Trace {explanation.trace_id} ({'1 span' if count == 1 else f'{count} spans'}): {decides}."
        f" {explanation.action}.",
        width=width,
    )
    if explanation.rules or explanation.refinery:
        lines += ["", _LEGEND]
    if explanation.rules:
        lines += ["", "The policy's rules, up to the one that decides:"]
        lines += _rules(explanation.rules, explanation.spans, width)
    if explanation.reason:
        lines += ["", f"Refinery's reason: {explanation.reason}"]
    if explanation.refinery:
        lines += ["", "The Refinery rules, up to the one that decides:"]
        lines += _rules(explanation.refinery, explanation.spans, width)
    return "\n".join(lines) + "\n"


def trace_record(explanation: TraceExplanation) -> dict[str, Json]:
    """Return the same as one JSON object; values as in the typed trace lines."""
    return {
        "trace": explanation.trace_id,
        "rule": explanation.rule,
        "action": explanation.action,
        "spans": list(explanation.spans),
        "rules": [rule_json(rule) for rule in explanation.rules],
        "refinery": [rule_json(rule) for rule in explanation.refinery],
        "reason": explanation.reason,
    }


def answer_lines(rule: AskedRule, spans: Sequence[str], *, width: int = WIDTH) -> list[str]:
    """Return what a rule asks for, its facts, and its conditions by spans; indented by three.

    spans: what to call each span, in order of arrival.
    """
    lines = paragraph(rule.words, width=width, indent=3)
    for words, is_so in rule.facts:
        mark = Mark.HOLDS if is_so else Mark.FAILS
        lines += paragraph(f"{mark.value} {words}", width=width, indent=3)
    return lines + (_table(rule, spans, width) if rule.conditions else [])


def _rules(rules: Sequence[AskedRule], spans: Sequence[str], width: int) -> list[str]:
    lines: list[str] = []
    for number, rule in enumerate(rules, start=1):
        verdict = "✓ decides" if rule.is_match else "✗ does not match"
        lines += ["", *paragraph(f"{number}. {rule.name}  {verdict}", width=width)]
        lines += answer_lines(rule, spans, width=width)
    return lines


def _table(rule: AskedRule, spans: Sequence[str], width: int) -> list[str]:
    columns = [Column("span"), *(Column(one.words) for one in rule.conditions)]
    telling = [
        i
        for i in range(len(spans))
        if any(one.at_spans[i].mark in (Mark.HOLDS, Mark.FAILS) for one in rule.conditions)
    ]
    shown = _most_telling(rule, telling)
    rows = [
        [f"{i + 1} {spans[i]}", *(_cell(one.at_spans[i]) for one in rule.conditions)] for i in shown
    ]
    lines = render_table(columns, rows, width=width, indent=3) if rows else []
    if len(telling) > len(shown):
        lines.append(f"   … {_more(len(telling) - len(shown))} with fewer that hold")
    if len(spans) > len(telling):
        lacking = len(spans) - len(telling)
        field = "this field" if len(rule.conditions) == 1 else "these fields"
        asked = ", ".join(one.words for one in rule.conditions)
        lines += (
            [f"   … {_more(lacking)} without {field}"]
            if rows
            else paragraph(f"{asked}: no span that is asked has {field}", width=width, indent=3)
        )
    return lines


def _most_telling(rule: AskedRule, spans: Sequence[int]) -> list[int]:
    """Choose at most as many as fit: those on which most holds, in order of arrival."""
    ranked = sorted(
        spans,
        key=lambda i: (-sum(one.at_spans[i].mark is Mark.HOLDS for one in rule.conditions), i),
    )
    return sorted(ranked[:_SPANS_SHOWN])


def _more(count: int) -> str:
    return "1 more span" if count == 1 else f"{count} more spans"


def _cell(answer: Answer) -> str:
    if answer.mark in (Mark.ELSEWHERE, Mark.MISSING) or answer.value is MISSING:
        return answer.mark.value
    return f"{answer.mark.value} {_value(answer.value)}"


def _value(value: ValueOrMissing) -> str:
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, str) else text_of(value)
    if value is None:
        text = "null"
    return text if len(text) <= _VALUE_MAX else f"{text[: _VALUE_MAX - 1]}…"


def rule_json(rule: AskedRule) -> Json:
    """Return one rule that was asked, its conditions by spans."""
    return {
        "name": rule.name,
        "words": rule.words,
        "matched": rule.is_match,
        "facts": [{"words": words, "holds": is_so} for words, is_so in rule.facts],
        "conditions": [
            {"words": one.words, "spans": [_answer_json(answer) for answer in one.at_spans]}
            for one in rule.conditions
        ],
    }


def _answer_json(answer: Answer) -> Json:
    if answer.mark is Mark.ELSEWHERE:
        return None
    record: dict[str, Json] = {"holds": answer.mark is Mark.HOLDS}
    if answer.value is not MISSING:
        value: Json = json.loads(json.dumps(encode_value(answer.value)))
        record["value"] = value
    return record
