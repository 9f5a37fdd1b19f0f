"""Every mistake in TOON: its code, its place, what is read all the same, and its fix."""

from __future__ import annotations

import pytest

from nectarc.codes import CODES
from nectarc.source import SourceText
from nectarc.toon import read
from nectarc.toon.document import Array, Invalid, Object
from tests.unit.toon.reading import codes_of, fixed, marked, value_of

# code -> (a text with the mistake, what is underlined, a near miss without any mistake)
MISTAKES = {
    "NEC001": ("r[1]{a}:\n\t1", "\t", "r[1\t]{a\tb}:\n  1\t2"),
    "NEC002": ("a:\n   b: 1", "b: 1", "a:\n  b: 1"),
    "NEC004": ("a: " + "x" * (1 << 20), "a: " + "x" * 37, "a: " + "x" * ((1 << 20) - 3)),
    "NEC005": ("a: 1\nb", "b", "b"),
    "NEC006": ('a: "b', '"b', 'a: b"'),
    "NEC007": ('a: "b\\d"', "\\d", 'a: "b\\\\d"'),
    "NEC008": ('a: "b" c', " c", 'a: b "c"'),
    "NEC009": ("a: 1\na: 2", "a", "a: 1\nA: 2"),
    "NEC010": ("a[x]: 1", "[x]", '"a[x]": 1'),
    "NEC011": ("a[1]{b,}:\n  1", "}", "a[1]{b}:\n  1"),
    "NEC012": ("a[1]{b,b}:\n  1,2", "b", "a[1]{b,B}:\n  1,2"),
    "NEC013": ("a[1]{b|c}:\n  1|2", "|", "a[1|]{b|c}:\n  1|2"),
    "NEC014": ("a[1]{b}: 1\n  1", "1", "a[1]{b}:\n  1"),
    "NEC015": ("a[2]{b}:\n  1", "2", "a[1]{b}:\n  1"),
    "NEC016": ("a[1]{b,c}:\n  1", "1", "a[1]{b,c}:\n  1,"),
    "NEC017": ("a[1]{b,c}:\n  x: 1", "x: 1", 'a[1]{b,c}:\n  x,"y: 1"'),
    "NEC018": ("a[1]:\n  b", "b", "a[1]:\n  - b"),
    "NEC019": ("a[2]{b}:\n  1\n\n  2", "", "a[2]{b}:\n\n  1\n  2\n"),
    "NEC020": ("a: 1\n[1]: x", "[1]:", "[1]: x"),
    "NEC021": ("[1]: x\nb: 1", "b: 1", "[1]: x\n# b: 1\n"),
    "NEC022": ("a[1:]{b}:\n  1", "1", "a[1:]{b}:\n  k: 1"),
    "NEC023": ("a{b}:\n  b: 1", "b: 1", 'a{b}:\n  "b: 1"'),
    "NEC024": ("a{b,c}:\n  1", "a{b,c}:", "a{b,c}:\n  1\n  2"),
    "NEC025": ("a{b}:\n  1\n  2", "2", "a{b}:\n  1\n# 2"),
    "NEC026": ("a{b}:\n  c[1]: x", "c", "a{b}:\n  b[1]: x"),
    "NEC027": ("a{b: 1", "a{b: 1", '"a{b": 1'),
}


@pytest.mark.parametrize("code", sorted(MISTAKES))
def test_a_mistake_is_reported_once_where_it_is(code: str) -> None:
    text, underlined, _ = MISTAKES[code]

    assert marked(text) == [(code, underlined)]


@pytest.mark.parametrize("code", sorted(MISTAKES))
def test_a_near_miss_is_no_mistake(code: str) -> None:
    assert codes_of(MISTAKES[code][2]) == []


def test_deep_nesting_is_reported_and_not_followed() -> None:
    text = "\n".join("  " * depth + "a:" for depth in range(5000))

    assert codes_of(text) == ["NEC003"]


def test_deep_groups_of_fields_are_reported() -> None:
    assert "NEC003" in codes_of("r[1]" + "{a" * 5000 + "}" * 5000 + ":")


def test_every_code_of_toon_is_tried_here() -> None:
    ours = {code for code in CODES if code < "NEC040"}

    assert ours == {*MISTAKES, "NEC003", "NEC028", "NEC029"}  # see test_limits.py


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("r[5]{a}:\n  1\n  2\n", "r[2]{a}:\n  1\n  2\n"),
        ("r[1|]{a|b}:\n  1|2\n  3|4\n", "r[2|]{a|b}:\n  1|2\n  3|4\n"),
        ("t[1]: a,b\n", "t[2]: a,b\n"),
        ("r[1]{a}\n  1\n", "r[1]{a}:\n  1\n"),
        ("p{a}\n  1\n", "p{a}:\n  1\n"),
        ("r [1] {a} :\n  1\n", "r[1]{a}:\n  1\n"),
        ("r[2]{a}:\n  1\n\n\n  2\n", "r[2]{a}:\n  1\n  2\n"),
        ("p{a,b}:\n  a: 1\n  b: x\n", "p{a,b}:\n  1\n  x\n"),
        ("a:\n    b:\n        c: 1\n    d: 2\n", "a:\n  b:\n    c: 1\n  d: 2\n"),
        ("a:\n\tb:\n\t\tc: 1\n# e\n\td: 2\n", "a:\n  b:\n    c: 1\n# e\n  d: 2\n"),
        ("r[2]{a,b}:\n1,2\n3,4\nc: 5\n", "r[2]{a,b}:\n  1,2\n  3,4\nc: 5\n"),
        ("l[2]:\n- a: 1\n  b: 2\n- c: 3\n", "l[2]:\n  - a: 1\n    b: 2\n  - c: 3\n"),
        ("a: 1\n   b: 2\n   c: 3\nd: 4\n", "a: 1\nb: 2\nc: 3\nd: 4\n"),
        ("  a: 1\n  b:\n    c: 2\n", "a: 1\nb:\n  c: 2\n"),
        ("r[1]{a|b}:\n  1|2\n", "r[1|]{a|b}:\n  1|2\n"),
        ("r[1]{a,b}:\n  x:y,2\n", 'r[1]{a,b}:\n  "x:y",2\n'),
        ('a: "b\\d"\n', 'a: "b\\\\d"\n'),
        (
            "r[1]{m,a}:\n  true,ema_dynamic(goal_sample_rate: 10, fields: [a, b])\n",
            'r[1]{m,a}:\n  true,"ema_dynamic(goal_sample_rate: 10, fields: [a, b])"\n',
        ),
    ],
)
def test_a_fix_mends_the_text(text: str, mended: str) -> None:
    assert codes_of(text)

    assert fixed(text) == mended
    assert codes_of(mended) == []


def test_indentation_is_reported_once_for_a_whole_file() -> None:
    rules = "".join(f"        rule-{i},true\n" for i in range(50))
    text = f"p{{a,rules}}:\n    1\n    rules[50]{{name,match}}:\n{rules}"

    assert codes_of(text) == ["NEC002"]


def test_a_count_that_is_wrong_leaves_the_rows() -> None:
    assert value_of("r[9]{a,b}:\n  1,2\n  3,4") == {"r": [{"a": 1, "b": 2}, {"a": 3, "b": 4}]}


def test_one_bad_row_hides_no_other() -> None:
    text = 'r[4]{a,b}:\n  1,2\n  "x,2\n  5\n  7,8\nc: 9'

    document, diagnostics = read(SourceText.of("a.toon", text))

    assert [d.code for d in diagnostics] == ["NEC006", "NEC016"]
    assert isinstance(document.root, Object)
    rows = document.root.entries[0].value
    assert isinstance(rows, Array)
    assert [isinstance(row, Invalid) for row in rows.items] == [False, True, True, False]
    assert value_of(text)["c"] == 9  # type: ignore[index,call-overload]  # an object, as written


def test_a_bad_cell_leaves_the_others_of_its_row() -> None:
    assert value_of('r[1]{a,b}:\n  "\\q",2') == {"r": [{"a": None, "b": 2}]}


def test_lines_below_an_unreadable_one_are_passed_by() -> None:
    text = "a[1: x\n  1,2\n  3\n    4\nb: 1"

    assert codes_of(text) == ["NEC010"]
    assert value_of(text) == {"b": 1}


def test_many_mistakes_are_found_in_one_pass() -> None:
    text = """\
version 1
name: "production
rules[3]{name,match,action}:
  keep-errors,http.status >= 500
  keep: slow,duration > 5s,keep
  other,true,sample(1, 2)

  last,"a" b,drop
invariants[x]{name}:
  one
tests[1]:
  name: a
name: again
"""

    assert codes_of(text) == [
        "NEC005",
        "NEC006",
        "NEC015",
        "NEC016",
        "NEC017",
        "NEC016",
        "NEC019",
        "NEC008",
        "NEC010",
        "NEC018",
        "NEC009",
    ]


def test_a_missing_value_of_a_record_is_named() -> None:
    text = "p{version,name,rules}:\n  1\n  rules[1]{a}:\n    x\n"

    document, diagnostics = read(SourceText.of("a.toon", text))

    assert [(d.code, d.headline) for d in diagnostics] == [
        ("NEC024", "this record has no value for `name`")
    ]
    assert value_of(text) == {"p": {"version": 1, "name": None, "rules": [{"a": "x"}]}}
    assert document.comments == ()


def test_a_hundred_megabytes_in_one_line_are_one_mistake() -> None:
    assert codes_of("a: 1\n" + "x," * 50_000_000 + "\nb: 2") == ["NEC004"]
