"""Slips that are corrected, and words that are left alone."""

from __future__ import annotations

import pytest

from nectarc.intent.vocabulary import Vocabulary
from nectarc.offline.lexer import lex
from nectarc.offline.spelling import suggested


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("keep al lerrors", ["all errors"]),
        ("slwo requsts", ["slow", "requests"]),
        ("smaple the rest", ["sample"]),
        ("keap erors", ["keep", "errors"]),
        ("5 precent", ["5 percent"]),
        ("evreything", ["everything"]),
        ("drop helth checks", ["health"]),
        ("the remaning traffic", ["remaining"]),
        ("2 secnods", ["2 seconds"]),
        ("exept", ["except"]),
    ],
)
def test_slips_are_corrected(text: str, meant: list[str]) -> None:
    corrections = lex(text, Vocabulary()).corrections
    found = [one.meant.removeprefix("5 ").removeprefix("2 ") for one in corrections]

    assert found == [one.removeprefix("5 ").removeprefix("2 ") for one in meant]


@pytest.mark.parametrize(
    "word",
    [
        "acme",
        "least",
        "lost",
        "code",
        "storms",
        "type",
        "numbers",
        "shop",
        "sold",
        "kelp",
        "internal",
        "recently",
        "GoLang",
        "iOS",
        "retry",
        "invoice",
        "flow",
        "droplet",
    ],
)
def test_words_that_are_no_slips(word: str) -> None:
    assert lex(f"the {word}", Vocabulary()).corrections == ()


def test_a_word_near_a_name_of_the_corpus_is_left_alone() -> None:
    vocabulary = Vocabulary(values={"service.name": ("errorz",)})

    assert lex("keep erroz", vocabulary).corrections == ()


def test_a_name_of_the_corpus_is_not_corrected() -> None:
    vocabulary = Vocabulary(values={"service.name": ("requsts",)})

    assert lex("keep requsts", vocabulary).corrections == ()


def test_suggestions() -> None:
    assert suggested("smaple", Vocabulary()) == "sample"
    assert suggested("blurb", Vocabulary()) == ""
