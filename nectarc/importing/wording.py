"""Tests and expressions as the text of the policy language.

Owns: literals, quotes, parentheses. Must not know: rules of Refinery, TOON.
Truth: docs/language.md, section 3.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import assert_never

from nectarc.ir import nodes
from nectarc.ir.nodes import FieldType, NumberOp, StringOp
from nectarc.semantics.sampler_parameters import go_duration
from nectarc.semantics.types import EXACT_MAX, UNIT_NS

# The kind of a test ("" for `exists`) to how its field is written, and the type it has.
Naming = Callable[[str], tuple[str, FieldType | None]]
_DURATION_MAX_NS = 10**15


def expr_text(expr: nodes.SpanExpr, naming: Naming) -> str:
    """Return an expression over one value as text; the field is written as `naming` says."""
    match expr:
        case nodes.Constant(value):
            return "true" if value else "false"
        case nodes.SpanTest(test):
            return _test(test, naming)
        case nodes.SpanNot(nodes.SpanTest(nodes.Exists()) as operand):
            return f"!{expr_text(operand, naming)}"
        case nodes.SpanNot(operand):
            return f"!({expr_text(operand, naming)})"
        case nodes.SpanAnd(operands):
            return " && ".join(_operand(one, naming) for one in operands)
        case nodes.SpanOr(operands):
            return " || ".join(expr_text(one, naming) for one in operands)
        case _:
            raise AssertionError(expr)  # no question to one value


def is_disjunction(expr: nodes.SpanExpr) -> bool:
    """Say whether the text needs parentheses beside `&&`."""
    return isinstance(expr, nodes.SpanOr)


def is_bare_positive(expr: nodes.SpanExpr) -> bool:
    """Say whether the text may stand at trace level as it is, meaning "some span"."""
    if not isinstance(expr, nodes.SpanTest):
        return False
    test = expr.test
    match test:
        case nodes.NumberTest():
            return test.op is not NumberOp.NE
        case nodes.StringTest():
            return test.op not in (StringOp.NE, StringOp.NOT_CONTAINS)
        case nodes.NumberIn() | nodes.StringIn() | nodes.BoolTest():
            return not test.is_negated
        case nodes.Exists():
            return True
        case _:
            assert_never(test)


def number_text(value: float, type_: FieldType | None) -> str:
    """Return a number literal that reads as `value`, as people write it."""
    unit = UNIT_NS.get(type_) if type_ is not None else None
    if unit is not None and value > 0:
        length = Fraction(value) * unit
        if length.denominator == 1 and length <= _DURATION_MAX_NS:
            return go_duration(int(length))
    if value.is_integer() and abs(value) <= EXACT_MAX:
        return str(int(value))
    shortest = Decimal(repr(value))
    text = format(shortest, "f")
    if len(text) <= 20 and not value.is_integer():
        return text
    digits, _, exponent = repr(value).partition("e")
    if not exponent:
        exact = f"{value:e}" if float(f"{value:e}") == value else f"{value:.17e}"
        digits, _, exponent = exact.partition("e")
    return f"{digits}e{int(exponent)}"


def string_text(value: str) -> str:
    """Return a text literal: `'...'` where that can hold it."""
    if "'" not in value and value.isprintable():
        return f"'{value}'"
    return json.dumps(value, ensure_ascii=not value.isprintable())


def field_text(name: str, *, is_root: bool) -> str:
    """Return a written name as a test of the span at hand or of the root names it."""
    return f"root.{name}" if is_root else name


def _operand(expr: nodes.SpanExpr, naming: Naming) -> str:
    text = expr_text(expr, naming)
    return f"({text})" if is_disjunction(expr) else text


def _test(test: nodes.Test, naming: Naming) -> str:
    match test:
        case nodes.Exists():
            return f"exists({naming('')[0]})"
        case nodes.NumberTest(_, op, value):
            name, type_ = naming("number")
            return f"{name} {op.value} {number_text(value, type_)}"
        case nodes.NumberIn(_, values, is_negated):
            name, type_ = naming("number")
            items = ", ".join(number_text(one, type_) for one in values)
            return f"{name} {_in(is_negated)} [{items}]"
        case nodes.StringTest(_, op, value):
            return f"{naming('string')[0]} {op.value} {string_text(value)}"
        case nodes.StringIn(_, values, is_negated):
            items = ", ".join(map(string_text, values))
            return f"{naming('string')[0]} {_in(is_negated)} [{items}]"
        case nodes.BoolTest(_, value, is_negated):
            return f"{naming('bool')[0]} {'!=' if is_negated else '=='} {str(value).lower()}"
        case _:
            assert_never(test)


def _in(is_negated: bool) -> str:  # noqa: FBT001 - a field of the test
    return "not in" if is_negated else "in"
