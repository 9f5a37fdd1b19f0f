"""What a match reads as."""

from __future__ import annotations

from fractions import Fraction

import pytest

from nectarc.syntax import ast
from nectarc.syntax.parser import parse_match_text


def _parse(text: str) -> ast.Expr:
    tree, found = parse_match_text(text, "p")
    assert found == ()
    return tree


def test_tests_bind_tightest_then_not_then_and_then_or() -> None:
    tree = _parse("!a == 1 && b || c")

    assert isinstance(tree, ast.Or)
    first = tree.operands[0]
    assert isinstance(first, ast.And)
    assert isinstance(first.operands[0], ast.Not)
    assert isinstance(first.operands[0].operand, ast.CompareTest)


def test_nested_operands_of_one_kind_are_flat() -> None:
    assert _parse("(a && b) && (c && d)") == _parse("a && b && c && d")
    assert _parse("a || (b && c) || d") == _parse("a || b && c || d")


def test_places_of_nodes_leave_out_their_parentheses() -> None:
    text = "(a || b) && !( c )"

    tree = _parse(text)

    assert isinstance(tree, ast.And)
    places = [text[o.source.start : o.source.end] for o in (tree, *tree.operands)]
    assert places == [text, "a || b", "!( c )"]


@pytest.mark.parametrize(
    ("written", "nanoseconds"),
    [
        ("1m30s", Fraction(90_000_000_000)),
        ("1.5s", Fraction(1_500_000_000)),
        ("0.1ns", Fraction(1, 10)),
        ("2h", Fraction(7_200_000_000_000)),
        ("250ms", Fraction(250_000_000)),
        ("7us", Fraction(7_000)),
    ],
)
def test_durations_are_exact(written: str, nanoseconds: Fraction) -> None:
    tree = _parse(f"d > {written}")

    assert isinstance(tree, ast.CompareTest)
    assert isinstance(tree.literal, ast.DurationLiteral)
    assert tree.literal.nanoseconds == nanoseconds
    assert tree.literal.text == written


@pytest.mark.parametrize(
    ("written", "value"),
    [("-2.5", Fraction(-5, 2)), ("1e6", Fraction(10**6)), ("0.1", Fraction(1, 10)), ("-0", 0)],
)
def test_numbers_are_exact(written: str, value: Fraction) -> None:
    tree = _parse(f"d > {written}")

    assert isinstance(tree, ast.CompareTest)
    assert isinstance(tree.literal, ast.NumberLiteral)
    assert tree.literal.value == value


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (r"'a\n'", r"a\n"),
        (r'"a\n\"\/\u00e9"', 'a\n"/é'),
        (r'"\ud83d\udc1d"', "\U0001f41d"),
        (r'"\\ud83d\\udc1d"', r"\ud83d\udc1d"),
        ("''", ""),
    ],
)
def test_strings_are_unescaped(written: str, value: str) -> None:
    tree = _parse(f"d == {written}")

    assert isinstance(tree, ast.CompareTest)
    assert isinstance(tree.literal, ast.StringLiteral)
    assert tree.literal.value == value


@pytest.mark.parametrize(
    ("written", "name", "is_root", "is_quoted"),
    [
        ("http.status", "http.status", False, False),
        ("root.http.status", "http.status", True, False),
        ("`root.x`", "root.x", False, True),
        ("root.`x y`", "x y", True, True),
        ("any.x", "any.x", False, False),
        ("inx", "inx", False, False),
        ("_a9", "_a9", False, False),
        ("rooted", "rooted", False, False),
    ],
)
def test_a_field_keeps_how_it_was_written(
    written: str, name: str, *, is_root: bool, is_quoted: bool
) -> None:
    tree = _parse(written)

    assert isinstance(tree, ast.BareTest)
    assert (tree.field.name, tree.field.is_root, tree.field.is_quoted) == (name, is_root, is_quoted)


def test_every_operator_has_its_node() -> None:
    assert isinstance(_parse("a not in [1, 'x', true, 5s]"), ast.MemberTest)
    text = _parse("a not contains 'x'")
    assert isinstance(text, ast.TextTest)
    assert text.op is ast.TextOp.NOT_CONTAINS
    assert isinstance(_parse("exists(root.a)"), ast.ExistsTest)
    assert isinstance(_parse("has_root"), ast.HasRoot)
    assert isinstance(_parse("is_root"), ast.IsRoot)
    assert isinstance(_parse("span_count >= 3"), ast.SpanCount)
    assert _parse("none(a)") != _parse("all(a)")
    assert isinstance(_parse("false"), ast.Constant)


def test_blanks_between_tokens_mean_nothing() -> None:
    assert _parse("any ( a==1&&b  not   in[1,2] )") == _parse("any(a == 1 && b not in [1, 2])")
