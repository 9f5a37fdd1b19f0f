"""Where in a match or an action the cursor is, and what the grammar takes there."""

from __future__ import annotations

import pytest

from nectarc.syntax.expected import expected
from nectarc_lsp.features.places_action import ActionPlace, action_place
from nectarc_lsp.features.places_match import MatchPlace, match_place
from nectarc_lsp.features.places_typed import typed_at


def match(text: str) -> MatchPlace:
    """Return the place of the cursor in a match."""
    return match_place(text.replace("‸", ""), text.index("‸"))


def action(text: str, start: str = "action") -> ActionPlace:
    """Return the place of the cursor in an action."""
    return action_place(text.replace("‸", ""), text.index("‸"), start)


@pytest.mark.parametrize(
    ("text", "token", "prefix"),
    [
        ("http.st‸atus > 5", "http.status", "http.st"),
        ("a ‸", "", ""),
        ("a >= ‸5", "5", ""),
        ("a >= -1‸", "-1", "-1"),
        ("a >‸= 5", ">=", ">"),
        ("a >=‸ 5", "", ""),
        ("a >‸", "", ""),
        ("a &‸", "&", "&"),
        ("a &&‸", "", ""),
        ("a == 'x y‸ z' && b", "'x y z'", "'x y"),
        ("a == 'x y‸", "'x y", "'x y"),
        ("a == 'x‸ && b", "'x", "'x"),
        ('a == "x\\"‸y" && b', '"x\\"y"', '"x\\"'),
        ("a == 'x'‸", "", ""),
        ("root.`a ‸b` == 1", "root.`a b`", "root.`a "),
        ("a == '`' && `b‸`", "`b`", "`b"),
    ],
)
def test_the_token_that_is_typed_is_cut_where_people_would(
    text: str, token: str, prefix: str
) -> None:
    plain = text.replace("‸", "")
    typed = typed_at(plain, text.index("‸"))

    assert plain[typed.start : typed.end] == token
    assert typed.prefix == prefix


@pytest.mark.parametrize(
    ("text", "has", "lacks"),
    [
        ("‸", {"NAME", "ANY", "NOT_SIGN", "TRUE"}, {"$END", "COMPARE"}),
        ("a ‸", {"COMPARE", "IN", "NOT", "AND_SIGN", "$END"}, {"NAME"}),
        ("a not ‸", {"IN", "CONTAINS"}, {"COMPARE"}),
        ("a in ‸", {"LSQB"}, {"NUMBER"}),
        ("a in [1 ‸", {"COMMA", "RSQB"}, {"NUMBER", "$END"}),
        ("any(a ‸", {"RPAR", "AND_SIGN"}, {"$END"}),
        ("a = 1 ‸", {"AND_SIGN", "$END"}, {"NUMBER"}),
        ("a AND b ‸", {"COMPARE", "$END"}, {"NAME"}),
        ("a b c && ‸", {"NAME"}, {"$END"}),
    ],
)
def test_the_grammar_says_what_may_come_next(text: str, has: set[str], lacks: set[str]) -> None:
    accepted = match(text).accepted

    assert has <= accepted
    assert not lacks & accepted


@pytest.mark.parametrize(
    ("text", "subject", "operator", "listed", "quantifier", "call"),
    [
        ("a == ‸", "a", "==", (), "", ""),
        ("a not in [1, ‸, 3]", "a", "not in", ("1", "3"), "", ""),
        ("x || any(b starts_with ‸", "b", "starts_with", (), "any", "any"),
        ("none((root.`c d` != ‸", "root.`c d`", "!=", (), "none", ""),
        ("any(exists(‸", "", "", (), "any", "exists"),
        ("span_count > ‸", "span_count", ">", (), "", ""),
        ("any(a) && ‸", "", "", (), "", ""),
        ("a = ‸", "a", "==", (), "", ""),
    ],
)
def test_the_test_around_the_cursor_is_known(  # noqa: PLR0917 - a case
    text: str, subject: str, operator: str, listed: tuple[str, ...], quantifier: str, call: str
) -> None:
    found = match(text)

    assert (found.subject, found.operator) == (subject, operator)
    assert (found.listed if found.is_listed else ()) == listed
    assert (found.quantifier, found.call) == (quantifier, call)


def test_the_field_of_a_test_is_read_as_the_parser_reads_it() -> None:
    field = match("root.`a b` == ‸").field

    assert field is not None
    assert (field.name, field.is_root, field.is_quoted) == ("a b", True, True)


def test_what_follows_is_known() -> None:
    assert match("a‸ >= 5").follows == "COMPARE"
    assert match("a‸(b)").follows == "LPAR"
    assert match("a‸").follows == ""


@pytest.mark.parametrize(
    ("text", "name", "parameter", "given", "argument"),
    [
        ("‸", "", "", (), 0),
        ("dynamic(‸)", "dynamic", "", (), 0),
        ("dynamic(a: 1, b: ‸, c: 2)", "dynamic", "b", ("a", "b", "c"), 1),
        ("dynamic(fields: [x, ‸], c: 2)", "dynamic", "fields", ("fields", "c"), 0),
        ("dynamic(a: 1)‸", "", "", ("a",), 0),
    ],
)
def test_the_argument_around_the_cursor_is_known(
    text: str, name: str, parameter: str, given: tuple[str, ...], argument: int
) -> None:
    found = action(text)

    assert (found.action, found.parameter, found.given) == (name, parameter, given)
    assert found.argument == argument


def test_the_items_of_a_list_are_those_before_and_behind() -> None:
    found = action("dynamic(fields: [a, ‸, root.`b c`], max_keys: 3)")

    assert found.is_listed
    assert found.listed == ("a", "root.`b c`")


def test_what_a_requirement_takes_is_asked_of_its_own_rule() -> None:
    assert action("not ‸", "require").accepted == {"DROP"}
    assert action("share ‸", "require").accepted == {"COMPARE"}


def test_a_text_that_cannot_be_read_is_taken_up_behind_its_last_joiner() -> None:
    found = expected("match", "a b c && ")

    assert not found.is_sound
    assert "NAME" in found.accepted
    assert expected("match", ") ) )").accepted == frozenset()
