"""What the rules of a target do together: rules that never fire, conditions, errors dropped."""

from __future__ import annotations

from textwrap import indent

import pytest

from nectarc.diagnostic import Diagnostic, Severity
from nectarc.lint.context import LintContext
from nectarc.lint.run import lint_rules
from nectarc.lint.semantic import check_semantics
from nectarc.refinery.loader import load_rules
from nectarc.refinery.located import locate
from tests.shared_data import ROOT
from tests.unit.test_pages_of_rules_codes import _examples, _whole_file


def found(rules: str, *, nested: bool = False) -> list[Diagnostic]:
    """Ask about one target whose `Rules` are `rules`."""
    text = (
        "RulesVersion: 2\nSamplers:\n  __default__: {DeterministicSampler: {SampleRate: 1}}\n"
        f"  prod:\n    RulesBasedSampler:\n      CheckNestedFields: {str(nested).lower()}\n"
        f"      Rules:\n{indent(rules, '        ')}"
    )
    loaded = load_rules(text, file="rules.yaml")
    assert loaded.rules is not None, loaded.errors
    assert loaded.tree is not None
    target = locate(loaded.rules, loaded.tree).targets[1]
    return list(check_semantics(target, LintContext(text=None)))


def codes(rules: str, *, nested: bool = False) -> list[str]:
    """Return the codes of what is found, hints that fire on nearly every file left out."""
    return [one.code for one in found(rules, nested=nested) if one.code not in ("NEC581", "NEC586")]


@pytest.mark.parametrize("number", range(580, 588))
def test_pages(number: int) -> None:
    code = f"NEC{number}"
    wrong, right = (
        {
            one.code
            for one in lint_rules(
                load_rules(_whole_file(example), file="rules.yaml"), LintContext(text=None)
            )
        }
        for example in _examples(code)
    )

    assert code in wrong
    assert code not in right
    assert (ROOT / "docs" / "codes" / f"{code}.md").exists()


def test_a_rule_below_one_for_all_traces() -> None:
    [dead] = found(
        "- {Name: baseline, SampleRate: 20}\n"
        "- {Name: keep errors, SampleRate: 1, "
        "Conditions: [{Field: error, Operator: '=', Value: true}]}\n"
    )

    assert (dead.code, dead.severity) == ("NEC580", Severity.WARNING)
    assert dead.headline == (
        "`keep errors` never decides a trace: `baseline` above takes all that it asks for"
    )
    assert "keeps 1 in 20" in dead.why
    assert [one.text for one in dead.related] == ["matches every trace"]


def test_two_rules_shadow_one_together_and_a_third_is_not_named() -> None:
    [dead] = found(
        "- {Name: other, SampleRate: 4, Conditions: [{Field: b, Operator: '=', Value: 1}]}\n"
        "- {Name: low, SampleRate: 2, Conditions: [{Field: n, Operator: '<', Value: 5, "
        "Datatype: int}]}\n"
        "- {Name: high, SampleRate: 3, Conditions: [{Field: n, Operator: '>', Value: 3, "
        "Datatype: int}]}\n"
        "- {Name: any, SampleRate: 1, Conditions: [{Field: n, Operator: '!=', Value: 9, "
        "Datatype: int}]}\n"
    )

    assert dead.code == "NEC580"
    assert dead.headline == (
        "`any` never decides a trace: `low` and `high` above take all that it asks for"
    )
    assert len(dead.related) == 2


def test_a_gap_between_two_rules_is_enough() -> None:
    assert (
        codes(
            "- {Name: low, SampleRate: 2, Conditions: [{Field: n, Operator: '<', Value: 5, "
            "Datatype: int}]}\n"
            "- {Name: high, SampleRate: 3, Conditions: [{Field: n, Operator: '>', Value: 5, "
            "Datatype: int}]}\n"
            "- {Name: any, SampleRate: 1, Conditions: [{Field: n, Operator: '!=', Value: 9, "
            "Datatype: int}]}\n"
        )
        == []
    )


def test_conditions_that_cannot_hold_together_are_named_and_no_others() -> None:
    [dead] = found(
        "- Name: clash\n  Scope: span\n  SampleRate: 5\n  Conditions:\n"
        "    - {Field: service.name, Operator: '=', Value: shop}\n"
        "    - {Field: n, Operator: '<', Value: 3, Datatype: int}\n"
        "    - {Field: n, Operator: '>', Value: 3, Datatype: int}\n"
    )

    assert dead.code == "NEC580"
    assert (
        dead.headline == "`clash` never decides a trace: `n < 3` and `n > 3` cannot hold together"
    )
    assert "of one span" in dead.why


def test_the_same_conditions_met_by_two_spans_do_not_clash() -> None:
    assert (
        codes(
            "- Name: apart\n  SampleRate: 5\n  Conditions:\n"
            "    - {Field: n, Operator: '<', Value: 3, Datatype: int}\n"
            "    - {Field: n, Operator: '>', Value: 3, Datatype: int}\n"
        )
        == []
    )


def test_a_condition_that_never_holds_is_said_once_and_not_of_the_rule_again() -> None:
    result = found(
        "- {Name: never, SampleRate: 7, Conditions: [{Field: a, Operator: in, Value: []}, "
        "{Field: b, Operator: exists}]}\n"
    )

    assert [one.code for one in result] == ["NEC582"]
    assert result[0].headline == "`a in []` holds of no trace: `never` never decides one"


@pytest.mark.parametrize("value", ["/x", "''"])
def test_always_true_needs_a_proof(value: str) -> None:
    rules = (
        f"- {{Name: r, SampleRate: 7, Conditions: [{{Field: a, Operator: starts-with, "
        f"Value: {value}}}]}}\n"
    )

    assert codes(rules) == (["NEC583"] if value == "''" else [])


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        ("{Field: a, Operator: '=', Value: x}", "{Field: a, Operator: exists}", "NEC584"),
        ("{Field: a, Operator: '=', Value: x}", "{Field: b, Operator: exists}", None),
        ("{Field: root.a, Operator: '=', Value: x}", "{Operator: has-root-span, Value: true}",
         "NEC584"),
        ("{Field: a, Operator: '=', Value: x}", "{Operator: has-root-span, Value: true}", None),
    ],
)  # fmt: skip
def test_a_condition_that_follows_from_another(first: str, second: str, code: str | None) -> None:
    rules = f"- {{Name: r, SampleRate: 7, Conditions: [{first}, {second}]}}\n"

    assert codes(rules) == ([code] if code else [])


def test_of_two_equal_conditions_one_is_reported() -> None:
    condition = "{Field: a, Operator: '=', Value: x}"

    [one] = found(f"- {{Name: r, SampleRate: 7, Conditions: [{condition}, {condition}]}}\n")

    assert one.code == "NEC584"


def test_two_spellings_of_the_same_conditions() -> None:
    rules = (
        "- {{Name: one, SampleRate: {0}, Conditions: [{{Field: a, Operator: '=', Value: x}}]}}\n"
        "- {{Name: two, SampleRate: 8, Conditions: [{{Field: a, Operator: in, Value: [x]}}]}}\n"
    )

    [differing] = found(rules.format(4))
    [alike] = found(rules.format(8))

    assert differing.headline == (
        "`two` asks for the same traces as `one`, which comes first and keeps 1 in 4; "
        "this one, which keeps 1 in 8, never does"
    )
    assert alike.headline == (
        "`two` asks for the same traces as `one`, and does the same: it keeps 1 in 8"
    )


def test_a_narrower_rule_below_is_dead_and_not_the_same() -> None:
    assert codes(
        "- {Name: one, SampleRate: 4, Conditions: [{Field: a, Operator: exists}]}\n"
        "- {Name: two, SampleRate: 8, Conditions: [{Field: a, Operator: '=', Value: x}]}\n"
    ) == ["NEC580"]


def test_a_rule_that_the_next_one_makes_needless() -> None:
    rest = "- {Name: rest, SampleRate: 7}\n"
    slow = "- {Name: slow, SampleRate: 7, Conditions: [{Field: ms, Operator: '>', Value: 9}]}\n"
    between = "- {Name: mid, SampleRate: 3, Conditions: [{Field: ms, Operator: '>', Value: 5}]}\n"

    assert [one.code for one in found(slow + rest)] == ["NEC581"]
    assert found(slow + between + rest) == []


def test_a_rule_for_all_the_rest_is_never_needless() -> None:
    assert found("- {Name: rest, SampleRate: 1}\n") == []


def test_errors_that_are_dropped_are_a_hint_with_a_trace() -> None:
    drop = "- {Name: health, Drop: true, Conditions: [{Field: r, Operator: '=', Value: /h}]}\n"
    keep = (
        "- {Name: errors, SampleRate: 1, Conditions: [{Field: error, Operator: exists}]}\n"
        "- {Name: 5xx, SampleRate: 1, Conditions: [{Fields: [http.status_code, http.status, "
        "http.response.status_code], Operator: '>=', Value: 500}]}\n"
    )

    [hint] = [one for one in found(drop + keep) if one.code == "NEC586"]

    assert hint.severity is Severity.HINT
    assert hint.label == 'drops one span: r = "/h", error = true'
    assert [one.code for one in found(keep + drop)] == []


def test_errors_that_are_sampled_are_no_finding() -> None:
    assert found("- {Name: some, SampleRate: 100}\n") == []


def test_dropping_what_has_no_errors_drops_errors() -> None:
    drop = (
        "- {Name: fine, Drop: true, Conditions: [{Field: error, Operator: '!=', Value: true, "
        "Datatype: string}]}\n"
    )
    keep = "- {Name: errors, SampleRate: 1, Conditions: [{Field: error, Operator: exists}]}\n"

    [warning] = [one for one in found(drop) if one.code == "NEC587"]

    assert warning.severity is Severity.WARNING
    assert warning.label == "drops 2 spans: one without these fields; error = true"
    assert "NEC587" in [one.code for one in found(drop + keep)]


def test_a_dropper_of_all_rootless_traces_above_the_keeper() -> None:
    drop = "- {Name: late, Drop: true, Conditions: [{Operator: has-root-span, Value: false}]}\n"
    keep = "- {Name: errors, SampleRate: 1, Conditions: [{Field: error, Operator: exists}]}\n"

    [warning] = [one for one in found(drop + keep) if one.code == "NEC587"]

    assert warning.headline == "`late` drops errors that `errors` below would keep"


@pytest.mark.parametrize(
    ("name", "expected"), [("a.b", ["NEC580"]), ("root.a", []), ("a", ["NEC580"])]
)
def test_nested_fields_are_proven_only_where_names_stay_apart(
    name: str, expected: list[str]
) -> None:
    rules = (
        f"- {{Name: one, SampleRate: 4, Conditions: [{{Field: {name}, Operator: exists}}]}}\n"
        f"- {{Name: two, SampleRate: 8, "
        f"Conditions: [{{Field: {name}, Operator: '=', Value: x}}]}}\n"
    )

    assert codes(rules, nested=True) == expected


def test_only_null_leads_to_a_rule() -> None:
    [hint] = found(
        "- {Name: some, SampleRate: 4, Conditions: [{Field: a, Operator: '!=', Value: <nil>, "
        "Datatype: string}]}\n"
        "- {Name: text, SampleRate: 2, Conditions: [{Field: a, Operator: '=', Value: <nil>}]}\n"
        "- {Name: there, SampleRate: 8, Conditions: [{Field: a, Operator: exists}]}\n"
    )

    assert (hint.code, hint.severity) == ("NEC580", Severity.HINT)
    assert hint.headline == "`there` decides no trace that OpenTelemetry sends"


def test_a_process_that_ends_has_no_rules_to_prove() -> None:
    assert found("- {Name: one, SampleRate: 4}\n- {Name: bad, Sampler: {}}\n") == []


def test_a_target_without_rules_has_no_findings() -> None:
    loaded = load_rules(
        "RulesVersion: 2\nSamplers:\n  __default__: {DeterministicSampler: {SampleRate: 1}}\n"
    )
    assert loaded.rules is not None
    assert loaded.tree is not None
    [target] = locate(loaded.rules, loaded.tree).targets

    assert list(check_semantics(target, LintContext(text=None))) == []


def test_a_rule_that_keeps_a_dead_one_dead_does_something() -> None:
    rules = (
        "- {Name: errors, SampleRate: 5, "
        "Conditions: [{Field: error, Operator: '=', Value: true}]}\n"
        "- {Name: dead, Drop: true, Conditions: [{Field: error, Operator: '=', Value: true}, "
        "{Field: b, Operator: exists}]}\n"
        "- {Name: rest, SampleRate: 5}\n"
    )

    assert "NEC581" not in codes(rules)
    assert "NEC580" in codes(rules)
