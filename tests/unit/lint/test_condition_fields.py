"""Further traps of fields and ranges: cases that fire, near misses, and what the fixes make."""

from __future__ import annotations

from textwrap import indent
from typing import Final

import pytest

from nectarc.diagnostic import Diagnostic, Severity
from nectarc.fixes import apply_fixes
from nectarc.lint.condition_fields import check_fields
from nectarc.lint.condition_scope import check_scope
from nectarc.lint.condition_traps import check_conditions
from nectarc.lint.context import LintContext
from nectarc.refinery.loader import load_rules
from nectarc.refinery.located import locate
from nectarc.refinery.releases import RELEASES
from nectarc.source import SourceText
from tests.unit.lint.target_linting import in_rules, text_at


def of(conditions: str, scope: str = "") -> str:
    head = f"- Name: r\n  {scope}\n" if scope else "- Name: r\n"
    return in_rules(f"{head}  SampleRate: 1\n  Conditions:\n{indent(conditions, '    ')}")


def lint(text: str, release: str = "3.2") -> list[Diagnostic]:
    loaded = load_rules(text, "yaml", "rules.yaml")
    assert loaded.rules is not None, loaded.diagnostics
    assert loaded.tree is not None
    context = LintContext(text=SourceText.of("rules.yaml", text), release=RELEASES[release])
    return [
        one
        for target in locate(loaded.rules, loaded.tree).targets
        for rule in target.rules
        for check in (check_fields, check_scope)
        for one in check(rule, target, context)
    ]


_RANGE: Final = (
    "- {Field: http.status_code, Operator: '>=', Value: 200}\n"
    "- {Field: http.status_code, Operator: '<', Value: 400}"
)
_LARGE: Final = "- {Field: '?.NUM_DESCENDANTS', Operator: '>', Value: '5e4', Datatype: float}"
# code, severity, conditions that get it once, what is underlined
FIRES: Final = [
    ("NEC562", "hint", "- {Field: meta.refinery.dryrun.kept, Operator: exists}", ""),
    ("NEC562", "hint", "- {Field: meta.refinery.local_hostname, Operator: exists}", ""),
    ("NEC564", "warning", _LARGE, "'5e4'"),
    ("NEC567", "warning", "- {Field: status_code, Operator: '<', Value: 400}", "400"),
    ("NEC567", "warning", "- {Field: status_code, Operator: '!=', Value: 200}", "200"),
    ("NEC567", "warning", "- {Field: status_code, Operator: not-in, Value: [200, 204]}",
     "[200, 204]"),
    ("NEC577", "hint", _RANGE, "http.status_code"),
    ("NEC579", "hint", "- {Field: HTTP.status_code, Operator: exists}", "HTTP.status_code"),
    ("NEC579", "hint", "- {Field: Error, Operator: exists}", "Error"),
    ("NEC579", "hint", "- {Field: meta.refinary.root, Operator: exists}", "meta.refinary.root"),
    ("NEC579", "hint", "- {Field: Root.user.id, Operator: exists}", "Root.user.id"),
    ("NEC579", "hint", "- {Field: root.root.user.id, Operator: exists}", "root.root.user.id"),
    ("NEC579", "warning", "- {Field: root., Operator: exists}", "root."),
    ("NEC579", "warning", "- {Field: 'http.route, name', Operator: exists}", "'http.route, name'"),
    ("NEC579", "hint", "- {Fields: [a, b, a], Operator: exists}", "[a, b, a]"),
]  # fmt: skip

SILENT: Final = [
    "- {Field: meta.refinery.root, Operator: '=', Value: true}",
    "- {Field: root.meta.refinery.root, Operator: '=', Value: true}",
    "- {Field: meta.annotation_type, Operator: not-exists}",
    "- {Field: meta.own, Operator: exists}",
    "- {Field: error, Operator: exists}",
    "- {Field: status_code, Operator: '=', Value: 2}",
    "- {Field: status_code, Operator: '<', Value: 2}",
    "- {Field: status_code, Operator: '>=', Value: 400}",  # no span meets it: `conditions.fields`
    "- {Fields: [status_code, http.status_code], Operator: '<', Value: 400}",
    "- {Field: http.status_code, Operator: '<', Value: 400}",
    "- {Field: '?.NUM_DESCENDANTS', Operator: '>', Value: '32000', Datatype: int}",
    "- {Field: '?.NUM_DESCENDANTS', Operator: '<', Value: '50000', Datatype: int}",
    "- {Fields: [a, root.a], Operator: exists}",
    "- {Field: my.own.Attribute, Operator: exists}",
    "- {Field: user agent, Operator: exists}",
    "- {Field: rooting.hormone, Operator: exists}",
    "- {Field: root.http.route, Operator: exists}",
    _RANGE.replace("http.", "root.http."),
    _RANGE.replace("'<'", "'>='"),
    _RANGE.replace("200", "500"),  # no range: below 400 or above 500
    _RANGE.replace("http.status_code, Operator: '<'", "name, Operator: '<'"),
    "",
]


@pytest.mark.parametrize(("code", "severity", "conditions", "underlined"), FIRES)
def test_a_trap_gets_its_code_at_its_place(
    code: str, severity: str, conditions: str, underlined: str
) -> None:
    text = of(conditions)
    (found,) = lint(text)

    assert (found.code, found.severity.value) == (code, severity)
    assert underlined in ("", text_at(found, text))
    assert "\n" not in found.headline + found.label + found.why + found.help
    assert not found.headline.endswith(".")


@pytest.mark.parametrize("conditions", SILENT)
def test_a_near_miss_gets_none(conditions: str) -> None:
    assert lint(of(conditions or "- {Operator: has-root-span, Value: true}")) == []


@pytest.mark.parametrize(("code", "conditions"), [(code, each) for code, _, each, _ in FIRES])
def test_nothing_is_said_twice_beside_the_other_checks(code: str, conditions: str) -> None:
    """One code a trap: no other module gives the same code to the same place."""
    text = of(conditions)
    loaded = load_rules(text, "yaml", "rules.yaml")
    assert loaded.rules is not None
    assert loaded.tree is not None
    (found,) = lint(text)
    context = LintContext(text=SourceText.of("rules.yaml", text))
    others = [
        one
        for target in locate(loaded.rules, loaded.tree).targets
        for rule in target.rules
        for one in check_conditions(rule, target, context)
    ]

    assert sum((one.code, one.source) == (code, found.source) for one in others) <= 1
    assert all(one == found for one in others if (one.code, one.source) == (code, found.source))


def test_each_fix_loads_and_ends_its_finding() -> None:
    fixed = set()
    for code, _, conditions, _ in FIRES:
        text = of(conditions)
        for one in lint(text):
            for fix in one.fixes:
                after, applied = apply_fixes(SourceText.of("rules.yaml", text), [fix])
                assert applied
                assert not fix.is_safe
                assert code not in {each.code for each in lint(after)}, after
                fixed.add(code)
    assert fixed == {"NEC577", "NEC579"}


def test_a_range_offers_span_scope_in_the_place_of_trace_scope() -> None:
    text = of(_RANGE, "Scope: trace")
    (found,) = lint(text)
    after, _ = apply_fixes(SourceText.of("rules.yaml", text), list(found.fixes))

    assert after == text.replace("Scope: trace", "Scope: span")
    assert lint(of(_RANGE, "Scope: span")) == []


def test_a_range_beside_a_test_of_the_trace_offers_no_span_scope() -> None:
    """`has-root-span` holds of no span: with `Scope: span` the rule would be dead."""
    (found,) = lint(of(f"- {{Operator: has-root-span, Value: true}}\n{_RANGE}"))

    assert found.severity is Severity.HINT
    assert found.fixes == ()


def test_a_release_without_a_limit_says_nothing_of_sizes() -> None:
    large = of("- {Field: '?.NUM_DESCENDANTS', Operator: '>', Value: '50000', Datatype: int}")

    assert [one.code for one in lint(large)] == ["NEC564"]
    assert lint(large, "3.0") == []
