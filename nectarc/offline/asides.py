"""Asides: words that ask for nothing, "they're noisy", "we're still in beta".

Owns: where an aside may begin and end, what it may never hold. Must not know: clauses.
Truth: docs/intent.md, "Asides": only what opens as one, and holds no word that asks for something.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from nectarc.offline.grammar import Chart
from nectarc.offline.lexicon import word_lists
from nectarc.offline.segments import Segment
from nectarc.offline.tokens import Token
from nectarc.offline.words import Word

# Words that ask for something, or that turn it round: no aside may hold one.
_NEVER_ASIDE: Final = frozenset(
    {
        "KEEP",
        "DROP",
        "SAMPLE",
        "LIMIT",
        "KEPT",
        "DROPPED",
        "SAMPLED",
        "CAN_GO",
        "REST",
        "EXCEPT_IF",
        "SHARE",
        "PER_SECOND",
        "LENGTH",
        "STATUS_CLASS",
        "ERROR",
        "SLOW",
        "COMPARE",
        "FIELD",
        "PATH",
        "HEALTH",
        "NEVER",
        "SUCCESSFUL",
        "STATIC",
        "METHOD",
        "QUOTED",
        "EXTENSION",
        "KNOWN",
        "BUT_NEVER",
        "CAPITAL",
        "SERVICE",
        "WHERE",
        "ROOT",
        "SPANS",
        "IF",
        "OTHER",
        "REGARDLESS",
    }
)
_NOT_ASIDE_WORDS: Final = frozenset(
    {"only", "unless", "except", "until", "must", "should", "but", "want", "need", "not",
     "supposed", "retention", "full", "covers", "covered", "important", "critical", "crucial",
     "vital"}
)  # fmt: skip
_HARMLESS: Final = frozenset(
    {
        "a",
        "a bit",
        "a few",
        "a lot",
        "all",
        "away",
        "big",
        "cut",
        "everything",
        "fewer",
        "get",
        "go",
        "goes",
        "good",
        "healthy",
        "in",
        "large",
        "less",
        "long",
        "lots",
        "more",
        "ok",
        "out",
        "put",
        "save",
        "set",
        "some",
        "store",
        "take",
        "use",
    }
)

# What may begin an aside in brackets; others may narrow: "(our internal ones)".
_IN_BRACKETS: Final = frozenset(
    {"it", "it's", "they", "they're", "because", "since", "we", "we're", "i", "nobody"}
)
_BACKGROUND_MIN: Final = 3
_TELLERS: Final = word_lists()["asides_tellers"]
# What these begin may narrow the clause beside them: "..., the new ones", "which are ...".
_REFERRING: Final = word_lists()["asides_referring"]
_NEVER_TOLD: Final = word_lists()["asides_never_told"]
# Words that lead a second life in clauses, harmless where people and circumstances are told of.
_TOLD: Final = word_lists()["asides_told"]
# What may narrow a topic: "/a is noisy in the app".
_PLACES: Final = word_lists()["asides_places"]
_VERBS: Final = word_lists()["asides_verbs"]
_TELLS: Final = frozenset({"PERSON", "DET", "THERE_IS"})
# Kinds of words that a sentence about circumstances may be made of.
_BACKGROUND: Final = frozenset(
    {
        "WORD", "DET", "PERSON", "PRONOUN", "BE", "HAVE", "FILLER", "POLITENESS", "AND_WORD",
        "REASON", "HISTORY", "COMMA", "DASH", "HYPHEN", "POSSESSIVE", "AT", "IN_FROM", "TOOK",
        "UNIT", "DATABASE", "VAGUE_RATE", "TENANT", "ABBREVIATION", "SMILEY", "NOISE", "REL",
    }
)  # fmt: skip


_UNKNOWN: Final = frozenset({"WORD", "ANYWORD", "NAMED", "PLAINWORD"})
# Words of headings that say that they are titles; a policy may be one of something.
_POLICIES: Final = frozenset(
    {"policy", "policies", "rules", "rule", "sampling", "settings", "plan"}
)
_TITLES: Final = _POLICIES | {
    "wishes", "wish", "requirements", "requirement", "criteria", "list", "agreed", "meeting",
    "notes", "setup", "summary", "proposal", "priorities", "match", "what", "how", "here", "as",
    "follows", "following", "request", "ticket", "config", "follow-up", "from", "to", "acceptance",
    "hi", "hello",
}  # fmt: skip


def asides_from(chart: Chart, words: Sequence[Word], position: int, end: int) -> list[int]:
    """Return where an aside that starts at `position` may end: at a boundary."""
    if "SO_TOO" in chart.names_at(position):
        return []  # "as shall those over 2 s" asks for something
    if words[position].kinds[0] == "_LPAR":
        if position + 1 == end or words[position + 1].text.lower() not in _IN_BRACKETS:
            return []
        inner = asides_from(chart, words, position + 1, end)
        return [one + 1 for one in inner if one < end and words[one].kinds[0] == "_RPAR"]
    if not _at_boundary(words, position):
        return []
    if not chart.read("opener", position):
        return []
    stops: list[int] = []
    for stop in range(position + 1, end + 1):
        word = words[stop - 1]
        if _asks_something(chart, word, stop - 1):
            break
        is_boundary = (
            stop == end
            or words[stop].kinds[0] in ("_COMMA", "_DASH", "_RPAR")
            or words[stop].text.lower() in ("and", "but", "so")
        )
        if is_boundary and not _is_group(chart, words, position, stop):
            stops.append(stop)
    return stops


def _is_group(chart: Chart, words: Sequence[Word], start: int, stop: int) -> bool:
    """Whether it names people and tells nothing of them: "keep /pay, our partners"."""
    inside = range(start, stop)
    has_verb = any(_is_verb(words[one].text.lower()) for one in inside)
    return not has_verb and any(
        not {"GROUP_NOUN", "GROUP_HEAD"}.isdisjoint(chart.names_at(one)) for one in inside
    )


def is_bare_heading(chart: Chart, words: Sequence[Word], segment: Segment) -> bool:
    """Whether a stretch only announces what follows: "Rules:", "What we agreed in the meeting:".

    What nobody knows may be what the list is about: "Customers in Germany:", "EU policy:".
    """
    inside = range(segment.start, segment.end)
    if not segment.is_heading or any(_asks_something(chart, words[one], one) for one in inside):
        return False
    unknown = [one for one in inside if chart.names_at(one) <= _UNKNOWN]
    texts = [words[one].text.lower() for one in inside]
    is_title = not _TITLES.isdisjoint(texts)
    return not unknown or (
        is_title and (texts[-1] not in _POLICIES or len(unknown) < len(texts) - 1)
    )


def is_background(tokens: Sequence[Token]) -> bool:
    """Whether a sentence tells of people and circumstances only: "our bill doubled last month".

    It must begin as a statement, and hold no word that a clause is made of: no action, rate,
    number, name, status, no "not", "only", "must".
    """
    if len(tokens) < _BACKGROUND_MIN or _TELLS.isdisjoint(tokens[0].kinds):
        return False
    return not any(
        one.text.lower() in _NOT_ASIDE_WORDS or _BACKGROUND.isdisjoint(one.kinds) for one in tokens
    )


def is_background_stretch(
    words: Sequence[Word], kinds: Mapping[int, Sequence[str]], *, is_reason: bool = False
) -> bool:
    """Whether a part of a sentence tells of people and circumstances only.

    kinds: of the lexicon, by where a word starts. is_reason: it follows "because".
    """
    if len(words) < (2 if is_reason else _BACKGROUND_MIN):
        return False
    tells = kinds.get(words[0].start, ())
    if _TELLS.isdisjoint(tells) and words[0].text.lower() not in _TELLERS:
        return False
    if words[0].text.lower() in _REFERRING and not is_reason:
        return False
    has_verb = any(_is_verb(word.text.lower()) for word in words[:6])
    return has_verb and all(
        word.text.lower() not in _NOT_ASIDE_WORDS
        and word.text.lower() not in _NEVER_TOLD
        and (word.text.lower() in _TOLD or not _BACKGROUND.isdisjoint(kinds.get(word.start, ())))
        for word in words
    )


def is_told_of(words: Sequence[Word], kinds: Mapping[int, Sequence[str]]) -> bool:
    """Whether the words only tell what something is like: "is super noisy", "spams us all day"."""
    return _is_verb(words[0].text.lower()) and all(
        word.text.lower() not in _NOT_ASIDE_WORDS
        and word.text.lower() not in _PLACES
        and (word.text.lower() in _TOLD or not _BACKGROUND.isdisjoint(kinds.get(word.start, ())))
        for word in words
    )


def _is_verb(word: str) -> bool:
    return word in _VERBS or "'" in word or word.endswith("ing")


def _asks_something(chart: Chart, word: Word, position: int) -> bool:
    text = word.text.lower()
    if text in _NOT_ASIDE_WORDS:
        return True
    names = chart.names_at(position)
    return text not in _HARMLESS and not _NEVER_ASIDE.isdisjoint(names)


def _at_boundary(words: Sequence[Word], position: int) -> bool:
    if position == 0:
        return True
    before = words[position - 1]
    return before.kinds[0] in (
        "_COMMA",
        "_DASH",
        "_STOP",
        "BREAK",
        "_SEMICOLON",
        "_LPAR",
        "_COLON",
        "ITEM",
    ) or (before.text.lower() in ("and", "but", "so"))
