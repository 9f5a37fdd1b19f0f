"""What a condition says of spans without its field, and of nothing at all.

Owns: NEC550 to NEC554. Must not know: other conditions of the rule.
Truth: ../shared/reference/refinery-semantics.md, 2.5, 2.6, 3.1, 8 (T4 to T8, T51, T52, T54).
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic, Severity
from nectarc.lint.conditions.case import COMPARISONS, NEEDLES, NEGATIVES, ORDERINGS, Case
from nectarc.lint.conditions.values import to_number
from nectarc.refinery.rules import NUM_DESCENDANTS


def check_missing(case: Case) -> Iterator[Diagnostic]:
    """Check one condition on fields that a span may lack."""
    one = case.condition
    if not one.names or one.field == NUM_DESCENDANTS:
        return
    nothing = _nothing_to_compare(case)
    if nothing is not None:
        yield nothing
        return
    if one.operator in NEGATIVES:
        is_dead = one.operator == "not-in" and (
            one.datatype == "bool" or one.value is None or isinstance(one.value, bool)
        )
        if not case.is_span_scope and not case.is_of_root and not is_dead:
            yield _one_span_is_enough(case)
        if case.holds_missing and one.operator != "not-exists" and not case.is_never_missing:
            yield _negative_of_missing(case)
        is_left_out = not case.holds_missing and not case.is_never_missing
        if one.operator == "!=" and is_left_out and case.is_span_scope:
            yield _passes_by(case)
    elif case.holds_missing and not case.is_never_missing and not _is_ordered_as_text(case):
        yield _missing_as_text(case)


def _is_ordered_as_text(case: Case) -> bool:
    """Say whether NEC570 speaks of the condition, and of missing fields in it."""
    one = case.condition
    is_text = one.operator in ORDERINGS and one.datatype == "string"
    return is_text and to_number(one.value) is not None


def _one_span_is_enough(case: Case) -> Diagnostic:
    says = {"not-exists": "lacks it", "!=": "has another value"}.get(
        case.condition.operator, "passes the test"
    )
    return finding(
        "NEC550",
        case.at("Operator"),
        f"one span is enough: any span of the trace that {says} meets "
        f"`{case.condition.operator}` of {case.shown}",
        label="tested at each span, met by one",
        why="with `Scope: trace` a condition holds if some span meets it; that no span has the "
        "field or the value cannot be said this way, and the rule takes traces that have it "
        "elsewhere",
        help="put a rule with the positive test before this one, or test a field of the root "
        "(`root.`)",
    )


def _negative_of_missing(case: Case) -> Diagnostic:
    return finding(
        "NEC551",
        case.at("Operator"),
        f"spans without {case.shown} meet this condition, too"
        + (", and their traces are dropped" if case.drops else ""),
        label="a missing field counts as the text `<nil>`",
        why="span events, links and spans of other services often lack the field, and one of them "
        "is enough for the rule to take the trace",
        help=f"add a condition with `Field: {case.condition.names[0]}` and `Operator: exists`, "
        "with `Scope: span`, if only spans with the field are meant",
        severity=Severity.WARNING if case.drops else None,
    )


def _missing_as_text(case: Case) -> Diagnostic:
    is_meant = "nil" in str(case.condition.value)
    return finding(
        "NEC552",
        case.at("Value"),
        f"spans without {case.shown} meet this condition: a missing field is the text `<nil>`",
        label="also true of `<nil>`",
        why="the rule takes traces that do not have the field at all",
        help="write `Operator: exists` if the field only has to be there, else a test that the "
        "text `<nil>` does not pass",
        severity=Severity.HINT if is_meant else None,
    )


def _passes_by(case: Case) -> Diagnostic:
    return finding(
        "NEC554",
        case.at("Operator"),
        f"spans without {case.shown} do not meet this `!=`",
        label="false where the field is missing",
        why="traffic without the field is not taken by the rule, though its value is not the one "
        "named here",
        help="add `Datatype: string` if spans without the field are meant, too",
    )


def _nothing_to_compare(case: Case) -> Diagnostic | None:
    one = case.condition
    if isinstance(one.value, float) and math.isnan(one.value) and one.operator in COMPARISONS:
        if one.datatype in ("string", "float", "int"):
            return None
        return _empty(case, "NaN counts as equal to every number", "is no number")
    if one.value is None and one.operator in COMPARISONS | NEEDLES:
        return _empty(case, _without_value(case), "`Value` is missing")
    if one.value == "" and one.operator in NEEDLES:
        if one.operator == "does-not-contain":
            return _empty(case, "no span meets it: every text contains the empty one", "empty")
        return _empty(case, "every span meets it, with the field or without", "empty")
    return None


def _without_value(case: Case) -> str:
    operator, datatype = case.condition.operator, case.condition.datatype
    if operator in NEEDLES or datatype == "string":
        return "the text `<nil>` is looked for"
    if datatype == "bool" and operator in ("=", "!="):
        return "an absent `Value` counts as false"
    if case.holds("x"):
        but = "" if case.holds(None) else " but null"
        return f"every value{but} meets it"
    return "only null meets it" if case.holds(None) else "nothing meets it"


def _empty(case: Case, says: str, label: str) -> Diagnostic:
    one = case.condition
    return finding(
        "NEC553",
        case.at("Value") if case.has("Value") else case.at("Operator"),
        f"`{one.operator}` of {case.shown} has nothing to compare with: {says}",
        label=label,
        why="Refinery loads such a condition and says nothing",
        help="write a `Value`, or `Operator: exists` if the field only has to be there",
    )
