"""What phrases mean: the records that the grammar's functions make and clauses put together.

Owns: the records. Must not know: the grammar, composition. Truth: docs/intent.md.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final, Literal, TypeAlias

from nectarc.offline.selectors import Cond
from nectarc.records import part, record

# Words that narrow: before parentheses they are no name of what stands in them.
NARROWING: Final = frozenset(
    {
        "recent", "internal", "external", "old", "new", "latest", "current", "important", "certain",
        "few", "many", "most", "only", "not", "some", "today", "yesterday", "last", "next", "no",
        "small", "big", "non", "former", "earlier", "previous", "without", "except", "unless",
    }
)  # fmt: skip

# Words that phrases of the grammar hold and that are no value of any field.
FUNCTION_WORDS: Final = frozenset(
    {
        "the", "a", "an", "of", "to", "with", "by", "than", "that", "which", "at", "it", "is",
        "are", "be", "least", "most", "part", "who", "whose", "in", "on", "for", "from", "and",
        "or", "not", "no", "none", "any", "all", "only", "ever", "never", "else", "other", "others",
        "left", "rest", "them", "they", "these", "those", "this", "there", "then", "if", "when",
        "where", "what", "as", "so", "too", "also", "we", "i", "you", "our", "my", "its",
        "their", "do", "does", "did", "don't", "doesn't", "didn't", "has", "have", "had", "can",
        "may", "must", "should", "shall", "will", "would", "out", "up", "down", "over", "under",
        "above", "below", "between", "more", "less", "fewer", "longer", "slower", "faster",
        "equal", "each", "every", "both", "either", "neither", "nor", "but", "except", "without",
        "anything", "everything", "nothing", "whatever", "same", "such", "until", "while",
    }
)  # fmt: skip

ActKind: TypeAlias = Literal["keep", "drop", "sample", "limit"]
RateKind: TypeAlias = Literal["share", "limit", "average", "open", "relative"]


@record
class Act:
    """What is to be done. is_never: said as what must not happen ("never lose").

    is_loose: by no verb that "/b must not" could take up: "exempt", "in full", "can go".
    """

    kind: ActKind
    is_never: bool = False
    is_loose: bool = part(default=False, compare=False)


@record
class Rate:
    """How much. share: of "share" and "average"; per_second: of "limit"; words: as said.

    Of "relative", share is the part of what was said before: "half of that".

    about: of "open", what is open: "number" (at 5), "vague" (a lot), "choice" (1 or 2 percent).
    """

    kind: RateKind
    words: str = part(compare=False)
    share: Fraction = Fraction(0)
    per_second: Fraction = Fraction(0)
    unit: str = ""
    is_overall: bool = False
    about: str = ""


@record
class Part:
    """A part of a noun phrase: what it asks for.

    is_place: where it comes from ("in checkout"), which may belong to several nouns before it.
    is_own:   asked of the trace by itself: "where ...", "that ...".
    is_clause: what follows "and" may belong to it: "with a = b and ...".
    is_note:  it stands in parentheses. is_test: a test that names nothing by itself, ">2s".
    is_noun:  it ends in a noun of its own, to which what follows belongs: "with a call to /a".
    """

    cond: Cond
    is_place: bool = False
    is_own: bool = False
    is_clause: bool = False
    is_note: bool = False
    is_test: bool = False
    is_noun: bool = False


@record
class Phrase:
    """A noun phrase. is_rest: everything that nothing else is about. is_other: "other POSTs".

    place: where it comes from, said after other words of it, which may be said of more than it.
    ends_open: it ends in a clause that "and ..." may belong to. is_headless: a test without a noun.
    is_bare: of the rest, which may be that of a topic: "the rest", "the others".
    is_any: it begins with "anything", "everything".
    is_all: it begins with "all". has_all: a part behind the first does: "half of /a, all of /b".
    """

    cond: Cond
    is_rest: bool = False
    is_other: bool = False
    has_place: bool = part(default=False, compare=False)
    place: Cond | None = part(default=None, compare=False)
    ends_open: bool = part(default=False, compare=False)
    is_headless: bool = part(default=False, compare=False)
    is_all: bool = False
    has_all: bool = False
    is_bare: bool = part(default=False, compare=False)
    is_any: bool = part(default=False, compare=False)


@record
class LeftOut:
    """What is left out of a clause. kind: "except" or "only"; act, rate: what becomes of it."""

    kind: str
    cond: Cond
    act: Act | None = None
    rate: Rate | None = None


@record
class Values:
    """Values of a field, as literals and as text."""

    literals: tuple[str, ...]
    texts: tuple[str, ...]


@record
class Label:
    """Words that nobody knows yet: "VIP", "lambda cold starts"."""

    words: str
    start: int = part(compare=False)
    end: int = part(compare=False)


@record
class Definition:
    """What a word means. kind: "slow", "success", "error", "field", "service", "label", "topic"."""

    kind: str
    name: str
    cond: Cond | None = None


@record
class Model:
    """Something whose treatment another is to have: "treat /b like /a". of: /b; cond: /a."""

    cond: Cond
    of: Phrase | None = None


@record
class Slot:
    """A piece of a clause: its kind names what `value` is."""

    kind: str
    value: Act | Rate | Phrase | Cond | LeftOut | Definition | Model | tuple[str, ...] | None = None
