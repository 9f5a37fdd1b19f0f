"""The words of an intent with what each may mean: what the lexer yields and the grammar reads.

Owns: `Token`, the kinds of typed literals. Must not know: which phrases there are (the lexicon,
`grammar/intent_lexicon.toml`), how they combine (`grammar/intent.lark`). Truth: docs/intent.md.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final, TypeAlias

from nectarc.intent.records import Place
from nectarc.records import part, record


@record
class Share:
    """A share of traces: "5 %", "half", "a tenth", "1 in 20", "99.9 percent". 0 <= share <= 1."""

    share: Fraction


@record
class Length:
    """A length of time: "5 seconds", "300ms", "half a second". text: as a literal, "5s"."""

    nanoseconds: Fraction
    text: str


@record
class StatusClass:
    """Read from "5xx", "4xx errors", "500s" where all of a hundred is meant. hundred: 5 for 5xx."""

    hundred: int


@record
class Number:
    """A bare number, "500", "more than 8": what it counts is the grammar's business."""

    value: Fraction


@record
class PerSecond:
    """Said as "100 events per second", "50/s", "200 traces/sec". unit: "events", "traces" or ""."""

    per_second: Fraction
    unit: str


@record
class Name:
    """A name that the corpus knows, or that is of the form of one: which fields hold it.

    value: the text. fields: the fields that may hold it, most likely first: ("http.route",...).
    """

    value: str
    fields: tuple[str, ...]


Value: TypeAlias = Share | Length | StatusClass | Number | PerSecond | Name | str | None

# Kinds made by the lexer itself; all other kinds are the lexicon's, upper case.
LITERALS: Final = (
    "SHARE",  # Share
    "LENGTH",  # Length
    "STATUS_CLASS",  # StatusClass
    "NUMBER",  # Number
    "PER_SECOND",  # PerSecond
    "KNOWN",  # Name that the corpus knows: "checkout" (a service), "/cart" (a route)
    "PATH",  # Name of the form of a path: "/healthz", "/api/*"
    "EXTENSION",  # str, ".js"
    "QUOTED",  # str, what stands in quotes
    "FIELD",  # str, a dotted or underscored attribute name: "http.status_code", "tenant_id"
    "METHOD",  # str, "POST"
    "CAPITAL",  # str, a class-like name as written: "TimeoutException"
    "COMPARE",  # str, one of == != < <= > >=, from signs
    "CODE",  # Number of the form of a status: "404", "503s"
    "NAMED",  # Name that the words introduce: "service billing", "the billing service"
    "POSSESSIVE",  # "'s" after a name
    "COMMA", "SEMICOLON", "STOP", "COLON", "DASH", "BREAK", "BULLET", "ORDINAL", "LPAR", "RPAR",
    "LBRACKET", "RBRACKET", "SLASH", "PLUS", "ARROW", "HYPHEN", "BAR",
    "SMILEY",  # besides STOP: a face, which asks for nothing
    "SYMBOL",  # a sign or a run of signs that means nothing here
    "WORD",  # a word that nobody knows: never a value by itself
)  # fmt: skip


@record
class Token:
    """One word, phrase or literal. `kinds` holds every reading of it, most likely first.

    text:   as written. place: where. value: of literals.
    meant:  what was read where the spelling was corrected, "" otherwise.
    """

    kinds: tuple[str, ...]
    text: str
    place: Place
    value: Value = None
    meant: str = part(default="", compare=False)


@record
class Phrase:
    """Words side by side that are one phrase of the lexicon.

    first, end: the tokens' indices, half open. text: lower case, as the lexicon has it.
    """

    first: int
    end: int
    kinds: tuple[str, ...]
    text: str


@record
class Correction:
    """A spelling that was corrected; `place` holds what was written."""

    place: Place
    written: str
    meant: str


@record(kw_only=True)
class Lexed:
    """A text as its words.

    tokens:      in order, none overlap; what lies between two is white space.
    phrases:     every phrase of more than one word, by its first token, the longest first.
    corrections: in order. unknown: indices of tokens that are a `WORD` only.
    """

    text: str
    tokens: tuple[Token, ...]
    phrases: tuple[Phrase, ...] = ()
    corrections: tuple[Correction, ...] = ()
    unknown: tuple[int, ...] = ()

    def longest(self) -> tuple[Token, ...]:
        """Return the tokens with phrases put together, from the left, the longest first."""
        widest: dict[int, Phrase] = {}
        for one in self.phrases:
            widest.setdefault(one.first, one)
        found: list[Token] = []
        at = 0
        while at < len(self.tokens):
            phrase = widest.get(at)
            if phrase is None:
                found.append(self.tokens[at])
                at += 1
                continue
            place = (self.tokens[at].place[0], self.tokens[phrase.end - 1].place[1])
            found.append(Token(phrase.kinds, self.text[place[0] : place[1]], place))
            at = phrase.end
        return tuple(found)
