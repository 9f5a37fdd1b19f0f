"""Tests whose answer depends on the way a value came in.

Owns: NEC571, NEC575, NEC576. Must not know: other conditions of the rule.
Truth: ../shared/reference/refinery-semantics.md, 2.1, 2.2, 2.9, 8 (T26, T29 to T33, T59).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic, Severity
from nectarc.lint.conditions.case import COMPARISONS, MEMBERSHIPS, Case
from nectarc.lint.conditions.fields import is_never_seen
from nectarc.refinery.rules import NUM_DESCENDANTS
from nectarc.semantics.conventions import conventional_type, conventions

_ENDS_IN_LIST: Final = re.compile(r"\\\]\$$")
_EXACT: Final = 2**53  # whole numbers up to it are floats, too


def check_arrivals(case: Case) -> Iterator[Diagnostic]:
    """Check one condition on values that come in another type than the writer thinks of."""
    one = case.condition
    if not one.names or one.field == NUM_DESCENDANTS or any(map(is_never_seen, case.plain_names)):
        return
    yield from _texts(case)
    is_number = isinstance(one.value, int | float) and not isinstance(one.value, bool)
    if case.is_nested and _is_nested_name(case):
        yield from _nested(case)
    elif one.operator in COMPARISONS and is_number and one.datatype not in ("string", "bool"):
        yield from _numbers(case)


def _texts(case: Case) -> Iterator[Diagnostic]:
    one = case.condition
    items = one.value if isinstance(one.value, tuple) else (one.value,)
    wholes = [item for item in items if isinstance(item, int) and not isinstance(item, bool)]
    is_exact = all(abs(whole) <= _EXACT for whole in wholes)
    if one.datatype in ("", "string") and any(
        case.holds(whole) != case.holds(float(whole)) for whole in wholes
    ):
        yield finding(
            "NEC571",
            case.at("Value"),
            "a large number is found or not found depending on how it came in",
            label="1234567 as a float has the text `1.234567e+06`",
            why="without a numeric `Datatype` texts are compared, and JSON numbers are floats",
            help="add `Datatype: int`"
            if is_exact
            else "send it as text: a JSON number of this size is not exact",
            fixes=case.written("add `Datatype: int`", {"Datatype": "int"}, is_safe=False)
            if one.operator in MEMBERSHIPS and is_exact
            else (),
        )
    arrays = [each for each in items if isinstance(each, str) and re.fullmatch(r"\[.+\]", each)]
    if one.operator in MEMBERSHIPS and isinstance(one.value, str):
        arrays = []  # a list in quotes: `conditions.slips`
    is_cut = one.operator == "matches" and _ENDS_IN_LIST.search(str(one.value)) is not None
    if is_cut or any(case.holds(each) != case.holds(each + "\n") for each in arrays):
        yield finding(
            "NEC571",
            case.at("Value"),
            "an OTLP array never has this text: it ends with a line break",
            label="no line break at the end",
            why="arrays come in as JSON text with a line break after it",
            help="take the `$` away" if is_cut else "write `Operator: contains`",
        )


def _is_nested_name(case: Case) -> bool:
    return any(
        "." in name and conventional_type(name) is None and name not in conventions().names
        for name in case.plain_names
    )


def _nested(case: Case) -> Iterator[Diagnostic]:
    one = case.condition
    is_typed = isinstance(one.value, int | float) and one.operator in COMPARISONS
    if is_typed and not one.datatype:
        datatype = "bool" if isinstance(one.value, bool) else "float"
        what = "bool" if isinstance(one.value, bool) else "number"
        yield finding(
            "NEC575",
            case.at("Value"),
            f"a value found inside {case.shown} is always text, which this {what} never meets",
            label="compared without a `Datatype`",
            why="with `CheckNestedFields` the value comes out of JSON as text",
            help=f"add `Datatype: {datatype}`",
            fixes=case.written(f"add `Datatype: {datatype}`", {"Datatype": datatype}, is_safe=True),
        )
    elif not is_typed:
        yield finding(
            "NEC575",
            case.field_place,
            f"{case.shown} is not looked for in attributes that hold JSON as text",
            label="looked up in maps only",
            why="a payload that was sent as text has no fields inside",
            help="send the attribute as a map, or test its text with `contains`",
            severity=Severity.HINT,
        )


def _numbers(case: Case) -> Iterator[Diagnostic]:
    one = case.condition
    if "severity_code" in case.plain_names and not one.datatype:
        yield finding(
            "NEC576",
            case.at("Value"),
            "the node that receives a log cannot compare its `severity_code` without a `Datatype`",
            label="no `Datatype`",
            why="the number has another type there than after a hop to another node",
            help="add `Datatype: int`",
            fixes=case.written("add `Datatype: int`", {"Datatype": "int"}, is_safe=True),
            severity=Severity.WARNING,
        )
    elif one.operator != "!=" and case.holds(None):
        yield finding(
            "NEC576",
            case.at("Operator"),
            "null meets this condition: it is less than every number",
            label="true of null",
            why=f"a span that was sent with {case.shown} = null counts as if it were small",
            help="add `Datatype: float`",
            fixes=case.written("add `Datatype: float`", {"Datatype": "float"}, is_safe=False),
        )
    elif one.datatype == "float":
        return  # a field of fractions comes in as floats
    elif isinstance(one.value, int) and all(conventional_type(n) is None for n in case.plain_names):
        yield finding(
            "NEC576",
            case.at("Value"),
            f"{case.shown} may come in unsigned, which no number here meets",
            label="not compared with unsigned integers",
            why="Go programs that send with libhoney encode whole numbers from 128 on as unsigned",
            help="test the text: `Operator: in` without a `Datatype`, or `starts-with`",
        )
