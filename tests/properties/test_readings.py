"""Readings of unclear matches, on random expressions: they check clean and mean what they say."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from nectarc.evaluate.policy import holds
from nectarc.ir import nodes as ir
from nectarc.semantics.check import check_match
from nectarc.semantics.options import CheckOptions
from nectarc.source import SourceText
from nectarc.syntax.parser import parse_match_text
from nectarc.trace import Span, Trace
from tests.unit.semantics.check_cases import applied

_BARE = ("a", "b", "c == 1", "d != 'x'", "e not in [1, 2]", "g not contains 'y'", "exists(h)")
_TRACE = ("has_root", "span_count > 1", "root.a", "root.d != 'x'")
_UNCLEAR = ("NEC201", "NEC202")


def _grow(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    joined = st.lists(parts, min_size=2, max_size=3)
    return st.one_of(
        joined.map(lambda some: "(" + " && ".join(some) + ")"),
        joined.map(lambda some: "(" + " || ".join(some) + ")"),
        parts.map(lambda one: f"!{one}"),
    )


EXPRESSIONS = st.recursive(st.sampled_from((*_BARE, *_TRACE)), _grow, max_leaves=7)
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "a": st.booleans(),
        "b": st.booleans(),
        "c": st.integers(1, 2),
        "d": st.sampled_from("xy"),
        "e": st.integers(1, 3),
        "g": st.sampled_from("xy"),
        "h": st.none(),
    },
)
TRACES = st.builds(
    lambda spans, root: Trace(
        "t", tuple(Span(fields, index == root) for index, fields in enumerate(spans))
    ),
    st.lists(VALUES, min_size=1, max_size=3),
    st.integers(0, 3),
)


def _meaning(text: str) -> ir.TraceExpr | None:
    expr, problems = parse_match_text(text, "p")
    assert not problems, (text, problems)
    return check_match(expr, (), CheckOptions(text=SourceText.of("p", text))).match


@settings(max_examples=300, deadline=None)
@given(EXPRESSIONS)
def test_every_fix_of_an_unclear_part_removes_it(text: str) -> None:
    expr, _ = parse_match_text(text, "p")
    checked = check_match(expr, (), CheckOptions(text=SourceText.of("p", text)))
    unclear = [one for one in checked.diagnostics if one.code in _UNCLEAR]

    assert (checked.match is None) is bool(unclear)
    for finding in unclear:
        for fix in finding.fixes:
            fixed = applied(text, fix)
            again, problems = parse_match_text(fixed, "p")
            assert not problems, (text, fixed)
            left = check_match(again, (), CheckOptions()).diagnostics
            assert sum(one.code in _UNCLEAR for one in left) < len(unclear), (text, fixed)


@settings(max_examples=300, deadline=None)
@given(EXPRESSIONS, TRACES)
def test_reading_of_one_span_means_some_span_satisfies_the_whole(text: str, trace: Trace) -> None:
    expr, _ = parse_match_text(text, "p")
    checked = check_match(expr, (), CheckOptions(text=SourceText.of("p", text)))
    fixes = [
        fix
        for one in checked.diagnostics
        if one.code == "NEC202" and len(text) - (one.source.end - one.source.start) <= 2
        for fix in one.fixes
        if fix.title.startswith("one span has both")
    ]
    if not fixes:
        return
    plain = text.replace("has_root", "true" if trace.root is not None else "false")
    plain = plain.replace("span_count > 1", "true" if len(trace.spans) > 1 else "false")

    reading = _meaning(applied(text, fixes[0]))
    some_span = _meaning(f"any({plain})")

    assert reading is not None
    assert some_span is not None
    assert holds(reading, trace) == holds(some_span, trace), applied(text, fixes[0])
