"""Semantic tokens."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest

from nectarc_lsp.database.knowledge import Knowledge, Progress, Reach, RuleKnowledge
from nectarc_lsp.database.view import View
from nectarc_lsp.features.token_data import data_edits, token_data
from nectarc_lsp.features.tokens import (
    LEGEND_MODIFIERS,
    LEGEND_TYPES,
    Modifier,
    RowMemory,
    TokenKind,
    pieces,
    tokens,
)
from nectarc_lsp.handlers.convert import to_position
from tests.shared_data import requires_shared
from tests.unit.lsp.views_of import knowing, texts, view_of

POLICY = """\
# first
version: 1
rules[2]{name,match,action,priority}:
  "\N{HONEYBEE}","any(root.http.route not in [\\"x\\", 'y'] && tier == true)",sample(1/20),2
  rest,true,keep,0
fields[1]{name,type,from}:
  tier,bool,t
tests[1]:
  - name: a
    expect: rest
    spans[1]{t,root}:
      x,true
"""


def _kinds(view: View) -> list[tuple[str, TokenKind]]:
    return [(view.text.text[one.start : one.end], one.kind) for one in tokens(view)]


def test_the_legend_names_every_kind_and_modifier_in_its_place() -> None:
    names = [one.name.replace("_", "").lower() for one in TokenKind]
    assert names == [one.lower() for one in LEGEND_TYPES]
    assert [one.value for one in TokenKind] == list(range(len(LEGEND_TYPES)))
    bits = [one for one in Modifier if one.value]
    assert [1 << number for number in range(len(LEGEND_MODIFIERS))] == [one.value for one in bits]


def test_every_word_of_a_row_has_its_kind() -> None:
    found = _kinds(view_of(POLICY))

    assert found[:2] == [("# first", TokenKind.COMMENT), ("version", TokenKind.KEYWORD)]
    start = next(n for n, one in enumerate(found) if "\N{HONEYBEE}" in one[0])
    assert found[start : start + 15] == [
        ('"\N{HONEYBEE}"', TokenKind.CLASS),
        ("any", TokenKind.KEYWORD),
        ("root.", TokenKind.KEYWORD),
        ("http.route", TokenKind.PROPERTY),
        ("not", TokenKind.KEYWORD),
        ("in", TokenKind.KEYWORD),
        ('\\"x\\"', TokenKind.STRING),
        ("'y'", TokenKind.STRING),
        ("&&", TokenKind.OPERATOR),
        ("tier", TokenKind.PROPERTY),
        ("==", TokenKind.OPERATOR),
        ("true", TokenKind.ENUM_MEMBER),
        ("sample", TokenKind.FUNCTION),
        ("1", TokenKind.NUMBER),
        ("20", TokenKind.NUMBER),
    ]


def test_names_of_the_conventions_are_told_from_those_of_the_policy() -> None:
    view = view_of(POLICY)

    known = {
        view.text.text[one.start : one.end]
        for one in tokens(view)
        if one.modifiers & Modifier.DEFAULT_LIBRARY
    }

    assert known == {"http.route"}


@pytest.mark.parametrize(("encoding", "length"), [("utf-8", 6), ("utf-16", 4), ("utf-32", 3)])
def test_lengths_are_in_the_units_of_the_client(encoding: str, length: int) -> None:
    view = view_of(POLICY)
    index = next(number for number, one in enumerate(tokens(view)) if one.kind is TokenKind.CLASS)

    data = _data(view, encoding)

    assert data[5 * index + 2] == length
    assert data[5 * index + 6] == length + 2  # `any` begins behind `,"`


def test_a_rule_that_the_worker_found_dead_is_deprecated() -> None:
    view = view_of(POLICY)
    dead = RuleKnowledge(name="rest", reach=Reach.NEVER)
    known = Knowledge(digest="", progress=Progress.VERDICTS, rules=(dead,))

    found = {
        view.text.text[one.start : one.end]
        for one in tokens(knowing(view, known))
        if one.modifiers & Modifier.DEPRECATED
    }

    assert found == {"rest"}
    assert not any(one.modifiers & Modifier.DEPRECATED for one in tokens(view))


def _data(view: View, encoding: str, memory: RowMemory | None = None) -> tuple[int, ...]:
    return token_data(pieces(view, memory or RowMemory()), view.text, encoding)


def _plain_data(view: View, encoding: str) -> tuple[int, ...]:
    """Return the numbers one token at a time, from positions."""
    data: list[int] = []
    line = column = 0
    for one in tokens(view):
        start, end = (to_position(o, view.text, encoding) for o in (one.start, one.end))
        right = start.character - (column if start.line == line else 0)
        length = end.character - start.character
        data += (start.line - line, right, length, one.kind.value, one.modifiers.value)
        line, column = start.line, start.character
    return tuple(data)


def _changed(old: tuple[int, ...], new: tuple[int, ...]) -> tuple[int, ...]:
    numbers = list(old)
    for one in data_edits(old, new):
        numbers[one.start : one.start + one.removed] = one.data
    return tuple(numbers)


def test_an_edit_of_one_word_changes_few_numbers() -> None:
    views = [view_of(POLICY), view_of(POLICY.replace("keep,0", "drop,0"))]
    old, new = (_data(one, "utf-16") for one in views)
    longer = view_of(POLICY.replace("keep,0", "sample(1/2),0"))

    assert data_edits(old, new) == ()
    (edit,) = data_edits(old, _data(longer, "utf-16"))
    assert len(edit.data) <= 20


@requires_shared
def test_tokens_are_sorted_apart_and_on_one_line_and_differences_lead_to_them() -> None:
    random = Random(0)
    old: tuple[int, ...] = ()
    memory = RowMemory()
    for text in texts():
        view = view_of(text)
        found = tokens(view)
        encoding = random.choice(("utf-8", "utf-16", "utf-32"))
        new = _data(view, encoding, memory)

        assert all(one.end <= other.start for one, other in pairwise(found))
        assert all("\n" not in text[one.start : one.end] for one in found)
        assert all(one.start < one.end <= len(text) for one in found)
        assert new == _plain_data(view, encoding)
        assert _changed(old, new) == new
        old = new
