"""Values that do not fit the datatype, the operator, or what spans hold.

Owns: NEC556, NEC557, NEC558, NEC569, NEC570, NEC573, NEC574. Must not know: other
conditions.
Truth: ../shared/reference/refinery-semantics.md, 1.3, 2.3 to 2.7, 8 (T10 to T12, T24, T25, T27,
T28, T53).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic, Fix, Severity
from nectarc.evaluate.conditions import compile_test, config_float, config_int, config_text
from nectarc.evaluate.values import FALSE_TEXTS, TRUE_TEXTS, to_float
from nectarc.ir.nodes import FieldType
from nectarc.lint.conditions.case import COMPARISONS, MEMBERSHIPS, NEEDLES, ORDERINGS, Case
from nectarc.records import replace
from nectarc.refinery.rules import ConfigValue
from nectarc.refinery.yaml_edits import quoted, replaced
from nectarc.refinery.yaml_nodes import YamlNode, YamlScalar, YamlSequence
from nectarc.semantics.conventions import conventional_type

_YES: Final = frozenset(("yes", "y", "on"))
_NO: Final = frozenset(("no", "n", "off"))
_NO_NUMBER: Final = frozenset((FieldType.STRING, FieldType.BOOL))


def check_values(case: Case) -> Iterator[Diagnostic]:
    """Check `Value` of one condition beside its operator and its datatype."""
    one = case.condition
    if one.value is None or one.operator not in COMPARISONS | MEMBERSHIPS | NEEDLES:
        if one.operator in MEMBERSHIPS:
            yield _dead_membership(case)
        return
    yield from _read_otherwise(case)
    if one.operator in MEMBERSHIPS:
        if one.datatype == "bool" or isinstance(one.value, bool):
            yield _dead_membership(case)
        else:
            yield from _lost_elements(case)
    elif isinstance(one.value, tuple):
        yield _list_as_value(case)
    elif one.operator in COMPARISONS:
        yield from _comparison(case)


def yes_or_no(value: ConfigValue) -> str:
    """Return the YAML bool that a word such as `yes` or `off` stands for; "" for other values."""
    word = value.lower() if isinstance(value, str) else ""
    return "true" if word in _YES else "false" if word in _NO else ""


def _comparison(case: Case) -> Iterator[Diagnostic]:
    one = case.condition
    value, datatype = one.value, one.datatype
    if datatype in ("int", "float"):
        as_number = config_int(value) if datatype == "int" else config_float(value)
        if as_number is None:
            yield _unfit(case, f"`{config_text(value)}` is no {datatype}")
        elif datatype == "int":
            yield from _cut_off(case, as_number)
    elif datatype == "bool":
        if one.operator in ORDERINGS:
            yield _unfit(case, f"`{one.operator}` orders no bools")
        elif config_text(value) not in (*TRUE_TEXTS, *FALSE_TEXTS):
            yield _no_bool(case)
    elif datatype == "string":
        if one.operator in ORDERINGS and to_number(value) is not None:
            yield _ordered_as_text(case)
    elif isinstance(value, str):
        yield from _in_quotes(case, value)


def to_number(value: ConfigValue) -> float | None:
    """Return the number that `value` is or spells; None where it is none, NaN or infinite."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and not value.strip("+-").replace(".", "0", 1)[:1].isdigit():
        return None
    number = config_float(value)
    return number if number is not None and abs(number) < float("inf") else None


def _unfit(case: Case, says: str) -> Diagnostic:
    return finding(
        "NEC556",
        case.at("Value"),
        f"`Datatype: {case.condition.datatype}` is ignored: {says}",
        label="compared without a datatype",
        why="Refinery then compares values of the same type only, so a number never meets a text "
        "and the condition holds for none of the spans it is meant for",
        help="write a `Value` of that datatype, or the operator and the datatype that are meant",
    )


def _no_bool(case: Case) -> Diagnostic:
    word = yes_or_no(case.condition.value)
    return finding(
        "NEC556",
        case.at("Value"),
        f"`{config_text(case.condition.value)}` counts as false: only "
        "`true`, `True`, `TRUE`, `t`, `T` and `1` are true",
        label="no bool",
        why="everything else is false, without a word at start",
        help="write `true` or `false`",
        fixes=case.written(f"write `{word}`", {"Value": word}, is_safe=True) if word else (),
    )


def _cut_off(case: Case, whole: float) -> Iterator[Diagnostic]:
    one = case.condition
    number = to_float(one.value) if isinstance(one.value, int | float) else None
    fix = case.written("compare as floats", {"Datatype": "float"}, is_safe=False)
    if number is not None and number != whole:
        safe = tuple(Fix(each.title, each.edits, is_safe=True) for each in fix)
        yield finding(
            "NEC569",
            case.at("Value"),
            f"`{config_text(one.value)}` with `Datatype: int` is compared as {whole:.0f}",
            label=f"becomes {whole:.0f}",
            why="`int` cuts the fraction off on both sides",
            help="write `Datatype: float`",
            fixes=safe,
        )
        return
    kinds = [conventional_type(name) for name in case.plain_names]
    if not any(kind in (FieldType.FLOAT, FieldType.DURATION_MS) for kind in kinds):
        return
    as_float = compile_test(replace(one, datatype="float"))
    between = (whole - 0.5, whole + 0.5)
    if any(case.holds(each) != as_float(each) for each in between):
        yield finding(
            "NEC569",
            case.at("Datatype"),
            f"`Datatype: int` cuts the fraction of {case.shown} off before it is compared",
            label="1.9 counts as 1",
            why=f"values next to {whole:.0f} are taken or passed by against the operator",
            help="write `Datatype: float`",
            fixes=fix,
            severity=Severity.HINT,
        )


def _ordered_as_text(case: Case) -> Diagnostic:
    one = case.condition
    is_written = isinstance(one.value, int | float)
    return finding(
        "NEC570",
        case.at("Datatype"),
        f"`{one.operator}` of {case.shown} orders text: `60` comes after `500`, `1000` before it",
        label="letter by letter",
        why="numbers of another length than the `Value` fall on the wrong side"
        + (", and spans without the field meet the condition" if case.holds_missing else ""),
        help="write `Datatype: int` or `Datatype: float`",
        fixes=case.written(
            "compare as numbers",
            {"Datatype": "float"},
            is_safe=is_written and not _is_text_field(case),
        ),
    )


def _in_quotes(case: Case, value: str) -> Iterator[Diagnostic]:
    one = case.condition
    number = to_number(value)
    kinds = {conventional_type(name) for name in case.plain_names} - {None}
    if number is None:
        if value in ("true", "false") and FieldType.BOOL in kinds and not case.is_nested:
            yield _quoted(case, "bool", is_certain=True, is_safe=True)
        return
    if case.is_nested or (kinds and kinds <= _NO_NUMBER):
        return
    if not kinds and one.operator not in ORDERINGS and _is_code(value):
        return  # a code such as `007`, put in quotes to keep it as it is
    datatype = "int" if config_int(value) is not None else "float"
    yield _quoted(
        case,
        datatype,
        is_certain=bool(kinds) or one.operator in ORDERINGS,
        is_safe=bool(kinds) and kinds.isdisjoint(_NO_NUMBER),
    )


def _quoted(case: Case, datatype: str, *, is_certain: bool, is_safe: bool) -> Diagnostic:
    what = "bool" if datatype == "bool" else "number"
    text = config_text(case.condition.value)
    return finding(
        "NEC557",
        case.at("Value"),
        f"no {what} meets this condition: `{text}` in quotes is text",
        label="text",
        why=f"without a `Datatype` a {what} and a text cannot be compared, so the condition does "
        f"not hold where {case.shown} is a {what}, not even with `!=`",
        help=f"add `Datatype: {datatype}`, or take the quotes away",
        fixes=case.written(
            f"add `Datatype: {datatype}`",
            {"Datatype": datatype},
            is_safe=is_safe,
        ),
        severity=None if is_certain else Severity.HINT,
    )


def _read_otherwise(case: Case) -> Iterator[Diagnostic]:
    node, one = case.node("Value"), case.condition
    nodes = node.items if isinstance(node, YamlSequence) else (node,)
    is_text = (
        one.operator in NEEDLES
        or one.datatype == "string"
        or (one.operator in MEMBERSHIPS and not one.datatype)
    )
    is_number = one.operator in MEMBERSHIPS and not one.datatype and not _is_text_field(case)
    for each in nodes:
        if not isinstance(each, YamlScalar) or isinstance(each.value, bool | str):
            continue
        if not isinstance(each.value, int | float):
            continue
        if each.text.replace("_", "") == config_text(each.value):
            continue
        digits = each.text.lstrip("+-")
        is_octal = isinstance(each.value, int) and digits[:1] == "0" and digits.isdigit()
        if not (is_text or (is_octal and int(digits) != abs(each.value))):
            continue
        if is_number and not _is_code(digits):
            continue  # `1.0` in a list of numbers: spans give the same text for it
        read = config_text(each.value)
        yield finding(
            "NEC558",
            each.source,
            f"`{each.text}` is read as {read}",
            label=f"{read}, an octal number" if is_octal else f"its text is `{read}`",
            why=f"{case.shown} is compared with `{read}`",
            help=f"write {quoted(each.text)}" if is_text else "write the number without the 0",
            fixes=_in_own_words(case, [one for one in nodes if one is not None]) if is_text else (),
        )


def _is_code(text: str) -> bool:
    """Say whether digits begin with a zero, as ids and zip codes do and numbers do not."""
    return len(text) > 1 and text[0] == "0" and text.isdigit()


def _is_text_field(case: Case) -> bool:
    """Say whether a field holds text although its values look like numbers."""
    return any(
        conventional_type(name) is FieldType.STRING or "version" in name.lower()
        for name in case.plain_names
    )


def _in_own_words(case: Case, nodes: list[YamlNode]) -> tuple[Fix, ...]:
    """Return a fix that quotes all numbers of a value: the elements of a list are of one type."""
    numbers = [node for node in nodes if isinstance(node, YamlScalar)]
    if len(numbers) != len(nodes) or any(isinstance(node.value, bool | str) for node in numbers):
        return ()
    if not all(map(case.can_edit, numbers)):
        return ()
    edits = tuple(replaced(node, quoted(node.text)) for node in numbers)
    is_code = any(_is_code(node.text) for node in numbers)
    return (Fix("put it in quotes", edits, is_safe=is_code or _is_text_field(case)),)


def _list_as_value(case: Case) -> Diagnostic:
    one = case.condition
    better = {"=": "in", "!=": "not-in"}.get(one.operator, "")
    fits = better and one.datatype != "bool"
    return finding(
        "NEC573",
        case.at("Operator"),
        f"`{one.operator}` does not take a list{_of_a_list(case)}",
        label="takes one value",
        why=f"Refinery compares with the text `{config_text(one.value)}`"
        if one.operator in NEEDLES or one.datatype == "string"
        else "a list is compared with no value, and with a bool as if it were false",
        help=f"write `Operator: {better}`" if better else "write one condition for each value",
        fixes=case.written(f"write `{better}`", {"Operator": better}, is_safe=better == "in")
        if fits
        else (),
    )


def _of_a_list(case: Case) -> str:
    """Say what meets a comparison with a list."""
    one = case.condition
    if one.operator in NEEDLES or one.datatype == "string":
        return ""
    if one.datatype == "bool" and one.operator in ("=", "!="):
        return ": the list counts as false"
    return ": only null meets it" if case.holds(None) else ": it holds of no value"


def _dead_membership(case: Case) -> Diagnostic:
    one = case.condition
    better = "=" if one.operator == "in" else "!="
    by = (
        "`Datatype: bool`"
        if one.datatype == "bool"
        else "no `Value`"
        if one.value is None
        else "one bool"
    )
    can_fix = isinstance(one.value, bool) and one.datatype in ("", "bool")
    return finding(
        "NEC574",
        case.at("Operator"),
        f"`{one.operator}` with {by} never holds",
        label="false of every span",
        why="Refinery cannot prepare this test and says nothing; neither `in` nor `not-in` holds",
        help=f"write `Operator: '{better}'` with one value",
        fixes=case.written(f"write `{better}`", {"Operator": quoted(better)}, is_safe=better == "=")
        if can_fix
        else (),
    )


def _lost_elements(case: Case) -> Iterator[Diagnostic]:
    one = case.condition
    if one.datatype not in ("int", "float"):
        return
    convert = config_int if one.datatype == "int" else config_float
    items = one.value if isinstance(one.value, tuple) else (one.value,)
    lost = [config_text(item) for item in items if convert(item) is None]
    if lost:
        yield finding(
            "NEC556",
            case.at("Value"),
            f"`{lost[0]}` is no {one.datatype}, so it is left out of the list",
            label="left out",
            why="Refinery drops such an element and says nothing",
            help="write a number, or `Datatype: string`",
        )
