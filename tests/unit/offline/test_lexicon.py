"""The lexicon's data and the rules of inflection."""

from __future__ import annotations

import pytest

from nectarc.offline.lexicon import lexicon, plural, topics, verb_forms


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("request", "requests"),
        ("query", "queries"),
        ("health check", "health checks"),
        ("crash", "crashes"),
        ("day", "days"),
        ("status", "statuses"),
    ],
)
def test_plurals(one: str, many: str) -> None:
    assert plural(one) == many


def test_regular_verbs() -> None:
    assert verb_forms("save") == ("save", "saves", "saving", "saved", "saved")
    assert verb_forms("toss out")[2:4] == ("tossing out", "tossed out")


def test_given_forms_win() -> None:
    assert verb_forms("keep | keeps | keeping | kept")[3:] == ("kept", "kept")


@pytest.mark.parametrize(
    ("phrase", "kind"),
    [
        ("throw away", "DROP"),
        ("thrown away", "DROPPED"),
        ("hung on to", "KEPT"),
        ("hold on to", "KEEP"),
        ("what's left", "REST"),
        ("slower than", "OVER"),
        ("liveness probes", "HEALTH"),
        ("unless", "UNLESS"),
        ("root span", "ROOT"),
        ("downsampled", "SAMPLED"),
        ("no more than", "AT_MOST"),
    ],
)
def test_kinds(phrase: str, kind: str) -> None:
    assert kind in lexicon().kinds(*phrase.split())


def test_every_topic_says_why_and_what_instead() -> None:
    assert topics()
    for topic in topics().values():
        assert topic["asks"]
        assert len(topic["reason"]) == 1
        assert topic["instead"]
