"""Say when an IR breaks the invariants that every later stage relies on.

Owns: the list of invariants. Must not know: how the IR was made. Truth: nectarc/ir/nodes.py and
docs/language.md, sections 3 to 5. A broken one is our mistake: the checker refuses the user's.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final, assert_never

from nectarc.diagnostic import InternalError
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
    NumberTest,
    Or,
    Policy,
    RootTest,
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

DYNAMIC_KINDS: Final = frozenset(
    {
        "DynamicSampler",
        "EMADynamicSampler",
        "EMAThroughputSampler",
        "WindowedThroughputSampler",
        "TotalThroughputSampler",
    }
)


def verify_policy(policy: Policy) -> None:
    """Raise `InternalError` with the facts if `policy` breaks an invariant; O(size)."""
    facts = list(_policy_faults(policy))
    if facts:
        raise InternalError(f"the IR of policy {policy.name!r} is broken: {'; '.join(facts)}")


def verify_expr(expr: TraceExpr) -> None:
    """Raise `InternalError` with the facts if `expr` breaks an invariant."""
    facts = list(_trace_faults(expr))
    if facts:
        raise InternalError(f"an expression of the IR is broken: {'; '.join(facts)}")


def _policy_faults(policy: Policy) -> Iterator[str]:
    names: set[str] = set()
    for rule in policy.rules:
        if rule.name in names:
            yield f"two rules are called {rule.name!r}"
        names.add(rule.name)
        for fault in (*_trace_faults(rule.match), *_action_faults(rule.action)):
            yield f"rule {rule.name!r}: {fault}"
    # A pass may simplify matches but never lose the rule that decides what no other does.
    if not any(rule.match == Constant(True) for rule in policy.rules):
        yield "no rule matches every trace"


def _trace_faults(expr: TraceExpr) -> Iterator[str]:
    match expr:
        case And() | Or():
            if len(expr.operands) < 2:
                yield _too_few(expr, len(expr.operands))
            for operand in expr.operands:
                yield from _trace_faults(operand)
        case Not():
            yield from _trace_faults(expr.operand)
        case AnySpan():
            yield from _span_faults(expr.body)
        case RootTest():
            yield from _test_faults(expr.test)
        case SpanCount():
            if type(expr.value) is not int:
                yield f"span_count is compared with {expr.value!r}"
        case HasRoot() | Constant():
            pass
        case _:
            yield f"{type(expr).__name__} stands at the level of the trace"


def _span_faults(expr: SpanExpr) -> Iterator[str]:
    match expr:
        case SpanAnd() | SpanOr():
            if len(expr.operands) < 2:
                yield _too_few(expr, len(expr.operands))
            for operand in expr.operands:
                yield from _span_faults(operand)
        case SpanNot():
            yield from _span_faults(expr.operand)
        case SpanTest() | RootTest():
            yield from _test_faults(expr.test)
        case IsRoot() | Constant():
            pass
        case _:
            yield f"{type(expr).__name__} stands inside `any`"


def _too_few(expr: TraceExpr | SpanExpr, count: int) -> str:
    return f"{type(expr).__name__} has {count} operands: `{_printed(expr)}`"


def _test_faults(test: Test) -> Iterator[str]:
    for fault in (*_field_faults(test.field), *_literal_faults(test)):
        yield f"{fault} in `{_printed_test(test)}`"
    if not _fits(test, test.field.type):
        assert test.field.type is not None
        yield f"a field of type {test.field.type.value} has the test `{_printed_test(test)}`"


def _field_faults(field: Field) -> Iterator[str]:
    if not field.spellings:
        yield "a field has no spellings"
    if len(set(field.spellings)) < len(field.spellings):
        yield "a spelling stands twice"
    for spelling in field.spellings:
        if not spelling:
            yield "a spelling is empty"
        elif not _is_text(spelling):
            yield "a spelling is no Unicode text"


def _literal_faults(test: Test) -> Iterator[str]:
    numbers: tuple[float, ...] = ()
    texts: tuple[str, ...] = ()
    match test:
        case NumberTest():
            numbers = (test.value,)
        case NumberIn():
            numbers = test.values
        case StringTest():
            texts = (test.value,)
        case StringIn():
            texts = test.values
        case Exists() | BoolTest():
            return
        case _:
            assert_never(test)
    if not numbers and not texts:
        yield "a list without members"
    for number in numbers:
        # An int would print, hash and compare like the float, and become another YAML scalar.
        if type(number) is not float or not math.isfinite(number):
            yield f"a literal that is no finite float ({number!r})"
    if not all(map(_is_text, texts)):
        yield "a literal that is no Unicode text"


def _fits(test: Test, field_type: FieldType | None) -> bool:
    if field_type is None:
        return True
    match test:
        case Exists():
            return True
        case NumberTest() | NumberIn():
            return field_type.is_number
        case StringTest() | StringIn():
            return field_type is FieldType.STRING
        case BoolTest():
            return field_type is FieldType.BOOL
        case _:
            assert_never(test)


def _action_faults(action: Action) -> Iterator[str]:
    match action:
        case Keep() | Drop():
            pass
        case Sample() | Deterministic():
            if type(action.one_in) is not int or action.one_in < 1:
                yield f"one in {action.one_in!r} is kept"
        case DynamicSampler():
            yield from _sampler_faults(action)
        case _:
            assert_never(action)


def _sampler_faults(action: DynamicSampler) -> Iterator[str]:
    if action.kind not in DYNAMIC_KINDS:
        yield f"no sampler is called {action.kind!r}"
    names = [name for name, _ in action.parameters]
    if len(set(names)) < len(names):
        yield "a parameter is set twice"
    for name, value in action.parameters:
        if name == "FieldList":
            yield "FieldList stands among the parameters"
        if isinstance(value, float) and not math.isfinite(value):
            yield f"parameter {name} is {value!r}"
    # Refinery panics on an empty name in FieldList (reference, 1.6).
    if not all(name.removeprefix("root.") for name in action.field_list):
        yield "a key field has no name"


def _is_text(text: str) -> bool:
    # A lone surrogate cannot be written to a rules file.
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _printed(expr: TraceExpr | SpanExpr) -> str:
    from nectarc.ir.text import print_expr  # noqa: PLC0415 - 5 ms that only a defect of ours needs

    return print_expr(expr)


def _printed_test(test: Test) -> str:
    from nectarc.ir.text import print_test  # noqa: PLC0415 - as above

    return print_test(test)
