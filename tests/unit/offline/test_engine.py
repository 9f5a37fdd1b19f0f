"""What sentences mean to the offline engine, and what it asks. Truth: docs/intent.md."""

from __future__ import annotations

import pytest

from nectarc.intent.drafts import action_text
from nectarc.intent.records import Asks, Intent, Question, Refuses, Understood
from nectarc.intent.vocabulary import SafetyWords, Vocabulary
from nectarc.offline.engine import SENTENCE_MAX, read_intent

ERRORS = ("http.status >= 500 || error == true", "keep")
SAFETY = ERRORS


def understood(text: str, **answers: str) -> Intent:
    given = {key.replace("_", "-"): value for key, value in answers.items()}
    reading = read_intent(text, Vocabulary(), SafetyWords(), given)
    assert isinstance(reading, Understood), reading
    return reading.intent


def questions(text: str, **answers: str) -> tuple[Question, ...]:
    given = {key.replace("_", "-"): value for key, value in answers.items()}
    reading = read_intent(text, Vocabulary(), SafetyWords(), given)
    assert isinstance(reading, Asks), reading
    return reading.questions


def rows(intent: Intent) -> list[tuple[str, str]]:
    return [(one.what, action_text(one.wanted)) for one in intent.clauses]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "Keep errors and slow requests over 2s, sample everything else at 5%",
            [ERRORS, ("duration > 2s", "keep"), ("true", "sample(0.05)")],
        ),
        (
            "drop 95% of the traffic, never drop errors",
            [ERRORS, ("true", "sample(1/20)")],
        ),
        (
            "Keep all traces from the payment service. 1 in 50 otherwise.",
            [SAFETY, ("service == 'payment'", "keep"), ("true", "sample(1/50)")],
        ),
        (
            "Sample 1 in 10. Errors are always kept.",
            [ERRORS, ("true", "sample(1/10)")],
        ),
        (
            "5xx=all, 429=1/2, other 4xx=1/20, rest=1/200",
            [
                ("http.status >= 500", "keep"),
                ("http.status == 429", "sample(1/2)"),
                ("any(http.status >= 400 && http.status < 500)", "sample(1/20)"),
                ("true", "sample(1/200)"),
            ],
        ),
        (
            "Keep 502 and 504. Drop GET requests to /ping. Rest 10%.",
            [
                ("http.status in [502, 504]", "keep"),
                SAFETY,
                ("any(method == 'GET' && http.route == '/ping')", "drop"),
                ("true", "sample(0.1)"),
            ],
        ),
        (
            "Keep traces longer than 2s and with errors. Drop the rest.",
            [
                ("any(http.status >= 500 || error == true) && any(duration > 2s)", "keep"),
                SAFETY,
                ("true", "drop"),
            ],
        ),
        (
            "Drop anything from service canary unless it failed. Keep everything else.",
            [
                SAFETY,
                ("any(service == 'canary') && any(http.status >= 500 || error == true)", "keep"),
                ("any(service == 'canary') && none(http.status >= 500 || error == true)", "drop"),
                ("true", "keep"),
            ],
        ),
    ],
    ids=[
        "errors-and-slow", "complement", "service", "rate-first", "narrower-first",
        "inside-the-safety", "two-conditions", "exception",
    ],
)  # fmt: skip
def test_a_sentence_means_clauses_in_order(text: str, wanted: list[tuple[str, str]]) -> None:
    found = rows(understood(text))

    assert sorted(found) == sorted(wanted)
    assert found[-1] == wanted[-1]


@pytest.mark.parametrize(
    ("text", "key", "word"),
    [
        ("keep slow requests, rest 5%", "slow", "slow"),
        ("keep 5xx", "rest", "rest"),
        ("keep the traces of our VIP customers, rest 1%", "which-vip", "VIP"),
        ("Anything above 500 is kept, 2% for the others", "above-500", "above 500"),
        ("keep errors, drop health checks, rest 1%", "health", "health checks"),
        ("drop slow traces under 1s, keep the rest", "slow", "slow"),
        ("drop 5xx, keep the rest", "errors", "drop 5xx"),
        ("at most 100 events per second", "by", "100 events per second"),
    ],
)
def test_what_is_open_is_asked_in_the_users_words(text: str, key: str, word: str) -> None:
    asked = questions(text)

    assert key in [one.id for one in asked]
    assert any(word in one.words for one in asked)


@pytest.mark.parametrize(
    ("text", "key", "answer", "wanted"),
    [
        ("keep slow requests, rest 5%", "slow", "2s", ("duration > 2s", "keep")),
        ("keep errors", "rest", "1 in 100", ("true", "sample(1/100)")),
        (
            "keep the traces of our VIP customers, rest 1%",
            "which_vip",
            "tenant.tier = gold",
            ("tenant.tier == 'gold'", "keep"),
        ),
        (
            "Sample service web at 5. Rest 1%",
            "rate_of_sample_service_web_at",
            "1 in 5",
            ("service == 'web'", "sample(1/5)"),
        ),
    ],
)
def test_an_answer_settles_its_question(
    text: str, key: str, answer: str, wanted: tuple[str, str]
) -> None:
    intent = understood(text, **{key: answer})

    assert wanted in rows(intent)
    assert intent.answers == ((key.replace("_", "-"), answer),)


def test_an_answer_that_is_not_understood_is_asked_again() -> None:
    (asked,) = questions("keep errors", rest="bananas")

    assert "bananas" in asked.words


def test_an_attachment_with_two_readings_is_asked_and_answered() -> None:
    text = "Keep 404s and requests over 2s from service checkout, rest 1%"

    (asked,) = questions(text)

    assert asked.id == "reading"
    assert len(asked.choices) == len({text for _, text in asked.choices})
    alone = ("http.status == 404", "keep")
    assert alone in rows(understood(text, reading="1"))
    both = ("any(http.status == 404 && service == 'checkout')", "keep")
    assert both not in rows(understood(text, reading="1"))
    assert both in rows(understood(text, reading="2"))


@pytest.mark.parametrize("word", ["recent", "internal", "weird"])
def test_an_unknown_word_is_never_a_value(word: str) -> None:
    asked = questions(f"keep {word} errors, rest 1%")

    assert any(word in one.words for one in asked)


def test_contradictions_are_asked_about() -> None:
    asked = questions("Drop service web. Keep service web. Rest 1%.")

    assert [one.id for one in asked] == ["conflict"]


def test_a_text_without_words_or_of_one_endless_sentence_gets_a_question() -> None:
    assert questions("")
    (asked,) = questions("keep errors and " * (SENTENCE_MAX // 2))
    assert asked.id == "sentence"


def test_what_no_policy_can_do_is_refused() -> None:
    reading = read_intent(
        "alert me when the error rate goes above 5%", Vocabulary(), SafetyWords(), {}
    )

    assert isinstance(reading, Refuses)


@pytest.mark.parametrize(
    "text",
    [
        "plan=free at 1%, plan=pro at 10%, the rest 5% (the attribute is user.plan)",
        "The attribute is user.plan. plan=free at 1%, plan=pro at 10%, the rest 5%.",
    ],
)
def test_an_attribute_is_named_before_or_after(text: str) -> None:
    assert rows(understood(text))[1:] == [
        ("user.plan == 'pro'", "sample(0.1)"),
        ("user.plan == 'free'", "sample(0.01)"),
        ("true", "sample(0.05)"),
    ]


def test_an_attribute_that_nothing_speaks_of_is_asked_about() -> None:
    (asked,) = questions("plan=free at 1%, the rest 5% (the attribute is other.name)")

    assert "other.name" in asked.words


def test_what_is_never_to_be_lost_is_a_promise() -> None:
    intent = understood("never lose a failed checkout (service checkout); 5% of the rest")

    (promise,) = intent.promises
    assert promise.name == "never-lose-checkout"
    assert promise.require == "keep"
    assert promise.when == intent.clauses[0].what
    assert understood("keep service checkout; 5% of the rest").promises == ()


def test_a_bound_of_everything_is_the_budget() -> None:
    intent = understood("keep errors; 10% of the rest; at most 10,000 events per second overall")

    assert intent.budget_per_second == 10_000
    assert rows(intent) == [ERRORS, ("true", "sample(0.1)")]
