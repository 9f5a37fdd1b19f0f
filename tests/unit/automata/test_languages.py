"""Each language of a single test, against Python's own reading of that test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import Final

import pytest

from nectarc.automata.language import Language, alphabet_of, alphabet_of_ranges, distances
from nectarc.automata.languages import (
    below,
    between,
    contains,
    ends_with,
    equals,
    everything,
    one_of,
    regex,
    starts_with,
)
from nectarc.automata.numbers import complement

_ALPHABET: Final = "aby"
_LENGTH: Final = 5
_CASES: Final[list[tuple[str, Language, Callable[[str], bool]]]] = [
    ("everything", everything(), lambda _: True),
    ("equals", equals("aba"), lambda text: text == "aba"),
    ("equals_empty", equals(""), lambda text: not text),
    ("starts_with", starts_with("ab"), lambda text: text.startswith("ab")),
    ("starts_with_empty", starts_with(""), lambda _: True),
    ("ends_with_border", ends_with("aba"), lambda text: text.endswith("aba")),
    ("ends_with_run", ends_with("aa"), lambda text: text.endswith("aa")),
    ("ends_with_empty", ends_with(""), lambda _: True),
    ("contains_border", contains("abab"), lambda text: "abab" in text),
    ("contains_run", contains("aab"), lambda text: "aab" in text),
    ("contains_empty", contains(""), lambda _: True),
    ("one_of", one_of(["a", "ab", "by", ""]), lambda text: text in {"a", "ab", "by", ""}),
    ("one_of_none", one_of([]), lambda _: False),
    ("below", below("ab"), lambda text: text < "ab"),
    ("below_empty", below(""), lambda _: False),
    ("above", between("ab", None), lambda text: text > "ab"),
    ("between_prefix", between("a", "ab"), lambda text: "a" < text < "ab"),
    ("between_apart", between("aby", "ba"), lambda text: "aby" < text < "ba"),
    ("between_same", between("ab", "ab"), lambda _: False),
    ("between_swapped", between("b", "a"), lambda _: False),
    ("between_zero", between("a", "a\0"), lambda _: False),
    ("between_any", between(None, None), lambda _: True),
    ("complement", complement(contains("ab")), lambda text: "ab" not in text),
]


def _words(alphabet: str = _ALPHABET, length: int = _LENGTH) -> Iterator[str]:
    for size in range(length + 1):
        yield from map("".join, product(alphabet, repeat=size))


def _run(language: Language, text: str) -> int:
    state = language.start
    for character in text:
        state = language.step(state, ord(character))
    return state


@pytest.mark.parametrize(
    ("language", "expected"), [case[1:] for case in _CASES], ids=[case[0] for case in _CASES]
)
def test_a_language_is_the_texts_of_its_test(
    language: Language, expected: Callable[[str], bool]
) -> None:
    for word in (*_words(), "\0", "a\0", "ab\U0010ffff", "é", "abé"):
        state = _run(language, word)

        assert language.accepts(state) is expected(word), word
        assert language.matches(word) is expected(word), word


@pytest.mark.parametrize("language", [case[1] for case in _CASES], ids=[c[0] for c in _CASES])
def test_dead_and_full_states_are_known(language: Language) -> None:
    for word in _words(length=4):
        state = _run(language, word)
        verdicts = {language.matches(word + more) for more in _words("abyz\0", 5)}

        assert language.is_dead(state) == (verdicts == {False}), word
        assert language.is_full(state) == (verdicts == {True}), word


@pytest.mark.parametrize("language", [case[1] for case in _CASES], ids=[c[0] for c in _CASES])
def test_the_code_points_of_a_state_reach_all_that_it_reaches(language: Language) -> None:
    for state in range(len(language.table.rows)):
        shown = {language.step(state, point) for point in language.code_points(state)}

        assert shown == {language.step(state, point) for point in range(0x180)}


def test_equal_arguments_share_one_table() -> None:
    assert contains("ab").table is contains("ab").table
    assert one_of(["a", "b"]) == one_of(["b", "a", "a"])
    assert contains("ab") != starts_with("ab")
    assert isinstance(regex("ab"), Language)
    assert regex("ab") is regex("ab")


def test_an_alphabet_tells_its_characters_apart_and_all_others_not() -> None:
    alphabet = alphabet_of(["ba", "\0", "\U0010ffff"])

    kinds = [alphabet.class_of(ord(character)) for character in "\0\1`abc\U0010fffe\U0010ffff"]

    assert kinds == [1, 0, 0, 2, 3, 0, 0, 4]
    assert alphabet.size == 5


def test_an_alphabet_of_sets_is_the_coarsest() -> None:
    alphabet = alphabet_of_ranges([((97, 102),), ((100, 105),), ((120, 120),)])

    kinds = [alphabet.class_of(ord(character)) for character in " adfgjx\U0010ffff"]

    assert kinds[0] == kinds[5] == kinds[7]
    assert kinds[2] == kinds[3]
    assert alphabet.size == len(set(kinds)) == 5


def test_distances_are_those_of_shortest_paths() -> None:
    rows = [[1, 2], [1, 3], [2, 2], [3, 3]]

    assert distances(rows, [3])[:2] == [2, 1]
    assert distances(rows, [3])[2] > 1000
