"""An explanation of a policy as text for a terminal, as Markdown and as JSON.

Owns: layout. Must not know: how anything was counted.
"""

from __future__ import annotations

import json

from nectarc.refinery.lowered import Assumption
from nectarc.render.counting import counted
from nectarc.render.json import Json
from nectarc.report.explain import Explanation, RuleExplanation
from nectarc.report.tables import WIDTH, Column, paragraph, render_table
from nectarc.report.words import share_words

_COUNTS = (
    Column("rule"),
    Column("action"),
    Column("traces", is_number=True),
    Column("share", is_number=True),
    Column("events", is_number=True),
    Column("share", is_number=True),
    Column("kept", is_number=True),
)


def render_explanation_text(explanation: Explanation, *, width: int = WIDTH) -> str:
    """Return the table of rules, then each rule in words with the Refinery rules it becomes."""
    lines = paragraph(_headline(explanation), width=width)
    if explanation.corpus_traces:
        lines += ["", *render_table(_COUNTS, _count_rows(explanation), width=width)]
    for number, rule in enumerate(explanation.rules, start=1):
        lines += ["", *_rule_lines(number, rule, explanation, width)]
    if explanation.assumptions:
        lines += ["", "The rules take for granted:"]
        for assumption in explanation.assumptions:
            lines += paragraph(f"- {assumption_words(assumption)}", width=width, indent=2)
    return "\n".join(lines) + "\n"


def render_explanation_markdown(explanation: Explanation) -> str:
    """Return the same as Markdown."""
    lines = [f"# {_escaped(explanation.policy)}", "", _headline(explanation), ""]
    if explanation.corpus_traces:
        titles = [column.title for column in _COUNTS]
        lines.append(f"| {' | '.join(titles)} |")
        rules = ["---:" if column.is_number else "---" for column in _COUNTS]
        lines.append(f"| {' | '.join(rules)} |")
        lines += [f"| {' | '.join(map(_escaped, row))} |" for row in _count_rows(explanation)]
        lines.append("")
    for number, rule in enumerate(explanation.rules, start=1):
        lines += [f"## {number}. {_escaped(rule.name)}", ""]
        lines += [_escaped(rule.description), ""] if rule.description else []
        lines += [_escaped(rule.words), ""]
        if rule.rules:
            lines += ["```yaml", "".join(rule.rules).rstrip("\n"), "```", ""]
    if explanation.assumptions:
        lines += ["The rules take for granted:", ""]
        lines += [f"- {_escaped(assumption_words(one))}" for one in explanation.assumptions]
    return "\n".join(lines).rstrip("\n") + "\n"


def render_explanation_json(explanation: Explanation) -> str:
    """Return the same as one JSON object; `share` is null where it depends on the traffic."""
    record: Json = {
        "policy": explanation.policy,
        "corpus_traces": explanation.corpus_traces,
        "corpus_sampling": explanation.presampled,
        "traces": explanation.traces,
        "events": explanation.events,
        "rules": [
            {
                "name": rule.name,
                "description": rule.description,
                "words": rule.words,
                "action": rule.action,
                "traces": rule.traces,
                "events": rule.events,
                "share": rule.share,
                "events_kept": _kept(rule),
                "refinery": list(rule.rules),
            }
            for rule in explanation.rules
        ],
        "assumptions": [
            {"kind": one.kind, "field": one.field, "type": one.type or None}
            for one in explanation.assumptions
        ],
    }
    return json.dumps(record, indent=2, ensure_ascii=False) + "\n"


def assumption_words(assumption: Assumption) -> str:
    """Return one assumption as a sentence without its full stop."""
    match assumption.kind:
        case "types":
            return f"`{assumption.field}`, where present, is a {assumption.type}"
        case "no-null":
            return f"`{assumption.field}` is never null"
        case _:
            return f"`{assumption.field}` is never NaN"


def _headline(explanation: Explanation) -> str:
    count = len(explanation.rules)
    rules = "1 rule" if count == 1 else f"{count} rules"
    first = f"{explanation.policy}: {rules}, the first that matches a trace decides."
    if not explanation.corpus_traces:
        return f"{first} There is no corpus to count traces in."
    traces = counted(explanation.corpus_traces, "corpus trace")
    looked = (
        f"{traces}, standing for {_count(explanation.traces)}"
        if explanation.is_weighted
        else traces
    )
    events = "event" if explanation.events == 1 else "events"
    words = f"{first} Counted over {looked}, {_count(explanation.events)} {events}."
    if explanation.presampled:
        words += f" The corpus is {explanation.presampled}: figures count each trace so."
    return words


def _count_rows(explanation: Explanation) -> list[list[str]]:
    rows = [
        [
            rule.name,
            rule.action,
            _count(rule.traces),
            _part(rule.traces, explanation.traces),
            _count(rule.events),
            _part(rule.events, explanation.events),
            _kept_words(rule),
        ]
        for rule in explanation.rules
    ]
    known = [kept for rule in explanation.rules if (kept := _kept(rule)) is not None]
    total = f"{'' if len(known) == len(rows) else 'over '}{_count(sum(known))}"
    if len(rows) > 1:
        rows.append(
            ["all", "", _count(explanation.traces), "", _count(explanation.events), "", total]
        )
    return rows


def _rule_lines(
    number: int, rule: RuleExplanation, explanation: Explanation, width: int
) -> list[str]:
    title = f"{number}. {rule.name}" + (f": {rule.description}" if rule.description else "")
    lines = [*paragraph(title, width=width), *paragraph(rule.words, width=width, indent=3)]
    if explanation.corpus_traces:
        lines += paragraph(_decides(rule, explanation), width=width, indent=3)
    if rule.rules:
        lines.append("   In Refinery:")
        lines += [f"     {line}" for text in rule.rules for line in text.splitlines()]
    return lines


def _decides(rule: RuleExplanation, explanation: Explanation) -> str:
    if not rule.traces:
        return "Decides none of the corpus."
    words = (
        f"Decides {_part(rule.traces, explanation.traces)} of the traces and"
        f" {_part(rule.events, explanation.events)} of the events"
    )
    kept = _kept(rule)
    if kept is None:
        return f"{words}; how many it keeps depends on the flow."
    return f"{words}; keeps about {_count(kept)} of these {_count(rule.events)} events."


def _kept(rule: RuleExplanation) -> float | None:
    return None if rule.share is None else rule.events * rule.share


def _kept_words(rule: RuleExplanation) -> str:
    kept = _kept(rule)
    return "by flow" if kept is None else _count(kept)


def _part(number: float, whole: float) -> str:
    return share_words(number / whole) if whole else "0 %"


def _count(number: float) -> str:
    if number and number < 10 and number != int(number):
        return f"{number:.1f}" if number >= 0.1 else f"{number:.1g}"
    return f"{number:,.0f}"


def _escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace("|", "\\|").replace("<", "\\<").replace("*", "\\*")
