"""Fewest rules, then fewest conditions: what a disjunction of negations and dead weight cost."""

from __future__ import annotations

from typing import Final

import pytest

from nectarc.lowering.lower import Unsayable, lower
from nectarc.refinery.lowered import AssumptionKind, Lowered
from nectarc.refinery.rules import RulesConfig
from nectarc.semantics.check import check
from tests.policy_trees import policy_tree

ALL: Final = frozenset(AssumptionKind)


def _lowered(*matches: str) -> Lowered | object:
    rows = [
        {"name": f"r{index}", "match": match, "action": "keep", "priority": 100 - index}
        for index, match in enumerate((*matches, "true"))
    ]
    policy, diagnostics = check(policy_tree({"rules": rows}))
    assert policy is not None, diagnostics
    return lower(policy, ALL)


def _shape(*matches: str) -> list[str]:
    lowered = _lowered(*matches)
    assert isinstance(lowered, Lowered), lowered
    assert isinstance(lowered.sampler, RulesConfig)
    lines = []
    for rule in lowered.sampler.rules:
        assert rule is not None
        conditions = [
            f"{one.field} {one.operator} {one.value}" for one in rule.conditions or () if one
        ]
        scope = "span: " if rule.scope == "span" else ""
        lines.append(f"{rule.name}: {scope}{', '.join(conditions)}".rstrip(" :"))
    return lines


@pytest.mark.parametrize(
    ("matches", "expected"),
    [
        (
            ("!(root.service == 'batch' && any(error))",),
            ["r1: root.service.name = batch, error = True", "r0"],
        ),
        (
            ("!has_root || none(error)", "duration > 1s"),
            [
                "r1:  has-root-span True, error = True, duration_ms > 1000",
                "r2:  has-root-span True, error = True",
                "r0",
            ],
        ),
        (("any(error) && none(error)", "has_root || !(root.service == 'a')"), ["r1"]),
        (
            ("any(error && service == 'a')", "any(error && !(service == 'a'))"),
            ["r0: span: error = True, service.name = a", "r1: error = True", "r2"],
        ),
        (
            ("all(service == 'a') && error", "any(service == 'a') && error", "has_root"),
            [
                "r1: error = True, service.name = a, service.name != a",
                "r0: error = True, service.name = a",
                "r2:  has-root-span True",
                "r3",
            ],
        ),
    ],
    ids=["negated-conjunction", "negations-in-a-disjunction", "always", "told-above", "all"],
)
def test_no_rule_and_no_condition_is_there_for_nothing(
    matches: tuple[str, ...], expected: list[str]
) -> None:
    assert _shape(*matches) == expected


def test_what_copying_cannot_say_is_found_from_the_traces_left() -> None:
    found = _lowered(
        "none(!error || service == 'a') && none(db.system == 'x')",
        "error && (!has_root || any(error && !(service == 'a')))",
    )

    assert isinstance(found, Lowered), found


def test_traces_that_no_list_tells_apart_are_a_refusal() -> None:
    found = _lowered("any(error && service == 'a') && any(error && service == 'b')")

    assert isinstance(found, Unsayable)
