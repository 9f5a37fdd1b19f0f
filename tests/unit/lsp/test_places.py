"""What stands under the cursor, also in a text that is being typed."""

from __future__ import annotations

import pytest

from nectarc.source import SourceText
from nectarc.toon import encode
from nectarc.toon.document import Delimiter
from nectarc.toon.outline import margin_keys
from nectarc_lsp.features.nodes import places
from nectarc_lsp.features.places import place_at
from nectarc_lsp.features.places_kinds import (
    BlankPlace,
    CellPlace,
    ColumnPlace,
    CommentPlace,
    NoPlace,
    Place,
    SectionPlace,
)
from nectarc_lsp.features.places_outline import outline
from tests.bench.varied_policy import varied_policy
from tests.shared_data import read_vectors, requires_shared
from tests.unit.lsp.views_of import SHOP, at_cursor, real_policies, view_of

PLAIN = """\
version: 1
name: shop
rules[2]{name,match,action,priority}:
  errors,http.status >= 500,keep,9
  rest,true,keep,0
tests[1]:
  - name: one
    expect: errors
    spans[2]{http.status,root}:
      503,true
      200,
"""


def place(text: str) -> Place:
    """Return the place of the cursor in a text."""
    return place_at(*at_cursor(text))


def cell(text: str) -> CellPlace:
    """Return the cell that the cursor is in."""
    found = place(text)
    assert isinstance(found, CellPlace), found
    return found


@pytest.mark.parametrize(
    ("before", "after", "section", "column", "row", "text", "at"),
    [
        ("errors,http", ".status", "rules", "match", 0, "http.status >= 500", 4),
        ("  erro", "rs,http", "rules", "name", 0, "errors", 4),
        ("rest,true,keep,", "0\n", "rules", "priority", 1, "0", 0),
        ("version: ", "1", "", "version", 0, "1", 0),
        ("name: sh", "op", "", "name", 0, "shop", 2),
        ("expect: errors", "\n", "tests", "expect", 0, "errors", 6),
        ("- name: o", "ne", "tests", "name", 0, "one", 1),
        ("      503,tr", "ue", "spans", "root", 0, "true", 2),
        ("      2", "00,", "spans", "http.status", 0, "200", 1),
        ("      200,", "\n", "spans", "root", 0, "", 0),
    ],
)
def test_a_cell_is_known_by_section_column_and_row(  # noqa: PLR0917 - a case
    before: str, after: str, section: str, column: str, row: int, text: str, at: int
) -> None:
    found = cell(PLAIN.replace(before + after, f"{before}‸{after}", 1))

    assert (found.section, found.column, found.row) == (section, column, row)
    assert (found.cell.text, found.cell.at) == (text, at)


def test_a_policy_in_record_form_has_its_values_line_by_line() -> None:
    found = cell(SHOP.replace("10000", "100‸00"))

    assert (found.column, found.cell.text, found.delimiter) == ("budget_per_second", "10000", None)
    assert cell(SHOP.replace("  1\n", "  1‸\n")).column == "version"
    row = cell(SHOP.replace("duration > 5s", "duration‸ > 5s"))
    assert (row.row, row.column, row.others["name"]) == (1, "match", "keep-slow")


@pytest.mark.parametrize(("mark", "sign"), [("", ","), ("|", "|"), ("\t", "\t")])
def test_a_cell_ends_at_the_delimiter_that_its_table_declares(mark: str, sign: str) -> None:
    columns = sign.join(("name", "match", "action", "priority"))
    row = sign.join(("a", "b,‸ c" if mark else "b‸", "keep", "1"))

    found = cell(f"version: 1\nrules[1{mark}]{{{columns}}}:\n  {row}\n")

    assert found.column == "match"
    assert found.delimiter is Delimiter(sign)
    assert found.cell.text == ("b, c" if mark else "b")


@pytest.mark.parametrize(
    ("row", "text", "at", "is_joined"),
    [
        ("a,http.status in [500, ‸,keep,9", "http.status in [500, ", 21, True),
        ("a,http.status in [500, ‸502],keep,9", "http.status in [500, 502]", 21, True),
        ("a,http.status in [500‸", "http.status in [500", 19, False),
        ('a,"any(http.status in [5, ‸', "any(http.status in [5, ", 23, False),
        ('a,"x == \\"y\\" ‸&& z",keep,9', 'x == "y" && z', 9, False),
        ("a, duration >   ‸", "duration >   ", 13, False),
        ("a,‸", "", 0, False),
        ("a,x (‸y),keep,9", "x (y)", 3, False),
    ],
)
def test_a_half_written_cell_is_read_as_far_as_it_goes(
    row: str,
    text: str,
    at: int,
    is_joined: bool,  # noqa: FBT001 - a case
) -> None:
    found = cell(PLAIN.replace("errors,http.status >= 500,keep,9", row))

    assert found.column == "match"
    assert (found.cell.text, found.cell.at, found.cell.is_joined) == (text, at, is_joined)


def test_the_place_of_a_piece_of_a_quoted_cell_counts_its_escapes() -> None:
    view, offset = at_cursor(PLAIN.replace("http.status >= 500", '"x == \\"y\\" ‸&& z"'))
    found = place_at(view, offset)

    assert isinstance(found, CellPlace)
    piece = found.cell.span_of(5, 8)
    assert view.text.text[piece.start : piece.end] == '\\"y\\"'


@pytest.mark.parametrize("text", ['"‸"', '‸"x"', '"x"‸'])
def test_outside_of_its_quotes_nothing_is_typed(text: str) -> None:
    found = cell(PLAIN.replace("http.status >= 500", text))

    assert (found.cell.at >= 0) == (text == '"‸"')


@pytest.mark.parametrize(
    ("text", "section", "written", "is_key"),
    [
        ("version: 1\nrules[1]{name,‸match}:\n  a,b\n", "rules", ("name",), False),
        ("version: 1\nrules[1]{name,match}:\n  a,b\nfields[1]{‸}:\n", "fields", (), False),
        (
            "version: 1\nrules[1]:\n  - name: a\n    ma‸\n    action: keep\n",
            "rules",
            ("name", "action"),
            True,
        ),
        ("version: 1\nrules[1]:\n  - na‸me: a\n    match: b\n", "rules", ("match",), True),
        (PLAIN.replace("http.status,root", "http.status,‸"), "spans", ("http.status",), False),
        (
            SHOP.replace("{version,", "{vers‸ion,"),
            "",
            ("name", "budget_per_second", "rules"),
            False,
        ),
    ],
)
def test_a_column_is_typed_in_a_header_or_as_the_key_of_an_item(
    text: str, section: str, written: tuple[str, ...], is_key: bool  # noqa: FBT001
) -> None:  # fmt: skip
    found = place(text)

    assert isinstance(found, ColumnPlace)
    assert (found.section, found.written, found.is_key) == (section, written, is_key)


@pytest.mark.parametrize(
    ("text", "name", "written"),
    [
        (PLAIN + "inv‸", "inv", ("version", "name", "rules", "tests")),
        (PLAIN.replace("rules[2]", "ru‸les[2]"), "rules", ("version", "name", "tests")),
        (
            "nectar_policy:\n  version: 1\n  rules[1]{name}:\n    a\n  fi‸\n",
            "fi",
            ("version", "rules"),
        ),
    ],
)
def test_a_section_is_typed(text: str, name: str, written: tuple[str, ...]) -> None:
    view, offset = at_cursor(text)
    found = place_at(view, offset)

    assert isinstance(found, SectionPlace)
    assert view.text.text[found.source.start : found.source.end] == name
    assert found.written == written


@pytest.mark.parametrize(
    ("text", "section", "row"),
    [
        (PLAIN.replace("  rest,true", "  ‸\n  rest,true"), "rules", 1),
        (PLAIN.replace("  rest,true,keep,0\n", "  rest,true,keep,0\n‸\n"), "rules", 2),
        (PLAIN + "‸", "spans", 2),
        (SHOP + "    ‸", "rules", 3),
        ("version: 1\nrules[1]{name,match,action,priority}:\n  ‸", "rules", 0),
        ("version: 1\nrules[1]:\n  - name: a\n    ‸", "rules", 0),
        ("nectar_policy:\n  version: 1\n  ‸", "", 0),
    ],
)
def test_a_blank_line_may_be_a_row_of_the_block_above(text: str, section: str, row: int) -> None:
    found = place(text)

    assert isinstance(found, BlankPlace)
    assert (found.section, found.row) == (section, row)


def test_a_comment_is_no_cell() -> None:
    found = place(PLAIN + "# keep ‸slow\n")

    assert found == CommentPlace(source=found.source, text="# keep slow")  # type: ignore[union-attr]  # compared


@pytest.mark.parametrize(
    "text",
    [
        PLAIN.replace("rules[2]", "rules[‸2]"),
        PLAIN.replace("  errors", " ‸ errors"),
        "other: 1\nversion: 1\nrules[1]{name}:\n  a\nmore:\n  x: ‸1\n",
        SHOP.replace("nectar_policy", "nectar_‸policy"),
    ],
)
def test_elsewhere_there_is_nothing(text: str) -> None:
    assert isinstance(place(text), NoPlace)


def test_a_list_of_spellings_is_cut_at_its_commas() -> None:
    text = PLAIN + "fields[1]:\n  - name: route\n    type: string\n    from[3]: a,b‸b,c\n"

    found = cell(text)

    assert (found.section, found.column, found.row) == ("fields", "from", 0)
    assert (found.cell.text, found.items) == ("bb", ("a", "c"))
    assert found.delimiter is Delimiter.COMMA


def test_the_values_beside_are_known() -> None:
    assert cell(PLAIN.replace("expect: errors", "expect: ‸")).others["name"] == "one"
    row = cell(PLAIN.replace("503,true", "503,‸"))
    assert row.others == {"http.status": "503"}


def test_the_outline_of_a_broken_policy_still_has_its_sections() -> None:
    broken = PLAIN.replace("{name,match,action,priority}:", "{name,match,")

    found = outline(view_of(broken))

    assert found.names == ("version", "name", "rules", "tests")
    assert outline(view_of(SHOP)).indent == 2


@requires_shared
def test_where_toon_can_be_read_the_place_is_what_toon_reads() -> None:
    compared = 0
    forms = [
        encode({"version": 1, **vector["policy"]}, delimiter) + "\n"
        for number, vector in enumerate(read_vectors("policies.jsonl"))
        for delimiter in Delimiter
        if number % 25 == 0
    ]
    for text in (*real_policies(), varied_policy(30), *forms):
        view = view_of(text)
        for one in places(view).cells:
            offset = one.source.start + one.scalar.is_quoted
            found = place_at(view, offset)
            assert isinstance(found, CellPlace), (text, one)
            assert found.cell.text == one.scalar.text
            column = (one.column or one.section) if not one.field else one.field
            assert found.column == column
            if one.column and not one.field:
                assert (found.section, found.row) == (one.section, one.row)
            compared += 1
    assert compared > 300


@pytest.mark.parametrize(
    "text",
    ["rules[1]{name,}:\n  a\n", "version: 1\nrules[1]{na", "rules\n", "# x\nrules[1|]{a|b"],
)
def test_a_half_written_header_has_its_key(text: str) -> None:
    assert "rules" in margin_keys(SourceText.of("policy.toon", text))


def test_only_what_stands_at_the_margin_is_a_key_of_the_document() -> None:
    text = "a[1]:\n  - rules: 1\nb: rules\n- rules: 2\nx,rules\n"

    assert margin_keys(SourceText.of("other.toon", text)) == {"a", "b"}
