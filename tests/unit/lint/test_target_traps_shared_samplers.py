"""Which samplers of rules are one in Refinery, release by release."""

from __future__ import annotations

from tests.unit.lint.target_linting import in_file, in_rules, is_warning, only, those_of


def _rule(name: str, sampler: str) -> str:
    return f"- {{Name: {name}, Sampler: {{{sampler}}}}}\n"


def _throughput(fields: str = "root.a, root.b", more: str = "") -> str:
    return f"EMAThroughputSampler: {{GoalThroughputPerSec: 1000, FieldList: [{fields}]{more}}}"


def test_a_shared_goal_is_said_with_both_names() -> None:
    found = only("NEC525", in_rules(_rule("api", _throughput()) + _rule("web", _throughput())))

    assert found.headline == "`api` and `web` share one sampler: 1,000 a second together"
    assert is_warning(found)


def test_a_setting_that_differs_is_named_with_the_rule_that_counts() -> None:
    text = in_rules(_rule("api", _throughput()) + _rule("web", _throughput(more=", Weight: 0.9")))

    assert only("NEC525", text).headline == (
        "`api` and `web` share one sampler: 1,000 a second together; `Weight` is as in `api`"
    )


def test_three_rules_are_one_finding() -> None:
    text = in_rules("".join(_rule(name, _throughput()) for name in ("a", "b", "c")))

    found = only("NEC525", text)

    assert found.headline.startswith("`a`, `b` and `c` share one sampler")
    assert len(found.related) == 2


def test_equal_samplers_without_a_goal_are_a_hint() -> None:
    sampler = "DynamicSampler: {SampleRate: 5, FieldList: [root.a]}"

    found = only("NEC525", in_rules(_rule("a", sampler) + _rule("b", sampler)))

    assert found.headline == "`a` and `b` share one sampler"
    assert not is_warning(found)


def test_a_kind_with_another_interval_is_a_warning() -> None:
    sampler = "DynamicSampler: {SampleRate: 5, FieldList: [root.a], ClearFrequency: 40s}"
    other = sampler.replace("40s", "50s")

    assert is_warning(only("NEC525", in_rules(_rule("a", sampler) + _rule("b", other))))


def test_trace_length_belongs_to_each_rule() -> None:
    sampler = "DynamicSampler: {SampleRate: 5, FieldList: [root.a]}"
    other = sampler.replace("}", ", UseTraceLength: true}")

    found = only("NEC525", in_rules(_rule("a", sampler) + _rule("b", other)))

    assert not is_warning(found)


def test_cluster_size_of_one_holds_for_all() -> None:
    text = in_rules(
        _rule("a", _throughput()) + _rule("b", _throughput(more=", UseClusterSize: true"))
    )

    found = only("NEC525", text)

    assert "`UseClusterSize` of one holds for all" in found.why
    assert "as in" not in found.headline


def test_the_order_of_fields_tells_samplers_apart_before_3_2() -> None:
    text = in_rules(_rule("a", _throughput()) + _rule("b", _throughput("root.b, root.a")))

    assert those_of("NEC525", text) != ()
    assert those_of("NEC525", text, "3.1") == ()


def test_rules_of_several_targets_share_before_3_1() -> None:
    target = f"{{RulesBasedSampler: {{Rules: [{{Name: x, Sampler: {{{_throughput()}}}}}]}}}}"
    text = in_file(f"one: {target}\ntwo: {target}")

    assert those_of("NEC525", text, "3.1") == ()
    assert only("NEC525", text, "3.0").headline == (
        "rules of `one` and `two` share one sampler: 1,000 a second together"
    )


def test_a_target_of_its_own_does_not_share_with_rules() -> None:
    text = in_file(
        f"one: {{{_throughput()}}}\n"
        f"two: {{RulesBasedSampler: {{Rules: [{{Name: x, Sampler: {{{_throughput()}}}}}]}}}}"
    )

    assert those_of("NEC525", text, "3.0") == ()
