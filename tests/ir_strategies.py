"""Hypothesis strategies for the IR: fields, tests, expressions, actions, policies.

Everything they draw passes `verify_policy`. Each takes the strategy of its parts, so that a test
may narrow it: `policies(exprs=trace_exprs(tests=any_test(field_strategy=just(STATUS))))`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from nectarc.ir.nodes import (
    Action,
    And,
    AnySpan,
    BoolTest,
    Constant,
    Deterministic,
    Drop,
    DynamicSampler,
    Exists,
    Field,
    FieldType,
    HasRoot,
    IsRoot,
    Keep,
    Not,
    NumberIn,
    NumberOp,
    NumberTest,
    Or,
    Policy,
    RootTest,
    Rule,
    Sample,
    SpanAnd,
    SpanCount,
    SpanExpr,
    SpanNot,
    SpanOr,
    SpanTest,
    StringIn,
    StringOp,
    StringTest,
    Test,
    TraceExpr,
)

_T = TypeVar("_T")

STATUS: Final = Field(
    ("http.status", "http.response.status_code", "http.status_code"), "http.status", FieldType.INT
)
DURATION: Final = Field(("duration_ms",), "duration", FieldType.DURATION_MS)
ERROR: Final = Field(("error",), "error", FieldType.BOOL)
ROUTE: Final = Field(("http.route",), "http.route", FieldType.STRING)
SERVICE: Final = Field(("service.name",), "service", FieldType.STRING)
SCORE: Final = Field(("fraud.score", "app.fraud_score"), "fraud.score", FieldType.FLOAT)
CACHE_HIT: Final = Field(("cache.hit", "app.cache_hit"), "cache.hit", FieldType.BOOL)
METHOD: Final = Field(("http.request.method", "http.method"), "method", FieldType.STRING)
TENANT: Final = Field(("app.tenant",), "app.tenant")  # typed by the literal only
# Reads a spelling that STATUS reads, too.
OLD_STATUS: Final = Field(("http.status_code",), "http.status_code", FieldType.INT)
COMMON_FIELDS: Final = (
    STATUS,
    DURATION,
    ERROR,
    ROUTE,
    SERVICE,
    SCORE,
    CACHE_HIT,
    METHOD,
    TENANT,
    OLD_STATUS,
)

# No lone surrogates: the IR refuses them.
any_text: Final = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
names: Final = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
numbers: Final = st.sampled_from(
    (0.0, 1.0, 200.0, 499.0, 500.0, 0.35, 5000.0, -2.5, 1e6)
) | st.floats(allow_nan=False, allow_infinity=False)
# Texts where Refinery's `<nil>`, numbers as text and byte order can tell.
texts: Final = (
    st.sampled_from(
        (
            "",
            "GET",
            "POST",
            "checkout",
            "/api/",
            "nil",
            "<nil>",
            "8",
            "500",
            "true",
            "~",
            "é",
            "a b",
        )
    )
    | any_text
)
patterns: Final = st.sampled_from(
    (
        "^/api/v[0-9]+/",
        r"-canary\.[0-9]+$",
        "(?i)^(drop|alter) ",
        ".",
        "",
        "nil",
        "^$",
        "[^a]x{2,3}",
    )
)


def fields(*, has_strange: bool = True) -> SearchStrategy[Field]:
    """Draw a field: the usual ones, or with any name, spellings and type."""
    strange = st.builds(
        Field,
        st.lists(names, min_size=1, max_size=3, unique=True).map(tuple),
        names,
        st.none() | st.sampled_from(FieldType),
    )
    common = st.sampled_from(COMMON_FIELDS)
    return st.one_of(common, common, strange) if has_strange else common


def fitting_test(field: Field) -> SearchStrategy[Test]:
    """Draw a test that fits the type of `field`."""
    options: list[SearchStrategy[Test]] = [st.just(Exists(field))]
    if field.type is None or field.type.is_number:
        options += [
            st.builds(NumberTest, st.just(field), st.sampled_from(NumberOp), numbers),
            st.builds(NumberIn, st.just(field), _members(numbers), st.booleans()),
        ]
    if field.type in (None, FieldType.STRING):
        plain_ops = [op for op in StringOp if op is not StringOp.MATCHES]
        options += [
            st.builds(StringTest, st.just(field), st.sampled_from(plain_ops), texts),
            st.builds(StringTest, st.just(field), st.just(StringOp.MATCHES), patterns),
            st.builds(StringIn, st.just(field), _members(texts), st.booleans()),
        ]
    if field.type in (None, FieldType.BOOL):
        options.append(st.builds(BoolTest, st.just(field), st.booleans(), st.booleans()))
    return st.one_of(options)


def any_test(field_strategy: SearchStrategy[Field] | None = None) -> SearchStrategy[Test]:
    """Draw a test on a field."""
    return (fields() if field_strategy is None else field_strategy).flatmap(fitting_test)


def span_exprs(
    test_strategy: SearchStrategy[Test] | None = None, *, leaves_max: int = 5
) -> SearchStrategy[SpanExpr]:
    """Draw an expression over one span."""
    test = any_test() if test_strategy is None else test_strategy
    leaf: SearchStrategy[SpanExpr] = st.one_of(
        st.builds(SpanTest, test),
        st.builds(SpanTest, test),
        st.builds(RootTest, test),
        st.builds(IsRoot),
        st.builds(Constant, st.booleans()),
    )
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.builds(SpanNot, inner),
            st.builds(SpanAnd, _operands(inner)),
            st.builds(SpanOr, _operands(inner)),
        ),
        max_leaves=leaves_max,
    )


def trace_exprs(
    test_strategy: SearchStrategy[Test] | None = None, *, leaves_max: int = 5
) -> SearchStrategy[TraceExpr]:
    """Draw an expression over a trace."""
    test = any_test() if test_strategy is None else test_strategy
    leaf: SearchStrategy[TraceExpr] = st.one_of(
        st.builds(AnySpan, span_exprs(test, leaves_max=4)),
        st.builds(AnySpan, st.builds(SpanTest, test)),
        st.builds(RootTest, test),
        st.builds(HasRoot),
        st.builds(SpanCount, st.sampled_from(NumberOp), st.integers(-1, 6)),
        st.builds(Constant, st.booleans()),
    )
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.builds(Not, inner),
            st.builds(And, _operands(inner)),
            st.builds(Or, _operands(inner)),
        ),
        max_leaves=leaves_max,
    )


def samplers() -> SearchStrategy[DynamicSampler]:
    """Draw a dynamic sampler with parameters of its kind."""
    keys = st.lists(
        st.sampled_from(("http.route", "service.name", "root.http.route", "a b")) | names,
        min_size=1,
        max_size=3,
        unique=True,
    ).filter(lambda found: all(name.removeprefix("root.") for name in found))
    ema = st.tuples(
        st.tuples(st.just("GoalSampleRate"), st.integers(1, 100)),
        st.tuples(st.just("Weight"), st.floats(0.01, 1)),
        st.tuples(st.just("AdjustmentInterval"), st.sampled_from(("15s", "1m30s"))),
        st.tuples(st.just("UseTraceLength"), st.booleans()),
    )
    throughput = st.tuples(st.tuples(st.just("GoalThroughputPerSec"), st.integers(1, 1000)))
    return st.one_of(
        st.builds(DynamicSampler, st.just("EMADynamicSampler"), ema, keys.map(tuple)),
        st.builds(
            DynamicSampler,
            st.sampled_from(
                ("EMAThroughputSampler", "WindowedThroughputSampler", "TotalThroughputSampler")
            ),
            throughput,
            keys.map(tuple),
        ),
    )


def actions(*, has_dynamic: bool = True) -> SearchStrategy[Action]:
    """Draw an action that may stand in any rule."""
    plain: SearchStrategy[Action] = st.one_of(
        st.builds(Keep),
        st.builds(Drop),
        st.builds(Sample, st.integers(1, 1000), st.just(0.0) | st.floats(0.001, 1)),
    )
    return plain | samplers() if has_dynamic else plain


def policies(
    expr_strategy: SearchStrategy[TraceExpr] | None = None,
    action_strategy: SearchStrategy[Action] | None = None,
    *,
    rules_max: int = 5,
) -> SearchStrategy[Policy]:
    """Draw a policy whose last rule is the fallback, or a sole `deterministic` rule."""
    expr = trace_exprs() if expr_strategy is None else expr_strategy
    action = actions() if action_strategy is None else action_strategy
    listed = st.builds(
        _policy,
        names,
        st.lists(st.tuples(names, expr, action), max_size=rules_max - 1, unique_by=lambda r: r[0]),
        action,
    )
    sole = st.builds(Deterministic, st.integers(1, 1000)).map(
        lambda found: _policy("all", [], found)
    )
    return listed if action_strategy is not None else st.one_of(*[listed] * 9, sole)


def _policy(name: str, rules: Sequence[tuple[str, TraceExpr, Action]], fallback: Action) -> Policy:
    listed = [
        Rule(name=f"{i}-{title}", match=match, action=action, priority=100 - i, description=title)
        for i, (title, match, action) in enumerate(rules)
    ]
    rest = Rule(name="rest", match=Constant(True), action=fallback)
    return Policy(name=name, rules=(*listed, rest))


def _operands(inner: SearchStrategy[_T]) -> SearchStrategy[tuple[_T, ...]]:
    return st.lists(inner, min_size=2, max_size=3).map(tuple)


def _members(member: SearchStrategy[_T]) -> SearchStrategy[tuple[_T, ...]]:
    return st.lists(member, min_size=1, max_size=4).map(tuple)
