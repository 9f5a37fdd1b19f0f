"""Conditions of one rule beside each other: met by one span or by several.

Owns: NEC577, NEC578. Must not know: what the conditions compare.
Truth: ../shared/reference/refinery-semantics.md, 3.1, 8 (T34, T35).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic, Label
from nectarc.lint.conditions.case import NEGATIVES, Case
from nectarc.refinery.rules import NUM_DESCENDANTS

# A span of one of these kinds of work is none of another.
_FAMILIES: Final = ("http.", "db.", "messaging.")


def check_spans(cases: Sequence[Case]) -> Iterator[Diagnostic]:
    """Check the conditions of one rule together."""
    of_spans = [case for case in cases if _is_of_a_span(case)]
    names = {case.plain_names for case in of_spans}
    if len(names) < 2 or not of_spans:
        return
    if of_spans[0].is_span_scope:
        yield from _families(of_spans)
        return
    first, *others = of_spans
    yield finding(
        "NEC577",
        first.field_place,
        "different spans of a trace may meet the conditions of this rule",
        label="met by one span",
        why="with `Scope: trace` a rule matches if each condition is met by some span",
        help="write `Scope: span` if one span is to meet all of them",
        related=tuple(Label(each.field_place, "met by this or another span") for each in others),
    )


def _is_of_a_span(case: Case) -> bool:
    one = case.condition
    return (
        bool(one.names)
        and one.field != NUM_DESCENDANTS
        and one.operator not in NEGATIVES
        and not any(name.startswith("root.") for name in one.names)
        and one.operator != "has-root-span"
    )


def _families(cases: Sequence[Case]) -> Iterator[Diagnostic]:
    found: dict[str, Case] = {}
    for case in cases:
        families = {f for f in _FAMILIES for name in case.plain_names if name.startswith(f)}
        if len(families) == 1:
            found.setdefault(families.pop(), case)
    if len(found) > 1:
        (first, one), (second, other), *_ = found.items()
        yield finding(
            "NEC578",
            one.field_place,
            f"hardly any span has fields of both `{first}*` and `{second}*`",
            label=f"of a span of `{first}*`",
            why="with `Scope: span` one span has to meet every condition",
            help="read the field of the root span with `root.`, or take `Scope: span` away",
            related=(Label(other.field_place, f"of a span of `{second}*`"),),
        )
