"""What counts as covered: rules that decide, conditions seen true and false where asked."""

from __future__ import annotations

from collections.abc import Mapping

from nectarc.testing.coverage import Coverage, coverage_of
from nectarc.trace import Span, Trace, Value
from tests.unit.testing.policies import checked


def trace(*spans: Mapping[str, Value]) -> Trace:
    return Trace("t", tuple(Span(fields, is_root=i == 0) for i, fields in enumerate(spans)))


def covered(match: str, *traces: Trace) -> Coverage:
    policy = checked(
        "version: 1\n"
        "rules[3]{name,match,action,priority}:\n"
        "  first,root.stop,drop,9\n"
        f"  asked,{match},keep,5\n"
        "  rest,true,sample(1/100),0\n"
    )
    return coverage_of(policy.policy, traces)


def counts(coverage: Coverage, rule: str) -> dict[str, tuple[int, int]]:
    found = next(one for one in coverage.rules if one.name == rule)
    return {one.words: (one.true, one.false) for one in found.conditions}


def test_a_condition_is_true_of_a_trace_where_some_span_makes_it_hold() -> None:
    coverage = covered("error", trace({}, {"error": True}), trace({}), trace({"error": False}))

    assert counts(coverage, "asked") == {"error == true": (1, 2)}


def test_under_all_a_condition_is_false_where_some_span_breaks_it() -> None:
    good, bad = {"http.status": 200}, {"http.status": 500}
    coverage = covered("all(http.status < 400)", trace(good, good), trace(good, bad))

    assert counts(coverage, "asked") == {"http.status < 400": (1, 1)}


def test_a_rule_is_asked_only_where_none_above_decides() -> None:
    stopped = trace({"stop": True, "error": True})
    coverage = covered("error", stopped, trace({}))

    assert [(one.name, one.asked, one.decided) for one in coverage.rules] == [
        ("first", 2, 1),
        ("asked", 1, 0),
        ("rest", 1, 1),
    ]
    assert counts(coverage, "asked") == {"error == true": (0, 1)}


def test_covered_is_what_was_true_and_false() -> None:
    coverage = covered("root.a || span_count > 1", trace({}), trace({"a": True}, {}))

    assert (coverage.conditions_covered, len(coverage.conditions)) == (2, 3)
    assert [one.missing for one in coverage.conditions] == ["true", "", ""]
