"""Every way to say a test decides every value as the test does, under its assumptions."""

from __future__ import annotations

import math
from typing import Final

import pytest

from nectarc.evaluate.assume import Assume
from nectarc.evaluate.conditions import compile_test
from nectarc.evaluate.policy import test_holds as holds
from nectarc.evaluate.values import MISSING, Missing
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
from nectarc.lowering.forms import Form, forms_of
from nectarc.refinery.lowered import AssumptionKind
from nectarc.refinery.rules import Condition
from nectarc.trace import Float32, Uint64, Value

TEXT: Final = Field(("s",), "s", FieldType.STRING)
NUMBER: Final = Field(("n",), "n", FieldType.FLOAT)
FLAG: Final = Field(("b",), "b", FieldType.BOOL)
OPEN: Final = Field(("x",), "x", None)

LITERALS: Final = ("", "a", "ab", "b", "<nil>", "<nip", "nil", "8", "\n", "é", "[x]", "a]b-^\\")
TESTS: Final[tuple[Test, ...]] = (
    *(Exists(field) for field in (TEXT, NUMBER, FLAG, OPEN)),
    *(NumberTest(NUMBER, op, value) for op in NumberOp for value in (-1.5, 0.0, 1.0, 2.0**53)),
    *(NumberIn(NUMBER, values, n) for values in ((1.0,), (1.0, 2.5)) for n in (False, True)),
    *(
        StringTest(field, op, text)
        for op in StringOp
        if op is not StringOp.MATCHES
        for text in LITERALS
        for field in (TEXT, OPEN)
    ),
    *(StringTest(TEXT, StringOp.MATCHES, pattern) for pattern in ("^a", "b$", ".", "i.?$", "")),
    *(StringIn(TEXT, texts, n) for texts in (("a",), ("a", "<nil>")) for n in (False, True)),
    *(BoolTest(FLAG, value, n) for value in (False, True) for n in (False, True)),
)
VALUES: Final[tuple[Value | Missing, ...]] = (
    MISSING,
    None,
    *LITERALS,
    "abc",
    "cab",
    "xa",
    "a\n",
    "b\n",
    *("1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False", "tRUE"),
    *("1.0", "2.5", "1e0", "0x1p0", "-1.5", "nan", "inf", "1_0", " 1"),
    *(True, False, 0, 1, 2, -2, 2**53, 2**53 + 1, -0.0, 1.0, 2.5, -1.5, 0.5, 1e300, 1e-300),
    *(math.nan, math.inf, -math.inf, Uint64(1), Float32(1.0), b"ab", ["a"], {"a": 1}),
)
MODES: Final = {"usual": frozenset(AssumptionKind), "strict": frozenset[AssumptionKind]()}


def _says(form: Form, value: Value | Missing) -> bool:
    return any(
        all(
            compile_test(
                Condition(
                    field="x", operator=part.operator, value=part.value, datatype=part.datatype
                )
            )(value)
            for part in parts
        )
        for parts in form.alternatives
    )


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("is_positive", [True, False], ids=["test", "negation"])
def test_every_form_decides_every_value_as_the_test_does(mode: str, is_positive: bool) -> None:  # noqa: FBT001
    forms = 0
    for test in TESTS:
        for form in forms_of(test, MODES[mode], is_positive=is_positive):
            forms += 1
            assume = Assume.of(form.assumptions)
            name = test.field.spellings[0]
            for value in VALUES:
                if isinstance(value, Missing) or assume.allows(name, value):
                    expected = holds(test, value) is is_positive
                    assert _says(form, value) is expected, (test, form, value)
    assert forms > 100


@pytest.mark.parametrize("test", TESTS, ids=repr)
def test_every_test_itself_can_be_said_without_assumptions(test: Test) -> None:
    forms = forms_of(test, frozenset(), is_positive=True)

    assert forms
    assert len(forms[0].alternatives) == 1


def test_a_plain_test_becomes_one_condition_that_says_its_type() -> None:
    forms = {
        "status": forms_of(
            NumberTest(NUMBER, NumberOp.GE, 500.0), MODES["usual"], is_positive=True
        ),
        "name": forms_of(StringTest(TEXT, StringOp.EQ, "a"), MODES["usual"], is_positive=True),
        "flag": forms_of(BoolTest(FLAG, True, False), MODES["usual"], is_positive=True),
        "not flag": forms_of(BoolTest(FLAG, True, False), MODES["usual"], is_positive=False),
        "differs": forms_of(StringTest(TEXT, StringOp.EQ, "a"), MODES["usual"], is_positive=False),
    }

    said = {
        name: [(part.operator, part.value, part.datatype) for part in found[0].alternatives[0]]
        for name, found in forms.items()
    }
    assert said == {
        "status": [(">=", 500, "float")],
        "name": [("=", "a", "string")],
        "flag": [("=", True, "bool")],
        "not flag": [("not-in", ("1", "t", "T", "TRUE", "true", "True"), "string")],
        "differs": [("!=", "a", "string")],
    }


def test_a_type_is_assumed_only_where_the_field_has_one() -> None:
    untyped = StringTest(OPEN, StringOp.NE, "a")
    typed = StringTest(TEXT, StringOp.NE, "a")

    def assumed(test: Test) -> list[set[str]]:
        forms = forms_of(test, MODES["usual"], is_positive=True)
        return [{one.kind for one in form.assumptions} for form in forms]

    assert assumed(untyped) == [set()]
    assert assumed(typed) == [set(), {"types", "no-null"}]


def test_a_pattern_has_no_complement() -> None:
    test = StringTest(TEXT, StringOp.MATCHES, "^a")

    assert forms_of(test, MODES["usual"], is_positive=False) == ()
