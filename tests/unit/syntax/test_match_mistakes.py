"""Each slip in a match has a code, and its fix gives a match that reads as meant."""

from __future__ import annotations

import pytest

from nectarc.diagnostic import Diagnostic
from nectarc.source import SourceSpan
from nectarc.syntax import ast
from nectarc.syntax.cell import LENGTH_MAX
from nectarc.syntax.parser import NESTING_MAX, parse_match, parse_match_text
from nectarc.toon.document import Scalar

# (what is written, the codes in order, near misses that are silent)
SLIPS = [
    ("a == 1 # why", "NEC040", "a == '1 # why'"),
    ("span_count", "NEC040", "span_count > 1"),
    ("a == $x", "NEC040", "a == '$x'"),
    ("a &&", "NEC041", "a && b"),
    ("|| a", "NEC041", "b || a"),
    ("!", "NEC041", "!a"),
    ("()", "NEC041", "(a)"),
    ("a == 1 b == 2", "NEC041", "a == 1 && b == 2"),
    ("a == 1, b == 2", "NEC041", "a == 1 || b == 2"),
    ("a = 1", "NEC042", "a == 1"),
    ("a =! 1", "NEC048", "a == 1"),
    ("a starts-with 'x'", "NEC048", "a starts_with 'x'"),
    ("a starts with 'x'", "NEC048", "a starts_with 'x'"),
    ("a ends-with 'x'", "NEC048", "a ends_with 'x'"),
    ("a does-not-contain 'x'", "NEC048", "a not contains 'x'"),
    ("a does not contain 'x'", "NEC048", "a not contains 'x'"),
    ("a not-in [1]", "NEC048", "a not in [1]"),
    ("a between 1 and 2", "NEC048", "between && a"),
    ("a exists", "NEC061", "exists(a)"),
    ("a not-exists", "NEC061", "!exists(a)"),
    ("a does not exist && b", "NEC061", "!exists(a) && b"),
    ("a == /x/{id}", "NEC054", "a == '/x/{id}'"),
    ("a matches /x.*/", "NEC054", "a matches 'x.*'"),
    ("a contains ['x']", "NEC055", "a contains 'x'"),
    ("some(a)", "NEC060", "any(a)"),
    ("a and b", "NEC043", "and && b"),
    ("a OR b", "NEC043", "OR || b"),
    ("a & b", "NEC043", "a && b"),
    ("a | b", "NEC043", "a || b"),
    ("a == 'x", "NEC044", "a == 'x'"),
    ('a == "x', "NEC044", 'a == "x"'),
    ("`x", "NEC044", "`x`"),
    ("a == 'it's'", "NEC044", 'a == "it\'s"'),
    (r'a matches "\d"', "NEC045", r'a matches "\\d"'),
    (r'a == "\ud83d"', "NEC045", r'a == "\ud83d\ude00"'),
    ("a > 5 s", "NEC046", "a > 5s"),
    ("a > 5sec", "NEC046", "a > 5s"),
    ("a > -5s", "NEC046", "a > -5"),
    ("a > 2d", "NEC046", "a > 48h"),
    ("a == 007", "NEC047", "a == 7"),
    ("a == 1e999", "NEC047", "a == 1e300"),
    ("a == 1e999999999999", "NEC047", "a == 1e-700"),
    ("a == " + "9" * 5000, "NEC047", "a == " + "9" * 300),
    ("a =~ 'x'", "NEC048", "a matches 'x'"),
    ("a LIKE 'x%'", "NEC048", "a contains 'x'"),
    ("a !contains 'x'", "NEC048", "a not contains 'x'"),
    ("a !~ 'x'", "NEC048", "!(a matches 'x')"),
    ("a not starts_with 'x'", "NEC048", "!(a starts_with 'x')"),
    ("a startswith 'x'", "NEC048", "a starts_with 'x'"),
    ("a === 1", "NEC048", "a == 1"),
    ("a <> 1", "NEC048", "a != 1"),
    ("a 500", "NEC048", "a == 500"),
    (">= 500", "NEC049", "a >= 500"),
    ("contains 'x'", "NEC049", "`contains` contains 'x'"),
    ("(a", "NEC050", "(a)"),
    ("a)", "NEC050", "(a)"),
    ("a in [1", "NEC050", "a in [1]"),
    ("  ", "NEC051", "true"),
    ("content-type == 'x'", "NEC052", "`content-type` == 'x'"),
    ("a.2x == 1", "NEC052", "a.x2 == 1"),
    ("größe == 1", "NEC052", "`größe` == 1"),
    ("root.any == 1", "NEC052", "root.`any` == 1"),
    ("any == 1", "NEC052", "any.thing == 1"),
    ("exists('a')", "NEC052", "exists(a)"),
    ("``", "NEC052", "` `"),
    ("a == \u201cx\u201d", "NEC053", 'a == "\u201cx\u201d"'),
    ("a ==", "NEC054", "a == 1"),
    ("a == x-y", "NEC054", "a == 'x-y'"),
    ("a == null", "NEC054", "exists(a)"),
    ("a is not null", "NEC054", "exists(a)"),
    ("a == True", "NEC054", "a == true"),
    ("a in (1)", "NEC055", "a in [1]"),
    ("a in []", "NEC055", "a in [0]"),
    ("a in [1,]", "NEC055", "a in [1,2]"),
    ("a in [1 2]", "NEC055", "a in [ 1 , 2 ]"),
    ("a == [1]", "NEC055", "a in [1]"),
    ("(" * 65 + "a" + ")" * 65, "NEC056", "(" * 64 + "a" + ")" * 64),
    ("not (a)", "NEC058", "!(a)"),
    ("NOT a", "NEC058", "!a"),
    ("any a", "NEC060", "any(a)"),
    ("Any(a)", "NEC060", "any(a)"),
    ("count(a) > 1", "NEC060", "span_count > 1"),
    ("500 <= a", "NEC061", "a >= 500"),
    ("a > 1 < 5", "NEC061", "a > 1 && a < 5"),
    ("has_root == true", "NEC061", "has_root"),
    ("root", "NEC062", "has_root"),
]


def _codes(found: tuple[Diagnostic, ...]) -> list[str]:
    return [finding.code for finding in found]


def _fixed(text: str, found: tuple[Diagnostic, ...]) -> str:
    edits = [edit for finding in found for fix in finding.fixes[:1] for edit in fix.edits]
    for edit in sorted(edits, key=lambda one: -one.source.start):
        text = text[: edit.source.start] + edit.text + text[edit.source.end :]
    return text


@pytest.mark.parametrize(("text", "code", "near_miss"), SLIPS, ids=[s[0][:24] for s in SLIPS])
def test_a_slip_has_its_code_and_the_near_miss_has_none(
    text: str, code: str, near_miss: str
) -> None:
    _, found = parse_match_text(text, "p")
    tree, silent = parse_match_text(near_miss, "p")

    assert _codes(found) == [code]
    assert silent == ()
    assert not isinstance(tree, ast.InvalidExpr)


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("a = 1 and b = 'x' or !c", "a == 1 && b == 'x' || !c"),
        ("a == checkout-v2", "a == 'checkout-v2'"),
        ("not (a == 1)", "!(a == 1)"),
        ("NOT a", "!a"),
        ("a NOT IN [1]", "a not in [1]"),
        ("a !in [1]", "a not in [1]"),
        ("duration > 5 seconds", "duration > 5s"),
        ("duration > 2d", "duration > 48h"),
        ("500 <= http.status", "http.status >= 500"),
        ("http/x == 1", "`http/x` == 1"),
        ("root.a-b == 1", "root.`a-b` == 1"),
        ("a <> +05", "a != +05"),
        ("a == 0x1F", "a == 31"),
        ('a matches "^/v\\d+$"', "a matches '^/v\\d+$'"),
        ("a startWith \u2018x\u2019", "a starts_with 'x'"),
        ("a == [1, 2]", "a in [1, 2]"),
        ("Any(a)", "any(a)"),
    ],
)
def test_the_fixes_write_what_was_meant(text: str, fixed: str) -> None:
    _, found = parse_match_text(text, "p")

    assert _fixed(text, found) == fixed


def test_slips_with_one_meaning_are_read_as_meant() -> None:
    meant, _ = parse_match_text("a == 1 && b matches 'x' || !c", "p")

    tree, found = parse_match_text("a = 1 and b =~ 'x' or not c", "p")

    assert tree == meant
    assert _codes(found) == ["NEC042", "NEC043", "NEC048", "NEC043", "NEC058"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a == 1 ?", "expected `&&`, `||` or the end of the cell, found `?`"),
        ("a ? 1", "expected an operator such as `==` or `contains`, `&&`, `||` or the end"),
        ("{", "expected a test, found `{`"),
        ("any(a == 1 ?)", "expected `&&`, `||` or `)`, found `?`"),
        ("a == ?", "expected a value, found `?`"),
        ("a &&", "`&&` needs a test on its right"),
        ("a =", "`=` compares nothing here: write `==`"),
        ("a and b", "`and` is written `&&`"),
        ("a == 'x", "the string is never closed"),
        ("a startswith 'x'", "`startswith` is no operator: did you mean `starts_with`?"),
    ],
)
def test_headlines_speak_of_what_people_write(text: str, words: str) -> None:
    _, found = parse_match_text(text, "p")

    assert found[0].headline.startswith(words)


def test_places_are_those_of_a_cell_with_escapes() -> None:
    file = 'x: "a = \\"q\\""'
    offsets = (4, 5, 6, 7, 8, 10, 11, 13)
    cell = Scalar(
        value='a = "q"',
        text='a = "q"',
        source=SourceSpan("f", 3, len(file)),
        is_quoted=True,
        offsets=offsets,
    )

    tree, found = parse_match(cell)

    assert isinstance(tree, ast.CompareTest)
    assert found[0].source == SourceSpan("f", 6, 7)
    assert file[tree.literal.source.start : tree.literal.source.end] == '\\"q\\"'


def test_a_fix_that_would_end_the_cell_is_not_offered() -> None:
    text = "a or b"
    cell = Scalar(value=text, text=text, source=SourceSpan("f", 0, 6))

    _, in_commas = parse_match(cell, ",")
    _, in_pipes = parse_match(cell, "|")

    assert len(in_commas[0].fixes) == 1
    assert in_pipes[0].fixes == ()


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10**5,
        "!" * 10**5,
        "=" * 10**5,
        '"' * (10**5 + 1),
        "a = 1 and " * 10**4,
        "root." * 20000,
    ],
)
def test_absurd_cells_get_few_findings(text: str) -> None:
    tree, found = parse_match_text(text, "p")

    assert isinstance(tree, ast.InvalidExpr)
    assert 1 <= len(found) <= 8


def test_a_cell_beyond_the_length_limit_is_refused() -> None:
    _, found = parse_match_text("a" * (LENGTH_MAX + 1), "p")
    _, silent = parse_match_text("a" * LENGTH_MAX, "p")

    assert _codes(found) == ["NEC057"]
    assert silent == ()


def test_long_flat_matches_and_deep_allowed_ones_are_read() -> None:
    flat, _ = parse_match_text(" || ".join(["a == 1"] * 5000), "p")
    deep, found = parse_match_text("!" * NESTING_MAX + "a", "p")

    assert isinstance(flat, ast.Or)
    assert len(flat.operands) == 5000
    assert found == ()
    assert isinstance(deep, ast.Not)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("a == '/x' || '/y'", "write the field again: a == '/y'"),
        ("a > 5s && < 9s", "write the field that is meant: a < ..."),
        ("a == null", "write exists(a), or none(exists(a))"),
        ("root.a is null", "write exists(root.a), or !exists(root.a)"),
        ("a BETWEEN 1 AND 2", "write any(a >= 1 && a <= 2)"),
        ("root.a between 1 and 2", "write root.a >= 1 && root.a <= 2"),
        ("a not-exists", "write none(exists(a))"),
        (
            "contains_text(a)",
            "any(...), all(...), none(...) ask the spans of a trace; exists(...) asks for a field",
        ),
        ("count(a) > 3", "the spans of a trace are counted by span_count, as in span_count > 100"),
    ],
)  # fmt: skip
def test_advice_is_about_what_was_written(text: str, advice: str) -> None:
    _, found = parse_match_text(text, "p")

    assert [finding.help for finding in found] == [advice]
