from __future__ import annotations

import pytest

from nectarc.evaluate.conditions import compile_test, matches
from nectarc.evaluate.refinery_rules import Outcome, ProcessExit, decide, select_target
from nectarc.refinery.rules import (
    Condition,
    DeterministicConfig,
    DynamicConfig,
    EmptySampler,
    Rule,
    RuleSampler,
    RulesConfig,
    RulesFile,
    TargetSampler,
    TextOnly,
)
from nectarc.trace import Span, Trace, Value


def _trace(*spans: dict[str, Value], root: int | None = 0) -> Trace:
    return Trace("t1", tuple(Span(fields, i == root) for i, fields in enumerate(spans)))


def _matches(condition: Condition, trace: Trace, *, is_nested: bool = False) -> bool:
    rules = RulesConfig(
        rules=(Rule(sample_rate=1, conditions=(condition,)),), check_nested_fields=is_nested
    )
    outcome = decide(rules, trace)
    assert isinstance(outcome, Outcome)
    return outcome.rule == 0


def test_an_unnamed_target_gets_the_default() -> None:
    default, other = DeterministicConfig(sample_rate=1), DeterministicConfig(sample_rate=2)
    rules = RulesFile(samplers={"__default__": default, "prod": other})

    assert select_target(rules, "prod") is other
    assert select_target(rules, "Prod") is default


@pytest.mark.parametrize(
    ("sampler", "status"),
    [
        (EmptySampler(), 1),
        (DeterministicConfig(sample_rate=0), 2),
        (DeterministicConfig(sample_rate=2**32), 2),
        (RulesConfig(rules=(None,)), 2),
        (RulesConfig(rules=(Rule(sample_rate=1), Rule(conditions=(None,)))), 2),
        (RulesConfig(rules=(Rule(sample_rate=1), Rule(sampler=EmptySampler()))), 1),
        (DynamicConfig(kind="DynamicSampler", parameters=(("SampleRate", -1),)), 2),
        (DynamicConfig(kind="EMADynamicSampler", field_list=("",)), 2),
        (
            DynamicConfig(kind="TotalThroughputSampler", parameters=(("ClearFrequency", "-1s"),)),
            2,
        ),
        (
            DynamicConfig(kind="EMAThroughputSampler", parameters=(("AdjustmentInterval", "1us"),)),
            2,
        ),
    ],
)
def test_deadly_samplers_end_the_process(sampler: TargetSampler, status: int) -> None:
    outcome = decide(sampler, _trace({}))

    assert isinstance(outcome, ProcessExit)
    assert outcome.status == status


@pytest.mark.parametrize(
    ("kind", "parameters", "rate"),
    [
        ("DynamicSampler", (("SampleRate", 7),), 7),
        ("DynamicSampler", (("SampleRate", 0),), 10),
        ("EMADynamicSampler", (("GoalSampleRate", 1),), 1),
        ("EMAThroughputSampler", (("GoalThroughputPerSec", 100),), 10),
        ("EMAThroughputSampler", (("InitialSampleRate", 3),), 3),
        ("TotalThroughputSampler", (("GoalThroughputPerSec", 100),), 1),
        ("WindowedThroughputSampler", (("GoalThroughputPerSec", 100),), 1),
    ],
)
def test_a_dynamic_sampler_begins_at_its_first_rate(
    kind: str, parameters: tuple[tuple[str, int], ...], rate: int
) -> None:
    sampler: RuleSampler = DynamicConfig(kind=kind, parameters=parameters, field_list=("a",))
    rules = RulesConfig(rules=(Rule(name="r", drop=True, sampler=sampler),))

    outcome = decide(rules, _trace({"a": "x"}))

    assert isinstance(outcome, Outcome)
    assert (outcome.rate, outcome.keep, outcome.key) == (rate, True if rate == 1 else None, "x•,")


def test_a_rate_below_one_drops_and_is_reported_unsigned() -> None:
    outcome = decide(RulesConfig(rules=(Rule(name="n", sample_rate=-1),)), _trace({}))

    assert outcome == Outcome(0, 2**64 - 1, keep=False, reason="rules/trace/n")


def test_a_missing_root_makes_a_root_field_missing() -> None:
    condition = Condition(field="root.user", operator="not-exists")

    assert _matches(condition, _trace({"user": "u"}, root=None))
    assert not _matches(condition, _trace({"user": "u"}))


def test_the_first_existing_field_counts_even_if_its_value_fails() -> None:
    condition = Condition(fields=("a", "b"), operator="=", value=1)

    assert not _matches(condition, _trace({"a": None, "b": 1}))
    assert _matches(condition, _trace({"b": 1}))


def test_descendants_count_every_item_but_only_as_the_field() -> None:
    trace = _trace({}, {}, {})

    assert _matches(Condition(field="?.NUM_DESCENDANTS", operator="=", value=3), trace)
    assert not _matches(Condition(fields=("?.NUM_DESCENDANTS",), operator="exists"), trace)


def test_has_root_span_holds_at_no_span() -> None:
    trace = _trace({})
    condition = Condition(operator="has-root-span", value=True)

    assert _matches(condition, trace)
    assert not matches(condition, trace.spans[0], trace)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("http.status", "500"),
        ("http.ratio", "0.5"),
        ("http.big", "100000000000000000000000"),
        ("http.none", ""),
        ("http.tags", '["a","\\u003cb\\u003e"]'),
        ("http.tags.1", "<b>"),
        ("http.tags.#", "2"),
        ("http.sta*", "500"),
        ("dotted\\.key.x", "true"),
        ("items.#.id", "[1,2]"),
        ("root.http.status", "500"),
    ],
)
def test_nested_values_are_their_json_text(path: str, text: str) -> None:
    fields: dict[str, Value] = {
        "http": {"status": 500, "ratio": 0.5, "big": 1e23, "none": None, "tags": ("a", "<b>")},
        "dotted.key": {"x": True},
        "items": ({"id": 1}, {"no": 0}, {"id": 2}),
        "root": {"http": {"status": 500}},
    }
    condition = Condition(field=path, operator="=", value=text, datatype="string")

    assert _matches(condition, _trace(fields), is_nested=True)
    assert not _matches(Condition(field=path, operator="exists"), _trace(fields))


def test_nothing_nested_is_found_beside_a_value_without_json() -> None:
    condition = Condition(field="a.b", operator="exists")

    assert not _matches(condition, _trace({"a": {"b": 1}, "c": float("nan")}), is_nested=True)


@pytest.mark.parametrize("pattern", ["(?!a)", "a**", "(", r"\1", r"\C", "[z-a]", "x{1001}"])
def test_a_pattern_that_go_refuses_never_holds(pattern: str) -> None:
    assert not compile_test(Condition(field="f", operator="matches", value=pattern))("aaa")


def test_patterns_search_unanchored_in_utf8_text() -> None:
    holds = compile_test(Condition(field="f", operator="matches", value="^.é$"))

    assert holds("日é")
    assert not holds("日é\n")


def test_a_list_element_that_is_only_text_matches_as_text() -> None:
    condition = Condition(
        field="f", operator="in", value=(TextOnly("2024-01-01 00:00:00 +0000 UTC"),)
    )

    assert compile_test(condition)("2024-01-01 00:00:00 +0000 UTC")


def test_python_equality_of_one_and_true_does_not_leak() -> None:
    truth = True

    assert not compile_test(Condition(field="f", operator="=", value=1))(truth)
    assert not compile_test(Condition(field="f", operator="=", value=True))(1)
    assert compile_test(Condition(field="f", operator="=", value=1))(1.0)
