"""Which traces a question is about: what types of values each span field may hold.

Owns: sorts and the restrictions that assumptions make. Must not know: predicates, formulas.
Truth: ../shared/reference/refinery-semantics.md, 2.1; docs/language.md, section 6, "Assumptions".
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final

from nectarc.evaluate.assume import Assume
from nectarc.evaluate.values import Missing, ValueOrMissing
from nectarc.ir.nodes import FieldType
from nectarc.records import part, record


class Sort(Enum):
    """The kinds of values that a condition can tell apart. NAN is a float64 of its own."""

    MISSING = "missing"
    NULL = "null"
    BOOL = "bool"
    INT = "int64"
    FLOAT = "float64"
    NAN = "NaN"
    STRING = "string"
    OTHER = "other"  # uint64, float32, bytes, lists, maps: known to conditions by their text only


ALL_SORTS: Final = frozenset(Sort)
_CARRIERS: Final[Mapping[FieldType, frozenset[Sort]]] = {
    FieldType.BOOL: frozenset({Sort.BOOL}),
    FieldType.STRING: frozenset({Sort.STRING}),
}
_NUMBERS: Final = frozenset({Sort.INT, Sort.FLOAT, Sort.NAN})


@record
class Universe:
    """Traces whose span fields hold only values of these sorts; a field not named holds any.

    INVARIANT: Sort.MISSING is among the sorts of every field.
    """

    sorts: Mapping[str, frozenset[Sort]] = part(default=MappingProxyType({}))

    def sorts_of(self, name: str) -> frozenset[Sort]:
        """Return the sorts that the span field `name` may hold."""
        return self.sorts.get(name, ALL_SORTS)

    def allows(self, name: str, value: ValueOrMissing) -> bool:
        """Say whether the span field `name` may hold `value`."""
        return sort_of(value) in self.sorts_of(name)


def universe_of(assume: Assume) -> Universe:
    """Return the traces that meet what is assumed."""
    sorts: dict[str, frozenset[Sort]] = {}
    for name, types in assume.types.items():
        allowed = ALL_SORTS
        for one in types:
            carriers = _CARRIERS.get(one, _NUMBERS)
            allowed &= carriers | {Sort.MISSING, Sort.NULL}
        sorts[name] = allowed
    for name in assume.no_null:
        sorts[name] = sorts.get(name, ALL_SORTS) - {Sort.NULL}
    for name in assume.no_nan:
        sorts[name] = sorts.get(name, ALL_SORTS) - {Sort.NAN}
    return Universe(sorts)


def sort_of(value: ValueOrMissing) -> Sort:
    """Return the sort of a value."""
    if isinstance(value, Missing):
        return Sort.MISSING
    if value is None:
        return Sort.NULL
    if isinstance(value, float):
        return Sort.NAN if math.isnan(value) else Sort.FLOAT
    return _SORTS.get(type(value), Sort.OTHER)


_SORTS: Final[Mapping[type, Sort]] = {bool: Sort.BOOL, int: Sort.INT, str: Sort.STRING}
