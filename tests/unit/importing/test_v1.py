"""Rules of Refinery 1.x: what they mean in 2.x, and what is said where that is something else."""

from __future__ import annotations

import re

import pytest

from nectarc.diagnostic import Severity
from nectarc.importing.v1 import looks_like_v1, read_v1
from nectarc.refinery.rules import (
    Condition,
    DeterministicConfig,
    DynamicConfig,
    Rule,
)
from nectarc.source import SourceText
from tests.shared_data import ROOT, SHARED, requires_shared
from tests.unit.importing.v1_files import (
    loaded_again,
    one_condition,
    one_rule,
    quoted,
    read,
    rules_of,
    the_note,
)


@requires_shared
def test_toml_and_yaml_of_one_meaning_give_the_same_rules() -> None:
    text = (SHARED / "data/rules/v1/refinery_rules_complete_1x.toml").read_text(encoding="utf-8")
    found = read(text, "toml").rules

    assert found is not None
    assert found.samplers["dataset1"] == DynamicConfig(
        kind="DynamicSampler",
        parameters=(("SampleRate", 2), ("ClearFrequency", "60s"), ("UseTraceLength", True)),
        field_list=("request.method", "http.target", "response.status_code"),
    )
    yaml = (
        "dataset1: {sampler: DynamicSampler, samplerate: 2.0, clearfrequencysec: '60',"
        " fieldlist: 'request.method,http.target,response.status_code', usetracelength: 1}"
    )
    other = read(yaml).rules
    assert other is not None
    assert other.samplers["dataset1"] == found.samplers["dataset1"]


def test_seconds_become_durations_and_keys_of_2_keep_their_value() -> None:
    text = """
Sampler = "EMADynamicSampler"
GoalSampleRate = 7
AdjustmentInterval = 20
Weight = 0.25
BurstMultiple = -1
MaxKeys = 300
FieldList = ["a"]
[d]
Sampler = "TotalThroughputSampler"
GoalThroughputPerSec = 5
ClearFrequency = "2m"
FieldList = ["a"]
"""
    found = read(text, "toml")
    assert found.rules is not None
    assert found.rules.samplers == {
        "__default__": DynamicConfig(
            kind="EMADynamicSampler",
            parameters=(
                *(("GoalSampleRate", 7), ("AdjustmentInterval", "20s"), ("Weight", 0.25)),
                *(("BurstMultiple", -1.0), ("MaxKeys", 300)),
            ),
            field_list=("a",),
        ),
        "d": DynamicConfig(
            kind="TotalThroughputSampler",
            parameters=(("GoalThroughputPerSec", 5), ("ClearFrequency", "2m")),
            field_list=("a",),
        ),
    }
    note = the_note(text, "`ClearFrequency`", "toml")
    assert (note.code, note.severity) == ("NEC598", Severity.HINT)
    assert quoted(text, note) == "ClearFrequency"


def test_a_file_without_settings_keeps_everything_as_1_does() -> None:
    for text, extension in (("", "yaml"), ("# nothing\n", "toml"), ("rules:\n", "yaml")):
        found = read(text, extension).rules
        assert found is not None
        assert found.samplers == {"__default__": DeterministicConfig(sample_rate=1)}


def test_the_form_before_1_0_is_read_below_samplerconfig() -> None:
    text = """
[[SamplerConfig]]
  [SamplerConfig._default]
    Sampler = "DeterministicSampler"
    SampleRate = 2
  [SamplerConfig.'dataset 1']
    Sampler = "DeterministicSampler"
    SampleRate = 3
"""
    found = read(text, "toml").rules
    assert found is not None
    assert found.samplers == {
        "__default__": DeterministicConfig(sample_rate=2),
        "dataset 1": DeterministicConfig(sample_rate=3),
    }


@pytest.mark.parametrize("header", ["|", "|-", ">", '"'])
def test_rules_in_a_configmap_are_read_and_placed(header: str) -> None:
    rules = "Sampler: DeterministicSampler\nSampleRate: 4\nDryRun: true\n"
    inner = "\n".join(f"    {line}" for line in rules.splitlines())
    text = f"kind: ConfigMap\ndata:\n  rules.yaml: {header}\n{inner}\nend: 1\n"
    if header == ">":
        text = text.replace("\n    S", "\n\n    S").replace("\n    D", "\n\n    D")
    if header == '"':
        text = f"kind: ConfigMap\ndata:\n  rules.yaml: {rules!r}\n".replace("'", '"')
    found = read(text)

    assert looks_like_v1(text, "yaml")
    assert found.rules is not None
    assert found.rules.samplers == {"__default__": DeterministicConfig(sample_rate=4)}
    (note,) = found.notes
    assert "drop for real" in note.headline
    assert note.severity is Severity.WARNING
    if header.startswith("|"):
        assert quoted(text, note) == "DryRun"
    else:
        assert "DryRun" in quoted(text, note)  # the whole scalar: its text has no places


def test_toml_in_a_configmap_is_toml() -> None:
    text = "data:\n  rules.toml: |\n    Sampler = 'DeterministicSampler'\n    SampleRate = 4\n"
    found = read(text).rules

    assert found is not None
    assert found.samplers == {"__default__": DeterministicConfig(sample_rate=4)}


def test_other_files_do_not_look_like_rules_of_1() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for text, extension in (
        (project, "toml"),
        ("[environments]\nprod = 'policy.toon'\n", "toml"),
        ("RulesVersion: 2\nSampler: DeterministicSampler\n", "yaml"),
        ("team: x\nnested: {SampleRate: 1}\n", "yaml"),
        ("", "yaml"),
    ):
        assert not looks_like_v1(text, extension)


def test_of_an_input_without_a_name_the_text_tells_its_form() -> None:
    for text in ("Sampler = 'DeterministicSampler'\nSampleRate = 4\n", "SampleRate: 4\n"):
        assert looks_like_v1(text, "")
        found = read_v1(SourceText.of("<stdin>", text), "").rules
        assert found is not None
        assert found.samplers == {"__default__": DeterministicConfig(sample_rate=4)}


def test_a_template_is_to_be_rendered_first() -> None:
    text = "# {{ no }}\nSampler: {{ .Values.sampler }}\n"
    (refused,) = read(text).refused

    assert refused.code == "NEC540"
    assert quoted(text, refused) == "{{ .Values.sampler }}"
    assert "render" in refused.help


def test_a_target_named_by_a_placeholder_is_refused_and_the_rest_imported() -> None:
    found = read("Sampler: DeterministicSampler\nSampleRate: 2\n${D}: {Sampler: DynamicSampler}\n")

    assert found.rules is not None
    assert list(found.rules.samplers) == ["__default__"]
    assert [one.code for one in found.refused] == ["NEC599"]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ("{Sampler: DynamicSample, SampleRate: 1}", "`DynamicSample` is no sampler"),
        ("{Sampler: DeterministicSampler}", "`SampleRate` is missing"),
        ("{Sampler: DeterministicSampler, SampleRate: 0}", "`SampleRate` is below 1"),
        ("{Sampler: DeterministicSampler, SampleRate: x}", "`SampleRate` is not a whole number"),
        ("{Sampler: DynamicSampler, SampleRate: 1}", "`FieldList` is missing"),
        ("{Sampler: RulesBasedSampler, rule: [null]}", "`rule` is not a list of maps"),
        ("{Sampler: RulesBasedSampler, rule: [{sampler: x}]}", "`sampler` is not a map"),
    ],
)
def test_a_target_that_1_does_not_run_is_refused_with_the_reason(settings: str, words: str) -> None:
    found = read(f"Sampler: DeterministicSampler\nd: {settings}\n")

    assert found.rules is not None
    assert list(found.rules.samplers) == ["__default__"]
    (refused,) = found.refused
    assert words in refused.headline
    assert refused.severity is Severity.WARNING


def test_without_a_default_sampler_there_are_no_rules() -> None:
    found = read("Sampler: NoSampler\nd: {Sampler: DeterministicSampler, SampleRate: 1}\n")

    assert found.rules is None
    assert [one.code for one in found.refused] == ["NEC599"]


@pytest.mark.parametrize("key", ["sampler.EMADynamicSampler", "downstream"])
def test_a_sampler_that_1_never_read_leaves_the_rule_without_a_rate(key: str) -> None:
    text = one_rule(f"name: ok\n{key}:\n  GoalSampleRate: 15\n  FieldList: [a]")

    assert rules_of(text) == (Rule(name="ok"),)
    note = the_note(text, f"`{key}`")
    assert (note.code, note.severity) == ("NEC599", Severity.WARNING)
    assert "drops" in note.headline
    assert quoted(text, note) == key


def test_a_rules_sampler_that_1_cannot_make_keeps_everything() -> None:
    text = one_rule("drop: true\nsampler:\n  DeterministicSampler: {SampleRate: 5}")

    assert rules_of(text) == (Rule(sample_rate=1),)
    assert the_note(text, "keeps all").code == "NEC599"


def test_one_condition_need_be_no_list() -> None:
    text = one_rule("drop: true\ncondition:\n  field: a\n  operator: exists")

    assert rules_of(text) == (
        Rule(drop=True, conditions=(Condition(field="a", operator="exists"),)),
    )


def test_a_scope_that_is_none_lets_every_trace_match() -> None:
    text = one_rule("Scope: Span\nSampleRate: 2\ncondition: [{field: a, operator: exists}]")

    assert rules_of(text) == (Rule(sample_rate=2),)
    assert quoted(text, the_note(text, "`Span` is no scope")) == "Scope"


@pytest.mark.parametrize(
    "condition",
    ["field: a\noperator: like\nvalue: 1", "field: a", "field: a\noperator: '='\nvalue: {b: 1}"],
)
def test_a_rule_that_can_never_fire_and_2_refuses_is_left_out(condition: str) -> None:
    text = one_condition(condition)

    assert rules_of(text) == ()
    assert the_note(text, "never fires").severity is Severity.WARNING


def test_a_datatype_that_is_none_is_ignored_as_1_does() -> None:
    text = one_condition("field: a\noperator: '='\nvalue: 1\ndatatype: integer")
    ((condition,),) = (rule.conditions or () for rule in rules_of(text))

    assert condition == Condition(field="a", operator="=", value=1)
    assert quoted(text, the_note(text, "`integer`")) == "datatype"


def test_a_rules_sampler_without_a_goal_has_the_librarys_own() -> None:
    text = one_rule("SampleRate: 7\nsampler: {TotalThroughputSampler: {FieldList: []}}")

    assert rules_of(text) == (
        Rule(
            sampler=DynamicConfig(
                kind="TotalThroughputSampler", parameters=(("GoalThroughputPerSec", 100),)
            )
        ),
    )
    assert loaded_again(read(text)) == read(text).rules


@pytest.mark.parametrize(
    "condition",
    [
        "field: a\noperator: starts-with\nvalue: {b: 1}",
        "field: a\noperator: '='\nvalue: [1, x]\ndatatype: string",
    ],
)
def test_a_value_that_2_cannot_have_refuses_the_target(condition: str) -> None:
    found = read(one_condition(condition))

    assert found.rules is None
    assert ["`value` is not" in one.headline for one in found.refused] == [True]


def test_what_2_asks_otherwise_of_a_field_is_said() -> None:
    for field, words in (
        ("root.a", "asks the root span"),
        ("?.NUM_DESCENDANTS", "counts the spans"),
        ("trace.parent_id", "missing in 3.x"),
    ):
        text = one_condition(f"field: {field}\noperator: exists")
        assert the_note(text, words).code == "NEC598"
    assert not read(one_condition("field: http.route\noperator: exists")).notes


def test_the_samplers_that_count_otherwise_are_said_once_with_all_places() -> None:
    dynamic = "Sampler: DynamicSampler, SampleRate: 5, FieldList: [a]"
    text = "Sampler: DeterministicSampler\n" + "".join(f"{d}: {{{dynamic}}}\n" for d in "abc")
    spans, keys = the_note(text, "counts spans"), the_note(text, "500 keys")

    assert len(spans.related) == len(keys.related) == 2
    assert the_note(text, "letter by letter").code == "NEC598"
    limited = text.replace("FieldList", "MaxKeys: 9, FieldList")
    assert not [note for note in read(limited).notes if "500 keys" in note.headline]


def test_what_moved_to_the_main_configuration_is_said() -> None:
    text = """
DryRun = false
DryRunFieldName = "kept"
Sampler = "DynamicSampler"
SampleRate = 5
FieldList = ["a"]
AddSampleRateKeyToTrace = true
AddSampleRateKeyToTraceField = "my.key"
"""
    for words, place in (
        ("`DryRun`", "DryRun"),
        ("`meta.refinery.dryrun.kept`", "DryRunFieldName"),
        ("not to `my.key`", "AddSampleRateKeyToTrace"),
    ):
        note = the_note(text, words, "toml")
        assert (note.code, note.severity) == ("NEC599", Severity.HINT)
        assert quoted(text, note) == place


def test_keys_that_1_ignores_are_said_and_a_slip_is_a_warning() -> None:
    text = "Sampler: DeterministicSampler\nSampelRate: 3\nteam: x\n"
    slip, stranger = the_note(text, "`SampelRate`"), the_note(text, "`team`")

    assert (slip.severity, stranger.severity) == (Severity.WARNING, Severity.HINT)
    assert "`SampleRate`" in slip.help
    assert stranger.help == ""
    assert the_note("d: {FieldList: [a]}\n", "`d` has no `Sampler`").severity is Severity.HINT


def test_a_field_list_with_brackets_inside_its_text_is_one_odd_name() -> None:
    text = "Sampler: DynamicSampler\nFieldList: '[a]'\n"

    assert the_note(text, "`[a]`").severity is Severity.WARNING
    found = read(text).rules
    assert found is not None
    assert found.samplers["__default__"] == DynamicConfig(
        kind="DynamicSampler", parameters=(("SampleRate", 1),), field_list=("[a]",)
    )


@pytest.mark.parametrize("code", ["NEC598", "NEC599"])
def test_the_page_shows_what_gets_the_code_and_what_does_not(code: str) -> None:
    page = (ROOT / "docs" / "codes" / f"{code}.md").read_text(encoding="utf-8")
    for title, fires in (("Wrong", True), ("Right", False)):
        section = page.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
        examples = re.findall(r"^```(yaml|toml)\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
        assert examples
        for extension, text in examples:
            found = read(text, extension)
            assert found.rules is not None
            assert (code in {one.code for one in found.notes}) == fires
