"""Matches and actions in plain words."""

from __future__ import annotations

import pytest

from nectarc.ir.nodes import FieldType
from nectarc.ir.text import parse_expr, parse_policy_text
from nectarc.report.words import duration_words, match_words, sentence, share_words


@pytest.mark.parametrize(
    ("match", "words"),
    [
        (
            "any(number http.status[http.status|http.status_code]:int >= 500.0)",
            "some span has http.status (http.status or http.status_code) of at least 500",
        ),
        ("any(number duration_ms:duration_ms > 5000.0)", "some span has duration_ms above 5 s"),
        (
            'any(string svc == "pay" && !bool error:bool == true)',
            "some span has svc equal to `pay` and has no error that is true",
        ),
        ("!any(bool error:bool == true)", "no span has error that is true"),
        ('!any(!string s == "static")', "every span has s equal to `static`"),
        ("!has_root", "there is no root span"),
        ("span_count > 60", "the number of spans is above 60"),
        ('root string r in ["/a", "/b"]', "the root span has r equal to `/a` or `/b`"),
        ('any(string r not in ["a", "b"])', "some span has r other than `a` and `b`"),
        ("any(!is_root && exists e)", "some span has a parent and has e"),
        (
            "has_root && (span_count > 2 || any(exists a))",
            "there is a root span; and (the number of spans is above 2 or some span has a)",
        ),
        ('any(string t not contains "x")', "some span has t that does not contain `x`"),
    ],
)
def test_matches_read_as_english(match: str, words: str) -> None:
    assert match_words(parse_expr(match)) == words


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (5000.0, FieldType.DURATION_MS, "5 s"),
        (1500.0, FieldType.DURATION_MS, "1.5 s"),
        (250000.0, FieldType.DURATION_US, "250 ms"),
        (90.0, FieldType.DURATION_S, "1 min 30 s"),
        (3600.0, FieldType.DURATION_S, "1 h"),
        (5400.0, FieldType.DURATION_S, "1 h 30 min"),
        (0.25, FieldType.DURATION_MS, "250 µs"),
        (0.0, FieldType.DURATION_MS, "0 ms"),
        (-3.0, FieldType.DURATION_S, "-3 s"),
        (7.0, FieldType.DURATION_NS, "7 ns"),
    ],
)
def test_durations_have_the_units_that_people_use(
    value: float, unit: FieldType, words: str
) -> None:
    assert duration_words(value, unit) == words


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.01, "1 %"), (0.001, "0.1 %"), (1 / 3, "33 %"), (1.0, "100 %"), (0.0125, "1.2 %")],
)
def test_shares_are_percents(share: float, words: str) -> None:
    assert share_words(share) == words


def test_rules_are_sentences() -> None:
    policy = parse_policy_text(
        'policy "p"\nrule "a" -> drop when has_root\n'
        'rule "b" -> EMADynamicSampler(GoalSampleRate: 9, FieldList: [r]) when span_count > 2'
        '\nrule "c" -> sample(1/1000) when true'
    )

    dynamic = "Leaves to an EMADynamicSampler (GoalSampleRate 9; key r) the traces in which "
    assert [sentence(rule.match, rule.action) for rule in policy.rules] == [
        "Drops all traces in which there is a root span.",
        f"{dynamic}the number of spans is above 2.",
        "Keeps 1 in 1,000 of the traces that no rule above matches.",
    ]
