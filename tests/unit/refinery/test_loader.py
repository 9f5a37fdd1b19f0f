from __future__ import annotations

import pytest

from nectarc.codes import CODES
from nectarc.refinery.load_error import CODE_OF, PROCESS_EXIT_CODE
from nectarc.refinery.loader import load_rules
from nectarc.refinery.rules import (
    Condition,
    DeterministicConfig,
    DynamicConfig,
    RulesConfig,
    TargetSampler,
    TextOnly,
)

_GOOD = "RulesVersion: 2\nSamplers:\n  __default__: {DeterministicSampler: {SampleRate: 1}}\n"


def _rules(body: str) -> str:
    return f"{_GOOD}  prod:\n    RulesBasedSampler:\n      Rules:\n        {body}\n"


def _prod(text: str) -> TargetSampler:
    loaded = load_rules(text)
    assert loaded.rules is not None, loaded.errors
    return loaded.rules.samplers["prod"]


def _condition(text: str) -> Condition:
    sampler = _prod(_rules(f"- Conditions: [{text}]"))
    assert isinstance(sampler, RulesConfig)
    (rule,) = sampler.rules
    assert rule is not None
    assert rule.conditions is not None
    (condition,) = rule.conditions
    assert condition is not None
    return condition


def test_every_kind_has_a_registered_code() -> None:
    assert {*CODE_OF.values(), PROCESS_EXIT_CODE} <= set(CODES)


def test_an_error_points_at_what_is_wrong() -> None:
    text = _rules("- {Name: a, SampleRate: '1', Conditions: [{Field: x, Operator: is}]}")

    loaded = load_rules(text, file="r.yaml")

    found = [
        (e.kind, e.target, e.rule, e.condition, text[s.start : s.end])
        for e in loaded.errors
        for s in (e.diagnostic.source,)
    ]
    assert found == [
        ("not-int", "prod", 0, None, "'1'"),
        ("not-one-of", "prod", 0, 0, "is"),
    ]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("017", 15),
        ("0o17", 15),
        ("08", 8.0),
        ("1_000", 1000),
        ("0b11", 3),
        ("0x10", 16),
        ("1.", 1.0),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("-.inf", float("-inf")),
        ("yes", "yes"),
        ("True", True),
        ("tRue", "tRue"),
        ("12:30", "12:30"),
        ("1e400", "1e400"),
        ("!!str 200", "200"),
        ("!!float 2", 2.0),
        ("[2024-01-01]", (TextOnly("2024-01-01 00:00:00 +0000 UTC"),)),
        ("[2024-1-2T3:4:5.60Z]", (TextOnly("2024-01-02 03:04:05.6 +0000 UTC"),)),
        ("[18446744073709551615]", (TextOnly("18446744073709551615"),)),
        ("[{b: 1, a: [x, null]}]", (TextOnly("map[a:[x <nil>] b:1]"),)),
    ],
)
def test_scalars_resolve_as_in_go(text: str, value: object) -> None:
    found = _condition(f"{{Field: f, Operator: '=', Value: {text}}}").value

    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    "text", ["2024-01-01", "9223372036854775808", "{a: 1}", "null", "[1, 2.5]"]
)
def test_other_values_are_refused(text: str) -> None:
    loaded = load_rules(_rules(f"- Conditions: [{{Field: f, Operator: '=', Value: {text}}}]"))

    assert [error.condition for error in loaded.errors] == [0]


def test_merge_keys_and_aliases_are_followed() -> None:
    text = (
        "RulesVersion: 2\nSamplers:\n  __default__: &d {DeterministicSampler: &s {SampleRate: 3}}\n"
        "  prod: {<<: *d}\n  dev: {DeterministicSampler: {<<: [{SampleRate: 7}, *s]}}\n"
    )

    loaded = load_rules(text)

    assert loaded.rules is not None, loaded.errors
    assert loaded.rules.samplers["prod"] == DeterministicConfig(sample_rate=3)
    assert loaded.rules.samplers["dev"] == DeterministicConfig(sample_rate=7)


def test_the_first_sampler_by_refinerys_order_wins() -> None:
    sampler = _prod(
        _rules(
            "- Sampler:\n"
            "            EMAThroughputSampler: {GoalThroughputPerSec: 1, FieldList: [a]}\n"
            "            TotalThroughputSampler: {GoalThroughputPerSec: 2, FieldList: [b]}"
        )
    )

    assert isinstance(sampler, RulesConfig)
    (rule,) = sampler.rules
    assert rule is not None
    assert rule.sampler == DynamicConfig(
        kind="TotalThroughputSampler",
        parameters=(("GoalThroughputPerSec", 2),),
        field_list=("b",),
    )


@pytest.mark.parametrize(
    ("text", "extension", "stage", "kind"),
    [
        ("", "yaml", "decode", "empty"),
        ("# only words\n", "yaml", "decode", "empty"),
        ("---\n", "yaml", "validate", "no-rules-version"),
        ("a: *x\n", "yaml", "decode", "yaml-syntax"),
        ("a: &x [*x]\n", "yaml", "decode", "yaml-syntax"),
        ("a: 1\n\tb: 2\n", "yaml", "decode", "yaml-syntax"),
        ("a: 1\nb: 1\na: 2\n", "yaml", "decode", "duplicate-key"),
        ("a: !!int x\n", "yaml", "decode", "yaml-syntax"),
        ("[1]\n", "yaml", "decode", "wrong-shape"),
        ("{Operator: !=, Value: b}\n", "yaml", "decode", "yaml-syntax"),
        ("a: [https?://x]\n", "yaml", "decode", "yaml-syntax"),
        (_GOOD, "Yml", "decode", "format"),
        ('{"RulesVersion": 2} rest', "json", "validate", "not-int"),
        ('{"RulesVersion": NaN}', "json", "decode", "json"),
        ("[" * 100_000, "json", "decode", "json"),
        ("RulesVersion = 2\nSamplers = 1", "toml", "validate", "not-int"),
        ("a = ", "toml", "decode", "toml"),
    ],
)
def test_a_file_that_refinery_refuses_is_refused_at_its_stage(
    text: str, extension: str, stage: str, kind: str
) -> None:
    loaded = load_rules(text, extension)

    assert (loaded.is_accepted, loaded.stage) == (False, stage)
    assert loaded.errors[0].kind == kind


@pytest.mark.parametrize("data", [b"\xff", b"a: \xc3", b"\xff\xfea", "a: \ud800"])
def test_no_text_is_refused(data: bytes | str) -> None:
    assert load_rules(data).errors[0].kind == "yaml-syntax"


def test_only_the_first_document_counts() -> None:
    assert load_rules(_GOOD + "---\nSamplers: 1\n").is_accepted


def test_a_byte_order_mark_shifts_no_place() -> None:
    text = "\ufeffRulesVersion: x\nSamplers: {__default__: {}}\n"

    (error,) = load_rules(text).errors

    source = error.diagnostic.source
    assert text[source.start : source.end] == "x"


def test_an_alias_bomb_is_refused_quickly() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 30)]

    loaded = load_rules("\n".join(lines))

    assert [error.kind for error in loaded.errors] == ["yaml-syntax"]


@pytest.mark.parametrize("text", ["[" * 9000, "- " * 9000, "{a: " * 9000, "a:\n" * 5000])
def test_depth_is_refused_without_harm(text: str) -> None:
    assert not load_rules(text).is_accepted


def test_deadly_targets_are_named() -> None:
    loaded = load_rules(
        f"{_GOOD}  prod: {{}}\n  dev: {{DeterministicSampler: {{SampleRate: 0}}}}\n"
    )

    assert loaded.first_decision == {"__default__": "decides", "prod": "exit 1", "dev": "exit 2"}
    assert [diagnostic.code for diagnostic in loaded.diagnostics] == ["NEC516", "NEC516"]
