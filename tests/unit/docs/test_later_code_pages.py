"""The policies on the pages of codes that `check` alone cannot give: compiled, or proven.

What is on no page here is said in `ELSEWHERE`, with the reason.
"""

from __future__ import annotations

import re
from typing import Final

import pytest

from nectarc.checking import check_text
from nectarc.codes import CODES
from nectarc.pipeline import CompileOptions, Source, compile_sources
from nectarc.prove.evidence import Questions, Safety, SafetyMatch
from nectarc.prove.prover import prove
from nectarc.semantics.check import check_match
from nectarc.source import SourceText
from nectarc.syntax.parser import parse_match_text
from tests.shared_data import ROOT

COMPILED: Final = ("NEC300", "NEC301", "NEC302")
PROVEN: Final = ("NEC450", "NEC452", "NEC454")
NO_POLICY: Final = (
    *("NEC303", "NEC307"),
    *(f"NEC{number}" for number in range(400, 437)),
)
ELSEWHERE: Final = {
    **dict.fromkeys(NO_POLICY, "its page shows commands, files or settings, no policy"),
    **dict.fromkeys(
        ("NEC480", "NEC481", "NEC482", "NEC483"), "tests/unit/testing/test_code_pages.py"
    ),
    "NEC484": "its page shows commands",
    "NEC305": "needs an option; docs/lowering.md shows it",
    "NEC308": "a gap of the prover, which no known policy meets; tests/unit/test_pipeline.py",
    "NEC451": "needs an incident",
    "NEC453": "needs a corpus",
    "NEC455": "needs a corpus",
    "NEC456": "needs a corpus",
    "NEC457": "needs a corpus",
    "NEC458": "needs a search that gives up",
}


def policies_of(code: str) -> list[str]:
    page = (ROOT / "docs" / "codes" / f"{code}.md").read_text(encoding="utf-8")
    found = re.findall(r"^```toon\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    return [text if "version: " in text else "version: 1\n" + text for text in found]


def compiled(policy: str) -> list[str]:
    source = Source("__default__", SourceText.of("policy.toon", policy), "policy.toon")
    return [one.code for one in compile_sources([source], CompileOptions()).diagnostics]


def proven(policy: str) -> list[str]:
    checked = check_text(SourceText.of("policy.toon", policy))
    error, _ = parse_match_text("http.status >= 500", "")
    match = check_match(error).match
    assert checked.policy is not None
    assert match is not None
    safety = Safety(error=SafetyMatch(match, "http.status >= 500"))
    questions = Questions(safety=safety, invariants=checked.invariants)
    return [one.code for one in prove(checked.policy, questions).findings]


@pytest.mark.parametrize("code", COMPILED)
def test_the_page_of_a_lowering_code_shows_what_gets_it(code: str) -> None:
    wrong, right = policies_of(code)

    assert code in compiled(wrong)
    assert code not in compiled(right)


@pytest.mark.parametrize("code", PROVEN)
def test_the_page_of_a_safety_code_shows_what_gets_it(code: str) -> None:
    wrong, right = policies_of(code)

    assert code in proven(wrong)
    assert code not in proven(right)


def test_every_later_page_is_tested_or_excused() -> None:
    later = {code for code in CODES if "NEC300" <= code < "NEC500"}

    assert sorted(later - {*COMPILED, *PROVEN, *ELSEWHERE}) == []
