"""The lexer: a text as words, literals, names and punctuation, each with all that it may mean.

Owns: which reader takes which place, item marks, phrases. Must not know: how kinds combine.
Truth: docs/intent.md, "Words". INVARIANT: tokens do not overlap, and what lies between two tokens
is white space: the ledger of words (docs/intent.md) rests on it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from nectarc.intent.vocabulary import Vocabulary
from nectarc.offline.forms import METHODS, form_at, sign_at, word_end
from nectarc.offline.lexicon import Lexicon, lexicon
from nectarc.offline.literals import Literal, literal_at
from nectarc.offline.names import Names, introduced, names_of
from nectarc.offline.spelling import corrected
from nectarc.offline.tokens import Lexed, Name, Phrase, Token
from nectarc.records import replace

_ITEM: Final = re.compile(
    r"(?P<bullet>(?!>[ \t]*\d)[-*•\u2013—·▪◦‣+>~»✓✔]|-+>|=>|\[[ xX]?\])(?=[ \t])"
    r"|(?P<ordinal>\(?(?:\d{1,2}|[a-hA-H]|i{1,3}|iv|vi{0,3})[.)](?=\s)|\d{1,2}\)|#{1,4}(?=[ \t]))"
)
# Inside a line only "1)" and "(1)" are items; "1." may end a sentence.
_INLINE: Final = re.compile(
    r"\(?(?:\d{1,2}|[a-h])\)(?=[ \t])|\((?:\d{1,2}|[a-hivx]{1,3})\)(?=[ \t])"
)
# What numbers a clause, at the start of a line or behind a stop: "rule 2:", "P1 -", "First:".
_NUMBERED: Final = re.compile(
    r"(?:(?:(?:rule|step|point|item|clause|requirement|section|paragraph|article|§|req|priority|prio|no\.?|nr\.?|p|r|#)"
    r"[ \t]?\#?\d{1,2}|first(?:ly)?|second(?:ly)?|third(?:ly)?|fourth(?:ly)?|fifth(?:ly)?"
    r"|last(?:ly)?|finally)(?:[ \t]?:|[.)](?=[ \t])|[ \t]+(?:->|[-\u2013—→|])(?=[ \t]))"
    r"|\d{1,2}:(?=[ \t]+[A-Za-z/>]))[ \t]*(?=\S)",
    re.IGNORECASE,
)
_NON: Final = re.compile(r"(non)-(?=\w)", re.IGNORECASE)
_SUB: Final = re.compile(r"(sub)-(?=\d)", re.IGNORECASE)
_LONG: Final = {"w/": "with", "w/o": "without", "excl.": "excluding"}
_SHORT: Final = re.compile(r"w/(?:o(?!\w))?(?=[ \t]*\S)|excl\.(?=[ \t])", re.IGNORECASE)
_CONTRACTED: Final = re.compile(r"(.+?)['\u2019](s|S)?$")
_METHOD_NOUN: Final = frozenset(
    {
        "request",
        "requests",
        "call",
        "calls",
        "endpoint",
        "endpoints",
        "to",
        "on",
        "traffic",
        "method",
        "methods",
        "traces",
    }
)
_PUNCTUATION: Final = frozenset(
    {
        "COMMA",
        "SEMICOLON",
        "STOP",
        "COLON",
        "DASH",
        "BREAK",
        "BULLET",
        "ORDINAL",
        "LPAR",
        "RPAR",
        "LBRACKET",
        "RBRACKET",
        "SLASH",
        "PLUS",
        "ARROW",
        "HYPHEN",
        "BAR",
        "SYMBOL",
        "COMPARE",
    }
)


def lex(text: str, vocabulary: Vocabulary) -> Lexed:
    """Return the words of `text`. Never fails: what nobody knows is a `WORD` or a `SYMBOL`.

    O(characters), times the length of the longest phrase.
    """
    lexer = _Lexer(text, names_of(vocabulary), lexicon())
    tokens = introduced(_lowered_methods(lexer.tokens()))
    phrases = _phrases(tokens, lexer.lexicon)
    tokens, corrections = corrected(tokens, phrases, lexer.lexicon, lexer.names)
    if corrections:
        phrases = _phrases(tokens, lexer.lexicon)
    in_phrase = {at for one in phrases for at in range(one.first, one.end)}
    tokens = [
        replace(one, kinds=("WORD",)) if one.kinds == ("PART",) and at not in in_phrase else one
        for at, one in enumerate(tokens)
    ]
    return Lexed(
        text=text,
        tokens=tuple(tokens),
        phrases=tuple(phrases),
        corrections=tuple(corrections),
        unknown=tuple(
            at for at, one in enumerate(tokens) if one.kinds == ("WORD",) and at not in in_phrase
        ),
    )


class _Lexer:
    """One pass over the text."""

    def __init__(self, text: str, names: Names, known: Lexicon) -> None:
        self.text = text
        self.names = names
        self.lexicon = known

    def tokens(self) -> list[Token]:
        found: list[Token] = []
        at, is_line_start = 0, True
        while at < len(self.text):
            if self.text[at].isspace():
                end = at
                while end < len(self.text) and self.text[end].isspace():
                    end += 1
                if "\n" in self.text[at:end] and found and found[-1].kinds != ("BREAK",):
                    newline = self.text.index("\n", at)
                    found.append(Token(("BREAK",), "\n", (newline, newline + 1)))
                is_line_start = is_line_start or "\n" in self.text[at:end]
                at = end
                continue
            made = self._item(at, is_line_start=is_line_start) or self._at(at)
            is_line_start = is_line_start and made[-1].kinds[0] in ("BULLET", "BAR")
            found += made
            at = made[-1].place[1]
        if found and found[-1].kinds == ("BREAK",):
            del found[-1]
        return found

    def _item(self, at: int, *, is_line_start: bool) -> list[Token]:
        if is_line_start:
            match = _ITEM.match(self.text, at)
            if match is not None:
                kind = "BULLET" if match["bullet"] else "ORDINAL"
                return [Token((kind,), match[0], (at, match.end()))]
        numbered = _NUMBERED.match(self.text, at)
        before = self.text[:at].rstrip(" \t")[-1:]
        if numbered is not None and (is_line_start or before in ("", ".", ";")):
            return [Token(("ORDINAL",), numbered[0].rstrip(), (at, at + len(numbered[0].rstrip())))]
        match = _INLINE.match(self.text, at)
        line = self.text[self.text.rfind("\n", 0, at) + 1 : at]
        is_closing = match is not None and match[0][0] != "(" and line.count("(") > line.count(")")
        if (
            match is None
            or is_closing
            or (at and not self.text[at - 1].isspace() and self.text[at - 1] not in ",;:.")
        ):
            return []
        return [Token(("ORDINAL",), match[0], (at, match.end()))]

    def _at(self, at: int) -> list[Token]:
        """Return the token or tokens that begin at `at`, which is no white space."""
        name_end = self.names.end_at(self.text, at)
        found = self._literal(at, name_end)
        if found is not None:
            return [self._known(self._token(found, at))]
        if name_end:
            return [self._known(Token((), self.text[at:name_end], (at, name_end)))]
        found = form_at(self.text, at)
        if found is not None:
            return self._split(self._known(self._token(found, at)))
        short = _SHORT.match(self.text, at)
        if short is not None:
            meant = _LONG[short[0].lower()]
            return [Token(("WORD",), short[0], (at, short.end()), meant=meant)]
        end = word_end(self.text, at)
        if end > at:
            return self._words(at, end)
        return [self._token(sign_at(self.text, at), at)]

    def _literal(self, at: int, name_end: int) -> Literal | None:
        """Return a literal, where the words before and the names of the corpus leave room."""
        if at and (self.text[at - 1].isalnum() or self.text[at - 1] == "_"):
            return None
        found = literal_at(self.text, at)
        return found if found is not None and found.end > name_end else None

    def _token(self, found: Literal, at: int) -> Token:
        return Token(found.kinds, self.text[at : found.end], (at, found.end), found.value)

    def _known(self, token: Token) -> Token:
        """Add what the corpus knows of the token's text, and its kinds as a word."""
        said = (
            token.value if "QUOTED" in token.kinds and isinstance(token.value, str) else token.text
        )
        kinds = list(token.kinds)
        if "QUOTED" in kinds or not kinds:
            kinds += [one for one in self.lexicon.kinds(*_plain(said)) if one not in kinds]
        name = self.names.name(said)
        value = token.value
        if name is not None and kinds[:1] != ["METHOD"]:
            kinds.insert(
                0 if not token.kinds or token.kinds[0] in ("FIELD", "QUOTED", "WORD") else 1,
                "KNOWN",
            )
            value = name if value is None or isinstance(value, str | Name) else value
        if self.names.is_field(said) and "FIELD" not in kinds:
            kinds.append("FIELD")
        return replace(token, kinds=tuple(kinds) or ("WORD",), value=value)

    def _split(self, token: Token) -> list[Token]:
        """Split "errors.drop" where the corpus knows no such field and both are common words."""
        first, dot, second = token.text.partition(".")
        if token.kinds != ("FIELD",) or not dot or "." in second:
            return [token]
        if not (self.lexicon.kinds(first.lower()) and self.lexicon.kinds(second.lower())):
            return [token]
        verbs = {"KEEP", "DROP", "SAMPLE", "REST", "REST_DET", "LIMIT", "EVERY_DET"}
        is_verb = not verbs.isdisjoint(self.lexicon.kinds(second.lower()))
        if not is_verb and second.lower() != "please":
            return [token]
        start = token.place[0]
        middle = start + len(first)
        return [
            *self._words(start, middle),
            Token(("STOP",), ".", (middle, middle + 1)),
            *self._words(middle + 1, token.place[1]),
        ]

    def _words(self, at: int, end: int) -> list[Token]:
        """Return a plain word's token, or several: "non-error", "checkout's"."""
        said = self.text[at:end]
        kinds = self.lexicon.kinds(*_plain(said))
        if kinds or self.names.name(said) is not None or self.names.is_field(said):
            return [self._word(at, end)]
        non = _NON.match(self.text, at, end) or _SUB.match(self.text, at, end)
        if non is not None:
            return [
                Token(self.lexicon.kinds(non[1].lower()), non[1], (at, non.end(1))),
                Token(("HYPHEN",), "-", (non.end(1), non.end())),
                *self._at(non.end()),
            ]
        owned = _CONTRACTED.match(said)
        if owned is not None and owned[1].isalnum():
            middle = at + len(owned[1])
            return [
                *self._words(at, middle),
                Token(("POSSESSIVE",), self.text[middle:end], (middle, end)),
            ]
        return [self._word(at, end)]

    def _word(self, at: int, end: int) -> Token:
        said = self.text[at:end]
        kinds = self.lexicon.kinds(*_plain(said))
        if not kinds and any(one in self.lexicon.words for one in _plain(said)) and "-" not in said:
            kinds = ("PART",)  # only ever part of a phrase
        return self._known(Token(kinds or ("WORD",), said, (at, end)))


def _plain(said: str) -> tuple[str, ...]:
    return tuple(said.lower().replace("\u2019", "'").replace("-", " ").split())


def _lowered_methods(tokens: Sequence[Token]) -> list[Token]:
    """Read "post requests", "delete /cart" as methods, besides what the words mean otherwise."""
    found = list(tokens)
    for at, (token, following) in enumerate(zip(found, [*found[1:], None], strict=False)):
        if following is None or token.text.upper() not in METHODS or token.text.isupper():
            continue
        if following.text.lower() in _METHOD_NOUN or "PATH" in following.kinds:
            kinds = tuple(one for one in token.kinds if one != "WORD")
            found[at] = replace(token, kinds=("METHOD", *kinds), value=token.text.upper())
    return found


def _phrases(tokens: Sequence[Token], known: Lexicon) -> list[Phrase]:
    """Return every phrase of several tokens; "health-checks" is one token and needs none."""
    words = [_phrase_words(token) for token in tokens]
    found: list[Phrase] = []
    for first, head in enumerate(words):
        longest = known.longest.get(head[0], 0) if head else 0
        said: tuple[str, ...] = ()
        here: list[Phrase] = []
        for end in range(first, min(first + longest, len(words))):
            if not words[end]:
                break
            said += words[end]
            kinds = known.phrases.get(said) if end > first else None
            if kinds:
                here.append(Phrase(first, end + 1, kinds, " ".join(said)))
        found += reversed(here)
    return found


def _phrase_words(token: Token) -> tuple[str, ...]:
    if token.kinds[0] in _PUNCTUATION or "QUOTED" in token.kinds:
        return ()
    return _plain(token.meant or token.text)
