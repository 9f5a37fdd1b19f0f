"""Formulas about traces become a program: tests, expressions over spans, expressions over traces.

Owns: the translation, and what a program is. Must not know: where the formulas came from, kernels.
Truth: `formula_holds` (nectarc/logic/formula.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, assert_never

from nectarc.columnar.answers import Answers, Key, Test
from nectarc.columnar.columns import Columns
from nectarc.columnar.nodes import (
    FALSE,
    TRUE,
    Node,
    Spread,
    any_span,
    every,
    negation,
    some,
)
from nectarc.diagnostic import InternalError
from nectarc.evaluate.values import MISSING
from nectarc.logic.formula import (
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
from nectarc.logic.predicates import Present, compile_predicate
from nectarc.records import record

ROOTS: Final = "root"
SPANS: Final = "span"
TRACES: Final = "trace"


@record(kw_only=True, frozen=False)
class Program:
    """What to decide of each trace.

    lists: for each list its expressions over traces, in order: the first that holds decides.
    tests: what `Ask` means, by key; the key starts with what the rows are: SPANS, else traces.
    """

    lists: tuple[tuple[Node, ...], ...]
    tests: Mapping[Key, Test]


def compile_program(lists: Sequence[Sequence[Formula]], columns: Columns) -> Program:
    """Make one program of many lists of formulas; they share what they ask."""
    compiler = _Compiler(columns)
    compiled = tuple(tuple(map(compiler.of_trace, formulas)) for formulas in lists)
    return Program(lists=compiled, tests=compiler.answers.tests)


class _Compiler:
    """Formulas to nodes. Inside a quantifier, what is asked of the trace is taken out of it."""

    def __init__(self, columns: Columns) -> None:
        self.answers = Answers()
        self._columns = columns
        self._known: dict[SpanTest | RootTest | CountTest, Node] = {}

    def of_trace(self, formula: Formula) -> Node:
        """Return an expression over traces."""
        match formula:
            case Constant(value):
                return TRUE if value else FALSE
            case RootTest() | CountTest():
                return self._of_test(formula)
            case HasRoot():
                return self._has_root()
            case Not(operand):
                return negation(self.of_trace(operand))
            case And(operands):
                return every(map(self.of_trace, operands))
            case Or(operands):
                return some(map(self.of_trace, operands))
            case SomeSpan(body):
                return self._some_span(body)
            case SpanTest() | IsRoot():
                raise InternalError(f"{formula} stands outside a quantifier")
            case _:
                assert_never(formula)

    def _some_span(self, body: Formula, *, is_negated: bool = False) -> Node:
        """Return "some span satisfies `body`" with what is asked of the trace taken out.

        Spread over the spans it would cost as much as a test of spans.
        """
        if not _asks_spans(body):
            found = self.of_trace(body)
            return negation(found) if is_negated else found
        if not _asks_trace(body):
            inner = self._of_span(body)
            return any_span(negation(inner) if is_negated else inner)
        match body:
            case Not(operand):
                return self._some_span(operand, is_negated=not is_negated)
            case Or(operands) if not is_negated:
                return some(self._some_span(operand) for operand in operands)
            case And(operands) if is_negated:
                return some(self._some_span(operand, is_negated=True) for operand in operands)
            case And(operands) | Or(operands):  # with what is negated, a conjunction
                return self._conjunction(operands, is_negated=is_negated)
            case _:
                raise InternalError(f"{body} asks both the span and its trace")

    def _conjunction(self, operands: tuple[Formula, ...], *, is_negated: bool) -> Node:
        """Return "some span satisfies each of `operands`", or, negated, none of them."""
        apart = [self.of_trace(operand) for operand in operands if not _asks_spans(operand)]
        rest = [operand for operand in operands if _asks_spans(operand)]
        outer = map(negation, apart) if is_negated else apart
        if len(rest) == 1:
            return every((*outer, self._some_span(rest[0], is_negated=is_negated)))
        kept = rest if is_negated else _without_guards(rest)
        inner = list(map(self._of_span, kept))
        return every((*outer, any_span(every(map(negation, inner) if is_negated else inner))))

    def _of_span(self, formula: Formula) -> Node:
        """Return an expression over spans."""
        match formula:
            case SpanTest():
                return self._of_test(formula)
            case IsRoot():
                return self.answers.of_bits((SPANS, "is root"), self._columns.is_root)
            case Constant() | RootTest() | CountTest() | HasRoot():
                found = self.of_trace(formula)
                return found if found in (TRUE, FALSE) else Spread(found)
            case Not(operand):
                return negation(self._of_span(operand))
            case And(operands):
                return every(map(self._of_span, _without_guards(operands)))
            case Or(operands):
                return some(map(self._of_span, operands))
            case SomeSpan():
                raise InternalError("a quantifier inside a quantifier")
            case _:
                assert_never(formula)

    def _of_test(self, formula: SpanTest | RootTest | CountTest) -> Node:
        found = self._known.get(formula)
        if found is None:
            found = self._known[formula] = self._answer(formula)
        return found

    def _answer(self, formula: SpanTest | RootTest | CountTest) -> Node:
        match formula:
            case SpanTest(name, predicate):
                field = self._columns.field(name)
                return self.answers.of_field(SPANS, name, field, predicate)
            case RootTest(name, predicate):
                field = self._columns.root_field(name)
                found = self.answers.of_field(ROOTS, name, field, predicate)
                return every((self._has_root(), found))
            case CountTest(predicate):
                return self.answers.of_numbers((TRACES, "count"), self._columns.counts, predicate)

    def _has_root(self) -> Node:
        if self._columns.all_have_roots:
            return TRUE
        return self.answers.of_bits((TRACES, "has root"), self._columns.has_root)


def _asks_spans(formula: Formula) -> bool:
    match formula:
        case SpanTest() | IsRoot():
            return True
        case Not(operand):
            return _asks_spans(operand)
        case And(operands) | Or(operands):
            return any(map(_asks_spans, operands))
        case _:
            return False


def _asks_trace(formula: Formula) -> bool:
    match formula:
        case RootTest() | HasRoot() | CountTest():
            return True
        case Not(operand):
            return _asks_trace(operand)
        case And(operands) | Or(operands):
            return any(map(_asks_trace, operands))
        case _:
            return False


def _without_guards(operands: Sequence[Formula]) -> tuple[Formula, ...]:
    """Leave out "the field is there" beside a test of it that no missing value passes."""
    guarded = {
        operand.name
        for operand in operands
        if isinstance(operand, SpanTest) and not compile_predicate(operand.predicate)(MISSING)
        if not isinstance(operand.predicate, Present)
    }
    return tuple(
        operand
        for operand in operands
        if not (
            isinstance(operand, SpanTest)
            and isinstance(operand.predicate, Present)
            and operand.name in guarded
        )
    )
