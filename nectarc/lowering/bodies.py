"""The conditions of one Refinery rule, and which of them, and of the rules, are needless.

Owns: what conditions on the same value say of each other, and of rules below. It matters where a
test is said by alternatives ("below 200, or missing"): some contradict the other conditions, some
stand twice. Must not know: clauses, policies.
Truth: ../shared/reference/refinery-semantics.md, 2.5 and 3.1.
"""

from __future__ import annotations

from collections.abc import Sequence

from nectarc.evaluate.conditions import compile_test
from nectarc.evaluate.values import MISSING
from nectarc.records import record
from nectarc.refinery.rules import Condition


@record
class Body:
    """Scope and conditions of one rule; `is_span_scope` False is Refinery's default, trace."""

    is_span_scope: bool
    conditions: tuple[Condition, ...]


def consistent(conditions: Sequence[Condition]) -> tuple[Condition, ...] | None:
    """Leave out what the others say too; None where no value meets all that are on its field.

    conditions: those that look at the same span.
    """
    groups: dict[tuple[str, ...], list[Condition]] = {}
    for condition in dict.fromkeys(conditions):
        groups.setdefault(condition.names, []).append(condition)
    needless: set[Condition] = set()
    for group in groups.values():
        if len(group) > 1:
            if _is_contradiction(group):
                return None
            needless.update(one for one in group if _is_implied(one, group))
    return tuple(one for one in dict.fromkeys(conditions) if one not in needless)


def live(lists: Sequence[Sequence[Body]]) -> list[tuple[Body, ...]]:
    """Leave out bodies of alternatives for which an earlier rule has matched already.

    lists: the bodies of each clause, in order of the rules. Only clauses of several bodies have
    such: the order of clauses leaves out what can never decide.
    """
    if all(len(bodies) <= 1 for bodies in lists):
        return [tuple(bodies) for bodies in lists]
    above: list[Body] = []
    result: list[tuple[Body, ...]] = []
    for bodies in lists:
        kept: list[Body] = []
        for body in bodies:
            if len(bodies) > 1 and any(_covers(one, body) for one in above):
                continue
            kept.append(body)
            above.append(body)
        result.append(tuple(kept))
    return result


def _covers(above: Body, body: Body) -> bool:
    """Say whether `above` matches every trace of `body`: fewer conditions, no stricter scope."""
    if above.is_span_scope and not body.is_span_scope:
        return False
    return set(above.conditions) <= set(body.conditions)


def _is_contradiction(group: Sequence[Condition]) -> bool:
    return any(
        (_is_absence(one) and not compile_test(other)(MISSING))
        or (_is_null(one) and not compile_test(other)(None))
        for one in group
        for other in group
        if other != one
    )


def _is_implied(condition: Condition, group: Sequence[Condition]) -> bool:
    others = [one for one in group if one != condition]
    needs_field = any(not compile_test(one)(MISSING) for one in others)
    if condition.operator == "exists":
        return needs_field
    # `>` without a Value says that the field is there and not null.
    is_guard = condition.operator == ">" and condition.value is None and not condition.datatype
    return is_guard and needs_field and any(not compile_test(one)(None) for one in others)


def _is_absence(condition: Condition) -> bool:
    return condition.operator == "not-exists"


def _is_null(condition: Condition) -> bool:
    return condition.operator == "=" and condition.value is None and not condition.datatype
