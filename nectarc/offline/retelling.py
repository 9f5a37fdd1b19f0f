"""What is done to one thing, retold of another: "the same for /b", "treat /b like /a".

Owns: which part of a clause the new thing stands for. Must not know: how it was said.
Truth: docs/intent.md; None, or no items, where that is not plain.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from nectarc.offline.clauses import Said
from nectarc.offline.composition import Item
from nectarc.offline.references import is_place, place_of, put_for, tests_in
from nectarc.offline.selectors import (
    Cond,
    Each,
    Non,
    Open,
    Same,
    Some,
    Test,
    each,
    fields_of,
    non,
    opens_of,
    same,
    with_tests,
)
from nectarc.records import replace

DURATION: Final = re.compile(r"^(duration (?:>=|>|<=|<) )\S+$")


def as_model(items: Sequence[Item], model: Cond, new: Cond) -> list[Item]:
    """Return the items about `model` with `new` for it; none where one is not plain."""
    if not is_place(model) or not is_place(new):
        return [replace(one, cond=new) for one in items if one.cond == model and not one.is_rest]
    found: list[Item] = []
    for one in items:
        place = place_of(one.cond)
        row = set(place.parts if isinstance(place, Some) else (place,))
        wanted = set(model.parts if isinstance(model, Some) else (model,))
        if place is None or not wanted <= row:
            if wanted & set(tests_in(one.cond)):
                return []
            continue
        cond = put_for(one.cond, place, new)
        if cond is None or one.is_rest:
            return []
        found.append(replace(one, cond=cond))
    return found


def left_of(item: Item, base: Cond, cond: Cond) -> Item:
    """Return what is wanted of the others of a place: "keep /a if it fails, otherwise drop it"."""
    rate = item.rate
    is_sampled = rate is not None and rate.kind == "share" and 0 < rate.share < 1
    return replace(item, is_rest=False, cond=base if is_sampled else each([base, non(cond)]))


def put_in(old: Cond, new: Cond, *, is_any: bool = False) -> Cond | None:
    """Return `old` with `new` where it spoke of the same field; None where that is not plain.

    is_any: it is "anything from /b", so all of it, whatever was said of before.
    """
    fields = fields_of(new)
    if is_any and fields and not opens_of(new) and place_of(new) is not None:
        # "errors of a; the same for anything from b": its errors, or all of it?
        return None if isinstance(old, Same | Each) else new
    if isinstance(old, Same | Each):
        is_full = fields_of(old) == fields and not (opens_of(old) or opens_of(new))
        if is_full and isinstance(new, Same | Each):
            return new
        if place_of(old) is not None and place_of(old) == place_of(new) and not is_place(new):
            return new
        if len(fields) != 1 or opens_of(new):
            return None
        hits = [one for one in old.parts if fields_of(one) == fields]
        if len(hits) != 1 or not isinstance(hits[0], Test | Some):
            return None
        parts = [new if one is hits[0] else one for one in old.parts]
        return same(parts) if isinstance(old, Same) else each(parts)
    if isinstance(old, Open) or opens_of(old) or isinstance(old, Non):
        return new if opens_of(new) or fields <= {"http.status", "duration"} else None
    return new


def count_of(cond: Cond) -> int:
    """Return how many things it names side by side."""
    match cond:
        case Some(parts):
            return sum(map(count_of, parts))
        case Test(values=values) if values:
            return len(values)
        case _:
            return 1


def lengths_in(cond: Cond) -> list[str]:
    """Return its tests of durations, as text."""
    match cond:
        case Test(text) if DURATION.match(text):
            return [text]
        case Same(parts) | Each(parts) | Some(parts):
            return [text for one in parts for text in lengths_in(one)]
        case Non(inner):
            return lengths_in(inner)
        case _:
            return []


def renewed(cond: Cond, length: str) -> Cond:
    """Return `cond` with `length` for its own."""

    def anew(one: Test) -> Test:
        if not DURATION.match(one.text):
            return one
        return replace(one, text=DURATION.sub(rf"\g<1>{length}", one.text))

    return with_tests(cond, anew)


def changed(items: Sequence[Item], said: Said) -> list[Item] | None:
    """Return the items with what is said anew: "the same, but with 4 s", "but at 5 %".

    None where it is not plain what is to be another.
    """
    found = list(items)
    for bound in [one.name for one in said.definitions if one.kind == "bound"]:
        if len({text for one in found for text in lengths_in(one.cond)}) != 1:
            return None
        found = [replace(one, cond=renewed(one.cond, bound)) for one in found]
    if said.rate is not None:
        sampled = [one for one in found if one.rate is not None]
        is_share = said.rate.kind == "share" and len(sampled) == 1
        if not is_share or sampled[0].rate is None or sampled[0].rate.kind != "share":
            return None
        new = said.rate
        found = [one if one.rate is None else replace(one, rate=new) for one in found]
    return found
