"""A model of the solver as a concrete trace, or what it teaches where there is none.

Owns: choosing values, spans, the number of spans. Must not know: questions, lists.
Truth: ../shared/reference/proof-method.md, section 2 (theorem 1, counts) and 4 (lazy fields).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

from nectarc.evaluate.values import MISSING, Missing, ValueOrMissing
from nectarc.logic.field_spaces import COUNT_NAME, ROOT_VALUES, FieldSpaces
from nectarc.logic.likely_classes import LikelyClasses
from nectarc.logic.slots import COUNT_SLOT, Cell, Fact, Slots
from nectarc.logic.solver import Solver
from nectarc.logic.value_classes import Conflict, Unrealised
from nectarc.records import record
from nectarc.trace import ROOT_FIELD, Span, Trace, Value

_TRACE_ID: Final = "0" * 31 + "1"
_ROOT_CHOICES: Final[tuple[int, ...]] = (1, 0, 2)  # an ordinary span, one without a parent, a log


@record
class Lessons:
    """The model is none: these facts refute it. `reasons`: why a guarded one is not proven."""

    facts: tuple[tuple[str, Fact], ...]
    reasons: tuple[str, ...]


@record
class TooManySpans:
    """Its spans are more than the number of spans it asks for: some must be one."""


@record
class TooLarge:
    """It asks for so many spans that no trace is built. `spans`: how many."""

    spans: int


Reading: TypeAlias = Trace | Lessons | TooManySpans | TooLarge
_Choice: TypeAlias = "tuple[ValueOrMissing] | Lessons"


class ModelReader:
    """Reads models of one session. Values are remembered by what is asked of them."""

    def __init__(
        self, solver: Solver, slots: Slots, spaces: FieldSpaces, *, spans_max: int
    ) -> None:
        """Read models of `solver`; traces have at most `spans_max` spans."""
        self._solver = solver
        self._slots = slots
        self._spaces = spaces
        self._spans_max = spans_max
        self._likely: dict[str, LikelyClasses] = {}
        self._values: dict[tuple[str, int, tuple[tuple[int, bool], ...]], _Choice] = {}

    def read(self) -> Reading:
        """Return the trace of the solver's last model."""
        is_true = self._solver.is_true
        has_root = is_true(self._slots.has_root)
        stands_for = {
            slot: by for (slot, by), alias in self._slots.aliases.items() if is_true(alias)
        }
        kept: dict[int, Span] = {}
        facts: list[tuple[str, Fact]] = []
        reasons: list[str] = []
        for slot, active in enumerate(self._slots.active):
            if slot and (not is_true(active) or slot in stands_for):
                continue
            span = self._span(slot, has_root=has_root)
            if isinstance(span, Lessons):
                facts += span.facts
                reasons += span.reasons
            else:
                kept[slot] = span
        if facts:
            return Lessons(tuple(dict.fromkeys(facts)), tuple(dict.fromkeys(reasons)))
        if not has_root and len(kept) > 1 and 0 not in stands_for.values():
            del kept[0]
        return self._trace(kept, has_root=has_root)

    def _span(self, slot: int, *, has_root: bool) -> Span | Lessons:
        fields: dict[str, Value] = {}
        for name in self._slots.names:
            cell = self._slots.known_cell(slot, name)
            if cell is None or name == ROOT_FIELD:
                continue
            choice = self._value(name, cell)
            if isinstance(choice, Lessons):
                return choice
            if not isinstance(choice[0], Missing):
                fields[name] = choice[0]
        return self._finish(slot, fields, has_root=has_root)

    def _finish(self, slot: int, fields: dict[str, Value], *, has_root: bool) -> Span:
        cell = self._slots.known_cell(slot, ROOT_FIELD)
        choices = _ROOT_CHOICES
        if slot == 0:
            choices = (0,) if has_root else (1, 2)
        allowed = [i for i in choices if cell is None or self._is_left(cell, i)]
        flag = ROOT_VALUES[allowed[0]]
        if not isinstance(flag, Missing):
            fields[ROOT_FIELD] = flag
        return Span(fields, flag is True)

    def _is_left(self, cell: Cell, index: int) -> bool:
        return not self._solver.is_true(cell.first + index)

    def _value(self, name: str, cell: Cell) -> _Choice:
        is_true = self._solver.is_true
        left = self._solver.indices_of_false(cell.first, cell.size)
        bits: tuple[tuple[int, bool], ...] = ()
        if cell.bits:
            bits = tuple(sorted(key for key, one in cell.bits.items() if is_true(one)))
        key = (name, left, bits)
        found = self._values.get(key)
        if found is None:
            found = self._values[key] = self._choose(name, left, bits)
        return found

    def _choose(self, name: str, left: int, bits: tuple[tuple[int, bool], ...]) -> _Choice:
        missing = self._spaces.missing(name)
        if missing >= 0 and left >> missing & 1:
            return (MISSING,)
        space = self._spaces.space(name)
        facts: list[tuple[str, Fact]] = []
        reasons: list[str] = []
        refuted = 0
        for index in self._in_order(name, left, bits):
            if refuted >> index & 1:
                continue
            made = space.realise(index, dict(bits))
            if isinstance(made, Conflict):
                facts.append((name, Fact(made.classes | 1 << index, made.bits, 0)))
                refuted |= made.classes
            elif isinstance(made, Unrealised):
                facts.append((name, Fact(1 << index, bits, self._slots.unproven)))
                reasons.append(f"`{name}`: {made.reason}")
            else:
                return (made,)
        return Lessons(tuple(facts), tuple(reasons))

    def _in_order(self, name: str, left: int, bits: tuple[tuple[int, bool], ...]) -> Iterator[int]:
        """Yield the classes of `left`, usual ones first; before them those that are likely."""
        likely = 0
        wanted = [bit for bit, truth in bits if truth]
        if wanted:
            guesses = self._likely.get(name)
            if guesses is None:
                guesses = self._likely[name] = LikelyClasses(self._spaces.space(name))
            likely = guesses.of(wanted) & left
            yield from _members(likely)
        yield from _members(left & ~likely)

    def _trace(self, kept: dict[int, Span], *, has_root: bool) -> Trace | TooManySpans | TooLarge:
        # The root is the last span without a parent.
        root = [kept[0]] if has_root else []
        others = [span for slot, span in kept.items() if slot or not has_root]
        by_text = {repr(span): span for span in others}
        if root and repr(root[0]) in by_text:
            del by_text[repr(root[0])]
        parentless = [span for span in by_text.values() if span.is_root]
        children = [span for span in by_text.values() if not span.is_root]
        spans = [*parentless, *root, *children]
        count = self._count(len(spans))
        if count is None:
            return TooManySpans()
        if count > self._spans_max:
            return TooLarge(count)
        return Trace(_TRACE_ID, (*spans, *(spans[-1],) * (count - len(spans))))

    def _count(self, spans: int) -> int | None:
        """Return the least number of spans that is left and not below `spans`."""
        cell = self._slots.known_cell(COUNT_SLOT, COUNT_NAME)
        if cell is None:
            return spans
        least: int | None = None
        for index, one in enumerate(self._spaces.count_classes):
            if self._is_left(cell, index):
                enough = [count for count in one.small if count >= spans]
                if one.large is not None and one.large >= spans:
                    enough.append(one.large)
                least = min(enough, default=least) if least is None else min([least, *enough])
        return least


def _members(mask: int) -> Iterator[int]:
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest
