"""Settings of a condition beside its operator: absent, or never read.

Owns: NEC561, NEC572. Must not know: what values mean.
Truth: ../shared/reference/refinery-semantics.md, 2.5, 2.6, 2.8, 8 (T16).
"""

from __future__ import annotations

from collections.abc import Iterator

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic, Fix, Severity
from nectarc.lint.conditions.case import NEEDLES, Case
from nectarc.refinery.located import key_place
from nectarc.refinery.rules import HAS_ROOT_SPAN
from nectarc.refinery.yaml_edits import without_setting


def check_settings(case: Case) -> Iterator[Diagnostic]:
    """Check which settings one condition has."""
    operator = case.condition.operator
    if not operator:
        yield _no_operator(case)
        return
    unread: tuple[str, ...] = ()
    if operator in ("exists", "not-exists"):
        unread = ("Value", "Datatype")
    elif operator in NEEDLES and case.condition.datatype != "string":
        unread = ("Datatype",)
    elif operator == HAS_ROOT_SPAN:
        unread = ("Field", "Fields", "Datatype")
    if operator in ("exists", "not-exists") and case.condition.value in (False, "false"):
        yield _says_the_opposite(case)
        unread = ("Datatype",)
    for key in unread:
        if case.has(key):
            yield _unread(case, key)


def _no_operator(case: Case) -> Diagnostic:
    value = case.condition.value
    better = "exists" if value is None else "in" if isinstance(value, tuple) else "'='"
    return finding(
        "NEC561",
        case.located.place,
        f"the rule never matches: the condition on {case.shown} has no `Operator`",
        label="no `Operator`",
        why="a condition without an operator holds of nothing",
        help=f"add `Operator: {better}`, or the operator that is meant",
        fixes=case.written(f"add `Operator: {better}`", {"Operator": better}, is_safe=False),
    )


def _says_the_opposite(case: Case) -> Diagnostic:
    operator = case.condition.operator
    better = "not-exists" if operator == "exists" else "exists"
    return finding(
        "NEC572",
        case.at("Value"),
        f"`{operator}` does not read `Value: false`: the condition says the opposite",
        label="not read",
        why=f"spans meet it where {case.shown} {'is there' if operator == 'exists' else 'is not'}",
        help=f"write `Operator: {better}` without a `Value`",
        fixes=_turned(case, better),
        severity=Severity.WARNING,
    )


def _turned(case: Case, operator: str) -> tuple[Fix, ...]:
    """Return a fix that writes `operator` and takes `Value` away; () where it cannot do both."""
    node, text = case.located.node, case.context.text
    edit = without_setting(text, node, "Value") if text is not None and node is not None else None
    title = f"write `{operator}`"
    return tuple(
        Fix(title, (*fix.edits, edit), is_safe=False)
        for fix in case.written(title, {"Operator": operator}, is_safe=False)
        if edit is not None
    )


def _unread(case: Case, key: str) -> Diagnostic:
    node, text = case.located.node, case.context.text
    edit = without_setting(text, node, key) if text is not None and node is not None else None
    return finding(
        "NEC572",
        key_place(node, key) or case.at(key),
        f"`{case.condition.operator}` does not read `{key}`",
        label="not read",
        why="the condition says the same without it",
        help=f"take `{key}` away, or write the operator that was meant",
        fixes=(Fix(f"take `{key}` away", (edit,), is_safe=True),) if edit is not None else (),
    )
