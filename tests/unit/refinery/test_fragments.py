"""Parts of a rules file are linted where they belong, and said to be parts once."""

from __future__ import annotations

import pytest

from nectarc.lint.context import LintContext
from nectarc.lint.run import lint_rules
from nectarc.refinery.inputs import read_rules_files

_RULE = "Name: keep errors\n{0}Conditions:\n{0}- {{Field: error, Operator: exists}}\n"
_LIST = "- " + _RULE.format("  ")
_FLOW = "[{Name: keep errors, Conditions: [{Field: error, Operator: exists}]}]"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param(_LIST, "a list of rules", id="list"),
        pytest.param(_RULE.format(""), "one rule", id="rule"),
        pytest.param(f"Rules:\n{_LIST}", "the rules of one target", id="rules"),
        pytest.param(
            f"RulesBasedSampler:\n Rules: {_FLOW}\n", "the sampler of one target", id="sampler"
        ),
        pytest.param(f"a: {{RulesBasedSampler: {{Rules: {_FLOW}}}}}\n", "targets", id="targets"),
    ],
)
def test_a_part_is_read_where_it_belongs(text: str, words: str) -> None:
    read = read_rules_files([("rules.yaml", text.encode())])

    (part,) = read.findings
    assert part.code == "NEC542"
    assert f"a part of a rules file, {words}: " in part.headline
    assert not read.verdict.is_accepted
    assert read.loaded.is_accepted
    lints = lint_rules(read.loaded, LintContext(text=read.text))
    rate = next(one for one in lints if one.code == "NEC520")
    assert text[rate.source.start : rate.source.end] == "keep errors"


@pytest.mark.parametrize("text", ["Rule:\n- Name: x\n", "[]\n", "- a\n- b\n", "Sampler: mine\n"])
def test_other_files_are_no_parts(text: str) -> None:
    read = read_rules_files([("rules.yaml", text.encode())])

    assert read.findings == ()
    assert not read.loaded.is_accepted


def test_a_file_of_comments_in_toml_is_said_to_be_empty() -> None:
    read = read_rules_files([("rules.toml", b"# of Refinery 1\n")])

    (found,) = read.loaded.diagnostics
    assert "a TOML file without any setting" in found.headline
