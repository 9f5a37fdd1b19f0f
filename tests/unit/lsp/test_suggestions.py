"""Where words are a wish, and which: comments and half rows, in real policies too."""

from __future__ import annotations

import pytest

from nectarc.toon.document import Delimiter
from nectarc_lsp.features.suggestions import wish_at
from tests.unit.lsp.views_of import at_cursor, real_policies, view_of

HEADER = "version: 1\nname: p\nrules[2]{name,description,match,action,priority}:\n"
ROWS = "  keep-errors,All errors,http.status >= 500,keep,100\n  rest,,true,keep,0\n"


@pytest.mark.parametrize(
    ("line", "words", "column", "lead"),
    [
        ("  # keep slow checkout calls‸", ("keep slow checkout calls",), "", "\n  "),
        ("  ## Drop probes\n  # of GET‸", ("Drop probes of GET",), "", "\n  "),
        ("  # keep slow checkout calls\n  ‸", ("keep slow checkout calls",), "", ""),
        ("  # keep slow checkout calls\n‸", ("keep slow checkout calls",), "", "  "),
        ("  keep-slow-checkout‸", ("keep slow checkout",), "name", ""),
        ("  keep_slow_checkout,‸", ("keep slow checkout",), "description", ""),
        ("  a,keep slow calls‸", ("keep slow calls",), "description", ""),
        ("  keep-late,slow calls,‸", ("keep slow calls", "keep late"), "match", ""),
        ("  a,slow calls,duration > 2s,keep‸", ("keep slow calls",), "action", ""),
    ],
)
def test_words_are_a_wish(line: str, words: tuple[str, ...], column: str, lead: str) -> None:
    view, offset = at_cursor(f"{HEADER}{ROWS}{line}\n")

    wish = wish_at(view, offset)

    assert wish is not None
    assert (wish.words, wish.column, wish.lead) == (words, column, lead)
    assert (wish.section, wish.delimiter) == ("rules", Delimiter.COMMA)
    if column:
        assert wish.base == HEADER + ROWS


LIST = """\
version: 1
rules[2]:
  - name: keep-errors
    match: http.status >= 500
    priority: 100
    action: keep
"""


@pytest.mark.parametrize(
    ("lines", "columns", "lead"),
    [
        ("  # keep slow calls‸", ("name", "match", "priority", "action"), "\n  "),
        ("  # keep slow calls\n‸", ("name", "match", "priority", "action"), "  "),
        ("  - name: keep-slow-calls‸", ("name", "match", "priority", "action"), ""),
        ("  - name: keep-slow-calls\n    priority: 1\n    match: ‸", ("match", "action"), ""),
        ("  - name: keep-slow-calls\n    match:‸", ("match", "priority", "action"), " "),
        (
            "  - name: keep-slow-calls\n    match: ‸\n    action: keep",
            ("match", "priority"),
            "",
        ),
    ],
)
def test_words_are_a_wish_in_a_list(lines: str, columns: tuple[str, ...], lead: str) -> None:
    view, offset = at_cursor(f"{LIST}{lines}\n")

    wish = wish_at(view, offset)

    assert wish is not None
    assert (wish.words, wish.columns, wish.lead) == (("keep slow calls",), columns, lead)
    assert wish.is_list
    if wish.column:
        assert wish.base == LIST


def test_the_midst_of_an_item_is_no_place_for_another() -> None:
    text = LIST.replace("    priority", "    # keep slow calls‸\n    priority")

    assert wish_at(*at_cursor(text)) is None


@pytest.mark.parametrize(
    "line",
    [
        "  # keep sl‸ow calls",
        "  # probes are noisy‸",
        "  # keep‸",
        "# keep slow calls‸",
        "  keep‸",
        "  keep-slow,slow calls,true,keep,1‸",
        "  keep-sl‸ow,slow calls,true,keep,1",
        '  keep-slow,"keep slow‸',
        "      # keep slow calls\n        ‸",
        "‸",
    ],
)
def test_other_words_are_none(line: str) -> None:
    view, offset = at_cursor(f"{HEADER}{ROWS}{line}\n")

    assert wish_at(view, offset) is None


def test_who_asks_means_any_comment() -> None:
    view, offset = at_cursor(f"{HEADER}{ROWS}  # probes are noisy‸\n")

    asked = wish_at(view, offset, is_asked=True)

    assert asked is not None
    assert asked.words == ("probes are noisy",)


def test_a_cell_in_the_midst_is_wanted_alone() -> None:
    view, offset = at_cursor(f"{HEADER}{ROWS}  a,keep slow calls,‸,keep,10\n")

    wish = wish_at(view, offset)

    assert wish is not None
    assert wish.is_one
    assert wish.typed == {
        "name": "a", "description": "keep slow calls", "action": "keep", "priority": "10"
    }  # fmt: skip


def test_tests_and_fields_have_no_wishes() -> None:
    view, offset = at_cursor(
        f"{HEADER}{ROWS}fields[1]{{name,type,from}}:\n  a,string,b\n  # keep slow calls‸\n"
    )

    assert wish_at(view, offset) is None


def test_no_place_of_a_real_policy_is_a_defect() -> None:
    for text in real_policies():
        view = view_of(text)
        for offset in range(0, len(text) + 1, 7):
            wish = wish_at(view, offset, is_asked=True)
            assert wish is None or (wish.offset == offset and wish.words)
