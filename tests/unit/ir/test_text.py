"""What the text form of the IR looks like, and how it says no."""

from __future__ import annotations

import pytest

from nectarc.ir import walk
from nectarc.ir.nodes import And, Constant, HasRoot, Not, Or
from nectarc.ir.text import IrSyntaxError, parse_expr, parse_policy_text, print_expr, print_policy

CANONICAL = """policy "production-sampling"
rule "keep-errors" priority 100 -> keep
  about "Retain all HTTP 5xx errors"
  when any(number http.status[http.status|http.status_code]:int >= 500.0)
rule "odd" -> EMADynamicSampler(GoalSampleRate: 9, Weight: 0.5, FieldList: [http.route, "root.a b"])
  when !(root string "a b" not in ["x", "\\u2028"] && (span_count > 20 || has_root))
rule "one" -> sample(1/100, asked 0.01)
  when any(!is_root && (bool error:bool != true || string name not contains "<nil>"))
rule "rest" -> drop
  when true
"""


def test_canonical_text_prints_as_it_was_read() -> None:
    assert print_policy(parse_policy_text(CANONICAL)) == CANONICAL


def test_comments_and_line_breaks_do_not_matter() -> None:
    text = 'policy "p" # the whole\nrule "r"\n->\nkeep when # always\n true'

    assert print_policy(parse_policy_text(text)) == 'policy "p"\nrule "r" -> keep\n  when true\n'


def test_and_binds_tighter_than_or() -> None:
    assert parse_expr("has_root && true || false") == Or(
        (And((HasRoot(), Constant(True))), Constant(False))
    )


def test_an_and_inside_an_and_keeps_its_parentheses() -> None:
    expr = And((And((HasRoot(), Constant(True))), Not(Or((HasRoot(), Constant(False))))))

    assert print_expr(expr) == "(has_root && true) && !(has_root || false)"
    assert parse_expr(print_expr(expr)) == expr


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("any(number a >=)", 1, 16, "expected a number, found `)`"),
        ("has_root &&\n  nonsense", 2, 3, "expected `false`, found `nonsense`"),
        ("any(float a > 1.0)", 1, 11, "no test is called `float`"),
        ("has_root has_root", 1, 10, "expected the end"),
        ("any(is_root", 1, 12, "expected `)`, found the end"),
        ("span_count > 1.5", 1, 14, "expected a whole number"),
        ('any(exists "a)', 1, 12, "no token starts with"),
        ("any(exists a:decimal)", 1, 14, "expected a type"),
    ],
)
def test_mistakes_have_a_place(text: str, line: int, column: int, words: str) -> None:
    with pytest.raises(
        IrSyntaxError, match=words.replace("(", r"\(").replace(")", r"\)")
    ) as caught:
        parse_expr(text)

    assert (caught.value.line, caught.value.column) == (line, column)


def test_the_walk_names_each_test_and_field_once_in_order() -> None:
    expr = parse_expr("root exists b && (any(exists a && !exists b) || any(exists a:int))")

    assert [field.name for field in walk.fields_of(expr)] == ["b", "a", "a"]
    assert len(walk.tests_of(expr)) == 3
