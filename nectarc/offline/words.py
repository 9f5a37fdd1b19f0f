"""The lexer's tokens as positions that the chart reads.

Owns: `Word`, how kinds of tokens are named in the grammar. Must not know: patterns, phrases.
Truth: nectarc/offline/tokens.py; grammar/intent.lark.
"""

from __future__ import annotations

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


@record
class Word:
    """One position: a word or a literal. kinds: what it may be; place: half open, in the text."""

    kinds: tuple[str, ...]
    text: str
    start: int
    end: int
    value: Value = None


def words_of(lexed: Lexed) -> tuple[Word, ...]:
    """Return the tokens as words, corrected spelling read as what was meant."""
    return tuple(_word(one) for one in lexed.tokens)


def _word(token: Token) -> Word:
    text = token.meant or token.text
    start, end = token.place
    for kind in token.kinds:
        if kind in _SIGNS:
            return Word((_SIGNS[kind],), text, start, end)
    kinds = [one for one in token.kinds if one in _LITERALS]
    is_plain = text[:1].isalpha() and not {"LENGTH", "SHARE", "STATUS_CLASS", "PER_SECOND"} & set(
        kinds
    )
    if is_plain and "QUOTED" not in kinds and " " not in text:
        kinds.append("WORD")
    if "NAMED" in token.kinds and "WORD" not in kinds:
        kinds.append("WORD")
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
