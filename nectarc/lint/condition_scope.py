"""A range that is written as two conditions, which two spans may meet.

Owns: the case of NEC577 with one field. Must not know: rules with several fields
(`conditions.spans`).
Truth: ../shared/reference/refinery-semantics.md, 3.1, 8 (T34); the manifest's remark on
`martinjt_eventhubs.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic, Fix, Label
from nectarc.evaluate.conditions import config_float
from nectarc.lint.conditions.case import NEGATIVES, ORDERINGS, Case, case_of
from nectarc.lint.context import LintContext
from nectarc.refinery.located import LocatedRule, LocatedTarget
from nectarc.refinery.rules import HAS_ROOT_SPAN, NUM_DESCENDANTS
from nectarc.refinery.yaml_edits import replaced, with_setting

_FROM_BELOW: Final = frozenset((">", ">="))


def check_scope(
    rule: LocatedRule, target: LocatedTarget, context: LintContext
) -> Iterator[Diagnostic]:
    """Report a range that a rule with `Scope: trace` asks of no single span."""
    if rule.rule is None or rule.rule.scope == "span":
        return
    made = [case_of(one, rule, target, context) for one in rule.conditions]
    cases = [case for case in made if case is not None and _is_of_a_span(case)]
    if len({case.plain_names for case in cases}) != 1:
        return  # several fields: `conditions.spans` says it of all conditions together
    bounds = [case for case in cases if case.condition.operator in ORDERINGS]
    lower = next((one for one in bounds if one.condition.operator in _FROM_BELOW), None)
    upper = next((one for one in bounds if one.condition.operator not in _FROM_BELOW), None)
    if lower is None or upper is None or not _is_range(lower, upper):
        return
    first, second = sorted((lower, upper), key=lambda one: one.located.index)
    yield finding(
        "NEC577",
        second.field_place,
        f"two spans of a trace may meet this range of {first.shown}, one at each end",
        label="met by this or another span",
        why="with `Scope: trace` one span above the lower bound and another below the upper one "
        "are enough, even if no span lies between",
        help="write `Scope: span` if one span is to lie within the range",
        related=(Label(first.field_place, "met by one span"),),
        fixes=_as_span_scope(rule, context),
    )


def _is_of_a_span(case: Case) -> bool:
    one = case.condition
    return (
        bool(one.names)
        and one.field != NUM_DESCENDANTS
        and one.operator not in (*NEGATIVES, HAS_ROOT_SPAN, "")
        and not case.is_of_root
    )


def _is_range(lower: Case, upper: Case) -> bool:
    """Say whether the two bounds are numbers with room between them."""
    least, most = config_float(lower.condition.value), config_float(upper.condition.value)
    return least is not None and most is not None and least <= most


def _as_span_scope(rule: LocatedRule, context: LintContext) -> tuple[Fix, ...]:
    """Offer `Scope: span`; not where a condition asks the trace, which no span then meets."""
    if rule.node is None or context.text is None or rule.rule is None:
        return ()
    if any(one is not None and one.operator == HAS_ROOT_SPAN for one in rule.rule.conditions or ()):
        return ()
    scope = rule.node.get("Scope")
    edit = (
        with_setting(context.text, rule.node, "Scope", "span")
        if scope is None
        else replaced(scope, "span")
    )
    return () if edit is None else (Fix("write `Scope: span`", (edit,)),)
