"""Clauses under a topic: "for the cart service: errors all, the rest 10%".

Owns: what may be a topic, what clauses below it are about. Must not know: who wins.
Truth: docs/intent.md, "Topics". The rest below a topic is the rest of it; it must be said there, or
else "the rest" of the next sentence might be either.
"""

from __future__ import annotations

from typing import Final

from nectarc.offline.clauses import Said, Stuck, Unit, read_segment
from nectarc.offline.grammar import Chart
from nectarc.offline.phrases import Act, Phrase
from nectarc.offline.references import BELOW, is_place, references_in
from nectarc.offline.segments import Segment
from nectarc.offline.selectors import (
    EVERY,
    Cond,
    Each,
    Open,
    Same,
    Some,
    Test,
    each,
    fields_of,
    filled,
    non,
    opens_of,
    same,
    some,
)
from nectarc.offline.words import SourceWords
from nectarc.records import replace

_LINKS: Final = frozenset({"_COLON", "_COMMA", "_DASH"})
_FRONTS: Final = frozenset({"for", "of", "from", "in", "on", "with", "at", "within"})
# What clauses may be said under: a place. Errors and slow ones are no topics, but what is said.
_PLACES: Final = frozenset({"service", "http.route"})
_WORDS_MAX: Final = 12
_OWNERS: Final = frozenset({"its", "their", "these", "those", "them"})


def under_topic(chart: Chart, whole: SourceWords, segment: Segment) -> tuple[Unit, ...] | None:
    """Return the clauses of a segment that names a place first; None where it is not so."""
    words = whole.words
    has_front = words[segment.start].text.lower() in _FRONTS
    for at in range(segment.start + 1, min(segment.start + _WORDS_MAX, segment.end - 2)):
        is_list = words[at].kinds[0] not in _LINKS or words[at].kinds[0] == "_COMMA"
        if is_list and not has_front:
            continue  # "/a, errors all, the rest 10%"
        topic = _topic(chart, whole, segment.start, at)
        if topic is None:
            continue
        first = at + (words[at].kinds[0] in _LINKS)
        found = read_segment(chart, words, first, segment.end)
        if isinstance(found, Stuck) or len(found) != 1:
            continue
        if topic == EVERY:
            others = _of_others(found[0])
            if others is not None:
                return others
            continue
        units = [_below(one, topic) for one in found[0]]
        clauses = [one for one in units if one is not None]
        rests = [number for number, one in enumerate(found[0]) if _is_rest(one)]
        is_left = rests == [len(units) - 1] and (len(units) > 1 or isinstance(topic, Open))
        if len(clauses) == len(units) and is_left:
            return (*clauses[:-1], _left(clauses[-1], clauses[:-1], topic))
        is_one = not rests and (len(units) == 1 or words[at].kinds[0] == "_COLON")
        is_owned = is_one or (not rests and any(map(_is_owned, found[0])))
        is_owned = is_owned or all(map(_is_owned, found[0]))
        if clauses and len(clauses) == len(units) and is_owned:
            return tuple(replace(one, is_under=not isinstance(topic, Open)) for one in clauses)
    return None


def _of_others(units: tuple[Unit, ...]) -> tuple[Unit, ...] | None:
    """Read "for all other services errors and 5 %": all errors, wherever else, and of the rest."""
    found: list[Said] = []
    for one in units:
        if not isinstance(one, Said):
            return None
        unit = _of_them(replace(one, is_all=False))
        is_rest = _is_rest(unit) or (unit.np is None and not unit.is_it)
        plain = Said(
            act=unit.act, rate=unit.rate, np=unit.np, is_rest=unit.is_rest, is_plus=unit.is_plus
        )
        if replace(unit, start=0, end=0) != plain or (unit.np and references_in(unit.np.cond)):
            return None
        if is_rest and unit.rate is not None and unit.rate.kind == "share":
            found.append(replace(unit, np=Phrase(EVERY, is_rest=True), is_rest=True, is_plus=False))
        elif unit.np is not None and _is_errors(unit.np.cond) and unit.rate is None:
            act = unit.act or Act("keep")
            found.append(replace(unit, act=act) if act.kind == "keep" else unit)
            if act.kind != "keep" or act.is_never:
                return None
        else:
            return None
    rests = [one for one in found if one.is_rest]
    return tuple(found) if len(found) == 2 and len(rests) == 1 and found[-1].is_rest else None


def _of_them(unit: Said) -> Said:
    """Return "their errors" of all others as errors: there is nothing else that they are of."""
    refs = references_in(unit.np.cond) if unit.np is not None else ()
    if unit.np is None or not refs or any(_owner(one) != "their" for one in refs):
        return unit
    cond = filled(unit.np.cond, dict.fromkeys(refs, EVERY))
    return replace(unit, np=Phrase(cond, is_rest=cond == EVERY), is_rest=cond == EVERY, is_of=False)


def _owner(one: Open) -> str:
    return one.about.split(".", 1)[1]


def _is_errors(cond: Cond) -> bool:
    return isinstance(cond, Open) and cond.about == "error"


def _is_owned(unit: Unit) -> bool:
    """Whether it says of what it is: "its errors"."""
    return isinstance(unit, Said) and unit.np is not None and bool(references_in(unit.np.cond))


def _topic(chart: Chart, whole: SourceWords, start: int, end: int) -> Cond | None:
    front = whole.words[start].text.lower()
    if front in _FRONTS:
        start += 1
    said = [one for one in chart.read("np", start).get(end, ()) if isinstance(one, Phrase)]
    if said and all(one.is_rest and one.cond == EVERY for one in said):
        return EVERY
    classes = {one.cond for one in said if _is_class(one.cond)}
    if front in ("of", "among") and len(classes) == 1:
        return classes.pop()  # "of the 4xx, keep 429 and 5 % of the others"
    phrases = {
        one.cond
        for one in chart.read("np", start).get(end, ())
        if isinstance(one, Phrase) and not one.is_rest and not one.is_other
    }
    phrases = {one for one in phrases if _is_topic(one)}
    phrases |= {
        one for one in chart.read("ref", start).get(end, ()) if isinstance(one, Open)
    }  # fmt: skip
    return phrases.pop() if len(phrases) == 1 else None


def _is_class(cond: Cond) -> bool:
    """Whether it is a range of statuses, "4xx"."""
    return isinstance(cond, Same | Test) and fields_of(cond) == {"http.status"}


def _is_topic(cond: Cond) -> bool:
    """Whether it is a place, or several, or a method there: "GET /a: errors all, ..."."""
    if references_in(cond):
        return isinstance(cond, Open)
    if isinstance(cond, Same):
        return all(map(is_place, cond.parts)) and bool(fields_of(cond) & _PLACES)
    return is_place(cond)


def _is_rest(unit: Unit) -> bool:
    if not isinstance(unit, Said):
        return False
    is_other = unit.np is not None and (unit.np.is_rest or _is_reference(unit.np.cond))
    return unit.is_rest or is_other


def _is_reference(cond: Cond) -> bool:
    return bool(references_in(cond)) and isinstance(cond, Open)


def _below(unit: Unit, topic: Cond) -> Said | None:
    """Return a clause as one about a part of the topic; None for what is no plain clause."""
    if not isinstance(unit, Said) or (unit.act is None and unit.rate is None):
        return None
    if unit.np is None and unit.is_it and unit.when is not None:
        # In "/a: if it fails keep it" all of it is about the topic.
        unit = replace(unit, np=Phrase(unit.when), when=None, is_it=False, is_back=False)
    if unit.np is None and unit.is_otherwise:
        unit = replace(unit, np=Phrase(EVERY, is_rest=True), is_it=False)
    unit = replace(unit, is_too=unit.is_too and unit.act is None, is_all=False)
    plain = Said(
        act=unit.act, rate=unit.rate, np=unit.np, is_rest=unit.is_rest, is_of=unit.is_of,
        is_otherwise=unit.is_otherwise,
    )  # fmt: skip
    if replace(unit, start=0, end=0) != plain or unit.np is None:
        return None
    refs = references_in(unit.np.cond)
    if refs and refs[0].about == BELOW:
        return Said(
            act=unit.act, rate=unit.rate, np=Phrase(topic), start=unit.start, end=unit.end
        )  # fmt: skip
    if refs:
        is_owner = all(_owner(one) in _OWNERS for one in refs)
        owned = filled(unit.np.cond, dict.fromkeys(refs, topic))
        return replace(unit, np=replace(unit.np, cond=owned), is_of=False) if is_owner else None
    if _is_rest(unit):
        has_more = unit.np.cond != EVERY or unit.np.has_place
        is_other = isinstance(topic, Open)
        left = Phrase(topic, is_other=is_other)
        return None if has_more else Said(
            act=unit.act, rate=unit.rate, np=left, start=unit.start, end=unit.end
        )  # fmt: skip
    cond = unit.np.cond
    is_route = fields_of(topic) == {"service"} and "service" not in fields_of(cond)
    if cond == EVERY or unit.np.is_other or (_names_place(cond) and not is_route):
        return None
    if any(one.about == "group" for one in opens_of(cond)):
        return None
    parts = cond.parts if isinstance(cond, Some) else (cond,)
    below = some(same((topic, one)) for one in parts)
    return replace(unit, np=replace(unit.np, cond=below))


def _names_place(cond: Cond) -> bool:
    match cond:
        case Test(field=field):
            return field in _PLACES
        case Same(parts) | Some(parts) | Each(parts):
            return any(map(_names_place, parts))
        case _:
            return False


def _left(rest: Said, others: list[Said], topic: Cond) -> Said:
    """Return the rest of a topic: what is kept or dropped leaves out what was said before it."""
    if rest.rate is not None and rest.rate.kind != "share":
        return rest
    if rest.rate is not None and 0 < rest.rate.share < 1:
        return rest
    before = [non(one.np.cond) for one in others if one.np is not None]
    return replace(rest, np=Phrase(each([topic, *before])))
