"""Small traces built for conditions: some must hold, others must hold nowhere.

Owns: on which spans which fields stand. Must not know: rules, who decides. What is built is likely
to show what is wanted, and no more: whoever asks tries it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from nectarc.evaluate.conditions import config_bool
from nectarc.lint.semantic_values import AskedCondition, values_of
from nectarc.records import record
from nectarc.trace import ROOT_FIELD, Span, Trace, Value

_SPANS_MAX: Final = 5_000
_TRACE_ID: Final = f"{1:032x}"


@record
class Wanted:
    """What a trace is to show.

    holds: conditions that must hold; `is_one_span`: at one span.   more: others that must hold.
    fails: conditions that must hold nowhere.
    """

    holds: tuple[AskedCondition, ...]
    more: tuple[AskedCondition, ...] = ()
    fails: tuple[AskedCondition, ...] = ()
    is_one_span: bool = False


def traces_showing(wanted: Wanted, *, marks_roots: bool) -> Iterator[Trace]:
    """Yield a few traces; none where it cannot be seen how. marks_roots: set `ROOT_FIELD`."""
    has_root = _has_root(wanted)
    if has_root is None:
        return
    tried: list[list[list[AskedCondition]]] = []
    for is_spread in (False, True):
        for is_apart in (False, True) if has_root else (False,):
            contents = _contents(wanted, is_spread=is_spread, is_apart=is_apart)
            if contents in tried:
                continue
            tried.append(contents)
            spans = _spans(contents, wanted.fails, has_root=has_root, marks_roots=marks_roots)
            if spans is not None:
                padded = _padded(spans, wanted)
                if padded is not None:
                    yield Trace(_TRACE_ID, padded)


def _has_root(wanted: Wanted) -> bool | None:
    """Say whether the trace needs a root; None: it needs one and must not have one."""
    every = (*wanted.holds, *wanted.more)
    wishes = {config_bool(one.condition.value) for one in every if one.is_root}
    wishes |= {not config_bool(one.condition.value) for one in wanted.fails if one.is_root}
    if len(wishes) > 1:
        return None
    if wishes:
        return wishes.pop()
    reads = any(one.places and one.places[0].is_root and not one.on_missing for one in every)
    return reads or any(
        one.places and one.places[0].is_root and one.on_missing for one in wanted.fails
    )


def _contents(wanted: Wanted, *, is_spread: bool, is_apart: bool) -> list[list[AskedCondition]]:
    """Return the conditions of each span; the first is the root's where there is one."""
    own = [one for one in wanted.holds if one.places]
    more = [one for one in wanted.more if one.places]
    root = [one for one in (*own, *more) if one.places[0].is_root]
    rest = [one for one in own if not one.places[0].is_root]
    others = [one for one in more if not one.places[0].is_root]
    if not is_spread:
        spans = [[*rest, *others]]
    elif wanted.is_one_span:
        spans = [rest, others] if others else [rest]
    else:
        spans = [[one] for one in (*rest, *others)] or [[]]
    if is_apart:
        return [root, *spans]
    return [[*root, *spans[0]], *spans[1:]]


def _spans(
    contents: Sequence[Sequence[AskedCondition]],
    fails: Sequence[AskedCondition],
    *,
    has_root: bool,
    marks_roots: bool,
) -> list[Span] | None:
    spans: list[Span] = []
    for number, conditions in enumerate(contents):
        is_root = has_root and number == 0
        fields = _fields(conditions, fails, is_root=is_root)
        if fields is None:
            return None
        if marks_roots:
            is_root = is_root or fields.get(ROOT_FIELD) is True
            fields[ROOT_FIELD] = is_root
        spans.append(Span(fields, is_root))
    return spans


def _fields(
    conditions: Sequence[AskedCondition], fails: Sequence[AskedCondition], *, is_root: bool
) -> dict[str, Value] | None:
    musts: dict[str, list[AskedCondition]] = {}
    for one in conditions:
        if not one.on_missing:
            musts.setdefault(one.places[0].name, []).append(one)
    for one in conditions:
        if one.on_missing and one.places[0].name in musts:
            musts[one.places[0].name].append(one)
    nots: dict[str, list[AskedCondition]] = {}
    for one in fails:
        here = [place.name for place in one.places if is_root or not place.is_root]
        if one.on_missing and here and one.places[0].is_root <= is_root:
            musts.setdefault(here[0], [])
        for name in here:
            nots.setdefault(name, []).append(one)
    fields: dict[str, Value] = {}
    for name, must in musts.items():
        unwanted = nots.get(name, [])
        for value in values_of([*must, *unwanted]):
            if all(one.holds(value) for one in must) and not any(
                one.holds(value) for one in unwanted
            ):
                fields[name] = value
                break
        else:
            return None
    return fields


def _padded(spans: list[Span], wanted: Wanted) -> tuple[Span, ...] | None:
    """Repeat the last span until the count of spans is what is asked."""
    counts = [one for one in (*wanted.holds, *wanted.more) if one.is_count]
    unwanted = [one for one in wanted.fails if one.is_count]
    if not counts and not unwanted:
        return tuple(spans)
    near = {
        int(value)
        for one in (*counts, *unwanted)
        for value in one.values
        if isinstance(value, int | float) and len(spans) <= value <= _SPANS_MAX
    }
    for count in sorted({len(spans), len(spans) + 1, *near}):
        if all(one.holds(count) for one in counts) and not any(
            one.holds(count) for one in unwanted
        ):
            filler = Span(spans[-1].fields)
            return (*spans, *(filler,) * (count - len(spans)))
    return None
