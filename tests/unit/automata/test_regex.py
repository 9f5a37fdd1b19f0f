"""Languages of patterns against google-re2 itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random
from typing import Final

import pytest

from nectarc.automata.language import Language, Unsupported
from nectarc.automata.languages import regex
from nectarc.evaluate.patterns import compile_pattern
from nectarc.evaluate.regex_words import sample_words

_TEXTS: Final = 200
_PATTERNS: Final = (
    "", "a", "abc", "a|b|", "(a|bc)d", "a*", "^a+$", "^(ab)*$", "a?b+?c*?", "x{0}y", "a{2}",
    "^a{2,}$", "^(?:ab){1,2}$", "a{,2}", "a{1", "{", "^$", "^", "$", r"\A\z", r"a\z", r"\Aa",
    "^a|b$", "(^a|b)c", "(?m)^a$", "(?m)^$", "(?m)a$\nb", r"(?m)\Aa", r"\bab\b", r"\Bb\B", r"\b",
    r"\B", r"^\b", r"a\b.", r"\bé", "(?s)a.b", "a.b", "(?s-s:.)a", "(?U)a+b", "(?i)abc", "(?i)k",
    "(?i)straße", "(?i)\u03c3", "(?i)ǆ", "(?i)[k-s]", "(?i)[^k]", r"(?i)\W", r"(?i)[^\w]",
    "a(?i)b|c", "(?i)[à-ü]+$",
    "(?i:a)b", "((?i)a)b", "(?im)^b$", "[abc]", "[^abc]", "[a-cx]", "[]a]", "[^]a]", "[a-]",
    "[-a]", r"[\d-z]", "[a-b-c]", r"[\]\\^]", r"[[:alpha:]_]+", "[[:^digit:]]", "^[[:word:]]+$",
    "[[:al]", "[[:space:]]", r"\d{3}", r"\D", r"^\w+\s\w+$", r"\S\s", r"\v", r"\x41", r"\x{e9}",
    r"[\x61-\x63]", r"\07", r"\12", r"\0", r"\101", r"\Qa.b\E", r"\Qa.b", r"\Qab\E*c", r"\.\*\_",
    r"\a\f\t\n\r", "é+", "[é-ü]", "\U0001f600", "[\ud7ff-\ue000]", ".", r"[^\n]", "(?P<x>a)(?<y>b)",
    "(?:)", "()", "(|a)+b", "(a*)*b", "(a|b)*a(a|b){3}", r"^/api/v[0-9]+/[^/]+$", r"\p{Any}",
    r"^(?:\z){2}^", "(?m)(?:$){2}^", r"\P{Any}|a", "[[:print:]]", "(?i)ﬅ", "(?i)ΐ",
    r"\pL", r"^\PL+$", r"^\p{Lu}\p{Ll}*$", r"[\p{Greek}\pN]x?", r"[^\p{^Greek}a]", r"\p{^Lu}\z",
    r"(?i)\p{Lu}", r"^(?i)\P{Lu}+$", r"(?i)^[^\p{Ll}\pM]$", r"^(?:\p{Latin}|\p{Common})+$",
    r"\p{Cs}", r"^\pC\P{Zs}", r"(?i)[\PL\d]$",
)  # fmt: skip
_CHARACTERS: Final = (
    "aabbcxyz019 _-./\n\n\t\v\0ABKkSs\u017f\u212aéÉüßẞ\u03c3ςΣ\u0390\u1fd3ﬅﬆǅ\ud7ff\U0001f600"
    "\u0663\u0e01\u0378\u0345\u2028\U0002ebf0"
)


@pytest.mark.parametrize("pattern", _PATTERNS)
def test_a_pattern_is_found_where_re2_finds_it(pattern: str) -> None:
    language = regex(pattern)
    engine = compile_pattern(pattern)
    rng = Random(pattern)

    assert isinstance(language, Language)
    for text in _texts(pattern, rng):
        found = engine.search(text.encode()) is not None
        assert language.matches(text) is found, text
        assert language.accepts(_run(language, text)) is found, text


def test_enough_is_compared() -> None:
    assert len(_PATTERNS) * _TEXTS > 20_000


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        (r"a[\p{Klingon}]", "`\\p{Klingon}`"),
        (r"\pY", "`\\p{Y}`"),
        (r"\C", "byte"),
        ("(" * 150 + ")" * 150, "nested"),
        ("((a{100}){10}){10}(b{100}c){10}((d{100}){10}){10}", "states"),
    ],
)
def test_what_has_no_exact_automaton_is_said(pattern: str, reason: str) -> None:
    found = regex(pattern)

    assert isinstance(found, Unsupported)
    assert reason in found.reason


def test_anchors_leave_dead_and_full_states() -> None:
    language = regex("^ab")

    assert isinstance(language, Language)
    assert language.is_dead(_run(language, "b"))
    assert language.is_full(_run(language, "ab"))
    assert not language.is_dead(_run(language, "a"))


def _texts(pattern: str, rng: Random) -> Iterator[str]:
    words = [*sample_words(pattern), *re.findall(r"\w+", pattern), ""]
    for _ in range(_TEXTS):
        match rng.randrange(3):
            case 0:
                yield "".join(rng.choices(_CHARACTERS, k=rng.randrange(7)))
            case 1:
                yield rng.choice(words)
            case _:
                around = ["".join(rng.choices(_CHARACTERS, k=rng.randrange(3))) for _ in range(2)]
                text = rng.choice(words)
                at = rng.randrange(len(text) + 1)
                yield text[:at] + around[0] + text[at:] + around[1]


def _run(language: Language, text: str) -> int:
    state = language.start
    for character in text:
        state = language.step(state, ord(character))
    return state
