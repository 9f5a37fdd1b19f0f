"""The IR in the words of the language: what a user would write for an expression.

Owns: the way back from IR to match text, for variants and messages. Must not know: TOON quoting.
Truth: docs/language.md, section 3; grammar/match.lark. Parsing the text again gives the same IR.
"""

from __future__ import annotations

import json
from typing import Final, assert_never

from nectarc.ir import nodes
from nectarc.ir.nodes import Field, SpanExpr, Test, TraceExpr
from nectarc.semantics.fields import ALIASES
from nectarc.semantics.types import UNIT_NS
from nectarc.syntax.literals import is_plain_name
from nectarc.trace import ROOT_FIELD, Trace

_NAMED_UNITS: Final = (
    ("h", 3_600_000_000_000),
    ("m", 60_000_000_000),
    ("s", 1_000_000_000),
    ("ms", 1_000_000),
    ("us", 1_000),
    ("ns", 1),
)

_OR, _AND, _NOT = 1, 2, 3


def match_text(expr: TraceExpr) -> str:
    """Return match text that means `expr`."""
    return _trace(expr, 0)


def trace_text(trace: Trace) -> str:
    """Describe a small trace in one line: its spans with their fields."""
    spans = []
    for span in trace.spans[:4]:
        pairs = [
            f"{name}={_value(value)}" for name, value in span.fields.items() if name != ROOT_FIELD
        ]
        role = "root " if span.is_root else ""
        spans.append(f"{role}{{{', '.join(pairs)}}}")
    more = f" and {len(trace.spans) - 4} more" if len(trace.spans) > 4 else ""
    return ", ".join(spans) + more


def _value(value: object) -> str:
    return _quoted(value) if isinstance(value, str) else json.dumps(value, default=str)


def _trace(expr: TraceExpr, binds: int) -> str:
    match expr:
        case nodes.Constant(value):
            return "true" if value else "false"
        case nodes.HasRoot():
            return "has_root"
        case nodes.SpanCount(op, count):
            return f"span_count {op.value} {count}"
        case nodes.RootTest(test):
            return _test(test, "root.")
        case nodes.AnySpan(nodes.SpanTest(test)) if not _is_negative(test) and binds < _AND:
            return _test(test, "")
        case nodes.AnySpan(body):
            return f"any({_span(body, 0)})"
        case nodes.Not(nodes.AnySpan(nodes.SpanNot(body))):
            return f"all({_span(body, 0)})"
        case nodes.Not(nodes.AnySpan(body)):
            return f"none({_span(body, 0)})"
        case nodes.Not(operand):
            return "!" + _trace(operand, _NOT)
        case nodes.And(operands):
            return _joined(" && ", [_trace(one, _AND) for one in operands], is_inner=binds > _AND)
        case nodes.Or(operands):
            # Below `&&` a bare test would have two readings, so `binds` goes on.
            inner = max(binds, _OR)
            return _joined(" || ", [_trace(one, inner) for one in operands], is_inner=binds > _OR)
        case _:
            assert_never(expr)


def _span(expr: SpanExpr, binds: int) -> str:
    match expr:
        case nodes.Constant(value):
            return "true" if value else "false"
        case nodes.IsRoot():
            return "is_root"
        case nodes.SpanTest(test):
            return _test(test, "")
        case nodes.RootTest(test):
            return _test(test, "root.")
        case nodes.SpanNot(operand):
            return "!" + _span(operand, _NOT)
        case nodes.SpanAnd(operands):
            return _joined(" && ", [_span(one, _AND) for one in operands], is_inner=binds > _AND)
        case nodes.SpanOr(operands):
            return _joined(" || ", [_span(one, _OR) for one in operands], is_inner=binds > _OR)
        case _:
            assert_never(expr)


def _joined(by: str, parts: list[str], *, is_inner: bool) -> str:
    text = by.join(parts)
    return f"({text})" if is_inner else text


def _is_negative(test: Test) -> bool:
    match test:
        case nodes.NumberTest(_, op, _):
            return op is nodes.NumberOp.NE
        case nodes.StringTest(_, string_op, _):
            return string_op in (nodes.StringOp.NE, nodes.StringOp.NOT_CONTAINS)
        case nodes.NumberIn(_, _, is_negated) | nodes.StringIn(_, _, is_negated):
            return is_negated
        case nodes.BoolTest(_, _, is_negated):
            return is_negated
        case nodes.Exists():
            return False
        case _:
            assert_never(test)


def _test(test: Test, prefix: str) -> str:
    name = prefix + _field(test.field)
    match test:
        case nodes.Exists():
            return f"exists({name})"
        case nodes.BoolTest(_, True, False):
            return name
        case nodes.BoolTest(_, value, is_negated):
            return f"{name} {'!=' if is_negated else '=='} {'true' if value else 'false'}"
        case nodes.NumberTest(field, number_op, number):
            return f"{name} {number_op.value} {_number(number, field)}"
        case nodes.StringTest(_, string_op, text):
            return f"{name} {string_op.value} {_quoted(text)}"
        case nodes.NumberIn(field, numbers, is_negated):
            return f"{name} {'not in' if is_negated else 'in'} [{_numbers(numbers, field)}]"
        case nodes.StringIn(_, texts, is_negated):
            listed = ", ".join(_quoted(one) for one in texts)
            return f"{name} {'not in' if is_negated else 'in'} [{listed}]"
        case _:
            assert_never(test)


def _field(field: Field) -> str:
    name = field.name
    is_hidden_by_alias = name in ALIASES and field.spellings == (name,) != ALIASES[name][0]
    return name if is_plain_name(name) and not is_hidden_by_alias else f"`{name}`"


def _number(value: float, field: Field) -> str:
    return _numbers((value,), field)


def _numbers(values: tuple[float, ...], field: Field) -> str:
    """Write numbers of one field alike: as durations where all of them have that form."""
    if field.type in UNIT_NS:
        nanoseconds = [value * UNIT_NS[field.type] for value in values]
        if all(one.is_integer() and one >= 0 for one in nanoseconds):
            return ", ".join(_duration(int(one)) for one in nanoseconds)
    return ", ".join(
        str(int(one)) if one.is_integer() and abs(one) < 2**53 else repr(one) for one in values
    )


def _duration(nanoseconds: int) -> str:
    if nanoseconds == 0:
        return "0s"
    unit, size = next(one for one in _NAMED_UNITS if nanoseconds % one[1] == 0)
    return f"{nanoseconds // size}{unit}"


def _quoted(text: str) -> str:
    if "'" not in text and text.isprintable():
        return f"'{text}'"
    return json.dumps(text, ensure_ascii=False)
