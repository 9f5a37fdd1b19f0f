"""The decision list: order, fallback, names, what can never fire, invariants and tests."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from nectarc.ir.nodes import AnySpan, BoolTest, Field, FieldType, SpanTest
from nectarc.records import replace
from nectarc.semantics.check import check, check_policy
from nectarc.semantics.policy_parts import Invariant
from nectarc.source import NOWHERE
from nectarc.syntax import ast
from nectarc.syntax.ast import Requirement
from tests.policy_trees import cell, invariant_row, policy_tree
from tests.unit.semantics.check_cases import REST, codes, rule

ERRORS = rule("error", "keep", "errors", 10)


def test_rules_are_ordered_by_priority_then_by_place() -> None:
    rules = [
        rule("error", "keep", "low", 1),
        rule("true", "drop", "rest", -5),
        rule("error", "keep", "high", 9),
        rule("error", "drop", "low too", 1),
    ]

    policy, _ = check(policy_tree({"rules": rules}, "shop"))

    assert policy is not None
    assert policy.name == "shop"
    assert [one.name for one in policy.rules] == ["high", "low", "low too", "rest"]


def test_wrong_rule_is_left_out_and_the_others_stay() -> None:
    policy, diagnostics = check(
        policy_tree({"rules": [rule("a && b"), rule("error", "kep", "k", 9), ERRORS, REST]})
    )

    assert policy is not None
    assert [one.name for one in policy.rules] == ["errors", "rest"]
    assert sorted(one.code for one in diagnostics) == ["NEC202", "NEC212", "NEC220"]


def test_policy_without_a_fallback_is_none() -> None:
    policy, diagnostics = check(policy_tree({"rules": [ERRORS]}))

    assert policy is None
    assert [one.code for one in diagnostics] == ["NEC210"]


def test_fallback_with_a_wrong_action_is_one_message() -> None:
    policy, diagnostics = check(policy_tree({"rules": [ERRORS, {**REST, "action": "kep"}]}))

    assert policy is None
    assert [one.code for one in diagnostics] == ["NEC220"]


def test_match_that_cannot_be_read_may_have_been_the_fallback() -> None:
    tree = policy_tree({"rules": [ERRORS]})
    broken = replace(tree.rules[0], match=ast.InvalidExpr(NOWHERE))

    policy, diagnostics = check(replace(tree, rules=(broken,)))

    assert policy is None
    assert diagnostics == ()


@pytest.mark.parametrize("match", ["true", "true || error", "!false", "any(true)"])
def test_rules_after_a_match_of_everything_never_fire(match: str) -> None:
    early = rule(match, "keep", "all", 20)

    assert codes(early, ERRORS) == ["NEC211", "NEC211"]


@pytest.mark.parametrize("match", ["false", "false && has_root", "none(true)"])
def test_false_match_is_reported(match: str) -> None:
    assert codes(rule(match)) == ["NEC214"]


@pytest.mark.parametrize("match", ["has_root && true", "error || false", "none(false) && error"])
def test_match_that_depends_on_the_trace_is_no_constant(match: str) -> None:
    assert codes(rule(match)) == []


def test_equal_priorities_and_equal_names() -> None:
    same = rule("has_root", "drop", "errors", 10)

    assert sorted(codes(ERRORS, same)) == ["NEC212", "NEC213"]
    assert codes(ERRORS, {**same, "name": "drop", "priority": 11}) == []


def test_invariants_are_elaborated_and_their_names_unique() -> None:
    rows = (
        invariant_row("errors", "error", "share >= 0.1"),
        invariant_row("errors", "error", "share >= 0.1"),
    )
    tree = replace(policy_tree({"rules": [REST]}), invariants=rows)

    checked = check_policy(tree)

    error = AnySpan(SpanTest(BoolTest(Field(("error",), "error", FieldType.BOOL), True, False)))
    expected = Invariant(
        name="errors", when=error, requirement=Requirement.AT_LEAST, share=Fraction(1, 10)
    )
    assert checked.invariants == (expected, expected)
    assert [one.code for one in checked.diagnostics] == ["NEC213"]


def test_invariant_with_an_unclear_match_is_left_out() -> None:
    row = invariant_row("errors", "!error", "keep")

    checked = check_policy(replace(policy_tree({"rules": [REST]}), invariants=(row,)))

    assert checked.invariants == ()
    assert [one.code for one in checked.diagnostics] == ["NEC201"]


def policy_test() -> ast.PolicyTest:
    return ast.PolicyTest(
        name=cell("t"),
        expect=cell("errors"),
        action=None,
        spans=((("error", True),),),
        root=0,
        file=None,
        source=NOWHERE,
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"action": cell("keep")}, []),
        ({"root": None}, []),
        ({"spans": (), "file": cell("t.json")}, []),
        ({"expect": cell("error")}, ["NEC215"]),
        ({"action": cell("drop")}, ["NEC216"]),
        ({"action": cell("kep")}, ["NEC220"]),
        ({"root": 1}, ["NEC217"]),
        ({"spans": ()}, ["NEC217"]),
    ],
)
def test_tests_of_a_policy(changes: dict[str, Any], expected: list[str]) -> None:
    tree = replace(
        policy_tree({"rules": [ERRORS, REST]}), tests=(replace(policy_test(), **changes),)
    )

    assert [one.code for one in check(tree)[1]] == expected
