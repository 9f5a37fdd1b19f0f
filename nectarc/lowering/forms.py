"""How a single test is said in Refinery's conditions, exactly.

Owns: for each test and its negation the ways to say it: alternatives (a disjunction) of
conjunctions of conditions on the same span, and the assumptions under which they are exact. No
assumption means exact for every value that a span can hold. Must not know: traces, rules, order.
Truth: docs/language.md, section 3 "Meaning" and section 6 "Plain output"; for the conditions
../shared/reference/refinery-semantics.md, 2.5 to 2.7. Missing and null are the text "<nil>" there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, assert_never

from nectarc.evaluate.policy import test_holds
from nectarc.evaluate.values import FALSE_TEXTS, NIL_TEXT, TRUE_TEXTS
from nectarc.ir.nodes import (
    BoolTest,
    Exists,
    Field,
    NumberIn,
    NumberOp,
    NumberTest,
    StringIn,
    StringOp,
    StringTest,
    Test,
)
from nectarc.records import record
from nectarc.refinery.lowered import Assumption, AssumptionKind
from nectarc.refinery.rules import ROOT_PREFIX, Condition, ConfigValue


@record
class Part:
    """A condition without its field."""

    operator: str
    value: ConfigValue = None
    datatype: str = ""

    def on(self, field: Field, *, is_root: bool) -> Condition:
        """Return the condition on `field` of a span, or of the root."""
        prefix = ROOT_PREFIX if is_root else ""
        names = tuple(prefix + spelling for spelling in field.spellings)
        if len(names) == 1:
            return Condition(
                field=names[0], operator=self.operator, value=self.value, datatype=self.datatype
            )
        return Condition(
            fields=names, operator=self.operator, value=self.value, datatype=self.datatype
        )


@record
class Form:
    """One way to say a test: some alternative's parts all hold on one span."""

    alternatives: tuple[tuple[Part, ...], ...]
    assumptions: frozenset[Assumption] = frozenset()


# `>` without a Value: present and not null.  `=` without a Value: present and null (2.5).
_GUARD: Final = Part(">")
_MISSING: Final = (Part("not-exists"),)
_NULL: Final = (Part("="),)

_TARGET_OPS: Final = {"==": "=", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_OPPOSITE: Final = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def forms_of(
    test: Test, allowed: frozenset[AssumptionKind], *, is_positive: bool
) -> tuple[Form, ...]:
    """Return the ways to say `test` (or its negation), those with fewer assumptions first.

    Only assumptions in `allowed`, and of types only where the field has one, are made.
    Empty when no condition of Refinery can say it.
    """
    found = _positive(test) if is_positive else _negative(test)
    usable = (form for form in found if _is_allowed(form, test.field, allowed))
    return tuple(sorted(usable, key=lambda f: (len(f.alternatives), len(f.assumptions), _size(f))))


def _size(form: Form) -> int:
    return sum(len(parts) for parts in form.alternatives)


def _is_allowed(form: Form, field: Field, allowed: frozenset[AssumptionKind]) -> bool:
    kinds = {AssumptionKind(assumption.kind) for assumption in form.assumptions}
    if AssumptionKind.TYPES in kinds and field.type is None:
        return False
    return kinds <= allowed


def _assume(field: Field, *kinds: AssumptionKind) -> frozenset[Assumption]:
    return frozenset(
        Assumption(
            kind.value,
            spelling,
            field.type.value if kind is AssumptionKind.TYPES and field.type else "",
        )
        for kind in kinds
        for spelling in field.spellings
    )


_TYPES, _NO_NULL, _NO_NAN = AssumptionKind.TYPES, AssumptionKind.NO_NULL, AssumptionKind.NO_NAN


def _positive(test: Test) -> Iterator[Form]:
    match test:
        case Exists():
            yield Form(((Part("exists"),),))
        case NumberTest(_, op, value):
            yield Form(((Part(_TARGET_OPS[op.value], _plain(value), "float"),),))
        case NumberIn(_, values, is_negated) if not is_negated:
            yield Form(((Part("in", _plain_list(values), "float"),),))
        case NumberIn(_, values, _):
            # `!=` asks for a number, which `not-in` does not.
            first = Part("!=", _plain(values[0]), "float")
            rest = (Part("not-in", _plain_list(values), "float"),) if len(values) > 1 else ()
            yield Form(((first, *rest),))
        case StringTest() | StringIn():
            yield from _positive_text(test)
        case BoolTest(field, value, is_negated):
            yield from _positive_bool(field, value=value, is_negated=is_negated)
        case _:
            assert_never(test)


def _positive_bool(field: Field, *, value: bool, is_negated: bool) -> Iterator[Form]:
    match value, is_negated:
        case True, False:
            yield Form(((Part("=", True, "bool"),),))
        case False, False:
            yield Form(((Part("in", FALSE_TEXTS, "string"),),))
        case True, True:
            yield Form(((Part("!=", True, "bool"), _GUARD),))
            yield Form(((Part("!=", True, "bool"),),), _assume(field, _NO_NULL))
        case _:
            yield Form(((Part("not-in", FALSE_TEXTS, "string"), _GUARD),))
            yield Form(((Part("=", True, "bool"),),), _assume(field, _TYPES))


def _positive_text(test: StringTest | StringIn) -> Iterator[Form]:
    part = _text_part(test)
    if not _says(test, NIL_TEXT):
        yield Form(((part,),))
        return
    yield Form(((part, _GUARD),))
    if isinstance(test, StringTest) and test.op.value in _TARGET_OPS:
        # Untyped, a missing field fails; null is below every text, so `!=`, `<`, `<=` hold of it.
        untyped = Form(
            ((Part(_TARGET_OPS[test.op.value], test.value),),),
            _assume(test.field, _TYPES, _NO_NULL)
            if test.op in (StringOp.NE, StringOp.LT, StringOp.LE)
            else _assume(test.field, _TYPES),
        )
        yield untyped


def _says(test: StringTest | StringIn, text: str) -> bool:
    """Say what the test's text relation says of `text`, be it a value or the text of missing."""
    return test_holds(test, text)


def _text_part(test: StringTest | StringIn) -> Part:
    match test:
        case StringIn(_, values, is_negated):
            return Part("not-in" if is_negated else "in", values, "string")
        case StringTest(_, StringOp.CONTAINS, value):
            return Part("contains", value)
        case StringTest(_, StringOp.NOT_CONTAINS, value):
            return Part("does-not-contain", value)
        case StringTest(_, StringOp.STARTS_WITH, value):
            return Part("starts-with", value)
        case StringTest(_, StringOp.ENDS_WITH, value):
            return Part("matches", re2_quoted(value) + "$")
        case StringTest(_, StringOp.MATCHES, value):
            return Part("matches", value)
        case StringTest(_, op, value):
            return Part(_TARGET_OPS[op.value], value, "string")


def _negative(test: Test) -> Iterator[Form]:
    match test:
        case Exists():
            yield Form((_MISSING,))
        case NumberTest(_, NumberOp.EQ, value):
            yield Form(((Part("not-in", (_plain(value),), "float"),),))
        case NumberIn(_, values, is_negated) if not is_negated:
            yield Form(((Part("not-in", _plain_list(values), "float"),),))
        case NumberTest(field, NumberOp.NE, value):
            same = (Part("=", _plain(value), "float"),)
            yield Form((same, _MISSING), _assume(field, _TYPES, _NO_NULL))
        case NumberIn(field, values, _):
            same = (Part("in", _plain_list(values), "float"),)
            yield Form((same, _MISSING), _assume(field, _TYPES, _NO_NULL))
        case NumberTest(field, op, value):
            opposite = (Part(_TARGET_OPS[_OPPOSITE[op.value]], _plain(value), "float"),)
            yield Form((opposite, _MISSING), _assume(field, _TYPES, _NO_NULL, _NO_NAN))
        case StringTest() | StringIn():
            yield from _negative_text(test)
        case BoolTest(_, value, is_negated) if not is_negated:
            yield Form(((Part("not-in", TRUE_TEXTS if value else FALSE_TEXTS, "string"),),))
        case BoolTest(field, value, _):
            same = (Part("=", True, "bool"),) if value else (Part("in", FALSE_TEXTS, "string"),)
            yield from _or_absent(field, same)
        case _:
            assert_never(test)


def _negative_text(test: StringTest | StringIn) -> Iterator[Form]:
    complements = _complement_parts(test)
    if complements is None:
        return
    alternatives = tuple((part,) for part in complements)
    if not _says(test, NIL_TEXT):
        # The complement holds of the text "<nil>", hence of missing and of null, as it must.
        yield Form(alternatives)
        return
    yield from _or_absent(test.field, *alternatives)


def _or_absent(field: Field, *alternatives: tuple[Part, ...]) -> Iterator[Form]:
    yield Form((*alternatives, _MISSING, _NULL))
    yield Form((*alternatives, _MISSING), _assume(field, _NO_NULL))


def _complement_parts(test: StringTest | StringIn) -> tuple[Part, ...] | None:
    """Return conditions one of which holds exactly of the texts of which `test` does not."""
    match test:
        case StringIn(_, values, is_negated):
            return (Part("in" if is_negated else "not-in", values, "string"),)
        case StringTest(_, StringOp.CONTAINS | StringOp.STARTS_WITH | StringOp.ENDS_WITH, ""):
            return ()  # every text holds an empty one
        case StringTest(_, StringOp.CONTAINS, value):
            return (Part("does-not-contain", value),)
        case StringTest(_, StringOp.NOT_CONTAINS, value):
            return (Part("contains", value),)
        case StringTest(_, StringOp.STARTS_WITH, value):
            return (Part("matches", _not_starting(value)),)
        case StringTest(_, StringOp.ENDS_WITH, value):
            return (Part("matches", _not_ending(value)),)
        case StringTest(_, StringOp.MATCHES, _):
            return None
        case StringTest(_, op, value):
            return (Part(_TARGET_OPS[_OPPOSITE[op.value]], value, "string"),)


def _not_starting(prefix: str) -> str:
    """Return a pattern of all texts that do not start with `prefix` (RE2 has no lookahead).

    "ab" -> `^($|[^a]|a($|[^b]))`: at each place the text ends or differs.
    """
    pattern = ""
    for character in reversed(prefix):
        rest = f"|{re2_quoted(character)}({pattern})" if pattern else ""
        pattern = f"$|[^{_in_class(character)}]{rest}"
    return f"^({pattern})"


def _not_ending(suffix: str) -> str:
    """Return a pattern of all texts that do not end with `suffix`: `_not_starting` mirrored."""
    pattern = ""
    for character in suffix:
        rest = f"|({pattern}){re2_quoted(character)}" if pattern else ""
        pattern = f"^|[^{_in_class(character)}]{rest}"
    return f"({pattern})$"


def _in_class(character: str) -> str:
    return "\\" + character if character in "\\]^-[" else character


def re2_quoted(text: str) -> str:
    """Quote `text` for RE2: the characters that mean something get a backslash, the rest stays."""
    return re.sub(r"([\\.+*?()|\[\]{}^$])", r"\\\1", text)


def _plain(value: float) -> int | float:
    """Write a whole number without a fraction where int and float64 mean the same."""
    return int(value) if value.is_integer() and abs(value) <= 2**53 else value


def _plain_list(values: tuple[float, ...]) -> tuple[int | float, ...]:
    """Write a list that Refinery's validator takes: all int, or all float."""
    plain = tuple(_plain(value) for value in values)
    return plain if all(isinstance(value, int) for value in plain) else values
