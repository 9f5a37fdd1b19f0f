"""The rules on the pages of NEC500 to NEC589: "Wrong" gets the code, "Right" does not.

What is on no page here is said in `ELSEWHERE`, with the reason.
"""

from __future__ import annotations

import re
from typing import Final

import pytest

from nectarc.codes import CODES
from nectarc.lint.context import LintContext
from nectarc.lint.run import lint_rules
from nectarc.refinery.loader import load_rules
from nectarc.source import SourceText
from tests.shared_data import ROOT

_INPUTS: Final = (*range(517, 520), *range(540, 545), 547)
ELSEWHERE: Final = dict.fromkeys(
    (f"NEC{number}" for number in _INPUTS),
    "about inputs or the main configuration: tests/unit/refinery/test_input_pages.py",
)
PAGES: Final = sorted(code for code in CODES if "NEC500" <= code < "NEC590")
_ENVELOPE: Final = "RulesVersion: 2\nSamplers:\n"
_DEFAULT: Final = "  __default__:\n    DeterministicSampler:\n      SampleRate: 1\n"
_SAMPLER: Final = re.compile(r"[A-Za-z]+Sampler:")
_CONDITION: Final = re.compile(r"- \{?(Field|Fields|Operator|Value|Datatype):")
_RULES: Final = "  __default__:\n    RulesBasedSampler:\n      Rules:\n"


def examples_of(code: str, title: str) -> list[str]:
    page = (ROOT / "docs" / "codes" / f"{code}.md").read_text(encoding="utf-8")
    section = page.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    return re.findall(r"^```yaml\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)


def whole_file(snippet: str) -> str:
    """Put a snippet of the reference's kinds into the file that it is a part of."""
    if re.search(r"^(RulesVersion|Samplers):", snippet, re.MULTILINE):
        return snippet
    if snippet.startswith("Rules:"):
        return _ENVELOPE + _RULES.removesuffix("      Rules:\n") + indented(snippet, 6)
    if _SAMPLER.match(snippet):
        return _ENVELOPE + "  __default__:\n" + indented(snippet, 4)
    if _CONDITION.match(snippet):
        conditions = "        - SampleRate: 1\n          Conditions:\n"
        return _ENVELOPE + _RULES + conditions + indented(snippet, 12)
    if snippet.startswith("-"):
        return _ENVELOPE + _RULES + indented(snippet, 8)
    default = "" if "__default__:" in snippet else _DEFAULT
    return _ENVELOPE + default + indented(snippet, 2)


def indented(text: str, by: int) -> str:
    return "".join(" " * by + line if line.strip() else line for line in text.splitlines(True))


def codes_of(snippet: str) -> set[str]:
    text = whole_file(snippet)
    loaded = load_rules(text, "yaml", "rules.yaml")
    found = lint_rules(loaded, LintContext(text=SourceText.of("rules.yaml", text)))
    return {one.code for one in found}


@pytest.mark.parametrize("code", [code for code in PAGES if code not in ELSEWHERE])
def test_the_page_shows_what_gets_the_code_and_what_does_not(code: str) -> None:
    wrong, right = examples_of(code, "Wrong"), examples_of(code, "Right")

    assert wrong
    assert right
    assert [code in codes_of(one) for one in wrong] == [True] * len(wrong)
    assert [code in codes_of(one) for one in right] == [False] * len(right)


def test_what_is_left_out_is_a_code_and_has_a_page_without_such_examples() -> None:
    assert set(ELSEWHERE) <= set(PAGES)
