"""Texts that are no policies: how much of them is read, reported and held in memory."""

from __future__ import annotations

import tracemalloc

import pytest

from nectarc.source import SourceText
from nectarc.toon import lexer as lexing
from nectarc.toon import read
from nectarc.toon.document import Array, Object
from nectarc.toon.mistakes import MAX_MISTAKES
from tests.unit.toon.reading import codes_of, diagnostics_of, fixed


def _peak(text: str) -> int:
    """Return the most bytes that reading `text` holds at once."""
    source = SourceText.of("a.toon", text)
    read(SourceText.of("a.toon", "a: 1"))
    tracemalloc.start()
    try:
        read(source)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_thousand_mistakes_are_shown_and_the_others_counted() -> None:
    found = diagnostics_of("a: 1\n" + "b\n" * 1500)

    assert len(found) == MAX_MISTAKES
    assert [one.code for one in found[-2:]] == ["NEC005", "NEC028"]
    assert found[-1].headline == "this file has 501 more mistakes, which are not shown"


def test_as_many_mistakes_as_are_shown_need_no_count() -> None:
    found = codes_of("a: 1\n" + "b\n" * MAX_MISTAKES)

    assert found == ["NEC005"] * MAX_MISTAKES


def test_with_mistakes_left_out_no_fix_is_safe() -> None:
    table = "x{}[3]{{a}}:\n  1\n"

    few = diagnostics_of("".join(table.format(number) for number in range(3)))
    many = diagnostics_of("".join(table.format(number) for number in range(MAX_MISTAKES + 1)))

    assert all(fix.is_safe for one in few for fix in one.fixes)
    assert [fix for one in many for fix in one.fixes if fix.is_safe] == []


def test_a_wrong_indent_is_not_mended_below_a_thousand_other_mistakes() -> None:
    text = "a: 1\n" + "b\n" * 1500 + "c:\n   d: 1\n"

    assert fixed(text) == text


def test_a_text_with_too_many_values_is_read_up_to_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexing, "_MAX_VALUES", 100)
    text = "".join(f"key{number}: 1\n" for number in range(50))

    document, found = read(SourceText.of("a.toon", text))

    assert [one.code for one in found] == ["NEC029"]
    assert found[0].source.start == text.index("key20: 1")
    assert isinstance(document.root, Object)
    assert len(document.root.entries) == 21


def test_a_cut_off_table_is_not_blamed_for_its_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexing, "_MAX_VALUES", 100)

    assert codes_of("a[60]{b,c}:\n" + "  1,2\n" * 60) == ["NEC029"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a[1]{b,c}:\n  1,2" + "," * 200 + "\n", "NEC016"),
        ("a[1:]{b,c}:\n  k: 1,2" + "," * 200 + "\n", "NEC016"),
        ("a[3]: 1,2" + "," * 200 + "\n", "NEC015"),
    ],
    ids=["row", "keyed row", "values"],
)
def test_a_row_far_too_long_is_one_mistake_that_says_how_long(text: str, code: str) -> None:
    found = diagnostics_of(text + "d: 1\n")

    assert [one.code for one in found] == [code]
    assert "202" in found[0].headline


def test_values_far_beyond_the_count_are_read_once_it_is_mended() -> None:
    mended = fixed("a[3]: 1,2" + "," * 200)

    document, found = read(SourceText.of("a.toon", mended))

    assert found == ()
    assert isinstance(document.root, Object)
    value = document.root.entries[0].value
    assert isinstance(value, Array)
    assert len(value.items) == 202


# Each item of a text costs memory whatever it says: these are the shortest items there are.
@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("," * 20_000, 5),
        ("a[1]{b,c}:\n  " + "," * 20_000, 30),
        ("a[3]: " + "," * 20_000, 30),
        ("a[1:]{b}:\n  k: " + "," * 20_000, 30),
        ('a: "' + "\\x" * 10_000 + '"', 120),
        ("\n" * 20_000, 60),
        ("a\n" * 10_000, 200),
        ("a:\n" * 7_000, 250),
        ("rules[9]{a,b}:\n" + "  1\n" * 5_000, 250),
        ("a:\n" + "   b: 1\n" * 3_000, 120),
    ],
    ids=[
        "commas", "row", "values", "keyed row", "escapes", "blank lines", "no colons",
        "duplicates", "short rows", "indents",
    ],
)  # fmt: skip
def test_memory_stays_within_bounds(text: str, times: int) -> None:
    assert _peak(text) < times * len(text) + 2_500_000
