"""Bounds: what is fast as a whole, and which bounds leave nothing out between them.

Owns: what the others leave, "up to 5 spans"; of what "under 1 s" is. Must not know: clauses.
Truth: docs/intent.md, "Putting together". All traces have a length and a count of spans.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Final

from nectarc.offline.selectors import (
    Cond,
    Each,
    Non,
    Same,
    Some,
    Test,
    Whole,
    each,
    non,
    same,
    some,
)

_BOUND: Final = re.compile(r"(duration|span_count) ([<>]=?) ([\d.]+)(ns|us|ms|s|m|h)?")
_NS: Final = {"ns": 1, "us": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}
_SHORT: Final = re.compile(r"duration <(=?) ")
# Such a test is passed by the span of a request, which is as long as the request.
_OF_REQUEST: Final = frozenset({"http.status", "method", "http.route"})
_INFINITE: Final = float("inf")
_Span = tuple[str, float, float]


def complement(said: Iterable[Cond]) -> Cond | None:
    """Return the one with the lowest bounds, where together they are all that there is.

    A bound itself may be in two of them, or in none: it goes with what is left.
    """
    conds = tuple(dict.fromkeys(said))
    known = [(span, one) for one in conds if (span := _span(one)) is not None]
    for about in ("duration", "span_count"):
        spans = sorted(
            (span[1:], number) for number, (span, _) in enumerate(known) if span[0] == about
        )
        if len(spans) > 1 and _is_all([span for span, _ in spans]):
            return known[spans[0][1]][1]
    return _missing(conds)


def _missing(conds: tuple[Cond, ...]) -> Cond | None:
    """Return where a flag is not set at all, where both of its values are spoken of, too."""
    for one in conds:
        inner = one.inner if isinstance(one, Non) else None
        if not isinstance(inner, Test) or not inner.text.startswith("exists("):
            continue
        texts = {other.text for other in conds if isinstance(other, Test)}
        bounds = {
            (found[1][0], found[2])
            for text in texts
            if (found := re.fullmatch(rf"{re.escape(inner.field)} ([<>])=? ([\d.]+)", text))
        }
        if len(bounds) == 2 and len({value for _, value in bounds}) == 1:
            return one
        if {f"{inner.field} == true", f"{inner.field} == false"} <= texts:
            return one
    return None


def fast_as_a_whole(cond: Cond) -> Cond:
    """Return "GETs under 1 s" as traces with a GET, no span of which takes 1 s.

    Of a service's spans it stays open whether they alone are meant: it is asked about.
    """
    match cond:
        case Same(parts):
            short = [one for one in parts if isinstance(one, Test) and _SHORT.match(one.text)]
            others = [one for one in parts if one not in short]
            if len(short) != 1 or not others or not all(map(_is_of_request, others)):
                return cond
            longer = Test(_SHORT.sub(_longer, short[0].text), "duration")
            return each([same(others), non(longer)])
        case Some(parts):
            return some(map(fast_as_a_whole, parts))
        case _:
            return cond


def _longer(found: re.Match[str]) -> str:
    return "duration > " if found[1] else "duration >= "


def _is_of_request(cond: Cond) -> bool:
    match cond:
        case Test(field=field):
            return field in _OF_REQUEST
        case Same(parts) | Some(parts):
            return all(map(_is_of_request, parts))
        case _:
            return False


def _is_all(spans: list[tuple[float, float]]) -> bool:
    """Whether each begins where the one before it ends, from none to as many as there may be."""
    joints = pairwise(spans)
    return (
        spans[0][0] == 0
        and spans[-1][1] == _INFINITE
        and all(before[1] == after[0] for before, after in joints)
    )


def _span(cond: Cond) -> _Span | None:
    """Return of what it is a range, from where and up to where, in ns or spans."""
    match cond:
        case Test(text=text) | Whole(text=text):
            return _ranged(text)
        case Non(inner=Test(text=text) | Whole(text=text)):
            found = _ranged(text)
            if found is None or found[2] != _INFINITE:
                return None
            return found[0], 0, found[1]
        case Each(parts=(one, other)):
            left, right = _span(one), _span(other)
            if left is None or right is None or left[0] != right[0]:
                return None
            return left[0], max(left[1], right[1]), min(left[2], right[2])
        case _:
            return None


def _ranged(text: str) -> _Span | None:
    found = _BOUND.fullmatch(text)
    if found is None:
        return None
    value = float(found[3]) * _NS.get(found[4] or "ns", 1)
    return (found[1], value, _INFINITE) if found[2][0] == ">" else (found[1], 0, value)
