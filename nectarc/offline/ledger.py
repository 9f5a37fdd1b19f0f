"""The ledger of literals: each number, time, path, name of the text must be in the reading.

Owns: what counts as being in it. Must not know: how the text was read; it looks at the end only,
so that no step on the way can lose what was said.
Truth: docs/intent.md, "The ledger": a word that is used nowhere is asked about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from nectarc.intent.records import (
    AdaptRate,
    DropAll,
    Intent,
    KeepAll,
    KeepOneIn,
    LimitRate,
    Place,
    Question,
)
from nectarc.offline.meanings_spans import GRPC_CODES
from nectarc.offline.questions import slug
from nectarc.offline.tokens import Length, Lexed, Name, Number, PerSecond, Share, Token
from nectarc.semantics.rates import nearest_rate

# What was said before such a word may be taken back.
_TAKES_BACK: Final = re.compile(
    r"\b(?:no|wait|sorry|scratch|actually|rather|mean|meant|correct\w*|edit|update\w*|typo|instead|better|"
    r"make (?:that|it))\b",
    re.IGNORECASE,
)
_DURATION: Final = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)(ns|us|ms|s|m|h)\b")
_NUMBER: Final = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)(?![\w.])")
# What is counted was named before: nectarc/offline/references.py.
_COUNTED: Final = re.compile(r"\b(?:those|these|the|both|all|first|last) $", re.IGNORECASE)
_HAVING: Final = re.compile(r"\b(?:have|run|own|operate|maintain|are|got) $", re.IGNORECASE)
_THINGS: Final = re.compile(
    r" (?:[a-z-]+ )?(?:(?:micro)?services|routes|endpoints|paths)\b", re.IGNORECASE
)
_RELATIVE: Final = re.compile(
    r"(?:half|one|a|twice|double|triple|two|three|four|five|ten)\b.*\b"
    r"(?:that|this|the|as)\b.*",
    re.IGNORECASE,
)
_UNITS: Final = {"ns": 1, "us": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}
_ALIASES: Final = {
    "duration_ms": "duration", "duration": "duration", "service.name": "service",
    "http.status_code": "http.status", "http.response.status_code": "http.status",
    "http.request.method": "method", "http.method": "method", "http.target": "http.route",
    "url.path": "http.route", "status_code": "http.status",
}  # fmt: skip


def missing_from(intent: Intent, lexed: Lexed) -> Question | None:
    """Return what to ask about a literal that the reading does not hold; None where all are in."""
    whole = "\n".join((*_texts(intent), *_taken(intent)))
    backs = [one.start() for one in _TAKES_BACK.finditer(intent.text)]
    last = backs[-1] if backs else -1
    asides = [_place_of(aside, intent.text) for aside in intent.asides]
    for token in lexed.tokens:
        if any(start <= token.place[0] < end for start, end in asides):
            continue
        # What comes after the last such word is what is wished: only what is before may be gone.
        is_before = token.place[0] < last
        if not (_refers(token, intent) or _is_in(token, intent, whole, takes_back=is_before)):
            said = token.text.strip()
            return Question(
                id=f"unused-{slug(said)}",
                words=f"what is `{said}` there for? it is in no clause that was understood: say in"
                " a sentence of its own which traces it is about, and how much of them is kept",
                places=(token.place,),
            )
    return None


def _refers(token: Token, intent: Intent) -> bool:
    """Whether it stands in "those two services", or in a rate that is "half of that"."""
    match token.value:
        case Share():
            return any(
                isinstance(one.wanted, KeepOneIn)
                and _RELATIVE.fullmatch(one.wanted.words) is not None
                and one.wanted.words.lower().startswith(token.text.strip().lower())
                for one in intent.clauses
            )
        case Number():
            before, behind = intent.text[: token.place[0]], intent.text[token.place[1] :]
            is_counted = _COUNTED.search(before) or (
                _HAVING.search(before) and _THINGS.match(behind)
            )
            return token.text.lower() in ("two", "three", "four") and bool(is_counted)
        case _:
            return False


def _taken(intent: Intent) -> Iterator[str]:
    """Yield the names that the words took back: they are in no clause, and should not be."""
    for note in intent.notes:
        if note.startswith("taken back: "):
            yield note.partition("`")[2].removesuffix("`")


def _texts(intent: Intent) -> Iterator[str]:
    for clause in intent.clauses:
        yield clause.what
        if isinstance(clause.wanted, LimitRate | AdaptRate):
            yield " ".join(clause.wanted.by)
    for row in intent.fields:
        yield " ".join((row.name, *row.spellings))
    for promise in intent.promises:
        yield promise.when
    yield from intent.notes


def _is_in(token: Token, intent: Intent, whole: str, *, takes_back: bool) -> bool:
    value = token.value
    if token.kinds[0] == "METHOD" and token.text == "trace":
        return True  # the noun, as the lattice hears it
    match value:
        case Share():
            return takes_back or any(_is_share(one.wanted, value.share) for one in intent.clauses)
        case Length():
            return takes_back or value.nanoseconds in _lengths(whole)
        case PerSecond():
            rates = [one.wanted for one in intent.clauses if isinstance(one.wanted, LimitRate)]
            wanted = float(value.per_second)
            return any(one.per_second == wanted for one in rates) or (
                intent.budget_per_second == wanted
            )
        case Number() if token.kinds[0] in ("NUMBER", "CODE"):
            return takes_back or _is_number(value.value, intent, whole)
        case Name() if token.kinds[0] in ("PATH", "KNOWN", "NAMED"):
            return value.value.rstrip("*").rstrip("/") in whole
        case str() if token.kinds[0] in ("QUOTED", "EXTENSION", "CAPITAL", "METHOD", "FIELD"):
            if value in GRPC_CODES:
                return f"rpc.grpc.status_code == {GRPC_CODES[value]}" in whole or (
                    "rpc.grpc.status_code in [" in whole
                )
            said = value.lower() if token.kinds[0] == "CAPITAL" else value
            return (
                said in (whole.lower() if token.kinds[0] == "CAPITAL" else whole)
                or _ALIASES.get(value, value) in whole
            )
        case _:
            return True


def _is_share(wanted: object, share: Fraction) -> bool:
    match wanted:
        case KeepAll():
            return share in (0, 1)
        case DropAll():
            return share in (0, 1)
        case KeepOneIn(one_in=one_in):
            ways = [one for one in (share, 1 - share) if 0 < one <= 1]
            return one_in in [nearest_rate(one) for one in ways]
        case AdaptRate(one_in=one_in):
            return 0 < share <= 1 and nearest_rate(share) == one_in
        case _:
            return False


def _lengths(whole: str) -> set[Fraction]:
    return {Fraction(found[1]) * _UNITS[found[2]] for found in _DURATION.finditer(whole)}


def _is_number(number: Fraction, intent: Intent, whole: str) -> bool:
    numbers = {Fraction(found[1]) for found in _NUMBER.finditer(whole)}
    # Tests of whole numbers may be turned: "up to 499" is "below 500".
    if {number, number + 1, number - 1} & numbers or f"'{_plain(number)}'" in whole:
        return True
    if number * 10**6 in _lengths(whole) or number * 10**9 in _lengths(whole):
        return True
    return any(
        _is_share(one.wanted, number / 100)
        or _is_one_in(one.wanted, number)
        or (_is_probability(one.wanted) and _is_share(one.wanted, number))
        for one in intent.clauses
    )


def _is_probability(wanted: object) -> bool:
    return isinstance(wanted, KeepOneIn) and wanted.words.startswith("a probability of ")


def _is_one_in(wanted: object, number: Fraction) -> bool:
    if isinstance(wanted, KeepOneIn | AdaptRate):
        return number in {wanted.one_in, 1}
    return isinstance(wanted, LimitRate) and wanted.per_second == float(number)


def _plain(number: Fraction) -> str:
    return str(int(number)) if number.denominator == 1 else str(float(number))


def _place_of(aside: str, text: str) -> Place:
    start = text.find(aside)
    return (start, start + len(aside)) if start >= 0 else (0, 0)
