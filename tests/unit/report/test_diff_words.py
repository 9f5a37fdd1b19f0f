"""The words of a difference, and Markdown that no name can break."""

from __future__ import annotations

import pytest

from nectarc.compare.difference import CompareOptions, compare_sides
from nectarc.compare.sides import Side, Target
from nectarc.report.diff_markdown import render_diff_markdown
from nectarc.report.diff_text import render_diff_text
from nectarc.report.diff_words import percent_words, region_sentences, span_lines
from nectarc.trace import Span, Trace
from tests.unit.compare.targets import ERROR, policy


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.0, "0 %"), (0.00042, "0.042 %"), (0.01, "1 %"), (0.126, "13 %"), (0.9996, "100.0 %")],
)
def test_shares_are_never_rounded_to_none_or_all(share: float, words: str) -> None:
    assert percent_words(share) == words


def test_equal_spans_that_follow_each_other_are_one_line() -> None:
    same = Span({"error": True})

    lines = span_lines(Trace("t", (Span({}, is_root=True), *[same] * 5000)))

    assert lines == ["span 1 (root): no fields that matter", "spans 2 to 5,001: error = true"]


def test_the_sentences_name_what_moved_the_trace() -> None:
    left = policy("errors,error,keep", "rest,true,drop")
    right = policy("errors,root.error,keep", "rest,true,drop")
    found = compare_sides(_side(left), _side(right), CompareOptions(error=ERROR))
    (region,) = found.targets[0].comparison.regions

    assert region_sentences(region, left, right) == [
        "Rule `errors` decided them: some span has error that is true.",
        "Rule `rest` decides them now: all that no rule above takes.",
        "Rule `errors` asks now: the root span has error that is true.",
    ]


def test_a_rule_that_is_asked_sooner_is_named() -> None:
    left = policy("errors,error,keep", "slow,duration > 5s,drop", "rest,true,keep")
    right = policy("slow,duration > 5s,drop", "errors,error,keep", "rest,true,keep")
    found = compare_sides(_side(left), _side(right), CompareOptions(error=ERROR))
    (region,) = found.targets[0].comparison.regions

    assert region_sentences(region, left, right)[-1] == "Rule `slow` is asked first now."


def test_names_cannot_break_out_of_markdown() -> None:
    left = policy("<img>|```,root.a == '<b>```',keep", "rest,true,drop")
    right = policy("rest,true,drop")
    found = compare_sides(_side(left), _side(right), CompareOptions(error=ERROR))

    text = render_diff_markdown(found)

    fences = [line for line in text.splitlines() if line.startswith("```")]
    assert fences == ["```text", "```"]
    assert "<img>" not in "".join(part for i, part in enumerate(text.split("`")) if i % 2 == 0)


def test_each_form_names_both_sides_and_the_scope() -> None:
    one = policy("rest,true,drop")
    found = compare_sides(_side(one, "old"), _side(one, "new"), CompareOptions(error=ERROR))

    assert render_diff_text(found).startswith("old → new\n\nPROVED equal")
    assert "`old` → `new`" in render_diff_markdown(found)
    assert "nothing assumed" in render_diff_text(found)
    assert "nothing taken for granted" in render_diff_text(found, is_whole=True)


def _side(target: Target, name: str = "side") -> Side:
    return Side(name, {"__default__": target})
