"""The IR as text, for people and for the tests of passes: printed and parsed without loss.

Owns: the printer of policies, expressions and actions. Must not know: TOON, the policy language's
own syntax, Refinery. Truth: nectarc/ir/nodes.py. The form, in short:

    policy "production-sampling"
    rule "keep-errors" priority 100 -> keep
      when any(number http.status[http.status|http.status_code]:int >= 500.0)
    rule "rest" -> sample(1/100, asked 0.01)
      when true

A field is its name, then `[spellings]` where they are not just that name, then `:type` if it has
one. Names that are no dotted words stand in double quotes with JSON's escapes, as all strings do.
`#` starts a comment. Places (`source`) are the only thing that a round trip loses.
"""

from __future__ import annotations

import json
import re
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
    HasRoot,
    IsRoot,
    Keep,
    Not,
    NumberIn,
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
    StringTest,
    Test,
    TraceExpr,
)
from nectarc.ir.text_parser import (
    IrSyntaxError,
    parse_expr,
    parse_policy_text,
    parse_span_expr,
    parse_test,
)

__all__ = [
    "IrSyntaxError",
    "parse_expr",
    "parse_policy_text",
    "parse_span_expr",
    "parse_test",
    "print_action",
    "print_expr",
    "print_policy",
    "print_test",
]

_BARE_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*")
_WORD: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# Characters that JSON leaves alone but that break lines, hide, or cannot be written as UTF-8.
_HIDDEN: Final = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]")


def print_policy(policy: Policy) -> str:
    """Return `policy` as text that `parse_policy_text` reads back; ends with a line end."""
    return "\n".join([f"policy {_quoted(policy.name)}", *map(_print_rule, policy.rules), ""])


def print_expr(expr: TraceExpr | SpanExpr) -> str:
    """Return `expr` on one line; `parse_expr` (or `parse_span_expr`) reads it back."""
    match expr:
        case And() | SpanAnd():
            return " && ".join(map(_print_operand, expr.operands))
        case Or() | SpanOr():
            return " || ".join(map(_print_operand, expr.operands))
        case _:
            return _print_operand(expr)


def print_test(test: Test) -> str:
    """Return one test, e.g. `number http.status[a|b]:int >= 500.0`."""
    match test:
        case Exists():
            return f"exists {_print_field(test.field)}"
        case NumberTest():
            return f"number {_print_field(test.field)} {test.op.value} {test.value!r}"
        case StringTest():
            return f"string {_print_field(test.field)} {test.op.value} {_quoted(test.value)}"
        case BoolTest():
            op, literal = "!=" if test.is_negated else "==", "true" if test.value else "false"
            return f"bool {_print_field(test.field)} {op} {literal}"
        case NumberIn():
            return _print_members("number", test, [repr(value) for value in test.values])
        case StringIn():
            return _print_members("string", test, [_quoted(value) for value in test.values])
        case _:
            assert_never(test)


def print_action(action: Action) -> str:
    """Return one action, e.g. `sample(1/100, asked 0.01)`."""
    match action:
        case Keep():
            return "keep"
        case Drop():
            return "drop"
        case Sample():
            asked = f", asked {action.share!r}" if action.share else ""
            return f"sample(1/{action.one_in}{asked})"
        case Deterministic():
            return f"deterministic(1/{action.one_in})"
        case DynamicSampler():
            fields = ", ".join(map(_print_name, action.field_list))
            parameters = [
                f"{_print_word(name)}: {_print_parameter(value)}"
                for name, value in action.parameters
            ]
            return (
                f"{_print_word(action.kind)}({', '.join([*parameters, f'FieldList: [{fields}]'])})"
            )
        case _:
            assert_never(action)


def _print_rule(rule: Rule) -> str:
    priority = f" priority {rule.priority}" if rule.priority else ""
    lines = [f"rule {_quoted(rule.name)}{priority} -> {print_action(rule.action)}"]
    if rule.description:
        lines.append(f"  about {_quoted(rule.description)}")
    lines.append(f"  when {print_expr(rule.match)}")
    return "\n".join(lines)


def _print_operand(expr: TraceExpr | SpanExpr) -> str:
    # An `&&` inside an `&&` keeps its parentheses, too: passes are tested on the shape of the tree.
    match expr:
        case And() | SpanAnd() | Or() | SpanOr():
            return f"({print_expr(expr)})"
        case Not() | SpanNot():
            return f"!{_print_operand(expr.operand)}"
        case AnySpan():
            return f"any({print_expr(expr.body)})"
        case SpanTest():
            return print_test(expr.test)
        case RootTest():
            return f"root {print_test(expr.test)}"
        case SpanCount():
            return f"span_count {expr.op.value} {expr.value}"
        case HasRoot():
            return "has_root"
        case IsRoot():
            return "is_root"
        case Constant():
            return "true" if expr.value else "false"
        case _:
            assert_never(expr)


def _print_members(kind: str, test: NumberIn | StringIn, values: list[str]) -> str:
    op = "not in" if test.is_negated else "in"
    return f"{kind} {_print_field(test.field)} {op} [{', '.join(values)}]"


def _print_field(field: Field) -> str:
    text = _print_name(field.name)
    if field.spellings != (field.name,):
        text += f"[{'|'.join(map(_print_name, field.spellings))}]"
    return text if field.type is None else f"{text}:{field.type.value}"


def _print_parameter(value: int | float | bool | str) -> str:  # noqa: FBT001, PYI041 (a value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return _quoted(value) if isinstance(value, str) else repr(value)


def _print_name(name: str) -> str:
    return name if _BARE_NAME.fullmatch(name) else _quoted(name)


def _print_word(word: str) -> str:
    return word if _WORD.fullmatch(word) else _quoted(word)


def _quoted(text: str) -> str:
    return _HIDDEN.sub(
        lambda found: f"\\u{ord(found.group()):04x}", json.dumps(text, ensure_ascii=False)
    )
