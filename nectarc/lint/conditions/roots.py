"""Conditions on the root span, and fields with ids.

Owns: NEC559, NEC560, NEC565, NEC566. Must not know: values of other fields.
Truth: ../shared/reference/refinery-semantics.md, 2.8 to 2.10, 8 (T13 to T15, T20, T21).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic, Fix
from nectarc.evaluate.conditions import config_bool, config_text
from nectarc.evaluate.values import FALSE_TEXTS, TRUE_TEXTS
from nectarc.lint.conditions.case import NEGATIVES, Case
from nectarc.lint.conditions.values import yes_or_no
from nectarc.refinery.main_config import MainConfig
from nectarc.refinery.rules import HAS_ROOT_SPAN, ROOT_PREFIX, Condition

# Words for a span without a parent. Any other text may be an id: libhoney's are free (`id1`).
_NO_PARENT: Final = frozenset(("root", "none", "null", "nil", "<nil>", "-", "0"))


def check_roots(case: Case) -> Iterator[Diagnostic]:
    """Check one condition on the root span or on ids."""
    one = case.condition
    if one.operator == HAS_ROOT_SPAN:
        if case.is_span_scope:
            yield _in_span_scope(case)
        if config_text(one.value) not in (*TRUE_TEXTS, *FALSE_TEXTS):
            yield _asks_for_rootless(case)
        return
    if one.operator == "not-exists" and case.is_of_root and not _needs_root(case):
        yield _missing_with_root(case)
    yield from _ids(case)


def _in_span_scope(case: Case) -> Diagnostic:
    return finding(
        "NEC560",
        case.at("Operator"),
        "the rule never matches: `has-root-span` holds of no span",
        label="asks the trace, not a span",
        why="with `Scope: span` one span must meet every condition, and this one no span meets",
        help="take `Scope: span` away, or test `meta.refinery.root` = true for the root itself",
    )


def _asks_for_rootless(case: Case) -> Diagnostic:
    value = case.condition.value
    word = yes_or_no(value)
    shown = "without a `Value`" if value is None else f"with `{config_text(value)}`"
    return finding(
        "NEC559",
        case.at("Value") if case.has("Value") else case.at("Operator"),
        f"`has-root-span` {shown} asks for traces that have no root",
        label="counts as false",
        why="only `true` asks for a root; everything else, `yes` and an absent `Value` too, counts "
        "as false",
        help="write `Value: true` for traces with a root, `Value: false` for those without",
        fixes=case.written(
            f"write `Value: {word or 'true'}`", {"Value": word or "true"}, is_safe=bool(word)
        )
        if value is None or word
        else (),
    )


def _needs_root(case: Case) -> bool:
    return any(
        _proves_root(other)
        for other in case.rule.conditions or ()
        if other is not None and other is not case.condition
    )


def _proves_root(one: Condition) -> bool:
    if one.operator == HAS_ROOT_SPAN:
        return config_bool(one.value)
    of_root = bool(one.names) and all(name.startswith(ROOT_PREFIX) for name in one.names)
    return of_root and one.operator not in NEGATIVES


def _missing_with_root(case: Case) -> Diagnostic:
    return finding(
        "NEC565",
        case.field_place,
        f"traces whose root has not come in meet this condition: {case.shown} is missing with it",
        label="missing where there is no root",
        why="the rule takes incomplete traces, whatever their root holds",
        help="add a condition with `Operator: has-root-span` and `Value: true`",
    )


def _ids(case: Case) -> Iterator[Diagnostic]:
    config = case.context.config or MainConfig(file="")
    hidden = [n for n in case.plain_names if n in (*config.parent_names, *config.trace_names)]
    if not hidden:
        return
    one = case.condition
    is_parent = hidden[0] in config.parent_names
    text = one.value if isinstance(one.value, str) else ""
    if is_parent and one.operator in ("=", "in") and text.lower() in _NO_PARENT:
        yield finding(
            "NEC566",
            case.at("Value"),
            f"no span meets this condition: `{hidden[0]}` holds the id of a span, never `{text}`",
            label="no id",
            why="a root span has no such field; the rule is dead",
            help="for the root span write `Field: meta.refinery.root`, `Operator: '='` and "
            "`Value: true`",
            fixes=_by_flag(case, is_root=True),
        )
    elif case.context.release.hides_parent_ids and not is_parent:
        yield finding(
            "NEC566",
            case.field_place,
            f"Refinery hides `{hidden[0]}` of spans that a client sent to `/1/batch`: there this "
            "condition reads a missing field",
            label="hidden from `/1/batch`",
            why="the same trace is decided otherwise by the path that its spans came in on",
            help="test a field of the spans; to keep a share of traces by their id, write "
            "`DeterministicSampler`",
        )
    elif case.context.release.hides_parent_ids:
        by_flag = one.operator in ("exists", "not-exists") and is_parent and len(one.names) == 1
        yield finding(
            "NEC566",
            case.field_place,
            f"Refinery hides `{hidden[0]}` on some paths: there this condition reads a missing "
            "field",
            label="hidden after a hop between nodes, and from `/1/batch`",
            why="every span that another node passed on looks like a root here, so the same trace "
            "is decided otherwise on two nodes",
            help="for the root span write `Field: meta.refinery.root`, `Operator: '='` and "
            "`Value: true`, or read its fields with `root.`; for the trace, `has-root-span`",
            fixes=_by_flag(case, is_root=one.operator == "not-exists") if by_flag else (),
        )


def _by_flag(case: Case, *, is_root: bool) -> tuple[Fix, ...]:
    if case.condition.fields:
        return ()
    settings = {"Field": "meta.refinery.root", "Operator": "'='", "Value": str(is_root).lower()}
    return case.written("ask `meta.refinery.root`", settings, is_safe=False)
