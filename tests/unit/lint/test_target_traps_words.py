"""What the findings about targets say, and how grave each is."""

from __future__ import annotations

from typing import Final

import pytest

from nectarc.lint.context import LintContext
from nectarc.lint.run import lint_rules
from nectarc.refinery.inputs import read_rules_files
from tests.unit.lint.target_linting import (
    in_file,
    in_prod,
    in_rules,
    is_warning,
    only,
    text_at,
    those_of,
)

_EMA: Final = "EMADynamicSampler: {GoalSampleRate: 10, FieldList: [root.name]}"
_GOAL: Final = "EMAThroughputSampler: {GoalThroughputPerSec: 100, FieldList: [root.name]"
_WHERE: Final = "Conditions: [{Field: a, Operator: exists}]"


def test_a_rule_that_keeps_nothing_is_said_in_the_users_words() -> None:
    found = only("NEC520", in_rules(f"- {{Name: keep errors, {_WHERE}}}"))

    assert found.headline == (
        "`keep errors` keeps nothing: `SampleRate` is missing, so Refinery drops these traces, "
        "errors among them"
    )
    assert is_warning(found)


def test_a_rule_that_drops_no_errors_is_not_said_to() -> None:
    kept = "- {Name: all, SampleRate: 1, Conditions: [{Field: error, Operator: '=', Value: true}]}"
    found = only("NEC520", in_rules(f"{kept}\n- {{Name: old, {_WHERE}}}"))

    assert found.headline.endswith("drops these traces")


def test_a_missing_rate_of_a_rule_called_drop_is_a_hint() -> None:
    found = only("NEC520", in_rules(f"- {{Name: Drop health, {_WHERE}}}"))

    assert found.headline == "`Drop health` drops only because `SampleRate` is missing"
    assert not is_warning(found)


def test_a_rate_of_0_of_a_rule_called_drop_is_a_hint() -> None:
    assert not is_warning(only("NEC521", in_rules("- {Name: drop all, SampleRate: 0}")))


def test_a_rate_beyond_32_bits_says_what_is_kept() -> None:
    found = only("NEC521", in_prod("DeterministicSampler: {SampleRate: 4294967301}"))

    assert found.headline == "`prod` keeps one trace in 5, and says one in 4,294,967,301"


def test_rules_that_all_keep_say_that_the_target_keeps_everything() -> None:
    found = only("NEC522", in_rules(f"- {{Name: keep a, SampleRate: 1, {_WHERE}}}"))

    assert found.headline == (
        "`prod` keeps every trace: what its rules keep, and what matches none"
    )


@pytest.mark.parametrize(
    ("name", "is_a_warning"), [("keep errors", True), ("errors", False)], ids=["keep", "other"]
)
def test_a_rate_beside_drop_is_a_warning_where_the_name_says_keep(
    name: str, *, is_a_warning: bool
) -> None:
    text = in_rules(f"- {{Name: {name}, Drop: true, SampleRate: 1}}")

    assert is_warning(only("NEC523", text)) is is_a_warning


def test_drop_and_a_rate_beside_a_sampler_are_two_findings() -> None:
    text = in_rules(f"- {{Name: x, Drop: true, SampleRate: 7, Sampler: {{{_EMA}}}}}")

    assert [text_at(one, text) for one in those_of("NEC523", text)] == ["true", "7"]


def test_an_unusable_look_back_is_a_warning_and_a_cut_one_a_hint() -> None:
    sampler = (
        "WindowedThroughputSampler: {{GoalThroughputPerSec: 5, FieldList: [], "
        "UpdateFrequency: 2s, LookbackFrequency: {}}}"
    )

    assert is_warning(only("NEC524", in_prod(sampler.format("1s"))))
    assert is_warning(only("NEC524", in_prod(sampler.format("-9s"))))
    cut = only("NEC524", in_prod(sampler.format("5s")))
    assert not is_warning(cut)
    assert cut.headline.startswith("looks back over 4s only")


def test_a_goal_of_default_is_per_process_without_cluster_size() -> None:
    text = f"RulesVersion: 2\nSamplers:\n  __default__: {{{_GOAL}}}}}\n"
    divided = text.replace("root.name]", "root.name], UseClusterSize: true")

    assert only("NEC527", text).headline == (
        "100 a second is the goal of each environment on each Refinery process, not of all together"
    )
    assert only("NEC527", divided).headline == (
        "100 a second is the goal of each environment, not of all together"
    )
    assert "on each Refinery process" in only("NEC527", divided, "3.0").headline


def test_samplers_of_default_rules_are_shared_by_environments_before_3_1() -> None:
    text = in_rules(f"- {{Name: a, Sampler: {{{_GOAL}}}}}}}").replace(
        "  __default__: {DeterministicSampler: {SampleRate: 1}}\n", ""
    )
    text = text.replace("  prod:", "  __default__:")

    assert those_of("NEC527", text) != ()
    assert those_of("NEC527", text, "3.0") == ()


def test_cluster_size_is_a_warning_where_the_release_does_not_apply_it() -> None:
    text = in_prod(f"{_GOAL}, UseClusterSize: true}}")

    old = only("NEC528", text, "3.0")

    assert is_warning(old)
    assert text_at(old, text) == "true"
    assert old.headline == (
        "`UseClusterSize` does nothing in Refinery 3.0: each process aims at 100 a second"
    )
    assert those_of("NEC528", text, "3.1") == ()


def test_a_small_goal_says_what_clusters_make_of_it() -> None:
    found = only("NEC528", in_prod(f"{_GOAL.replace('100', '10')}, UseClusterSize: true}}"))

    assert found.why == "on 6 processes the cluster aims at 6, on 20 at 20"


def test_a_goal_of_1_is_the_number_of_processes() -> None:
    found = only("NEC528", in_prod(f"{_GOAL.replace('100', '1')}, UseClusterSize: true}}"))

    assert found.why == "on 2 processes the cluster aims at 2, on 3 at 3"


@pytest.mark.parametrize(
    ("setting", "meant"),
    [
        ("DynamicSampler: {SampleRate: 0", "`SampleRate: 0` counts as 10"),
        (
            "DynamicSampler: {SampleRate: 1, ClearFrequency: 0s",
            "`ClearFrequency: 0s` counts as 30s",
        ),
        ("EMADynamicSampler: {GoalSampleRate: 2, AgeOutValue: 0", "`AgeOutValue: 0` counts as 0.5"),
        (
            "EMADynamicSampler: {GoalSampleRate: 2, AgeOutValue: 0, Weight: 0.2",
            "`AgeOutValue: 0` counts as 0.2",
        ),
        (
            "EMAThroughputSampler: {GoalThroughputPerSec: 2, InitialSampleRate: 0",
            "`InitialSampleRate: 0` counts as 10",
        ),
        (
            "EMADynamicSampler: {GoalSampleRate: 2, BurstDetectionDelay: 0",
            "`BurstDetectionDelay: 0` counts as 3",
        ),
        (
            (
                "WindowedThroughputSampler: {GoalThroughputPerSec: 2, UpdateFrequency: 2s, "
                "LookbackFrequency: 0s"
            ),
            "`LookbackFrequency: 0s` counts as 1m",
        ),
    ],
    ids=["rate", "clear", "age", "age-as-weight", "initial", "delay", "lookback"],
)
def test_a_zero_says_the_default_that_runs(setting: str, meant: str) -> None:
    assert only("NEC532", in_prod(f"{setting}, FieldList: [root.name]}}")).headline == meant


def test_a_zero_rate_is_a_warning_and_a_zero_weight_a_hint() -> None:
    assert is_warning(only("NEC532", in_prod(_EMA.replace("10", "0"))))
    assert not is_warning(only("NEC532", in_prod(_EMA.replace("10", "5, Weight: 0"))))


def test_a_known_id_is_a_warning_and_a_likely_one_a_hint() -> None:
    assert is_warning(only("NEC530", in_prod(_EMA.replace("root.name", "trace.trace_id"))))
    assert not is_warning(only("NEC530", in_prod(_EMA.replace("root.name", "http.target"))))


def test_a_doubtful_name_is_said_once_a_file() -> None:
    text = in_file("".join(f"t{n}: {{{_EMA.replace('root.name', 'user.id')}}}\n" for n in range(4)))

    assert len(only("NEC530", text).related) == 3
    assert len(only("NEC531", text).related) == 3


def test_many_samplers_are_one_finding_with_a_few_places() -> None:
    text = in_file("".join(f"t{n}: {{{_EMA}}}\n" for n in range(40)))

    found = only("NEC534", text)

    assert "the 40 dynamic samplers" in found.headline
    assert len(found.related) == 3


def test_an_empty_list_of_a_rule_that_drops_is_a_warning() -> None:
    assert is_warning(only("NEC537", in_rules("- {Name: x, Drop: true, Conditions: []}")))
    assert not is_warning(only("NEC537", in_rules("- {Name: x, SampleRate: 2, Conditions: []}")))


def test_a_name_with_a_backtick_stands_in_double_quotes() -> None:
    found = only("NEC538", in_prod(_EMA.replace("[root.name]", "[status_code`]")))

    assert found.headline == (
        'no trace has a value under "status_code`", so it adds nothing to the key'
    )


def test_a_name_that_cannot_be_printed_stays_on_one_line() -> None:
    text = in_rules('- {Name: "keep\\nall\\u2028", SampleRate: 0}')

    assert "`keep\\nall\\u2028`" in only("NEC521", text).headline


def test_what_an_alias_brings_twice_is_one_place() -> None:
    text = in_file(
        "one: &same {EMADynamicSampler: {GoalSampleRate: 10, FieldList: [user.id]}}\ntwo: *same"
    )

    for code in ("NEC530", "NEC531", "NEC534"):
        assert only(code, text).related == ()


def test_a_sampler_that_is_never_read_is_named_in_a_text_in_quotes_too() -> None:
    rules = (
        "RulesVersion: 2\\nSamplers:\\n  __default__:\\n    DeterministicSampler: {SampleRate: 10}"
    )
    other = "\\n    RulesBasedSampler:\\n      Rules:\\n        - {Name: all, SampleRate: 1}\\n"
    config_map = f'kind: ConfigMap\ndata:\n  rules.yaml: "{rules}{other}"\n'
    read = read_rules_files([("cm.yaml", config_map.encode())])

    found = [
        one.headline
        for one in lint_rules(read.loaded, LintContext(text=read.text))
        if one.code == "NEC526"
    ]

    assert found == [
        "`RulesBasedSampler` of `__default__` is never read: `DeterministicSampler` decides"
    ]
