from __future__ import annotations

import pytest

from nectarc.diagnostic import Diagnostic, Edit, Fix, Severity
from nectarc.fixes import apply_fixes, safe_fixes
from nectarc.source import SourceText

TEXT = SourceText.of("p", "abcdef")


def _fix(*edits: tuple[int, int, str], is_safe: bool = True) -> Fix:
    made = tuple(Edit(TEXT.span(start, end), text) for start, end, text in edits)
    return Fix("a title", made, is_safe)


@pytest.mark.parametrize(
    ("fixes", "expected", "applied"),
    [
        ([_fix((1, 2, "X")), _fix((4, 5, "YY"))], "aXcdYYf", 2),
        ([_fix((4, 5, "YY")), _fix((1, 2, "X"))], "aXcdYYf", 2),
        ([_fix((1, 3, "X")), _fix((2, 4, "Y"))], "aXdef", 1),
        ([_fix((1, 3, "X")), _fix((3, 4, "Y"))], "aXYef", 2),
        ([_fix((2, 2, "(")), _fix((2, 2, "["))], "ab([cdef", 2),
        ([_fix((2, 2, "(")), _fix((2, 2, "("))], "ab(cdef", 1),
        ([_fix((0, 1, "X"), (5, 6, "Z")), _fix((5, 6, "W"))], "XbcdeZ", 1),
        ([_fix((1, 3, "X")), _fix((0, 1, "Z"), (2, 3, "W"))], "aXdef", 1),
        ([_fix((0, 6, ""))], "", 1),
        ([_fix()], "abcdef", 0),
        ([Fix("elsewhere", (Edit(SourceText.of("q", "x").span(0, 1), ""),), True)], "abcdef", 0),
    ],
    ids=[
        "apart",
        "in any order",
        "overlapping: the first",
        "touching",
        "two insertions in order",
        "the same insertion once",
        "the second edit of the first is in the way",
        "whole or not at all",
        "everything",
        "without edits",
        "of another file",
    ],
)
def test_fixes_that_do_not_overlap_are_applied(
    fixes: list[Fix], expected: str, applied: int
) -> None:
    text, done = apply_fixes(TEXT, fixes)

    assert (text, len(done)) == (expected, applied)


@pytest.mark.parametrize(
    ("fixes", "expected"),
    [
        ((_fix((0, 1, "x")),), 1),
        ((_fix((0, 1, "x"), is_safe=False),), 0),
        ((_fix((0, 1, "x"), is_safe=False), _fix((0, 1, "y"))), 1),
        ((_fix((0, 1, "x")), _fix((0, 1, "y"))), 0),
    ],
    ids=["one safe", "one unsafe", "one of each", "two safe ones are a choice"],
)
def test_only_what_leaves_no_choice_is_applied_unasked(
    fixes: tuple[Fix, ...], expected: int
) -> None:
    found = Diagnostic(
        code="NEC001",
        severity=Severity.ERROR,
        headline="x",
        source=TEXT.span(0, 1),
        fixes=fixes,
    )

    assert len(safe_fixes([found, found])) == expected


def test_while_there_are_errors_only_theirs_are_applied() -> None:
    hint, error = (
        Diagnostic(
            code="NEC001", severity=severity, headline="x", source=TEXT.span(0, 1), fixes=(fix,)
        )
        for severity, fix in (
            (Severity.HINT, _fix((0, 1, "hint"))),
            (Severity.ERROR, _fix((4, 5, "error"))),
        )
    )

    assert safe_fixes([hint, error]) == list(error.fixes)
    assert safe_fixes([hint]) == list(hint.fixes)


def test_an_insertion_stands_before_what_is_replaced_at_its_place() -> None:
    text = SourceText.of("a.toon", "abcdef")
    word = Fix("replace", (Edit(text.span(2, 4), "XY"),))
    mark = Fix("insert", (Edit(text.span(2, 2), "-"),))

    assert apply_fixes(text, (word, mark)) == ("ab-XYef", (word, mark))
    assert apply_fixes(text, (mark, word)) == ("ab-XYef", (mark, word))


def test_thousands_of_edits_take_no_longer_than_their_text() -> None:
    text = SourceText.of("a.toon", "ab" * 50_000)
    indents = Fix("all", tuple(Edit(text.span(at, at), " ") for at in range(0, 100_000, 2)))
    words = [Fix("one", (Edit(text.span(at, at + 1), "B"),)) for at in range(1, 100_000, 2)]

    changed, applied = apply_fixes(text, [indents, *words])

    assert changed == " aB" * 50_000
    assert len(applied) == 50_001
