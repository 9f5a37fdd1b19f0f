"""Clauses as they were said, put together: references, headings, definitions, exceptions.

Owns: the fold over units; `Item`, one thing that is wanted of some traces, with what is open.
Must not know: the chart, who wins, questions' words. Truth: docs/intent.md, "Putting together".
"""

from __future__ import annotations

from nectarc.intent.matches import string_literal
from nectarc.offline.clauses import Aside, Said, Unit
from nectarc.offline.meanings_conditions import rooted
from nectarc.offline.phrases import NARROWING, Act, Definition, LeftOut, Phrase, Rate
from nectarc.offline.references import Told, is_place, reference
from nectarc.offline.selectors import (
    EVERY,
    Cond,
    Each,
    Open,
    Same,
    Some,
    Test,
    Whole,
    each,
    fields_of,
    filled,
    non,
    opens_of,
    same,
    some,
)
from nectarc.records import record, replace


@record(kw_only=True)
class Item:
    """One thing that is wanted. act, rate: as said; cond: of which traces, perhaps open.

    is_rest: of all that nothing else is about. is_regardless: errors or not.
    start, end: words' positions. before: an exception, which comes before its clause.
    """

    act: Act | None
    rate: Rate | None
    cond: Cond
    start: int
    end: int
    is_rest: bool = False
    is_regardless: bool = False
    is_exception: bool = False
    by: tuple[str, ...] = ()


@record
class Trouble:
    """What cannot be put together: about, the question's subject; the words' positions."""

    about: str
    start: int
    end: int


@record(kw_only=True)
class Composed:
    """A text's items, in the order they were said, and what stands in the way."""

    items: tuple[Item, ...] = ()
    asides: tuple[tuple[int, int], ...] = ()
    troubles: tuple[Trouble, ...] = ()
    definitions: tuple[tuple[str, Cond], ...] = ()
    is_ordered: bool = False
    taken: tuple[str, ...] = ()


class Folding:
    """The state of the fold."""

    def __init__(self) -> None:
        """Begin with nothing said."""
        self.items: list[Item] = []
        self.asides: list[tuple[int, int]] = []
        self.troubles: list[Trouble] = []
        self.definitions: dict[str, Cond] = {}
        self.last: Cond | None = None
        self.told = Told()
        self.heading: Said | None = None
        self.loose: Said | None = None
        self.left_out: list[tuple[Cond, Said]] = []
        self.topic: Cond | None = None

    def add(self, unit: Unit, *, is_heading: bool = False) -> None:
        """Take one unit in."""
        match unit:
            case Aside(start, end):
                self.asides.append((start, end))
            case Definition():
                self._define(unit)
            case Said():
                self._say(unit, is_heading=is_heading)

    def _define(self, unit: Definition) -> None:
        if unit.kind in ("slow", "success", "error", "label", "topic") and unit.cond is not None:
            self.definitions[unit.name] = unit.cond
            if unit.kind in ("label", "topic"):
                self._speak_of(unit.cond)
            if unit.kind == "topic":
                self.topic = unit.cond
        elif unit.kind == "service":
            literal = string_literal(unit.name)
            service = Test(f"service == {literal}", "service", (literal,))
            self.definitions[unit.name.lower()] = service
            self.told.note(service)
        elif unit.kind == "field":
            self.definitions["field:"] = Test(unit.name)

    def _speak_of(self, cond: Cond) -> None:
        self.last = cond
        self.told.note(cond)

    def _say(self, said: Said, *, is_heading: bool) -> None:
        topic, self.topic = self.topic, None
        if topic is not None and _is_bare(said):
            said = replace(said, np=Phrase(topic))
        if is_heading and said.np is None and (said.act is not None or said.rate is not None):
            self.heading = said
            return
        if is_heading and said.np is not None and said.act is None and said.rate is None:
            self.heading = None  # "# Rest": what is done to it stands below
        for one in said.definitions:
            self._define(one)
        if said.is_alone and self.items:
            # "keep /a, only errors": those alone, or of what was said before?
            self.troubles.append(Trouble("what", said.start, said.end))
        if said.is_back:
            # Of all such traces, or of those that were spoken of last? It is not for us to say.
            self.troubles.append(Trouble("what", said.start, said.end))
        said = self._referred(said)
        if said.is_none and any(one.act and one.act.kind == "drop" for one in self.items):
            # "drop /a, none of /b": none of them is dropped, or kept?
            self.troubles.append(Trouble("action", said.start, said.end))
        last = self.items[-1] if said.is_all and self.items else None
        is_safe = said.np is not None and is_error(said.np.cond)
        is_near = last is not None and said.start <= last.end + 1 and not is_safe
        if last is not None and last.act and last.act.kind == "drop" and is_near:
            # "drop half of /a, all of /b": all of them are dropped, or kept?
            self.troubles.append(Trouble("action", said.start, said.end))
        if said.np is None and not said.is_rest and said.when is None:
            if said.is_nothing_else and (said.act is not None or self._only_keeps()):
                self._nothing_else(said)
            elif self.loose is not None and (said.act or said.rate):
                loose, self.loose = self.loose, None
                self._say(replace(said, np=loose.np, note=loose.note), is_heading=False)
            elif self._completes(said):
                return
            else:
                self.troubles.append(Trouble("what", said.start, said.end))
            return
        if said.act is None and said.rate is None:
            if self.heading is not None:
                said = replace(said, act=self.heading.act, rate=self.heading.rate)
            else:
                if said.is_plus and said.np is not None and is_error(said.np.cond):
                    self._item(replace(said, act=Act("keep")))
                    return
                if self.loose is not None:
                    self.troubles.append(Trouble("action", self.loose.start, self.loose.end))
                self.loose = said
                if said.np is not None:
                    self._speak_of(said.np.cond)
                return
        is_other = said.np is not None and said.np.is_other
        if said.is_of and not (said.is_rest or is_other) and self._may_go_on(said):
            # "errors for web at 100 %, for api at 50 %": of the errors, or of everything?
            self.troubles.append(Trouble("what", said.start, said.end))
        self._item(said)

    def _may_go_on(self, said: Said) -> bool:
        """Whether the clause before may lend its words: it says more than where from."""
        if not self.items or not 0 <= said.start - self.items[-1].end <= 1:
            return False
        return isinstance(self.items[-1].cond, Same | Each)

    def _referred(self, said: Said) -> Said:
        """Put in what `it` and `them` stand for: what was spoken of last."""
        if said.is_theirs and said.np is not None:
            return self._theirs(said, said.np.cond)
        if not said.is_it or said.np is not None or said.when is not None or said.is_rest:
            return said
        if self.loose is not None and self.loose.np is not None:
            np = self.loose.np
            self.loose = None
            return replace(said, np=np)
        if self.last is None:
            return said
        return replace(said, np=Phrase(self.last))

    def _theirs(self, said: Said, cond: Cond) -> Said:
        """Read "their errors": those of what was spoken of last, in the same span."""
        loose, self.loose = self.loose, None
        of = loose.np.cond if loose is not None and loose.np is not None else self.last
        if not isinstance(of, Test) or (loose is None and is_place(of)):
            of = self.told.meant_by(reference("their", 0, 0))
        if of is not None and not said.is_rest:
            return replace(said, is_theirs=False, np=Phrase(same((of, cond))))
        self.troubles.append(Trouble("what", said.start, said.end))
        return replace(said, is_theirs=False)

    def _completes(self, said: Said) -> bool:
        """Take a rate or a field list that was said apart from its clause."""
        is_whole = said.rate is not None and said.rate.kind in ("limit", "average")
        if said.is_correction and said.rate is not None:
            return self._corrects(said.rate)
        is_all = said.act is not None and said.rate is not None and said.rate.kind == "share"
        if (
            (said.is_then and said.rate is not None and self.items)
            or (is_whole and not self.items)
            or (is_all and not said.is_it)
        ):
            self.items.append(
                Item(act=said.act, rate=said.rate, cond=EVERY, start=said.start, end=said.end,
                     is_rest=True, by=said.by)
            )  # fmt: skip
            return True
        if not self.items:
            return False
        last = self.items[-1]
        if said.by and said.act is None and said.rate is None and not last.by:
            self.items[-1] = replace(last, by=said.by)
            return True
        if said.rate is not None and last.rate is None and last.act and last.act.kind == "sample":
            self.items[-1] = replace(last, rate=said.rate)
            return True
        if said.act is not None and said.act.kind in ("sample", "limit") and said.rate is not None:
            self.items.append(
                Item(act=said.act, rate=said.rate, cond=EVERY, start=said.start, end=said.end,
                     is_rest=True, by=said.by)
            )  # fmt: skip
            return True
        if said.rate is not None and said.rate.kind in ("limit", "average"):
            self.items.append(
                Item(act=None, rate=said.rate, cond=EVERY, start=said.start, end=said.end,
                     is_rest=True, by=said.by)
            )  # fmt: skip
            return True
        return False

    def _corrects(self, rate: Rate) -> bool:
        """Put a rate that was said again in place of the last one: "... make that 1 in 15"."""
        if not self.items or self.items[-1].rate is None or self.items[-1].rate.kind != rate.kind:
            return False
        self.items[-1] = replace(self.items[-1], rate=rate)
        return True

    def _nothing_else(self, said: Said) -> None:
        is_of_kept = said.act is None or said.act.kind == "keep"
        opposite = Act("drop") if is_of_kept else Act("keep")
        self.items.append(
            Item(act=opposite, rate=None, cond=EVERY, start=said.start, end=said.end, is_rest=True)
        )

    def _only_keeps(self) -> bool:
        """Whether all that was said so far says how much is kept, so that `nothing else` is too."""
        kinds = {one.act.kind if one.act else "keep" for one in self.items}
        return bool(kinds) and kinds <= {"keep", "sample"}

    def _item(self, said: Said) -> None:
        cond = said.np.cond if said.np is not None else EVERY
        for extra in (said.when, said.note):
            if extra is not None:
                cond = _noted(cond, extra)
        is_rest = said.is_rest or cond == EVERY
        exceptions = [one for one in said.exceptions if one.kind == "except"]
        for one in said.exceptions:
            if one.kind == "only":
                cond = each([cond, one.cond])
                is_rest = False
        for one in exceptions:
            self._exception(said, one, cond, is_rest=is_rest)
        if exceptions and not is_rest:
            cond = each([cond, *(non(one.cond) for one in exceptions)])
        self.items += [
            Item(act=said.act, rate=said.rate, cond=one, start=said.start, end=said.end,
                 is_rest=is_rest, is_regardless=said.is_regardless, by=said.by)
            for one in _split(cond, said)
        ]  # fmt: skip
        if said.is_nothing_but and said.act is not None:
            self._nothing_else(said)
        if not is_rest:
            self._speak_of(cond)

    def _exception(self, said: Said, one: LeftOut, cond: Cond, *, is_rest: bool) -> None:
        is_open = one.act is None and one.rate is None and not is_error(one.cond)
        if is_open and said.rate is not None:
            # What is left out of a rate may be kept, dropped, or go with the rest: see `done`.
            self.left_out.append((one.cond, said))
            return
        if is_open and not is_rest:
            return
        keeps_all = said.act is not None and said.act.kind == "keep" and said.rate is None
        act = one.act or (None if one.rate else Act("drop" if keeps_all else "keep"))
        is_within = isinstance(one.cond, Same) and cond in one.cond.parts
        about = one.cond if is_rest or is_within else each([cond, one.cond])
        self.items.append(
            Item(act=act, rate=one.rate, cond=about, start=said.start, end=said.end,
                 is_exception=True)
        )  # fmt: skip

    def done(self) -> Composed:
        """Return what was put together."""
        if self.loose is not None:
            self.troubles.append(Trouble("action", self.loose.start, self.loose.end))
        for cond, said in self.left_out:
            if not any(one.cond == cond and one.start != said.start for one in self.items):
                self.troubles.append(Trouble("what", said.start, said.end))
        return Composed(
            items=tuple(self.items), asides=tuple(self.asides), troubles=tuple(self.troubles),
            definitions=tuple(self.definitions.items()),
        )  # fmt: skip


def _is_bare(said: Said) -> bool:
    """Whether it says how much, and nothing of what: "1 in 300.", right behind its topic."""
    is_about = said.np is not None or said.is_it or said.is_rest or said.when is not None
    has_does = said.act is not None or (said.rate is not None and said.rate.kind == "share")
    return has_does and not (is_about or said.by or said.is_correction or said.is_nothing_else)


def _split(cond: Cond, said: Said) -> list[Cond]:
    """Return a coordination's parts, each a clause of its own: a rule's name says why it kept.

    Values of one field stay together; what shares a limit or an average stays one.
    """
    is_shared = said.rate is not None and said.rate.kind in ("limit", "average")
    if not isinstance(cond, Some) or is_shared or said.by:
        return [cond]
    groups: dict[frozenset[str], list[Cond]] = {}
    for number, one in enumerate(cond.parts):
        fields = fields_of(one) or frozenset({str(number)})
        groups.setdefault(fields, []).append(one)
    return [some(parts) for parts in groups.values()]


def is_error(cond: Cond) -> bool:
    """Whether it is errors, and nothing else."""
    return isinstance(cond, Open) and cond.about == "error"


def _noted(cond: Cond, extra: Cond) -> Cond:
    """Return `cond` with a note or a condition: it says what an open word means, or narrows."""
    if isinstance(extra, Open) and extra.about == "root":
        return cond if isinstance(cond, Whole) else rooted(cond) or each([cond, extra])
    opens = [one for one in opens_of(cond) if one.about in ("group", "system", "health", "static")]
    opens = [one for one in opens if NARROWING.isdisjoint(one.words.lower().split())]
    if len(opens) == 1 and not opens_of(extra) and (opens[0].about == "system" or opens[0] == cond):
        return filled(cond, {opens[0]: extra})
    return same([*cond.parts, extra] if isinstance(cond, Each) else [cond, extra])
