"""Values, operators and datatypes of conditions: what fires beside what does not, and the fixes."""

from __future__ import annotations

from typing import Final

import pytest

from nectarc.diagnostic import Diagnostic, Severity
from nectarc.fixes import apply_fixes
from nectarc.source import SourceText
from tests.unit.lint.target_linting import in_rules, text_at
from tests.unit.lint.test_condition_traps import lint, of_condition

_W, _H = Severity.WARNING, Severity.HINT


def of_rule(*conditions: str, scope: str = "trace", action: str = "Drop: true") -> str:
    listed = "".join(f"    - {condition}\n" for condition in conditions)
    return in_rules(f"- Scope: {scope}\n  {action}\n  Conditions:\n{listed}")


def found(code: str, text: str) -> Diagnostic | None:
    return next((one for one in lint(text) if one.code == code), None)


# code, severity, condition, what is underlined
FIRES: Final = [
    ("NEC551", _W, "{Field: a, Operator: not-in, Value: [x]}", "not-in"),
    ("NEC552", _W, "{Field: a, Operator: '<', Value: b, Datatype: string}", "b"),
    ("NEC555", _W, "{Field: a, Operator: matches, Value: '*.html'}", "'*.html'"),
    ("NEC567", _W, "{Field: duration_ms, Operator: '>', Value: 1.5s}", "1.5s"),
    ("NEC567", _W, "{Field: duration_ms, Operator: '>', Value: '1,000'}", "'1,000'"),
    ("NEC567", _W, "{Field: error, Operator: '=', Value: yes}", "yes"),
    ("NEC567", _W, "{Field: error, Operator: '!=', Value: 'True'}", "'True'"),
    ("NEC567", _H, "{Field: error, Operator: '=', Value: failed}", "failed"),
    ("NEC567", _H, "{Field: http.status_code, Operator: '=', Value: OK}", "OK"),
    ("NEC571", _H, "{Field: a, Operator: in, Value: [9007199254740993]}", "[9007199254740993]"),
    ("NEC572", _W, "{Field: a, Operator: exists, Value: false}", "false"),
    ("NEC573", _W, "{Field: a, Operator: '<', Value: [1, 2]}", "'<'"),
    ("NEC579", _W, "{Field: a, Operator: in, Value: '401,403'}", "'401,403'"),
    ("NEC579", _H, "{Field: a, Operator: in, Value: 'Paris, TX'}", "'Paris, TX'"),
    ("NEC579", _H, "{Field: a, Operator: in, Value: [x, y, x]}", "[x, y, x]"),
    ("NEC579", _H, "{Field: a, Operator: '=', Value: 'x '}", "'x '"),
    ("NEC579", _H, "{Field: a, Operator: '=', Value: '/api/.*'}", "'='"),
    ("NEC579", _H, "{Field: a, Operator: starts-with, Value: '^/api'}", "starts-with"),
    ("NEC579", _H, "{Field: a, Operator: matches, Value: '/time out/i'}", "'/time out/i'"),
]

NEAR_MISSES: Final = [
    ("NEC552", "{Field: a, Operator: '>', Value: b, Datatype: string}"),
    ("NEC555", "{Field: a, Operator: matches, Value: '.*[.]html'}"),
    ("NEC558", "{Field: a, Operator: in, Value: [10, 7]}"),
    ("NEC567", "{Field: duration_ms, Operator: '>', Value: 1500}"),
    ("NEC567", "{Field: duration_ms, Operator: '>', Value: '1500', Datatype: int}"),
    ("NEC567", "{Field: error, Operator: '=', Value: true}"),
    ("NEC567", "{Field: error, Operator: '=', Value: failed, Datatype: string}"),
    ("NEC567", "{Fields: [error, my.error], Operator: '=', Value: failed}"),
    ("NEC567", "{Field: service.name, Operator: '=', Value: yes}"),
    ("NEC571", "{Field: a, Operator: in, Value: '[x, y]'}"),
    ("NEC571", "{Field: a, Operator: in, Value: [1234567], Datatype: int}"),
    ("NEC572", "{Field: a, Operator: exists}"),
    ("NEC576", "{Field: a, Operator: '=', Value: 1, Datatype: bool}"),
    ("NEC579", "{Field: a, Operator: in, Value: x}"),
    ("NEC579", "{Field: a, Operator: '=', Value: 'x, y'}"),
    ("NEC579", "{Field: a, Operator: in, Value: [x, y]}"),
    ("NEC579", "{Field: a, Operator: contains, Value: ' x '}"),
    ("NEC579", "{Field: http.route, Operator: '=', Value: '/static/*path'}"),
    ("NEC579", "{Field: http.route, Operator: '=', Value: '/users/[id]'}"),
    ("NEC579", "{Field: a, Operator: matches, Value: '/api/v1/i'}"),
    ("NEC579", "{Field: a, Operator: matches, Value: '^/api'}"),
]


@pytest.mark.parametrize(("code", "severity", "condition", "underlined"), FIRES)
def test_a_trap_fires_at_its_place(
    code: str, severity: Severity, condition: str, underlined: str
) -> None:
    text = of_condition(f"- {condition}")
    one = found(code, text)

    assert one is not None
    assert (one.severity, text_at(one, text)) == (severity, underlined)


@pytest.mark.parametrize(("code", "condition"), NEAR_MISSES)
def test_a_near_miss_does_not(code: str, condition: str) -> None:
    assert found(code, of_condition(f"- {condition}")) is None


@pytest.mark.parametrize("condition", [row[2] for row in FIRES])
def test_each_fix_loads_and_ends_its_finding(condition: str) -> None:
    text = of_condition(f"- {condition}")
    for one in lint(text):
        for fix in one.fixes:
            changed, applied = apply_fixes(SourceText.of("rules.yaml", text), [fix])
            assert applied
            assert (one.code, one.headline) not in {
                (left.code, left.headline) for left in lint(changed)
            }


@pytest.mark.parametrize(
    ("condition", "fixed"),
    [
        ("{Field: duration_ms, Operator: '>', Value: 1.5s}", "Value: 1500}"),
        ("{Field: error, Operator: '=', Value: yes}", "Value: true}"),
        ("{Field: error, Operator: '=', Value: 'False'}", "Value: false}"),
        ("{Field: a, Operator: in, Value: [010, 007]}", "Value: ['010', '007']}"),
        (
            "{Field: http.status_code, Operator: '=', Value: '500'}",
            "Value: '500', Datatype: int}",
        ),
    ],
)
def test_what_is_meant_beyond_doubt_is_written(condition: str, fixed: str) -> None:
    text = of_condition(f"- {condition}")
    (fix,) = {one.fixes[0] for one in lint(text) if any(each.is_safe for each in one.fixes)}

    changed, _ = apply_fixes(SourceText.of("rules.yaml", text), [fix])

    assert changed == text.replace(condition[condition.index("Value:") :], fixed)


def test_a_value_that_nothing_spells_beyond_doubt_is_left_to_its_writer() -> None:
    for value in ("1us", "soon", "'1,000'"):
        one = found(
            "NEC567", of_condition(f"- {{Field: duration_ms, Operator: '>', Value: {value}}}")
        )
        assert one is not None
        assert one.fixes == ()


def test_spans_without_the_field_are_a_warning_only_where_they_are_dropped() -> None:
    condition = "{Field: a, Operator: '!=', Value: x, Datatype: string}"
    dropping = found("NEC551", of_rule(condition))
    keeping = found("NEC551", of_rule(condition, action="SampleRate: 1"))

    assert dropping is not None
    assert keeping is not None
    assert (dropping.severity, keeping.severity) == (_W, _H)


@pytest.mark.parametrize(
    ("scope", "field", "says"),
    [("trace", "a", True), ("span", "a", False), ("trace", "root.a", False)],
)
def test_a_second_condition_sees_to_it_that_the_field_is_there(
    scope: str, field: str, *, says: bool
) -> None:
    negative = f"{{Field: {field}, Operator: not-in, Value: [x]}}"
    pattern = f"{{Field: {field}, Operator: matches, Value: '.+'}}"
    exists = f"{{Field: {field}, Operator: exists}}"
    other = "{Field: b, Operator: exists}"

    assert (found("NEC551", of_rule(negative, exists, scope=scope)) is not None) == says
    assert (found("NEC552", of_rule(pattern, exists, scope=scope)) is not None) == says
    assert found("NEC551", of_rule(negative, other, scope=scope)) is not None


def test_exists_with_false_becomes_not_exists_without_a_value() -> None:
    text = in_rules(
        "- SampleRate: 1\n  Conditions:\n"
        "    - Field: a\n      Operator: exists\n      Value: false\n"
    )
    one = found("NEC572", text)
    assert one is not None

    changed, _ = apply_fixes(SourceText.of("rules.yaml", text), one.fixes)

    assert "Operator: not-exists\n" in changed
    assert "Value" not in changed
    assert not one.fixes[0].is_safe


def test_a_hint_on_types_is_said_once_a_rule_with_the_other_places() -> None:
    first = "{Field: a.size, Operator: '<', Value: 7}"
    second = "{Field: b.size, Operator: '<', Value: 8}"
    warned = "{Field: severity_code, Operator: '>', Value: 9}"
    text = of_rule(first, second, warned)

    hint, warning = (one for one in lint(text) if one.code == "NEC576")
    if hint.severity is _W:
        hint, warning = warning, hint

    assert [text[label.source.start :][:6] for label in hint.related] == ["'<', V"]
    assert hint.related[0].source.start > hint.source.start
    assert len(hint.fixes) == 2
    assert (warning.severity, text_at(warning, text)) == (_W, "9")
