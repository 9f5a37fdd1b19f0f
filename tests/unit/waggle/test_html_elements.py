from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nectarc.waggle.html_elements import (
    NOTHING,
    Column,
    block,
    code,
    element,
    folded,
    heading,
    listed,
    name,
    plain,
    table,
    text,
)


class _Seen(HTMLParser):
    """The tags and the text of a piece of HTML."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize(
    ("words", "markup"),
    [
        ("a `b < c` d", "a <code>b &lt; c</code> d"),
        ("`a` and `b`", "<code>a</code> and <code>b</code>"),
        ("one ` alone", "one ` alone"),
        ("`open", "`open"),
        ("``", "``"),
        ("` `", "` `"),
        ("12 % of `12 %`", "12\u00a0% of <code>12 %</code>"),
    ],
)
def test_code_is_what_stands_between_two_backticks(words: str, markup: str) -> None:
    assert text(words) == markup


@given(st.text())
def test_no_text_becomes_an_element(words: str) -> None:
    assert _Seen(plain(words)).tags == []
    assert set(_Seen(text(words)).tags) <= {"code"}
    assert _Seen(name(words)).tags == ["bdi"]
    assert _Seen(code(words)).tags == ["code"]
    assert _Seen(block(words, words)).tags == ["pre", "code"]


@given(st.text())
def test_no_text_ends_an_attribute(words: str) -> None:
    seen = _Seen(element("p", title=words, class_="x"))

    assert [key for key, _ in seen.attributes] == ["title", "class"]


@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\x9b", "\x1b", "\ud800"])
def test_what_turns_or_hides_text_is_shown_as_a_mark(sign: str) -> None:
    assert sign not in plain(f"a{sign}b")
    assert len(plain(f"a{sign}b")) == 3


def test_code_keeps_the_blank_before_a_percent_sign() -> None:
    assert code("a 5 %") == "<code>a 5 %</code>"


def test_a_block_keeps_lines_and_has_a_name() -> None:
    assert (
        block("a: <b>\n  - c\n", "YAML")
        == '<pre aria-label="YAML" role="group"><code>a: &lt;b&gt;\n  - c</code></pre>'
    )


def test_a_cell_names_its_column_for_cards() -> None:
    made = table(
        plain("all"),
        (Column(title="rule"), Column(title="events", is_number=True)),
        [(plain("a"), plain("1")), (plain("b"), NOTHING)],
        foot=(plain("sum"), plain("1")),
    )

    assert made.count('<th scope="col"') == 2
    assert made.count('<th scope="row"') == 3
    assert '<td role="cell" data-label="events" class="number"><span>1</span></td>' in made
    assert '<td role="cell" data-label="events" class="empty"><span></span></td>' in made
    assert made.startswith('<table role="table" class="cards"><caption>all</caption>')


def test_headings_end_at_six() -> None:
    assert heading(7, plain("deep")) == "<h6>deep</h6>"


def test_a_list_of_nothing_is_nothing() -> None:
    assert listed(()) == NOTHING


def test_what_opens_has_a_title() -> None:
    assert folded(plain("more"), plain("x")) == "<details><summary>more</summary>x</details>"
