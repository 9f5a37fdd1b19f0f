"""Unknown operators: what was meant, and what to write."""

from __future__ import annotations

import pytest

from nectarc.diagnostic import Diagnostic
from nectarc.fixes import apply_fixes, safe_fixes
from nectarc.refinery.loader import load_rules
from nectarc.refinery.metadata import FIELDS
from nectarc.refinery.operators_meant import operator_meant
from nectarc.source import SourceText

_FILE = (
    "RulesVersion: 2\nSamplers:\n  __default__:\n    RulesBasedSampler:\n      Rules:\n"
    "        - Name: x\n          SampleRate: 1\n          Conditions:\n"
    "            - Field: a\n              Operator: {}\n              Value: 1\n"
)


def _only(operator: str) -> Diagnostic:
    (found,) = load_rules(_FILE.format(operator)).diagnostics
    assert found.code == "NEC513"
    return found


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("not_exists", "not-exists"),
        ("'!=='", "!="),
        ("==", "="),
        ("equals", "="),
        ("startswith", "starts-with"),
        ("regex", "matches"),
        ("not in", "not-in"),
        ("Exists", "exists"),
        ("has_root_span", "has-root-span"),
        ("containz", "contains"),
    ],
)
def test_the_operator_that_was_meant(written: str, meant: str) -> None:
    assert _only(written).help == f"did you mean `{meant}`?"


def test_every_word_stands_for_an_operator_of_refinery() -> None:
    choices = FIELDS["Conditions.Operator"].choices

    for written in ("eq", "ne", "gt", "gte", "lt", "lte", "like", "missing", "nin", "oneOf"):
        assert operator_meant(written, choices) in choices


def test_an_operator_that_refinery_lacks() -> None:
    assert "ends with `$`" in _only("ends-with").help
    assert "no negative `matches`" in _only("'!~'").help


def test_an_unquoted_unequal_is_a_tag_and_can_be_quoted() -> None:
    text = _FILE.format("!=")
    found = _only("!=")

    assert found.headline == "`Operator` is empty: without quotes YAML takes `!=` for a tag"
    changed, _ = apply_fixes(SourceText.of("<rules>", text), safe_fixes([found]))
    assert changed == _FILE.format("'!='")


def test_an_unquoted_greater_begins_a_text() -> None:
    assert "YAML takes `>` for the begin of a text" in _only(">").help
    (found,) = load_rules(_FILE.format(">=")).diagnostics
    assert found.help == "if this is an operator, quote it: `Operator: '>='`"


@pytest.mark.parametrize(
    ("written", "fixed", "is_safe"),
    [
        ("startswith", "starts-with", True),
        ("'=='", "'='", True),
        ("'containz'", "'contains'", False),
        ("greater than", "'>'", True),
    ],
)
def test_what_was_meant_can_be_written(written: str, fixed: str, is_safe: bool) -> None:  # noqa: FBT001 - a row of the table
    text = SourceText.of("<rules>", _FILE.format(written))
    found = _only(written)

    changed, _ = apply_fixes(text, found.fixes)

    assert changed == _FILE.format(fixed)
    assert load_rules(changed).is_accepted
    assert [fix.is_safe for fix in found.fixes] == [is_safe]
