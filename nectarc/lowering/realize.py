"""A clause without negated quantifiers as the conditions of one Refinery rule, or of several.

Owns: the two shapes that Refinery can say. Scope trace: conditions each met by its own span; scope
span: one span meets all. Tests of the root and of the span count fit both. Must not know: order.
Truth: docs/language.md, section 6; ../shared/reference/refinery-semantics.md, 3.1.
"""

from __future__ import annotations

from itertools import product
from typing import Final

from nectarc.ir.clauses import (
    Clause,
    CountLiteral,
    Cube,
    ExistsSpan,
    HasRootLiteral,
    RootLiteral,
    SpanLiteral,
)
from nectarc.lowering.bodies import Body, consistent
from nectarc.lowering.forms import Form, Part, forms_of
from nectarc.records import record
from nectarc.refinery.lowered import Assumption, AssumptionKind
from nectarc.refinery.rules import HAS_ROOT_SPAN, NUM_DESCENDANTS, ROOT_PREFIX, Condition
from nectarc.trace import ROOT_FIELD

_IS_ROOT: Final = Condition(field=ROOT_FIELD, operator="=", value=True)
# A span event or log lacks the field, which is the text "<nil>": no root either.
_IS_NO_ROOT: Final = Condition(field=ROOT_FIELD, operator="!=", value="true", datatype="string")
_COUNT_OPS: Final = {"==": "=", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_ALTERNATIVES_MAX: Final = 64


@record
class Realized:
    """The rules that a clause becomes and what they take for granted."""

    bodies: tuple[Body, ...]
    assumptions: frozenset[Assumption]


# A choice of conjunctions of conditions, any of which says the literal, with its assumptions.
_Said = tuple[tuple[tuple[Condition, ...], ...], frozenset[Assumption]]


def realize(clause: Clause, allowed: frozenset[AssumptionKind]) -> Realized | None:
    """Return the rules that say `clause`, those with the fewest rules and assumptions.

    None when no scope can say it: it negates a quantifier, asks two same-span conjunctions, or one
    beside the test of another span, or holds a test without an exact condition.
    """
    cubes = [lit.cube for lit in clause if isinstance(lit, ExistsSpan) and lit.is_positive]
    if any(isinstance(lit, ExistsSpan) and not lit.is_positive for lit in clause):
        return None
    if len(cubes) > 1 and any(len(cube) > 1 for cube in cubes):
        return None
    said: list[_Said] = []
    for literal in clause:
        one = _say(literal, allowed, single=len(cubes) > 1)
        if one is None:
            return None
        said.append(one)
    choices = list(product(*(alternatives for alternatives, _ in said)))
    if len(choices) > _ALTERNATIVES_MAX:
        return None
    assumptions = frozenset[Assumption]().union(*(used for _, used in said))
    bodies = [_body(clause, choice, cubes) for choice in choices]
    return Realized(tuple(body for body in bodies if body is not None), assumptions)


def says_negation_plainly(literal: RootLiteral, allowed: frozenset[AssumptionKind]) -> bool:
    """Say whether one conjunction of conditions is the negated root test, without assumptions."""
    forms = forms_of(literal.test, allowed, is_positive=literal.is_positive)
    return bool(forms) and len(forms[0].alternatives) == 1 and not forms[0].assumptions


def _body(
    clause: Clause, choice: tuple[tuple[Condition, ...], ...], cubes: list[Cube]
) -> Body | None:
    """Return the rule of one choice of alternatives; None when it contradicts itself."""
    pairs = list(zip(clause, choice, strict=True))
    spans = [one for literal, part in pairs if isinstance(literal, ExistsSpan) for one in part]
    others = [one for literal, part in pairs if not isinstance(literal, ExistsSpan) for one in part]
    # The conditions of several cubes may be met by several spans: they say nothing of each other.
    span_conditions = consistent(spans) if len(cubes) == 1 else tuple(spans)
    other_conditions = consistent(others)
    if span_conditions is None or other_conditions is None:
        return None
    is_span_scope = len(cubes) == 1 and len(span_conditions) > 1
    conditions: list[Condition] = []
    for literal, part in pairs:
        if isinstance(literal, HasRootLiteral):
            conditions.append(
                _has_root(is_span_scope=is_span_scope, is_positive=literal.is_positive)
            )
        kept = span_conditions if isinstance(literal, ExistsSpan) else other_conditions
        conditions.extend(one for one in part if one in kept)
    return Body(is_span_scope, tuple(dict.fromkeys(conditions)))


def _has_root(*, is_span_scope: bool, is_positive: bool) -> Condition:
    """`has-root-span` never matches in span scope; the root's own mark says it there."""
    if is_span_scope:
        operator = "exists" if is_positive else "not-exists"
        return Condition(field=ROOT_PREFIX + ROOT_FIELD, operator=operator)
    return Condition(operator=HAS_ROOT_SPAN, value=is_positive)


def _say(
    literal: ExistsSpan | RootLiteral | HasRootLiteral | CountLiteral,
    allowed: frozenset[AssumptionKind],
    *,
    single: bool,
) -> _Said | None:
    match literal:
        case HasRootLiteral():
            return (((),), frozenset())
        case CountLiteral(op, value):
            condition = Condition(field=NUM_DESCENDANTS, operator=_COUNT_OPS[op.value], value=value)
            return (((condition,),), frozenset())
        case RootLiteral(test, is_positive):
            forms = forms_of(test, allowed, is_positive=is_positive)
            if not forms:
                return None
            alternatives = tuple(
                tuple(part.on(test.field, is_root=True) for part in parts)
                for parts in forms[0].alternatives
            )
            return (alternatives, forms[0].assumptions)
        case ExistsSpan(cube, _):
            return _say_cube(cube, allowed, single=single)


def _say_cube(cube: Cube, allowed: frozenset[AssumptionKind], *, single: bool) -> _Said | None:
    per_literal: list[_Said] = []
    for literal in cube:
        one = _say_span_literal(literal, allowed, single=single)
        if one is None:
            return None
        per_literal.append(one)
    alternatives = tuple(
        tuple(dict.fromkeys(condition for part in choice for condition in part))
        for choice in product(*(options for options, _ in per_literal))
    )
    if len(alternatives) > _ALTERNATIVES_MAX:
        return None
    return (alternatives, frozenset[Assumption]().union(*(used for _, used in per_literal)))


def _say_span_literal(
    literal: SpanLiteral, allowed: frozenset[AssumptionKind], *, single: bool
) -> _Said | None:
    if literal.test is None:
        return (((_IS_ROOT if literal.is_positive else _IS_NO_ROOT,),), frozenset())
    forms = forms_of(literal.test, allowed, is_positive=literal.is_positive)
    if single:
        forms = tuple(form for form in forms if all(len(parts) == 1 for parts in form.alternatives))
    if not forms:
        return None
    return (_conditions(forms[0], literal), forms[0].assumptions)


def _conditions(form: Form, literal: SpanLiteral) -> tuple[tuple[Condition, ...], ...]:
    assert literal.test is not None
    on = literal.test.field

    def conditions(parts: tuple[Part, ...]) -> tuple[Condition, ...]:
        return tuple(part.on(on, is_root=False) for part in parts)

    return tuple(conditions(parts) for parts in form.alternatives)
