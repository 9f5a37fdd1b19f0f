"""`all(e)` where span events make `e` false: they lack what only spans have.

Owns: NEC207 and the table of fields that events lack. Must not know: rules.
Truth: ../shared/reference/refinery-semantics.md, 6.2 and 6.3; docs/language.md, section 3, end.
"""

from __future__ import annotations

from typing import Final

from nectarc.diagnostic import Severity
from nectarc.ir import nodes as ir
from nectarc.semantics.context import Context
from nectarc.syntax import ast

# What Refinery's OTLP translation puts on spans, and on neither their events nor their links.
_SPAN_ONLY: Final = frozenset(
    [
        "duration_ms",
        "status_code",
        "status_message",
        "span.kind",
        "type",
        "span.num_events",
        "span.num_links",
        "trace.span_id",
        "trace.trace_state",
        "meta.invalid_duration",
    ]
)

# Conventions for attributes of spans; events have attributes of their own.
_SPAN_GROUPS: Final = frozenset(["db", "faas", "http", "messaging", "net", "rpc", "url"])


def check_all_over_events(expr: ast.Quantified, body: ir.SpanExpr, context: Context) -> None:
    """Warn where a span event, which lacks such fields, makes the body of `all` false."""
    if _on_event(body) is not False:
        return
    # An event may carry an attribute of its own that conventions give to spans: only a hint then.
    is_certain = _on_event(body, certain_only=True) is False
    names = sorted({name for test in _tests(body) for name in _lacking(test)})
    if not names:
        return
    context.report(
        "NEC207",
        expr.source,
        f"`all` over {', '.join(f'`{name}`' for name in names)}: span events lack it",
        label="false for every trace that has a span event or a link",
        why="Refinery counts span events and links as spans, and a missing field makes a test "
        "false",
        help="write `none(...)` with the opposite test: it says nothing about spans without it",
        severity=None if is_certain else Severity.HINT,
    )


def _on_event(body: ir.SpanExpr, *, certain_only: bool = False) -> bool | None:
    """Return the body's value on a span event, None where that depends on the event."""
    match body:
        case ir.Constant():
            return body.value
        case ir.SpanTest():
            return False if _lacking(body.test, certain_only=certain_only) else None
        case ir.SpanNot():
            value = _on_event(body.operand, certain_only=certain_only)
            return None if value is None else not value
        case ir.SpanAnd():
            values = {_on_event(one, certain_only=certain_only) for one in body.operands}
            return False if False in values else (True if values == {True} else None)
        case ir.SpanOr():
            values = {_on_event(one, certain_only=certain_only) for one in body.operands}
            return True if True in values else (False if values == {False} else None)
        case _:
            return None


def _lacking(test: ir.Test, *, certain_only: bool = False) -> tuple[str, ...]:
    """Return the name of the test's field if events lack all that it reads."""
    is_lacking = all(
        name in _SPAN_ONLY or (not certain_only and name.partition(".")[0] in _SPAN_GROUPS)
        for name in test.field.spellings
    )
    return (test.field.name,) if is_lacking else ()


def _tests(body: ir.SpanExpr) -> list[ir.Test]:
    match body:
        case ir.SpanTest():
            return [body.test]
        case ir.SpanNot():
            return _tests(body.operand)
        case ir.SpanAnd() | ir.SpanOr():
            return [test for one in body.operands for test in _tests(one)]
        case _:
            return []
