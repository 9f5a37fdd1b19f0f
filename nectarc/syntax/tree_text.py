"""Trees to text: the canonical spelling of matches, actions and requirements.

Owns: spacing, parentheses, which quotes. Must not know: TOON, what a tree means.
Truth: docs/language.md, sections 3 and 4. INVARIANT: parsing the text gives an equal tree.
"""

from __future__ import annotations

import json
from typing import Final, assert_never

from nectarc.diagnostic import InternalError
from nectarc.syntax.ast import (
    Action,
    And,
    Argument,
    BareTest,
    BoolLiteral,
    CompareTest,
    Constant,
    DurationLiteral,
    ExistsTest,
    Expr,
    FieldName,
    HasRoot,
    InvalidExpr,
    IsRoot,
    Literal,
    MemberTest,
    Not,
    NumberLiteral,
    Or,
    Quantified,
    Ratio,
    Require,
    Requirement,
    SpanCount,
    StringLiteral,
    TextTest,
)

# More than any literal has (literals.py).
_PLACES_MAX: Final = 1700


def format_expr(expr: Expr) -> str:
    """Return the expression with single spaces and few parentheses.

    None that change nothing, but those of `!(a == 'x')`, for people.

    fails: InternalError for a tree with an `InvalidExpr`: nobody knows how that part is written.
    """
    match expr:
        case Or():
            return " || ".join(format_expr(operand) for operand in expr.operands)
        case And():
            return " && ".join(_and_operand(operand) for operand in expr.operands)
        case Not():
            return f"!{_not_operand(expr.operand)}"
        case Quantified():
            return f"{expr.quantifier.value}({format_expr(expr.body)})"
        case HasRoot():
            return "has_root"
        case IsRoot():
            return "is_root"
        case SpanCount():
            return f"span_count {expr.op.value} {format_literal(expr.literal)}"
        case Constant():
            return "true" if expr.value else "false"
        case BareTest() | CompareTest() | MemberTest() | TextTest() | ExistsTest():
            return _test(expr)
        case InvalidExpr():
            raise InternalError("a part that could not be parsed cannot be printed")
        case _:
            assert_never(expr)


def _and_operand(expr: Expr) -> str:
    return f"({format_expr(expr)})" if isinstance(expr, Or) else format_expr(expr)


def _not_operand(expr: Expr) -> str:
    # Tests bind tighter than `!`, but `!a == 'x'` reads as if it were the other way round.
    is_joined = isinstance(expr, And | Or | CompareTest | MemberTest | TextTest | SpanCount)
    return f"({format_expr(expr)})" if is_joined else format_expr(expr)


def _test(test: BareTest | CompareTest | MemberTest | TextTest | ExistsTest) -> str:
    field = format_field(test.field)
    match test:
        case BareTest():
            return field
        case CompareTest() | TextTest():
            return f"{field} {test.op.value} {format_literal(test.literal)}"
        case MemberTest():
            operator = "not in" if test.is_negated else "in"
            return f"{field} {operator} [{', '.join(map(format_literal, test.literals))}]"
        case ExistsTest():
            return f"exists({field})"
        case _:
            assert_never(test)


def format_field(field: FieldName) -> str:
    """Return the field as a match writes it; backticks stay, since they change what is read."""
    name = f"`{field.name}`" if field.is_quoted else field.name
    return f"root.{name}" if field.is_root else name


def format_literal(literal: Literal) -> str:
    """Return the literal; numbers and durations as their author wrote them."""
    match literal:
        case NumberLiteral() | DurationLiteral():
            return literal.text
        case BoolLiteral():
            return "true" if literal.value else "false"
        case StringLiteral():
            return _quoted(literal.value)
        case _:
            assert_never(literal)


def _quoted(text: str) -> str:
    # TOON quotes with ", so ' is easier on the eye; it has no escapes, and what cannot be seen
    # should be escaped.
    is_printable = text.isprintable()
    if "'" in text or not is_printable:
        return json.dumps(text, ensure_ascii=not is_printable)
    return f"'{text}'"


def format_action(action: Action) -> str:
    """Return the action with `name: value` arguments in their order."""
    if action.ratio is not None:
        return f"{action.name}({_ratio(action.ratio)})"
    if not action.arguments:
        # `keep()` and `keep` are the same tree.
        return action.name
    return f"{action.name}({', '.join(map(_argument, action.arguments))})"


def _ratio(ratio: Ratio) -> str:
    numerator = _decimal(ratio.numerator.numerator, ratio.numerator.denominator)
    if not ratio.is_ratio:
        return numerator
    return f"{numerator}/{_decimal(ratio.denominator.numerator, ratio.denominator.denominator)}"


def _decimal(numerator: int, denominator: int) -> str:
    """Return the exact decimal of a fraction that was read from one."""
    places, scale = 0, 1
    while scale % denominator:
        places, scale = places + 1, scale * 10
        if places > _PLACES_MAX:
            raise InternalError(f"{numerator}/{denominator} is no decimal number")
    digits = str(abs(numerator) * scale // denominator).rjust(places + 1, "0")
    sign = "-" if numerator < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else sign + digits


def _argument(argument: Argument) -> str:
    value = argument.value
    if isinstance(value, tuple):
        return f"{argument.name}: [{', '.join(map(_item, value))}]"
    return f"{argument.name}: {_item(value)}"


def _item(item: Literal | FieldName) -> str:
    return format_field(item) if isinstance(item, FieldName) else format_literal(item)


def format_require(require: Require) -> str:
    """Return what an invariant requires."""
    match require.requirement:
        case Requirement.KEEP | Requirement.NOT_DROP:
            return str(require.requirement.value)
        case Requirement.AT_LEAST | Requirement.AT_MOST:
            share = require.share
            assert share is not None  # ast.py: set for these two
            number = _decimal(share.numerator, share.denominator)
            return f"{require.requirement.value} {number}"
        case _:
            assert_never(require.requirement)
