"""The lexer's tokens as positions that the chart reads.

Owns: `Word`, how kinds of tokens are named in the grammar. Must not know: patterns, phrases.
Truth: nectarc/offline/tokens.py; grammar/intent.lark.
"""

from __future__ import annotations

import re
from typing import Final

from nectarc.intent.records import Place
from nectarc.offline.tokens import Lexed, Name, Token, Value
from nectarc.records import record

_SIGNS: Final = {
    "COMMA": "_COMMA", "SEMICOLON": "_SEMICOLON", "STOP": "_STOP", "COLON": "_COLON",
    "DASH": "_DASH", "LPAR": "_LPAR", "RPAR": "_RPAR", "LBRACKET": "_LBRACKET",
    "RBRACKET": "_RBRACKET", "BAR": "_PIPE", "BREAK": "BREAK", "BULLET": "ITEM",
    "ORDINAL": "ITEM", "HYPHEN": "_DASH", "ARROW": "ARROW", "PLUS": "PLUS", "SLASH": "SLASH",
}  # fmt: skip
_LITERALS: Final = frozenset(
    {
        "SHARE", "LENGTH", "STATUS_CLASS", "NUMBER", "CODE", "PER_SECOND", "KNOWN", "PATH",
        "EXTENSION", "QUOTED", "FIELD", "METHOD", "CAPITAL", "COMPARE",
    }
)  # fmt: skip


_ENDS: Final = frozenset({"STOP", "SEMICOLON", "BREAK", "BULLET", "ORDINAL"})
_ASKED_MAX: Final = 7
# What a question begins with, or holds, that is more than a noun to be answered.
_ASKING: Final = frozenset(
    {
        "do", "does", "did", "can", "could", "would", "should", "shall", "will", "may", "must",
        "is", "are", "was", "were", "have", "has", "what", "which", "who", "why", "how", "where",
        "when", "if", "or", "right", "ok", "okay", "please", "keep", "drop", "sample", "not", "no",
        "maybe",
    }
)  # fmt: skip


@record
class Word:
    """One position: a word or a literal. kinds: what it may be; place: half open, in the text."""

    kinds: tuple[str, ...]
    text: str
    start: int
    end: int
    value: Value = None


def words_of(lexed: Lexed) -> tuple[Word, ...]:
    """Return the tokens as words, corrected spelling read as what was meant.

    Signs that the lexer leaves out, a minus before a number and "1.500", which may be one and a
    half or fifteen hundred, become words that nothing reads.
    """
    found: list[Word] = []
    end = 0
    asked = _asked(lexed)
    for number, token in enumerate(lexed.tokens):
        gap = lexed.text[end : token.place[0]]
        if gap.strip():
            found.append(Word(("OTHER",), gap.strip(), end, token.place[0]))
        following = lexed.tokens[number + 1] if number + 1 < len(lexed.tokens) else None
        is_odd = _is_minus(lexed.text, token, following) or _is_thousand(token)
        word = _word(token)
        if number in asked:
            word = Word(("_COLON",), word.text, word.start, word.end)
        found.append(Word(("OTHER",), word.text, word.start, word.end) if is_odd else word)
        end = token.place[1]
    return tuple(found)


def _asked(lexed: Lexed) -> frozenset[int]:
    """Return which question marks the writer answers: "Errors? All of them." is "Errors: ..."."""
    found: set[int] = set()
    begin = 0
    last = len(lexed.tokens) - 1
    for number, token in enumerate(lexed.tokens):
        if token.kinds[0] not in _ENDS:
            continue
        said = [one.text.lower() for one in lexed.tokens[begin:number]]
        is_short = 0 < len(said) <= _ASKED_MAX and _ASKING.isdisjoint(said)
        if token.text == "?" and is_short and number < last:
            found.add(number)
        begin = number + 1
    return frozenset(found)


def _is_minus(text: str, token: Token, following: Token | None) -> bool:
    start, end = token.place
    return (
        token.text in ("-", "\u2212")
        and following is not None
        and following.place[0] == end
        and following.text[:1].isdigit()
        and (start == 0 or text[start - 1].isspace())
    )


def _is_thousand(token: Token) -> bool:
    is_number = not {"LENGTH", "SHARE", "NUMBER", "PER_SECOND"}.isdisjoint(token.kinds)
    return is_number and re.search(r"(?<![\d.])[1-9]\d{0,2}\.\d{3}(?!\d)", token.text) is not None


def _word(token: Token) -> Word:
    text = token.meant or token.text
    start, end = token.place
    if (
        not text.isascii()
        and not any(sign.isalnum() for sign in text)
        and not (set(token.kinds) & _SIGNS.keys())
    ):
        # A face between two sentences: people put it where a full stop would stand.
        return Word(("_STOP",), text, start, end)
    for kind in token.kinds:
        if kind in _SIGNS:
            return Word((_SIGNS[kind],), text, start, end)
    kinds = [one for one in token.kinds if one in _LITERALS]
    is_plain = (text[:1].isalpha() or "WORD" in token.kinds) and not {
        "LENGTH",
        "SHARE",
        "STATUS_CLASS",
        "PER_SECOND",
    } & set(kinds)
    if is_plain and "QUOTED" not in kinds and " " not in text:
        kinds.append("WORD")
    if "KNOWN" in kinds and "PATH" not in kinds and text.startswith("/"):
        kinds.insert(0, "PATH")
    if "NAMED" in token.kinds:
        kinds.append("NAMED")
    value = token.value
    if "KNOWN" not in kinds and isinstance(value, Name) and "PATH" not in kinds:
        value = value.value
    return Word(tuple(kinds) or ("OTHER",), text, start, end, value)


@record
class SourceWords:
    """The text with its words: what was said from one position to another, and where."""

    text: str
    words: tuple[Word, ...]

    def said(self, start: int, end: int) -> str:
        """Return the user's words from one position to another."""
        place = self.place(start, end)
        return self.text[place[0] : place[1]].strip(" ,;:-\n\t")

    def place(self, start: int, end: int) -> Place:
        """Return where they stand."""
        if not self.words or start >= end:
            return (0, len(self.text))
        return (self.words[start].start, self.words[end - 1].end)
