"""The traps in other spellings, and what comes near them: tests/data/trap_variations.txt.

Truth: ../shared/reference/refinery-semantics.md, section 8; the form of the file is told in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import pytest

from nectarc.lint.context import LintContext
from nectarc.lint.run import lint_rules
from nectarc.refinery.loader import load_rules
from nectarc.source import SourceText
from tests.shared_data import ROOT
from tests.unit.docs.test_rules_code_pages import whole_file

_DATA: Final = ROOT / "tests" / "data" / "trap_variations.txt"
_MARK: Final = re.compile(r"#([!-]) (NEC\d\d\d)\s*$")


def _cases() -> Iterator[tuple[str, str]]:
    parts = re.split(r"^=== (.*)\n", _DATA.read_text(encoding="utf-8"), flags=re.MULTILINE)
    yield from zip(parts[1::2], parts[2::2], strict=True)


CASES: Final = dict(_cases())


def _marks(text: str) -> Iterator[tuple[bool, int, str]]:
    """Yield for each mark whether its code is wanted, its line, and the code."""
    for line, written in enumerate(text.splitlines(), 1):
        found = _MARK.search(written)
        if found is not None:
            yield found[1] == "!", line, found[2]


@pytest.mark.parametrize("name", CASES)
def test_a_trap_is_found_at_its_line_and_nothing_comes_near_it(name: str) -> None:
    text = whole_file(CASES[name])
    loaded = load_rules(text, "yaml", "rules.yaml")
    context = LintContext(text=SourceText.of("rules.yaml", text))
    found = {
        (text.count("\n", 0, one.source.start) + 1, one.code) for one in lint_rules(loaded, context)
    }
    marks = list(_marks(text))

    assert marks
    for is_wanted, line, code in marks:
        if is_wanted:
            assert (line, code) in found, sorted(found)
        else:
            assert code not in {each for _, each in found}, sorted(found)


def test_each_trap_of_a_single_condition_has_a_variation() -> None:
    traps = {name.split()[0] for name in CASES}

    assert {f"T{number}" for number in range(4, 36)} <= traps
