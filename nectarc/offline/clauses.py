"""Clauses from slots: a stretch of words as clauses, definitions and asides that use every word.

Owns: which slots make a clause, in any order, and the search for the cheapest whole readings.
Must not know: what clauses do to each other. Truth: docs/intent.md, "Clauses".
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final, TypeAlias

from nectarc.offline.asides import asides_from
from nectarc.offline.fitting import SAME, fits, is_of_nothing, is_torn, may_begin, model_of
from nectarc.offline.grammar import Chart
from nectarc.offline.phrases import Act, Definition, LeftOut, Model, Phrase, Rate, Slot
from nectarc.offline.selectors import EVERY, Cond, opens_of
from nectarc.offline.sense import agrees, is_pair, points_back
from nectarc.offline.words import Word
from nectarc.records import part, record, replace

_BEAM: Final = 60
_READINGS_MAX: Final = 6
_BARE, _ROUND = 6, 100
_CLAUSE, _HALF, _DEFINED, _ASIDE, _UNKNOWN, _LOOSE, _ODD = 10, 7, 8, 40, 25, 3, 30


_FULL: Final = ("manner", "full")
_WHOLE: Final = frozenset({"all_np", "none_np", "none_bare", "lost_np", "only_np", "only_these"})
_JOINS: Final = ("and", "but", "too", "either")
_LEFT_OUT: Final = ("elliptic", "elliptic_not", "too_neither")


@record
class Said:
    """A clause: what was said of what. start, end: positions of words.

    is_heading: it ends in a colon and is about the items that follow.
    is_under: it stands under a topic whose rest was not said.
    is_anew: the same but for the rate or the bound that it says.
    same_in: what is as before, "rate" or "bound" (a threshold); "" for all of it.
    """

    act: Act | None = None
    rate: Rate | None = None
    np: Phrase | None = None
    is_it: bool = False
    is_theirs: bool = False
    is_rest: bool = False
    is_otherwise: bool = False
    is_same: bool = False
    is_alike: bool = False
    ellipsis: str = ""
    is_none: bool = False
    is_all: bool = False
    is_nothing_but: bool = False
    is_alone: bool = False
    is_anew: bool = False
    same_in: str = ""
    is_only: bool = False
    is_too: bool = False
    is_regardless: bool = False
    is_then: bool = False
    is_plus: bool = False
    is_correction: bool = False
    is_of: bool = False
    is_back: bool = False
    is_under: bool = False
    refers: str = ""
    model: Cond | None = None
    definitions: tuple[Definition, ...] = ()
    by: tuple[str, ...] = ()
    when: Cond | None = None
    note: Cond | None = None
    exceptions: tuple[LeftOut, ...] = ()
    is_nothing_else: bool = False
    start: int = part(default=0, compare=False)
    end: int = part(default=0, compare=False)


@record
class Aside:
    """Words that ask for nothing."""

    start: int
    end: int


@record
class TakenBack:
    """What "scratch /status" takes back. text: as said."""

    phrase: Phrase
    text: str
    start: int
    end: int


@record
class NewLength:
    """A length said anew, "no, 5 seconds": it stands for the one that was said before.

    is_over: with "over" or the like, so that it is no upper bound.
    """

    text: str
    start: int
    end: int
    is_over: bool = False


@record
class NewValue:
    """A value said anew, "my mistake, it's eu-west-2": for the one of the clause before."""

    text: str
    start: int
    end: int


Unit: TypeAlias = Said | Definition | Aside | TakenBack | NewLength | NewValue


class _State:
    """A partial reading: units that are whole, the slots of the clause that is not."""

    __slots__ = ("bag", "begin", "cost", "units")

    def __init__(
        self, units: tuple[Unit, ...], bag: tuple[Slot, ...], begin: int, cost: int
    ) -> None:
        self.units, self.bag, self.begin, self.cost = units, bag, begin, cost


@record
class Stuck:
    """No reading uses every word: how far readings came."""

    position: int


def read_segment(
    chart: Chart, words: Sequence[Word], start: int, end: int, about: Phrase | None = None
) -> tuple[tuple[Unit, ...], ...] | Stuck:
    """Return the cheapest readings of the words from `start` to `end`, or where they get stuck.

    about: what the first clause is about, where its words do not say it: "... and must be kept".
    """
    states: list[dict[object, _State]] = [{} for _ in range(end - start + 1)]
    bag = () if about is None else (Slot("np", about),)
    states[0][()] = _State((), bag, start, 0)
    furthest = start
    for offset in range(end - start):
        position = start + offset
        ranked = sorted(states[offset].values(), key=lambda one: one.cost)[:_BEAM]
        if not ranked:
            continue
        furthest = position
        steps = _steps(chart, words, position, end)
        for state in ranked:
            for following in steps:
                _extend(states, start, state, position, following)
    finals: dict[tuple[Unit, ...], int] = {}
    for state in states[end - start].values():
        closed = _closed(state, end)
        if closed is not None:
            units, cost = closed
            finals[units] = min(cost, finals.get(units, cost))
    if not finals:
        return Stuck(furthest)
    best = min(finals.values())
    return tuple(units for units, cost in finals.items() if cost == best)[:_READINGS_MAX]


_Step: TypeAlias = Slot | Definition | Aside


def _steps(chart: Chart, words: Sequence[Word], position: int, end: int) -> list[tuple[int, _Step]]:
    found: list[tuple[int, _Step]] = []
    for stop, meanings in chart.read("slot", position).items():
        if stop <= end:
            slots = [one for one in meanings if isinstance(one, Slot)]
            found += [(stop, one) for one in slots if _may_end(one, words, stop, end)]
    for stop, meanings in chart.read("definition", position).items():
        if stop <= end:
            found += [(stop, one) for one in meanings if isinstance(one, Definition)]
    found += [(stop, Aside(position, stop)) for stop in asides_from(chart, words, position, end)]
    return found


def _may_end(slot: Slot, words: Sequence[Word], stop: int, end: int) -> bool:
    """Whether a slot ends well here: "errors must not", "errors yes" say no more behind."""
    if slot.kind not in ("elliptic", "elliptic_not", "answer") or stop == end:
        return True
    return words[stop].kinds[0] in ("_COMMA", "_DASH") or words[stop].text.lower() in _JOINS


def _extend(
    states: list[dict[object, _State]],
    start: int,
    state: _State,
    position: int,
    following: tuple[int, _Step],
) -> None:
    stop, step = following
    if isinstance(step, Slot):
        cost = state.cost + _slot_cost(step)
        if step.kind == "comma":
            closed = _closed(state, position)
            if closed is not None:
                _put(states, start, stop, _State(closed[0], (), stop, closed[1]))
            return
        if step.kind == "exc_first" and state.units:
            return
        if fits(state.bag, step):
            _put(states, start, stop, _State(state.units, (*state.bag, step), state.begin, cost))
        if state.bag and may_begin(step) and not is_torn(state.bag[-1], step):
            closed = _closed(state, position)
            if closed is not None:
                loose = 0 if step.kind == "lead" else _LOOSE
                new = _State(closed[0], (step,), position, closed[1] + _slot_cost(step) + loose)
                _put(states, start, stop, new)
        return
    closed = _closed(state, position)
    if closed is not None:
        cost = _DEFINED if isinstance(step, Definition) else _ASIDE + stop - position
        _put(states, start, stop, _State((*closed[0], step), (), stop, closed[1] + cost))


def _put(states: list[dict[object, _State]], start: int, stop: int, state: _State) -> None:
    key = (state.units, state.bag)
    row = states[stop - start]
    old = row.get(key)
    if old is None or state.cost < old.cost:
        row[key] = state


def _slot_cost(slot: Slot) -> int:
    if isinstance(slot.value, Rate) and slot.value.about == "number":
        # "responses with 429", "rpc.grpc.status_code 13": rather a value than a rate without unit.
        return 1 if slot.value.share % _ROUND == 0 else _BARE
    if slot.kind == "act" and isinstance(slot.value, Act) and slot.value.is_loose:
        return 1  # "we want 5 %" needs no more than its rate
    if slot.kind == "passive" and isinstance(slot.value, Act) and slot.value.kind == "drop":
        return 1  # "goes to 1 in 50" is a rate, where it can be one
    if isinstance(slot.value, LeftOut) and any(
        one.about == "group" for one in opens_of(slot.value.cond)
    ):
        return _UNKNOWN
    if slot.kind in ("elliptic", "elliptic_not"):
        return _BARE
    if slot.kind in ("let", "make"):
        return 1
    if slot.kind == "exception":
        return 1  # "client errors other than 404" is one name, where it can be one
    if isinstance(slot.value, Phrase):
        return _UNKNOWN * len([one for one in opens_of(slot.value.cond) if one.about == "group"])
    return 0


def _closed(state: _State, position: int) -> tuple[tuple[Unit, ...], int] | None:
    """Return the units with the clause that the slots make, None where they make none."""
    slots = [one for one in state.bag if one.kind not in ("lead", "then", "plus")]
    kinds = {one.kind for one in slots}
    if not kinds.isdisjoint({"let", "make"}) and kinds.isdisjoint(
        {"rate", "passive", "manner", "full"}
    ):
        return None  # "leave the errors": in, or out?
    if not slots:
        return state.units, state.cost
    if is_of_nothing(slots):
        return None
    said = _said(state.bag, state.begin, position)
    if said is None:
        return None
    has_about = said.np is not None or said.is_it or said.is_rest or said.is_nothing_else
    has_about = has_about or bool(said.refers)
    has_does = said.act is not None or said.rate is not None or bool(said.ellipsis)
    has_does = has_does or said.model is not None
    if has_about and has_does:
        cost = _CLAUSE
    elif has_about or (said.act is not None and said.rate is not None) or said.is_same:
        cost = _CLAUSE + _HALF
    elif has_does or said.by:
        cost = _CLAUSE + 2 * _HALF
    else:
        return None
    return (*state.units, said), state.cost + cost + (_ODD if _is_odd(said, state.bag) else 0)


def _is_odd(said: Said, bag: tuple[Slot, ...]) -> bool:
    """Whether it drops a little, or a share said last: "drop /a, 404 1%" is rather two clauses."""
    if said.act is None or said.act.kind != "drop" or said.rate is None:
        return False
    is_last = bag[-1].kind == "rate" and bag[0].kind == "act" and said.rate.kind == "share"
    return is_last or 0 < said.rate.share < Fraction(1, 2)


def _said(bag: tuple[Slot, ...], start: int, end: int) -> Said | None:
    act: Act | None = None
    rate: Rate | None = None
    phrase: Phrase | None = None
    exceptions = [one.value for one in bag if isinstance(one.value, LeftOut)]
    kinds = {one.kind for one in bag}
    by: tuple[str, ...] = ()
    when: Cond | None = None
    note: Cond | None = None
    definitions = [one.value for one in bag if isinstance(one.value, Definition)]
    for slot in bag:
        match slot.value:
            case _ if slot.kind == "rate_again":
                if not agrees(slot, act, rate):
                    return None
            case Act():
                act = slot.value
            case Rate():
                rate = slot.value
            case Definition() | LeftOut():
                pass
            case Model(of=of):
                phrase = of or phrase
            case Phrase() if slot.kind == "if":
                when = slot.value.cond
            case Phrase():
                phrase = slot.value
            case tuple():
                by = slot.value
            case None:
                is_bare = act is None and rate is None
                act = Act("keep", is_loose=True) if is_bare and slot.kind in _FULL else act
                if slot.kind == "no_sampling":
                    act, phrase = Act("keep"), Phrase(EVERY)
            case _:
                note = slot.value
    does = _done(kinds, act, rate, phrase)
    if does is None:
        return None
    act, rate = does
    return Said(
        act=act, rate=rate, np=phrase, is_it=not kinds.isdisjoint({"it", "trace"}),
        is_theirs="theirs" in kinds, is_otherwise="otherwise" in kinds,
        is_back=points_back([one.kind for one in bag]),
        is_rest="otherwise" in kinds or (phrase is not None and phrase.is_rest),
        is_same=not SAME.isdisjoint(kinds), is_alike="alike" in kinds,
        same_in="rate" if "same_rate" in kinds else "bound" if "same_bound" in kinds else "",
        ellipsis=next((one for one in _LEFT_OUT if one in kinds), ""),
        is_anew="anew" in kinds, is_none="none_bare" in kinds, is_all="all_np" in kinds,
        is_nothing_but=not kinds.isdisjoint({"nothing_but", "only_these"}),
        is_only="only" in kinds, is_too="too" in kinds, is_alone="only_np" in kinds,
        is_regardless=not kinds.isdisjoint({"regardless", "reg_front"}),
        by=by, when=when, note=note, exceptions=tuple(exceptions),
        is_nothing_else="nothing_else" in kinds, is_then="then" in kinds, is_plus="plus" in kinds,
        is_correction="correction" in kinds,
        is_of=bag[0].kind in ("of_np", "of_first"),
        refers=next((one for one in ("both", "former", "latter") if one in kinds), ""),
        model=model_of(bag), definitions=tuple(definitions), start=start, end=end,
    )  # fmt: skip


def _done(
    kinds: set[str], act: Act | None, rate: Rate | None, phrase: Phrase | None
) -> tuple[Act | None, Rate | None] | None:
    """Return what the slots do and how much, None where they do not go together."""
    is_dropped = (
        not kinds.isdisjoint({"verdict", "answer"}) and act is not None and act.kind == "drop"
    )
    if act is not None and rate is not None and (act.is_never or is_dropped):
        return None  # "/b: never half"
    if "both_verdict" in kinds and (phrase is None or not is_pair(phrase.cond)):
        return None
    if "alike" in kinds and phrase is None:
        return None
    if "full" in kinds and rate is not None and rate.share != 1:
        return None
    if "only" in kinds and kinds & (SAME | {"too"}) and act is None and rate is None:
        return None  # "only /b too": is the rest of it taken back?
    if "only" in kinds and phrase is not None and phrase.cond == EVERY and not phrase.is_rest:
        return None  # "drop anything only": of what, comes behind it
    if not kinds.isdisjoint(_WHOLE):
        if act is not None or rate is not None or "if" in kinds:
            return None
        if not kinds.isdisjoint({"all_np", "only_np", "only_these"}):
            return Act("keep", is_loose=True), None
        return Act("keep" if "lost_np" in kinds else "drop", is_never=True), None
    if act is not None and act.kind == "limit" and rate is not None and rate.kind == "share":
        act = replace(act, kind="sample")  # "limited to 1 %"
    if "adapt" in kinds and rate is not None and rate.kind == "share":
        rate = replace(rate, kind="average")
    return act, rate
