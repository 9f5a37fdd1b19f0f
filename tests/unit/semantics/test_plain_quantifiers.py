"""Two readings are errors, and each fix is one of them, without an error of its own."""

from __future__ import annotations

import pytest

from nectarc.diagnostic import Severity
from tests.unit.semantics.check_cases import fixed_texts, match_findings, meaning

NEGATIVE = {
    "f != 'x'": ["any(f != 'x')", "none(f == 'x')"],
    "f not in [1, 2]": ["any(f not in [1, 2])", "none(f in [1, 2])"],
    "f not contains 'x'": ["any(f not contains 'x')", "none(f contains 'x')"],
    "!error": ["any(!error)", "none(error)"],
    "!(error)": ["any(!(error))", "none(error)"],
    "!(a || root.b == 1)": ["any(!(a || root.b == 1))", "none(a || root.b == 1)"],
    "error || f != 'x'": ["error || any(f != 'x')", "error || none(f == 'x')"],
    "!(error || has_root)": ["!(all(error) || has_root)", "!(any(error) || has_root)"],
}
CONJUNCTION = {
    "a && b": ["any(a && b)", "any(a) && any(b)"],
    "(a || b) && c": ["any((a || b) && c)", "any(a || b) && any(c)"],
    "a && root.x == 1 && b": ["any(a && b) && root.x == 1", "any(a) && root.x == 1 && any(b)"],
    "a && span_count > 3 && b": [
        "any(a && b) && span_count > 3",
        "any(a) && span_count > 3 && any(b)",
    ],
    "(a || has_root) && b": [
        "any(a && b) || any(b) && has_root",
        "(any(a) || has_root) && any(b)",
    ],
    "a && b != 1": [
        "any(a && b != 1)",
        "any(a) && any(b != 1)",
        "any(a) && none(b == 1)",
    ],
    "a && !b": ["any(a && !b)", "any(a) && any(!b)", "any(a) && none(b)"],
    "f == '(' && g == ')'": ["any(f == '(' && g == ')')", "any(f == '(') && any(g == ')')"],
    "has_root || a && b": ["has_root || any(a && b)", "has_root || any(a) && any(b)"],
}


@pytest.mark.parametrize(
    ("text", "code", "readings"),
    [
        *((text, "NEC201", readings) for text, readings in NEGATIVE.items()),
        *((text, "NEC202", readings) for text, readings in CONJUNCTION.items()),
    ],
)
def test_each_fix_is_a_reading_that_checks_clean(text: str, code: str, readings: list[str]) -> None:
    assert fixed_texts(text, code) == readings
    assert len({repr(meaning(reading)) for reading in readings}) == len(readings)


@pytest.mark.parametrize("text", [*NEGATIVE, *CONJUNCTION])
def test_one_unclear_part_is_one_error(text: str) -> None:
    match, diagnostics = match_findings(text)

    assert match is None
    assert [one.code for one in diagnostics if one.severity is Severity.ERROR] in (
        ["NEC201"],
        ["NEC202"],
    )


@pytest.mark.parametrize(
    "text",
    [
        "root.f != 'x'",
        "!root.error",
        "!has_root",
        "!any(error)",
        "error == false",
        "error && span_count > 3",
        "error && any(a && b)",
        "any(a && b != 1 && !error)",
        "(a || b) && root.c == 1",
        "none(a) && error",
    ],
)
def test_plain_forms_stay_silent(text: str) -> None:
    assert match_findings(text)[1] == ()


@pytest.mark.parametrize(
    ("text", "code", "fixed"),
    [
        ("any(a && any(b))", "NEC203", []),
        ("none(all(b))", "NEC203", []),
        ("is_root", "NEC204", ["has_root"]),
        ("is_root && error", "NEC204", ["any(is_root && error)"]),
        ("error && !is_root && has_root", "NEC204", ["any(error && !is_root) && has_root"]),
        ("!is_root", "NEC204", ["any(!is_root)"]),
        ("any(has_root && error)", "NEC205", ["any(is_root && error)"]),
        ("any(span_count > 2 && error)", "NEC205", []),
        ("span_count > 2.5", "NEC206", []),
        ("span_count > 5s", "NEC206", []),
        ("span_count > 'many'", "NEC206", []),
    ],
)
def test_operands_in_the_wrong_place(text: str, code: str, fixed: list[str]) -> None:
    assert [one.code for one in match_findings(text)[1]] == [code]
    assert fixed_texts(text, code) == fixed


def test_errors_inside_an_unclear_part_are_reported_too() -> None:
    codes = [one.code for one in match_findings("http.status == 'x' && duration == true")[1]]

    assert sorted(codes) == ["NEC105", "NEC105", "NEC202"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("all(duration < 5s)", [Severity.WARNING]),
        ("all(service == 'a' && span.kind == 'server')", [Severity.WARNING]),
        ("all(http.status == 200)", [Severity.HINT]),
        ("all(!(duration > 5s))", []),
        ("all(duration < 5s || service == 'a')", []),
        ("all(service == 'static')", []),
        ("none(duration > 5s)", []),
    ],
)
def test_all_over_what_span_events_lack(text: str, expected: list[Severity]) -> None:
    found = [one for one in match_findings(text)[1] if one.code == "NEC207"]

    assert [one.severity for one in found] == expected
