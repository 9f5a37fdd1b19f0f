"""The lexicon: which words and phrases are of which kinds, with their inflections.

Owns: reading `grammar/intent_lexicon.toml`, the rules of English inflection, look-up of phrases.
Must not know: how kinds combine. Truth: docs/intent.md, "Words".
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Final, NamedTuple

from nectarc.diagnostic import InternalError
from nectarc.grammars import shipped_text

_VOWELS: Final = "aeiou"
_FORMS: Final = 5  # of a verb: base, third person, -ing, past, participle


class Lexicon(NamedTuple):
    """phrases: words -> kinds, most likely first. words: every word in a phrase.

    longest: by its first word, how many words the longest phrase has.
    """

    phrases: Mapping[tuple[str, ...], tuple[str, ...]]
    words: frozenset[str]
    longest: Mapping[str, int]

    def kinds(self, *words: str) -> tuple[str, ...]:
        """Return the kinds of a phrase, given word by word in lower case."""
        return self.phrases.get(words, ())


@cache
def lexicon() -> Lexicon:
    """Return the lexicon that ships."""
    return _lexicon(shipped_text("intent_lexicon.toml"))


@cache
def word_lists() -> Mapping[str, frozenset[str]]:
    """Return the plain lists: `shielded` (never corrected), and the languages' closed words."""
    table = tomllib.loads(shipped_text("intent_lexicon.toml")).get("lists", {})
    return {name: frozenset(" ".join(words).split()) for name, words in table.items()}


@cache
def topics() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Return what is out of scope: topic -> its lists of phrases and its messages."""
    table = tomllib.loads(shipped_text("intent_lexicon.toml")).get("topics", {})
    return {
        name: {key: tuple(texts) for key, texts in entry.items()} for name, entry in table.items()
    }


@cache
def phrase_turns() -> tuple[Mapping[str, str], ...]:
    """Return the turns of phrase of notes: match, says and known, as they are written."""
    return tuple(tomllib.loads(shipped_text("intent_notes.toml"))["turn"])


def _lexicon(text: str) -> Lexicon:
    found: dict[tuple[str, ...], list[str]] = {}
    for kind, entry in tomllib.loads(text).items():
        if kind in ("lists", "topics"):
            continue
        for phrase, said in _entries(kind, entry):
            words = tuple(phrase.lower().replace("-", " ").replace(",", " ").split())
            if not words:
                raise InternalError(f"grammar/intent_lexicon.toml: an empty phrase in {kind}")
            kinds = found.setdefault(words, [])
            if said not in kinds:
                kinds.append(said)
    longest: dict[str, int] = {}
    for words in found:
        longest[words[0]] = max(longest.get(words[0], 0), len(words))
    return Lexicon(
        phrases={words: tuple(kinds) for words, kinds in found.items()},
        words=frozenset(word for words in found for word in words),
        longest=longest,
    )


def _entries(kind: str, entry: Mapping[str, list[str] | str]) -> Iterator[tuple[str, str]]:
    """Yield each phrase of a kind with the kind that this form of it has."""
    for phrase in _listed(entry, "phrases"):
        yield phrase, kind
    for noun in _listed(entry, "nouns"):
        one, _, many = noun.partition(" | ")
        yield one, kind
        yield many or plural(one), kind
    for verb in _listed(entry, "verbs"):
        base, third, gerund, past, participle = verb_forms(verb)
        yield base, kind
        yield third, kind
        yield gerund, str(entry.get("gerund", kind))
        yield past, str(entry.get("past", entry.get("participle", kind)))
        yield participle, str(entry.get("participle", kind))


def _listed(entry: Mapping[str, list[str] | str], key: str) -> Iterable[str]:
    found = entry.get(key, [])
    return [found] if isinstance(found, str) else found


def plural(noun: str) -> str:
    """Return the regular plural of a noun, whose last word is its head."""
    if noun.endswith(("s", "x", "z", "ch", "sh")):
        return noun + "es"
    if noun.endswith("y") and noun[-2:-1] not in _VOWELS:
        return noun[:-1] + "ies"
    return noun + "s"


def verb_forms(row: str) -> tuple[str, str, str, str, str]:
    """Return base, third person, -ing, past and participle of a row "base | third | ...".

    Forms that are left out follow the rules for regular verbs, on the first word of the base:
    "throw out" is inflected as "throw".
    """
    given = [form.strip() for form in row.split("|")]
    head, blank, tail = given[0].partition(" ")
    regular = (head, plural(head), _gerund(head), _past(head), _past(head))
    forms = [
        given[index] if index < len(given) else regular[index] + blank + tail
        for index in range(_FORMS)
    ]
    if len(given) == _FORMS - 1:
        forms[_FORMS - 1] = given[_FORMS - 2]
    return forms[0], forms[1], forms[2], forms[3], forms[4]


def _gerund(verb: str) -> str:
    return (verb[:-1] if verb.endswith("e") and not verb.endswith("ee") else verb) + "ing"


def _past(verb: str) -> str:
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2:-1] not in _VOWELS:
        return verb[:-1] + "ied"
    return verb + "ed"
