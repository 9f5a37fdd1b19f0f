"""The IR in plain English, and tests in the shortest form that says what they ask.

Owns: the words. Must not know: layout, Refinery. Truth: docs/language.md, section 3, "Meaning".
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Final, assert_never

from nectarc.ir.nodes import (
    Action,
    And,
    AnySpan,
    BoolTest,
    Constant,
    Deterministic,
    Drop,
    DynamicSampler,
    Exists,
    Field,
    FieldType,
    HasRoot,
    IsRoot,
    Keep,
    Not,
    NumberIn,
    NumberOp,
    NumberTest,
    Or,
    RootTest,
    Sample,
    SpanAnd,
    SpanCount,
    SpanExpr,
    SpanNot,
    SpanOr,
    SpanTest,
    StringIn,
    StringOp,
    StringTest,
    Test,
    TraceExpr,
)
from nectarc.semantics.types import UNIT_NS

_NUMBER_WORDS: Final = {
    NumberOp.EQ: "equal to",
    NumberOp.NE: "other than",
    NumberOp.LT: "below",
    NumberOp.LE: "of at most",
    NumberOp.GT: "above",
    NumberOp.GE: "of at least",
}
_STRING_WORDS: Final = {
    StringOp.EQ: "equal to",
    StringOp.NE: "other than",
    StringOp.LT: "that sorts before",
    StringOp.LE: "that sorts up to",
    StringOp.GT: "that sorts after",
    StringOp.GE: "that sorts from",
    StringOp.CONTAINS: "that contains",
    StringOp.NOT_CONTAINS: "that does not contain",
    StringOp.STARTS_WITH: "that starts with",
    StringOp.ENDS_WITH: "that ends with",
    StringOp.MATCHES: "that matches",
}
_UNITS: Final = (
    ("h", 3_600_000_000_000),
    ("min", 60_000_000_000),
    ("s", 1_000_000_000),
    ("ms", 1_000_000),
    ("µs", 1_000),
    ("ns", 1),
)


def match_words(expr: TraceExpr) -> str:
    """Return what a match asks of a trace, as the end of "traces in which ..."."""
    match expr:
        case And() | Or():
            is_mixed = any(isinstance(one, And | Or) for one in expr.operands)
            parts = [
                f"({match_words(one)})" if isinstance(one, And | Or) else match_words(one)
                for one in expr.operands
            ]
            joint = " and " if isinstance(expr, And) else " or "
            return (";" + joint if is_mixed else joint).join(parts)
        case AnySpan():
            return f"some span {_span_words(expr.body)}"
        case RootTest():
            return f"the root span has {_test_words(expr.test)}"
        case HasRoot():
            return "there is a root span"
        case SpanCount():
            return f"the number of spans is {_count_words(expr)}"
        case Constant():
            return "anything happens" if expr.value else "nothing ever happens"
        case Not():
            return _not_words(expr.operand)
        case _:
            assert_never(expr)


def action_phrase(action: Action) -> str:
    """Return what an action does, as the beginning of a sentence about traces."""
    match action:
        case Keep():
            return "Keeps all"
        case Drop():
            return "Drops all"
        case Sample():
            return "Keeps all" if action.one_in == 1 else f"Keeps 1 in {action.one_in:,} of the"
        case Deterministic():
            return f"Keeps 1 in {action.one_in:,}, chosen by trace id, of the"
        case DynamicSampler():
            goal = ", ".join(
                f"{name} {value}" for name, value in action.parameters if "Rate" in name
            ) or ", ".join(f"{name} {value}" for name, value in action.parameters)
            key = ", ".join(action.field_list)
            return f"Leaves to {sampler_words(action.kind)} ({'; '.join((goal, f'key {key}'))}) the"
        case _:
            assert_never(action)


def sentence(match: TraceExpr, action: Action) -> str:
    """Return a rule as a sentence: `Keeps all traces in which some span has ...`."""
    if match == Constant(True):
        return f"{action_phrase(action)} traces that no rule above matches."
    return f"{action_phrase(action)} traces in which {match_words(match)}."


def short_test(test: Test) -> str:
    """Return a test as a column title: `http.status >= 500`, `duration > 5 s`."""
    name = test.field.name
    match test:
        case Exists():
            return f"{name} is there"
        case NumberTest():
            return f"{name} {test.op.value} {_literal(test.field, test.value)}"
        case StringTest():
            return f"{name} {test.op.value.replace('_', ' ')} '{test.value}'"
        case BoolTest():
            return f"{name} {'!=' if test.is_negated else '=='} {_truth(test.value)}"
        case NumberIn():
            values = ", ".join(_literal(test.field, value) for value in test.values)
            return f"{name} {'not in' if test.is_negated else 'in'} {values}"
        case StringIn():
            values = ", ".join(f"'{value}'" for value in test.values)
            return f"{name} {'not in' if test.is_negated else 'in'} {values}"
        case _:
            assert_never(test)


def duration_words(value: float, unit: FieldType) -> str:
    """Return a length of time in the units that people use: `5 s`, `1 min 30 s`, `250 ms`."""
    rest = Fraction(value) * UNIT_NS[unit]
    if rest <= 0:
        return f"{value:g} {unit.value.removeprefix('duration_')}"
    for (larger, size), (smaller, part) in pairwise(_UNITS[:3]):
        whole, left = divmod(rest, size)
        if whole and not left:
            return f"{whole} {larger}"
        if whole and left % part == 0:
            return f"{whole} {larger} {left // part} {smaller}"
    for name, size in _UNITS[2:]:
        if rest >= size:
            # The unit may leave a digit of rounding: 0.5288 ms are not 528.8000000000001 µs.
            return f"{_plain(float(f'{float(rest / size):.12g}'))} {name}"
    return f"{_plain(float(rest))} ns"


def sampler_words(kind: str) -> str:
    """Return a sampler's name with its article: `an EMADynamicSampler`, as people say E-M-A."""
    return f"{'an' if kind.startswith('E') else 'a'} {kind}"


def share_words(share: float) -> str:
    """Return a share as people read it: `1 %`, `0.1 %`, `33 %`."""
    percent = 100 * share
    if percent >= 10 or percent == int(percent):
        return f"{percent:.0f} %"
    return f"{percent:.2g} %"


def _not_words(operand: TraceExpr) -> str:
    match operand:
        case AnySpan(body=SpanNot(operand=inner)):
            return f"every span {_span_words(inner)}"
        case AnySpan():
            return f"no span {_span_words(operand.body)}"
        case RootTest():
            return f"no root span has {_test_words(operand.test)}"
        case HasRoot():
            return "there is no root span"
        case _:
            return f"it is not so that {match_words(operand)}"


def _span_words(expr: SpanExpr) -> str:
    match expr:
        case SpanTest():
            return f"has {_test_words(expr.test)}"
        case RootTest():
            return f"(whose trace's root span has {_test_words(expr.test)})"
        case IsRoot():
            return "has no parent"
        case Constant():
            return "is there" if expr.value else "is impossible"
        case SpanNot(operand=SpanTest(test=test)):
            return f"has no {_test_words(test)}"
        case SpanNot(operand=IsRoot()):
            return "has a parent"
        case SpanNot():
            return f"is not one that {_span_words(expr.operand)}"
        case SpanAnd() | SpanOr():
            parts = [
                f"({_span_words(one)})" if isinstance(one, SpanAnd | SpanOr) else _span_words(one)
                for one in expr.operands
            ]
            return (" and " if isinstance(expr, SpanAnd) else " or ").join(parts)
        case _:
            assert_never(expr)


def _test_words(test: Test) -> str:
    field = _field_words(test.field)
    match test:
        case Exists():
            return field
        case NumberTest():
            return f"{field} {_NUMBER_WORDS[test.op]} {_literal(test.field, test.value)}"
        case StringTest():
            return f"{field} {_STRING_WORDS[test.op]} `{test.value}`"
        case BoolTest():
            return f"{field} {'other than' if test.is_negated else 'that is'} {_truth(test.value)}"
        case NumberIn():
            values = [_literal(test.field, value) for value in test.values]
            return f"{field} {_member_words(values, is_negated=test.is_negated)}"
        case StringIn():
            values = [f"`{value}`" for value in test.values]
            return f"{field} {_member_words(values, is_negated=test.is_negated)}"
        case _:
            assert_never(test)


def _field_words(field: Field) -> str:
    if field.spellings == (field.name,):
        return field.name
    return f"{field.name} ({_listed(field.spellings, 'or')})"


def _member_words(values: Sequence[str], *, is_negated: bool) -> str:
    word = "other than" if is_negated else "equal to"
    return f"{word} {_listed(values, 'and' if is_negated else 'or')}"


def _listed(words: Sequence[str], last: str) -> str:
    if len(words) == 1:
        return words[0]
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def _literal(field: Field, value: float) -> str:
    if field.type in UNIT_NS:
        return duration_words(value, field.type)
    return _plain(value)


def _plain(value: float) -> str:
    if value == int(value) and abs(value) < 2**53:
        return str(int(value))
    return repr(value)


def _truth(value: bool) -> str:  # noqa: FBT001 - a literal
    return "true" if value else "false"


def _count_words(expr: SpanCount) -> str:
    words = {
        NumberOp.EQ: f"{expr.value}",
        NumberOp.NE: f"not {expr.value}",
        NumberOp.LT: f"below {expr.value}",
        NumberOp.LE: f"at most {expr.value}",
        NumberOp.GT: f"above {expr.value}",
        NumberOp.GE: f"at least {expr.value}",
    }
    return words[expr.op]
