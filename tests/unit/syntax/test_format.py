"""The canonical text of matches and of policy files."""

from __future__ import annotations

import pytest

from nectarc.source import SourceText
from nectarc.syntax.format import format_expr, format_policy
from nectarc.syntax.parser import parse_match_text
from nectarc.toon import read


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ('a=="x"', None),
        ('a  ==  "x"', "a == 'x'"),
        ('a == "it\'s"', 'a == "it\'s"'),
        ('a == "a\\tb"', 'a == "a\\tb"'),
        ("((a) && (b||c))", "a && (b || c)"),
        ("(a && b) || c", "a && b || c"),
        ("!(a && b)", "!(a && b)"),
        ("! ( a )", "!a"),
        ("!a==1", "!(a == 1)"),
        ("!any(a)", "!any(a)"),
        ("any((a))", "any(a)"),
        ("a not  in[1,2 ]", "a not in [1, 2]"),
        ("root.`a b`>1m30s", "root.`a b` > 1m30s"),
        ("a > 1e6 && b < -2.50", "a > 1e6 && b < -2.50"),
        ("span_count>3", "span_count > 3"),
    ],
)
def test_a_match_is_printed_in_its_one_canonical_form(text: str, canonical: str | None) -> None:
    tree, _ = parse_match_text(text, "p")

    assert format_expr(tree) == (canonical or "a == 'x'")


def test_a_policy_keeps_its_form_and_its_comments() -> None:
    text = (
        "# what we keep\nversion: 1\nname: shop\n"
        "rules[2]{name,match,action,priority}:\n"
        '  errors,"http.status   in [500,502]",keep,100\n'
        "  rest,(true),sample( 1 /20 ),0\n"
    )
    document, _ = read(SourceText.of("p.toon", text))

    formatted, found = format_policy(document)

    assert found == ()
    assert formatted == (
        "# what we keep\nversion: 1\nname: shop\n"
        "rules[2]{name,match,action,priority}:\n"
        '  errors,"http.status in [500, 502]",keep,100\n'
        "  rest,true,sample(1/20),0\n"
    )
    again, _ = read(SourceText.of("p.toon", formatted))
    assert format_policy(again) == (formatted, ())


def test_a_record_stays_a_record() -> None:
    text = (
        "nectar_policy{version,name,rules,invariants}:\n  1\n  shop\n"
        "  rules[1]{name,match,action,priority}:\n    rest,true,keep,0\n"
        "  invariants[1]{name,when,require}:\n    i,a==1,share>=0.10\n"
    )
    document, _ = read(SourceText.of("p.toon", text))

    formatted, found = format_policy(document)

    assert found == ()
    assert formatted == text.replace("a==1", "a == 1").replace("share>=0.10", "share >= 0.1")


def test_a_cell_that_cannot_be_read_stays() -> None:
    text = "version: 1\nrules[1]{name,match,action,priority}:\n  a,x  =  1,keep,0\n"
    document, _ = read(SourceText.of("p.toon", text))

    formatted, found = format_policy(document)

    assert [finding.code for finding in found] == ["NEC042"]
    assert formatted == text
