"""Normal forms as clauses over slots.

Owns: which slot an existential speaks of, the one-sided encoding.
Must not know: decision lists. Truth: ../shared/reference/proof-method.md, sections 2 and 3.

Existentials of one bank (the entries of one list, of which one decides) share slots: those under
"and" have different ones, those under "or" the same. An existential that a negation made (an entry
above that must not match) has a slot of its own, the same wherever its body stands.
"""

from __future__ import annotations

from typing import Final

from nectarc.diagnostic import InternalError
from nectarc.logic.field_spaces import COUNT_NAME
from nectarc.logic.normal_form import (
    FALSE_NODE,
    TRUE_NODE,
    Group,
    Leaf,
    NormalForms,
    Place,
    Quantified,
)
from nectarc.logic.slots import COUNT_SLOT, Slots
from nectarc.logic.solver import Solver

OWN_SLOTS: Final = -1  # in place of a bank: each body has its own slot


class Encoder:
    """Variables of nodes: true only if the node is."""

    def __init__(self, solver: Solver, forms: NormalForms, slots: Slots) -> None:
        """Start with nothing encoded."""
        self._solver = solver
        self._forms = forms
        self._slots = slots
        self._banks: dict[int, list[int]] = {}
        self._own: dict[int, int] = {}
        self._known: dict[tuple[int, int, int], int] = {}
        self._at: dict[tuple[int, int], int] = {}
        self._has_some: dict[int, bool] = {}
        self._everywhere: list[tuple[int, int]] = []

    def literal(self, node: int, bank: int, offset: int = 0) -> int:
        """Return a variable that is true only if `node` holds of the trace.

        bank:   a bank's number, or OWN_SLOTS.   offset: the first of its slots to use.
        """
        if not self._needs_slots(node):
            bank, offset = OWN_SLOTS, 0
        key = (node, bank, offset if bank != OWN_SLOTS else 0)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._encode(node, bank, offset)
        return found

    def _encode(self, node: int, bank: int, offset: int) -> int:
        slots, add = self._slots, self._solver.add
        match self._forms.nodes[node]:
            case Leaf() as leaf:
                return self._trace_leaf(leaf)
            case Quantified(is_some, body):
                found = self._solver.new()
                if is_some:
                    slot = self._own_slot(body) if bank == OWN_SLOTS else self._slot(bank, offset)
                    add([-found, slots.active[slot]])
                    self._require([-found], body, slot)
                else:
                    self._everywhere.append((found, body))
                    for slot, active in enumerate(slots.active):
                        self._require([-found, -active], body, slot)
                return found
            case Group(is_all, members):
                if node in (TRUE_NODE, FALSE_NODE):
                    return slots.true if node == TRUE_NODE else -slots.true
                found = self._solver.new()
                if is_all:
                    for member in members:
                        add([-found, self.literal(member, bank, offset)])
                        offset += 0 if bank == OWN_SLOTS else self._forms.need(member)
                else:
                    add([-found, *(self.literal(member, bank, offset) for member in members)])
                return found

    def _trace_leaf(self, leaf: Leaf) -> int:
        slots, add = self._slots, self._solver.add
        match leaf.place:
            case Place.HAS_ROOT:
                return slots.has_root
            case Place.NO_ROOT:
                return -slots.has_root
            case Place.COUNT:
                return slots.literal(COUNT_SLOT, COUNT_NAME, leaf.literal)
            case Place.ROOT:
                found = self._solver.new()
                add([-found, slots.has_root])
                add([-found, slots.literal(0, leaf.name, leaf.literal)])
                return found
            case Place.ROOT_IF_ANY:
                found = self._solver.new()
                add([-found, -slots.has_root, slots.literal(0, leaf.name, leaf.literal)])
                return found
            case Place.SPAN:
                raise InternalError(f"a test of `{leaf.name}` on a span stands outside of one")

    def _require(self, prefix: list[int], node: int, slot: int) -> None:
        """Add clauses: if none of `prefix` is true, the span of `slot` satisfies `node`."""
        match self._forms.nodes[node]:
            case Group(True, members):
                for member in members:
                    self._require(prefix, member, slot)
            case Group(False, members):
                self._solver.add(prefix + [self._satisfied(member, slot) for member in members])
            case _:
                self._solver.add([*prefix, self._satisfied(node, slot)])

    def _satisfied(self, node: int, slot: int) -> int:
        """Return a variable that is true only if the span of `slot` satisfies `node`."""
        one = self._forms.nodes[node]
        if isinstance(one, Leaf):
            if one.place is Place.SPAN:
                return self._slots.literal(slot, one.name, one.literal)
            return self.literal(node, OWN_SLOTS)
        key = (node, slot)
        found = self._at.get(key)
        if found is None:
            found = self._at[key] = self._solver.new()
            self._require([-found], node, slot)
        return found

    def _slot(self, bank: int, offset: int) -> int:
        known = self._banks.setdefault(bank, [])
        while len(known) <= offset:
            known.append(self._new_slot())
        return known[offset]

    def _own_slot(self, body: int) -> int:
        found = self._own.get(body)
        if found is None:
            found = self._own[body] = self._new_slot()
        return found

    def _new_slot(self) -> int:
        slot = self._slots.new_slot()
        active = self._slots.active[slot]
        for variable, body in self._everywhere:
            self._require([-variable, -active], body, slot)
        return slot

    def _needs_slots(self, node: int) -> bool:
        found = self._has_some.get(node)
        if found is None:
            match self._forms.nodes[node]:
                case Quantified(is_some, _):
                    found = is_some
                case Group(_, members):
                    found = any(self._needs_slots(member) for member in members)
                case _:
                    found = False
            self._has_some[node] = found
        return found
