"""Matches as text: quoting, and negations and conjunctions that are plain."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nectarc.checking import check_text
from nectarc.evaluate.policy import holds
from nectarc.intent.drafts import Draft, DraftRule
from nectarc.intent.matches import all_of, any_of, field_text, none_of, string_literal
from nectarc.intent.near_traces import near_traces
from nectarc.intent.policy_text import body_text
from nectarc.ir.nodes import TraceExpr
from nectarc.source import SourceText
from nectarc.trace import Span, Trace

MATCHES = (
    "http.status >= 500 || error == true",
    "any(service == 'a' && duration > 1s)",
    "root.http.route == '/x' && duration > 1s",
    "has_root && span_count > 2",
    "!any(service == 'a') || has_root",
    "none(service == 'a')",
    "all(service == 'a')",
    "error",
    "exists(plan)",
    "(error || http.status == 404) && has_root",
)


def _meant(what: str) -> TraceExpr:
    rules = (
        DraftRule(name="a", description="", match=what, action="keep"),
        DraftRule(name="rest", description="", match="true", action="drop"),
    )
    checked = check_text(SourceText.of("p.toon", body_text(Draft(name="p", rules=rules))))
    assert [one.headline for one in checked.diagnostics if one.severity.value == "error"] == []
    assert checked.policy is not None
    return checked.policy.rules[0].match


def _traces(*exprs: TraceExpr) -> list[Trace]:
    start = Trace("t", (Span({"service.name": "b"}, is_root=True), Span({"name": "x"})))
    first = list(near_traces(start, exprs))
    found = [start, *first]
    found += [two for one in (*first[:12], *first[-4:]) for two in near_traces(one, exprs)]
    return found[:600]


@pytest.mark.parametrize("what", MATCHES)
def test_a_negation_holds_of_exactly_the_other_traces(what: str) -> None:
    expr, negated = _meant(what), _meant(none_of(what))

    found = [(holds(expr, one), holds(negated, one)) for one in _traces(expr)]

    assert all(one is not other for one, other in found)
    assert len({one for one, _ in found}) == 2


@given(st.lists(st.sampled_from(MATCHES), min_size=1, max_size=3))
@settings(max_examples=40, deadline=None)
def test_conjunctions_and_disjunctions_are_of_traces(matches: list[str]) -> None:
    parts = [_meant(one) for one in matches]
    both, either = _meant(all_of(matches)), _meant(any_of(matches))

    for trace in _traces(*parts)[:200]:
        truths = [holds(one, trace) for one in parts]
        assert holds(both, trace) is all(truths)
        assert holds(either, trace) is any(truths)


def test_all_and_nothing() -> None:
    assert all_of(()) == "true"
    assert all_of(("true", "true")) == "true"
    assert any_of(("error", "true")) == "true"


@pytest.mark.parametrize(
    ("text", "literal"),
    [("/cart", "'/cart'"), ("it's", '"it\'s"'), ("a\nb", '"a\\nb"'), ('"', "'\"'"), ("", "''")],
)
def test_a_text_is_quoted(text: str, literal: str) -> None:
    assert string_literal(text) == literal


def test_an_odd_name_stands_in_backticks() -> None:
    assert field_text("http.route") == "http.route"
    assert field_text("user tier") == "`user tier`"
    assert field_text("any", of_root=True) == "root.`any`"
