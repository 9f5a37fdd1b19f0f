"""What a policy's expressions say, as formulas.

Owns: the translation. Must not know: rules, solvers. Truth: `nectarc/evaluate/policy.py`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias, assert_never

from nectarc.ir import nodes
from nectarc.logic.formula import (
    FALSE,
    And,
    Constant,
    CountTest,
    Formula,
    HasRoot,
    IsRoot,
    Not,
    Or,
    RootTest,
    SomeSpan,
    SpanTest,
)
from nectarc.logic.predicates import Predicate, Present, policy_test

_Place: TypeAlias = "type[SpanTest | RootTest]"
_PRESENT = Present()


@lru_cache(maxsize=8192)
def formula_of(expr: nodes.TraceExpr) -> Formula:
    """Return the formula that holds of a trace exactly when `expr` does.

    Remembered: after an edit the formulas of all other rules are the very same objects.
    """
    match expr:
        case nodes.AnySpan(body):
            return SomeSpan(_at_span(body))
        case nodes.RootTest(test):
            return _first_present(test, RootTest)
        case nodes.HasRoot():
            return HasRoot()
        case nodes.SpanCount(op, value):
            literal = nodes.NumberTest(nodes.Field((), ""), op, value)
            return CountTest(policy_test(literal))
        case nodes.Constant(value):
            return Constant(value)
        case nodes.Not(operand):
            return Not(formula_of(operand))
        case nodes.And(operands):
            return And(tuple(map(formula_of, operands)))
        case nodes.Or(operands):
            return Or(tuple(map(formula_of, operands)))
        case _:
            assert_never(expr)


def first_present(
    names: tuple[tuple[_Place, str], ...], predicate: Predicate, otherwise: Formula
) -> Formula:
    """Return that `predicate` holds of the first of `names` that is there; none is: `otherwise`.

    Null is there. The last name alone carries the predicate where `otherwise` is what it says of a
    missing value; callers see to that.
    """
    found = otherwise
    for place, name in reversed(names):
        is_there = place(name, _PRESENT)
        here = And((is_there, place(name, predicate)))
        found = here if found == FALSE else Or((here, And((Not(is_there), found))))
    return found


def _at_span(expr: nodes.SpanExpr) -> Formula:
    match expr:
        case nodes.SpanTest(test):
            return _first_present(test, SpanTest)
        case nodes.RootTest(test):
            return _first_present(test, RootTest)
        case nodes.IsRoot():
            return IsRoot()
        case nodes.Constant(value):
            return Constant(value)
        case nodes.SpanNot(operand):
            return Not(_at_span(operand))
        case nodes.SpanAnd(operands):
            return And(tuple(map(_at_span, operands)))
        case nodes.SpanOr(operands):
            return Or(tuple(map(_at_span, operands)))
        case _:
            assert_never(expr)


def _first_present(test: nodes.Test, place: _Place) -> Formula:
    # No test of a policy holds of a missing value.
    names = tuple((place, name) for name in test.field.spellings)
    predicate = policy_test(test)
    if len(names) == 1:
        return place(names[0][1], predicate)
    return first_present(names, predicate, FALSE)
