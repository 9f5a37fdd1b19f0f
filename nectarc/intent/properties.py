"""What an intent implies for every trace, as claims about any policy that says to do it.

Owns: the derivation of properties. Must not know: drafts, rules, priorities; it is the second
reading of the clauses, by other means than the first (drafts.py), and the two must agree.
Truth: docs/intent.md, "Properties".
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final, assert_never

from nectarc.intent.matches import all_of, none_of
from nectarc.intent.records import (
    AdaptRate,
    Clause,
    DropAll,
    Intent,
    KeepAll,
    KeepOneIn,
    LimitRate,
    Promise,
    Wanted,
)

# Enough to tell 1/n from 1/(n + 1) for any rate that Refinery takes (n < 2^31).
_DIGITS: Final = 20


def properties_of(intent: Intent) -> tuple[Promise, ...]:
    """Return what must hold of a policy for `intent`, the user's own promises first.

    Of each clause: the traces that it is about, and that no clause before it is about, are kept
    with the share that it wants.
    """
    found = [*intent.promises]
    for number, clause in enumerate(intent.clauses):
        when = _only(clause, intent.clauses[:number])
        for index, require in enumerate(_requirements(clause.wanted)):
            suffix = f".{index + 1}" if index else ""
            found.append(
                Promise(
                    name=f"clause {number + 1}{suffix} {clause.name}",
                    when=when,
                    require=require,
                    words=clause.words,
                    sampler=_sampler(clause.wanted),
                )
            )
    return tuple(found)


def _requirements(wanted: Wanted) -> Iterator[str]:
    """Yield what the share of such a trace must be, as `require` cells."""
    match wanted:
        case KeepAll():
            yield "keep"
        case DropAll():
            yield "share <= 0"
        case KeepOneIn():
            yield f"share >= {_share(wanted.one_in, up=False)}"
            yield f"share <= {_share(wanted.one_in, up=True)}"
        case LimitRate() | AdaptRate():
            yield "not drop"
        case _:
            assert_never(wanted)


def _sampler(wanted: Wanted) -> tuple[str, int] | None:
    """Return the sampler that must decide, and its goal; whole, as Refinery takes it."""
    match wanted:
        case LimitRate():
            # Half an event a second cannot be asked for: the least goal is 1.
            return "EMAThroughputSampler", math.floor(max(wanted.per_second, 1))
        case AdaptRate():
            return "EMADynamicSampler", wanted.one_in
        case _:
            return None


def _share(one_in: int, *, up: bool) -> str:
    """Return 1/n as a decimal, rounded so that 1/n meets it and no other whole n does."""
    scaled = 10**_DIGITS
    digits = -(-scaled // one_in) if up else scaled // one_in
    return f"0.{digits:0{_DIGITS}d}".rstrip("0") if digits < scaled else "1"


def _only(clause: Clause, before: Sequence[Clause]) -> str:
    """Return the match of what `clause` is about and no clause before it is."""
    return all_of((clause.what, *(none_of(one.what) for one in before if not one.is_rest)))
