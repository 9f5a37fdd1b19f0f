"""One test of a field: its type, its literal, what it means.

Owns: syntax test -> IR test. Must not know: quantifiers, rules.
Truth: docs/language.md, section 3 ("Meaning", "Types").
"""

from __future__ import annotations

from typing import assert_never

from nectarc.diagnostic import Edit, Fix
from nectarc.ir.nodes import (
    BoolTest,
    Exists,
    Field,
    FieldType,
    NumberIn,
    NumberOp,
    NumberTest,
    StringIn,
    StringOp,
    StringTest,
    Test,
)
from nectarc.semantics.context import Context
from nectarc.semantics.field_fixes import declare
from nectarc.semantics.fields import resolve
from nectarc.semantics.literals import number_value, report_misfit
from nectarc.semantics.types import article, kind_of
from nectarc.source import SourceSpan
from nectarc.syntax.ast import (
    AnyTest,
    BareTest,
    BoolLiteral,
    CompareOp,
    CompareTest,
    ExistsTest,
    MemberTest,
    StringLiteral,
    TextOp,
    TextTest,
)


def elaborate_test(test: AnyTest, context: Context) -> Test | None:
    """Return the typed test; None after an error (said)."""
    field = resolve(test.field, context)
    if field is None:
        return None
    match test:
        case ExistsTest():
            return Exists(field)
        case BareTest():
            _note_constant(test, context)
            return _bare(field, test.source, context)
        case CompareTest():
            return _compare(field, test, context)
        case MemberTest():
            return _member(field, test, context)
        case TextTest():
            return _text(field, test, context)
        case _:
            assert_never(test)


# How other tools and languages write what matches every trace, or none.
_CONSTANTS = {
    "true": "true",
    "false": "false",
    "else": "true",
    "otherwise": "true",
    "default": "true",
}


def _note_constant(test: BareTest, context: Context) -> None:
    """Warn of `TRUE` and `else`, which are fields like any other name."""
    field = test.field
    constant = _CONSTANTS.get(field.name.casefold())
    if constant is None or field.is_root or field.is_quoted:
        return
    if context.fields.is_declared(field.name):
        return
    context.report(
        "NEC115",
        field.source,
        f"`{field.name}` is read as the name of a field",
        why="a test on a field that no span has is false, and its rule never fires",
        help=f"write `{constant}`; if there is such a field, put its name in backticks",
        fixes=(Fix(f"write `{constant}`", (Edit(field.source, constant),)),),
    )


def _bare(field: Field, source: SourceSpan, context: Context) -> Test | None:
    if field.type in (None, FieldType.BOOL):
        return BoolTest(field, True, False)
    assert field.type is not None
    context.report(
        "NEC106",
        source,
        f"`{field.name}` is {article(field.type)}, not true or false",
        label="a name alone means `== true`",
        why="a test that can never be true keeps nothing",
        help="compare it with a value, or ask `exists(...)`",
        fixes=declare(field, FieldType.BOOL, context),
    )
    return None


def _compare(field: Field, test: CompareTest, context: Context) -> Test | None:
    literal = test.literal
    type_ = field.type
    if type_ is FieldType.BOOL or (type_ is None and isinstance(literal, BoolLiteral)):
        if not isinstance(literal, BoolLiteral):
            report_misfit(field, literal, context)
            return None
        if test.op not in (CompareOp.EQ, CompareOp.NE):
            _refuse_kind(field, test.source, f"`{test.op.value}`", FieldType.STRING, context)
            return None
        return BoolTest(field, literal.value, test.op is CompareOp.NE)
    if type_ is FieldType.STRING or (type_ is None and isinstance(literal, StringLiteral)):
        if not isinstance(literal, StringLiteral):
            report_misfit(field, literal, context)
            return None
        return StringTest(field, StringOp(test.op.value), literal.value)
    value = number_value(field, literal, context)
    if value is None:
        return None
    _note_status_code(field, test, value, context)
    return NumberTest(field, NumberOp(test.op.value), value)


def _member(field: Field, test: MemberTest, context: Context) -> Test | None:
    first = test.literals[0]
    for literal in test.literals[1:]:
        if kind_of(literal) != kind_of(first):
            context.report(
                "NEC107",
                literal.source,
                f"a list of {kind_of(first)} and {kind_of(literal)}",
                label=f"the list begins with a {kind_of(first)}",
                why="the type of the list says how the values of the field are compared",
                help="write values of one type, and join two lists by `||`",
            )
            return None
    type_ = field.type
    if type_ is FieldType.BOOL or (type_ is None and isinstance(first, BoolLiteral)):
        _refuse_kind(field, test.source, "`in`", FieldType.STRING, context)
        return None
    if type_ is FieldType.STRING or (type_ is None and isinstance(first, StringLiteral)):
        texts: list[str] = []
        for literal in test.literals:
            if not isinstance(literal, StringLiteral):
                report_misfit(field, literal, context)
                return None
            texts.append(literal.value)
        return StringIn(field, tuple(texts), test.is_negated)
    values: list[float] = []
    for literal in test.literals:
        value = number_value(field, literal, context)
        if value is None:
            return None
        values.append(value)
    if any(value > 2 for value in values):
        _note_status_code(field, test, max(values), context)
    return NumberIn(field, tuple(values), test.is_negated)


def _text(field: Field, test: TextTest, context: Context) -> Test | None:
    literal = test.literal
    if not isinstance(literal, StringLiteral):
        written = context.raw(literal.source)
        context.report(
            "NEC110",
            literal.source,
            f"`{test.op.value}` needs a text, not a {kind_of(literal)}",
            why="it looks at the text of the value, letter by letter",
            fixes=(Fix("quote it", (Edit(literal.source, f"'{written}'"),)),) if written else (),
        )
        return None
    if field.type not in (None, FieldType.STRING):
        _refuse_kind(field, test.source, f"`{test.op.value}`", FieldType.STRING, context)
        return None
    if test.op is TextOp.MATCHES:
        problem = _pattern_error(literal.value)
        if problem:
            context.report(
                "NEC111",
                literal.source,
                f"`{literal.value}` is no regular expression",
                label=problem,
                why="Refinery takes a pattern that it cannot read for one that never matches",
            )
            return None
    return StringTest(field, StringOp(test.op.value), literal.value)


def _pattern_error(pattern: str) -> str:
    from nectarc.evaluate.patterns import pattern_error  # noqa: PLC0415 - only `matches` pays

    return pattern_error(pattern)


def _refuse_kind(
    field: Field, source: SourceSpan, what: str, instead: FieldType, context: Context
) -> None:
    type_ = field.type or FieldType.BOOL
    context.report(
        "NEC106",
        source,
        f"{what} does not fit `{field.name}`, which is {article(type_)}",
        why="the test would not ask what it says",
        help=_KIND_HELP.get(type_, "compare it with a number"),
        fixes=declare(field, instead, context),
    )


_KIND_HELP = {FieldType.BOOL: "compare it by `== true` or `== false`"}


def _note_status_code(
    field: Field, test: CompareTest | MemberTest, value: float, context: Context
) -> None:
    """Warn of `status_code >= 500`: in Refinery that field is OpenTelemetry's 0, 1 or 2."""
    if field.spellings != ("status_code",) or value <= 2:
        return
    if context.fields.is_declared(test.field.name):
        return
    prefix = "root." if test.field.is_root else ""
    context.report(
        "NEC113",
        test.source,
        "`status_code` is 0, 1 or 2 here",
        label="the OpenTelemetry status: unset, ok, error",
        why="a rule that waits for an HTTP status in this field never fires",
        help="write `http.status` for the HTTP status, `status_code == 2` for a failed span",
        fixes=(Fix("read `http.status`", (Edit(test.field.source, f"{prefix}http.status"),)),),
    )
