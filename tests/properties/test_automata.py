"""Automata of patterns made at random say what google-re2 says; so do words found for them."""

from __future__ import annotations

from random import Random
from typing import Final

import pytest

from nectarc.automata.language import Language
from nectarc.automata.languages import contains, regex, starts_with
from nectarc.automata.words import find_word
from nectarc.evaluate.patterns import compile_pattern, pattern_error

_ATOMS: Final = (
    "a", "b", "k", "s", "K", r"\d", r"\w", r"\W", r"\s", r"\S", r"\D", ".", "[ab]", "[^a]", "[a-k]",
    r"[^\W]", "[[:alpha:]]", "[[:^digit:]]", "é", "ß", r"\x{212a}", r"\x41", r"\07", r"\n", "^",
    "$", r"\pL", r"\P{Greek}", r"[\p{Nd}\p{Lt}]", r"[^\p{Lu}]",
    r"\b", r"\B", r"\A", r"\z", "(?i)", "(?m)", "(?s)", "(?-i)", r"\Qa.\E", "{", "-", "_",
    r"[\d-]", "[]-a]", "\u017f", "[k-s]", "\u03c3", r"\.", r"[^\n]", "\U0001f600", "[à-ü]",
)  # fmt: skip
_REPEATS: Final = ("*", "+", "?", "{2}", "{1,3}", "{0,2}", "{2,}", "*?", "{,2}")
_FLAGS: Final = ("i", "m", "s", "im", "i-s", "U", "sm")
_CHARACTERS: Final = "aabbkKsS09 _-.\n\né\u212a\u017fßẞ\u03c3ςΣ{\U0001f600xA\x07Zzàǅ\u0663"


@pytest.mark.parametrize("seed", range(5))
def test_random_patterns_are_found_where_re2_finds_them(seed: int) -> None:
    rng = Random(seed)
    compared = 0
    for _ in range(150):
        pattern = _pattern(rng, 3)
        if pattern_error(pattern):
            continue
        language, engine = regex(pattern), compile_pattern(pattern)
        assert isinstance(language, Language), pattern
        for _ in range(40):
            text = "".join(rng.choices(_CHARACTERS, k=rng.choice((0, 1, 1, 2, 2, 3, 4, 6, 9))))
            found = engine.search(text.encode()) is not None
            compared += 1
            assert language.matches(text) is found, (pattern, text)
    assert compared > 4000


@pytest.mark.parametrize("seed", range(5))
def test_words_for_random_patterns_are_words_to_re2(seed: int) -> None:
    rng = Random(seed)
    count = 0
    for _ in range(40):
        patterns = [_pattern(rng, 2) for _ in range(rng.randint(1, 3))]
        if any(map(pattern_error, patterns)):
            continue
        languages = [regex(pattern) for pattern in patterns]
        known = [one for one in languages if isinstance(one, Language)]
        wanted = [known[0], *([contains("ab")] if rng.random() < 0.5 else [])]
        unwanted = [*known[1:], starts_with("k")]

        word = find_word(wanted, unwanted)

        if isinstance(word, str):
            count += 1
            engines = [compile_pattern(pattern) for pattern in patterns]
            verdicts = [engine.search(word.encode()) is not None for engine in engines]
            assert verdicts == [True] + [False] * (len(patterns) - 1), (patterns, word)
    assert count > 5


def _pattern(rng: Random, depth: int) -> str:
    kind = rng.random()
    if depth == 0 or kind < 0.35:
        return rng.choice(_ATOMS)
    if kind < 0.6:
        return "".join(_pattern(rng, depth - 1) for _ in range(rng.randint(1, 3)))
    if kind < 0.75:
        return f"(?:{_pattern(rng, depth - 1)}|{_pattern(rng, depth - 1)})"
    if kind < 0.8:
        return f"(?{rng.choice(_FLAGS)}:{_pattern(rng, depth - 1)})"
    return f"(?:{_pattern(rng, depth - 1)}){rng.choice(_REPEATS)}"
