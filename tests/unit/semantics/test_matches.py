"""What match expressions mean: names, types, units, quantifiers."""

from __future__ import annotations

import pytest

from nectarc.ir.nodes import (
    And,
    AnySpan,
    BoolTest,
    Constant,
    Exists,
    Field,
    FieldType,
    HasRoot,
    IsRoot,
    Not,
    NumberIn,
    NumberOp,
    NumberTest,
    Or,
    RootTest,
    SpanAnd,
    SpanCount,
    SpanNot,
    SpanTest,
    StringIn,
    StringOp,
    StringTest,
    Test,
    TraceExpr,
)
from tests.unit.semantics.check_cases import meaning

STATUS = Field(
    ("http.status", "http.response.status_code", "http.status_code"), "http.status", FieldType.INT
)
DURATION = Field(("duration_ms",), "duration", FieldType.DURATION_MS)
SERVICE = Field(("service.name",), "service", FieldType.STRING)
ERROR = Field(("error",), "error", FieldType.BOOL)
PLAIN = Field(("a",), "a")
QUOTED = Field(("http.status",), "http.status")

ROWS = [
    {"name": "latency", "type": "duration_us", "from": ["app.latency_us", "latency_us"]},
    {"name": "took", "type": "duration_s", "from": ["took"]},
    {"name": "wait", "type": "duration", "from": ["wait"]},
    {"name": "score", "type": "float", "from": ["score"]},
    {"name": "code", "type": "string", "from": ["code"]},
]


def some(test: Test) -> TraceExpr:
    return AnySpan(SpanTest(test))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("true", Constant(True)),
        ("http.status >= 500", some(NumberTest(STATUS, NumberOp.GE, 500.0))),
        ("`http.status` >= 500", some(NumberTest(QUOTED, NumberOp.GE, 500.0))),
        ("duration > 5s", some(NumberTest(DURATION, NumberOp.GT, 5000.0))),
        ("duration > 1.5s", some(NumberTest(DURATION, NumberOp.GT, 1500.0))),
        ("duration <= 1m30s", some(NumberTest(DURATION, NumberOp.LE, 90000.0))),
        ("duration > 250us", some(NumberTest(DURATION, NumberOp.GT, 0.25))),
        ("duration > 5000", some(NumberTest(DURATION, NumberOp.GT, 5000.0))),
        (
            "lag_ns > 1h",
            some(NumberTest(Field(("lag_ns",), "", FieldType.DURATION_NS), NumberOp.GT, 3.6e12)),
        ),
        (
            "lag_us > 0.1us",
            some(NumberTest(Field(("lag_us",), "", FieldType.DURATION_US), NumberOp.GT, 0.1)),
        ),
        (
            "latency > 250ms",
            some(
                NumberTest(
                    Field(("app.latency_us", "latency_us"), "", FieldType.DURATION_US),
                    NumberOp.GT,
                    250000.0,
                )
            ),
        ),
        (
            "took > 1ns",
            some(NumberTest(Field(("took",), "", FieldType.DURATION_S), NumberOp.GT, 1e-9)),
        ),
        (
            "wait > 1s",
            some(NumberTest(Field(("wait",), "", FieldType.DURATION_MS), NumberOp.GT, 1000.0)),
        ),
        (
            "score > 0.35",
            some(NumberTest(Field(("score",), "", FieldType.FLOAT), NumberOp.GT, 0.35)),
        ),
        (
            "code == '500'",
            some(StringTest(Field(("code",), "", FieldType.STRING), StringOp.EQ, "500")),
        ),
        ("service == 'a'", some(StringTest(SERVICE, StringOp.EQ, "a"))),
        ("service < 'b'", some(StringTest(SERVICE, StringOp.LT, "b"))),
        ("`service` == 'a'", some(StringTest(Field(("service",), ""), StringOp.EQ, "a"))),
        ("a == -2.5", some(NumberTest(PLAIN, NumberOp.EQ, -2.5))),
        ("a", some(BoolTest(PLAIN, True, False))),
        ("error == false", some(BoolTest(ERROR, False, False))),
        ("any(error != true)", some(BoolTest(ERROR, True, True))),
        ("a in [1, 2]", some(NumberIn(PLAIN, (1.0, 2.0), False))),
        ("any(a not in ['x'])", some(StringIn(PLAIN, ("x",), True))),
        ("a starts_with 'x'", some(StringTest(PLAIN, StringOp.STARTS_WITH, "x"))),
        ("any(a not contains 'x')", some(StringTest(PLAIN, StringOp.NOT_CONTAINS, "x"))),
        ("exists(a)", some(Exists(PLAIN))),
        ("has_root", HasRoot()),
        ("span_count >= 20", SpanCount(NumberOp.GE, 20)),
        ("root.a != 1", RootTest(NumberTest(PLAIN, NumberOp.NE, 1.0))),
        ("!root.error", Not(RootTest(BoolTest(ERROR, True, False)))),
        (
            "any(is_root && root.error)",
            AnySpan(SpanAnd((IsRoot(), RootTest(BoolTest(ERROR, True, False))))),
        ),
        ("none(error)", Not(some(BoolTest(ERROR, True, False)))),
        ("all(a)", Not(AnySpan(SpanNot(SpanTest(BoolTest(PLAIN, True, False)))))),
        (
            "a || error",
            Or((some(BoolTest(PLAIN, True, False)), some(BoolTest(ERROR, True, False)))),
        ),
        (
            "error && has_root && !any(a)",
            And(
                (
                    some(BoolTest(ERROR, True, False)),
                    HasRoot(),
                    Not(some(BoolTest(PLAIN, True, False))),
                )
            ),
        ),
        (
            "root.a == 1 && (a || error)",
            And(
                (
                    RootTest(NumberTest(PLAIN, NumberOp.EQ, 1.0)),
                    Or((some(BoolTest(PLAIN, True, False)), some(BoolTest(ERROR, True, False)))),
                )
            ),
        ),
    ],
)
def test_a_match_has_one_meaning_with_explicit_quantifiers(text: str, expected: TraceExpr) -> None:
    assert meaning(text, ROWS) == expected


def test_conversion_is_rounded_once_to_the_nearest_float64() -> None:
    match = meaning("duration > 100.1us")

    # 100.1 / 1000 in float64 would be 0.10009999999999999.
    assert match == some(NumberTest(DURATION, NumberOp.GT, 0.1001))


def test_row_types_a_name_in_backticks_but_does_not_add_spellings() -> None:
    rows = [{"name": "team", "type": "string", "from": ["team", "app.team"]}]

    assert meaning("`team` == 'a'", rows) == some(
        StringTest(Field(("team",), "", FieldType.STRING), StringOp.EQ, "a")
    )


def test_declared_name_hides_a_built_in_one() -> None:
    rows = [{"name": "http.status", "type": "string", "from": ["http.status"]}]

    assert meaning("http.status == '500'", rows) == some(
        StringTest(Field(("http.status",), "", FieldType.STRING), StringOp.EQ, "500")
    )
