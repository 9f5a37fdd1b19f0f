"""One file, all checks: nothing is said twice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic, Label, Severity
from nectarc.lint import run
from nectarc.lint.context import LintContext
from nectarc.refinery.loader import load_rules
from nectarc.refinery.located import LocatedRule, LocatedTarget

_RULES = """\
RulesVersion: 2
Samplers:
  __default__:
    RulesBasedSampler:
      Rules:
        - Name: never
          SampleRate: 3
          Conditions:
            - Field: a
              Operator: in
              Value: []
            - Field: b
              Operator: exists
"""


def _lint() -> list[Diagnostic]:
    found = run.lint_rules(load_rules(_RULES, file="rules.yaml"), LintContext(text=None))
    return [one for one in found if one.code in ("NEC582", "NEC511")]


def _trap_at(
    monkeypatch: pytest.MonkeyPatch, number: int, severity: Severity = Severity.WARNING
) -> None:
    """Let condition `number` have a trap; the code stands for that of any."""

    def check(
        rule: LocatedRule, _target: LocatedTarget, _context: LintContext
    ) -> Iterator[Diagnostic]:
        yield finding(
            "NEC511", rule.conditions[number].at("Value"), "a list without values",
            severity=severity,
        )  # fmt: skip

    monkeypatch.setattr(run, "check_conditions", check)


def test_without_a_trap_the_proof_is_reported() -> None:
    assert [one.code for one in _lint()] == ["NEC582"]


def test_a_trap_of_the_same_condition_explains_it_and_says_what_follows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _trap_at(monkeypatch, 0)

    [trap] = _lint()

    assert trap.code == "NEC511"
    name = _RULES.index("never")
    assert [(one.source.start, one.text) for one in trap.related] == [
        (name, "this rule never fires")
    ]
    assert all(isinstance(one, Label) for one in trap.related)


def test_a_trap_of_another_condition_explains_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    _trap_at(monkeypatch, 1)

    assert [one.code for one in _lint()] == ["NEC582", "NEC511"]


def test_a_hint_does_not_stand_for_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    _trap_at(monkeypatch, 0, Severity.HINT)

    assert {one.code for one in _lint()} == {"NEC582", "NEC511"}


def _of_rules(*rules: str) -> tuple[Diagnostic, ...]:
    listed = "".join(f"        - {{{rule}}}\n" for rule in rules)
    text = _RULES.partition("        - Name")[0] + listed
    return run.lint_rules(load_rules(text, file="rules.yaml"), LintContext(text=None))


def test_all_rules_below_one_for_every_trace_are_one_finding() -> None:
    found = _of_rules(
        "Name: all, SampleRate: 10",
        *(f"Name: r{n}, SampleRate: 2, Conditions: [{{Field: f{n}, Operator: exists}}]"
          for n in range(9)),
    )  # fmt: skip

    (dead,) = [one for one in found if one.code == "NEC580"]
    assert dead.headline == (
        "9 rules never decide a trace: `all` above takes all that they ask for"
    )
    assert [label.text for label in dead.related] == [
        "matches every trace", *["never reached"] * 8
    ]  # fmt: skip
    assert not [one for one in found if one.code == "NEC581"]


def test_that_the_rest_is_kept_is_said_once_with_the_rules_that_keep_it_too() -> None:
    found = _of_rules(
        "Name: some, SampleRate: 5, Conditions: [{Field: a, Operator: exists}]",
        "Name: one, SampleRate: 1, Conditions: [{Field: b, Operator: exists}]",
        "Name: two, SampleRate: 1, Conditions: [{Field: c, Operator: exists}]",
    )

    (rest,) = [one for one in found if one.code in ("NEC522", "NEC581")]
    assert rest.code == "NEC522"
    assert [label.text for label in rest.related] == ["keeps all, too: changes nothing"] * 2
