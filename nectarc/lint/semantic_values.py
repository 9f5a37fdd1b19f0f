"""Values on both sides of one condition: what a trace could hold where it is asked.

Owns: which values are worth trying, usual ones first. Must not know: rules, traces. Nothing here
decides anything: every value is tried with the condition's own test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from nectarc.evaluate.conditions import compile_test, config_float, config_int, config_text
from nectarc.evaluate.values import MISSING, ValueOrMissing
from nectarc.records import record
from nectarc.refinery.rules import (
    HAS_ROOT_SPAN,
    NUM_DESCENDANTS,
    ROOT_PREFIX,
    Condition,
    ConfigValue,
)
from nectarc.trace import Value

_ITEMS_TRIED: Final = 6
_WORDS_TRIED: Final = 6
_INT64: Final = 2**63
_USUAL: Final[tuple[Value, ...]] = ("x", 1, 0, True, False, "", 1.5, -1, "zz", 10**6)
_ORDERED: Final = frozenset(("=", "!=", ">", ">=", "<", "<="))


@record
class Place:
    """Where a condition looks: a field of the root, or of any span."""

    is_root: bool
    name: str


@record
class AskedCondition:
    """A condition made ready to be tried.

    places:     where it looks, in order; none for a count, a root, or without a name.
    on_missing: what it says where nothing is found.
    """

    condition: Condition
    holds: Callable[[ValueOrMissing], bool]
    places: tuple[Place, ...]
    on_missing: bool
    values: tuple[Value, ...]

    @property
    def is_count(self) -> bool:
        """It asks for the number of spans."""
        return self.condition.field == NUM_DESCENDANTS

    @property
    def is_root(self) -> bool:
        """It asks whether there is a root."""
        return self.condition.operator == HAS_ROOT_SPAN


def asked(condition: Condition) -> AskedCondition:
    """Prepare one condition."""
    holds = compile_test(condition)
    is_field = condition.operator != HAS_ROOT_SPAN and condition.field != NUM_DESCENDANTS
    return AskedCondition(
        condition,
        holds,
        tuple(
            Place(is_root=name.startswith(ROOT_PREFIX), name=name.removeprefix(ROOT_PREFIX))
            for name in condition.names
        )
        if is_field
        else (),
        holds(MISSING),
        tuple(_near(condition)),
    )


def _near(condition: Condition) -> Iterator[Value]:
    value = condition.value
    match condition.operator:
        case operator if operator in _ORDERED:
            yield from _around(value, condition.datatype)
        case "in" | "not-in":
            for item in value[:_ITEMS_TRIED] if isinstance(value, tuple) else (value,):
                yield from _around(item, condition.datatype)
        case "starts-with" | "contains" | "does-not-contain":
            yield from (config_text(value), f"x{config_text(value)}x")
        case "matches":
            from nectarc.evaluate.regex_words import sample_words  # noqa: PLC0415 - not always

            yield from sample_words(config_text(value), _WORDS_TRIED)
        case _:
            return


def _around(value: ConfigValue, datatype: str) -> Iterator[Value]:
    """Yield `value` as a span may hold it, then what is a little more and a little less."""
    if isinstance(value, bool):
        yield from (value, not value)
    if datatype in ("int", "float") or (not datatype and isinstance(value, int | float)):
        number: int | float | None = config_int(value) if datatype == "int" else None
        if number is None:
            number = value if isinstance(value, int | float) else config_float(value)
        if number is not None:
            yield from (
                one
                for one in (number, number + 1, number - 1)
                if isinstance(one, float) or -_INT64 <= one < _INT64
            )
    text = config_text(value)
    yield from (text, f"{text}x", text[:-1])


def values_of(asked_here: list[AskedCondition]) -> Iterator[Value]:
    """Yield what may be tried where all of `asked_here` look, their own values first."""
    for one in asked_here:
        yield from one.values
    yield from _USUAL
