"""Rules as an experienced operator writes them: no warning, and few hints.

Truth: tests/data/good_rules, 25 files of different kinds, in which nothing is a trap.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from nectarc.codes import CODES
from nectarc.diagnostic import Diagnostic, Severity
from nectarc.lint.context import LintContext
from nectarc.lint.run import lint_rules
from nectarc.refinery.loader import load_rules
from nectarc.refinery.rules import RulesConfig
from nectarc.source import SourceText
from tests.shared_data import ROOT

FILES: Final = sorted((ROOT / "tests" / "data" / "good_rules").glob("*.yaml"))
# A hint for three rules; what holds of any rules of a kind (`is_general`) is told once, apart.
_RULES_A_HINT: Final = 3


def _lint(text: str) -> tuple[list[Diagnostic], int]:
    """Return the findings that are about this file, and its number of rules."""
    loaded = load_rules(text, "yaml", "rules.yaml")
    assert loaded.rules is not None, loaded.diagnostics
    context = LintContext(text=SourceText.of("rules.yaml", text))
    found = [one for one in lint_rules(loaded, context) if not CODES[one.code].is_general]
    rules = sum(
        len(sampler.rules) if isinstance(sampler, RulesConfig) else 1
        for sampler in loaded.rules.samplers.values()
    )
    return found, rules


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_good_file_gets_no_warning(path: Path) -> None:
    found, _ = _lint(path.read_text(encoding="utf-8"))

    assert [one.headline for one in found if one.severity is not Severity.HINT] == []


def test_good_files_get_few_hints() -> None:
    all_hints, all_rules = 0, 0
    for path in FILES:
        found, rules = _lint(path.read_text(encoding="utf-8"))
        all_hints += len(found)
        all_rules += rules

    assert len(FILES) == 25
    assert all_hints * _RULES_A_HINT <= all_rules
