"""A second evaluator of matches, written from the language's page alone, agrees with the first.

It shares nothing with `nectarc.evaluate` and `nectarc.semantics`: it walks the syntax tree, knows
its few names and their types by heart, and has Go's texts and numbers of its own.
Truth: ../shared/design/language.md, section 3; ../shared/reference/refinery-semantics.md, 2.2, 2.3.
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple, TypeVar

import re2
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nectarc.diagnostic import Severity
from nectarc.evaluate.policy import holds
from nectarc.semantics.check import check_match
from nectarc.syntax import ast
from nectarc.syntax.parser import parse_match_text
from nectarc.trace import Float32, Span, Trace, Uint64, Value
from tests.policy_trees import field_rows


class Name(NamedTuple):
    """What a name of the matches below reads, and its type ("" = the literal says)."""

    reads: tuple[str, ...]
    type: str = ""


NAMES: Final[Mapping[str, Name]] = {
    "http.status": Name(("http.status", "http.response.status_code", "http.status_code"), "int"),
    "`http.status`": Name(("http.status",)),
    "duration": Name(("duration_ms",), "ms"),
    "`duration`": Name(("duration",)),
    "service": Name(("service.name",), "string"),
    "error": Name(("error",), "bool"),
    "name": Name(("name",), "string"),
    "span.num_events": Name(("span.num_events",), "int"),
    "wait_us": Name(("wait_us",), "us"),
    "a": Name(("a",)),
    "`a`": Name(("a",)),
    "`a b`": Name(("a b",)),
    "declared.float": Name(("a", "http.status"), "float"),
    "`declared.float`": Name(("declared.float",), "float"),
    "declared.text": Name(("http.status", "b"), "string"),
    "declared.flag": Name(("b", "a"), "bool"),
    "declared.time": Name(("gone", "a"), "s"),
    "declared.ns": Name(("b",), "ns"),
    "status_code": Name(("b",), "int"),
}
ROWS: Final = field_rows(
    [
        {"name": "declared.float", "type": "float", "from": ["a", "http.status"]},
        {"name": "declared.text", "type": "string", "from": ["http.status", "b"]},
        {"name": "declared.flag", "type": "bool", "from": ["b", "a"]},
        {"name": "declared.time", "type": "duration_s", "from": ["gone", "a"]},
        {"name": "declared.ns", "type": "duration_ns", "from": ["b"]},
        {"name": "status_code", "type": "int", "from": ["b"]},
    ]
)
FIELDS: Final = sorted({field for name in NAMES.values() for field in name.reads})
UNITS: Final = {"ns": 1, "us": 10**3, "ms": 10**6, "s": 10**9}
TRUE: Final = ("1", "t", "T", "TRUE", "true", "True")
FALSE: Final = ("0", "f", "F", "FALSE", "false", "False")
Ordered = TypeVar("Ordered", float, bytes, Fraction)


def _stands(left: Ordered, op: ast.CompareOp, right: Ordered) -> bool:
    match op:
        case ast.CompareOp.EQ:
            return left == right
        case ast.CompareOp.NE:
            return left != right
        case ast.CompareOp.LT:
            return left < right
        case ast.CompareOp.LE:
            return left <= right
        case ast.CompareOp.GT:
            return left > right
        case ast.CompareOp.GE:
            return left >= right


# What Refinery prints and reads.


def _go_text(value: Value) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Uint64):
        return str(value.value)
    if isinstance(value, Float32):
        return _go_float(min(_roundings32(value.value), key=len))
    if isinstance(value, float):
        return _go_float(repr(value))
    if isinstance(value, bytes | list | tuple):
        return f"[{' '.join(_go_text(one) for one in value)}]"
    return str(value)


def _roundings32(value: float) -> list[str]:
    digits = (f"{value:.{count}g}" for count in range(1, 10))
    return [
        text for text in digits if struct.unpack("f", struct.pack("f", float(text)))[0] == value
    ]


def _go_float(digits: str) -> str:
    value = float(digits)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    sign, figures, exponent = Decimal(digits).normalize().as_tuple()
    assert isinstance(exponent, int)
    minus = "-" if sign else ""
    if value == 0:
        return f"{minus}0"
    power = len(figures) - 1 + exponent
    if -5 < power < 6:
        return minus + format(abs(Decimal(digits)).normalize(), "f")
    mantissa = "".join(map(str, figures))
    point = "." if len(mantissa) > 1 else ""
    return f"{minus}{mantissa[0]}{point}{mantissa[1:]}e{'-' if power < 0 else '+'}{abs(power):02d}"


def _go_number(value: Value) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if not isinstance(value, str):
        return float(value)
    special = {"nan": math.nan, "inf": math.inf, "infinity": math.inf}
    low = value.lower()
    if low in special and value.isascii():
        return special[low]
    if low[:1] in ("+", "-") and low[1:] in ("inf", "infinity") and value.isascii():
        return -math.inf if low[0] == "-" else math.inf
    if re.fullmatch(r"[+-]?0[xX]_?[0-9a-fA-F]+(\.[0-9a-fA-F]*)?[pP][+-]?[0-9]+", value):
        return float.fromhex(value.replace("_", ""))
    if not re.fullmatch(r"[+-]?([0-9](_?[0-9])*\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?", value):
        return None
    number = float(value.replace("_", ""))
    return None if math.isinf(number) else number


# The meaning of the page.


def _trace(expr: ast.Expr, trace: Trace) -> bool:
    match expr:
        case ast.Constant(value):
            return value
        case ast.Not():
            return not _trace(expr.operand, trace)
        case ast.And():
            return all(_trace(one, trace) for one in expr.operands)
        case ast.Or():
            return any(_trace(one, trace) for one in expr.operands)
        case ast.Quantified(quantifier=ast.Quantifier.ANY):
            return any(_span(expr.body, span, trace) for span in trace.spans)
        case ast.Quantified(quantifier=ast.Quantifier.ALL):
            return all(_span(expr.body, span, trace) for span in trace.spans)
        case ast.Quantified():
            return not any(_span(expr.body, span, trace) for span in trace.spans)
        case ast.HasRoot():
            return any(span.is_root for span in trace.spans)
        case ast.SpanCount():
            assert isinstance(expr.literal, ast.NumberLiteral)
            return _stands(Fraction(len(trace.spans)), expr.op, expr.literal.value)
        case ast.IsRoot() | ast.InvalidExpr():
            raise AssertionError(expr)
        case _ if expr.field.is_root:
            return _root_test(expr, trace)
        case _:
            return any(_test(expr, span) for span in trace.spans)


def _span(expr: ast.Expr, span: Span, trace: Trace) -> bool:
    match expr:
        case ast.Constant(value):
            return value
        case ast.Not():
            return not _span(expr.operand, span, trace)
        case ast.And():
            return all(_span(one, span, trace) for one in expr.operands)
        case ast.Or():
            return any(_span(one, span, trace) for one in expr.operands)
        case ast.IsRoot():
            return span.is_root
        case ast.Quantified() | ast.HasRoot() | ast.SpanCount() | ast.InvalidExpr():
            raise AssertionError(expr)
        case _ if expr.field.is_root:
            return _root_test(expr, trace)
        case _:
            return _test(expr, span)


def _root_test(test: ast.AnyTest, trace: Trace) -> bool:
    roots = [span for span in trace.spans if span.is_root]
    return bool(roots) and _test(test, roots[-1])


def _test(test: ast.AnyTest, span: Span) -> bool:
    field = test.field
    name = NAMES[f"`{field.name}`" if field.is_quoted else field.name]
    present = [one for one in name.reads if one in span.fields]
    if not present:
        return False
    value = span.fields[present[0]]
    if isinstance(test, ast.ExistsTest):
        return True
    if value is None:
        return False
    match test:
        case ast.BareTest():
            return _go_text(value) in TRUE
        case ast.TextTest():
            assert isinstance(test.literal, ast.StringLiteral)
            return _text_test(test.op, _go_text(value).encode(), test.literal.value.encode())
        case ast.MemberTest():
            return _member(test, name, value)
        case ast.CompareTest():
            return _compare(test, name, value)


def _text_test(op: ast.TextOp, text: bytes, wanted: bytes) -> bool:
    match op:
        case ast.TextOp.CONTAINS:
            return wanted in text
        case ast.TextOp.NOT_CONTAINS:
            return wanted not in text
        case ast.TextOp.STARTS_WITH:
            return text[: len(wanted)] == wanted
        case ast.TextOp.ENDS_WITH:
            return text[len(text) - len(wanted) :] == wanted and len(text) >= len(wanted)
        case ast.TextOp.MATCHES:
            return re2.search(wanted, text) is not None


def _compare(test: ast.CompareTest, name: Name, value: Value) -> bool:
    literal = test.literal
    if isinstance(literal, ast.BoolLiteral):
        is_it = _go_text(value) in (TRUE if literal.value else FALSE)
        return is_it == (test.op is ast.CompareOp.EQ)
    if isinstance(literal, ast.StringLiteral):
        return _stands(_go_text(value).encode(), test.op, literal.value.encode())
    number = _go_number(value)
    return number is not None and _stands(number, test.op, _float(literal, name))


def _member(test: ast.MemberTest, name: Name, value: Value) -> bool:
    if isinstance(test.literals[0], ast.StringLiteral):
        texts = [one.value for one in test.literals if isinstance(one, ast.StringLiteral)]
        return (_go_text(value) in texts) != test.is_negated
    number = _go_number(value)
    if number is None:
        return False
    return any(number == _float(one, name) for one in test.literals) != test.is_negated


def _float(literal: ast.Literal, name: Name) -> float:
    if isinstance(literal, ast.DurationLiteral):
        return float(Fraction(literal.nanoseconds) / UNITS[name.type])
    assert isinstance(literal, ast.NumberLiteral)
    return float(literal.value)


# Matches and traces that try it.

_COMPARE: Final = [one.value for one in ast.CompareOp]
_TEXTS: Final = ("", "500", "true", "T", "0", "<nil>", "GET", "5e2", "a.c", "é", "[1 2]")
_WHOLE: Final = ("500", "0", "-1", "1e6", "9007199254740992")
_PARTS: Final = ("0.5", "-2.5", "0.1", "1e-5")
_TIMES: Final = ("5s", "1.5ms", "1m30s", "100ns", "0.1us")


def _literals(kind: str, type_: str) -> st.SearchStrategy[str]:
    if kind == "text":
        return st.sampled_from([f"'{text}'" for text in _TEXTS])
    if kind == "time":
        return st.sampled_from(_TIMES)
    return st.sampled_from(_WHOLE if type_ == "int" else (*_WHOLE, *_PARTS))


def _tests_of(name: str) -> st.SearchStrategy[str]:
    type_ = NAMES[name].type
    kinds = {"": ("number", "text", "flag"), "bool": ("flag",), "string": ("text",)}.get(
        type_, ("number", "time") if type_ in UNITS else ("number",)
    )

    def of(kind: str) -> st.SearchStrategy[str]:
        if kind == "flag":
            return st.sampled_from(["", " == true", " == false", " != true", " != false"])
        literals = _literals(kind, type_)
        comparison = st.builds(" {} {}".format, st.sampled_from(_COMPARE), literals)
        lists = st.lists(literals, min_size=1, max_size=3).map(", ".join)
        member = st.builds(" {} [{}]".format, st.sampled_from(["in", "not in"]), lists)
        if kind != "text":
            return comparison | member
        words = [one.value for one in ast.TextOp]
        return comparison | member | st.builds(" {} {}".format, st.sampled_from(words), literals)

    prefix = st.sampled_from(["", "root."])
    tests = st.sampled_from(kinds).flatmap(of)
    return st.builds("{}{}{}".format, prefix, st.just(name), tests) | st.builds(
        "exists({}{})".format, prefix, st.just(name)
    )


_LEAVES: Final = st.sampled_from(sorted(NAMES)).flatmap(_tests_of)


def _grown(leaves: st.SearchStrategy[str], size: int) -> st.SearchStrategy[str]:
    def grow(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        some = st.lists(parts, min_size=2, max_size=3)
        return st.one_of(
            some.map(lambda one: f"({' && '.join(one)})"),
            some.map(" || ".join),
            some.map(lambda one: f"({' || '.join(one)})"),
            parts.map(lambda one: f"!({one})"),
        )

    return st.recursive(leaves, grow, max_leaves=size)


_BODIES: Final = _grown(_LEAVES | st.sampled_from(["is_root", "true", "false"]), 4)
_QUANTIFIED: Final = st.builds("{}({})".format, st.sampled_from(["any", "all", "none"]), _BODIES)
_COUNTS: Final = st.builds("span_count {} {}".format, st.sampled_from(_COMPARE), st.integers(0, 4))
_CLOSED: Final = st.one_of(
    _QUANTIFIED,
    _COUNTS,
    st.sampled_from(["has_root", "true", "false"]),
    _LEAVES.filter(lambda text: text.startswith(("root.", "exists(root."))),
)
_BARE: Final = _LEAVES.filter(
    lambda text: not any(word in text for word in ("!=", "not in", "not contains"))
)
MATCHES: Final = _grown(_CLOSED, 4) | st.lists(_BARE, min_size=1, max_size=3).map(" || ".join)

VALUES: Final[st.SearchStrategy[Value]] = st.one_of(
    st.sampled_from([500, 0, 1, -1, 5000, 90000, 90, 10**6, 2**53, 2**53 + 1, 2**63 - 1]),
    st.sampled_from([0.5, 0.1, 500.0, 1e6, 1.5, -0.0, 1e-5, 123456.0, 1e21, math.nan, math.inf]),
    st.sampled_from([*_TEXTS, "+500", "0x1.f4p8", "5_00", "_5", "NaN", "-inf", " 500", "1e999"]),
    st.sampled_from([None, True, False, Uint64(500), Uint64(1), Float32(0.5), Float32(500.0)]),
    st.sampled_from([b"", b"\x01\x02", (1, 2), ("a", "b"), Float32(0.10000000149011612)]),
)
_SPANS: Final = st.builds(
    Span, st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=6), st.booleans()
)
TRACES: Final = st.builds(Trace, st.just("t"), st.lists(_SPANS, min_size=1, max_size=3).map(tuple))


@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(MATCHES, st.lists(TRACES, min_size=1, max_size=8))
def test_both_evaluators_agree(text: str, traces: list[Trace]) -> None:
    expr, problems = parse_match_text(text, "p")
    checked = check_match(expr, ROWS)

    assert not problems, text
    assert [one for one in checked.diagnostics if one.severity is Severity.ERROR] == [], text
    assert checked.match is not None
    for trace in traces:
        assert holds(checked.match, trace) == _trace(expr, trace), (text, trace)
