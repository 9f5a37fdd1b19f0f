"""Which of the user's words an intent leaves out: no clause, promise or aside quotes them.

Owns: the ledger of words of Claude's readings. Must not know: rounds, what is then done about it.
Truth: docs/intent.md, "Rounds". `answer.py` sees to it that what an intent says is quoted; this is
the other direction. It is about words, not about meaning: a clause that quotes a whole sentence
covers all of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from nectarc.intent.records import Intent, Place

# What stands between words, as `answer.py` reads quotations.
_WORD: Final = re.compile(r"[^\s\"'`,.;:!?()\[\]\u2018\u2019\u201c\u201d]+")
_GAP: Final = re.compile(r"\.\.\.|…")
_NUMBER: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?)(k)?\b", re.IGNORECASE)

# Words that ask for nothing alone: where what they join or introduce is quoted, they are said.
# Never one that turns a wish around or bounds it (not, never, no, only, without, all, any).
_FILLERS_TEXT: Final = """
    a an the and or of to for in on at by with from as is are be been it its this that so also
    plus too well then first next finally except unless but otherwise instead while however though
    i we you my our us me please can could would should will want wants need needs like let lets
    just ok okay hi hello hey thanks thank make sure set up create write give have policy rule
    rules keep drop sample retain discard always really simply basically definitely
    und oder et ou y o e og och en der die das den dem le la les el los de bitte
"""
_FILLERS: Final = frozenset(_FILLERS_TEXT.split())

# "the plan is in customer.plan": a name that the intent reads, and a word that says where it is.
_NAME: Final = re.compile(r"[^\W\d]\w*(?:[._]\w+)+")
_DEFINING: Final = frozenset(
    {"is", "are", "means", "called", "named", "attribute", "field", "tag", "label"}
)


class _Word(NamedTuple):
    """A word: where it stands in the text, and in the folded text."""

    folded: str
    place: Place
    at: int


def words_left_out(intent: Intent) -> tuple[Place, ...]:
    """Return the stretches of the intent's text that nothing in it quotes, fillers apart.

    Each goes from its first word that says something to its last. Cost: text times quotations.
    """
    words = list(_words(intent.text))
    covered = _covered(" ".join(word.folded for word in words), intent)
    found: list[Place] = []
    run: list[_Word] = []
    for word in words:
        if not any(covered[word.at : word.at + len(word.folded)]):
            run.append(word)
            continue
        found += _said(run, intent)
        run = []
    return (*found, *_said(run, intent))


def excerpts(text: str, places: tuple[Place, ...]) -> str:
    """Return these places of the text, quoted, on one line."""
    return ", ".join(f"`{' '.join(text[begin:end].split())}`" for begin, end in places)


def _said(run: list[_Word], intent: Intent) -> Iterator[Place]:
    """Return the part of a stretch of words that says something, if any."""
    telling = [word for word in run if word.folded not in _FILLERS]
    if not telling:
        return
    place = (telling[0].place[0], telling[-1].place[1])
    text = intent.text[slice(*place)]
    # A budget is a number of the intent, which quotes nothing.
    is_budget = intent.budget_per_second is not None and intent.budget_per_second in _numbers(text)
    if not is_budget and not _is_definition(text, {word.folded for word in run}, intent):
        yield place


def _is_definition(text: str, words: set[str], intent: Intent) -> bool:
    """Whether a stretch only says which field is meant, and the intent reads that field."""
    if words.isdisjoint(_DEFINING) or any(one.isdigit() for one in text):
        return False
    read = [clause.what for clause in intent.clauses] + [one.when for one in intent.promises]
    read += [spelling for row in intent.fields for spelling in row.spellings]
    names = {name.removeprefix("root.") for one in read for name in _NAME.findall(one)}
    return not names.isdisjoint(_NAME.findall(text))


def _words(text: str) -> Iterator[_Word]:
    at = 0
    for match in _WORD.finditer(text):
        folded = match.group().casefold()
        yield _Word(folded, match.span(), at)
        at += len(folded) + 1


def _covered(folded: str, intent: Intent) -> bytearray:
    """Return a mark for each character of the folded text: 1 where something quotes it."""
    marks = bytearray(len(folded))
    for quotation in _quotations(intent):
        for piece in _GAP.split(quotation):
            quoted = " ".join(word.folded for word in _words(piece))
            at = folded.find(quoted) if quoted else -1
            while at >= 0:
                marks[at : at + len(quoted)] = b"\x01" * len(quoted)
                at = folded.find(quoted, at + len(quoted))
    return marks


def _quotations(intent: Intent) -> Iterator[str]:
    # What stays of the refined policy quotes older words; nobody has checked these here.
    yield from (one.words for one in intent.clauses if one.origin in ("words", "answer"))
    yield from (one.words for one in intent.promises)
    yield from intent.asides


def _numbers(text: str) -> Iterator[float]:
    for digits, thousand in _NUMBER.findall(re.sub(r"(?<=[0-9])[,_ ](?=[0-9]{3})", "", text)):
        yield float(digits) * (1000 if thousand else 1)
