"""What ends Refinery's process: the exact place of each cause, and no target forgotten."""

from __future__ import annotations

from typing import Final

import pytest

from nectarc.fixes import apply_fixes, safe_fixes
from nectarc.refinery.loader import load_rules
from nectarc.source import SourceText
from tests.shared_data import read_vectors, requires_shared
from tests.unit.lint.target_linting import (
    in_file,
    in_prod,
    in_rules,
    lint,
    lint_loaded,
    only,
    text_at,
    those_of,
)

_ALWAYS: Final = "Conditions: [{Field: a, Operator: exists}]"

# text, what is underlined, what the headline ends with
CAUSES: Final = [
    pytest.param(
        in_prod("Rules: [{SampleRate: 1}]"),
        "Rules",
        "of `prod`: `Rules` stands outside a `RulesBasedSampler`",
        id="T38",
    ),
    pytest.param(in_file("prod: {}"), "prod", "of `prod`: it names no sampler", id="T39-target"),
    pytest.param(
        in_rules("- {Name: x, Sampler: {}}"),
        "{}",
        "of `prod`: `Sampler` of `x` names none",
        id="T39-rule",
    ),
    pytest.param(
        in_prod("RulesBasedSampler:"),
        "RulesBasedSampler",
        "of `prod`: its `RulesBasedSampler` is empty",
        id="null",
    ),
    pytest.param(
        in_prod("DeterministicSampler: {SampleRate: 0}"),
        "0",
        "of `prod`: `SampleRate: 0` divides by zero",
        id="T40",
    ),
    pytest.param(
        in_prod("DeterministicSampler: {SampleRate: 4294967296}"),
        "4294967296",
        "of `prod`: `SampleRate: 4294967296` divides by zero",
        id="low-bits",
    ),
    pytest.param(
        in_rules(
            "- Name: x\n  Drop: true\n  Conditions:\n    -\n    - {Field: a, Operator: exists}"
        ),
        "-",
        "of `prod`: a condition of `x` is an empty entry",
        id="T65",
    ),
    pytest.param(
        in_rules("- Name: x\n  Drop: true\n- null"),
        "null",
        "of `prod`: rule 2 is an empty entry",
        id="null-rule",
    ),
    pytest.param(
        in_rules("- {Name: x, Drop: true, Conditions: [{Fields: [a, ''], Operator: exists}]}"),
        "''",
        "of `prod`: `Fields` of a condition of `x` holds an empty name",
        id="empty-field",
    ),
    pytest.param(
        in_prod("EMADynamicSampler: {GoalSampleRate: 2, FieldList: [a, '']}"),
        "''",
        "of `prod`: `FieldList` holds an empty name",
        id="empty-key-field",
    ),
    pytest.param(
        in_prod("DynamicSampler: {SampleRate: 2, ClearFrequency: -1s, FieldList: [a]}"),
        "-1s",
        "of `prod`: `ClearFrequency: -1s` is negative",
        id="negative-interval",
    ),
    pytest.param(
        in_prod("EMADynamicSampler: {GoalSampleRate: -2, FieldList: [a]}"),
        "-2",
        "of `prod`: `GoalSampleRate: -2` is negative",
        id="negative-rate",
    ),
    pytest.param(
        in_rules(
            f"- {{Name: x, {_ALWAYS}, Sampler: "
            "{EMAThroughputSampler: {GoalThroughputPerSec: 1, AdjustmentInterval: 9us, "
            "FieldList: [a]}}}"
        ),
        "9us",
        "that `x` of `prod` takes: `AdjustmentInterval: 9us` is below 1ms",
        id="waits-for-one-rule",
    ),
]


@pytest.mark.parametrize(("text", "underlined", "words"), CAUSES)
def test_a_cause_has_its_exact_place(text: str, underlined: str, words: str) -> None:
    found = only("NEC516", text)

    assert text_at(found, text) == underlined
    assert found.headline == f"Refinery's process ends at the first trace {words}"


@pytest.mark.parametrize(
    "text",
    [
        in_prod("RulesBasedSampler: {}"),
        in_prod("DeterministicSampler: {SampleRate: -1}"),
        in_prod("EMADynamicSampler: {GoalSampleRate: 0, FieldList: []}"),
        in_rules("- {Name: x, Conditions: [{Fields: [], Operator: exists}]}"),
        in_prod(
            "EMAThroughputSampler: "
            "{GoalThroughputPerSec: 1, AdjustmentInterval: 1ms, FieldList: [a]}"
        ),
    ],
    ids=["no-rules", "negative-keeps", "zero-goal", "no-fields", "1ms"],
)
def test_what_runs_is_no_cause(text: str) -> None:
    assert those_of("NEC516", text) == ()


def test_rules_are_put_into_a_rules_based_sampler() -> None:
    text = in_prod("Rules:\n  # the noise\n  - Name: drop health\n\n    Drop: true\n")

    fixed = apply_fixes(SourceText.of("rules.yaml", text), safe_fixes(lint(text)))[0]

    assert fixed == in_prod(
        "RulesBasedSampler:\n  Rules:\n    # the noise\n    - Name: drop health\n\n"
        "      Drop: true\n"
    )
    assert load_rules(fixed).first_decision["prod"] == "decides"


def test_rules_in_braces_are_put_into_a_rules_based_sampler() -> None:
    text = in_file("prod: {Rules: [{Name: x, SampleRate: 2}]}")

    fixed = apply_fixes(SourceText.of("rules.yaml", text), safe_fixes(lint(text)))[0]

    assert fixed == in_file("prod: {RulesBasedSampler: {Rules: [{Name: x, SampleRate: 2}]}}")


def test_a_rate_of_0_is_the_writers_to_mend() -> None:
    (fix,) = only("NEC516", in_prod("DeterministicSampler: {SampleRate: 0}")).fixes

    assert not fix.is_safe


def test_the_default_target_is_not_to_be_removed() -> None:
    text = "RulesVersion: 2\nSamplers:\n  __default__: {}\n"

    assert "remove" not in only("NEC516", text).help


@requires_shared
@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("loader_traps.jsonl", "text"),
        ("loader_mutations.jsonl", "text"),
        ("rules_random.jsonl", "rules"),
    ],
)
def test_a_target_whose_first_decision_ends_the_process_is_reported(name: str, key: str) -> None:
    for record in read_vectors(name):
        loaded = load_rules(record[key])
        for target, decision in loaded.first_decision.items():
            found = lint_loaded(loaded, record[key])
            reported = any(
                one.code == "NEC516" and f"`{target}`" in one.headline.partition(": ")[0]
                for one in found
            )
            assert reported or decision == "decides"
