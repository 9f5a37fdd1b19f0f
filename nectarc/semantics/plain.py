"""Plain quantifiers: which bare tests have two readings, and how each is written.

Owns: NEC201 and NEC202 and their fixes. Must not know: types, names.
Truth: docs/language.md, section 3, "Quantifiers must be plain".
"""

from __future__ import annotations

from nectarc.diagnostic import Edit, Fix
from nectarc.semantics.context import Context
from nectarc.semantics.readings import each, joint, opposite_of, raw_group
from nectarc.semantics.shape import is_negative, is_spannable
from nectarc.source import SourceSpan
from nectarc.syntax.ast import And, AnyTest, Not


def report_negative_test(test: AnyTest, context: Context) -> None:
    """Report `f != 'x'` and its relatives outside a quantifier."""
    fixes = [_around(f"some span differs: `any({_short(test, context)})`", test.source, "any")]
    opposite = opposite_of(test, context)
    if opposite:
        fixes.append(
            Fix(f"no span has it: `none({opposite})`", (Edit(test.source, f"none({opposite})"),))
        )
    context.report(
        "NEC201",
        test.source,
        "a negative test of no particular span has two readings",
        label="some span differs, or no span equals?",
        why="the two keep different traces: most traces have a span that differs",
        help="" if len(fixes) > 1 else "write `any(...)` or `none(...)`",
        fixes=tuple(fixes),
    )


def report_negation(node: Not, context: Context) -> None:
    """Report `!` before a part that holds a bare span test."""
    operand = node.operand
    fixes: tuple[Fix, ...] = ()
    if is_spannable(operand):
        inner = raw_group(operand, context, strip=True)
        if inner:
            none = (Edit(node.source, f"none({inner})"),)
            fixes = (
                _around("some span does not: `any(!...)`", node.source, "any"),
                Fix(f"no span does: `none({inner})`", none),
            )
    else:
        no_span = each(operand, "any", context)
        not_all = each(operand, "all", context)
        if no_span and not_all:
            fixes = (
                Fix("some span does not", (Edit(node.source, f"!({not_all})"),)),
                Fix("no span does", (Edit(node.source, f"!({no_span})"),)),
            )
    context.report(
        "NEC201",
        node.source,
        "`!` before a test of no particular span has two readings",
        label="some span does not, or no span does?",
        why="the two keep different traces: most traces have a span that does not",
        help="" if fixes else "write `any(!...)` or `none(...)`",
        fixes=fixes,
    )


def report_conjunction(node: And, context: Context) -> None:
    """Report `&&` between two parts that both hold bare span tests."""
    fixes: list[Fix] = []
    one_span = joint(node, context)
    if one_span:
        fixes.append(Fix(f"one span has both: `{one_span}`", (Edit(node.source, one_span),)))
    shared = each(node, "any", context)
    if shared:
        fixes.append(Fix(f"two spans may share it: `{shared}`", (Edit(node.source, shared),)))
    if any(is_negative(operand) for operand in node.operands):
        none = each(node, "any", context, negatives="none")
        if none and none != shared:
            fixes.append(Fix(f"no span has what is negated: `{none}`", (Edit(node.source, none),)))
    context.report(
        "NEC202",
        node.source,
        "`&&` between tests of no particular span has two readings",
        label="one span has both, or two spans share it?",
        why="the second keeps traces in which the two have nothing to do with each other",
        help="" if fixes else "write `any(a && b)` or `any(a) && any(b)`",
        fixes=tuple(fixes),
    )


def _around(title: str, source: SourceSpan, word: str) -> Fix:
    start = SourceSpan(source.file, source.start, source.start)
    end = SourceSpan(source.file, source.end, source.end)
    return Fix(title, (Edit(start, f"{word}("), Edit(end, ")")))


def _short(test: AnyTest, context: Context) -> str:
    return context.raw(test.source) or "..."
