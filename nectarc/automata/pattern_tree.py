"""What a pattern says, as far as whether it is found matters: no captures, no greed.

Owns: the nodes. Must not know: how patterns are written, automata.
"""

from __future__ import annotations

from enum import Enum
from typing import Final, TypeAlias

from nectarc.automata.language import Ranges
from nectarc.records import record


class Place(Enum):
    """What can be asked of a place between two characters."""

    TEXT_START = "text start"
    TEXT_END = "text end"
    LINE_START = "line start"
    LINE_END = "line end"
    WORD_EDGE = "word edge"
    NO_WORD_EDGE = "no word edge"


@record
class Characters:
    """One character of a set."""

    ranges: Ranges


@record
class At:
    """No character: the place is as it says."""

    place: Place


@record
class Sequence:
    """All items in order; none is the empty text."""

    items: tuple[Node, ...]


@record
class Choice:
    """One of the options."""

    options: tuple[Node, ...]


@record
class Repeat:
    """`body` from `least` to `most` times; None: no limit."""

    body: Node
    least: int
    most: int | None


Node: TypeAlias = "Characters | At | Sequence | Choice | Repeat"
EMPTY: Final = Sequence(())
