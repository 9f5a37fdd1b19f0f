"""What may be taken for granted of traffic, field by field, and which values break it.

Owns: the meaning of `types`, `no-null`, `no-nan`. Must not know: who assumes what, and why.
Truth: docs/language.md, section 6, "Assumptions".
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from nectarc.ir.nodes import FieldType, TraceExpr
from nectarc.ir.walk import fields_of
from nectarc.refinery.lowered import Assumption, AssumptionKind
from nectarc.trace import Span, Trace, Value


class Assume(NamedTuple):
    """What is assumed of which span field, by its real name. `Assume()` assumes nothing.

    types:   where the field is present and not null, its value has (all of) these types; the
             number types are carried by int64 and float64 alike.
    no_null: it is never null.  no_nan: it is never NaN.
    """

    types: Mapping[str, tuple[FieldType, ...]] = MappingProxyType({})
    no_null: frozenset[str] = frozenset()
    no_nan: frozenset[str] = frozenset()

    @staticmethod
    def of(assumptions: Iterable[Assumption]) -> Assume:
        """Return what a lowering recorded as what values must meet."""
        types: dict[str, tuple[FieldType, ...]] = {}
        no_null: set[str] = set()
        no_nan: set[str] = set()
        for assumption in assumptions:
            match AssumptionKind(assumption.kind):
                case AssumptionKind.TYPES:
                    known = types.get(assumption.field, ())
                    types[assumption.field] = (*known, FieldType(assumption.type))
                case AssumptionKind.NO_NULL:
                    no_null.add(assumption.field)
                case AssumptionKind.NO_NAN:
                    no_nan.add(assumption.field)
        return Assume(types, frozenset(no_null), frozenset(no_nan))

    @staticmethod
    def usual(exprs: Iterable[TraceExpr]) -> Assume:
        """Return the default, `types`, `no-null` and `no-nan`, for every field of `exprs`."""
        types: dict[str, tuple[FieldType, ...]] = {}
        names: set[str] = set()
        for expr in exprs:
            for field in fields_of(expr):
                names.update(field.spellings)
                if field.type is not None:
                    types.update((spelling, (field.type,)) for spelling in field.spellings)
        return Assume(types, frozenset(names), frozenset(names))

    def allows(self, field: str, value: Value) -> bool:
        """Say whether a present `field` may hold `value`."""
        if value is None:
            return field not in self.no_null
        if isinstance(value, float) and math.isnan(value) and field in self.no_nan:
            return False
        return all(_carries(value, one) for one in self.types.get(field, ()))

    def allows_span(self, span: Span) -> bool:
        """Say whether every field of `span` is as assumed."""
        return all(self.allows(field, value) for field, value in span.fields.items())

    def allows_trace(self, trace: Trace) -> bool:
        """Say whether every span of `trace` is as assumed."""
        return all(map(self.allows_span, trace.spans))


def _carries(value: Value, field_type: FieldType) -> bool:
    # `bool` is an `int` for Python, but not for Go.
    kind = type(value)
    if field_type.is_number:
        return kind is int or kind is float
    return kind is (bool if field_type is FieldType.BOOL else str)
