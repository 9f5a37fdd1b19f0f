"""The search for words: what it finds is one, and what it rules out is not there."""

from __future__ import annotations

from itertools import product
from random import Random
from typing import Final

import pytest

from nectarc.automata.language import Language, Unsupported
from nectarc.automata.languages import (
    between,
    contains,
    ends_with,
    equals,
    everything,
    one_of,
    regex,
    starts_with,
)
from nectarc.automata.words import Core, GaveUp, find_word, find_word_in, find_word_or_core

_WORDS: Final = ["".join(word) for size in range(7) for word in product("abc", repeat=size)]


def _pattern(pattern: str) -> Language:
    language = regex(pattern)
    assert not isinstance(language, Unsupported)
    return language


@pytest.mark.parametrize(
    ("wanted", "unwanted", "word"),
    [
        ([], [], ""),
        ([everything()], [], ""),
        ([contains("error"), starts_with("GET ")], [], "GET error"),
        ([starts_with("a"), ends_with("a")], [equals("a")], "aa"),
        ([one_of(["cat", "dog"])], [contains("a")], "dog"),
        ([_pattern("^[0-9]{3}$"), between("5", "6")], [], "500"),
        ([_pattern(r"\bx\b")], [starts_with("x"), ends_with("x")], "-x-"),
        ([], [starts_with("")], None),
        ([contains("errors")], [contains("error")], None),
        ([equals("a")], [equals("a")], None),
        ([starts_with("a"), starts_with("b")], [], None),
        ([between("a", "a\0")], [], None),
        ([_pattern("^a*$"), contains("b")], [], None),
        ([starts_with("ab"), ends_with("bc")], [contains("b")], None),
        ([between("a", None), _pattern("^.$")], [_pattern("[b-\U0010ffff]")], None),
    ],
)
def test_words_are_short_and_readable(
    wanted: list[Language], unwanted: list[Language], word: str | None
) -> None:
    assert find_word(wanted, unwanted) == word


@pytest.mark.parametrize("seed", range(8))
def test_found_words_satisfy_and_what_is_ruled_out_has_no_short_word(seed: int) -> None:
    rng = Random(seed)
    verdicts = set()
    for _ in range(60):
        wanted = [_random_language(rng) for _ in range(rng.randrange(4))]
        unwanted = [_random_language(rng) for _ in range(rng.randrange(5))]

        word = find_word(wanted, unwanted)

        verdicts.add(word is None)
        answer = find_word_or_core(wanted, unwanted)
        assert (answer if isinstance(answer, str) else None) == word
        if isinstance(answer, Core):
            assert answer.wanted <= set(wanted)
            assert answer.unwanted <= set(unwanted)
            few = (list(answer.wanted), list(answer.unwanted))
            assert not any(_is_word(short, *few) for short in _WORDS)
            assert not any(_is_word(short, wanted, unwanted) for short in _WORDS)
        else:
            assert isinstance(word, str)
            assert _is_word(word, wanted, unwanted), word
    assert verdicts == {True, False}


def test_a_core_leaves_out_what_has_nothing_to_do_with_the_conflict() -> None:
    wanted = [_pattern(f"^/api/v[0-9]+/{word}$") for word in ("cart", "cart|/rate")]
    unwanted = [*map(starts_with, ("/api/v1", "/b", "/c")), _pattern("/c[a-z]+t$"), contains("x")]

    answer = find_word_or_core(wanted, unwanted)

    assert answer == Core(frozenset(wanted[:1]), frozenset(unwanted[3:4]))
    assert find_word(wanted, unwanted[:3] + unwanted[4:]) == "/api/v0/cart"
    both = frozenset((contains("x"),))
    assert find_word_or_core([contains("x")], [contains("x"), equals("y")]) == Core(both, both)


def test_many_texts_to_contain_and_to_avoid_are_answered() -> None:
    rng = Random(4)
    stems = ["".join(rng.choices("abcdefgh", k=6)) for _ in range(40)]
    patterns = [_pattern(rf"{stem[:3]}[0-9]+{stem[3:]}$|^{stem[1:4]}") for stem in stems[:10]]
    wanted = [contains(stem) for stem in stems[:20]]
    unwanted = [contains(stem) for stem in stems[20:]] + patterns

    word = find_word(wanted, unwanted)

    assert isinstance(word, str)
    assert _is_word(word, wanted, unwanted)
    assert find_word([*wanted, ends_with("zz")], [*unwanted, contains("zz")]) is None


def test_a_search_gives_up_at_its_limit() -> None:
    wanted = [_pattern("(a|b)*a(a|b){9}c")]
    unwanted = [_pattern("[ab]{10}c")]

    assert isinstance(find_word(wanted, unwanted, states_max=20), GaveUp)
    assert find_word(wanted, unwanted) is None


def test_alternatives_are_tried_in_turn() -> None:
    alternatives = [(equals("a"),), (starts_with("b"), ends_with("c"))]

    assert find_word_in(alternatives) == "a"
    assert find_word_in(alternatives, (), (equals("a"),)) == "bc"
    assert find_word_in(alternatives, (starts_with("c"),)) is None


def test_a_language_with_too_many_states_to_know_at_once_is_searched_as_it_grows() -> None:
    language = _pattern("(a|b)*a(a|b){12}c$")

    word = find_word([language], [starts_with("a")])

    assert language.table.grow is not None
    assert isinstance(word, str)
    assert language.matches(word)
    assert not word.startswith("a")


def _is_word(word: str, wanted: list[Language], unwanted: list[Language]) -> bool:
    return all(one.matches(word) for one in wanted) and not any(
        one.matches(word) for one in unwanted
    )


def _random_language(rng: Random) -> Language:
    text = "".join(rng.choices("abc", k=rng.randint(1, 3)))
    other = "".join(rng.choices("abc", k=rng.randint(1, 3)))
    match rng.randrange(8):
        case 0:
            return equals(text)
        case 1:
            return starts_with(text)
        case 2:
            return ends_with(text)
        case 3:
            return between(min(text, other), max(text, other) if rng.random() < 0.7 else None)
        case 4:
            return _pattern(f"^{text}*[^{other}]$")
        case 5:
            return _pattern(f"{text}.?{other}")
        case 6:
            return one_of([text, other, text + other])
        case _:
            return contains(text)
