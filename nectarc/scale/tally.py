"""What a corpus adds up to, in a form that partitions add to in any order.

Owns: the sums, and that `merged` is associative and commutative: weights are added as fractions,
so that no order of floating-point sums shows. Must not know: partitions, engines, actions.
"""

from __future__ import annotations

import json
import operator
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from heapq import nsmallest
from typing import Final, TypeAlias, TypeVar

from nectarc.diagnostic import Diagnostic, InternalError
from nectarc.records import record

EXAMPLES_MAX: Final = 3
WINDOW_S: Final = 10

# Whole numbers stay `int`, which adds ten times faster; both compare and print alike.
Exact: TypeAlias = int | Fraction
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


@record(kw_only=True)
class Volume:
    """Some traces, added up.

    traces, spans: of the corpus; spans with span events and links.
    weight:   the real traces that they stand for, exact. events: their spans by weight, exact.
    smallest: (spans, trace id) of up to `EXAMPLES_MAX` of them, ascending.
    """

    traces: int = 0
    spans: int = 0
    weight: Exact = 0
    events: Exact = 0
    smallest: tuple[tuple[int, str], ...] = ()


# By the index of the rule that decides, -1 where none of a rules file does.
ByRule: TypeAlias = Mapping[int, Volume]
EventsByRule: TypeAlias = Mapping[int, Exact]


@record(kw_only=True)
class Counts:
    """Some traces, in all and by the rule that decides them. rules: one for each list asked."""

    total: Volume
    rules: tuple[ByRule, ...]


@record(kw_only=True)
class Tally:
    """What a corpus, or some partitions of it, add up to.

    whole:    all traces.
    exprs:    those that each expression asked is true of.
    outside:  those that do not meet the assumptions.
    failing:  those in which some span fails. services: by the service of a failing span, "" where
              it has no name; a trace counts once for each of its failing services.
    windows:  events, for each list asked, of the traces that start within `window_s` seconds, by
              the first of these, in seconds since 1970, a multiple of `window_s`; traces without a
              time are in none.
    problems: what was found damaged, each once; its traces are missing.
    """

    window_s: int
    whole: Counts
    exprs: tuple[Counts, ...]
    outside: Counts
    failing: Counts
    services: Mapping[str, Counts]
    windows: Mapping[int, tuple[EventsByRule, ...]]
    problems: tuple[Diagnostic, ...] = ()


def empty_tally(lists: int, exprs: int, window_s: int = WINDOW_S) -> Tally:
    """Return what no trace adds up to: the neutral element of `merged`."""
    none = Counts(total=Volume(), rules=({},) * lists)
    return Tally(
        window_s=window_s,
        whole=none,
        exprs=(none,) * exprs,
        outside=none,
        failing=none,
        services={},
        windows={},
    )


def merged(one: Tally, other: Tally) -> Tally:
    """Add two tallies of different traces, made by the same questions."""
    shapes = {(tally.window_s, len(tally.whole.rules), len(tally.exprs)) for tally in (one, other)}
    if len(shapes) > 1:
        raise InternalError(f"tallies of different questions: {sorted(shapes)}")
    return Tally(
        window_s=one.window_s,
        whole=_added(one.whole, other.whole),
        exprs=tuple(map(_added, one.exprs, other.exprs)),
        outside=_added(one.outside, other.outside),
        failing=_added(one.failing, other.failing),
        services=_united(one.services, other.services, _added),
        windows=_united(one.windows, other.windows, _events_added),
        problems=tuple(sorted({*one.problems, *other.problems}, key=repr)),
    )


def volumes_added(volumes: Iterable[Volume]) -> Volume:
    """Add volumes of different traces."""
    found = list(volumes)
    return Volume(
        traces=sum(one.traces for one in found),
        spans=sum(one.spans for one in found),
        weight=sum(one.weight for one in found),
        events=sum(one.events for one in found),
        smallest=tuple(nsmallest(EXAMPLES_MAX, (pair for one in found for pair in one.smallest))),
    )


def tally_json(tally: Tally) -> str:
    """Write a tally; equal tallies give equal bytes. Fractions are texts such as `7/2`."""
    record: dict[str, object] = {
        "window_s": tally.window_s,
        "whole": _counts_json(tally.whole),
        "exprs": [_counts_json(one) for one in tally.exprs],
        "outside": _counts_json(tally.outside),
        "failing": _counts_json(tally.failing),
        "services": {name: _counts_json(tally.services[name]) for name in sorted(tally.services)},
        "windows": {
            str(start): [
                {str(rule): str(events[rule]) for rule in sorted(events)}
                for events in tally.windows[start]
            ]
            for start in sorted(tally.windows)
        },
        "problems": [one.headline for one in tally.problems],
    }
    return json.dumps(record, separators=(",", ":")) + "\n"


def _added(one: Counts, other: Counts) -> Counts:
    return Counts(
        total=volumes_added((one.total, other.total)),
        rules=tuple(
            _united(left, right, lambda *pair: volumes_added(pair))
            for left, right in zip(one.rules, other.rules, strict=True)
        ),
    )


def _events_added(
    one: tuple[EventsByRule, ...], other: tuple[EventsByRule, ...]
) -> tuple[EventsByRule, ...]:
    return tuple(_united(left, right, operator.add) for left, right in zip(one, other, strict=True))


def _united(
    one: Mapping[_Key, _Value],
    other: Mapping[_Key, _Value],
    add: Callable[[_Value, _Value], _Value],
) -> Mapping[_Key, _Value]:
    both = {**one, **other}
    for key in one.keys() & other.keys():
        both[key] = add(one[key], other[key])
    return both


def _counts_json(counts: Counts) -> dict[str, object]:
    return {
        "total": _volume_json(counts.total),
        "rules": [
            {str(rule): _volume_json(by_rule[rule]) for rule in sorted(by_rule)}
            for by_rule in counts.rules
        ],
    }


def _volume_json(volume: Volume) -> dict[str, object]:
    return {
        "traces": volume.traces,
        "spans": volume.spans,
        "weight": str(volume.weight),
        "events": str(volume.events),
        "smallest": volume.smallest,
    }
