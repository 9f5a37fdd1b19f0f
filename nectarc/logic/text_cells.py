"""Cells of the sorts STRING and OTHER.

Owns: listing intervals of texts by what holds on them. Must not know: search, images.
Points, order and prefixes cut the texts into intervals; languages stay open on all but points.
Truth: ../shared/reference/proof-method.md, section 4; Refinery reference, 2.1 and 2.2.
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Iterator
from typing import Final

from nectarc.evaluate.values import parse_float, text_of
from nectarc.logic.asked_predicates import SAMPLES, Asked, Kind, Tongue, indices
from nectarc.logic.cells import Cell, OtherArea, TextArea
from nectarc.logic.number_cells import opened, spelled_cells
from nectarc.logic.predicate_shapes import View
from nectarc.logic.text_intervals import NEXT, TextRegion
from nectarc.logic.truth_steps import sweep
from nectarc.logic.universe import Sort
from nectarc.trace import Float32, Uint64, Value

_UINT64_MAX: Final = 2**64 - 1
_UNSIGNED: Final = re.compile(r"0|[1-9][0-9]{0,19}", re.ASCII)
_FLOAT32_NAMES: Final = {"NaN": math.nan, "+Inf": math.inf, "-Inf": -math.inf}
OTHER_SAMPLES: Final[tuple[Value, ...]] = (
    ("x",),
    (),
    Uint64(1),
    {"k": "x"},
    Uint64(0),
    Float32(0.5),
    {},
    ("a", "b"),
    Float32(math.nan),
    Float32(math.inf),
    Float32(-math.inf),
    Float32(-1.0),
    b"ab",
)
# How the texts of lists, maps, uint64 and float32 begin.
_OTHER_STARTS: Final = frozenset("[m0123456789-+N")


def string_cells(asked: Asked, *, is_usual: bool, are_numbers_covered: bool) -> Iterator[Cell]:
    """Yield the cells of the strings.

    are_numbers_covered: strings that count as numbers need no cells of their own.
    """
    roles = asked.roles(Sort.STRING)
    steps = [(1 << i, asked.text_step(i)) for i in indices(roles.points | roles.ordered)]
    lows, rows = sweep(steps, "")
    base = asked.row(SAMPLES[Sort.STRING], roles.constant)
    rows = [row | base for row in rows]
    looked = roles.number | roles.language
    groups: dict[int, list[bool]] = {}
    points: set[str] = set()
    others: list[int] = []
    for index, (low, row) in enumerate(zip(lows, rows, strict=True)):
        if index + 1 < len(lows) and lows[index + 1] == low + NEXT:
            points.add(low)
            usual = is_usual and low.isprintable()
            holds = row | asked.row(low, looked)
            yield Cell(Sort.STRING, low, usual, holds, 0, None)
        else:
            inside = groups.setdefault(row, [False] * len(lows))
            inside[index] = True
            others.append(row)
    views = {asked.shapes[i].view for i in indices(roles.number)}
    for row in dict.fromkeys(others):
        region = TextRegion(tuple(lows), tuple(groups[row]))
        yield _region_cell(asked, region, row, views, is_usual=is_usual)
    if views and not are_numbers_covered:
        yield from spelled_cells(asked, frozenset(points), is_usual=is_usual)


def _region_cell(
    asked: Asked, region: TextRegion, row: int, views: set[View], *, is_usual: bool
) -> Cell:
    """Return the cell of the strings of a region that count as none of the numbers asked for."""
    roles = asked.roles(Sort.STRING)
    no_number = asked.row(SAMPLES[Sort.STRING], roles.number)
    is_no_float, is_no_int = View.AS_FLOAT in views, View.AS_INT in views
    # Every interval of more than one text has texts with NUL in them, which are no numbers.
    witness = next(
        text for text in region.plain_texts() if asked.row(text, roles.number) == no_number
    )
    area = TextArea(region, is_no_float, is_no_int) if roles.language else None
    usual = is_usual and witness.isprintable()
    return Cell(Sort.STRING, witness, usual, row | no_number, roles.language, area)


def other_cells(asked: Asked, *, is_usual: bool) -> Iterator[Cell]:
    """Yield the cells of uint64, float32, bytes, lists and maps: values known by their text."""
    roles = asked.roles(Sort.OTHER)
    fixed, is_open = opened(asked, roles.ordered | roles.language, _is_in_other_texts)
    base = asked.row(SAMPLES[Sort.OTHER], roles.constant)
    points: set[str] = set()
    for index in indices(roles.points):
        for text in asked.shapes[index].texts:
            value = None if text in points else other_value(text)
            if value is not None:
                points.add(text)
                holds = base | asked.row(value, roles.text)
                yield Cell(Sort.OTHER, value, is_usual, holds, 0, None)
    # Lists alone have more texts than there are points.
    free = (str(number) for number in range(len(points) + 1))
    samples = (*OTHER_SAMPLES, *((text,) for text in free))
    witness = next(value for value in samples if text_of(value) not in points)
    base |= fixed | asked.row(witness, roles.points)
    area = OtherArea(frozenset(points)) if is_open else None
    yield Cell(Sort.OTHER, witness, is_usual, base, is_open, area)


def other_value(text: str) -> Value:
    """Return a uint64, list, map or float32 with this text; None when there is none."""
    if text.startswith("[") and text.endswith("]"):
        return (text[1:-1],) if len(text) > 2 else ()
    if text.startswith("map[") and text.endswith("]"):
        inside = text[4:-1]
        name, colon, value = inside.partition(":")
        return {name: value} if colon else None if inside else {}
    if _UNSIGNED.fullmatch(text) and int(text) <= _UINT64_MAX:
        return Uint64(int(text))
    number = _FLOAT32_NAMES.get(text, parse_float(text))
    if number is None:
        return None
    try:
        (rounded,) = struct.unpack("f", struct.pack("f", number))
    except OverflowError:
        return None
    single = Float32(rounded)
    return single if text_of(single) == text else None


def _is_in_other_texts(tongue: Tongue) -> bool | None:
    match tongue.kind:
        case Kind.PREFIX if tongue.literal[0] not in _OTHER_STARTS:
            return False
        case Kind.BELOW if tongue.literal <= "+":
            return False
        case Kind.BELOW if tongue.literal >= "n":
            return True
        case _:
            return None
