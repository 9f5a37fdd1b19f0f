"""Read the text form of the IR back: what `nectarc.ir.text` prints.

Owns: the recursive descent. Must not know: the policy language's own syntax.
Truth: nectarc/ir/text.py. Not for users' input: it stops at the first mistake.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

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
    Policy,
    RootTest,
    Rule,
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
from nectarc.ir.text_lexer import IrSyntaxError, Reader

__all__ = [
    "IrSyntaxError",
    "parse_expr",
    "parse_policy_text",
    "parse_span_expr",
    "parse_test",
]

_Item = TypeVar("_Item")


def parse_policy_text(text: str) -> Policy:
    """Read a whole policy; raise `IrSyntaxError`. Invariants are `verify_policy`'s to check."""
    reader = Reader(text)
    reader.expect("policy")
    name = reader.string()
    rules = []
    while not reader.is_at_end:
        rules.append(_parse_rule(reader))
    return Policy(name=name, rules=tuple(rules))


def parse_expr(text: str) -> TraceExpr:
    """Read one expression over a trace; raise `IrSyntaxError`."""
    reader = Reader(text)
    expr = _parse_trace_or(reader)
    reader.expect_end()
    return expr


def parse_span_expr(text: str) -> SpanExpr:
    """Read one expression over a span; raise `IrSyntaxError`."""
    reader = Reader(text)
    expr = _parse_span_or(reader)
    reader.expect_end()
    return expr


def parse_test(text: str) -> Test:
    """Read one test; raise `IrSyntaxError`."""
    reader = Reader(text)
    test = _parse_test(reader)
    reader.expect_end()
    return test


def _parse_rule(reader: Reader) -> Rule:
    reader.expect("rule")
    name = reader.string()
    priority = reader.integer() if reader.accept("priority") else 0
    reader.expect("->")
    action = _parse_action(reader)
    description = reader.string() if reader.accept("about") else ""
    reader.expect("when")
    match = _parse_trace_or(reader)
    return Rule(name=name, match=match, action=action, priority=priority, description=description)


def _parse_action(reader: Reader) -> Action:
    word = reader.name()
    if word == "keep":
        return Keep()
    if word == "drop":
        return Drop()
    reader.expect("(")
    action: Action
    if word in ("sample", "deterministic"):
        one_in = reader.one_in()
        share = 0.0
        if word == "sample" and reader.accept(","):
            reader.expect("asked")
            share = reader.number()
        action = Sample(one_in, share) if word == "sample" else Deterministic(one_in)
    else:
        action = _parse_sampler(reader, word)
    reader.expect(")")
    return action


def _parse_sampler(reader: Reader, kind: str) -> DynamicSampler:
    parameters: list[tuple[str, int | float | bool | str]] = []
    while not reader.accept("FieldList"):
        name = reader.name()
        reader.expect(":")
        parameters.append((name, _parse_parameter(reader)))
        reader.expect(",")
    reader.expect(":")
    reader.expect("[")
    return DynamicSampler(kind, tuple(parameters), _parse_items(reader, ",", reader.name))


def _parse_items(reader: Reader, separator: str, parse: Callable[[], _Item]) -> tuple[_Item, ...]:
    # The opening bracket has been read.
    items: list[_Item] = []
    while not reader.accept("]"):
        if items:
            reader.expect(separator)
        items.append(parse())
    return tuple(items)


def _parse_parameter(reader: Reader) -> int | float | bool | str:
    token = reader.token
    if token.kind == "string":
        return reader.string()
    if token.kind == "name" and token.text in ("true", "false"):
        return reader.truth()
    return reader.integer() if token.text.removeprefix("-").isdigit() else reader.number()


def _parse_trace_or(reader: Reader) -> TraceExpr:
    operands = [_parse_trace_and(reader)]
    while reader.accept("||"):
        operands.append(_parse_trace_and(reader))
    return operands[0] if len(operands) == 1 else Or(tuple(operands))


def _parse_trace_and(reader: Reader) -> TraceExpr:
    operands = [_parse_trace_unary(reader)]
    while reader.accept("&&"):
        operands.append(_parse_trace_unary(reader))
    return operands[0] if len(operands) == 1 else And(tuple(operands))


def _parse_trace_unary(reader: Reader) -> TraceExpr:
    expr: TraceExpr
    if reader.accept("!"):
        expr = Not(_parse_trace_unary(reader))
    elif reader.accept("("):
        expr = _parse_trace_or(reader)
        reader.expect(")")
    elif reader.accept("any"):
        reader.expect("(")
        expr = AnySpan(_parse_span_or(reader))
        reader.expect(")")
    elif reader.accept("root"):
        expr = RootTest(_parse_test(reader))
    elif reader.accept("has_root"):
        expr = HasRoot()
    elif reader.accept("span_count"):
        expr = SpanCount(_parse_number_op(reader), reader.integer())
    else:
        expr = Constant(reader.truth())
    return expr


def _parse_span_or(reader: Reader) -> SpanExpr:
    operands = [_parse_span_and(reader)]
    while reader.accept("||"):
        operands.append(_parse_span_and(reader))
    return operands[0] if len(operands) == 1 else SpanOr(tuple(operands))


def _parse_span_and(reader: Reader) -> SpanExpr:
    operands = [_parse_span_unary(reader)]
    while reader.accept("&&"):
        operands.append(_parse_span_unary(reader))
    return operands[0] if len(operands) == 1 else SpanAnd(tuple(operands))


def _parse_span_unary(reader: Reader) -> SpanExpr:
    expr: SpanExpr
    if reader.accept("!"):
        expr = SpanNot(_parse_span_unary(reader))
    elif reader.accept("("):
        expr = _parse_span_or(reader)
        reader.expect(")")
    elif reader.accept("root"):
        expr = RootTest(_parse_test(reader))
    elif reader.accept("is_root"):
        expr = IsRoot()
    elif reader.token.text in ("true", "false"):
        expr = Constant(reader.truth())
    else:
        expr = SpanTest(_parse_test(reader))
    return expr


def _parse_test(reader: Reader) -> Test:
    kind = reader.name()
    match kind:
        case "exists":
            return Exists(_parse_field(reader))
        case "number":
            return _parse_number_test(reader, _parse_field(reader))
        case "string":
            return _parse_string_test(reader, _parse_field(reader))
        case "bool":
            field = _parse_field(reader)
            is_negated = reader.accept("!=")
            if not is_negated:
                reader.expect("==")
            return BoolTest(field, reader.truth(), is_negated)
        case _:
            return reader.fail(f"no test is called `{kind}`, before")


def _parse_number_test(reader: Reader, field: Field) -> Test:
    is_negated = reader.accept("not")
    if not is_negated and not (reader.token.kind == "name" and reader.token.text == "in"):
        return NumberTest(field, _parse_number_op(reader), reader.number())
    reader.expect("in")
    reader.expect("[")
    return NumberIn(field, _parse_items(reader, ",", reader.number), is_negated)


def _parse_string_test(reader: Reader, field: Field) -> Test:
    is_negated = reader.accept("not")
    if is_negated and reader.accept("contains"):
        return StringTest(field, StringOp.NOT_CONTAINS, reader.string())
    if not reader.accept("in"):
        if is_negated:
            reader.fail("expected `in` or `contains`")
        return StringTest(field, _parse_string_op(reader), reader.string())
    reader.expect("[")
    return StringIn(field, _parse_items(reader, ",", reader.string), is_negated)


def _parse_field(reader: Reader) -> Field:
    name = reader.name()
    is_listed = reader.accept("[")
    spellings = _parse_items(reader, "|", reader.name) if is_listed else (name,)
    field_type = None
    if reader.accept(":"):
        try:
            field_type = FieldType(reader.token.text)
        except ValueError:
            reader.fail("expected a type")
        reader.take()
    return Field(spellings, name, field_type)


def _parse_number_op(reader: Reader) -> NumberOp:
    for op in NumberOp:
        if reader.accept(op.value):
            return op
    return reader.fail("expected a comparison")


def _parse_string_op(reader: Reader) -> StringOp:
    for op in StringOp:
        if reader.accept(op.value):
            return op
    return reader.fail("expected an operator on texts")
