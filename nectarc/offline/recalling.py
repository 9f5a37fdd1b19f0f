"""References to what was said before: "the same for", "both", "the latter", "half of that".

Owns: what a clause takes from the clauses before it. Must not know: the chart, corrections.
Truth: docs/intent.md; what may be of two things, or of none, is asked about.
"""

from __future__ import annotations

from nectarc.offline.clauses import NewLength, NewValue, Said, TakenBack
from nectarc.offline.composition import Composed, Folding, Item, Trouble, is_error
from nectarc.offline.ellipsis import added, adds, alike, completed
from nectarc.offline.phrases import Act, LeftOut, Phrase
from nectarc.offline.references import (
    BELOW,
    Told,
    below,
    in_relation,
    is_place,
    names_place,
    place_alike,
    place_of,
    place_shared,
    put_for,
    reference,
    references_in,
    spread,
)
from nectarc.offline.retelling import as_model, changed, count_of, left_of, lengths_in, put_in
from nectarc.offline.selectors import (
    EVERY,
    Cond,
    Each,
    Open,
    Same,
    Some,
    fields_of,
    filled,
)
from nectarc.records import replace


class Recalling(Folding):
    """The fold of a text whose later words refer to earlier ones."""

    def __init__(self) -> None:
        """Begin with nothing said."""
        super().__init__()
        self.named: list[Cond] = []
        self._condition: tuple[Cond, Cond] | None = None
        self._others: list[tuple[Item, Cond, Cond]] = []
        self._meant: dict[int, Cond] = {}
        self._before = 0
        self._begun = 0
        self._is_under = False

    def begin(self) -> None:
        """Begin a sentence: "the same" at its front is all that the one before it said."""
        self._condition = None
        if len(self.items) > self._begun:
            self._before, self._begun = self._begun, len(self.items)

    def _trouble(self, unit: Said | TakenBack | NewLength | NewValue) -> None:
        self.troubles.append(Trouble("what", unit.start, unit.end))

    def _referred(self, said: Said) -> Said:
        if said.is_alike:
            found = alike(said, self.items)
            if found is None:
                self._trouble(said)
            return found or replace(said, is_alike=False)
        if said.is_same:
            return self._as_before(said)
        if said.refers:
            cond = self._pointed(said.refers)
            if cond is None or said.np is not None or said.when is not None:
                self._trouble(said)
                return said
            return replace(said, np=Phrase(cond), refers="")
        return super()._referred(said)

    def _pointed(self, refers: str) -> Cond | None:
        if refers == "both":
            last = self.loose.np.cond if self.loose and self.loose.np else self.last
            if last is None or count_of(last) != 2:
                return None
            self.loose = None
            return last
        if len(self.named) != 2:
            cond = self.told.meant_by(reference(f"the {refers}", 0, 0))
            return None if cond is None or self._is_settled(cond) else cond
        return self.named[0 if refers == "former" else 1]

    def _as_before(self, said: Said) -> Said:
        """Read "the same for Y": what was done to X last, with Y in its place."""
        plain = replace(said, is_same=False, same_in="")
        if not self._may_be_as_before(said) or said.np is None:
            self._trouble(said)
            return plain
        last = self.items[-1]
        group = [one for one in self.items if one.start == last.start]
        cond = put_in(last.cond, said.np.cond, is_any=said.np.is_any)
        if self._says_more(last, said.np.cond):
            # "errors of cart; slow ones of cart; the same for billing": both, or the last alone?
            self._trouble(said)
            return plain
        if len(group) != 1 or last.is_rest or last.is_exception or cond is None or said.np.is_rest:
            self._trouble(said)
            return plain
        anew = changed([replace(last, cond=cond)], said)
        if anew is None:
            self._trouble(said)
            return plain
        done = replace(plain, act=last.act, rate=anew[0].rate, by=last.by, is_of=False)
        return replace(done, np=Phrase(anew[0].cond))

    def _may_be_as_before(self, said: Said) -> bool:
        """Whether what was said last has what is to be the same."""
        if not self.items or (said.rate is not None and not said.is_anew):
            return False
        last = self.items[-1]
        if said.same_in == "rate":
            # "errors of a at 10%; the same rate for b": for its errors, or for all of it?
            is_plain = not isinstance(last.cond, Same | Each)
            return last.rate is not None and is_plain and said.act in (None, Act("sample"))
        is_bound = said.same_in != "bound" or bool(lengths_in(last.cond))
        return (said.act is None or _is_wish(said.act)) and is_bound

    def _says_more(self, last: Item, cond: Cond) -> bool:
        """Whether more was said of the place of the last clause than that clause."""
        place = place_alike(last.cond, cond) or place_of(last.cond)
        return is_place(cond) and place is not None and any(
            names_place(one.cond, place) for one in self.items if one.start != last.start
        )  # fmt: skip

    def _retold(self, said: Said) -> bool:
        """Do of another place all that the sentence before did of one: "the same for billing"."""
        group = self.items[self._begun :] or self.items[self._before : self._begun]
        new = said.np.cond if said.np is not None else None
        old = place_shared(one.cond for one in group)
        is_plain = not (said.exceptions or said.by or said.when or said.note or said.same_in)
        if len(group) < 2 or new is None or old is None or not is_plain or not is_place(new):
            return False
        has_rate = said.rate is not None and not said.is_anew
        if (said.act and not _is_wish(said.act)) or has_rate or any(one.is_rest for one in group):
            return False
        if any(names_place(one.cond, old) for one in self.items if one not in group):
            return False
        conds = [put_for(one.cond, old, new) for one in group]
        if any(one is None for one in conds):
            return False
        retold = changed(
            [
                replace(one, cond=cond, start=said.start, end=said.end)
                for one, cond in zip(group, conds, strict=True)
                if cond is not None
            ],
            said,
        )
        if retold is None:
            return False
        self.items += retold
        self._speak_of(new)
        return True

    def _resolved(self, said: Said) -> Said | None:
        """Put in what "those two services" and the like stand for; None where that is open."""
        np = said.np
        if np is not None and isinstance(np.cond, Open) and np.cond.about == BELOW:
            return self._below(said)
        if np is not None:
            cond = self._filled(np.cond, self.told, is_other=np.is_other)
            if cond is None or (
                cond != np.cond and is_place(cond) and not np.is_other and self._is_settled(cond)
            ):
                self._trouble(said)
                return None
            np = replace(np, cond=cond)
        # In "drop feed, but keep its errors" it is of this very clause.
        own = self.told
        if np is not None and np.cond != EVERY:
            own = Told()
            own.note(np.cond)
        conds = [one.cond for one in said.exceptions]
        conds += [one for one in (said.when, said.note) if one is not None]
        found = {one: self._filled(one, own) for one in conds}
        if any(one is None for one in found.values()):
            self._trouble(said)
            return None
        left_out = tuple(
            LeftOut(one.kind, found[one.cond] or one.cond, one.act, one.rate)
            for one in said.exceptions
        )
        return replace(
            said,
            np=np,
            when=found[said.when] if said.when else None,
            note=found[said.note] if said.note else None,
            exceptions=left_out,
        )

    def _below(self, said: Said) -> Said | None:
        """Read "anything below that": what the last threshold leaves of its place, or of all."""
        last = next((one for one in reversed(self.items) if not one.is_exception), None)
        words = said.np.cond.words if said.np and isinstance(said.np.cond, Open) else ""
        of = below(last.cond, words) if last is not None and not last.is_rest else None
        if of is None or said.when is not None or said.exceptions:
            self._trouble(said)
            return None
        if of == EVERY:
            return replace(said, np=Phrase(EVERY, is_rest=True), is_rest=True)
        return replace(said, np=Phrase(of, is_other=True, has_place=True))

    def _modelled(self, said: Said, model: Cond) -> None:
        """Do to one thing all that was said of another: "treat /b like /a"."""
        known = self._filled(model, self.told)
        group: list[Item] = []
        is_plain = not (said.exceptions or said.by or said.when or said.note or said.is_same)
        if known is not None and said.np is not None and is_plain:
            group = as_model(self.items, spread(known), said.np.cond)
        if not group or said.np is None or said.np.is_rest:
            self._trouble(said)
            return
        self.items += [replace(one, start=said.start, end=said.end) for one in group]
        self._speak_of(said.np.cond)

    def _filled(self, cond: Cond, told: Told, *, is_other: bool = False) -> Cond | None:
        filling: dict[Open, Cond] = {}
        for one in references_in(cond):
            # "for those keep errors and 5 % of the rest": one word, so one meaning.
            known = self._meant.get(one.start) if one.end else None
            meant = known or told.meant_by(one, is_other=is_other)
            if meant is None or (is_other and not self._has_part(meant)):
                return None
            filling[one] = meant
            self._meant[one.start] = meant
            if self.loose and self.loose.np and place_of(self.loose.np.cond) == meant:
                self.loose = None
        return filled(cond, filling) if filling else cond

    def _is_settled(self, cond: Cond) -> bool:
        """Whether it was said already what is done to all of it: "keep a and b; the former 5 %"."""
        tests = set(cond.parts) if isinstance(cond, Some) else {cond}
        places = [place_of(one.cond) for one in self.items if is_place(one.cond)]
        return any(
            not tests.isdisjoint(one.parts if isinstance(one, Some) else (one,))
            for one in places
            if one is not None
        )

    def _has_part(self, meant: Cond) -> bool:
        """Whether a part of it was spoken of, so that "its other traffic" leaves something."""
        places = meant.parts if isinstance(meant, Some) else (meant,)
        named = [place_of(one.cond) for one in self.items if not is_place(one.cond)]
        of = {
            part
            for one in named
            if one
            for part in (one.parts if isinstance(one, Some) else (one,))
        }
        return bool(of) and of >= set(places)

    def _related(self, said: Said) -> Said | None:
        """Read "half of that": of the share of the last clause."""
        last = next((one for one in reversed(self.items) if not one.is_exception), None)
        is_of = said.np is not None or said.is_rest
        if said.rate is None or last is None or not is_of or (last.act and last.act.kind == "drop"):
            return None
        is_part = isinstance(last.cond, Same | Each) and said.np is not None and not said.is_rest
        if is_part and said.np and fields_of(last.cond) != fields_of(said.np.cond):
            # "errors of a at 10 %, half of that for b": for its errors, or for all of it?
            return None
        rate = in_relation(said.rate, last.rate)
        return None if rate is None else replace(said, rate=rate)

    def _say(self, said: Said, *, is_heading: bool) -> None:
        before = len(self.troubles)
        known = self._resolved(said)
        if known is None:
            return
        is_alike = known.is_same or known.is_alike or adds(known, self.items)
        chain = self.told.alike if is_alike else []
        if known.is_same and self._retold(known):
            self.told.join(chain)
            return
        said = known
        if said.is_regardless and said.act is None and said.rate is None and said.np:
            is_first = len(self.items) == self._begun
            if is_error(said.np.cond) and self.heading is None and is_first:
                said = replace(said, act=Act("keep"), is_regardless=False)
        is_bare = said.act is None and said.rate is None and said.model is None
        if said.is_of and is_bare and not said.is_same and len(self.items) > self._begun:
            # "Keep slow traces, over 2 s, of the cart service": it is no heading of what follows.
            self._trouble(said)
            return
        if self._is_under and said.np is not None and said.np.is_bare:
            # "For the cart service keep errors. The rest 10 %": the rest of what?
            self._trouble(said)
        self._is_under = self._is_under or said.is_under
        if said.model is not None:
            self._modelled(said, said.model)
            return
        if said.rate is not None and said.rate.kind == "relative":
            related = self._related(said)
            if related is None:
                self._trouble(said)
                return
            said = related
        if said.ellipsis or (self.heading is None and adds(said, self.items)):
            found = completed(said, self.items) if said.ellipsis else added(said, self.items)
            if found is None:
                self._trouble(said)
                return
            said = found
        if said.is_same or said.refers or said.is_alike:
            said = self._referred(said)
            if len(self.troubles) > before:
                return
        count = len(self.items)
        condition, self._condition = self._condition, None
        super()._say(said, is_heading=is_heading)
        if chain:
            self.told.join(chain)
        added_items = self.items[count:]
        if len(added_items) != 1:
            return
        item = added_items[0]
        if said.is_otherwise and condition is not None and item.is_rest:
            self._others.append((item, *condition))
        is_half = any(one.kind == "only" for one in said.exceptions) or said.when is not None
        if is_half and said.np is not None and said.np.cond != EVERY and not item.is_rest:
            self._condition = (said.np.cond, item.cond)

    def done(self) -> Composed:
        """Return what was put together; "otherwise" is of its clause where a rest is said, too."""
        rests = [one for one in self.items if one.is_rest]
        for item, base, cond in self._others:
            if len(rests) == 2 and any(one is item for one in rests):
                left = left_of(item, base, cond)
                self.items = [left if one is item else one for one in self.items]
        return super().done()


def _is_wish(act: Act) -> bool:
    """Whether it says that something is wanted, and not what: "we want the same for /b"."""
    return act.is_loose and act.kind == "keep"
