"""Formatting by the smallest edits."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest

from nectarc.diagnostic import Edit
from nectarc.formatting import format_text
from nectarc.source import SourceText
from nectarc_lsp.features.format_edits import (
    applied,
    format_edits,
    format_newline,
    format_range,
    moved_lines,
)
from tests.shared_data import requires_shared
from tests.unit.lsp.views_of import at_cursor, texts, view_of

UNTIDY = """\
version: 1
rules[3]{name,match,action,priority}:
  a,http.status>=500,keep,3
  b,duration > 5s,sample( 1/20 ),2
  c,true,keep,1
"""
TIDY = """\
version: 1
rules[3]{name,match,action,priority}:
  a,http.status >= 500,keep,3
  b,duration > 5s,sample(1/20),2
  c,true,keep,1
"""


def test_only_what_differs_is_edited() -> None:
    view = view_of(UNTIDY)

    edits = format_edits(view)

    assert applied(UNTIDY, list(edits)) == TIDY
    assert [UNTIDY[one.source.start : one.source.end] for one in edits] == [">=", " 1/20 "]


def test_a_tidy_text_is_left_alone() -> None:
    assert format_edits(view_of(TIDY)) == ()


def test_line_ends_of_two_characters_stay() -> None:
    windows = UNTIDY.replace("\n", "\r\n")

    edits = format_edits(view_of(windows))

    assert applied(windows, list(edits)) == TIDY.replace("\n", "\r\n")
    assert len(edits) == 2


def test_a_text_that_cannot_be_read_is_left_alone() -> None:
    assert format_edits(view_of(UNTIDY.replace("keep,3", "keep,3,4"))) == ()


def test_a_range_edits_its_whole_rows_only() -> None:
    view = view_of(UNTIDY)
    start = UNTIDY.index("duration")

    edits = format_range(view, start, start + 3)

    assert applied(UNTIDY, list(edits)) == UNTIDY.replace("sample( 1/20 )", "sample(1/20)")


def test_a_range_that_would_tear_a_table_apart_is_left_alone() -> None:
    deep = UNTIDY.replace("  a,", "    a,").replace("  b,", "    b,").replace("  c,", "    c,")
    view = view_of(deep)

    assert format_range(view, deep.index("    b,"), deep.index("    b,") + 5) == ()
    assert applied(deep, list(format_edits(view))) == TIDY


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("version: 1\nrules[1]{n,m}:\n‸", "version: 1\nrules[1]{n,m}:\n  "),
        ("rules[1]{n,m}:\n  a,true\n    ‸", "rules[1]{n,m}:\n  a,true\n  "),
        ("rules[1]{n,m}:\n  a,true\n  b,true\n‸", "rules[2]{n,m}:\n  a,true\n  b,true\n  "),
        ("rules[3]{n,m}:\n  a,true\n‸", "rules[3]{n,m}:\n  a,true\n  "),
        ("tests[1]:\n  - name: x\n‸", "tests[1]:\n  - name: x\n    "),
        ("tests[1]:\n  - spans[1]{a}:\n‸", "tests[1]:\n  - spans[1]{a}:\n      "),
        ("tests[1]:\n  - n: x\n    s[1]{a}:\n‸", "tests[1]:\n  - n: x\n    s[1]{a}:\n      "),
        ("nectar_policy{version,rules}:\n‸", "nectar_policy{version,rules}:\n  "),
        ("rules[1]{n,m}:\n  a,'x:'\n‸", "rules[1]{n,m}:\n  a,'x:'\n  "),
        ("rules[1]{n,m}:\n# about\n‸", "rules[1]{n,m}:\n# about\n  "),
        ("version: 1\n‸name: x\n", "version: 1\nname: x\n"),
    ],
)  # fmt: skip
def test_a_new_line_begins_where_its_block_does_and_a_grown_table_is_counted(
    text: str, after: str
) -> None:
    view, offset = at_cursor(text if "rules" in text else "rules[0]:\n" + text)

    edits = format_newline(view, offset)

    changed = applied(view.text.text, list(edits))
    assert changed.removeprefix("rules[0]:\n") == after


@requires_shared
def test_formatting_by_edits_is_formatting_and_is_done_once() -> None:
    random = Random(0)
    for text in texts():
        view = view_of(text)
        wanted = format_text(view.text).text
        edits = format_edits(view)
        changed = applied(text, list(edits))

        assert changed == (text if wanted is None else wanted)
        assert format_edits(view_of(changed)) == ()
        ends = [one.source for one in edits]
        assert all(a.end <= b.start for a, b in pairwise(ends))
        start = random.randrange(len(text) + 1)
        part = format_range(view, start, random.randrange(start, len(text) + 1))
        if wanted is not None:
            assert format_text(view_of(applied(text, list(part))).text).text == wanted
        format_newline(view, start)


def test_lines_that_move_are_all_that_changes() -> None:
    text = SourceText.of("policy.toon", "a\n1\n2\n3\n4\nend")
    whole = Edit(text.span(2, 10), "1\n4\n2\n3\n")

    edits = list(moved_lines(text, whole))

    assert applied(text.text, edits) == "a\n1\n4\n2\n3\nend"
    assert sorted(one.text for one in edits) == ["", "4\n"]
