"""What the parts of a noun phrase are to each other: said twice, one of the other, of no sense.

Owns: which parts say what another says, which do not go together. Must not know: the grammar.
Truth: docs/intent.md, "What words mean".
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from nectarc.offline.phrases import Part
from nectarc.offline.references import references_in
from nectarc.offline.selectors import Cond, Non, Open, Some, Test, fields_of

_SAID_BY: Final = {
    "slow": "duration", "health": "http.route", "static": "http.route", "system": "db.system",
}  # fmt: skip
# Values of one field in a row are one thing: "that hit /a or /b in checkout".
_SAME_KIND: Final = frozenset({"http.route", "service", "http.status", "method"})


def _is_one_list(one: Cond) -> bool:
    return {name.removeprefix("root.") for name in fields_of(one)} <= _SAME_KIND


def is_amiss(said: Sequence[Part], found: Sequence[Part]) -> bool:
    """Whether the parts do not make one phrase; `found`: without those that say nothing more."""
    if _has_loose_number([one.cond for one in found]) or _is_told_twice(found):
        return True
    if _is_ok([one.cond for one in found]):
        return True
    if len([ref for one in found for ref in references_in(one.cond)]) > 1:
        return True  # "errors from either", "of them"
    return any(
        (one.is_noun and (after.is_test or after.is_note))
        # "that failed or took over 2s in checkout": of which of the two is the place?
        or (one.is_clause and isinstance(one.cond, Some) and not _is_one_list(one.cond))
        for one, after in pairwise(said)
    )


def _is_ok(found: list[Cond]) -> bool:
    """Whether "OK" stands beside gRPC: it is the status there, and no want of errors."""
    is_grpc = any(isinstance(one, Test) and one.field == "rpc.grpc.status_code" for one in found)
    return is_grpc and any(isinstance(one, Open) and one.words.lower() == "ok" for one in found)


def _has_loose_number(found: list[Cond]) -> bool:
    """Whether a bare field stands beside what is said of it: "retries over 3" is one test."""
    bare = {one.field for one in found if isinstance(one, Test) and one.text.startswith("exists(")}
    is_loose = any(isinstance(one, Open) and one.about == "number" for one in found)
    bare.discard("rpc.grpc.status_code")  # "gRPC calls" says no more than that it is there
    return bool(bare) and (is_loose or any(bare & _tested(one) for one in found))


def _tested(one: Cond) -> frozenset[str]:
    """Return the fields that it asks more of than to be there."""
    is_bare = isinstance(one, Test) and one.text.startswith("exists(")
    return frozenset() if is_bare else fields_of(one)


def _is_told_twice(found: Sequence[Part]) -> bool:
    """Whether a note says what a name is that was read as a service: "app x (client = x)"."""
    notes = [one.cond for one in found if one.is_note and isinstance(one.cond, Test)]
    services = [
        value for one in found if not one.is_note and isinstance(one.cond, Test)
        and one.cond.field == "service" for value in one.cond.values
    ]  # fmt: skip
    return any(
        value in note.values for note in notes for value in services if note.field != "service"
    )


def _told(found: list[Part]) -> list[Part]:
    """Leave out "failed" where a note says in gRPC's codes what that is."""
    notes = [
        number for number, one in enumerate(found)
        if one.is_note and fields_of(one.cond) == {"rpc.grpc.status_code"}
    ]  # fmt: skip
    return [
        one for number, one in enumerate(found)
        if not (number + 1 in notes and isinstance(one.cond, Open) and one.cond.about == "error")
    ]  # fmt: skip


def settled(found: list[Part]) -> list[Part]:
    """Leave out what another part says in figures: "slow requests over 2 s", "probes on /ping"."""
    found = _told(found)
    fields = {
        name for one in found if not isinstance(one.cond, Non) for name in fields_of(one.cond)
    } - {"duration"}
    said = {name for name, field in _SAID_BY.items() if field in fields}
    return [
        one for one in found if not (isinstance(one.cond, Open) and one.cond.about in said)
    ] or found
