"""The pass `merge_equalities`, by the text of the IR before and after."""

from __future__ import annotations

import pytest

from nectarc.ir.passes.merge_equalities import merge_equalities
from nectarc.ir.text import parse_expr, print_expr
from nectarc.ir.verify import verify_expr
from nectarc.semantics.check import check_match
from nectarc.syntax.parser import parse_match_text


def _ir(match: str) -> str:
    found = check_match(parse_match_text(match, "")[0]).match
    assert found is not None
    return print_expr(found)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("service == 'a' || service == 'b'", "service in ['a', 'b']"),
        ("service == 'a' || service in ['b', 'a']", "service in ['a', 'b']"),
        ("http.status == 500 || http.status in [502, 503]", "http.status in [500, 502, 503]"),
        ("root.service == 'a' || root.service == 'b'", "root.service in ['a', 'b']"),
        ("any(error && (name == 'a' || name == 'b'))", "any(error && name in ['a', 'b'])"),
        ("none(name == 'a' || name == 'b')", "none(name in ['a', 'b'])"),
        (
            "service == 'a' || error || service == 'b'",
            "service in ['a', 'b'] || error",
        ),
    ],
)
def test_equalities_of_one_field_are_merged(before: str, after: str) -> None:
    merged = merge_equalities(parse_expr(_ir(before)))

    verify_expr(merged)
    assert print_expr(merged) == _ir(after)


@pytest.mark.parametrize(
    "match",
    [
        "service == 'a' || name == 'b'",
        "service == 'a' || root.service == 'b'",
        "any(service == 'a') && any(service == 'b')",
        "any(service != 'a') || any(service != 'b')",
        "http.status >= 500 || http.status == 404",
        "any(app.x == 1) || any(app.x == '1')",
    ],
)
def test_what_does_not_mean_the_same_stays(match: str) -> None:
    text = _ir(match)

    assert print_expr(merge_equalities(parse_expr(text))) == text
