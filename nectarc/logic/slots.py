"""Spans of the model as variables: which classes each field of each slot may still have.

Owns: slots, their variables, the clauses that tie them. Must not know: formulas, policies.
Truth: ../shared/reference/proof-method.md, sections 2 to 4.

A slot is a span that the trace may have: slot 0 is the root where there is one. For each class of
a field a variable says "not this one". All constraints on values forbid classes, so whatever class
is left is right, no two need exclude each other, and a solver that guesses "false" constrains
nothing that it need not. Language bits are two variables, "must be in" and "must not be in".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from nectarc.logic.field_spaces import COUNT_NAME, FieldSpaces
from nectarc.logic.normal_form import Literal
from nectarc.logic.solver import Solver
from nectarc.trace import ROOT_FIELD

COUNT_SLOT: Final = -1
_UNLIMITED: Final = 2**31  # more than there will be slots
_ROOT_TRUE, _ROOT_FALSE, _ROOT_MISSING = range(3)


class Cell(NamedTuple):
    """The variables of one field at one slot.

    first: "not class i" is the variable first + i.   bits: (bit, truth) -> "must be so".
    """

    first: int
    size: int
    bits: dict[tuple[int, bool], int]


class Fact(NamedTuple):
    """No value of a class of `classes` is in the languages as `bits` say.

    guard: 0 for a fact; else what must be assumed to take it for one.
    """

    classes: int
    bits: tuple[tuple[int, bool], ...]
    guard: int


class Slots:
    """The slots of one session; they and their fields are made when first used."""

    def __init__(self, solver: Solver, spaces: FieldSpaces) -> None:
        """Make slot 0, which always exists."""
        self._solver = solver
        self._spaces = spaces
        self.true = solver.new()
        self.has_root = solver.new()
        self.usual = solver.new()
        self.unproven = solver.new()
        self.active: list[int] = []
        self.aliases: dict[tuple[int, int], int] = {}
        self._cells: dict[tuple[int, str], Cell] = {}
        self._names: dict[str, None] = {}
        self._masks: dict[tuple[int, str, int], int] = {}
        self._literals: dict[tuple[int, str, Literal], int] = {}
        self._members: dict[int, list[int]] = {}
        self._facts: dict[str, list[Fact]] = {}
        self._is_merging = False
        self._leaders: list[list[int]] = []
        self._limits: list[int] = []
        solver.add([self.true])
        self.new_slot()
        solver.add([self.active[0]])

    def new_slot(self) -> int:
        """Return a new slot, a span that has no parent only if there is a root."""
        slot = len(self.active)
        self.active.append(self._solver.new())
        if self._is_merging:
            for name in self._names:
                self.cell(slot, name)
            self._make_mergeable(slot)
        return slot

    def cell(self, slot: int, name: str) -> Cell:
        """Return the variables of a field at a slot."""
        found = self._cells.get((slot, name))
        if found is None:
            count = self._spaces.class_count(slot == COUNT_SLOT, name)
            found = Cell(self._solver.new_block(count), count, {})
            self._cells[slot, name] = found
            self._tie(slot, name, found)
        return found

    def known_cell(self, slot: int, name: str) -> Cell | None:
        """Return the variables of a field at a slot where something was ever said of it."""
        return self._cells.get((slot, name))

    @property
    def names(self) -> Iterable[str]:
        """The fields that something was said of."""
        return self._names

    def literal(self, slot: int, name: str, literal: Literal) -> int:
        """Return a variable that is true only if the slot's field satisfies `literal`."""
        sure, opened, bit, is_negated = literal
        if not opened:
            return self.mask(slot, name, sure)
        key = (slot, name, literal)
        found = self._literals.get(key)
        if found is None:
            found = self._literals[key] = self._solver.new()
            self._solver.add([-found, self.mask(slot, name, sure | opened)])
            choice = [-found, self.bit(slot, name, bit, not is_negated)]
            if sure:
                choice.append(self.mask(slot, name, sure))
            self._solver.add(choice)
        return found

    def mask(self, slot: int, name: str, mask: int) -> int:
        """Return a variable that is true only if the slot's field has a class of `mask`."""
        key = (slot, name, mask)
        found = self._masks.get(key)
        if found is None:
            first, size, _ = self.cell(slot, name)
            full = (1 << size) - 1
            if mask == full:
                found = self.true
            elif not mask:
                found = -self.true
            else:
                found = self._solver.new()
                add = self._solver.add
                for index in self._indices(full & ~mask):
                    add([-found, first + index])
                # Follows from what a value is; with it what cannot be any more is found at once.
                add([-found, *(-first - index for index in self._indices(mask))])
            self._masks[key] = found
        return found

    def bit(self, slot: int, name: str, bit: int, truth: bool) -> int:  # noqa: FBT001
        """Return a variable: the text is (not) in the language `bit`."""
        bits = self.cell(slot, name).bits
        found = bits.get((bit, truth))
        if found is None:
            found = bits[bit, truth] = self._solver.new()
            other = bits.get((bit, not truth))
            if other is not None:
                self._solver.add([-found, -other])
            if self._is_merging:
                for one in self._slots_of(name):
                    if one != slot:
                        self.bit(one, name, bit, truth)
                        self._tie_bits(max(slot, one), min(slot, one), name, (bit, truth))
        return found

    def add_fact(self, name: str, fact: Fact) -> None:
        """Take `fact` for one about the field `name`, of every slot."""
        self._facts.setdefault(name, []).append(fact)
        for slot in self._slots_of(name):
            self._say(slot, name, fact)

    def allow_merging(self) -> None:
        """Let slots stand for the same span, so that a count below their number can be met."""
        if self._is_merging:
            return
        self._is_merging = True
        self._limits = [
            one.small[-1] if one.small and one.large is None else _UNLIMITED
            for one in self._spaces.count_classes
        ]
        for slot in range(len(self.active)):
            for name in self._names:
                self.cell(slot, name)
        for name in self._names:
            wanted = {key for slot in self._slots_of(name) for key in self.cell(slot, name).bits}
            for slot in self._slots_of(name):
                for bit, truth in sorted(wanted):
                    self.bit(slot, name, bit, truth)
        for slot in range(len(self.active)):
            self._make_mergeable(slot)

    def _indices(self, mask: int) -> list[int]:
        found = self._members.get(mask)
        if found is None:
            found = self._members[mask] = [i for i in range(mask.bit_length()) if mask >> i & 1]
        return found

    def _slots_of(self, name: str) -> Iterator[int]:
        return (slot for slot in range(len(self.active)) if (slot, name) in self._cells)

    def _tie(self, slot: int, name: str, cell: Cell) -> None:
        """Add what is true of every cell."""
        self._solver.add([-cell.first - index for index in range(cell.size)])
        if slot == COUNT_SLOT:
            for index, one in enumerate(self._spaces.count_classes):
                if not one.small:
                    self._forbid_if(self._spaces.is_too_large(one), cell.first + index)
            return
        self._names[name] = None
        add = self._solver.add
        if name == ROOT_FIELD:
            add([self.has_root, cell.first + _ROOT_TRUE])
            add([-self.usual, cell.first + _ROOT_MISSING])
            if slot == 0:
                add([-self.has_root, cell.first + _ROOT_FALSE])
                add([-self.has_root, cell.first + _ROOT_MISSING])
        else:
            for index in self._spaces.unusual(name):
                add([-self.usual, cell.first + index])
            for fact in self._facts.get(name, ()):
                self._say(slot, name, fact)
        if self._is_merging:
            for other in range(len(self.active)):
                if other != slot:
                    self.cell(other, name)
                    self._tie_cells(max(slot, other), min(slot, other), name)

    def _forbid_if(self, is_forbidden: bool, variable: int) -> None:  # noqa: FBT001
        if is_forbidden:
            self._solver.add([-self.unproven, variable])

    def _say(self, slot: int, name: str, fact: Fact) -> None:
        clause = [-self.bit(slot, name, bit, truth) for bit, truth in fact.bits]
        full = (1 << self.cell(slot, name).size) - 1
        rest = full & ~fact.classes
        if rest:
            clause.append(self.mask(slot, name, rest))
        if fact.guard:
            clause.append(-fact.guard)
        self._solver.add(clause)

    def _make_mergeable(self, slot: int) -> None:
        """Let `slot` be the same span as an earlier one; count the slots that are not."""
        add = self._solver.add
        leader = self._solver.new()
        others: list[int] = []
        for earlier in range(slot):
            alias = self.aliases[slot, earlier] = self._solver.new()
            others.append(alias)
            add([-alias, self.active[earlier]])
            for name in self._names:
                self._tie_cells(slot, earlier, name)
        add([-self.active[slot], leader, *others])
        before = self._leaders[-1] if self._leaders else []
        row = [self._solver.new() for _ in range(slot + 1)]
        for index in range(slot + 1):
            # row[index]: among the slots so far, more than `index` are spans of their own.
            if index < slot:
                add([-before[index], row[index]])
            add([-leader, row[index]] if index == 0 else [-leader, -before[index - 1], row[index]])
        self._leaders.append(row)
        count = self.cell(COUNT_SLOT, COUNT_NAME)
        for index in range(slot + 1):
            enough = [i for i, limit in enumerate(self._limits) if limit > index]
            add([-row[index], *(-count.first - i for i in enough)])

    def _tie_cells(self, slot: int, earlier: int, name: str) -> None:
        """Say that what is forbidden to `slot` is forbidden to the span that it stands for."""
        alias = self.aliases.get((slot, earlier))
        if alias is None:
            return
        own, its = self.cell(slot, name), self.cell(earlier, name)
        for index in range(own.size):
            self._solver.add([-alias, -own.first - index, its.first + index])
        for key in sorted(own.bits):
            self._tie_bits(slot, earlier, name, key)

    def _tie_bits(self, slot: int, earlier: int, name: str, key: tuple[int, bool]) -> None:
        alias = self.aliases.get((slot, earlier))
        if alias is not None:
            own = self.bit(slot, name, *key)
            self._solver.add([-alias, -own, self.bit(earlier, name, *key)])
