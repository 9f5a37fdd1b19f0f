"""What `explain` shows of a policy and of one trace."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from nectarc.corpus.stored_trace import CorpusTrace
from nectarc.evaluate.policy import decide
from nectarc.ir.text import parse_policy_text
from nectarc.pipeline import CompileOptions, lower_policy
from nectarc.prove.corpus_decisions import TracesInMemory
from nectarc.prove.trace_ids import FoundTrace, find_trace
from nectarc.records import record
from nectarc.refinery.lowered import Lowered
from nectarc.report.explain import RuleCounts, explain_policy
from nectarc.report.explain_text import (
    render_explanation_json,
    render_explanation_markdown,
    render_explanation_text,
)
from nectarc.report.rule_counts import count_rules
from nectarc.report.tables import Column, render_table
from nectarc.report.trace_text import render_trace_json, render_trace_text
from nectarc.report.trace_view import Mark, explain_trace
from nectarc.trace import ROOT_FIELD, Span, Trace, Value

SEED = parse_policy_text(
    """
    policy "shop"
    rule "keep-errors" -> keep about "All 5xx"
      when any(number http.status[http.status|http.status_code]:int >= 500.0)
    rule "slow" -> sample(1/2)
      when root number duration[duration_ms]:duration_ms > 5000.0 && span_count > 1
    rule "rest" -> sample(1/100) when true
    """
)


def _trace(trace_id: str, *spans: Mapping[str, Value]) -> Trace:
    return Trace(
        trace_id,
        tuple(Span({**fields, ROOT_FIELD: i == 0}, i == 0) for i, fields in enumerate(spans)),
    )


@record
class _InParts:
    """A corpus of two parts."""

    traces: tuple[CorpusTrace, ...]

    def partitions(self) -> tuple[TracesInMemory, ...]:
        half = len(self.traces) // 2
        return TracesInMemory(self.traces[:half]), TracesInMemory(self.traces[half:])


FAILED = _trace(
    "f1",
    {"service.name": "web", "duration_ms": 900.5},
    {"service.name": "cart", "http.status_code": 503},
    {"service.name": "db"},
)
FINE = _trace("f2", {"service.name": "web", "duration_ms": 6000, "http.status": "200"})


def _lowered() -> Lowered:
    lowered = lower_policy(SEED, CompileOptions()).lowered
    assert lowered is not None
    return lowered


def _counts(*traces: Trace) -> RuleCounts:
    return count_rules(SEED, TracesInMemory(tuple(map(CorpusTrace, traces))))


def test_counts_are_those_of_the_plain_evaluator_part_by_part() -> None:
    many = [
        CorpusTrace(_trace(f"t{i}", *([one] * (1 + i % 3))), sample_rate=1 + i % 4)
        for i in range(40)
        for one in ({"http.status": 400 + 20 * (i % 9), "duration_ms": 600.0 * i},)
    ]
    traces, events = [0.0] * 3, [0.0] * 3
    for one in many:
        rule = decide(SEED, one.trace)
        traces[rule] += one.sample_rate
        events[rule] += one.sample_rate * len(one.trace.spans)

    counts = count_rules(SEED, _InParts(tuple(many)), "sampled upstream at 1 in 3")

    assert (counts.traces, counts.events) == (tuple(traces), tuple(events))
    assert min(counts.traces) > 0
    assert (counts.corpus_traces, counts.is_weighted) == (40, True)


def test_a_sampled_corpus_says_so_beside_its_figures() -> None:
    corpus = TracesInMemory((CorpusTrace(FINE, sample_rate=10),))
    explanation = explain_policy(SEED, count_rules(SEED, corpus, "sampled upstream at 1 in 10"))

    text = " ".join(render_explanation_text(explanation).split())

    assert "1 corpus trace that stand for" not in text
    assert "1 corpus trace, standing for 10, 10 events." in text
    assert "The corpus is sampled upstream at 1 in 10: figures count each trace so." in text
    assert "sampled upstream at 1 in 10" in render_explanation_markdown(explanation)
    record = json.loads(render_explanation_json(explanation))
    assert record["corpus_sampling"] == "sampled upstream at 1 in 10"


def test_what_is_kept_of_little_is_not_rounded_to_nothing() -> None:
    text = render_explanation_text(explain_policy(SEED, _counts(FINE)))

    assert "keeps about 0.01 of these 1 events" in text


def test_a_trace_is_found_by_its_id_or_by_a_beginning_that_is_its_own() -> None:
    corpus = _InParts(tuple(CorpusTrace(_trace(name, {"a": 1})) for name in ("ab", "abc", "b1")))

    def found(wanted: str) -> FoundTrace:
        return find_trace((corpus,), wanted)

    names = {one: found(one).trace for one in ("ab", "abc", "b")}
    assert {one: name and name.trace.trace_id for one, name in names.items()} == {
        "ab": "ab",
        "abc": "abc",
        "b": "b1",
    }
    assert found("a").beginnings == ("ab", "abc")
    assert found("x") == FoundTrace(trace=None, known=("ab", "abc", "b1"))


def test_rules_count_the_traces_and_events_that_they_decide() -> None:
    corpus = (CorpusTrace(FAILED), CorpusTrace(FINE, sample_rate=10))

    explanation = explain_policy(SEED, count_rules(SEED, TracesInMemory(corpus)))

    assert [(rule.traces, rule.events, rule.share) for rule in explanation.rules] == [
        (1, 3, 1.0),
        (0, 0, 0.5),
        (10, 10, 0.01),
    ]
    assert explanation.is_weighted


def test_the_text_has_words_counts_and_the_refinery_rule() -> None:
    text = render_explanation_text(explain_policy(SEED, _counts(FAILED), _lowered()))

    assert "1. keep-errors: All 5xx\n" in text
    assert (
        "   Keeps all traces in which some span has http.status (http.status or http.status_code)"
        " of at\n   least 500.\n" in text
    )
    assert "Decides 100 % of the traces and 100 % of the events; keeps about 3 of these 3" in text
    assert "     - Name: keep-errors\n       SampleRate: 1\n" in text
    assert "\x1b" not in text


@pytest.mark.parametrize("width", [80, 96, 100])
def test_text_fits_the_width(width: int) -> None:
    lowered = _lowered()

    texts = [
        render_explanation_text(explain_policy(SEED, _counts(FAILED), lowered), width=width),
        render_trace_text(explain_trace(SEED, FAILED, lowered), width=width),
    ]

    assert max(len(line) for text in texts for line in text.splitlines()) <= width


def test_markdown_has_a_table_and_yaml() -> None:
    text = render_explanation_markdown(explain_policy(SEED, _counts(FAILED), _lowered()))

    assert "| keep-errors | keep | 1 | 100 % | 3 | 100 % | 3 |" in text
    assert "```yaml\n- Name: keep-errors\n" in text


def test_json_keeps_the_numbers() -> None:
    record = json.loads(render_explanation_json(explain_policy(SEED, _counts(FINE))))

    assert record["rules"][2]["traces"] == 1
    assert record["rules"][2]["events_kept"] == 0.01
    assert record["rules"][0]["refinery"] == []


def test_a_trace_shows_each_condition_at_each_span() -> None:
    explanation = explain_trace(SEED, FAILED)

    (rule,) = explanation.rules
    (condition,) = rule.conditions
    assert explanation.rule == "keep-errors"
    assert condition.words == "http.status >= 500"
    assert [answer.mark for answer in condition.at_spans] == [
        Mark.MISSING,
        Mark.HOLDS,
        Mark.MISSING,
    ]
    assert condition.at_spans[1].value == 503


def test_root_conditions_are_asked_of_the_root_and_counts_of_the_trace() -> None:
    explanation = explain_trace(SEED, _trace("f3", {"duration_ms": 9000.0}, {"duration_ms": 1.0}))

    slow = explanation.rules[1]
    assert explanation.rule == "slow"
    assert slow.facts == (("span_count > 1 (it is 2)", True),)
    assert [answer.mark for answer in slow.conditions[0].at_spans] == [Mark.HOLDS, Mark.ELSEWHERE]


def test_the_refinery_rules_answer_beside_the_policy() -> None:
    explanation = explain_trace(SEED, FINE, _lowered())

    assert explanation.rule == "rest"
    assert [rule.is_match for rule in explanation.refinery] == [False, False, True]
    assert explanation.reason == "rules/trace/rest"
    text = render_trace_text(explanation)
    assert "✗ 200" not in text  # text, shown as such
    assert '✗ "200"' in text


def test_spans_without_the_field_are_counted_not_listed() -> None:
    many = _trace("f4", *({"name": f"s{i}"} for i in range(40)), {"http.status": 500})

    text = render_trace_text(explain_trace(SEED, many))

    assert "s39" not in text
    assert "… 40 more spans without this field" in text


def test_trace_json_keeps_types_of_values() -> None:
    record = json.loads(render_trace_json(explain_trace(SEED, FINE)))

    spans = record["rules"][0]["conditions"][0]["spans"]
    assert spans == [{"holds": False, "value": "200"}]


def test_tables_wrap_text_and_align_numbers() -> None:
    lines = render_table(
        [Column("what it says"), Column("n", is_number=True)],
        [["some words that are long", "7"], ["x", "1,234"]],
        width=20,
    )

    assert lines == [
        "what it says       n",
        "─────────────  ─────",
        "some words         7",
        "that are long",
        "x              1,234",
    ]
