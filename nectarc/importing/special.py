"""Names that Refinery treats specially: what conditions on them say, and as which other condition.

Owns: parents, the root, fields that Refinery makes after the decision, the number of spans.
Must not know: text of policies. Truth: ../shared/reference/refinery-semantics.md, 2.9 and 2.10.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from nectarc.evaluate.conditions import compile_test
from nectarc.evaluate.values import MISSING
from nectarc.importing.values import Values
from nectarc.ir import nodes
from nectarc.ir.nodes import StringOp
from nectarc.logic.predicates import condition_test
from nectarc.logic.universe import Sort
from nectarc.records import record, replace
from nectarc.refinery.rules import NUM_DESCENDANTS, ROOT_PREFIX, Condition
from nectarc.semantics.reserved import reserved
from nectarc.trace import ROOT_FIELD, Value

PARENT_NAMES: Final = frozenset({"trace.parent_id", "parentId"})
_AFTER_DECISION: Final = frozenset(
    {
        "meta.span_count",
        "meta.span_event_count",
        "meta.span_link_count",
        "meta.event_count",
        "meta.stressed",
        "meta.refinery.reason",
        "meta.refinery.send_reason",
        "meta.refinery.sample_key",
        "meta.refinery.local_hostname",
        "meta.refinery.original_sample_rate",
        "meta.refinery.final_sample_rate",
        "meta.refinery.probe",
    }
)
_ID: Final = "[0-9a-f]{16}"
_HEX: Final = nodes.SpanTest(nodes.StringTest(nodes.Field((), ""), StringOp.MATCHES, f"^{_ID}$"))
# Conditions that a span without, with a parent meets, that every span, that no span meets.
_ROOT: Final = Condition(field=ROOT_FIELD, operator="=", value=True)
_NOT_ROOT: Final = Condition(field=ROOT_FIELD, operator="not-in", value=("true",))
_EVERY: Final = Condition(operator="not-exists")
_NONE: Final = Condition()
_HAS_ROOT: Final = Condition(field=ROOT_PREFIX + ROOT_FIELD, operator="exists")
_NO_ROOT: Final = Condition(field=ROOT_PREFIX + ROOT_FIELD, operator="not-exists")


@record
class Plain:
    """A condition that says the same under `assumptions`, and names nothing special.

    It names ordinary fields, no field, or is one of: `is_root`, its opposite, "there is a root",
    its opposite; see `root_words`.
    assumptions: (kind, field).
    """

    condition: Condition
    assumptions: tuple[tuple[str, str], ...] = ()


@record
class Unreadable:
    """No policy reads it. `reason` is for people."""

    reason: str


def plain(condition: Condition) -> Plain | Unreadable:
    """Return `condition` without special names, as far as there is such a one."""
    if condition.field == NUM_DESCENDANTS:
        return Plain(condition)
    names = tuple(dict.fromkeys(condition.names))
    if len(names) == 1 and names[0] in PARENT_NAMES:
        return _of_parent(condition, names[0])
    if len(names) == 1 and names[0].removeprefix(ROOT_PREFIX) == ROOT_FIELD:
        return _of_root_field(condition, is_root=names[0] != ROOT_FIELD)
    kept: list[str] = []
    assumptions: list[tuple[str, str]] = []
    for name in names:
        own = name.removeprefix(ROOT_PREFIX)
        refused = reserved(own)
        if name != own and own in PARENT_NAMES:
            assumptions.append(("parent-ids", own))
        elif own in _AFTER_DECISION or own.startswith("?."):
            assumptions.append(("not-sent", own))
        elif refused is not None:
            return Unreadable(f"`{name}` cannot be read by a policy: {refused.why}")
        elif not own:
            return Unreadable(f"`{name}` names a field without a name")
        else:
            kept.append(name)
    if not assumptions and tuple(kept) == condition.names:
        return Plain(condition)
    return Plain(_reading(condition, kept), tuple(assumptions))


def is_parent_id(value: Value) -> bool:
    """Say whether `value` is what OTLP senders have there: 16 digits."""
    return isinstance(value, str) and re.fullmatch(_ID, value) is not None


def root_words(condition: Condition) -> tuple[str, bool] | None:
    """Return ("is_root" or "has_root", whether it is asked for) of a plain condition, else None."""
    if condition == _ROOT:
        return ("is_root", True)
    if condition == _NOT_ROOT:
        return ("is_root", False)
    if condition == _HAS_ROOT:
        return ("has_root", True)
    return ("has_root", False) if condition == _NO_ROOT else None


def _reading(condition: Condition, names: Iterable[str]) -> Condition:
    left = tuple(names)
    if len(left) == 1:
        return replace(condition, field=left[0], fields=())
    return replace(condition, field="", fields=left)


def _of_parent(condition: Condition, name: str) -> Plain | Unreadable:
    """Read it as `meta.refinery.root`: with a parent there is its id, 16 digits, else nothing."""
    asked = condition_test(condition)
    values = Values((asked, _HEX), frozenset({Sort.STRING}), (nodes.SpanNot(_HEX),))
    hex_only = {"with_excluded": False}
    is_met = not values.disagreements(asked, nodes.Constant(True), **hex_only)
    if not is_met and values.disagreements(asked, nodes.Constant(False), **hex_only):
        return Unreadable(f"it asks for more of `{name}` than whether the span has a parent")
    made = _by_root(compile_test(condition)(MISSING), of_others=is_met)
    return Plain(made, (("parent-ids", name),))


def _of_root_field(condition: Condition, *, is_root: bool) -> Plain:
    """Reduce it to what tells roots: true without a parent, else false; logs have none."""
    test = compile_test(condition)
    of_root, of_others, of_logs = test(True), test(False), test(MISSING)
    if is_root:
        if of_root is of_logs:
            return Plain(_EVERY if of_root else _NONE)
        return Plain(_HAS_ROOT if of_root else _NO_ROOT)
    assumed = () if of_others is of_logs else (("parent-ids", ROOT_FIELD),)
    return Plain(_by_root(of_root, of_others=of_others), assumed)


def _by_root(of_root: bool, *, of_others: bool) -> Condition:  # noqa: FBT001 - a truth
    if of_root is of_others:
        return _EVERY if of_root else _NONE
    return _ROOT if of_root else _NOT_ROOT
