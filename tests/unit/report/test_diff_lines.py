"""Lines that keep code whole."""

from __future__ import annotations

import pytest

from nectarc.report.diff_lines import bullet, filled


def test_code_is_not_broken_where_it_fits_a_line() -> None:
    words = "some span has (`error exists`) or `a = 1`, `b = 2`"

    assert filled(words, width=26, indent=2) == [
        "  some span has",
        "  (`error exists`) or",
        "  `a = 1`, `b = 2`",
    ]


@pytest.mark.parametrize("width", range(4, 40))
def test_nothing_is_lost_and_no_line_is_too_wide(width: int) -> None:
    words = 'rule `a name that has many words in it`: 日本 `x = "é"` has ` one tick and more'

    lines = filled(words, width=width)

    assert "".join("".join(lines).split()) == "".join(words.split())
    assert all(len(line) <= width for line in lines)


def test_a_backtick_without_its_other_is_a_word() -> None:
    assert filled("the name a` b is odd", width=10) == ["the name", "a` b is", "odd"]


def test_lines_of_a_list_hang_under_its_words() -> None:
    assert bullet("-", "one two three", width=9) == ["- one two", "  three"]
    assert bullet("10.", "one two", width=7) == ["10. one", "    two"]
