"""IR in the words of the language: read again, it decides the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nectarc.diagnostic import Severity
from nectarc.evaluate.boundaries import boundary_traces
from nectarc.evaluate.policy import holds
from nectarc.ir import walk
from nectarc.ir.nodes import Field, FieldType, NumberIn, NumberTest, TraceExpr
from nectarc.lowering.wording import match_text
from nectarc.semantics.check import check_match
from nectarc.syntax.parser import parse_match
from tests import ir_strategies
from tests.policy_trees import cell

# Names with the spellings and types that the checker gives them.
FIELDS: Final = st.sampled_from(
    (
        Field(("service.name",), "service", FieldType.STRING),
        Field(("duration_ms",), "duration", FieldType.DURATION_MS),
        Field(
            ("http.status", "http.response.status_code", "http.status_code"),
            "http.status",
            FieldType.INT,
        ),
        Field(("error",), "error", FieldType.BOOL),
        Field(("app/team name",), "app/team name", None),
        Field(("service",), "service", None),
        Field(("app.x",), "app.x", None),
    )
)


def _numbers(expr: TraceExpr) -> Iterator[float]:
    for test in walk.tests_of(expr):
        if isinstance(test, NumberTest):
            yield test.value
        elif isinstance(test, NumberIn):
            yield from test.values


EXPRS: Final = ir_strategies.trace_exprs(ir_strategies.any_test(FIELDS))
SETTINGS: Final = settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@given(EXPRS)
@SETTINGS
def test_match_text_means_the_expression(expr: TraceExpr) -> None:
    text = match_text(expr)

    tree, problems = parse_match(cell(text))
    if any(abs(value) > 2**53 for value in _numbers(expr)):
        return  # a literal that the IR holds and the language refuses
    assert problems == (), text
    checked = check_match(tree)

    errors = [one.headline for one in checked.diagnostics if one.severity is Severity.ERROR]
    if any("`int`" in error for error in errors):
        return  # so is a fraction beside an int field
    assert errors == [], text
    assert checked.match is not None
    for trace in boundary_traces([expr, checked.match], limit=60):
        assert holds(checked.match, trace) is holds(expr, trace), (text, trace)
