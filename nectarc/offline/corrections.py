"""What later words do to earlier ones: corrections.

Owns: which clause a correction is of, what of it is replaced. Must not know: the chart.
Truth: docs/intent.md; issue 6, 2. A correction that fits no clause, or several, is asked about.
"""

from __future__ import annotations

from nectarc.intent.matches import string_literal
from nectarc.offline.clauses import Aside, NewLength, NewValue, Said, TakenBack, Unit
from nectarc.offline.composition import Composed, Trouble
from nectarc.offline.phrases import Definition, Phrase
from nectarc.offline.recalling import Recalling
from nectarc.offline.redoing import rate_alone, redone
from nectarc.offline.retelling import lengths_in, renewed
from nectarc.offline.selectors import (
    EVERY,
    Cond,
    Each,
    Non,
    Open,
    Same,
    Some,
    Test,
    opens_of,
    some,
)
from nectarc.records import replace


class Telling(Recalling):
    """The fold of a text whose later words may change what earlier ones said."""

    def __init__(self) -> None:
        """Begin with nothing said."""
        super().__init__()
        self.taken: list[str] = []

    def add(self, unit: Unit, *, is_heading: bool = False, role: str = "") -> None:
        """Take one unit in. role: of the stretch that it stands in."""
        match unit:
            case TakenBack():
                self.told.forget()
                self._take_back(unit)
            case NewLength():
                self._lengthen(unit)
            case NewValue():
                self.told.forget()
                self._revalue(unit)
            case Aside(start, end) if role in ("correction", "restriction", "takes-back"):
                self.troubles.append(Trouble("what", start, end))
            case Said() if role == "restriction":
                if unit.np is None or unit.act is not None or unit.rate is not None:
                    self._trouble(unit)
                else:
                    self.told.forget()
                    self._restrict(unit, unit.np.cond)
            case Said() if role in ("correction", "takes-back") and not is_heading:
                self.told.forget()
                self._correct(unit)
            case Said() if role == "exception" and unit.act is None and unit.rate is None:
                self._trouble(unit)
            case Definition():
                super().add(unit)
                if unit.kind in ("label", "topic") and unit.cond is not None:
                    self.named.append(unit.cond)
            case _:
                super().add(unit, is_heading=is_heading)

    def _trouble(self, unit: Said | TakenBack | NewLength | NewValue) -> None:
        self.troubles.append(Trouble("what", unit.start, unit.end))

    def done(self) -> Composed:
        """Return what was put together, with the names that were taken back."""
        return replace(super().done(), taken=tuple(self.taken))

    # ------------------------------------------------------------ corrections
    def _correct(self, said: Said) -> None:
        if said.exceptions or said.by or said.note is not None or said.when is not None:
            self._trouble(said)
            return
        if said.is_rest:
            if any(one.is_rest for one in self.items):
                self.items = [one for one in self.items if not one.is_rest]
            super().add(said)
            return
        if said.np is None:
            rate = rate_alone(said)
            if not redone(self, said) and (rate is None or not self._corrects(rate)):
                self._trouble(said)
            return
        if said.act is None and said.rate is None:
            if said.is_only:
                self._restrict(said, said.np.cond)
            else:
                self._trouble(said)
            return
        cond = said.np.cond
        found = [one for one in self.items if not one.is_rest and _is_named(one.cond, cond)]
        if not found:
            partly = [one for one in self.items if not one.is_rest and _holds(one.cond, cond)]
            if len(partly) != 1 or isinstance(partly[0].cond, Same | Each | Non):
                self._trouble(said)
                return
            named = _value_in(partly[0].cond, cond)
            self._remove(cond)
            super().add(said if named is None else replace(said, np=Phrase(named)))
            return
        if len(found) != 1:
            self._trouble(said)
            return
        at = self.items.index(found[0])
        self.items[at] = replace(found[0], act=said.act, rate=said.rate)

    def _restrict(self, said: Said, cond: Cond) -> None:
        """Read "no wait, only 5xx": of the last clause that and nothing else is left."""
        if not self.items:
            self._trouble(said)
            return
        last = self.items[-1]
        group = [one for one in self.items if one.start == last.start and not one.is_rest]
        whole = some(one.cond for one in group) if group else EVERY
        if not _holds(whole, cond) or isinstance(whole, Same | Each | Non):
            self._trouble(said)
            return
        kept = replace(group[0], cond=cond)
        gone = [one for one in group if one is not group[0]]
        self.taken += _names(whole)
        self.items = [
            kept if one is group[0] else one
            for one in self.items
            if not any(one is other for other in gone)
        ]
        self.last = cond

    def _take_back(self, unit: TakenBack) -> None:
        cond = unit.phrase.cond
        is_error = any(one.about == "error" for one in opens_of(cond))
        if unit.phrase.is_rest or cond == EVERY or is_error or not self._remove(cond):
            self._trouble(unit)
            return
        self.taken.append(unit.text)

    def _remove(self, cond: Cond) -> bool:
        """Take `cond` out of the one clause that holds it."""
        found = [one for one in self.items if not one.is_rest and _holds(one.cond, cond)]
        if len(found) != 1 or any(
            _speaks_of(one.cond, cond) for one in self.items if one is not found[0]
        ):
            return False
        at = self.items.index(found[0])
        left = _without(found[0].cond, cond)
        if left is None:
            del self.items[at]
        else:
            self.items[at] = replace(found[0], cond=left)
        self.taken += _names(cond)
        self.last = left
        return True

    def _lengthen(self, unit: NewLength) -> None:
        """Put a length in place of the only one that was said."""
        lengths = {text for one in self.items for text in lengths_in(one.cond)}
        conds = [*self.definitions.values()]
        lengths |= {text for one in conds for text in lengths_in(one)}
        if len(lengths) != 1 or (unit.is_over and "<" in next(iter(lengths))):
            self._trouble(unit)
            return
        self.items = [replace(one, cond=renewed(one.cond, unit.text)) for one in self.items]
        self.definitions = {name: renewed(one, unit.text) for name, one in self.definitions.items()}
        if self.loose is not None and self.loose.np is not None:
            np = replace(self.loose.np, cond=renewed(self.loose.np.cond, unit.text))
            self.loose = replace(self.loose, np=np)

    def _revalue(self, unit: NewValue) -> None:
        """Put a value in place of the one that the last clause compares with."""
        last = self.items[-1] if self.items else None
        cond = last.cond if last is not None else None
        group = [one for one in self.items if last is not None and one.start == last.start]
        if len(group) != 1 or (isinstance(cond, Test) and cond.field == "http.route"):
            self._trouble(unit)
            return
        if last is None or not isinstance(cond, Test) or len(cond.values) != 1 or last.is_rest:
            self._trouble(unit)
            return
        old, new = cond.values[0], string_literal(unit.text)
        if not cond.text.endswith(f"== {old}") or not old.startswith("'"):
            self._trouble(unit)
            return
        self.taken += _names(cond)
        text = f"{cond.text.removesuffix(old)}{new}"
        self.items[-1] = replace(last, cond=Test(text, cond.field, (new,)))


def _is_named(cond: Cond, said: Cond) -> bool:
    """Whether what was said is the clause's own subject, a word of it standing for a value."""
    return cond == said or _values(cond, said) == _values(cond, cond) != frozenset()


def _values(cond: Cond, said: Cond) -> frozenset[str]:
    """Return which values of the field of `cond` are meant: a bare name may be one of them."""
    field = cond.field if isinstance(cond, Test) else ""
    if isinstance(said, Open) and said.about == "group" and field:
        return frozenset({string_literal(said.words)})
    if isinstance(said, Test) and said.field == field and said.values:
        return frozenset(said.values)
    return frozenset()


def _value_in(cond: Cond, said: Cond) -> Test | None:
    """Return the test of the one value of `cond` that a bare name stands for."""
    parts = cond.parts if isinstance(cond, Some) else (cond,)
    for one in parts:
        values = _values(one, said)
        is_one = len(values) == 1 and isinstance(said, Open)
        if is_one and isinstance(one, Test) and values <= frozenset(one.values):
            literal = next(iter(values))
            return Test(f"{one.field} == {literal}", one.field, (literal,))
    return None


def _holds(cond: Cond, said: Cond) -> bool:
    """Whether `said` is the whole of `cond`, or one of the things that it names side by side."""
    if _is_named(cond, said):
        return True
    if isinstance(said, Some):
        return all(_holds(cond, one) for one in said.parts)
    if isinstance(cond, Some):
        return any(_holds(one, said) for one in cond.parts)
    values = _values(cond, said)
    return isinstance(cond, Test) and bool(values) and values <= frozenset(cond.values)


def _speaks_of(cond: Cond, said: Cond) -> bool:
    """Whether `said` is a part of it, however deep: "/a over 2s" speaks of /a."""
    match cond:
        case Same(parts) | Each(parts) | Some(parts):
            return any(_speaks_of(one, said) for one in parts)
        case Non(inner):
            return _speaks_of(inner, said)
        case _:
            return _holds(cond, said)


def _without(cond: Cond, said: Cond) -> Cond | None:
    """Return `cond` without what was said, None where nothing is left."""
    if _is_named(cond, said):
        return None
    if isinstance(said, Some):
        left: Cond | None = cond
        for one in said.parts:
            left = _without(left, one) if left is not None else None
        return left
    if isinstance(cond, Some):
        parts = [_without(one, said) if _holds(one, said) else one for one in cond.parts]
        rest = [one for one in parts if one is not None]
        return some(rest) if rest else None
    if isinstance(cond, Test):
        gone = _values(cond, said)
        kept = tuple(one for one in cond.values if one not in gone)
        text = f"{cond.field} == {kept[0]}" if len(kept) == 1 else (
            f"{cond.field} in [{', '.join(kept)}]")  # fmt: skip
        return Test(text, cond.field, kept)
    return cond


def _names(cond: Cond) -> list[str]:
    match cond:
        case Test(values=values):
            return [one.strip("'") for one in values]
        case Same(parts) | Each(parts) | Some(parts):
            return [name for one in parts for name in _names(one)]
        case _:
            return []
