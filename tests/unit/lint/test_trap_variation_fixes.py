"""Each fix of a condition in each form of a file: it loads, the finding is gone, the rest stays."""

from __future__ import annotations

from collections import Counter
from textwrap import indent
from typing import Final

import pytest

from nectarc.diagnostic import Diagnostic, Fix
from nectarc.fixes import apply_fixes, safe_fixes
from nectarc.lint.context import LintContext
from nectarc.lint.run import lint_rules
from nectarc.refinery.inputs import RulesInput, read_rules_files
from tests.unit.docs.test_rules_code_pages import whole_file
from tests.unit.lint.test_trap_variations import CASES

_CONFIG_MAP: Final = (
    "# a map\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: refinery\ndata:\n"
    "  rules.yaml: |\n{}  other: text # stays\n"
)
_HELM: Final = "image: {{tag: latest}} # stays\nrules:\n{}after: 1\n"
FORMS: Final = ("plain", "windows", "config map", "config map of windows", "helm")
TEXTS: Final = tuple(whole_file(snippet) for snippet in CASES.values())


def _in_form(text: str, form: str) -> str:
    if form.startswith("config map"):
        text = _CONFIG_MAP.format(indent(text, " " * 4))
    elif form == "helm":
        text = _HELM.format(indent(text, "  "))
    return text.replace("\n", "\r\n") if "windows" in form else text


def _lint(text: str) -> tuple[RulesInput, list[Diagnostic]]:
    read = read_rules_files([("rules.yaml", text.encode())])
    found = [*read.findings, *lint_rules(read.loaded, LintContext(text=read.text))]
    return read, [one for one in found if "NEC550" <= one.code < "NEC580"]


def _said(found: list[Diagnostic]) -> Counter[tuple[str, str]]:
    """Count what is said, also of other places that one finding names."""
    return Counter(
        said
        for one in found
        for said in ((one.code, one.headline), *((one.code, each.text) for each in one.related))
    )


def _check(read: RulesInput, found: list[Diagnostic], one: Diagnostic, fix: Fix) -> None:
    assert read.text is not None
    fixed, applied = apply_fixes(read.text, [fix])
    again, left = _lint(fixed)

    assert applied
    assert again.loaded.rules is not None, again.loaded.diagnostics
    assert _said(left)[one.code, one.headline] < _said(found)[one.code, one.headline]
    before, after = read.text.text.split("\n"), fixed.split("\n")
    gone = Counter(before) - Counter(after)
    assert gone.total() <= max(2, len(fix.edits)), gone
    assert fixed.count("#") == read.text.text.count("#")
    if "\r\n" in read.text.text:
        assert fixed.count("\n") == fixed.count("\r\n")


@pytest.mark.parametrize("form", FORMS)
def test_each_fix_ends_its_finding_and_leaves_the_other_lines(form: str) -> None:
    count = 0
    for text in TEXTS:
        read, found = _lint(_in_form(text, form))
        for one in found:
            for fix in one.fixes:
                _check(read, found, one, fix)
                count += 1

    assert count > 30


@pytest.mark.parametrize("form", FORMS)
def test_all_safe_fixes_together_load(form: str) -> None:
    count = 0
    for text in TEXTS:
        read, found = _lint(_in_form(text, form))
        if read.text is None or read.loaded.rules is None:
            continue
        fixed, applied = apply_fixes(read.text, safe_fixes(found))
        again, _ = _lint(fixed)
        count += len(applied)
        assert again.loaded.rules is not None, again.loaded.diagnostics

    assert count > 10


def test_text_that_cannot_be_edited_gets_the_findings_without_fixes() -> None:
    for text in TEXTS:
        plain, found = _lint(text)
        merged = read_rules_files([("a.yaml", text.encode()), ("b.yaml", text.encode())])
        if plain.loaded.rules is None:
            continue
        others = lint_rules(merged.loaded, LintContext(text=merged.text))

        assert all(not one.fixes for one in others)
        assert {one.code for one in found} <= {one.code for one in others}
