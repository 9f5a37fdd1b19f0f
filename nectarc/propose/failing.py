"""Why a draft is refused, in the words of the person who asked for it.

Owns: the words. Must not know: layout, how anything was judged.
Truth: nectarc/intent/properties.py gives the names of what follows from a clause.
"""

from __future__ import annotations

import re
from typing import Final, assert_never

from nectarc.intent.failures import Failure
from nectarc.intent.records import (
    AdaptRate,
    Clause,
    DropAll,
    Intent,
    KeepAll,
    KeepOneIn,
    LimitRate,
    Promise,
)

# A name that `properties_of` gives, as an invariant or as a promise of a sampler.
_CLAUSE: Final = re.compile(r"(invariant )?clause ([0-9]+)(\.2)? (.*?)'*")
_WORDS_MAX: Final = 80


def reason_of(failure: Failure, intent: Intent) -> str:
    """Return what is not as it should be, without its full stop.

    A finding of the checker says so itself; of any other claim it is said that it is not so.
    """
    if not failure.name:
        return failure.claim
    found = _CLAUSE.fullmatch(failure.name)
    if found is not None:
        number = int(found[2])
        clause = intent.clauses[number - 1] if number <= len(intent.clauses) else None
        if clause is not None and clause.name == found[4]:
            said = f'"{_short(clause.words)}"' if clause.words else f"`{clause.name}`"
            what = _of_clause(clause, is_upper=bool(found[3]), is_share=bool(found[1]))
            return f"clause {number}, {said}: {what}"
    for promise in intent.promises:
        if promise.words and failure.name.rstrip("'") == f"invariant {promise.name}":
            return f'"{_short(promise.words)}": {_of_promise(promise)}'
    return f"not so: {failure.claim}"


def finding_of(failure: Failure, intent: Intent) -> str:
    """Return the reason with what happens instead, on one line, for the head of a file."""
    reason = reason_of(failure, intent)
    return f"{reason}; {failure.what}" if failure.what else reason


def _of_clause(clause: Clause, *, is_upper: bool, is_share: bool) -> str:
    """is_share: the claim is about how much is kept; else about which sampler decides."""
    wanted = clause.wanted
    match wanted:
        case KeepAll():
            return "some of these are lost"
        case DropAll():
            return "some of these are kept"
        case KeepOneIn():
            than = "more" if is_upper else "fewer"
            return f"{than} of these are kept than 1 in {wanted.one_in:,}"
        case LimitRate():
            if is_share:
                return "some of these are dropped"
            return f"some of these are not limited to {wanted.per_second:g} events a second"
        case AdaptRate():
            if is_share:
                return "some of these are dropped"
            return f"some of these are not sampled at 1 in {wanted.one_in:,} on average"
        case _:
            assert_never(wanted)


def _of_promise(promise: Promise) -> str:
    if promise.require == "keep":
        return "some of these are lost"
    if promise.require == "not drop":
        return "some of these are dropped"
    than = "fewer" if ">=" in promise.require else "more"
    return f"{than} of these are kept than asked for (`{promise.require}`)"


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= _WORDS_MAX else line[: _WORDS_MAX - 1].rstrip() + "…"
