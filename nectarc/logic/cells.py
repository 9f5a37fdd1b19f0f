"""The classes of one field, sort by sort, before their images are drawn.

Owns: which values stand together. Must not know: how a value of an open cell is found.
A cell is closed (`area` None: its witness says all) or open: predicates of its mask `open` depend
on languages of texts that nothing is listed of. Cells are linear in the predicates' literals:
where a number and a text are both asked for, the numbers are listed and the texts stay open.
Truth: ../shared/reference/proof-method.md, section 4.
"""

from __future__ import annotations

from typing import TypeAlias

from nectarc.evaluate.values import ValueOrMissing
from nectarc.logic.number_segments import Segment
from nectarc.logic.text_intervals import TextRegion
from nectarc.logic.universe import Sort
from nectarc.records import record


@record
class TextArea:
    """Strings of a region; `is_no_float`, `is_no_int`: only those that do not count as one."""

    region: TextRegion
    is_no_float: bool = False
    is_no_int: bool = False


@record
class IntArea:
    """The int64 of the segments."""

    segments: tuple[Segment, ...]


@record
class FloatArea:
    """The float64 whose ordinals lie in the segments."""

    segments: tuple[Segment, ...]


@record
class IntTextArea:
    """Strings, `points` left out, that count as an int64 of the segments."""

    segments: tuple[Segment, ...]
    points: frozenset[str]


@record
class FloatTextArea:
    """Strings, `points` left out, that count as a float64 of the segments (ordinals).

    is_no_int: only those that do not count as an int64.
    """

    segments: tuple[Segment, ...]
    points: frozenset[str]
    is_no_int: bool


@record
class OtherArea:
    """Values of the sort `OTHER` whose text is none of `points`."""

    points: frozenset[str]


Area: TypeAlias = TextArea | IntArea | FloatArea | IntTextArea | FloatTextArea | OtherArea


@record
class Cell:
    """Values of one sort. `holds` and `open` are masks over predicates, disjoint.

    holds: these hold of every value. open: these depend on the value's text. Others fail.
    """

    sort: Sort
    witness: ValueOrMissing
    is_usual: bool
    holds: int
    open: int
    area: Area | None
