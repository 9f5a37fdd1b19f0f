"""What only the file as a whole shows: names alike, variables that nobody fills in."""

from __future__ import annotations

import pytest

from nectarc.diagnostic import Diagnostic
from nectarc.lint.context import LintContext
from nectarc.lint.file_traps import check_file
from nectarc.refinery.loader import load_rules
from nectarc.refinery.located import locate
from nectarc.source import SourceText

SAMPLER = "{DeterministicSampler: {SampleRate: 2}}"


def findings(text: str) -> list[Diagnostic]:
    loaded = load_rules(text, file="rules.yaml")
    assert loaded.rules is not None, loaded.diagnostics
    assert loaded.tree is not None
    context = LintContext(text=SourceText.of("rules.yaml", text))
    found = check_file(locate(loaded.rules, loaded.tree), context)
    return [one for one in found if one.code in {"NEC545", "NEC546"}]


def of_targets(*names: str) -> str:
    lines = [f"  {name}: {SAMPLER}\n" for name in ("__default__", *names)]
    return "RulesVersion: 2\nSamplers:\n" + "".join(lines)


@pytest.mark.parametrize(
    "names",
    [
        ("prod", "Prod"),
        ("Production EU", "production-eu"),
        ("a.b", "a_b"),
        ("prod", "other", "PROD"),
    ],
)
def test_names_that_differ_in_spelling_only(names: tuple[str, ...]) -> None:
    text = of_targets(*names)

    (one,) = findings(text)

    assert one.code == "NEC545"
    assert text[one.source.start : one.source.end] == names[-1]
    assert [text[label.source.start : label.source.end] for label in one.related] == [names[0]]


@pytest.mark.parametrize(
    "names",
    [("prod", "dev"), ("prod1", "prod2"), ("prod", "production"), ("'-'", "'.'"), ("default",)],
)
def test_other_names_are_left_alone(names: tuple[str, ...]) -> None:
    assert findings(of_targets(*names)) == []


@pytest.mark.parametrize(
    ("setting", "at"),
    [
        ("{Field: '${FIELD}', Operator: exists}", "'${FIELD}'"),
        ("{Field: a, Operator: '=', Value: 'x-${env}'}", "'x-${env}'"),
        ("{Field: a, Operator: in, Value: [b, '${C}']}", "'${C}'"),
    ],
)
def test_a_variable_stays_as_it_is(setting: str, at: str) -> None:
    rules = f"[{{Name: '${{NAME}}', Drop: true, Conditions: [{setting}]}}]"
    text = of_targets().replace(SAMPLER, f"{{RulesBasedSampler: {{Rules: {rules}}}}}")

    (one,) = findings(text)

    assert one.code == "NEC546"
    assert text[one.source.start : one.source.end] == at


def test_a_target_named_by_a_variable() -> None:
    (one,) = findings(of_targets("${ENVIRONMENT}"))

    assert one.code == "NEC546"


@pytest.mark.parametrize(
    "value", ["'^/users/{{id}}$'", "'{{ .Values.env }}'", "'a{2}$'", "'${1}'", "'$x'", "'cost: $5'"]
)
def test_what_is_no_variable_is_left_alone(value: str) -> None:
    rules = f"[{{Drop: true, Conditions: [{{Field: a, Operator: matches, Value: {value}}}]}}]"

    text = of_targets().replace(SAMPLER, f"{{RulesBasedSampler: {{Rules: {rules}}}}}")

    assert findings(text) == []
