"""What Refinery's rules ask, as formulas.

Owns: the translation. Must not know: policies, solvers, actions.
Truth: `nectarc/evaluate/conditions.py` and `refinery_rules.py`; ../shared/reference/
refinery-semantics.md, 2.8, 2.9 and 3.1. `CheckNestedFields` is not read: fields are flat.
"""

from __future__ import annotations

from nectarc.evaluate.conditions import compile_test, config_bool
from nectarc.evaluate.values import MISSING
from nectarc.logic.formula import (
    FALSE,
    TRUE,
    And,
    Constant,
    CountTest,
    Formula,
    HasRoot,
    Not,
    Or,
    RootTest,
    SomeSpan,
    SpanTest,
)
from nectarc.logic.policy_formula import first_present
from nectarc.logic.predicates import condition_test
from nectarc.refinery.rules import HAS_ROOT_SPAN, NUM_DESCENDANTS, ROOT_PREFIX, Condition, Rule


def formula_of_rule(rule: Rule) -> Formula:
    """Return the formula that holds of a trace exactly when `rule` matches it, fields read flat.

    No condition may be null: such a file ends Refinery's process (`target_start_exit`).
    """
    if rule.conditions is None or rule.scope not in ("", "trace", "span"):
        return TRUE  # a scope that Refinery does not know matches everything
    conditions = [condition for condition in rule.conditions if condition is not None]
    if rule.scope == "span":
        if any(condition.operator == HAS_ROOT_SPAN for condition in conditions):
            return FALSE
        return SomeSpan(And(tuple(map(formula_of_condition, conditions))))
    return And(tuple(map(_in_trace_scope, conditions)))


def formula_of_condition(condition: Condition) -> Formula:
    """Return what `condition`, not `has-root-span`, says of the span at hand."""
    predicate = condition_test(condition)
    if condition.field == NUM_DESCENDANTS:
        return CountTest(predicate)
    on_missing = Constant(compile_test(condition)(MISSING))
    names = tuple(
        (RootTest, name.removeprefix(ROOT_PREFIX))
        if name.startswith(ROOT_PREFIX)
        else (SpanTest, name)
        for name in condition.names
    )
    if len(names) != 1:
        return first_present(names, predicate, on_missing)
    place, name = names[0]
    if place is SpanTest or not on_missing.value:
        return place(name, predicate)
    return Or((RootTest(name, predicate), Not(HasRoot())))


def _in_trace_scope(condition: Condition) -> Formula:
    if condition.operator == HAS_ROOT_SPAN:
        return HasRoot() if config_bool(condition.value) else Not(HasRoot())
    return SomeSpan(formula_of_condition(condition))
