"""Traps of conditions and of the fields that they name.

Owns: the order in which the checks ask. Must not know: any single trap.
Truth: ../shared/reference/refinery-semantics.md, sections 2 and 8.
"""

from __future__ import annotations

from collections.abc import Iterator

from nectarc.diagnostic import Diagnostic
from nectarc.lint.conditions.arrivals import check_arrivals
from nectarc.lint.conditions.case import case_of
from nectarc.lint.conditions.fields import check_fields
from nectarc.lint.conditions.missing_fields import check_missing
from nectarc.lint.conditions.patterns import check_pattern
from nectarc.lint.conditions.roots import check_roots
from nectarc.lint.conditions.settings import check_settings
from nectarc.lint.conditions.spans import check_spans
from nectarc.lint.conditions.values import check_values
from nectarc.lint.context import LintContext
from nectarc.refinery.located import LocatedRule, LocatedTarget

_CHECKS = (
    check_settings,
    check_missing,
    check_values,
    check_pattern,
    check_roots,
    check_fields,
    check_arrivals,
)


def check_conditions(
    rule: LocatedRule, target: LocatedTarget, context: LintContext
) -> Iterator[Diagnostic]:
    """Say what each condition of `rule` does that its writer cannot have meant."""
    cases = [
        case
        for located in rule.conditions
        if (case := case_of(located, rule, target, context)) is not None
    ]
    for case in cases:
        for check in _CHECKS:
            yield from check(case)
    yield from check_spans(cases)
