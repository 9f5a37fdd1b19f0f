"""Suggestions for names that are not known."""

from __future__ import annotations

import pytest

from nectarc.spelling import nearest, nearest_or_part


@pytest.mark.parametrize(
    ("name", "candidates", "expected"),
    [
        ("prioritiy", ["priority", "name"], "priority"),
        ("Match", ["match", "action"], "match"),
        ("start-with", ["starts_with", "ends_with"], "starts_with"),
        ("http.satus", ["http.status", "http.route"], "http.status"),
        ("ahtc", ["match"], None),
        ("x", ["y"], None),
        ("xy", ["ab"], None),
        ("name", ["name"], None),
        ("", ["a"], None),
        ("ab", ["ac", "aa"], "aa"),
        ("a" * 500, ["a" * 499], None),
    ],
)
def test_the_nearest_name_does_not_depend_on_the_order(
    name: str, candidates: list[str], expected: str | None
) -> None:
    assert nearest(name, candidates) == expected
    assert nearest(name, reversed(candidates)) == expected


@pytest.mark.parametrize(
    ("name", "candidates", "expected"),
    [
        ("prioritiy", ["priority", "name"], "priority"),
        ("prio", ["name", "priority", "description"], "priority"),
        ("goal_sample_rate", ["sample_rate", "max_keys"], "sample_rate"),
        ("EMADynamic", ["dynamic", "ema_dynamic"], "ema_dynamic"),
        ("throughput", ["ema_throughput", "total_throughput"], None),
        ("rat", ["sample_rate"], None),
    ],
)
def test_nearest_or_part(name: str, candidates: list[str], expected: str | None) -> None:
    assert nearest_or_part(name, candidates) == expected
