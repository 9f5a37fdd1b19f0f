"""The first screen of a difference: what changes, the two traces that show it, what is folded."""

from __future__ import annotations

import re

import pytest

from nectarc.compare.difference import CompareOptions, SidesDifference, compare_sides
from nectarc.compare.sides import Fate, Side, Target, side_of_rules
from nectarc.prove.verdicts import Verdict
from nectarc.refinery.loader import load_rules
from nectarc.report.diff_screen import change_words, first_screen, short_effects, title_of
from nectarc.report.diff_text import render_diff_text
from tests.unit.compare.targets import ERROR, policy

_EXAMPLE = re.compile(r"[-+~] (All t|T)races")
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
OLD = policy("errors,http.status >= 500,keep", "health,http.route == '/up',drop", "rest,true,keep")
SCOPE = (
    "For any trace at its decision, nothing assumed; not for stress relief, late spans, eviction."
)
NEW = policy(
    "health,http.route == '/up',drop", "rest,http.status >= 400,sample(1/2)", "x,true,drop"
)


def compared(left: Target, right: Target, names: tuple[str, str] = ("a", "b")) -> SidesDifference:
    old, new = (Side(names[i], {"__default__": one}) for i, one in enumerate((left, right)))
    return compare_sides(old, new, CompareOptions(error=ERROR))


def screen(left: Target, right: Target, *, width: int = 96, use_colour: bool = False) -> list[str]:
    return first_screen(compared(left, right), width=width, use_colour=use_colour)


def fate(effect: str) -> Fate:
    return Fate(rule="r", asks="anything", effect=effect, share=None)


def examples(lines: list[str]) -> list[str]:
    return [line for line in lines if _EXAMPLE.match(line)]


def test_a_trace_that_is_lost_and_one_that_is_gained_stand_first() -> None:
    left = policy("errors,error,keep", "slow,duration > 5s,drop", "rest,true,sample(1/10)")
    right = policy("errors,error,drop", "slow,duration > 5s,keep", "rest,true,sample(1/10)")

    lines = screen(left, right)

    assert examples(lines) == [
        "- Traces with an error (`error`) that were kept and are dropped now, such as:",
        "+ Traces that were dropped and are kept now, such as:",
    ]
    assert lines[2].startswith("CHANGED: 2 kinds of traces change decision")
    assert lines[4] == "Traces with an error (`error`) may be lost that were not before."
    assert "      span 1 (root): error = true" in lines
    assert "  rule    `slow`: some span has duration (duration_ms) above 5 s" in lines


def test_what_is_equal_is_said_in_a_line_and_its_scope() -> None:
    assert screen(OLD, OLD) == [
        "a → b",
        "",
        "PROVED equal: every trace is decided alike.",
        SCOPE,
    ]


def test_a_change_that_loses_no_error_says_so() -> None:
    left, right = policy("rest,true,drop"), policy("rest,true,sample(1/7)")

    lines = screen(left, right)

    assert "PROVED: no trace with an error (`error`) is kept less than before." in lines
    assert examples(lines) == [
        "+ All traces were dropped and are kept 1 in 7 now, such as:",
    ]


def test_why_a_trace_moved_stands_beside_the_rules() -> None:
    def why(left: Target, right: Target) -> list[str]:
        lines = screen(left, right, width=140)
        return [line[2:] for line in lines if line.startswith(("  before", "  now"))]

    rest, true = "rest,true,drop", "some span has error that is true"
    assert why(policy("e,error,keep", rest), policy("e,root.error,keep", rest)) == [
        f"before  `e`: {true} (asks now: the root span has error that is true)",
        "now     `rest`: all that no rule above takes",
    ]
    assert why(policy("e,error,keep", rest), policy(rest)) == [
        "before  `e`: some span has error that is true (gone now)",
        "now     `rest`: all that no rule above takes",
    ]
    assert why(policy(rest), policy("e,error,keep", rest)) == [
        "before  `rest`: all that no rule above takes",
        "now     `e`: some span has error that is true (new)",
    ]
    slow = "slow,duration > 5s,drop"
    swapped = policy(slow, "e,error,keep", "rest,true,keep")
    assert why(policy("e,error,keep", slow, "rest,true,keep"), swapped) == [
        "before  `e`: some span has error that is true",
        "now     `slow`: some span has duration (duration_ms) above 5 s (asked first now)",
    ]


def test_many_kinds_are_folded_and_all_shows_them() -> None:
    names = [f"r{n}" for n in range(12)]
    rows = [f"{name},http.route == '/{name}',keep" for name in names]
    other = [row.replace("keep", "drop") for row in rows]
    left, right = policy(*rows, "rest,true,drop"), policy(*other, "rest,true,keep")
    difference = compared(left, right)

    folded = render_diff_text(difference).splitlines()
    whole = render_diff_text(difference, is_whole=True)

    assert len(folded) <= 25
    assert folded[-1].startswith("… and ")
    shown = sum(1 for line in folded if re.match(r" +[0-9]+ [-+~] ", line))
    assert f"… and {13 - shown} more kinds; --all" in folded[-1]
    assert all(f"`{name}`" in whole for name in names)
    assert len(examples(folded)) == 2


def test_where_there_are_more_kinds_than_are_looked_at_it_says_so() -> None:
    rows = [f"r{n},http.route == '/{n}',keep" for n in range(45)]
    other = [row.replace("keep", "drop") for row in rows]

    lines = screen(policy(*rows, "rest,true,keep"), policy(*other, "rest,true,keep"))

    assert "CHANGED: at least 40 kinds of traces change decision" in lines[2]
    assert "The first 40 kinds of traces that change, the gravest first:" in lines


@pytest.mark.parametrize("width", [60, 80, 140])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    long = "a rule with a name that says everything about what its writer had in mind at the time"
    left = policy(f"{long},error,keep", "two,duration > 1s,drop", "rest,true,keep")
    right = policy(f"{long} now,error,drop", "two,duration > 1s,keep", "rest,true,drop")

    lines = screen(left, right, width=width)

    assert max(map(len, lines)) <= width


def test_colours_change_no_word() -> None:
    plain, coloured = screen(OLD, NEW), screen(OLD, NEW, use_colour=True)

    assert plain != coloured
    assert [_COLOURS.sub("", line) for line in coloured] == plain


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("kept", "dropped", "were kept and are dropped now"),
        ("1 in 5", "kept", "were kept 1 in 5 and are kept now"),
        (
            "kept",
            "EMADynamicSampler (GoalSampleRate 5, Weight 0.5; key a, b)",
            "were kept and go to EMADynamicSampler (GoalSampleRate 5) now",
        ),
        (
            "DynamicSampler (SampleRate 5; key a)",
            "DynamicSampler (SampleRate 6; key a, b)",
            "stay with DynamicSampler, which changes: SampleRate 5 → 6, key a → a, b",
        ),
        ("no sampler", "kept", "met this: no sampler and are kept now"),
    ],
)
def test_what_becomes_of_traces_is_a_sentence(before: str, after: str, words: str) -> None:
    assert change_words(fate(before), fate(after)) == words


def test_effects_are_short_and_keep_their_goal() -> None:
    sampler = fate("TotalThroughputSampler (GoalThroughputPerSec 5, UseTraceLength true; key a)")

    assert short_effects(fate("1 in 5 by trace id"), sampler) == (
        "1 in 5 by trace id",
        "TotalThroughputSampler (GoalThroughputPerSec 5)",
    )


def test_the_folder_that_both_are_in_is_left_out() -> None:
    def title(left: str, right: str) -> str:
        return title_of(compared(OLD, OLD, (left, right)))

    assert title("d/a.yaml", "d/b.yaml") == "a.yaml → b.yaml"
    assert title("d/a.yaml", "e/b.yaml") == "d/a.yaml → e/b.yaml"
    assert title("d/a.yaml", "d/a.yaml") == "d/a.yaml → d/a.yaml"
    assert title("HEAD", "the project now") == "HEAD → the project now"


def test_what_only_strange_values_show_is_said_at_the_top() -> None:
    def rules(datatype: str) -> Side:
        text = f"""RulesVersion: 2
Samplers:
  __default__:
    RulesBasedSampler:
      Rules:
        - Drop: true
          Conditions: [{{Field: http.status_code, Operator: '=', Value: 200{datatype}}}]
"""
        loaded = load_rules(text).rules
        assert loaded is not None
        return side_of_rules("side", loaded)

    lines = first_screen(
        compare_sides(rules(""), rules(", Datatype: float"), CompareOptions(error=ERROR)), width=96
    )

    assert lines[5].startswith("All that changes needs values that OpenTelemetry senders do not")


def test_one_duration_in_two_spellings_is_no_change() -> None:
    def rules(interval: str, burst: str) -> Side:
        settings = f"GoalSampleRate: 5, AdjustmentInterval: {interval}, BurstMultiple: {burst}"
        text = (
            "RulesVersion: 2\nSamplers:\n"
            f"  __default__: {{EMADynamicSampler: {{{settings}, FieldList: [a]}}}}\n"
        )
        loaded = load_rules(text).rules
        assert loaded is not None
        return side_of_rules("side", loaded)

    same = compare_sides(rules("60s", "2"), rules("1m", "2.0"), CompareOptions(error=ERROR))
    other = compare_sides(rules("60s", "2"), rules("61s", "2"), CompareOptions(error=ERROR))

    assert same.verdict is Verdict.PROVED
    assert other.verdict is Verdict.REFUTED


def test_targets_are_named_where_there_are_several() -> None:
    def side(name: str, rate: int) -> Side:
        text = (
            "RulesVersion: 2\nSamplers:\n"
            "  __default__: {DeterministicSampler: {SampleRate: 1}}\n"
            f"  prod: {{DeterministicSampler: {{SampleRate: {rate}}}}}\n"
        )
        rules = load_rules(text).rules
        assert rules is not None
        return side_of_rules(name, rules)

    found = compare_sides(side("a", 1), side("b", 9), CompareOptions(error=ERROR))
    (example,) = examples(first_screen(found, width=140))

    assert example.startswith("- All traces of `prod`, errors among them, were kept and are")


def _sole(sampler: str) -> Side:
    loaded = load_rules(f"RulesVersion: 2\nSamplers:\n  __default__: {{{sampler}}}\n").rules
    assert loaded is not None
    return side_of_rules("side", loaded)


def _sole_screen(before: str, after: str) -> list[str]:
    found = compare_sides(_sole(before), _sole(after), CompareOptions(error=ERROR))
    return first_screen(found, width=90)


def test_a_change_of_a_sampler_without_rules_is_one_of_all_traces() -> None:
    lines = _sole_screen(
        "DeterministicSampler: {SampleRate: 10}", "DeterministicSampler: {SampleRate: 20}"
    )

    assert lines[-4:] == [
        "- All traces, errors among them, were kept 1 in 10 by trace id and are kept 1 in 20 by",
        "  trace id now, such as:",
        "      span 1 (root): error = true",
        "  sampler `DeterministicSampler`: 1 in 10 before, 1 in 20 now",
    ]


def test_samplers_without_rules_are_named() -> None:
    dynamic = "DynamicSampler: {SampleRate: 5, FieldList: [a]}"

    changed = _sole_screen(dynamic, dynamic.replace("5", "6"))
    other = _sole_screen("DeterministicSampler: {SampleRate: 10}", dynamic)

    assert "  sampler `DynamicSampler`: SampleRate 5 → 6" in changed
    assert "  before  `DeterministicSampler`: all traces, there are no rules" in other
    assert "  now     `DynamicSampler`" in other
    assert not any("no rule:" in line for line in (*changed, *other))


def test_not_all_traces_change_where_a_rule_stands_above() -> None:
    old, new = "e,error,keep", "rest,true,sample(1/9)"

    (example,) = examples(screen(policy(old, new), policy(old, new.replace("9", "8"))))

    assert example.startswith("+ Traces that were kept 1 in 9")
