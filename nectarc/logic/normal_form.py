"""Formulas in negation normal form over value classes: equal meanings mostly become one node.

Owns: nodes, interned by number, and the laws that shrink them. Must not know: slots, solvers.
Truth: ../shared/reference/proof-method.md, section 3, "Canonical tests".

A leaf says what the classes of one place are that satisfy it, so tests on one field merge into one
leaf, and a test of a policy and its condition in Refinery's rules are the same leaf where they mean
the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from enum import Enum
from typing import Final, NamedTuple, Protocol, TypeAlias, assert_never

from nectarc.logic import formula as formulas
from nectarc.logic.formula import Formula
from nectarc.logic.predicates import Predicate
from nectarc.trace import ROOT_FIELD


class Place(Enum):
    """Where a leaf looks."""

    SPAN = "span"  # at the span at hand; `ROOT_FIELD` tells whether it has a parent
    ROOT = "root"  # there is a root, and it satisfies the leaf
    ROOT_IF_ANY = "root if any"  # there is no root, or it satisfies the leaf
    COUNT = "count"  # the number of spans
    HAS_ROOT = "has root"
    NO_ROOT = "no root"


class Literal(NamedTuple):
    """Classes that satisfy: those of `sure`, and those of `open` whose language bit is as said."""

    sure: int
    open: int = 0
    bit: int = -1
    is_negated: bool = False


class Leaf(NamedTuple):
    """`literal` holds of the field `name` at `place`."""

    place: Place
    name: str
    literal: Literal


class Group(NamedTuple):
    """All (any) of some nodes, by number, ascending."""

    is_all: bool
    members: tuple[int, ...]


class Quantified(NamedTuple):
    """Some (every) span satisfies the node `body`."""

    is_some: bool
    body: int


Node: TypeAlias = Leaf | Group | Quantified


class Images(Protocol):
    """What the normal form asks of value classes."""

    def literal(self, place: Place, name: str, predicate: Predicate) -> Literal:
        """Return what `predicate` is over the classes of `name` (of the count)."""

    def all_classes(self, place: Place, name: str) -> int:
        """Return the mask of all classes."""


TRUE_NODE: Final = 0
FALSE_NODE: Final = 1
_ROOT_TRUE: Final = 1  # the mask of the class of ROOT_FIELD of spans without a parent


class NormalForms:
    """All nodes of one session; a node is a number, and its negation is made anew."""

    def __init__(self, images: Images) -> None:
        """Start with the two constants."""
        self._images = images
        self.nodes: list[Node] = [Group(True, ()), Group(False, ())]
        self._numbers: dict[Node, int] = {node: i for i, node in enumerate(self.nodes)}
        self._looks_at_span: list[bool] = [False, False]
        self._known: dict[tuple[Formula, bool], int] = {}
        self._literals: dict[tuple[Place, str, Predicate], Literal] = {}

    def node_of(self, formula: Formula, *, is_negated: bool = False) -> int:
        """Return the node that says `formula`, or its negation."""
        key = (formula, is_negated)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._make(formula, is_negated)
        return known

    def need(self, node: int) -> int:
        """Return how many spans the existentials of `node` may need together (method, 2)."""
        match self.nodes[node]:
            case Quantified(is_some, _):
                return int(is_some)
            case Group(is_all, members):
                needs = [self.need(member) for member in members]
                return sum(needs) if is_all else max(needs, default=0)
            case _:
                return 0

    def bodies(self, node: int) -> set[int]:
        """Return the bodies of the existentials of `node`."""
        match self.nodes[node]:
            case Quantified(True, body):
                return {body}
            case Group(_, members):
                return {body for member in members for body in self.bodies(member)}
            case _:
                return set()

    def _make(self, formula: Formula, is_negated: bool) -> int:  # noqa: FBT001
        match formula:
            case formulas.SpanTest(name, predicate):
                return self._test(Place.SPAN, name, predicate, is_negated)
            case formulas.RootTest(name, predicate):
                place = Place.ROOT_IF_ANY if is_negated else Place.ROOT
                return self._test(place, name, predicate, is_negated)
            case formulas.CountTest(predicate):
                return self._test(Place.COUNT, "", predicate, is_negated)
            case formulas.IsRoot():
                own = Literal(_ROOT_TRUE)
                return self._leaf(Place.SPAN, ROOT_FIELD, self._signed(ROOT_FIELD, own, is_negated))
            case formulas.HasRoot():
                place = Place.NO_ROOT if is_negated else Place.HAS_ROOT
                return self._intern(Leaf(place, "", Literal(1)))
            case formulas.Constant(value):
                return FALSE_NODE if value is is_negated else TRUE_NODE
            case formulas.Not(operand):
                return self.node_of(operand, is_negated=not is_negated)
            case formulas.And(operands) | formulas.Or(operands):
                members = [self.node_of(one, is_negated=is_negated) for one in operands]
                return self._group(isinstance(formula, formulas.And) is not is_negated, members)
            case formulas.SomeSpan(body):
                return self._quantified(not is_negated, self.node_of(body, is_negated=is_negated))
            case _:
                assert_never(formula)

    def _test(self, place: Place, name: str, predicate: Predicate, is_negated: bool) -> int:  # noqa: FBT001
        key = (place, name, predicate)
        literal = self._literals.get(key)
        if literal is None:
            literal = self._literals[key] = self._images.literal(place, name, predicate)
        if is_negated:
            literal = _complement(literal, self._images.all_classes(place, name))
        return self._leaf(place, name, literal)

    def _signed(self, name: str, literal: Literal, is_negated: bool) -> Literal:  # noqa: FBT001
        full = self._images.all_classes(Place.SPAN, name)
        return _complement(literal, full) if is_negated else literal

    def _leaf(self, place: Place, name: str, literal: Literal) -> int:
        if not literal.sure | literal.open:
            if place is Place.ROOT_IF_ANY:
                return self._intern(Leaf(Place.NO_ROOT, "", Literal(1)))
            return FALSE_NODE
        if literal.sure == self._images.all_classes(place, name):
            if place is Place.ROOT:
                return self._intern(Leaf(Place.HAS_ROOT, "", Literal(1)))
            return TRUE_NODE
        return self._intern(Leaf(place, name, literal))

    def _quantified(self, is_some: bool, body: int) -> int:  # noqa: FBT001
        """Pull out of the quantifier what does not look at the span; split `some` over "or"."""
        if not self._looks_at_span[body]:
            return body  # a trace has a span
        node = self.nodes[body]
        if isinstance(node, Group):
            if node.is_all is not is_some:
                return self._group(
                    node.is_all, [self._quantified(is_some, one) for one in node.members]
                )
            outer = [one for one in node.members if not self._looks_at_span[one]]
            if outer:
                inner = [one for one in node.members if self._looks_at_span[one]]
                within = self._quantified(is_some, self._group(node.is_all, inner))
                return self._group(node.is_all, [*outer, within])
        return self._intern(Quantified(is_some, body))

    def _group(self, is_all: bool, members: Iterable[int]) -> int:  # noqa: FBT001
        zero = FALSE_NODE if is_all else TRUE_NODE
        found: set[int] = set()
        for member in members:
            node = self.nodes[member]
            if isinstance(node, Group) and node.is_all is is_all and member != zero:
                found.update(node.members)
            else:
                found.add(member)
        if zero in found:
            return zero
        merged = self._merge(is_all, found)
        if zero in merged:
            return zero
        merged.discard(TRUE_NODE if is_all else FALSE_NODE)
        if len(merged) == 1:
            return next(iter(merged))
        return self._intern(Group(is_all, tuple(sorted(merged))))

    def _merge(self, is_all: bool, members: Collection[int]) -> set[int]:  # noqa: FBT001
        """Make one leaf of leaves that look at the same place and field, where that can be."""
        leaves: dict[tuple[Place, str], list[Literal]] = {}
        others: set[int] = set()
        for member in members:
            node = self.nodes[member]
            if isinstance(node, Leaf):
                leaves.setdefault((node.place, node.name), []).append(node.literal)
            else:
                others.add(member)
        if len(leaves) + len(others) == len(members) and not self._has_root_laws(leaves):
            return set(members)
        leaves = _with_root_laws(leaves, is_all=is_all)
        for (place, name), literals in leaves.items():
            full = 0 if place in _BARE else self._images.all_classes(place, name)
            for literal in literals if place in _BARE else _merged(literals, full, is_all=is_all):
                others.add(
                    self._intern(Leaf(place, name, literal))
                    if place in _BARE
                    else self._leaf(place, name, literal)
                )
        # What merging made may be of another place: a full leaf at the root is "has root".
        return others

    def _has_root_laws(self, leaves: Mapping[tuple[Place, str], object]) -> bool:
        return any(place in _BARE for place, _ in leaves)

    def _intern(self, node: Node) -> int:
        number = self._numbers.get(node)
        if number is None:
            number = self._numbers[node] = len(self.nodes)
            self.nodes.append(node)
            self._looks_at_span.append(
                node.place is Place.SPAN
                if isinstance(node, Leaf)
                else isinstance(node, Group)
                and any(self._looks_at_span[one] for one in node.members)
            )
        return number


_BARE: Final = (Place.HAS_ROOT, Place.NO_ROOT)


def _complement(literal: Literal, full: int) -> Literal:
    sure = full & ~(literal.sure | literal.open)
    if not literal.open:
        return Literal(sure)
    return Literal(sure, literal.open, literal.bit, not literal.is_negated)


def _merged(literals: Collection[Literal], full: int, *, is_all: bool) -> list[Literal]:
    """Fold the leaves without open languages into one, and that one into each of the others."""
    sure = full if is_all else 0
    opens: list[Literal] = []
    for literal in dict.fromkeys(literals):
        if literal.open:
            opens.append(literal)
        else:
            sure = sure & literal.sure if is_all else sure | literal.sure
    folded: list[Literal] = []
    for one in opens:
        if is_all:
            inside = Literal(one.sure & sure, one.open & sure, one.bit, one.is_negated)
        else:
            inside = Literal(one.sure | sure, one.open & ~sure, one.bit, one.is_negated)
        folded.append(inside if inside.open else Literal(inside.sure))
    if all(one.open for one in folded) and folded:
        return folded
    closed = [one for one in folded if not one.open]
    if not closed:
        return [Literal(sure)]
    # Some became closed: fold once more, with what they say.
    return _merged([Literal(sure), *folded], full, is_all=is_all)


def _with_root_laws(
    leaves: dict[tuple[Place, str], list[Literal]], *, is_all: bool
) -> dict[tuple[Place, str], list[Literal]]:
    """Use "has root and (no root or t)" = "root t", and its dual."""
    bare, weak, strong = (
        (Place.HAS_ROOT, Place.ROOT_IF_ANY, Place.ROOT)
        if is_all
        else (Place.NO_ROOT, Place.ROOT, Place.ROOT_IF_ANY)
    )
    if (bare, "") not in leaves:
        return leaves
    made: dict[tuple[Place, str], list[Literal]] = {}
    for (place, name), literals in leaves.items():
        made.setdefault((strong if place is weak else place, name), []).extend(literals)
    if any(place is strong for place, _ in made):
        del made[bare, ""]
    return made
