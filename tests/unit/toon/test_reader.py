"""The reader: data, forms and places."""

from __future__ import annotations

import pytest

from nectarc.source import SourceText
from nectarc.toon import Value, read
from nectarc.toon.document import Array, ArrayForm, Delimiter, Node, Object, ObjectForm, Scalar
from tests.unit.toon.reading import codes_of, value_of
from tests.unit.toon.test_printer import SEED


def root_of(text: str) -> Object:
    root = read(SourceText.of("a.toon", text))[0].root
    assert isinstance(root, Object)
    return root


def first_value(text: str) -> Node:
    return root_of(text).entries[0].value


def test_the_record_form_decodes_to_the_data_of_plain_toon() -> None:
    plain = SEED.replace("{version,name,budget_per_second,rules}", "")
    plain = plain.replace("  1\n", "  version: 1\n").replace(
        "  10000", "  budget_per_second: 10000"
    )
    plain = plain.replace("  production", "  name: production")

    assert codes_of(SEED) == codes_of(plain) == []
    assert value_of(SEED) == value_of(plain)
    assert first_value(SEED) == first_value(plain)


def test_forms_are_kept() -> None:
    record = first_value(SEED)
    assert isinstance(record, Object)
    rules = record.entries[3].value
    assert isinstance(rules, Array)
    rule = rules.items[0]
    assert isinstance(rule, Object)

    assert record.form is ObjectForm.RECORD
    assert [key.text for key in record.columns] == ["version", "name", "budget_per_second", "rules"]
    assert (rules.form, rules.delimiter, rules.length) == (ArrayForm.TABULAR, Delimiter.COMMA, 3)
    assert rule.form is ObjectForm.ROW


def test_places_are_those_of_the_file() -> None:
    record = first_value(SEED)
    assert isinstance(record, Object)
    rules = record.entries[3].value
    assert isinstance(rules, Array)
    assert record.header is not None

    def written(start: int, end: int) -> str:
        return SEED[start:end]

    assert written(*record.header[1:]) == "nectar_policy{version,name,budget_per_second,rules}:"
    assert written(*rules.header[1:]) == "rules[3]{name,description,match,action,priority}:"
    assert written(*rules.length_source[1:]) == "3"
    assert written(*rules.source[1:]) == SEED[SEED.index("rules[3]") :].rstrip()


@pytest.mark.parametrize(
    ("cell", "value", "text"),
    [
        ("", "", ""),
        ('""', "", ""),
        ("true", True, "true"),
        ('"true"', "true", "true"),
        ("null", None, "null"),
        ("500", 500, "500"),
        ("1.50", 1.5, "1.50"),
        ("1e3", 1000, "1e3"),
        ("05", "05", "05"),
        ("-0", 0, "-0"),
        ("1e999", "1e999", "1e999"),
        ("9007199254740993", 9007199254740992, "9007199254740993"),
        ('"a\\u0041\\n"', "aA\n", "aA\n"),
        ('say "hi"', 'say "hi"', 'say "hi"'),
        ("É\U0001f600", "É\U0001f600", "É\U0001f600"),
    ],
)
def test_a_cell_has_value_and_text(cell: str, value: Value, text: str) -> None:
    array = first_value(f"r[1]{{a,b}}:\n  x, {cell} ")
    assert isinstance(array, Array)
    row = array.items[0]
    assert isinstance(row, Object)
    scalar = row.entries[1].value
    assert isinstance(scalar, Scalar)

    assert (scalar.value, scalar.text) == (value, text)
    assert type(scalar.value) is type(value)
    assert scalar.is_blank == (cell == "")
    assert scalar.is_quoted == cell.startswith('"')


def test_a_place_inside_a_text_with_escapes_is_where_it_is_written() -> None:
    text = 'm: "a \\u0041\\" \U0001f600 b"'
    scalar = first_value(text)
    assert isinstance(scalar, Scalar)

    assert scalar.text == 'a A" \U0001f600 b'
    assert [text[slice(*scalar.span_of(i, i + 1)[1:])] for i in range(len(scalar.text))] == [
        *("a", " ", "\\u0041", '\\"', " ", "\U0001f600", " ", "b"),
    ]


def test_a_byte_order_mark_and_crlf_move_no_place() -> None:
    text = "\ufeffname: a\r\nx:\r\n  y: b\r\n"
    root = root_of(text)
    x = root.entries[1].value
    assert isinstance(x, Object)

    assert value_of(text) == {"name": "a", "x": {"y": "b"}}
    assert text[slice(*root.entries[0].key.source[1:])] == "name"
    assert text[slice(*x.entries[0].value.source[1:])] == "b"


def test_records_may_hold_records_arrays_and_nothing() -> None:
    text = """\
p{a,b,c,d,e}:
  b and more, as text
  b{x,y}:
    1
    "k: v"
  c[2]: 1,2
  []
  e[1:]{u}:
    k: 3
q: 1
"""

    assert codes_of(text) == []
    assert value_of(text) == {
        "p": {
            "a": "b and more, as text",
            "b": {"x": 1, "y": "k: v"},
            "c": [1, 2],
            "d": [],
            "e": {"k": {"u": 3}},
        },
        "q": 1,
    }


def test_a_record_may_be_the_first_entry_of_an_item() -> None:
    assert value_of("l[1]:\n  - p{a,b}:\n      1\n      2\n    q: 3") == {
        "l": [{"p": {"a": 1, "b": 2}, "q": 3}]
    }


def test_comments_are_kept_with_their_place() -> None:
    text = "# one\nr[1]{a}:\n  # two\n  1 # three\n"
    document, diagnostics = read(SourceText.of("a.toon", text))

    assert diagnostics == ()
    assert [(c.text, c.depth, c.source.start) for c in document.comments] == [
        ("# one", 0, 0),
        ("# two", 1, 17),
    ]
    assert value_of(text) == {"r": [{"a": "1 # three"}]}
