"""Several files: the later one wins, by top-level key and by target, and each is decoded."""

from __future__ import annotations

import json

import pytest

from nectarc.refinery.inputs import RulesInput, read_rules_files
from nectarc.refinery.rules import DeterministicConfig, TargetSampler

BASE = """RulesVersion: 2
Samplers:
  __default__: {DeterministicSampler: {SampleRate: 1}}
  prod: {DeterministicSampler: {SampleRate: 2}}
"""
RATE_3 = "{DeterministicSampler: {SampleRate: 3}}"


def read(*texts: str, names: tuple[str, ...] = ("a.yaml", "b.yaml", "c.yaml")) -> RulesInput:
    pairs = zip(names, texts, strict=False)
    return read_rules_files([(name, text.encode()) for name, text in pairs])


def samplers(found: RulesInput) -> dict[str, TargetSampler]:
    assert found.loaded.rules is not None, found.loaded.diagnostics
    return dict(found.loaded.rules.samplers)


def rate(number: int) -> DeterministicConfig:
    return DeterministicConfig(sample_rate=number)


def test_a_later_file_wins_target_by_target() -> None:
    found = read(BASE, f"Samplers:\n  prod: {RATE_3}\n  new: {RATE_3}\n")

    assert samplers(found) == {"__default__": rate(1), "prod": rate(3), "new": rate(3)}
    assert found.verdict is found.loaded


def test_a_target_is_replaced_whole() -> None:
    dynamic = "Samplers:\n  prod: {DynamicSampler: {SampleRate: 5, FieldList: [a]}}\n"

    assert samplers(read(BASE, dynamic, BASE))["prod"] == rate(2)


def test_the_merged_file_is_validated_not_each() -> None:
    only_version = "RulesVersion: 2\n"
    only_samplers = f"Samplers:\n  __default__: {RATE_3}\n"

    assert samplers(read(only_version, only_samplers)) == {"__default__": rate(3)}
    assert samplers(read(only_samplers, only_version)) == {"__default__": rate(3)}


def test_an_unknown_key_that_a_later_file_replaces_is_none() -> None:
    wrong = BASE.replace("prod: {DeterministicSampler: {SampleRate: 2}}", "prod: {Unknown: {}}")

    assert read(wrong).loaded.rules is None
    assert samplers(read(wrong, BASE))["prod"] == rate(2)


def test_what_cannot_be_decoded_is_refused_though_a_later_file_replaces_it() -> None:
    sampler = "{GoalSampleRate: 1, FieldList: [], BurstDetectionDelay: -1}"
    wrong = BASE.replace(
        "{DeterministicSampler: {SampleRate: 2}}", f"{{EMADynamicSampler: {sampler}}}"
    )

    found = read(wrong, BASE)

    assert found.loaded.stage == "decode"
    (one,) = found.loaded.diagnostics
    assert (one.code, one.source.file) == ("NEC502", "a.yaml")


def test_a_mistake_points_into_the_file_that_has_it() -> None:
    second = "Samplers:\n  prod: {DeterministicSampler: {SmapleRate: 3}}\n"

    found = read(BASE, second)

    assert {one.source.file for one in found.loaded.diagnostics} == {"b.yaml"}
    spans = [one.source for one in found.loaded.diagnostics]
    assert second[spans[0].start : spans[0].end] == "SmapleRate"


@pytest.mark.parametrize("second", ["", "a: [", "- 1\n"])
def test_a_file_that_cannot_be_read_is_refused(second: str) -> None:
    found = read(BASE, second)

    assert found.loaded.stage == "decode"
    assert [one.source.file for one in found.loaded.diagnostics] == ["b.yaml"]


def test_a_null_document_adds_nothing() -> None:
    assert samplers(read(BASE, "null\n")) == samplers(read(BASE))


def test_a_key_without_a_value_takes_the_samplers_away() -> None:
    assert [one.code for one in read(BASE, "Samplers:\n").loaded.diagnostics] == ["NEC511"]


def test_no_fix_is_offered_for_several_files() -> None:
    assert read(BASE).text is not None
    assert read(BASE, BASE).text is None


def test_json_among_them_is_refused_for_its_numbers() -> None:
    target = {"prod": {"DeterministicSampler": {"SampleRate": 3}}}

    found = read(BASE, json.dumps({"Samplers": target}), names=("a.yaml", "b.json"))

    assert samplers(found)["prod"] == rate(3)
    assert not found.verdict.is_accepted
    assert [(one.code, one.source.file) for one in found.findings] == [("NEC511", "b.json")]


def test_a_configmap_and_a_file_are_merged() -> None:
    body = f"kind: ConfigMap\ndata:\n  rules.yaml: |\n    Samplers:\n      prod: {RATE_3}\n"

    assert samplers(read(BASE, body))["prod"] == rate(3)
