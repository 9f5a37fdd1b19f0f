"""Nondeterministic automata with questions about places on their edges.

Owns: how a pattern tree becomes one. Must not know: how it is run.
Truth: ../shared/reference/proof-method.md, section 5 (Thompson's construction).
"""

from __future__ import annotations

from typing import Final, TypeAlias, assert_never

from nectarc.automata.language import Ranges, Unsupported
from nectarc.automata.pattern_tree import (
    At,
    Characters,
    Choice,
    Node,
    Place,
    Repeat,
    Sequence,
)
from nectarc.records import record

STATES_MAX: Final = 10_000


@record
class Reads:
    """Read a character of a set, go on at `following`."""

    ranges: Ranges
    following: int


@record
class Asks:
    """Go on at `following` if the place is as it says."""

    place: Place
    following: int


@record
class Splits:
    """Go on at any of these."""

    following: tuple[int, ...]


@record
class Found:
    """The end: the pattern is found."""


State: TypeAlias = Reads | Asks | Splits | Found


@record
class Nfa:
    """States by number; `start` is one of them."""

    states: tuple[State, ...]
    start: int


class _TooManyError(Exception):
    """The pattern has too many states."""


def make_nfa(node: Node) -> Nfa | Unsupported:
    """Make the automaton of a tree; Unsupported: more than STATES_MAX states."""
    states: list[State] = [Found()]
    try:
        start = _add(states, node, 0)
    except _TooManyError:
        return Unsupported(f"the pattern has more than {STATES_MAX} states")
    return Nfa(tuple(states), start)


def _add(states: list[State], node: Node, following: int) -> int:
    """Add the states of `node`, which goes on at `following`; return where it starts."""
    if len(states) > STATES_MAX:
        raise _TooManyError
    match node:
        case Characters(ranges):
            return _new(states, Reads(ranges, following))
        case At(place):
            return _new(states, Asks(place, following))
        case Sequence(items):
            for item in reversed(items):
                following = _add(states, item, following)
            return following
        case Choice(options):
            return _new(states, Splits(tuple(_add(states, one, following) for one in options)))
        case Repeat(body, least, most):
            if most is None:
                loop = _new(states, Splits(()))
                states[loop] = Splits((_add(states, body, loop), following))
                # What must be there at least once comes before the loop.
                following = loop
            else:
                end = following
                for _ in range(most - least):
                    following = _new(states, Splits((_add(states, body, following), end)))
            for _ in range(least):
                following = _add(states, body, following)
            return following
        case _:
            assert_never(node)


def _new(states: list[State], state: State) -> int:
    if len(states) > STATES_MAX:
        raise _TooManyError
    states.append(state)
    return len(states) - 1
