"""What no sampling policy can do, other languages, texts without or with too many words.

Owns: when a text is turned down before it is read. Must not know: the grammar.
Truth: docs/intent.md, "Scope"; the patterns and messages are data, `[topics]` of
`grammar/intent_lexicon.toml`. A topic that is only mentioned ("we alert on errors, so keep them")
is no request: patterns look at how a sentence begins, and at phrases that say one thing only.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final, NamedTuple

from nectarc.intent.records import Place, Refuses
from nectarc.offline.lexicon import lexicon, topics, word_lists
from nectarc.offline.tokens import Lexed, Token

WORDS_MAX: Final = 600
_ENDS: Final = frozenset({"STOP", "BREAK", "SEMICOLON", "BULLET", "ORDINAL", "BAR", "DASH"})
_OPENING: Final = frozenset({"LEAD", "POLITENESS", "CORRECTION", "FILLER", "COMMA", "COLON"})
_POLICY: Final = frozenset({"KEEP", "KEPT", "DROP", "DROPPED", "SAMPLE", "SAMPLED", "SHARE"})
# Verbs that open a sentence but are words of these kinds too: "fine", "first", "start with".
_NEVER_OPENING: Final = frozenset({"KEEP", "DROP", "ERROR", "SAMPLE", "START_AT"})
_LANGUAGES: Final = (
    "german", "spanish", "french", "italian", "portuguese", "dutch", "polish", "swedish", "turkish",
)  # fmt: skip
# So many closed-class words of another language, and more than of English, make it that language.
_FOREIGN_MIN: Final = 2
_LATIN_END: Final = 0x250
_SCRIPT_SHARE: Final = 0.3
_ENGLISH: Final = frozenset(
    {
        "the", "a", "an", "of", "and", "or", "to", "in", "is", "are", "that", "which", "with",
        "for", "on", "at", "we", "i", "it", "they", "all", "every", "everything", "else", "rest",
        "keep",
        "drop", "sample", "errors", "requests", "traces", "from", "but", "not", "only", "please",
        "over", "other", "others", "any", "no", "them", "our", "by", "if", "when", "than", "be",
    }
)  # fmt: skip


class _Sentence(NamedTuple):
    """A stretch of words. text: all of it; ask: from where its opening words are over."""

    text: str
    ask: str
    place: Place
    is_policy: bool


def out_of_scope(lexed: Lexed) -> Refuses | None:
    """Return why no policy can come of the text, None where one may."""
    words = [one for one in lexed.tokens if any(sign.isalnum() for sign in one.text)]
    if not words:
        return Refuses(
            reason="there are no words to read",
            instead=('say what to keep, for example "keep errors, sample everything else at 1%"',),
        )
    count = sum(len(one.text.split()) for one in words)
    if count > WORDS_MAX:
        return Refuses(
            reason=f"the text has {count} words; at most {WORDS_MAX} are read",
            instead=("say what to keep, to drop and to sample in a few sentences",),
        )
    return _foreign(words) or _topic(lexed)


def _foreign(words: Sequence[Token]) -> Refuses | None:
    letters = [sign for one in words for sign in one.text if sign.isalpha()]
    others = sum(ord(sign) >= _LATIN_END for sign in letters)
    if letters and others / len(letters) >= _SCRIPT_SHARE:
        return _not_english("not written in Latin letters", words)
    said = Counter(word for one in words for word in one.text.lower().split())
    english = sum(count for word, count in said.items() if word in _ENGLISH)
    lists = word_lists()
    found = {
        language: sum(
            count for word, count in said.items() if word in lists.get(language, frozenset())
        )
        for language in _LANGUAGES
    }
    # "is", "rest", "an" are words of several languages: they count for English as well.
    best = max(_LANGUAGES, key=lambda language: found[language])
    if found[best] > max(english, _FOREIGN_MIN):
        return _not_english(f"written in {best.capitalize()}, as it seems", words)
    return None


def _not_english(how: str, words: Sequence[Token]) -> Refuses:
    return Refuses(
        reason=f"the text is {how}; only English is understood here",
        instead=(
            "write it in English",
            "with a key for Claude, `--engine claude` reads other languages",
        ),
        places=((words[0].place[0], words[-1].place[1]),),
    )


def _topic(lexed: Lexed) -> Refuses | None:
    for sentence in _sentences(lexed):
        for patterns, is_of_policy, refused in _topics():
            if is_of_policy and not sentence.is_policy:
                continue
            if any(one.search(text) for one, is_open in patterns
                   for text in ((sentence.ask,) if is_open else (sentence.text,))):  # fmt: skip
                return Refuses(reason=refused[0], instead=refused[1:], places=(sentence.place,))
    return None


@cache
def _topics() -> tuple[tuple[tuple[tuple[re.Pattern[str], bool], ...], bool, tuple[str, ...]], ...]:
    return tuple(
        (
            tuple((re.compile(one), one.startswith("^")) for one in entry["asks"]),
            bool(entry.get("policy")),
            (*entry["reason"], *entry["instead"]),
        )
        for entry in topics().values()
    )


def _sentences(lexed: Lexed) -> Iterator[_Sentence]:
    row: list[Token] = []
    for token in lexed.tokens:
        if token.kinds[0] in _ENDS:
            if row:
                yield _sentence(row, token.text if token.kinds[0] == "STOP" else "")
            row = []
        else:
            row.append(token)
    if row:
        yield _sentence(row, "")


def _sentence(row: Sequence[Token], end: str) -> _Sentence:
    texts = [_said(one) for one in row]
    start = _opening(row)
    mark = "?" if "?" in end else ""
    return _Sentence(
        text=" ".join(texts) + mark,
        ask=" ".join(texts[start:]) + mark,
        place=(row[0].place[0], row[-1].place[1]),
        is_policy=any(not _POLICY.isdisjoint(one.kinds) for one in row),
    )


def _said(token: Token) -> str:
    """Return the token in small letters; what stands in quotes is a name, never a request."""
    if "QUOTED" in token.kinds:
        return '"'
    return " ".join(token.text.lower().replace("\u2019", "'").split())


def _opening(row: Sequence[Token]) -> int:
    """Return how many tokens only open the sentence: "could you please", "then"."""
    known = lexicon()
    words = [_said(one) for one in row]
    at = 0
    while at < len(row):
        longest = 0
        for end in range(min(len(row), at + 8), at, -1):
            kinds = known.kinds(*" ".join(words[at:end]).split())
            if not _OPENING.isdisjoint(kinds) and _NEVER_OPENING.isdisjoint(kinds):
                longest = end
                break
        if not longest and row[at].kinds[0] in _OPENING:
            longest = at + 1
        if not longest or longest >= len(row):
            break
        at = longest
    return at
