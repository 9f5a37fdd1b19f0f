"""Boolean expressions over tests, of spans and of traces, in a small normal form.

Owns: the nodes and their simplification: constants vanish, equal nodes are equal values, so that
rules and lists share what they ask. Must not know: what a test reads.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeAlias

from nectarc.records import record


@record
class Truth:
    """True or false."""

    value: bool


@record
class Ask:
    """One test, by its key in `Program.tests`; of spans or of traces, as its key says."""

    key: tuple[object, ...]


@record
class Negation:
    """The operand does not hold."""

    operand: Node


@record
class Every:
    """All operands hold; two or more."""

    operands: tuple[Node, ...]


@record
class Some:
    """An operand holds; two or more."""

    operands: tuple[Node, ...]


@record
class AnySpan:
    """Of a trace: some span of it satisfies `body`, an expression over spans."""

    body: Node


@record
class Spread:
    """Of a span: its trace satisfies `body`, an expression over tests of traces."""

    body: Node


Node: TypeAlias = "Truth | Ask | Negation | Every | Some | AnySpan | Spread"
TRUE: Final = Truth(True)
FALSE: Final = Truth(False)


def negation(operand: Node) -> Node:
    """Return the negation, simplified."""
    match operand:
        case Truth(value):
            return Truth(not value)
        case Negation(inner):
            return inner
        case _:
            return Negation(operand)


def every(operands: Iterable[Node]) -> Node:
    """Return the conjunction, simplified."""
    found: dict[Node, None] = {}
    for operand in operands:
        found.update(dict.fromkeys(operand.operands if isinstance(operand, Every) else (operand,)))
    found.pop(TRUE, None)
    if FALSE in found or any(negation(one) in found for one in found):
        return FALSE
    kept = tuple(found)
    return Every(kept) if len(kept) > 1 else (kept[0] if kept else TRUE)


def some(operands: Iterable[Node]) -> Node:
    """Return the disjunction, simplified."""
    found: dict[Node, None] = {}
    for operand in operands:
        found.update(dict.fromkeys(operand.operands if isinstance(operand, Some) else (operand,)))
    found.pop(FALSE, None)
    if TRUE in found or any(negation(one) in found for one in found):
        return TRUE
    kept = tuple(found)
    return Some(kept) if len(kept) > 1 else (kept[0] if kept else FALSE)


def any_span(body: Node) -> Node:
    """Return "some span satisfies `body`"; a trace has a span, so constants are themselves."""
    return body if isinstance(body, Truth) else AnySpan(body)
