"""Fixes of the traps of targets: what they write, and that they change no other line."""

from __future__ import annotations

from typing import Final

import pytest

from nectarc.diagnostic import Diagnostic, Fix
from nectarc.evaluate.refinery_rules import decide
from nectarc.fixes import apply_fixes, safe_fixes
from nectarc.lint.context import LintContext
from nectarc.lint.rule_rates import says_drop, says_keep_all
from nectarc.lint.target_traps import check_target
from nectarc.refinery.loader import load_rules
from nectarc.refinery.located import locate
from nectarc.source import SourceText
from nectarc.trace import ROOT_FIELD, Span, Trace
from tests.unit.lint.target_linting import in_prod, in_rules, lint, only, those_of

_EMA: Final = "EMADynamicSampler: {GoalSampleRate: 10, FieldList: [root.name]}"
_ERRORS: Final = """\
- Name: keep errors # the important ones
  Conditions:
    - Field: error
      Operator: exists
"""


def _applied(text: str, fix: Fix) -> str:
    return apply_fixes(SourceText.of("rules.yaml", text), [fix])[0]


def _fixed(text: str) -> str:
    return apply_fixes(SourceText.of("rules.yaml", text), safe_fixes(lint(text)))[0]


def _fix(found: Diagnostic, title: str) -> Fix:
    return next(fix for fix in found.fixes if fix.title == title)


def test_a_rule_called_keep_gets_rate_1_below_its_name() -> None:
    text = in_rules(_ERRORS)

    assert _fixed(text) == text.replace(
        "# the important ones\n", "# the important ones\n          SampleRate: 1\n"
    )
    assert those_of("NEC520", _fixed(text)) == ()


def test_line_ends_of_windows_stay() -> None:
    text = in_rules(_ERRORS).replace("\n", "\r\n")

    assert _fixed(text) == text.replace(
        "# the important ones\r\n", "# the important ones\r\n          SampleRate: 1\r\n"
    )


def test_a_rule_in_braces_gets_its_rate_in_them() -> None:
    text = in_rules("- {Name: keep errors, Conditions: [{Field: error, Operator: exists}]}")

    assert _fixed(text) == text.replace("exists}]}", "exists}], SampleRate: 1}")


def test_a_rule_called_drop_gets_drop_and_decides_as_before() -> None:
    text = in_rules(_ERRORS.replace("keep errors", "drop noise"))
    fixed = _fixed(text)

    assert "          Drop: true\n" in fixed
    assert _decision(fixed) == _decision(text)


def test_a_rate_of_0_of_a_rule_called_drop_gets_drop() -> None:
    text = in_rules("- Name: drop noise\n  SampleRate: 0")

    assert _fixed(text) == text.replace("drop noise\n", "drop noise\n          Drop: true\n")
    assert _decision(_fixed(text)) == _decision(text)


def test_a_rule_that_says_drop_false_is_left_to_its_writer() -> None:
    text = in_rules("- Name: drop noise\n  Drop: false")

    assert only("NEC520", text).fixes == ()


def test_a_rule_with_another_name_is_offered_a_rate_and_left_alone() -> None:
    text = in_rules(_ERRORS.replace("keep errors", "errors"))

    assert _fixed(text) == text
    assert not only("NEC520", text).fixes[0].is_safe


def test_a_rule_that_an_alias_brought_is_not_edited() -> None:
    text = in_rules(
        "- &one {Name: one, Drop: true, Conditions: [{Field: a, Operator: exists}]}\n"
        "- {<<: *one, Drop: false, Name: keep all}"
    )

    assert only("NEC520", text).fixes == ()


def test_a_rule_with_a_key_after_a_question_mark_is_not_edited() -> None:
    text = in_rules("- ? Name\n  : keep errors")

    assert only("NEC520", text).fixes == ()


def test_one_of_two_settings_is_removed_on_request_only() -> None:
    text = in_rules(
        "- Name: drop noisy\n  Drop: true # all of it\n"
        "  Sampler:\n    EMADynamicSampler: {GoalSampleRate: 20, FieldList: [root.name]}\n"
    )
    found = only("NEC523", text)

    assert _fixed(text) == text
    assert _applied(text, _fix(found, "remove `Drop`")) == text.replace(
        "          Drop: true # all of it\n", ""
    )
    assert (
        _applied(text, _fix(found, "remove `Sampler`")) == text.partition("          Sampler:")[0]
    )


def test_a_sampler_that_is_never_read_is_removed_on_request() -> None:
    text = in_prod("DeterministicSampler:\n  SampleRate: 10\nRulesBasedSampler:\n  Rules: []\n")
    found = only("NEC526", text)

    assert _applied(text, found.fixes[0]) == text.partition("    RulesBasedSampler:")[0]
    assert not found.fixes[0].is_safe


def test_a_zero_setting_becomes_the_default_that_runs() -> None:
    text = in_prod("EMADynamicSampler:\n  GoalSampleRate: 9\n  Weight: 0 # no\n  FieldList: [a]\n")

    assert _fixed(text) == text.replace("Weight: 0 ", "Weight: 0.5 ")


def test_a_zero_rate_is_the_writers_to_mend() -> None:
    text = in_prod(_EMA.replace("10", "0"))

    assert _fixed(text) == text


def test_an_empty_list_of_conditions_is_removed_where_the_rule_keeps() -> None:
    text = in_rules("- Name: rest\n  SampleRate: 3\n  Conditions: []\n")

    assert _fixed(text) == text.replace("          Conditions: []\n", "")
    assert only("NEC537", text.replace("3", "0")).fixes == ()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("status_code`", "status_code"),
        ("'status_code '", "'status_code'"),
        ("\"'status_code'\"", "'status_code'"),
        ("root.name,x", None),
        ("'root.'", None),
    ],
    ids=["backtick", "space", "quotes-in-quotes", "two-names", "no-name"],
)
def test_stray_characters_are_taken_from_a_name(written: str, meant: str | None) -> None:
    sampler = "EMADynamicSampler:\n  GoalSampleRate: 9\n  FieldList:\n    - root.b\n    - {}\n"
    text = in_prod(sampler.format(written))

    assert _fixed(text) == in_prod(sampler.format(meant or written))


@pytest.mark.parametrize(
    ("name", "keeps", "drops"),
    [
        ("keep errors", True, False),
        ("Keep 500 status codes", True, False),
        ("always keep checkout", True, False),
        ("keep 10% of errors", False, False),
        ("keep 1 in 10", False, False),
        ("Keep one of them", False, False),
        ("keep some", False, False),
        ("keep at a low rate", False, False),
        ("keep nothing, drop it", False, False),
        ("keeper of the bees", False, False),
        ("drop health", False, True),
        ("don't drop", False, False),
        ("errors", False, False),
        ("", False, False),
    ],
)
def test_what_a_name_says(name: str, *, keeps: bool, drops: bool) -> None:
    assert (says_keep_all(name), says_drop(name)) == (keeps, drops)


def test_without_a_text_there_are_no_fixes_and_the_same_findings() -> None:
    text = in_rules(_ERRORS + "- Name: x\n  Drop: true\n  SampleRate: 2\n")
    loaded = load_rules(text, "yaml", "rules.yaml")
    assert loaded.rules is not None
    assert loaded.tree is not None
    located = locate(loaded.rules, loaded.tree)

    found = [
        one for target in located.targets for one in check_target(target, LintContext(text=None))
    ]

    assert {"NEC520", "NEC523"} <= {one.code for one in found}
    assert all(one.fixes == () for one in found)


def _decision(text: str) -> object:
    rules = load_rules(text).rules
    assert rules is not None
    return decide(
        rules.samplers["prod"], Trace("7", (Span({ROOT_FIELD: True, "error": 1}, is_root=True),))
    )
