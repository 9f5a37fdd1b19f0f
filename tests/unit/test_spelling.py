"""Suggestions for names that are not known."""

from __future__ import annotations

import pytest

from nectarc.spelling import nearest


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
def test_nearest(name: str, candidates: list[str], expected: str | None) -> None:
    assert nearest(name, candidates) == expected
    assert nearest(name, reversed(candidates)) == expected
