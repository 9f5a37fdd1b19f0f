"""Formulas about a trace: one language for what policies and Refinery's rules ask.

Owns: the nodes and their plain meaning. Must not know: where a formula came from, solvers.
Truth: ../shared/reference/proof-method.md, section 1. Every test looks at one field of one span:
that is what makes value classes exact, so no node may ever relate two fields or two spans.
"""

from __future__ import annotations

from typing import Final, TypeAlias, assert_never

from nectarc.evaluate.values import MISSING
from nectarc.logic.predicates import Predicate, compile_predicate
from nectarc.records import record
from nectarc.trace import Span, Trace


@record
class SpanTest:
    """`predicate` holds of the field `name` of the span at hand. Only inside `SomeSpan`."""

    name: str
    predicate: Predicate


@record
class RootTest:
    """There is a root, and `predicate` holds of its field `name`. Anywhere."""

    name: str
    predicate: Predicate


@record
class IsRoot:
    """The span at hand has no parent. Only inside `SomeSpan`."""


@record
class HasRoot:
    """Some span has no parent. Anywhere."""


@record
class CountTest:
    """`predicate` holds of the number of spans, as an int64. Anywhere."""

    predicate: Predicate


@record
class Constant:
    """True or false."""

    value: bool


@record
class Not:
    """Negation."""

    operand: Formula


@record
class And:
    """Conjunction of any number of operands; none is true."""

    operands: tuple[Formula, ...]


@record
class Or:
    """Disjunction of any number of operands; none is false."""

    operands: tuple[Formula, ...]


@record
class SomeSpan:
    """Some span satisfies `body`. Never nested."""

    body: Formula


Formula: TypeAlias = (
    "SpanTest | RootTest | IsRoot | HasRoot | CountTest | Constant | Not | And | Or | SomeSpan"
)
TRUE: Final = Constant(True)
FALSE: Final = Constant(False)


def formula_holds(formula: Formula, trace: Trace, span: Span | None = None) -> bool:
    """Say whether `formula` is true of `trace` (inside a quantifier: at `span`). Plain and slow."""
    match formula:
        case SpanTest(name, predicate):
            assert span is not None
            return compile_predicate(predicate)(span.fields.get(name, MISSING))
        case RootTest(name, predicate):
            root = trace.root
            return root is not None and compile_predicate(predicate)(root.fields.get(name, MISSING))
        case IsRoot():
            assert span is not None
            return span.is_root
        case HasRoot():
            return trace.root is not None
        case CountTest(predicate):
            return compile_predicate(predicate)(len(trace.spans))
        case Constant(value):
            return value
        case Not(operand):
            return not formula_holds(operand, trace, span)
        case And(operands):
            return all(formula_holds(operand, trace, span) for operand in operands)
        case Or(operands):
            return any(formula_holds(operand, trace, span) for operand in operands)
        case SomeSpan(body):
            return any(formula_holds(body, trace, one) for one in trace.distinct_spans)
        case _:
            assert_never(formula)
