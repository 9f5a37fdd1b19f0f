"""Names: what the corpus knows, and what the words themselves introduce ("service billing").

Owns: which values of the corpus are names, where one begins in a text, introductions.
Must not know: how names are used. Truth: docs/intent.md, "Names".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from nectarc.intent.vocabulary import Vocabulary
from nectarc.offline.tokens import Name, Token
from nectarc.records import replace

# Values of these fields are not what people name in a sentence.
_SILENT: Final = ("telemetry.", "process.", "trace.", "span.", "meta.", "sdk.", "otel.")
_FORM: Final = re.compile(r"(?=.*[A-Za-z])[^\s\"'`,;()]+(?: [^\s\"'`,;()]+){0,3}")
_SHORT: Final = 3
_LONG: Final = 80
# A name in small letters that is written so ("get") is not one that a sentence means.
_NEVER: Final = frozenset({"true", "false", "none", "null", "unknown", "ok", "unset", "error"})
_SERVICE_FIELD: Final = ("service.name",)
_NAMED_BY: Final = frozenset({"SERVICE"})
_ENDS: Final = frozenset({"STOP", "BREAK", "BULLET", "ORDINAL", "SEMICOLON"})
_CALLED: Final = frozenset({"called", "named", "is", "are", "=", "name", ":"})


class Names(NamedTuple):
    """known: text in lower case -> the name. heads: first character -> texts, longest first."""

    known: Mapping[str, Name]
    heads: Mapping[str, tuple[str, ...]]
    fields: frozenset[str]

    def name(self, said: str) -> Name | None:
        """Return the name that `said` is, whatever its case."""
        return self.known.get(said.lower())

    def is_field(self, said: str) -> bool:
        """Whether the corpus has a field of this very name."""
        return said in self.fields

    def end_at(self, text: str, at: int) -> int:
        """Return the end of the longest name that begins at `at` and ends as a word, else 0."""
        if at and _joins(text[at - 1]):
            return 0
        for said in self.heads.get(text[at].lower(), ()):
            end = at + len(said)
            if text[at:end].lower() == said and not _goes_on(text, end):
                return end
        return 0


def names_of(vocabulary: Vocabulary) -> Names:
    """Return the names that a sentence may speak of."""
    return _names(
        tuple((field, tuple(values)) for field, values in vocabulary.values.items()),
        tuple(vocabulary.fields),
    )


@lru_cache(maxsize=4)
def _names(values: tuple[tuple[str, tuple[str, ...]], ...], fields: tuple[str, ...]) -> Names:
    holders: dict[str, dict[str, str]] = {}
    for field, texts in values:
        if field.startswith(_SILENT):
            continue
        for text in texts:
            if _is_name(text):
                holders.setdefault(text.lower(), {})[field] = text
    known = {said: Name(next(iter(held.values())), tuple(held)) for said, held in holders.items()}
    heads: dict[str, list[str]] = {}
    for said in known:
        heads.setdefault(said[0], []).append(said)
    return Names(
        known=known,
        heads={head: tuple(sorted(texts, key=len, reverse=True)) for head, texts in heads.items()},
        fields=frozenset(fields),
    )


def introduced(tokens: Sequence[Token]) -> list[Token]:
    """Mark words that the text introduces as services: "service billing", "the billing service".

    A word of the lexicon is only introduced where it is quoted or said to be called so.
    """
    found = list(tokens)
    for at, token in enumerate(found):
        if _NAMED_BY.isdisjoint(token.kinds) or token.text.lower() in ("system", "systems"):
            continue
        if token.text.lower() not in ("apps", "applications", "services"):
            _mark(found, at - 1, is_sure=False)
        position = at + 1
        is_sure = False
        while position < len(found) and found[position].text.lower() in _CALLED:
            is_sure = is_sure or found[position].text.lower() in ("called", "named")
            position += 1
        _mark(found, position, is_sure=is_sure)
    return _known_again(found)


def _known_again(tokens: list[Token]) -> list[Token]:
    """Know a service by its name alone once the words introduced it: "search-indexer".

    Only a name that is no English word, with a hyphen or a digit in it.
    """
    named = {
        token.text.lower(): token.value for token in tokens
        if "NAMED" in token.kinds and re.search(r"[-_\d]", token.text)
    }  # fmt: skip
    return [
        replace(token, kinds=("KNOWN",), value=named[token.text.lower()])
        if token.kinds in (("WORD",), ("FIELD",)) and token.text.lower() in named
        else token
        for token in tokens
    ]


def _mark(found: list[Token], at: int, *, is_sure: bool) -> None:
    """Make the token at `at` a named service, where it is a word that can be a name."""
    if not 0 <= at < len(found):
        return
    token = found[at]
    is_free = token.kinds[0] in ("WORD", "QUOTED", "FIELD", "PART") or "QUOTED" in token.kinds
    if "NAMED" in token.kinds or not (is_free or (is_sure and token.text[0].isalpha())):
        return
    said = token.value if isinstance(token.value, str) else token.text
    if _is_raised(found, at):
        said = said.lower()
    value = token.value if isinstance(token.value, Name) else Name(said, _SERVICE_FIELD)
    found[at] = replace(
        token, kinds=("NAMED", *(one for one in token.kinds if one != "PART")), value=value
    )


def _is_raised(tokens: Sequence[Token], at: int) -> bool:
    """Whether a name has its capital only because it begins a sentence: "Cart service: ..."."""
    text = tokens[at].text
    if not re.fullmatch(r"[A-Z][a-z]+", text) or not _begins(tokens, at):
        return False
    return not any(
        one.text == text and not _begins(tokens, number) for number, one in enumerate(tokens)
    )


def _begins(tokens: Sequence[Token], at: int) -> bool:
    return at == 0 or not _ENDS.isdisjoint(tokens[at - 1].kinds)


def _is_name(text: str) -> bool:
    if not _SHORT <= len(text) <= _LONG or text.lower() in _NEVER:
        return text.startswith("/") and len(text) < _SHORT and len(text) > 1
    return bool(_FORM.fullmatch(text)) and not text.replace(".", "").replace("-", "").isdigit()


def _joins(sign: str) -> bool:
    return sign.isalnum() or sign in "_-/"


def _goes_on(text: str, end: int) -> bool:
    """Whether the word goes on after `end`: "cart" in "cart-items", "/cart" in "/cart/items"."""
    if end >= len(text):
        return False
    if text[end].isalnum() or text[end] == "_":
        return True
    return (text[end] in "-./*" and text[end + 1 : end + 2].isalnum()) or text[end : end + 2] in (
        "/*",
        "-*",
    )
