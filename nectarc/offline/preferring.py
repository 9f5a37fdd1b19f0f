"""Of two readings of one text, the one that everybody means: "/a where user.plan is gold".

Owns: which of two readings is preferred without a question. Must not know: English, the grammar.
Truth: docs/intent.md, "Two readings". Any other two that differ are asked about.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, TypeAlias

from nectarc.intent.records import Understood

_Clause: TypeAlias = tuple[object, str]

_APART: Final = re.compile(r"any\((?P<one>[^()]+)\) && any\((?P<other>[^()]+)\)")
_PLACE: Final = re.compile(r"(?:service|http\.route|method) (?:==|in|starts_with) ")
_CODES: Final = re.compile(r"any\(http\.status in \[(?P<codes>[\d, ]+)\] && (?P<place>.+)\)")


def preferred(readings: Sequence[Understood]) -> Understood | None:
    """Return the one that is meant, None where that is not plain.

    A place and a test on a field are of one span; codes in a row share the place behind them.
    """
    if len(readings) != 2:
        return None
    for one, other in (readings, readings[::-1]):
        left, right = _clauses(one), _clauses(other)
        more, less = right - left, left - right
        if not more or not less:
            continue
        if _is_of_one_span(less, more) or _is_shared(less, more):
            return one
    return None


def _clauses(reading: Understood) -> frozenset[_Clause]:
    return frozenset((one.wanted, one.what) for one in reading.intent.clauses)


def _is_of_one_span(chosen: frozenset[_Clause], other: frozenset[_Clause]) -> bool:
    """Whether all that differs is `any(a && b)`, where the other one has `any(a) && any(b)`."""
    joined = set()
    for wanted, what in other:
        found = _APART.fullmatch(what)
        if found is None or not _is_place_and_field(found["one"], found["other"]):
            return False
        joined.add((wanted, f"any({found['one']} && {found['other']})"))
    return joined == chosen


def _is_place_and_field(one: str, other: str) -> bool:
    """Whether it is a place and a field of its spans; how long a span is may be another's."""
    return _PLACE.match(one) is not None and not re.match(r"duration|error|http\.status", other)


def _is_shared(chosen: frozenset[_Clause], other: frozenset[_Clause]) -> bool:
    """Whether "401 or 403 on /a" has both codes on /a, where the other one has 401 anywhere."""
    if len(chosen) != 1:
        return False
    wanted, what = next(iter(chosen))
    found = _CODES.fullmatch(what)
    if found is None:
        return False
    codes = [one.strip() for one in found["codes"].split(",")]
    before = (
        f"http.status == {codes[0]}" if len(codes) == 2
        else f"http.status in [{', '.join(codes[:-1])}]"
    )  # fmt: skip
    last = f"any(http.status == {codes[-1]} && {found['place']})"
    return other == frozenset({(wanted, before), (wanted, last)})
