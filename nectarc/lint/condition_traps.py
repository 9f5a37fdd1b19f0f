"""Traps of conditions and of the fields that they name.

Owns: the order in which the checks ask, and that a general hint is said once.
Must not know: any single trap.
Truth: ../shared/reference/refinery-semantics.md, sections 2 and 8.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from nectarc.diagnostic import Diagnostic, Label, Severity
from nectarc.lint.condition_fields import check_fields as check_further_fields
from nectarc.lint.condition_scope import check_scope
from nectarc.lint.conditions.arrivals import check_arrivals
from nectarc.lint.conditions.case import case_of
from nectarc.lint.conditions.fields import check_fields
from nectarc.lint.conditions.missing_fields import check_missing
from nectarc.lint.conditions.patterns import check_pattern
from nectarc.lint.conditions.roots import check_roots
from nectarc.lint.conditions.settings import check_settings
from nectarc.lint.conditions.slips import check_slips
from nectarc.lint.conditions.spans import check_spans
from nectarc.lint.conditions.values import check_values
from nectarc.lint.context import LintContext
from nectarc.records import replace
from nectarc.refinery.located import LocatedRule, LocatedTarget

_SAID_ONCE: Final = frozenset(("NEC576",))

_CHECKS = (
    check_settings,
    check_missing,
    check_values,
    check_slips,
    check_pattern,
    check_roots,
    check_fields,
    check_arrivals,
)


def check_conditions(
    rule: LocatedRule, target: LocatedTarget, context: LintContext
) -> Iterator[Diagnostic]:
    """Say what each condition of `rule` does that its writer cannot have meant."""
    yield from folded(_found(rule, target, context))


def folded(found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Say a hint on types of values once, with the other places, after all other findings.

    It holds of every condition of its kind: said at each, it would hide the rest.
    """
    first: dict[tuple[str, str], Diagnostic] = {}
    others: list[Diagnostic] = []
    for one in found:
        if one.code not in _SAID_ONCE or one.severity is not Severity.HINT:
            others.append(one)
            continue
        before = first.setdefault((one.code, one.label), one)
        if before is not one:
            again = (*before.related, Label(one.source, one.headline), *one.related)
            fixes = (*before.fixes, *one.fixes)
            first[one.code, one.label] = replace(before, related=again, fixes=fixes)
    yield from others
    yield from first.values()


def _found(rule: LocatedRule, target: LocatedTarget, context: LintContext) -> Iterator[Diagnostic]:
    cases = [
        case
        for located in rule.conditions
        if (case := case_of(located, rule, target, context)) is not None
    ]
    for case in cases:
        for check in _CHECKS:
            yield from check(case)
    yield from check_spans(cases)
    yield from check_further_fields(rule, target, context)
    yield from check_scope(rule, target, context)
