"""NEC590 to NEC594, NEC597: what an import says, where, and the rules on their pages."""

from __future__ import annotations

import re

import pytest

from tests.imported_rules import HEAD, imported
from tests.shared_data import ROOT

# In the order of the codes; each fires on the "Wrong" rules of its page, not on the "Right" ones.
_CODES = ("NEC590", "NEC591", "NEC592", "NEC593", "NEC594", "NEC597")


def _codes(text: str) -> set[str]:
    return {note.code for note in imported(text).notes}


@pytest.mark.parametrize("code", _CODES)
def test_the_rules_on_the_page_get_the_code_and_lose_it(code: str) -> None:
    page = (ROOT / "docs" / "codes" / f"{code}.md").read_text(encoding="utf-8")
    wrong, right = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)

    assert code in _codes(wrong)
    assert code not in _codes(right)


def test_a_dead_rule_is_named_at_its_place() -> None:
    text = (
        HEAD + "        - {Name: all, SampleRate: 1}\n"
        "        - {Name: late, Drop: true, Conditions: [{Field: a, Operator: exists}]}\n"
    )
    found = imported(text)

    (note,) = [one for one in found.notes if one.code == "NEC590"]
    assert [one.name for one in found.rules] == ["all"]
    assert "`late`" in note.headline
    assert text[note.source.start : note.source.end] == "late"


def test_names_are_made_unique_and_never_empty() -> None:
    found = imported(
        HEAD + "        - {SampleRate: 1, Conditions: [{Field: a, Operator: exists}]}\n"
        "        - {Name: x, SampleRate: 1, Conditions: [{Field: b, Operator: exists}]}\n"
        "        - {Name: x, SampleRate: 2, Conditions: [{Field: c, Operator: exists}]}\n"
        "        - {Name: x (2), SampleRate: 2}\n"
    )

    names = [one.name for one in found.rules]
    assert names == ["rule 1", "x", "x (3)", "x (2)"]
    assert [one.code for one in found.notes] == ["NEC591", "NEC591"]


def test_the_parameters_that_run_are_written_into_both_samplers() -> None:
    sampler = "Sampler: {EMADynamicSampler: {GoalSampleRate: 10, FieldList: [a]"
    found = imported(
        HEAD + f"        - {{Name: x, {sampler}, MaxKeys: 7}}}},"
        " Conditions: [{Field: b, Operator: exists}]}\n"
        f"        - {{Name: y, {sampler}, MaxKeys: 9}}}}}}\n"
    )

    assert {one.action for one in found.rules} == {
        "ema_dynamic(goal_sample_rate: 10, max_keys: 7, fields: [a])"
    }
