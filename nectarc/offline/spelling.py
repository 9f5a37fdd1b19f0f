"""Spelling: a word that nobody knows, one slip away from a word of the lexicon.

Owns: which slips are corrected. Must not know: what the words mean. Truth: docs/intent.md, "Words".
A correction is always shown (`Token.meant`), never made into or out of a name of the corpus, and
never where two words are as near.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Final

from nectarc.intent.records import Place
from nectarc.intent.vocabulary import Vocabulary
from nectarc.offline.grammar import grammar
from nectarc.offline.lexicon import Lexicon, lexicon, word_lists
from nectarc.offline.literals import literal_at
from nectarc.offline.names import Names, names_of
from nectarc.offline.tokens import Correction, Phrase, Token
from nectarc.records import replace

# Only words of these kinds are what a slip may have meant.
_TARGETS: Final = frozenset(
    (
        "KEEP",
        "KEPT",
        "KEEPING",
        "DROP",
        "DROPPED",
        "DROPPING",
        "SAMPLE",
        "SAMPLED",
        "SAMPLING",
        "LIMIT",
        "LIMITED",
        "LIMITING",
        "REST",
        "HEAD",
        "ERROR",
        "SLOW",
        "SUCCESSFUL",
        "HEALTH",
        "STATIC",
        "SERVICE",
        "ROUTE_WORD",
        "EXCEPT",
        "UNLESS",
        "OVER",
        "UNDER_T",
        "ALL_TRAFFIC",
        "NEVER",
        "ALWAYS",
        "ONLY",
        "METHOD_WORD",
        "STATUS_WORD",
        "ROOT",
        "DURATION",
        "NOTHING",
        "EXCEPTION",
        "UNIT",
        "FAST",
        "QUANTILE_WORD",
        "OVERALL",
        "AVERAGE",
        "POLITENESS",
        "ENVIRONMENT_NAME",
        "FIELD_WORD",
    )
)
_PHRASE_TARGETS: Final = frozenset(("REST", "HEALTH", "OVER", "UNDER_T", "ROOT"))
_VOWELS: Final = frozenset("aeiouy")
# In words of so few letters another letter makes another word: "mask", "task".
_SHORT: Final = 5
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
# Shorter words are one slip from too much; and so are slips that change the first letter of those.
_LENGTH_MIN: Final = 4
_TARGET_MIN: Final = 3
_SHIFT: Final = 3  # letters around the blank that may have gone to the wrong word


def corrected(
    tokens: Sequence[Token], phrases: Sequence[Phrase], known: Lexicon, names: Names
) -> tuple[list[Token], list[Correction]]:
    """Return the tokens with slips corrected, and the corrections."""
    in_phrase = {at for one in phrases for at in range(one.first, one.end)}
    found = list(tokens)
    fixes: list[Correction] = []
    values = _values(found)
    at = 0
    while at < len(found):
        token = found[at]
        if token.kinds != ("WORD",) or at in in_phrase or token.place in values:
            at += 1
            continue
        merged = _with_neighbour(found, at, known)
        if merged is not None:
            first, pair = merged
            for index, meant in zip((first, first + 1), pair, strict=True):
                found[index] = _meant(found[index], (meant,), known)
            place = (found[first].place[0], found[first + 1].place[1])
            written = " ".join(one.text for one in found[first : first + 2])
            fixes.append(Correction(place, written, " ".join(pair)))
            at = first + 2
            continue
        meant_words = _nearest(token.text, known, names)
        if meant_words is not None:
            found[at] = _meant(token, meant_words, known)
            fixes.append(Correction(token.place, token.text, found[at].meant))
            at = _with_number(found, at)
        at += 1
    return found, fixes


# Words between a field and its value, or between two values of it.
_JOINS: Final = frozenset(
    {
        "is", "are", "was", "were", "of", "to", "set", "equals", "equal", "in", "or", "either",
        "neither", "nor", "and", "one", "has", "value", "values", "with", "not", "isn't", "starts",
        "begins", "ends", "contains", "containing", "starting", "beginning", "ending", "being",
        "any", "the", "be", "must", "from", "differs", "like", "(", ",", ":", "[",
    }
)  # fmt: skip


def _values(tokens: Sequence[Token]) -> frozenset[Place]:
    """Return the places where a value of a field may stand: there nothing is a slip."""
    found: list[Place] = []
    is_value = False
    for token in tokens:
        if "FIELD" in token.kinds or "COMPARE" in token.kinds:
            is_value = True
        elif is_value and token.kinds == ("WORD",):
            found.append(token.place)
        elif token.text.lower() not in _JOINS:
            is_value = False
    return frozenset(found)


def suggested(word: str, vocabulary: Vocabulary) -> str:
    """Return the word or words that `word` may be a slip of, "" where there is none or several."""
    found = _nearest(word, lexicon(), names_of(vocabulary))
    return " ".join(found) if found is not None else ""


def _with_number(tokens: list[Token], at: int) -> int:
    """Put a unit that was corrected together with the number before it: "5 precent"."""
    if not at or "NUMBER" not in tokens[at - 1].kinds or "UNIT" not in tokens[at].kinds:
        return at
    number, unit = tokens[at - 1 : at + 1]
    said = f"{number.text} {unit.meant}"
    literal = literal_at(said, 0)
    if literal is None or literal.end != len(said):
        return at
    text = f"{number.text} {unit.text}"
    place = (number.place[0], unit.place[1])
    tokens[at - 1 : at + 1] = [Token(literal.kinds, text, place, literal.value, said)]
    return at - 1


def _meant(token: Token, words: tuple[str, ...], known: Lexicon) -> Token:
    kinds = known.kinds(*words) or ("PART",)
    meant = " ".join(words)
    return token if token.text.lower() == meant else replace(token, kinds=kinds, meant=meant)


def _with_neighbour(
    tokens: Sequence[Token], at: int, known: Lexicon
) -> tuple[int, tuple[str, str]] | None:
    """Return the first of two tokens whose blank slipped ("al lerrors"), with what was meant."""
    for first in (at - 1, at):
        pair = tokens[first : first + 2] if first >= 0 else ()
        if len(pair) < 2 or not all(one.text.isalpha() and not one.meant for one in pair):
            continue
        if pair[0].place[1] + 1 != pair[1].place[0]:
            continue
        whole = (pair[0].text + pair[1].text).lower()
        middle = len(pair[0].text)
        splits = [
            (whole[:cut], whole[cut:])
            for cut in range(max(1, middle - _SHIFT), min(len(whole), middle + _SHIFT + 1))
            if cut != middle and known.kinds(whole[:cut]) and known.kinds(whole[cut:])
        ]
        if len(splits) == 1 and min(map(len, splits[0])) >= 2:
            return first, splits[0]
    return None


def _nearest(said: str, known: Lexicon, names: Names) -> tuple[str, ...] | None:
    """Return the one word, or two words written as one, that a slip away is; None if not one."""
    word = said.lower().replace("\u2019", "'")
    if word in known.words or word in _shielded() or word in _said() or word.endswith("ly"):
        return None
    if len(word) < _LENGTH_MIN or not word.isalpha():
        return None
    if said[1:] != word[1:] and not said.isupper():
        return None  # "GoLang", "iOS": somebody's name
    slips = set(_slips(word))
    if len(word) <= _SHORT:
        slips = {one for one in slips if len(one) != len(word) or _is_likely(word, one)}
    if any(one in names.known for one in slips):
        return None  # a name of the corpus is as near
    parted = [
        (word[:cut], word[cut:])
        for cut in range(_TARGET_MIN, len(word) - _TARGET_MIN + 1)
        if known.kinds(word[:cut]) and word[cut:] in _targets()
    ]
    near = _one_of(word, slips, known)
    if parted and not near:
        return parted[0] if len(parted) == 1 else None
    return (near,) if near and not parted else None


def _one_of(word: str, slips: set[str], known: Lexicon) -> str:
    """Return what was meant, "" where two are as near. Swapped letters are the nearest slip."""
    near = {one for one in slips if known.kinds(one) or one in _targets()}
    swapped = near.intersection(_swaps(word))
    if len(swapped) == 1:
        near = swapped
    near = {one for one in near if len(one) >= _TARGET_MIN}
    if not near <= _targets().keys() or len({known.kinds(one)[:1] for one in near}) != 1:
        return ""
    order = _targets()
    return min(near, key=lambda one: (-len(one), order[one]))


def _is_likely(word: str, other: str) -> bool:
    """Whether letters were swapped, or a vowel was taken for another: "keap"."""
    wrong = [(one, two) for one, two in zip(word, other, strict=True) if one != two]
    return len(wrong) > 1 or all(set(pair) <= _VOWELS for pair in wrong)


def _swaps(word: str) -> Iterator[str]:
    for at in range(len(word) - 1):
        yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _slips(word: str) -> Iterator[str]:
    """Yield every text that is one letter more, less or other, or two letters swapped."""
    yield from _swaps(word)
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        if tail:
            yield head + tail[1:]
        for letter in _LETTERS:
            if tail and letter != tail[0]:
                yield head + letter + tail[1:]
            yield head + letter + tail


@cache
def _targets() -> Mapping[str, int]:
    """Return the words that a slip may have meant, by their place in the lexicon."""
    found = (
        word
        for words, kinds in lexicon().phrases.items()
        for word in words
        if not _PHRASE_TARGETS.isdisjoint(kinds)
        or (len(words) == 1 and not _TARGETS.isdisjoint(kinds))
    )
    return {word: at for at, word in enumerate(dict.fromkeys(found))}


@cache
def _said() -> frozenset[str]:
    """Return the words of the grammar's own phrases."""
    return grammar().words


def _shielded() -> frozenset[str]:
    return word_lists().get("shielded", frozenset())
