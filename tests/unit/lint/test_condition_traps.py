"""Traps of conditions: the examples of the pages, the places, and what the fixes make of a file."""

from __future__ import annotations

import re
from textwrap import indent
from typing import Final

import pytest

from nectarc.diagnostic import Diagnostic, Severity
from nectarc.fixes import apply_fixes
from nectarc.lint.condition_traps import check_conditions
from nectarc.lint.context import LintContext
from nectarc.refinery.loader import load_rules
from nectarc.refinery.located import locate
from nectarc.refinery.releases import RELEASES
from nectarc.source import SourceText
from tests.shared_data import ROOT
from tests.unit.lint.target_linting import in_file, in_rules

CODES: Final = [f"NEC{number}" for number in range(550, 580)]
# Codes whose page has an example with a fix.
FIXED: Final = frozenset(
    f"NEC{number}"
    for number in (*(557, 558, 559, 561, 566, 569, 570), *(571, 572, 573, 574, 575, 576, 579))
)


def lint(text: str, release: str = "3.2") -> list[Diagnostic]:
    loaded = load_rules(text, "yaml", "rules.yaml")
    assert loaded.rules is not None, loaded.diagnostics
    assert loaded.tree is not None
    context = LintContext(text=SourceText.of("rules.yaml", text), release=RELEASES[release])
    return [
        one
        for target in locate(loaded.rules, loaded.tree).targets
        for rule in target.rules
        for one in check_conditions(rule, target, context)
    ]


def examples(code: str) -> tuple[str, str]:
    page = (ROOT / "docs" / "codes" / f"{code}.md").read_text(encoding="utf-8")
    wrong, *_, right = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    return whole(wrong), whole(right)


def whole(fragment: str) -> str:
    return in_rules(fragment) if fragment.startswith("-") else in_file(fragment)


def of_condition(condition: str, scope: str = "trace") -> str:
    return in_rules(f"- Scope: {scope}\n  Drop: true\n  Conditions:\n{indent(condition, '    ')}")


def codes(text: str, release: str = "3.2") -> set[str]:
    return {one.code for one in lint(text, release)}


@pytest.mark.parametrize("code", CODES)
def test_the_wrong_example_fires_and_the_right_one_does_not(code: str) -> None:
    wrong, right = examples(code)

    assert code in codes(wrong)
    assert code not in codes(right)


@pytest.mark.parametrize("code", CODES)
def test_a_place_is_short_and_on_one_line(code: str) -> None:
    wrong, _ = examples(code)

    for one in lint(wrong):
        assert one.source.end - one.source.start > 0
        assert "\n" not in wrong[one.source.start : one.source.end]


def test_each_fix_loads_and_ends_its_finding() -> None:
    fixed = set()
    for code in CODES:
        wrong, _ = examples(code)
        for one in lint(wrong):
            for fix in one.fixes:
                text, applied = apply_fixes(SourceText.of("rules.yaml", wrong), [fix])
                assert applied, code
                assert one.code not in codes(text), (code, text)
                fixed.add(one.code)
    assert fixed == FIXED


@pytest.mark.parametrize(
    ("code", "condition"),
    [
        ("NEC552", "- {Field: a, Operator: starts-with, Value: '<nil>'}"),
        ("NEC553", "- {Field: a, Operator: '>'}"),
        ("NEC553", "- {Field: a, Operator: '=', Value: .nan}"),
        ("NEC555", "- {Field: a, Operator: matches, Value: '/^a/'}"),
        ("NEC555", "- {Field: a, Operator: matches, Value: '(a'}"),
        ("NEC556", "- {Field: a, Operator: '>', Value: 'false', Datatype: bool}"),
        ("NEC556", "- {Field: a, Operator: '=', Value: yes, Datatype: bool}"),
        ("NEC556", "- {Field: a, Operator: in, Value: ['1', x], Datatype: int}"),
        ("NEC557", "- {Field: error, Operator: '=', Value: 'true'}"),
        ("NEC558", "- {Field: a, Operator: '=', Value: 0777}"),
        ("NEC558", "- {Field: a, Operator: in, Value: [010, 7]}"),
        ("NEC559", "- {Operator: has-root-span}"),
        ("NEC562", "- {Field: sampleRate, Operator: '>', Value: 1}"),
        ("NEC562", "- {Field: meta.span_count, Operator: '>', Value: 500}"),
        ("NEC566", "- {Field: trace.parent_id, Operator: '=', Value: root}"),
        ("NEC567", "- {Field: otel.status_code, Operator: '=', Value: ERROR}"),
        ("NEC567", "- {Field: span.kind, Operator: '=', Value: SERVER}"),
        ("NEC569", "- {Field: duration_ms, Operator: '>', Value: 1, Datatype: int}"),
        ("NEC571", "- {Field: tags, Operator: '=', Value: '[\"canary\"]'}"),
        ("NEC572", "- {Field: a, Operator: has-root-span, Value: true}"),
        ("NEC574", "- {Field: a, Operator: in}"),
        ("NEC576", "- {Field: duration_ms, Operator: '<', Value: 100}"),
        ("NEC576", "- {Field: response.status_code, Operator: '>=', Value: 500}"),
        ("NEC579", "- {Field: http.ruote, Operator: exists}"),
    ],
)
def test_further_cases_fire(code: str, condition: str) -> None:
    assert code in codes(of_condition(condition))


@pytest.mark.parametrize(
    ("code", "condition"),
    [
        ("NEC550", "- {Field: root.a, Operator: '!=', Value: b}"),
        ("NEC552", "- {Field: a, Operator: matches, Value: '^/api'}"),
        ("NEC555", "- {Field: a, Operator: matches, Value: '/health/'}"),
        ("NEC556", "- {Field: a, Operator: '>', Value: '5', Datatype: int}"),
        ("NEC557", "- {Field: service.name, Operator: '=', Value: '500'}"),
        ("NEC558", "- {Field: a, Operator: '=', Value: 0, Datatype: string}"),
        ("NEC558", "- {Field: a, Operator: '>', Value: 1.0}"),
        ("NEC559", "- {Operator: has-root-span, Value: 'true'}"),
        ("NEC562", "- {Field: '?.NUM_DESCENDANTS', Operator: '>', Value: 100}"),
        ("NEC569", "- {Field: duration_ms, Operator: '>=', Value: 1000, Datatype: int}"),
        ("NEC570", "- {Field: version, Operator: '>', Value: b, Datatype: string}"),
        ("NEC576", "- {Field: duration_ms, Operator: '>', Value: 100}"),
    ],
)
def test_near_misses_do_not_fire(code: str, condition: str) -> None:
    assert code not in codes(of_condition(condition))


def test_a_missing_field_as_text_that_is_meant_is_a_hint() -> None:
    (one,) = lint(of_condition("- {Field: a, Operator: starts-with, Value: '<nil>'}"))

    assert (one.code, one.severity) == ("NEC552", Severity.HINT)


def test_older_releases_show_parent_ids_and_know_no_span_limit() -> None:
    wrong, _ = examples("NEC566")
    large, _ = examples("NEC564")

    assert "NEC566" not in codes(wrong, "2.9")
    assert "NEC564" not in codes(large, "3.0")
