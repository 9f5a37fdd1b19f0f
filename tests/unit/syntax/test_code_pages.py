"""The pages of the syntax codes: each wrong example has its code, each right one has none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nectarc.codes import CODES
from nectarc.source import SourceText
from nectarc.syntax.policy import parse_policy
from nectarc.toon import read

PAGES = Path(__file__).resolve().parents[3] / "docs" / "codes"
MINE = [code for code in CODES if "NEC040" <= code < "NEC100"]
# Nobody wants to read a page with a cell of a million characters.
UNSHOWN = {"NEC057"}


def _codes(text: str) -> set[str]:
    document, mistakes = read(SourceText.of("p.toon", text + "\n"))
    assert mistakes == ()
    _, found = parse_policy(document, "p.toon")
    return {finding.code for finding in found}


@pytest.mark.parametrize("code", MINE)
def test_the_examples_of_a_page_are_true(code: str) -> None:
    page = (PAGES / f"{code}.md").read_text(encoding="utf-8")

    wrong, right = re.findall(r"```toon\n(.*?)\n```", page, re.DOTALL)

    assert page.startswith(f"# {code}: {CODES[code].title}\n")
    assert code in _codes(wrong) or code in UNSHOWN
    # An example shows one section; what it leaves out is not its matter.
    assert _codes(right) <= {"NEC082", "NEC083"} - {code}
