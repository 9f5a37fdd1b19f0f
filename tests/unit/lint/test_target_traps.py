"""Each trap of targets, samplers and whole rules: a case that gets the code, and a near miss."""

from __future__ import annotations

from typing import Final

import pytest

from tests.unit.lint.target_linting import (
    in_file,
    in_prod,
    in_rules,
    only,
    text_at,
    those_of,
)

_EMA: Final = "EMADynamicSampler: {GoalSampleRate: 10, FieldList: [root.name]}"
_GOAL: Final = "EMAThroughputSampler: {GoalThroughputPerSec: 100, FieldList: [root.name]"
_WHERE: Final = "Conditions: [{Field: a, Operator: exists}]"

# code, rules or targets that get it once, what is underlined
FIRES: Final = [
    pytest.param("NEC520", in_rules(f"- {{Name: keep errors, {_WHERE}}}"), "keep errors", id="T1"),
    pytest.param("NEC520", in_rules("- {Name: the rest, Drop: false}"), "the rest", id="drop-no"),
    pytest.param("NEC520", in_rules(f"- {_WHERE}"), "Conditions", id="rate-missing-no-name"),
    pytest.param("NEC521", in_rules("- {Name: all, SampleRate: 0}"), "0", id="T2"),
    pytest.param("NEC521", in_rules("- {Name: all, SampleRate: -3}"), "-3", id="negative"),
    pytest.param("NEC521", in_prod("DeterministicSampler: {SampleRate: -3}"), "-3", id="kept"),
    pytest.param(
        "NEC521", in_prod("DeterministicSampler: {SampleRate: 4294967301}"), "4294967301", id="wrap"
    ),
    pytest.param("NEC521", in_rules("- {Name: x, SampleRate: 5000000}"), "5000000", id="huge"),
    pytest.param(
        "NEC521", in_prod("DeterministicSampler: {SampleRate: 5000000}"), "5000000", id="huge-all"
    ),
    pytest.param("NEC522", in_rules(f"- {{Name: x, Drop: true, {_WHERE}}}"), "Rules", id="T3"),
    pytest.param("NEC522", in_prod("RulesBasedSampler: {}"), "RulesBasedSampler", id="no-rules"),
    pytest.param(
        "NEC523", in_rules(f"- {{Name: x, Drop: true, Sampler: {{{_EMA}}}}}"), "true", id="T36"
    ),
    pytest.param(
        "NEC523", in_rules(f"- {{Name: x, SampleRate: 7, Sampler: {{{_EMA}}}}}"), "7", id="rate"
    ),
    pytest.param("NEC523", in_rules("- {Name: x, Drop: true, SampleRate: 7}"), "7", id="drop-rate"),
    pytest.param(
        "NEC524",
        in_prod(
            "WindowedThroughputSampler:\n  GoalThroughputPerSec: 5\n  FieldList: [root.name]\n"
            "  UpdateFrequency: 2s\n  LookbackFrequency: 1500ms"
        ),
        "1500ms",
        id="nothing-to-look-back-over",
    ),
    pytest.param(
        "NEC524",
        in_prod(
            "WindowedThroughputSampler:\n  GoalThroughputPerSec: 5\n  FieldList: [root.name]\n"
            "  LookbackFrequency: 2500ms"
        ),
        "2500ms",
        id="no-multiple",
    ),
    pytest.param(
        "NEC525",
        in_rules(f"- {{Name: a, Sampler: {{{_GOAL}}}}}}}\n- {{Name: b, Sampler: {{{_GOAL}}}}}}}"),
        "EMAThroughputSampler",
        id="T37",
    ),
    pytest.param(
        "NEC526",
        in_prod("DeterministicSampler: {SampleRate: 2}\nRulesBasedSampler: {Rules: []}"),
        "RulesBasedSampler",
        id="T41",
    ),
    pytest.param(
        "NEC526",
        in_prod(f"{_EMA}\nRules: [{{Name: x, SampleRate: 1}}]"),
        "Rules",
        id="rules-beside-a-sampler",
    ),
    pytest.param(
        "NEC526",
        in_rules(f"- {{Name: x, Sampler: {{{_EMA}, {_GOAL}}}}}}}"),
        "EMAThroughputSampler",
        id="two-samplers-in-a-rule",
    ),
    pytest.param(
        "NEC527",
        f"RulesVersion: 2\nSamplers:\n  __default__:\n    {_GOAL}}}\n",
        "100",
        id="T42",
    ),
    pytest.param(
        "NEC528", in_prod(f"{_GOAL.replace('100', '99')}, UseClusterSize: true}}"), "99", id="T43"
    ),
    pytest.param(
        "NEC529",
        in_prod("WindowedThroughputSampler: {GoalThroughputPerSec: 5, FieldList: [root.name]}"),
        "WindowedThroughputSampler",
        id="T44",
    ),
    pytest.param(
        "NEC529",
        in_prod(
            "WindowedThroughputSampler: "
            "{GoalThroughputPerSec: 5, FieldList: [http.url], MaxKeys: 9000}"
        ),
        "9000",
        id="windowed-by-url",
    ),
    pytest.param(
        "NEC530", in_prod(_EMA.replace("root.name", "request.id")), "request.id", id="T45"
    ),
    pytest.param(
        "NEC530", in_prod(_EMA.replace("root.name", "root.url.full")), "root.url.full", id="root"
    ),
    pytest.param("NEC530", in_prod(_EMA.replace("root.name", "user.id")), "user.id", id="maybe"),
    pytest.param("NEC531", in_prod(_EMA.replace("root.name", "a, b")), "a", id="T46"),
    pytest.param("NEC532", in_prod(_EMA.replace("10", "0")), "0", id="T47"),
    pytest.param("NEC532", in_prod(_EMA.replace("10", "5, Weight: 0.0")), "0.0", id="T61"),
    pytest.param("NEC532", in_prod(_EMA.replace("10", "5, MaxKeys: 0x0")), "0x0", id="hex"),
    pytest.param(
        "NEC532", in_prod(_EMA.replace("10", "5, AdjustmentInterval: 0ms")), "0ms", id="no-time"
    ),
    pytest.param(
        "NEC533",
        in_prod("DynamicSampler: {SampleRate: 2, ClearFrequency: 5s, FieldList: [root.name]}"),
        "5s",
        id="T62",
    ),
    pytest.param(
        "NEC533",
        in_prod("TotalThroughputSampler: {GoalThroughputPerSec: 2, FieldList: [root.name]}"),
        "TotalThroughputSampler",
        id="idle-by-default",
    ),
    pytest.param("NEC534", in_prod(_EMA), "EMADynamicSampler", id="T63"),
    pytest.param("NEC535", in_rules("- {Name: some, SampleRate: 10}"), "10", id="T64"),
    pytest.param("NEC536", in_rules("- {SampleRate: 10}"), "SampleRate", id="no-name"),
    pytest.param(
        "NEC536",
        in_rules(f"- {{Name: a, Drop: true, {_WHERE}}}\n- {{Name: a, SampleRate: 1}}"),
        "a",
        id="one-name-twice",
    ),
    pytest.param(
        "NEC537", in_rules("- {Name: x, SampleRate: 2, Conditions: []}"), "[]", id="empty-list"
    ),
    pytest.param("NEC537", in_rules("- {Name: x, SampleRate: 2, Scope: span}"), "span", id="scope"),
    pytest.param(
        "NEC538",
        in_prod(_EMA.replace("[root.name]", "[root.status_code`]")),
        "root.status_code`",
        id="backtick",
    ),
    pytest.param(
        "NEC538", in_prod(_EMA.replace("root.name", "'a, b'")), "'a, b'", id="two-names-in-one"
    ),
    pytest.param(
        "NEC538",
        in_prod(_EMA.replace("root.name", "'?.NUM_DESCENDANTS'")),
        "'?.NUM_DESCENDANTS'",
        id="computed",
    ),
    pytest.param(
        "NEC538",
        in_prod(_EMA.replace("root.name", "meta.span_count")),
        "meta.span_count",
        id="late",
    ),
    pytest.param(
        "NEC538", in_prod(_EMA.replace("root.name", "sampleRate")), "sampleRate", id="T55"
    ),
    pytest.param("NEC538", in_prod(_EMA.replace("root.name", "root.")), "root.", id="root-of-none"),
    pytest.param("NEC539", in_prod(_EMA.replace("root.name", "")), "[]", id="no-fields"),
    pytest.param(
        "NEC539", in_prod(_EMA.replace("root.name", "root.a, root.a")), "root.a", id="twice"
    ),
]

# code, rules or targets that look alike and are fine
SILENT: Final = [
    pytest.param("NEC520", in_rules(f"- {{Name: keep, SampleRate: 1, {_WHERE}}}"), id="rate"),
    pytest.param("NEC520", in_rules(f"- {{Name: go, Drop: true, {_WHERE}}}"), id="drop"),
    pytest.param("NEC520", in_rules(f"- {{Name: x, Sampler: {{{_EMA}}}}}"), id="sampler"),
    pytest.param("NEC521", in_rules("- {Name: x, Drop: true, SampleRate: 0}"), id="drops-anyway"),
    pytest.param(
        "NEC521", in_rules(f"- {{Name: x, SampleRate: 0, Sampler: {{{_EMA}}}}}"), id="unread"
    ),
    pytest.param("NEC521", in_rules("- {Name: x, SampleRate: 999999}"), id="not-quite-huge"),
    pytest.param("NEC521", in_prod("DeterministicSampler: {SampleRate: 0}"), id="ends-the-process"),
    pytest.param(
        "NEC522", in_rules(f"- {{Name: x, Drop: true, {_WHERE}}}\n- {{SampleRate: 5}}"), id="rest"
    ),
    pytest.param("NEC522", in_rules("- {Name: x, Drop: true, Conditions: []}"), id="empty-list"),
    pytest.param(
        "NEC522",
        in_rules(
            "- {SampleRate: 1, Conditions: [{Operator: has-root-span, Value: true}]}\n"
            "- {SampleRate: 9, Conditions: [{Operator: has-root-span, Value: false}]}"
        ),
        id="with-and-without-a-root",
    ),
    pytest.param("NEC522", in_rules("- "), id="a-null-rule-ends-the-process"),
    pytest.param(
        "NEC523", in_rules(f"- {{Name: x, Drop: false, Sampler: {{{_EMA}}}}}"), id="no-drop"
    ),
    pytest.param("NEC523", in_rules("- {Name: x, Drop: false, SampleRate: 7}"), id="no-drop-rate"),
    pytest.param(
        "NEC524",
        in_prod(
            "WindowedThroughputSampler: {GoalThroughputPerSec: 5, FieldList: [root.name], "
            "UpdateFrequency: 500ms, LookbackFrequency: 2500ms}"
        ),
        id="multiple",
    ),
    pytest.param(
        "NEC525",
        in_rules(
            f"- {{Name: a, Sampler: {{{_GOAL}}}}}}}\n"
            f"- {{Name: b, Sampler: {{{_GOAL.replace('100', '101')}}}}}}}"
        ),
        id="another-goal",
    ),
    pytest.param(
        "NEC525",
        in_rules(
            f"- {{Name: a, Sampler: {{{_GOAL}}}}}}}\n"
            f"- {{Name: b, Sampler: {{{_GOAL.replace('root.name', 'name')}}}}}}}"
        ),
        id="other-fields",
    ),
    pytest.param(
        "NEC525",
        in_file(
            f"a: {{RulesBasedSampler: {{Rules: [{{Sampler: {{{_GOAL}}}}}}}]}}}}\n"
            f"b: {{RulesBasedSampler: {{Rules: [{{Sampler: {{{_GOAL}}}}}}}]}}}}"
        ),
        id="other-targets",
    ),
    pytest.param("NEC526", in_prod("RulesBasedSampler:\n" + _EMA), id="nothing-in-it"),
    pytest.param("NEC526", in_prod("Rules: [{SampleRate: 1}]"), id="ends-the-process"),
    pytest.param("NEC527", in_prod(f"{_GOAL}}}"), id="a-target-with-a-name"),
    pytest.param("NEC528", in_prod(f"{_GOAL}, UseClusterSize: true}}"), id="large-goal"),
    pytest.param(
        "NEC528", in_prod(f"{_GOAL.replace('100', '9')}, UseClusterSize: false}}"), id="off"
    ),
    pytest.param(
        "NEC529",
        in_prod(
            "WindowedThroughputSampler: "
            "{GoalThroughputPerSec: 5, FieldList: [http.url], MaxKeys: -1}"
        ),
        id="no-limit",
    ),
    pytest.param("NEC530", in_prod(_EMA.replace("root.name", "root.http.route")), id="route"),
    pytest.param("NEC530", in_prod(_EMA.replace("root.name", "grid, valid")), id="ends-in-id"),
    pytest.param("NEC531", in_prod(_EMA.replace("root.name", "root.a, root.b")), id="of-the-root"),
    pytest.param("NEC532", in_prod(_EMA.replace("10", "5, Weight: 0.1")), id="small"),
    pytest.param("NEC532", in_prod(_EMA.replace("10", "5, BurstMultiple: -1")), id="negative"),
    pytest.param(
        "NEC532", in_prod(_EMA.replace("10", "5, UseTraceLength: false")), id="no-is-no-0"
    ),
    pytest.param(
        "NEC533",
        in_prod("DynamicSampler: {SampleRate: 2, ClearFrequency: 31s, FieldList: [root.name]}"),
        id="long-interval",
    ),
    pytest.param("NEC533", in_prod(_EMA), id="averages-outlast-a-gap"),
    pytest.param("NEC534", in_prod("DeterministicSampler: {SampleRate: 9}"), id="no-state"),
    pytest.param("NEC535", in_rules("- {Name: all, SampleRate: 1}"), id="no-draw"),
    pytest.param("NEC535", in_prod("DeterministicSampler: {SampleRate: 9}"), id="by-id"),
    pytest.param(
        "NEC536",
        in_rules(f"- {{Name: a, Drop: true, Scope: span, {_WHERE}}}\n- {{Name: a, SampleRate: 1}}"),
        id="told-apart-by-scope",
    ),
    pytest.param("NEC537", in_rules(f"- {{Name: x, Scope: span, {_WHERE}}}"), id="conditions"),
    pytest.param("NEC538", in_prod(_EMA.replace("root.name", "'user agent'")), id="inner-space"),
    pytest.param("NEC538", in_prod(_EMA.replace("root.name", "'root.name'")), id="yaml-quotes"),
    pytest.param("NEC538", in_prod(_EMA.replace("root.name", "meta.signal_type")), id="known-meta"),
    pytest.param("NEC539", in_prod(_EMA.replace("root.name", "root.a, a")), id="root-or-any"),
]


@pytest.mark.parametrize(("code", "text", "underlined"), FIRES)
def test_a_trap_gets_its_code_at_its_place(code: str, text: str, underlined: str) -> None:
    found = only(code, text)

    assert text_at(found, text) == underlined
    assert "\n" not in found.headline + found.label + found.why + found.help
    assert not found.headline.endswith(".")


@pytest.mark.parametrize(("code", "text"), SILENT)
def test_a_near_miss_gets_none(code: str, text: str) -> None:
    assert those_of(code, text) == ()
