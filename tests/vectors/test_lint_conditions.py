"""What the traps of single conditions say agrees with what Refinery was recorded to do.

Truth: ../shared/vectors/README.md (conditions): each condition with the values that it holds of;
the first value is a missing field.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nectarc.diagnostic import Diagnostic
from nectarc.fixes import apply_fixes
from nectarc.lint.condition_traps import check_conditions
from nectarc.lint.context import LintContext
from nectarc.refinery.loader import load_rules
from nectarc.refinery.located import locate
from nectarc.source import SourceText
from tests.shared_data import read_vectors, requires_shared
from tests.unit.lint.target_linting import in_rules

pytestmark = requires_shared

# Codes that say: spans without the field meet it, too.
_OF_MISSING: Final = frozenset(("NEC551", "NEC552", "NEC553", "NEC570", "NEC573"))
_SAYS_MISSING: Final = "spans without `f` meet this condition"
_SAYS_NEVER: Final = ("never holds", "holds of no value", "nothing meets it", "no span meets it")


def lint(text: str) -> list[Diagnostic]:
    loaded = load_rules(text, "yaml", "rules.yaml")
    assert loaded.rules is not None, text
    assert loaded.tree is not None
    context = LintContext(text=SourceText.of("rules.yaml", text))
    return [
        one
        for target in locate(loaded.rules, loaded.tree).targets
        for rule in target.rules
        for one in check_conditions(rule, target, context)
    ]


def recorded() -> Iterator[tuple[str, str, str]]:
    """Yield conditions, a rules file with nothing else, and T or F for each recorded value."""
    for row in read_vectors("conditions.jsonl"):
        if "condition" in row:
            rule = f"- Name: x\n  SampleRate: 1\n  Conditions:\n    - {row['condition']}\n"
            yield row["condition"], in_rules(rule), row["result"]


def test_what_is_said_of_missing_fields_is_what_happens() -> None:
    wrong = []
    is_true = 0
    for condition, text, results in recorded():
        found = lint(text)
        says = any(_SAYS_MISSING in one.headline for one in found)
        codes = {one.code for one in found}
        if any(operator in condition for operator in ("not-exists", "has-root-span")):
            continue  # the first says what it does, the second asks no span
        if results[0] == "T":
            is_true += 1
            if not says and not codes & _OF_MISSING:
                wrong.append((condition, "not said"))
        elif says:
            wrong.append((condition, "not so"))
    assert wrong == []
    assert is_true


def test_what_is_said_to_hold_never_holds_of_no_recorded_value() -> None:
    wrong = []
    said = 0
    for condition, text, results in recorded():
        if any(words in one.headline for one in lint(text) for words in _SAYS_NEVER):
            said += 1
            if "T" in results:
                wrong.append(condition)
    assert wrong == []
    assert said


def test_each_fix_loads_and_ends_its_finding() -> None:
    wrong = []
    fixed = 0
    for condition, text, _ in recorded():
        for one in lint(text):
            for fix in one.fixes:
                changed, applied = apply_fixes(SourceText.of("rules.yaml", text), [fix])
                left = {(each.code, each.headline) for each in lint(changed)}
                fixed += 1
                if not applied or (one.code, one.headline) in left:
                    wrong.append((condition, one.code, fix.title))
    assert wrong == []
    assert fixed
