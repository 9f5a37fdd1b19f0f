"""Comparing two targets: verdicts, regions, examples, dead rules, lost errors."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from nectarc.compare.regions import Assumed, Comparison, compare_targets
from nectarc.compare.sides import Target, side_of_policies
from nectarc.evaluate.boundaries import boundary_traces
from nectarc.evaluate.policy import holds
from nectarc.ir.nodes import Policy
from nectarc.prove.verdicts import Verdict
from nectarc.trace import ROOT_FIELD
from tests.ir_strategies import policies
from tests.unit.compare.targets import ERROR, policy, rules


def compared(left: Target, right: Target) -> Comparison:
    return compare_targets(left, right, (Assumed(),), ERROR)


def target(one: Policy) -> Target:
    return side_of_policies("p", {"__default__": one}).target("__default__")


def fields(comparison: Comparison) -> list[list[dict[str, object]]]:
    return [
        [
            {name: value for name, value in span.fields.items() if name != ROOT_FIELD}
            for span in region.trace.spans
        ]
        for region in comparison.regions
    ]


def test_names_and_order_without_effect_are_equal() -> None:
    left = policy("a,error,keep", "b,root.x == 'y',keep", "rest,true,drop")
    right = policy("c,root.x == 'y',keep", "d,error,keep", "rest,true,drop")

    found = compared(left, right)

    assert found.verdict is Verdict.PROVED
    assert (found.added, found.removed) == (("c", "d"), ("a", "b"))


def test_an_example_has_a_root_and_only_what_matters() -> None:
    left = policy("errors,error,keep", "rest,true,sample(1/100)")
    right = policy("errors,root.error,keep", "rest,true,sample(1/100)")

    found = compared(left, right)

    assert fields(found) == [[{}, {"error": True}]]
    assert found.regions[0].trace.spans[0].is_root


def test_what_two_spans_show_stands_on_one_where_that_is_the_same() -> None:
    left = policy("both,any(error) && any(http.status >= 500),keep", "rest,true,drop")
    right = policy("rest,true,drop")

    assert fields(compared(left, right)) == [[{"error": True, "http.status": 500}]]


def test_each_pair_of_rules_is_a_region() -> None:
    left = policy("errors,error,keep", "slow,duration > 5s,sample(1/2)", "rest,true,drop")
    right = policy("slow,duration > 5s,sample(1/2)", "rest,true,drop")

    found = compared(left, right)

    assert {(one.left, one.right) for one in found.regions} == {(0, 0), (0, 1)}


def test_what_may_be_lost_comes_first() -> None:
    left = policy("a,root.x == 'a',sample(1/9)", "b,root.x == 'b',keep", "rest,true,drop")
    right = policy("a,root.x == 'a',keep", "b,root.x == 'b',sample(1/9)", "rest,true,drop")

    assert [one.left for one in compared(left, right).regions] == [1, 0]


def test_a_lost_error_is_found_among_many_regions_and_shown() -> None:
    left = policy("a,root.x == 'a',keep", "errors,error,keep", "rest,true,drop")
    right = policy("a,root.x == 'a',sample(1/2)", "errors,root.error,keep", "rest,true,drop")

    errors = compared(left, right).errors

    assert errors.verdict is Verdict.REFUTED
    assert errors.trace is not None
    assert holds(ERROR.match, errors.trace)


def test_no_error_is_lost_where_only_others_are() -> None:
    left = policy("errors,error,keep", "rest,true,sample(1/10)")
    right = policy("errors,error,keep", "rest,true,sample(1/20)")

    found = compared(left, right)

    assert (found.verdict, found.errors.verdict) == (Verdict.REFUTED, Verdict.PROVED)


def test_a_rule_that_woke_is_named() -> None:
    left = policy("all,http.status >= 400,keep", "some,http.status >= 500,keep", "rest,true,drop")
    right = policy("some,http.status >= 500,keep", "all,http.status >= 400,keep", "rest,true,drop")

    found = compared(left, right)

    assert (found.verdict, found.woke, found.died) == (Verdict.PROVED, ("some",), ())


def test_a_target_that_ends_the_process_differs_from_all_others() -> None:
    file = "RulesVersion: 2\nSamplers:\n  __default__: {DeterministicSampler: {SampleRate: 1}}\n"
    good = rules(file).target("__default__")
    dead = rules(file + "  prod: {}\n").target("prod")

    found = compared(good, dead)

    assert found.verdict is Verdict.REFUTED
    assert "process" in dead.fate(found.regions[0].right).effect


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_trace_around_the_boundaries_differs_outside_the_regions(data: st.DataObject) -> None:
    one = data.draw(policies())
    other = data.draw(st.just(one) | policies()) if data.draw(st.booleans()) else _moved(one)
    left, right = target(one), target(other)

    found = compared(left, right)

    regions = {(region.left, region.right) for region in found.regions}
    if found.unknown or found.has_more:
        return
    both = [rule.match for rule in (*one.rules, *other.rules)]
    for trace in boundary_traces(both, limit=200):
        pair = left.decisions.decide(trace), right.decisions.decide(trace)
        before, after = left.decisions.effect_of(pair[0]), right.decisions.effect_of(pair[1])
        assert before == after or pair in regions


def _moved(one: Policy) -> Policy:
    """Ask the first rule after the second."""
    if len(one.rules) < 3:
        return one
    first, second, *rest = one.rules
    return Policy(name=one.name, rules=(second, first, *rest))
