"""The typed intent of placed items: clauses in order, the safety's own in front, names, rows.

Owns: where the safety's clause stands, which clauses would be dead. Must not know: English.
Truth: docs/intent.md, "Who wins": errors are kept before anything that could lose one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from nectarc.intent.records import Clause, Intent, KeepAll, Promise
from nectarc.intent.vocabulary import SafetyWords
from nectarc.offline.answers import Answers
from nectarc.offline.composition import Composed
from nectarc.offline.naming import clause_name, fields_for
from nectarc.offline.precedence import Placed, covers_errors, in_order, is_part
from nectarc.offline.selectors import Cond, Each, Same, Some, Test, match_text
from nectarc.offline.settling import error_of
from nectarc.offline.words import SourceWords

# Words of a promise: what they are said of must never be lost, whatever the policy becomes.
_PROMISED: Final = re.compile(
    r"\b(?:never|(?:must|may|should|shall|can|do|does) ?n[o']t)\s+(?:be\s+)?"
    r"(?:los\w+|drop\w*|discard\w*|miss\w*)",
    re.IGNORECASE,
)


def intent_of(
    whole: SourceWords,
    composed: Composed,
    placed: Sequence[Placed],
    safety: SafetyWords,
    given: Answers,
) -> Intent:
    """Return the intent; nothing is open in what was placed."""
    every = in_order(placed, is_ordered=composed.is_ordered)
    ordered = _alive(every)
    notes = tuple(_kept_already(whole, [one for one in every if one not in ordered]))
    names: set[str] = set()
    clauses: list[Clause] = []
    error = error_of(safety)
    needs_safety = not covers_errors(ordered, safety)
    inside = [
        one for one in ordered if isinstance(one.wanted, KeepAll) and is_part(one.item.cond, error)
    ]
    if needs_safety:
        # Of errors alone nothing is left once the safety keeps them: it was asked about.
        ordered = [
            *inside,
            *(one for one in ordered if one.item.is_rest or not is_part(one.item.cond, error)),
        ]
    for one in ordered:
        is_inside = one in inside
        if needs_safety and not is_inside:
            clauses.append(_safety(safety, names))
            needs_safety = False
        clauses.append(_clause(whole, one, names, given))
    if needs_safety:
        clauses.insert(-1, _safety(safety, names))
    return Intent(
        text=whole.text,
        clauses=tuple(clauses),
        fields=fields_for(clauses),
        promises=tuple(_promises(clauses)),
        asides=tuple(whole.said(start, end) for start, end in composed.asides),
        answers=given.used(),
        notes=(
            *notes,
            *_defined(whole, composed),
            *(f"taken back: `{one}`" for one in composed.taken),
        ),
    )


def _defined(whole: SourceWords, composed: Composed) -> Iterator[str]:
    """Yield which quoted words stand for what the text itself says that they mean."""
    for name, _ in composed.definitions:
        found = re.search(
            rf"[\"'\u201c\u201d`]({re.escape(name)})[\"'\u201c\u201d`]", whole.text, re.IGNORECASE
        )
        if found is not None:
            yield f"`{found[1]}` is what your own words define"


def _kept_already(whole: SourceWords, left_out: Sequence[Placed]) -> Iterator[str]:
    """Yield what was said and needs no clause of its own, since another keeps all of it."""
    for one in left_out:
        if isinstance(one.wanted, KeepAll) and not _is_odd(one.item.cond):
            said = whole.said(one.item.start, one.item.end)
            yield f"`{said}` ({one.text}): kept by another clause already"


def _is_odd(cond: Cond) -> bool:
    """Whether it asks one field twice of one span, "5xx 404": that is not what was meant."""
    match cond:
        case Same(parts):
            fields = [one.field for one in parts if isinstance(one, Test)]
            return len(fields) > len(set(fields)) and any(
                isinstance(one, Test) and bool(one.values) for one in parts
            )
        case Each(parts) | Some(parts):
            return any(map(_is_odd, parts))
        case _:
            return False


def _promises(clauses: Sequence[Clause]) -> Iterator[Promise]:
    """Yield what was promised in so many words, "never lose ...", as an invariant of its own."""
    for one in clauses:
        if isinstance(one.wanted, KeepAll) and _PROMISED.search(one.words) and not one.is_rest:
            yield Promise(
                name=f"never-lose-{one.name.removeprefix('keep-')}",
                when=one.what,
                require="keep",
                words=one.words,
            )


def _alive(ordered: Sequence[Placed]) -> list[Placed]:
    """Leave out what an earlier clause does as well: said twice, or a part of what is kept."""
    found: list[Placed] = []
    for one in ordered:
        is_dead = one.text == "false" or any(
            one.text == before.text
            or (before.wanted == one.wanted and is_part(one.item.cond, before.item.cond))
            for before in found
            if not before.item.is_rest and not one.item.is_rest
        )
        if not is_dead:
            found.append(one)
    return found


def _safety(safety: SafetyWords, names: set[str]) -> Clause:
    name = "keep-errors" if "keep-errors" not in names else "keep-all-errors"
    names.add(name)
    return Clause(
        wanted=KeepAll(),
        what=safety.error if safety.is_given else match_text(error_of(safety)),
        name=name,
        origin="safety",
        wins="the project's safety: errors are kept before anything else",
    )


def _clause(whole: SourceWords, one: Placed, names: set[str], given: Answers) -> Clause:
    is_answer = one.origin == "answer"
    start, end = one.item.start, one.item.end
    return Clause(
        wanted=one.wanted,
        what=one.text,
        name=clause_name(one, names),
        words=given.text("rest") if is_answer else whole.said(start, end),
        place=None if is_answer else whole.place(start, end),
        origin=one.origin,
        wins=one.wins,
    )
