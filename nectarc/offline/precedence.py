"""Who wins: items into clauses in order, with the safety's clause in front where it is needed.

Owns: the order, names, rates as one in n. Must not know: English words, the chart.
Truth: docs/intent.md, "Who wins": errors first; keep over drop over sampling; narrower first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from nectarc.intent.records import AdaptRate, DropAll, KeepAll, KeepOneIn, LimitRate, Wanted
from nectarc.intent.vocabulary import SafetyWords
from nectarc.offline.composition import Item
from nectarc.offline.phrases import Rate
from nectarc.offline.selectors import (
    EVERY,
    Cond,
    Each,
    Non,
    Open,
    Same,
    Some,
    Test,
    Whole,
    fields_of,
    match_text,
)
from nectarc.offline.settling import error_of
from nectarc.records import record
from nectarc.semantics.rates import nearest_rate

_ERROR_MAX: Final = Fraction(15, 100)


@record
class Asked:
    """A rate that no rule can have, or that is not said. about: of the question."""

    about: str
    words: str = ""


@record
class Placed:
    """An item with what is wanted of it. origin: as in `Clause`. wins: why it stands there."""

    item: Item
    wanted: Wanted
    text: str
    origin: str = "words"
    wins: str = ""


def wanted_of(item: Item) -> Wanted | Asked:
    """Return what is wanted, as data, or what is open about it."""
    kind = item.act.kind if item.act is not None else ""
    rate = item.rate
    if rate is None:
        if kind == "keep":
            return KeepAll()
        if kind == "drop":
            return DropAll()
        return Asked("rate")
    if rate.kind == "open":
        return Asked(f"rate-{rate.about}", rate.words)
    if rate.kind == "limit":
        if rate.unit == "traces":
            return Asked("rate-traces", rate.words)
        if not item.by:
            return Asked("by", rate.words)
        return LimitRate(float(rate.per_second), item.by)
    if rate.kind == "average" or (item.by and rate.kind == "share"):
        return _adapted(item, rate)
    share = 1 - rate.share if kind == "drop" else rate.share
    if kind == "limit":
        return Asked("rate-limit", rate.words)
    return _sampled(share, rate.words)


def _adapted(item: Item, rate: Rate) -> Wanted | Asked:
    if not item.by:
        return Asked("by", rate.words)
    if rate.share <= 0 or (1 / rate.share).denominator != 1:
        return Asked("rate-near", rate.words)
    return AdaptRate(int(1 / rate.share), item.by)


def _sampled(share: Fraction, words: str) -> Wanted | Asked:
    if share >= 1:
        return KeepAll() if share == 1 else Asked("rate-near", words)
    if share <= 0:
        return DropAll()
    one_in = nearest_rate(share)
    if abs(Fraction(1, one_in) - share) / share > _ERROR_MAX or one_in == 1:
        return Asked("rate-near", words)
    return KeepOneIn(one_in, words)


def is_budget(item: Item) -> bool:
    """Whether it bounds all that is kept, "at most 10,000 events per second overall"."""
    rate = item.rate
    if rate is None or rate.kind != "limit" or not rate.is_overall or item.by:
        return False
    return rate.unit != "traces" and rate.per_second > 0 and item.cond == EVERY


def in_order(placed: Sequence[Placed], *, is_ordered: bool) -> list[Placed]:
    """Return the clauses in order of precedence, the safety's own in front where it is needed."""
    rest = [one for one in placed if one.item.is_rest]
    others = [one for one in placed if not one.item.is_rest]
    if not is_ordered:
        others = _sorted(others)
    return [*others, *rest[:1]]


def _sorted(others: list[Placed]) -> list[Placed]:
    ranked = sorted(enumerate(others), key=lambda pair: (_rank(pair[1]), pair[0]))
    found = [one for _, one in ranked]
    # The narrower first: what is a part of another clause's traces was meant apart.
    for _ in range(len(found)):
        for low in range(1, len(found)):
            for high in range(low):
                if _moves_up(found[high], found[low]):
                    found.insert(high, found.pop(low))
    return found


def _moves_up(high: Placed, low: Placed) -> bool:
    if low.wanted == high.wanted or not is_part(low.item.cond, high.item.cond):
        return False
    if is_part(high.item.cond, low.item.cond):
        return False
    return not is_about_errors(high)


def is_about_errors(one: Placed) -> bool:
    """Whether it keeps traces with errors."""
    return isinstance(one.wanted, KeepAll) and (
        "http.status >= 500" in one.text or "error == true" in one.text
    )


def _rank(one: Placed) -> tuple[int, int, int]:
    match one.wanted:
        case KeepAll():
            return (0, 0 if is_about_errors(one) else 1, 0)
        case DropAll():
            return (1, 0, 0)
        case KeepOneIn(one_in=one_in):
            # A trace may hold values of two clauses, on two spans: the higher share wins.
            return (2, one_in, -_depth(one.item.cond))
        case _:
            return (2, 0, -_depth(one.item.cond))


def _depth(one: Cond) -> int:
    match one:
        case Same(parts) | Each(parts):
            return sum(map(_depth, parts))
        case Some(parts):
            return min(map(_depth, parts))
        case _:
            return 1


def is_part(inner: Cond, outer: Cond) -> bool:
    """Whether every trace of `inner` is one of `outer`, as far as their forms show."""
    if inner == outer:
        return True
    if isinstance(inner, Some):
        return all(is_part(one, outer) for one in inner.parts)
    if isinstance(outer, Some) and any(is_part(inner, one) for one in outer.parts):
        return True
    if isinstance(outer, Each):
        return all(is_part(inner, one) for one in outer.parts)
    if isinstance(outer, Same):
        if isinstance(inner, Test):
            return all(is_part(inner, one) for one in outer.parts)
        return isinstance(inner, Same) and all(
            any(is_part(one, other) for one in inner.parts) for other in outer.parts
        )
    if isinstance(inner, Same | Each):
        return any(is_part(one, outer) for one in inner.parts)
    if isinstance(inner, Test) and isinstance(outer, Test):
        return _tests_nest(inner.text, outer.text)
    if isinstance(inner, Non) and isinstance(outer, Non):
        return is_part(outer.inner, inner.inner)
    return False


_NUMBERS: Final = re.compile(r"^(\S+) (==|>=|>|<|<=) ([0-9.]+)([a-z]*)$")
_PREFIX: Final = re.compile(r"^(\S+) (==|starts_with) '([^']*)'$")


def _tests_nest(inner: str, outer: str) -> bool:
    one, other = _NUMBERS.match(inner), _NUMBERS.match(outer)
    if one and other and one[1] == other[1]:
        left, right = _value(one), _value(other)
        if other[2] in (">", ">="):
            if one[2] not in ("==", ">", ">="):
                return False
            return left > right or (left == right and (other[2] == ">=" or one[2] == ">"))
        if other[2] in ("<", "<="):
            if one[2] not in ("==", "<", "<="):
                return False
            return left < right or (left == right and (other[2] == "<=" or one[2] == "<"))
        return False
    a, b = _PREFIX.match(inner), _PREFIX.match(outer)
    if a and b and a[1] == b[1] and b[2] == "starts_with":
        return a[3].startswith(b[3])
    return False


_UNITS: Final = {"ns": 1, "us": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}


def _value(found: re.Match[str]) -> Fraction:
    return Fraction(found[3]) * _UNITS.get(found[4], 1)


def are_apart(left: Cond, right: Cond) -> bool:
    """Whether two clauses are about values of the same field, which people mean as alternatives."""
    return bool(fields_of(left) & fields_of(right))


def covers_errors(placed: Sequence[Placed], safety: SafetyWords) -> bool:
    """Whether the first clauses keep every trace that the project calls an error."""
    error = error_of(safety) if safety.is_given else Test("http.status >= 500", "http.status")
    for one in placed:
        if isinstance(one.wanted, KeepAll) and (
            one.item.is_rest or is_part(error, one.item.cond) or one.text == safety.error
        ):
            return True
        if not isinstance(one.wanted, KeepAll):
            return False
    return False


def loses_errors(one: Placed, safety: SafetyWords) -> bool:
    """Whether it was said of errors alone, or of errors beside others, that they may be lost."""
    if one.item.is_rest:
        return False
    error = error_of(safety)
    cond = one.item.cond
    parts = cond.parts if isinstance(cond, Some) else (cond,)
    return any(is_part(part, error) for part in parts)


def leaves_errors_out(one: Placed, safety: SafetyWords) -> bool:
    """Whether errors are kept with an exception: the safety's clause would undo the exception."""
    cond = one.item.cond
    if one.item.is_rest or not isinstance(cond, Each):
        return False
    error = error_of(safety)
    excepts = any(isinstance(part, Non) for part in cond.parts)
    return excepts and any(is_part(part, error) for part in cond.parts)


def have_thresholds(left: Placed, right: Placed) -> bool:
    """Whether one is a part of the other and both say how long: "over 2 s, /b over 3 s"."""
    if left.item.is_rest or right.item.is_rest or left.item.start == right.item.start:
        return False
    one, other = left.item.cond, right.item.cond
    both_long = "duration" in fields_of(one) and "duration" in fields_of(other)
    return both_long and one != other and (is_part(one, other) or is_part(other, one))


def text_of(item: Item) -> str:
    """Return the item's match."""
    return "true" if item.is_rest else match_text(item.cond)


_ALL: Final = (Whole, Open)
