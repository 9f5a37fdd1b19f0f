"""What `explain --trace` shows of one trace."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from nectarc.corpus.stored_trace import CorpusTrace
from nectarc.ir.text import parse_policy_text
from nectarc.pipeline import CompileOptions, lower_policy
from nectarc.prove.corpus_decisions import TracesInMemory
from nectarc.prove.trace_ids import FoundTrace, find_trace
from nectarc.records import record
from nectarc.refinery.loader import load_rules
from nectarc.refinery.lowered import Lowered
from nectarc.refinery.rules import RulesFile
from nectarc.report.tables import Column, render_table
from nectarc.report.trace_text import render_trace_text, trace_record
from nectarc.report.trace_view import Mark, explain_trace, explain_trace_by_rules
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


@pytest.mark.parametrize("width", [80, 96, 100])
def test_text_fits_the_width(width: int) -> None:
    lowered = _lowered()

    text = render_trace_text(explain_trace(SEED, FAILED, lowered), width=width)

    assert max(map(len, text.splitlines())) <= width


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
    record = json.loads(json.dumps(trace_record(explain_trace(SEED, FINE))))

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


def _rules_file(text: str) -> RulesFile:
    loaded = load_rules(text)
    assert loaded.rules is not None
    return loaded.rules


RULES = _rules_file(
    """RulesVersion: 2
Samplers:
  __default__:
    RulesBasedSampler:
      Rules:
        - Name: failing
          SampleRate: 1
          Conditions:
            - {Field: http.status_code, Operator: ">=", Value: 500, Datatype: int}
        - SampleRate: 7
          Conditions:
            - {Field: duration_ms, Operator: ">", Value: 5000, Datatype: float}
        - Name: never
          Drop: true
          Conditions:
            - {Field: service.name, Operator: "=", Value: nowhere}
  one:
    DeterministicSampler: {SampleRate: 1}
  ends: {}
"""
)


def test_a_rules_file_explains_a_trace_up_to_the_rule_that_decides() -> None:
    failing = explain_trace_by_rules(RULES.samplers["__default__"], FAILED)
    slow = explain_trace_by_rules(RULES.samplers["__default__"], FINE)

    assert (failing.rule, failing.action, len(failing.refinery)) == ("failing", "Keeps it", 1)
    assert failing.refinery[0].conditions[0].at_spans[1].mark is Mark.HOLDS
    assert (slow.rule, slow.action) == ("rule 2, without a name", "Keeps 1 in 7 like it")
    assert [rule.is_match for rule in slow.refinery] == [False, True]


def test_a_trace_that_no_rule_matches_is_kept_and_said_so() -> None:
    explained = explain_trace_by_rules(RULES.samplers["__default__"], _trace("n", {"a": 1}))

    text = render_trace_text(explained)

    assert "Trace n (1 span): no rule decides. Keeps it." in text
    assert "The policy's rules" not in text
    assert len(explained.refinery) == 3


def test_a_target_without_rules_explains_a_trace_by_its_sampler() -> None:
    text = render_trace_text(explain_trace_by_rules(RULES.samplers["one"], FINE))

    assert text == (
        "Trace f2 (1 span): no rule decides. Keeps it.\n\nRefinery's reason: deterministic/always\n"
    )


def test_a_target_that_ends_the_process_says_so() -> None:
    assert "Refinery's process ends" in explain_trace_by_rules(RULES.samplers["ends"], FINE).action
