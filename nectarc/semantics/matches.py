"""Match expressions: from the syntax tree to the IR, quantifiers made explicit.

Owns: which operand may stand where, elaboration of trace and span expressions.
Must not know: rules, actions. Truth: docs/language.md, section 3.
"""

from __future__ import annotations

from typing import assert_never

from nectarc.diagnostic import Edit, Fix
from nectarc.ir import nodes as ir
from nectarc.semantics.all_over_events import check_all_over_events
from nectarc.semantics.context import Context
from nectarc.semantics.plain import report_conjunction, report_negation, report_negative_test
from nectarc.semantics.readings import joint
from nectarc.semantics.shape import (
    holds_bare,
    holds_is_root,
    is_negative_test,
    is_spannable,
)
from nectarc.semantics.span_tests import elaborate_test
from nectarc.semantics.types import EXACT_MAX
from nectarc.syntax import ast


def elaborate_match(expr: ast.Expr, context: Context) -> ir.TraceExpr | None:
    """Return what a match means; None after an error (said), going past it for the others."""
    return _trace(expr, context, is_excused=False)


def _trace(expr: ast.Expr, context: Context, *, is_excused: bool) -> ir.TraceExpr | None:
    """Elaborate at trace level. `is_excused`: an unclear reading has been reported above."""
    match expr:
        case ast.InvalidExpr():
            return None
        case ast.Constant():
            return ir.Constant(expr.value, expr.source)
        case ast.HasRoot():
            return ir.HasRoot(expr.source)
        case ast.IsRoot():
            if not is_excused:
                _report_is_root(expr, expr, context)
            return None
        case ast.SpanCount():
            return _span_count(expr, context)
        case ast.Quantified():
            return _quantified(expr, context)
        case ast.Or():
            parts = [_trace(one, context, is_excused=is_excused) for one in expr.operands]
            whole = tuple(part for part in parts if part is not None)
            return ir.Or(whole, expr.source) if len(whole) == len(parts) else None
        case ast.And():
            return _conjunction(expr, context, is_excused=is_excused)
        case ast.Not():
            return _negation(expr, context, is_excused=is_excused)
        case _:
            return _trace_test(expr, context, is_excused=is_excused)


def _conjunction(expr: ast.And, context: Context, *, is_excused: bool) -> ir.TraceExpr | None:
    is_unclear = sum(holds_bare(one) for one in expr.operands) > 1
    if is_unclear and not is_excused:
        if holds_is_root(expr):
            _report_is_root(expr, _first_is_root(expr), context)
        else:
            report_conjunction(expr, context)
    excused = is_excused or is_unclear
    parts = [_trace(one, context, is_excused=excused) for one in expr.operands]
    whole = tuple(part for part in parts if part is not None)
    return ir.And(whole, expr.source) if len(whole) == len(parts) and not is_unclear else None


def _negation(expr: ast.Not, context: Context, *, is_excused: bool) -> ir.TraceExpr | None:
    is_unclear = holds_bare(expr.operand)
    if is_unclear and not is_excused:
        if holds_is_root(expr.operand):
            _report_is_root(expr, _first_is_root(expr), context)
        else:
            report_negation(expr, context)
    operand = _trace(expr.operand, context, is_excused=is_excused or is_unclear)
    return ir.Not(operand, expr.source) if operand is not None and not is_unclear else None


def _trace_test(expr: ast.AnyTest, context: Context, *, is_excused: bool) -> ir.TraceExpr | None:
    test = elaborate_test(expr, context)
    if expr.field.is_root:
        return ir.RootTest(test, expr.source) if test is not None else None
    if is_negative_test(expr):
        if not is_excused:
            report_negative_test(expr, context)
        return None
    if test is None:
        return None
    return ir.AnySpan(ir.SpanTest(test, expr.source), expr.source)


def _quantified(expr: ast.Quantified, context: Context) -> ir.TraceExpr | None:
    body = _span(expr.body, context)
    if body is None:
        return None
    match expr.quantifier:
        case ast.Quantifier.ANY:
            return ir.AnySpan(body, expr.source)
        case ast.Quantifier.NONE:
            return ir.Not(ir.AnySpan(body, expr.source), expr.source)
        case ast.Quantifier.ALL:
            check_all_over_events(expr, body, context)
            missed = ir.SpanNot(body, expr.source)
            return ir.Not(ir.AnySpan(missed, expr.source), expr.source)
        case _:
            assert_never(expr.quantifier)


def _span(expr: ast.Expr, context: Context) -> ir.SpanExpr | None:
    """Elaborate the body of a quantifier."""
    match expr:
        case ast.InvalidExpr():
            return None
        case ast.Constant():
            return ir.Constant(expr.value, expr.source)
        case ast.IsRoot():
            return ir.IsRoot(expr.source)
        case ast.HasRoot() | ast.SpanCount():
            _report_trace_level(expr, context)
            return None
        case ast.Quantified():
            context.report(
                "NEC203",
                expr.source,
                f"`{expr.quantifier.value}` stands inside another quantifier",
                why="a quantifier asks one span at a time, and a span has no spans of its own",
                help="put the two side by side: `any(a) && any(b)`",
            )
            _span(expr.body, context)
            return None
        case ast.Or() | ast.And():
            parts = [_span(one, context) for one in expr.operands]
            whole = tuple(part for part in parts if part is not None)
            if len(whole) != len(parts):
                return None
            kind = ir.SpanOr if isinstance(expr, ast.Or) else ir.SpanAnd
            return kind(whole, expr.source)
        case ast.Not():
            operand = _span(expr.operand, context)
            return ir.SpanNot(operand, expr.source) if operand is not None else None
        case _:
            test = elaborate_test(expr, context)
            if test is None:
                return None
            kind_of_test = ir.RootTest if expr.field.is_root else ir.SpanTest
            return kind_of_test(test, expr.source)


def _span_count(expr: ast.SpanCount, context: Context) -> ir.TraceExpr | None:
    literal = expr.literal
    if not isinstance(literal, ast.NumberLiteral) or literal.value.denominator != 1:
        context.report(
            "NEC206",
            literal.source,
            "`span_count` is compared with a whole number",
            why="it counts the spans, span events and links of a trace",
        )
        return None
    value = int(literal.value)
    if abs(value) > EXACT_MAX:
        context.report(
            "NEC108",
            literal.source,
            f"`{literal.text}` is beyond any count of spans",
            help="write a number below 2^53",
        )
        return None
    return ir.SpanCount(ir.NumberOp(expr.op.value), value, expr.source)


def _report_is_root(whole: ast.Expr, place: ast.Expr, context: Context) -> None:
    fixes: tuple[Fix, ...] = ()
    if isinstance(whole, ast.IsRoot):
        fixes = (Fix("ask whether there is a root: `has_root`", (_replace(whole, "has_root"),)),)
    elif isinstance(whole, ast.And):
        text = joint(whole, context)
        fixes = (Fix(f"ask one span: `{text}`", (_replace(whole, text),)),) if text else ()
    elif is_spannable(whole):
        text = context.raw(whole.source)
        fixes = (Fix(f"ask one span: `any({text})`", (_replace(whole, f"any({text})"),)),)
        fixes = fixes if text else ()
    context.report(
        "NEC204",
        place.source,
        "`is_root` is true or false of one span, and stands outside of a quantifier",
        why="a trace has many spans: of which is it asked?",
        help="write `any(is_root && ...)`, `has_root`, or a test of `root.` and a field",
        fixes=fixes,
    )


def _first_is_root(expr: ast.Expr) -> ast.Expr:
    """Return the first `is_root` outside of quantifiers; `expr` holds one."""
    match expr:
        case ast.And() | ast.Or():
            return _first_is_root(next(one for one in expr.operands if holds_is_root(one)))
        case ast.Not():
            return _first_is_root(expr.operand)
        case _:
            return expr


def _report_trace_level(expr: ast.HasRoot | ast.SpanCount, context: Context) -> None:
    word = "has_root" if isinstance(expr, ast.HasRoot) else "span_count"
    instead = " (or `is_root`, which asks the span at hand)" if word == "has_root" else ""
    fixes: tuple[Fix, ...] = ()
    if isinstance(expr, ast.HasRoot):
        fixes = (Fix("ask whether this span is a root: `is_root`", (_replace(expr, "is_root"),)),)
    context.report(
        "NEC205",
        expr.source,
        f"`{word}` stands inside a quantifier",
        why="it is about the whole trace, not about one span",
        help=f"put it beside the quantifier: `{word} ... && any(...)`{instead}"
        if word == "span_count"
        else f"put it beside the quantifier: `has_root && any(...)`{instead}",
        fixes=fixes,
    )


def _replace(expr: ast.Expr, text: str) -> Edit:
    return Edit(expr.source, text)
