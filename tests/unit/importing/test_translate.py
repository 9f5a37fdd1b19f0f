"""Rules as policy rules: the text that people read, and what it takes for granted."""

from __future__ import annotations

import pytest

from nectarc.importing.proof import prove_import
from nectarc.importing.records import FieldRow
from nectarc.importing.writing import policy_text
from nectarc.source import SourceText
from tests.imported_rules import HEAD, imported


def _assumed(conditions: str, scope: str = "trace") -> tuple[str, tuple[str, ...]]:
    """The match of a rule with these conditions, proven, and the kinds of what is assumed."""
    lines = "".join(f"            - {one}\n" for one in conditions.strip().splitlines())
    found = imported(
        f"{HEAD}        - Name: x\n          SampleRate: 5\n          Scope: {scope}\n"
        f"          Conditions:\n{lines}"
    )
    text = policy_text(found, "policy.toon")
    assert prove_import(SourceText.of("policy.toon", text), found) == ("proven", ""), text
    kinds = tuple(f"{one.kind} {one.field}".strip() for one in found.assumptions)
    return next((one.match for one in found.rules if one.name == "x"), ""), kinds


@pytest.mark.parametrize(
    ("condition", "match", "assumed"),
    [
        ("{Field: a, Operator: '=', Value: x}", "a == 'x'", ()),
        ("{Field: a, Operator: '=', Value: it's}", 'a == "it\'s"', ()),
        ("{Field: a, Operator: '=', Value: '5'}", "a == '5'", ("types a",)),
        ("{Field: a, Operator: '!=', Value: x}", "any(a != 'x')", ("types a", "no-null a")),
        ("{Field: a, Operator: '!=', Value: x, Datatype: string}", "any(!(a == 'x'))", ()),
        ("{Field: n, Operator: '>', Value: 5}", "n > 5", ("types n",)),
        ("{Field: n, Operator: '>=', Value: 2.5}", "n >= 2.5", ("types n", "no-nan n")),
        ("{Field: n, Operator: '>=', Value: '7', Datatype: float}", "n >= 7", ()),
        ("{Field: n, Operator: '>=', Value: 7, Datatype: int}", "n >= 7", ("types n", "whole n")),
        ("{Field: http.status_code, Operator: in, Value: [500, 502]}",
         "http.status_code in [500, 502]", ("types http.status_code",)),
        ("{Field: a, Operator: in, Value: [x, y]}", "a in ['x', 'y']", ()),
        ("{Field: a, Operator: not-in, Value: [x, y]}", "any(!(a in ['x', 'y']))", ()),
        ("{Field: a, Operator: contains, Value: x}", "a contains 'x'", ()),
        ("{Field: a, Operator: does-not-contain, Value: x}", "any(!(a contains 'x'))", ()),
        ("{Field: a, Operator: starts-with, Value: x}", "a starts_with 'x'", ()),
        ("{Field: a, Operator: matches, Value: '^x+$'}", "a matches '^x+$'", ()),
        ("{Field: a, Operator: exists}", "exists(a)", ()),
        ("{Field: a, Operator: not-exists}", "any(!exists(a))", ()),
        ("{Field: error, Operator: '=', Value: true}", "error == true", ("types error",)),
        ("{Field: error, Operator: '=', Value: true, Datatype: bool}", "error == true", ()),
        ("{Field: error, Operator: '=', Value: false, Datatype: bool}",
         "any(error != true)", ("no-null error",)),
        ("{Field: duration_ms, Operator: '>', Value: 1500}", "duration_ms > 1.5s",
         ("types duration_ms",)),
        ("{Field: root.a, Operator: '=', Value: x}", "root.a == 'x'", ()),
        ("{Field: root.a, Operator: not-exists}", "!exists(root.a)", ()),
        ("{Field: '?.NUM_DESCENDANTS', Operator: '>', Value: 2.5}", "span_count > 2", ()),
        ("{Field: '?.NUM_DESCENDANTS', Operator: in, Value: [2, 3]}",
         "span_count == 2 || span_count == 3", ()),
        ("{Operator: has-root-span, Value: true}", "has_root", ()),
        ("{Operator: has-root-span, Value: false}", "!has_root", ()),
        ("{Field: trace.parent_id, Operator: not-exists}", "has_root",
         ("parent-ids trace.parent_id",)),
        ("{Field: trace.parent_id, Operator: exists}", "any(!is_root)",
         ("parent-ids trace.parent_id",)),
        ("{Field: meta.span_count, Operator: not-exists}", "true", ("not-sent meta.span_count",)),
        ("{Field: duration, Operator: '=', Value: x}", "`duration` == 'x'", ()),
        ("{Field: http.status, Operator: exists}", "exists(`http.status`)", ()),
        ("{Field: a-b c, Operator: exists}", "exists(`a-b c`)", ()),
        ("{Field: a, Operator: starts-with, Value: ''}", "true", ()),
        ("{Fields: [a, b], Operator: '=', Value: x}", "a == 'x'", ()),
        ("{Fields: [root.a, b], Operator: '=', Value: x}",
         "root.a == 'x' || !exists(root.a) && b == 'x'", ()),
    ],
)  # fmt: skip
def test_a_condition_becomes_the_test_that_people_would_write(
    condition: str, match: str, assumed: tuple[str, ...]
) -> None:
    assert _assumed(condition) == (match, assumed)


def test_scope_trace_asks_each_condition_of_any_span_and_scope_span_all_of_one() -> None:
    both = "{Field: a, Operator: '=', Value: x}\n{Field: b, Operator: exists}"
    with_root = f"{both}\n{{Field: root.c, Operator: exists}}"

    assert _assumed(both)[0] == "any(a == 'x') && any(exists(b))"
    assert _assumed(both, "span")[0] == "any(a == 'x' && exists(b))"
    assert _assumed(with_root, "span")[0] == "exists(root.c) && any(a == 'x' && exists(b))"


def test_has_root_span_in_scope_span_never_holds_and_is_left_out() -> None:
    condition = "{Operator: has-root-span, Value: true}"

    assert _assumed(condition, "span")[0] == ""


def test_a_row_types_what_the_file_leaves_open_and_reads_several_fields() -> None:
    found = imported(
        HEAD + "        - {SampleRate: 1, Conditions: [{Fields: [a, b], Operator: '>', Value: 5},"
        " {Field: http.status_code, Operator: starts-with, Value: 5},"
        " {Field: http.status_code, Operator: '>=', Value: 200}]}\n"
    )

    assert found.fields == (
        FieldRow(name="a", type="int", spellings=("a", "b")),
        FieldRow(name="http.status_code_text", type="string", spellings=("http.status_code",)),
    )


def test_two_types_for_one_field_refuse_the_rule_that_stands_alone() -> None:
    found = imported(
        HEAD + "        - {Name: one, Conditions: [{Field: a, Operator: '>', Value: 5}]}\n"
        "        - {Name: two, Conditions: [{Field: a, Operator: '<', Value: 9}]}\n"
        "        - {Name: odd, Conditions: [{Field: a, Operator: '<', Value: x}]}\n"
    )

    assert [one.name for one in found.refused] == ["odd"]
    assert "`a` as if it is a number" in found.refused[0].reason


@pytest.mark.parametrize(
    ("rule", "action"),
    [
        ("SampleRate: 1", "keep"),
        ("SampleRate: 7", "sample(1/7)"),
        ("SampleRate: 0", "drop"),
        ("SampleRate: -3", "drop"),
        ("Drop: true, SampleRate: 5", "drop"),
        (
            "Sampler: {EMADynamicSampler: {GoalSampleRate: 5, Weight: 0, FieldList: [a, root.b]}}",
            "ema_dynamic(goal_sample_rate: 5, fields: [a, root.b])",
        ),
        (
            "Sampler: {DynamicSampler: {SampleRate: 5, ClearFrequency: 90s, FieldList: [c d]}}",
            "dynamic(sample_rate: 5, clear_frequency: 1m30s, fields: [`c d`])",
        ),
        (
            "Sampler: {DynamicSampler: {SampleRate: 0, FieldList: [a]}}",
            "dynamic(sample_rate: 10, fields: [a])",
        ),
    ],
)
def test_an_action_is_what_refinery_does(rule: str, action: str) -> None:
    found = imported(f"{HEAD}        - {{Name: x, {rule}}}\n")

    assert [one.action for one in found.rules] == [action]


@pytest.mark.parametrize(
    ("sampler", "action"),
    [
        ("DeterministicSampler: {SampleRate: 4}", "deterministic(1/4)"),
        ("DeterministicSampler: {SampleRate: 1}", "keep"),
        ("DynamicSampler: {SampleRate: 4, FieldList: [a]}", "dynamic(sample_rate: 4, fields: [a])"),
        ("DynamicSampler: {SampleRate: 4, FieldList: []}", "dynamic(sample_rate: 4, fields: [])"),
    ],
)
def test_a_target_without_rules_is_one_rule(sampler: str, action: str) -> None:
    found = imported(f"RulesVersion: 2\nSamplers:\n  __default__:\n    {sampler}\n")

    assert [(one.match, one.action) for one in found.rules] == [("true", action)]


def test_a_target_that_ends_the_process_becomes_no_policy() -> None:
    found = imported("RulesVersion: 2\nSamplers:\n  __default__: {}\n")

    assert found.rules == ()
    assert [one.origin for one in found.refused] == [-1]


def test_parts_of_one_rule_are_one_rule_again() -> None:
    found = imported(
        HEAD
        + "        - {Name: 'x [1/2]', SampleRate: 1, Conditions: [{Field: a, Operator: exists}]}\n"
        "        - {Name: 'x [2/2]', SampleRate: 1, Conditions: [{Field: b, Operator: exists}]}\n"
        "        - {Name: 'y [1/2]', SampleRate: 2, Conditions: [{Field: c, Operator: exists}]}\n"
        "        - {Name: 'y [2/2]', SampleRate: 3, Conditions: [{Field: d, Operator: exists}]}\n"
    )

    assert [(one.name, one.match) for one in found.rules] == [
        ("x", "exists(a) || exists(b)"),
        ("y [1/2]", "exists(c)"),
        ("y [2/2]", "exists(d)"),
        ("keep-the-rest", "true"),
    ]


def test_a_policy_that_says_something_else_is_refuted() -> None:
    found = imported(
        HEAD
        + "        - {Name: x, Drop: true, Conditions: [{Field: a, Operator: '=', Value: x}]}\n"
    )
    text = policy_text(found, "policy.toon")
    wrong = text.replace("'x'", "'y'")

    assert prove_import(SourceText.of("policy.toon", text), found) == ("proven", "")
    assert prove_import(SourceText.of("policy.toon", wrong), found)[0] == "different"
