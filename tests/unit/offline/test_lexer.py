"""Words, forms, item marks and phrases."""

from __future__ import annotations

import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nectarc.intent.vocabulary import Vocabulary
from nectarc.offline.lexer import lex
from nectarc.offline.lexicon import lexicon
from nectarc.offline.tokens import Name

_SHOP = Vocabulary(
    fields={"service.name": ("string",), "user.plan": ("string",), "error": ("bool",)},
    values={
        "service.name": ("checkout", "web frontend", "search"),
        "http.route": ("/cart", "/cart/items"),
        "http.request.method": ("GET", "POST"),
    },
)
_PIECES = st.sampled_from(
    [
        *sorted(lexicon().words)[::40],
        "5%",
        "1 in 20",
        "/cart/items",
        "user.plan",
        "2s",
        "5xx",
        "\n",
        " - ",
        "'",
        '"',
        "`",
        "“x y”",
        "(",
        ")",
        "≥",
        "->",
        "e.g.",
        "don\u2019t",
        "checkout",
        "GETs",
        "µs",
        "é",
    ]
)
_TEXTS = st.one_of(
    st.lists(_PIECES, max_size=25).map(" ".join),
    st.lists(_PIECES, max_size=25).map("".join),
    st.text(max_size=60),
    st.text(alphabet=string.punctuation + "ab1 \n", max_size=40),
)


@given(_TEXTS)
@example("1.5.")
@example("5 precent of the rest")
def test_between_tokens_there_is_white_space_only(text: str) -> None:
    lexed = lex(text, _SHOP)

    at = 0
    for token in lexed.tokens:
        start, end = token.place
        assert text[at:start].strip() == ""
        assert end > start
        assert token.kinds
        at = end
    assert text[at:].strip() == ""


@given(_TEXTS)
def test_tokens_say_what_stands_at_their_place(text: str) -> None:
    for token in lex(text, _SHOP).tokens:
        assert token.text == text[slice(*token.place)]


@given(_TEXTS)
def test_longest_covers_the_same_places(text: str) -> None:
    lexed = lex(text, _SHOP)
    ends = [token.place[1] for token in lexed.longest()]

    assert ends == sorted(set(ends))
    assert ends[-1:] == [token.place[1] for token in lexed.tokens][-1:]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("/healthz", "PATH", "/healthz"),
        ("/api/v1/*,", "PATH", "/api/v1/*"),
        ("/users/:id.", "PATH", "/users/:id"),
        ("'/metrics'", "PATH", "/metrics"),
        ("(/readyz)", "PATH", "/readyz"),
    ],
)
def test_paths(text: str, kind: str, value: str) -> None:
    found = [token for token in lex(text, Vocabulary()).tokens if kind in token.kinds]

    assert [token.value.value for token in found if isinstance(token.value, Name)] == [value]


@pytest.mark.parametrize(
    ("text", "kinds", "value"),
    [
        (".js", ("EXTENSION",), ".js"),
        ("*.css", ("EXTENSION",), ".css"),
        ("http.status_code", ("FIELD",), "http.status_code"),
        ("tenant_id", ("FIELD",), "tenant_id"),
        ("POSTs", ("METHOD",), "POST"),
        ("TimeoutException", ("CAPITAL",), "TimeoutException"),
        ("`org_id`", ("FIELD", "QUOTED"), "org_id"),
        ('"two words"', ("QUOTED",), "two words"),
        ("≥", ("COMPARE",), ">="),
        ("=", ("COMPARE",), "=="),
    ],
)
def test_forms(text: str, kinds: tuple[str, ...], value: str) -> None:
    (token,) = lex(text, Vocabulary()).tokens

    assert (token.kinds, token.value) == (kinds, value)


def test_get_is_a_verb_in_small_letters() -> None:
    (token, *_) = lex("get everything", Vocabulary()).tokens

    assert "METHOD" not in token.kinds
    assert "KEEP" in token.kinds


def test_post_requests_are_a_method_in_small_letters() -> None:
    (token, _) = lex("post requests", Vocabulary()).tokens

    assert token.kinds[0] == "METHOD"
    assert token.value == "POST"


def test_item_marks() -> None:
    text = "- errors\n1) slow 2) rest\nb. others"
    marks = [t.text for t in lex(text, Vocabulary()).tokens if t.kinds[0] in ("BULLET", "ORDINAL")]

    assert marks == ["-", "1)", "2)", "b."]


def test_a_hyphen_between_words_is_no_item() -> None:
    assert all("BULLET" not in t.kinds for t in lex("errors - 5%", Vocabulary()).tokens)


def test_non_is_a_word_of_its_own() -> None:
    texts = [token.text for token in lex("non-5xx and non-errors", Vocabulary()).tokens]

    assert texts[:3] == ["non", "-", "5xx"]


def test_a_stop_without_a_blank_ends_a_sentence() -> None:
    texts = [token.text for token in lex("keep errors.drop the rest", Vocabulary()).tokens]

    assert texts == ["keep", "errors", ".", "drop", "the", "rest"]


def test_phrases_are_all_found_the_longest_first() -> None:
    lexed = lex("everything that is left over", Vocabulary())
    texts = [phrase.text for phrase in lexed.phrases if phrase.first == 0]

    assert texts == ["everything that is left"]
    assert "is left" not in texts


def test_health_checks_with_a_hyphen_are_health_checks() -> None:
    (token,) = lex("health-checks", Vocabulary()).tokens

    assert token.kinds[0] == "HEALTH"


@pytest.mark.parametrize(
    "word", ["not", "only", "there", "it", "they", "all", "every", "recent", "internal"]
)
def test_words_that_carry_meaning_are_never_filler(word: str) -> None:
    assert not {"FILLER", "POLITENESS"} & set(lexicon().kinds(word))


@pytest.mark.parametrize("text", ["no clue why :(", "thanks \U0001f642", "rest 5% ;-)"])
def test_a_smiley_ends_a_sentence(text: str) -> None:
    assert lex(text, Vocabulary()).tokens[-1].kinds == ("STOP", "SMILEY")


def test_a_colon_before_a_bracket_is_no_smiley() -> None:
    assert all("SMILEY" not in t.kinds for t in lex("drop:(/a, /b)", Vocabulary()).tokens)
