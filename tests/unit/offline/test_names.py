"""Names that the corpus knows or the words introduce."""

from __future__ import annotations

import pytest

from nectarc.intent.vocabulary import Vocabulary
from nectarc.offline.lexer import lex
from nectarc.offline.tokens import Name, Token

_SHOP = Vocabulary(
    fields={"service.name": ("string",), "error": ("bool",), "user.plan": ("string",)},
    values={
        "service.name": ("checkout", "web frontend", "search", "cart-items"),
        "http.route": ("/cart", "/cart/items"),
        "user.plan": ("gold", "404"),
    },
)


def _named(text: str, word: str, vocabulary: Vocabulary = _SHOP) -> Token:
    return next(one for one in lex(text, vocabulary).tokens if one.text == word)


def test_a_service_of_the_corpus_is_known() -> None:
    token = _named("keep checkout errors", "checkout")

    assert token.kinds[0] == "KNOWN"
    assert token.value == Name("checkout", ("service.name",))


def test_a_name_may_have_several_words() -> None:
    assert "KNOWN" in _named("keep web frontend errors", "web frontend").kinds


def test_a_name_is_not_part_of_a_longer_word() -> None:
    assert "KNOWN" not in _named("drop searches", "searches").kinds


def test_the_longest_name_is_taken() -> None:
    assert _named("drop /cart/items", "/cart/items").value == Name("/cart/items", ("http.route",))


def test_a_known_word_of_english_has_both_kinds() -> None:
    token = _named(
        "drop failed checkout", "failed", Vocabulary(values={"service.name": ("failed",)})
    )

    assert {"KNOWN", "ERROR"} <= set(token.kinds)


def test_numbers_are_no_names() -> None:
    assert "KNOWN" not in _named("drop 404", "404").kinds


@pytest.mark.parametrize(
    "text",
    [
        "keep service billing",
        "keep the billing service",
        "the service is called billing",
        "service `billing`",
        "the service named billing",
        "the billing microservice",
    ],
)
def test_words_introduce_a_service(text: str) -> None:
    token = next(one for one in lex(text, Vocabulary()).tokens if "billing" in one.text)

    assert "NAMED" in token.kinds
    assert isinstance(token.value, Name)
    assert token.value.fields == ("service.name",)


@pytest.mark.parametrize(
    "text", ["keep failed service calls", "the other service", "every service"]
)
def test_words_of_the_lexicon_are_not_introduced(text: str) -> None:
    assert all("NAMED" not in one.kinds for one in lex(text, Vocabulary()).tokens)
