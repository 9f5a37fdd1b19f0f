"""Refinery rules in words."""

from __future__ import annotations

import pytest

from nectarc.refinery.rules import Condition, Rule
from nectarc.report.rules_words import rule_words

ERROR = Condition(field="error", operator="exists")


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (Rule(), "anything happens"),
        (Rule(conditions=(ERROR,)), "some span has `error exists`"),
        (
            Rule(conditions=(ERROR, Condition(field="root.error", operator="exists"))),
            "some span has `error exists` and the root span has `error exists`",
        ),
        (
            Rule(conditions=(Condition(field="root.a", operator="!=", value=1),)),
            "some span has `root.a != 1`",  # it holds without a root, too
        ),
        (
            Rule(scope="span", conditions=(ERROR, Condition(field="a", operator=">", value=5))),
            "one span has `error exists` and `a > 5`",
        ),
        (
            Rule(conditions=(Condition(operator="has-root-span", value=False),)),
            "there is no root span",
        ),
        (
            Rule(conditions=(Condition(field="root.meta.refinery.root", operator="not-exists"),)),
            "there is no root span",
        ),
        (
            Rule(conditions=(Condition(field="?.NUM_DESCENDANTS", operator=">=", value=9),)),
            "the number of spans is >= 9",
        ),
        (
            Rule(
                scope="span",
                conditions=(
                    Condition(field="a", operator=">=", value=5, datatype="string"),
                    Condition(field="a", operator=">"),
                ),
            ),
            "one span has `a >= 5 (string)` and `a` (not null)",
        ),
        (
            Rule(conditions=(Condition(fields=("root.a", "root.b"), operator=">"),)),
            "the root span has `a` or `b` (not null)",
        ),
        (
            Rule(conditions=(Condition(field="a", operator=">", datatype="string"),)),
            "some span has `a > (string)`",  # it compares with the text of no value
        ),
        (
            Rule(
                conditions=(
                    Condition(fields=("a", "root.b"), operator="=", value="x", datatype="string"),
                )
            ),
            "some span has `a or root.b = x (string)`",
        ),
    ],
)
def test_a_rule_says_what_it_asks_of_a_trace(rule: Rule, words: str) -> None:
    assert rule_words(rule) == words
