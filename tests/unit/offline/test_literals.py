"""Typed literals: each way to write one, and near misses."""

from __future__ import annotations

from fractions import Fraction

import pytest

from nectarc.intent.vocabulary import Vocabulary
from nectarc.offline.lexer import lex
from nectarc.offline.tokens import Length, Number, PerSecond, Share, StatusClass, Token


def _only(text: str) -> Token:
    tokens = lex(text, Vocabulary()).tokens
    assert len(tokens) == 1, tokens
    return tokens[0]


def _kinds(text: str) -> list[str]:
    return [token.kinds[0] for token in lex(text, Vocabulary()).tokens]


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("5%", "1/20"),
        ("5 %", "1/20"),
        ("five percent", "1/20"),
        ("1 in 20", "1/20"),
        ("one in thirty", "1/30"),
        ("1 out of 50", "1/50"),
        ("1 of every 1000", "1/1000"),
        ("1 of 20", "1/20"),
        ("1/200", "1/200"),
        ("1:100", "1/100"),
        ("a tenth", "1/10"),
        ("half", "1/2"),
        ("two thirds", "2/3"),
        ("three quarters", "3/4"),
        ("99.9 per cent", "999/1000"),
        ("0.5%", "1/200"),
        ("every 20th", "1/20"),
        ("every fiftieth", "1/50"),
        ("every twenty-fifth", "1/25"),
        ("100 percent", "1"),
        ("half a percent", "1/200"),
        ("a tenth of a percent", "1/1000"),
        ("1-in-20", "1/20"),
        ("zero point five percent", "1/200"),
        ("twenty-five pct", "1/4"),
        ("0%", "0"),
        ("one trace in 50", "1/50"),
        ("one in a thousand", "1/1000"),
        ("2 out of 3", "2/3"),
        ("one out of two hundred fifty", "1/250"),
        ("1 of 1,000", "1/1000"),
        ("1 in 10k", "1/10000"),
    ],
)
def test_shares(text: str, share: str) -> None:
    token = _only(text)

    assert token.kinds[0] == "SHARE"
    assert token.value == Share(Fraction(share))


@pytest.mark.parametrize(
    "text",
    [
        "150%",
        "24/7",
        "5/12/2024",
        "9:30",
        "1:30 pm",
        "1 of the 3",
        "5 in 2 services",
        "5 of 20",
        "1: 500",
    ],
)
def test_what_is_no_share(text: str) -> None:
    assert "SHARE" not in _kinds(text)


@pytest.mark.parametrize(
    ("text", "spelt"),
    [
        ("5s", "5s"),
        ("300ms", "300ms"),
        ("half a second", "500ms"),
        ("1m30s", "90s"),
        ("1.5 s", "1500ms"),
        ("two minutes", "2m"),
        ("2secs", "2s"),
        ("2000 millis", "2s"),
        ("a second", "1s"),
        ("one and a half seconds", "1500ms"),
        ("1 min 30 s", "90s"),
        ("2 minutes and 30 seconds", "150s"),
        ("500-ms", "500ms"),
        ("5 µs", "5us"),
        ("a quarter of a second", "250ms"),
        ("three hundred milliseconds", "300ms"),
        ("1h", "1h"),
        ("1,500 milliseconds", "1500ms"),
        ("2.5 sec", "2500ms"),
        ("2 SECONDS", "2s"),
    ],
)
def test_lengths(text: str, spelt: str) -> None:
    token = _only(text)

    assert token.kinds == ("LENGTH",)
    assert isinstance(token.value, Length)
    assert token.value.text == spelt


def test_between_two_lengths_is_no_sum() -> None:
    assert _kinds("between 1 second and 500 ms").count("LENGTH") == 2


def test_a_list_of_lengths_is_no_sum() -> None:
    assert _kinds("api 1 s, batch 400 ms").count("LENGTH") == 2


@pytest.mark.parametrize("text", ["5xx", "5XXs", "5xxes", "500s", "500-599", "500 to 599"])
def test_classes_of_status(text: str) -> None:
    assert _only(text).value == StatusClass(5)


def test_hundreds_after_a_comparison_are_seconds() -> None:
    assert _kinds("slower than 500s")[-1] == "LENGTH"


@pytest.mark.parametrize("text", ["404s", "404", "404's"])
def test_codes(text: str) -> None:
    token = _only(text)

    assert "CODE" in token.kinds
    assert token.value == Number(Fraction(404))


@pytest.mark.parametrize(
    ("text", "rate", "unit"),
    [
        ("100 events/sec", "100", "events"),
        ("50 eps", "50", "events"),
        ("50/s", "50", ""),
        ("200 traces per second", "200", "traces"),
        ("10k events a second", "10000", "events"),
        ("600 per minute", "10", ""),
        ("100 events per hour", "1/36", "events"),
    ],
)
def test_rates_a_second(text: str, rate: str, unit: str) -> None:
    assert _only(text).value == PerSecond(Fraction(rate), unit)


@pytest.mark.parametrize(
    ("text", "value"),
    [("8", 8), ("eight", 8), ("1,000", 1000), ("10k", 10_000), ("twenty five hundred", 2500)],
)
def test_numbers(text: str, value: int) -> None:
    assert _only(text).value == Number(Fraction(value))


@pytest.mark.parametrize("text", ["v2.1", "3scale", "10kb", "p0"])
def test_words_with_digits_are_no_numbers(text: str) -> None:
    assert "NUMBER" not in _only(text).kinds
