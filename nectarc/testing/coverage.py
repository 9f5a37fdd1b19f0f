"""Which rules decided something, and which of their conditions were seen true and false.

Owns: what counts as covered. Must not know: where traces come from, layout.
A rule's conditions are asked of a trace that no rule above decides. A condition is the test as it
stands under its quantifier: true of a trace where some span makes it hold, false of one where none
does; under a `!` inside the quantifier, as in `all(e)`, false where some span breaks it and true
where none does. So each condition is what one line of the rules file would ask.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from nectarc.evaluate.policy import decide, holds
from nectarc.ir.nodes import (
    And,
    AnySpan,
    Constant,
    HasRoot,
    IsRoot,
    Not,
    Or,
    Policy,
    RootTest,
    SpanAnd,
    SpanCount,
    SpanExpr,
    SpanNot,
    SpanOr,
    SpanTest,
    TraceExpr,
)
from nectarc.records import record
from nectarc.report.words import short_test
from nectarc.source import SourceSpan
from nectarc.trace import Trace


@record
class Question:
    """A condition of a rule as a question about a whole trace.

    rule:       index of the rule.  words: the condition in short.
    is_negated: `expr` asks for a span that breaks the condition.
    """

    rule: int
    words: str
    expr: TraceExpr
    is_negated: bool
    source: SourceSpan

    def is_true(self, trace: Trace) -> bool:
        """Say whether the condition is true of `trace`."""
        return holds(self.expr, trace) != self.is_negated


@record
class ConditionCoverage:
    """How many traces that the rule was asked about made its condition true, and false."""

    words: str
    true: int
    false: int
    source: SourceSpan

    @property
    def missing(self) -> str:
        """Return what was never seen: "true", "false", "true or false", or "" when covered."""
        unseen = [word for word, count in (("true", self.true), ("false", self.false)) if not count]
        return " or ".join(unseen)


@record
class RuleCoverage:
    """How many traces the rule was asked about, how many it decided, and its conditions."""

    name: str
    asked: int
    decided: int
    conditions: tuple[ConditionCoverage, ...]
    source: SourceSpan


@record
class Coverage:
    """What `traces` traces cover of a policy."""

    rules: tuple[RuleCoverage, ...]
    traces: int

    @property
    def rules_decided(self) -> int:
        """How many rules decided some trace."""
        return sum(1 for rule in self.rules if rule.decided)

    @property
    def conditions(self) -> tuple[ConditionCoverage, ...]:
        """All conditions of all rules."""
        return tuple(one for rule in self.rules for one in rule.conditions)

    @property
    def conditions_covered(self) -> int:
        """How many conditions were seen both true and false."""
        return sum(1 for one in self.conditions if not one.missing)


def questions_of(policy: Policy) -> tuple[Question, ...]:
    """Return the distinct conditions of every rule, in order of writing."""
    found: dict[tuple[int, str, bool], Question] = {}
    for index, rule in enumerate(policy.rules):
        for question in _of_trace(index, rule.match):
            found.setdefault((index, question.words, question.is_negated), question)
    return tuple(found.values())


def coverage_of(policy: Policy, traces: Iterable[Trace]) -> Coverage:
    """Count over `traces` by the plain evaluator."""
    questions = questions_of(policy)
    decided = [0] * len(policy.rules)
    true = [0] * len(questions)
    asked = [0] * len(questions)
    for trace in traces:
        by = decide(policy, trace)
        decided[by] += 1
        for index, question in enumerate(questions):
            if question.rule <= by:
                asked[index] += 1
                true[index] += question.is_true(trace)
    return counted_coverage(policy, questions, decided, asked, true)


def counted_coverage(
    policy: Policy,
    questions: tuple[Question, ...],
    decided: list[int],
    asked: list[int],
    true: list[int],
) -> Coverage:
    """Put counts together. decided: (rules,). asked, true: (questions,) traces."""
    total = sum(decided)
    rules: list[RuleCoverage] = []
    above = 0
    for index, rule in enumerate(policy.rules):
        conditions = tuple(
            ConditionCoverage(one.words, true[i], asked[i] - true[i], one.source)
            for i, one in enumerate(questions)
            if one.rule == index
        )
        rules.append(
            RuleCoverage(rule.name, total - above, decided[index], conditions, rule.source)
        )
        above += decided[index]
    return Coverage(tuple(rules), total)


def _of_trace(rule: int, expr: TraceExpr) -> Iterator[Question]:
    match expr:
        case And() | Or():
            for operand in expr.operands:
                yield from _of_trace(rule, operand)
        case Not():
            yield from _of_trace(rule, expr.operand)
        case AnySpan():
            yield from _of_span(rule, expr.body, is_negated=False)
        case RootTest():
            yield _root_question(rule, expr)
        case HasRoot():
            yield Question(rule, "has a root span", expr, is_negated=False, source=expr.source)
        case SpanCount():
            words = f"span_count {expr.op.value} {expr.value}"
            yield Question(rule, words, expr, is_negated=False, source=expr.source)
        case Constant():
            return
        case _:
            assert_never(expr)


def _of_span(rule: int, expr: SpanExpr, *, is_negated: bool) -> Iterator[Question]:
    match expr:
        case SpanAnd() | SpanOr():
            for operand in expr.operands:
                yield from _of_span(rule, operand, is_negated=is_negated)
        case SpanNot():
            yield from _of_span(rule, expr.operand, is_negated=not is_negated)
        case SpanTest():
            yield _span_question(rule, short_test(expr.test), expr, is_negated=is_negated)
        case IsRoot():
            yield _span_question(rule, "is_root", expr, is_negated=is_negated)
        case RootTest():
            yield _root_question(rule, expr)
        case Constant():
            return
        case _:
            assert_never(expr)


def _root_question(rule: int, expr: RootTest) -> Question:
    return Question(
        rule, f"root: {short_test(expr.test)}", expr, is_negated=False, source=expr.source
    )


def _span_question(rule: int, words: str, expr: SpanTest | IsRoot, *, is_negated: bool) -> Question:
    asked = AnySpan(SpanNot(expr) if is_negated else expr)
    return Question(rule, words, asked, is_negated=is_negated, source=expr.source)
