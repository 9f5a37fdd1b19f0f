"""The hints between the words of a policy."""

from __future__ import annotations

import pytest

from nectarc_lsp.database.knowledge import Reach, RuleKnowledge
from nectarc_lsp.features.inlays import hints
from tests.unit.lsp.knowledge_of import known_of, share_of
from tests.unit.lsp.views_of import knowing, texts, view_of

_POLICY = """\
version: 1
name: shop
rules[2]{{name,match,action,priority}}:
  slow,"{match}",{action},90
  rest,true,drop,0
"""


def labels(match: str = "has_root", action: str = "keep") -> list[str]:
    view = view_of(_POLICY.format(match=match, action=action))
    return [one.label for one in hints(view, view.text.span(0, len(view.text.text)))]


@pytest.mark.parametrize(
    ("match", "label"),
    [
        ("duration > 5s", "= 5,000 ms"),
        ("duration > 1.5s", "= 1,500 ms"),
        ("any(duration > 1m && error)", "= 60,000 ms"),
        ("duration_ms > 500000", "= 8 min 20 s"),
        ("duration_ms > 250", "ms"),
    ],
)
def test_a_duration_is_told_in_the_unit_of_the_field(match: str, label: str) -> None:
    assert labels(match) == [label]


@pytest.mark.parametrize("match", ["duration > 5000ms", "http.status >= 500", "name == '5s'"])
def test_what_is_plain_has_no_hint(match: str) -> None:
    assert labels(match) == []


@pytest.mark.parametrize(
    ("action", "label"),
    [
        ("sample(0.07)", "= 1 in 14 (7.1 %)"),
        ("sample(0.01)", "= 1 in 100"),
        ("sample(1/100)", "= 1 %"),
        ("deterministic(0.3)", "= 1 in 3 (33 %)"),
    ],
)
def test_a_rate_is_told_as_refinery_will_use_it(action: str, label: str) -> None:
    assert labels(action=action) == [label]


@pytest.mark.parametrize("action", ["sample(0)", "sample(1/0)", "sample(2)", "sample(", "keep"])
def test_what_is_no_rate_has_no_hint(action: str) -> None:
    assert labels(action=action) == []


def test_a_rate_that_is_not_exact_can_be_written_as_it_is() -> None:
    view = view_of(_POLICY.format(match="error", action="sample(0.07)"))
    (hint,) = hints(view, view.text.span(0, len(view.text.text)))

    assert hint.edit is not None
    assert hint.edit.text == "1/14"
    assert view.text.text[hint.edit.source.start : hint.edit.source.end] == "0.07"
    assert hint.tooltip.endswith("1 in 14 is 2 % off.")


def test_a_rule_says_at_its_end_what_it_keeps() -> None:
    known = known_of(
        RuleKnowledge(name="slow", reach=Reach.POSSIBLE, share=share_of(20, 50.0, 0.1)),
        RuleKnowledge(name="rest", reach=Reach.POSSIBLE, share=share_of(180, 950.0, 0.0)),
    )
    view = knowing(view_of(_POLICY.format(match="error", action="sample(1/10)")), known)

    found = hints(view, view.text.span(0, len(view.text.text)))

    ends = [one for one in found if view.text.text[one.offset] == "\n"]
    assert [one.label for one in ends] == ["keeps 1 % of all traces", "drops 90 % of all traces"]
    assert ends[0].tooltip.startswith("Decides 10 % of your traffic (20 of 200 traces")


def test_a_dead_rule_says_so() -> None:
    known = known_of(
        RuleKnowledge(name="slow", reach=Reach.NEVER, shadowed_by=("rest",)),
        RuleKnowledge(name="rest", reach=Reach.POSSIBLE),
    )
    view = knowing(view_of(_POLICY.format(match="error", action="keep")), known)

    (hint,) = hints(view, view.text.span(0, len(view.text.text)))

    assert hint.label == "never decides"
    assert "`rest` above takes all of its traces" in hint.tooltip


def test_only_the_place_asked_for_is_answered() -> None:
    view = view_of(_POLICY.format(match="duration > 5s", action="sample(0.07)"))
    at = view.text.text.index("5s")

    found = hints(view, view.text.span(at, at + 2))

    assert [one.label for one in found] == ["= 5,000 ms"]


def test_every_text_has_hints_without_a_defect() -> None:
    for text in texts():
        view = view_of(text)
        found = hints(view, view.text.span(0, len(text)))
        assert all(0 <= one.offset <= len(text) for one in found)
