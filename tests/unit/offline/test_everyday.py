"""How people put it in everyday words: who needs what, short answers, what is left aside."""

from __future__ import annotations

import pytest

from nectarc.intent.records import Asks, Understood
from tests.unit.offline.readings import clauses_of, read

_A, _REST = "http.route == '/a'", " The rest 1%."
_ERRORS = "http.status >= 500 || error == true"

READ = (
    ("We need everything from /a.", ("KeepAll", _A)),
    ("Compliance wants every trace on /a to be kept.", ("KeepAll", _A)),
    ("Our security folks want to see /a.", ("KeepAll", _A)),
    ("The web team needs nothing from /a.", ("DropAll", _A)),
    ("The mobile team needs app.version 7.0.0 completely.", ("KeepAll", "app.version == '7.0.0'")),
    ("We want 5% of /a.", ("KeepOneIn 20", _A)),
    ("All I need is /a.", ("KeepAll", _A)),
    ("I only care about /a.", ("KeepAll", _A)),
    ("I'd like to be able to see every error.", ("KeepAll", _ERRORS)),
    ("Errors we keep all of course.", ("KeepAll", _ERRORS)),
    ("/a we need at 5%.", ("KeepOneIn 20", _A)),
    ("It'd be lovely if all errors were kept.", ("KeepAll", _ERRORS)),
    ("Errors must be kept at all cost.", ("KeepAll", _ERRORS)),
    ("It is not permitted to discard any trace of /a.", ("KeepAll", _A)),
    ("errors: yes. /a: no.", ("KeepAll", _ERRORS), ("DropAll", _A)),
    ("Nothing from /a please.", ("DropAll", _A)),
    ("There is no point in keeping /a.", ("DropAll", _A)),
    ("I don't want to see /a anymore.", ("DropAll", _A)),
    ("We can live with 5% of /a.", ("KeepOneIn 20", _A)),
    ("5% of /a is okay for me.", ("KeepOneIn 20", _A)),
    ("Something like 5% of /a.", ("KeepOneIn 20", _A)),
    ("Whenever a request is to /a we keep it.", ("KeepAll", _A)),
    ("drop /a, 404 1%.", ("DropAll", _A), ("KeepOneIn 100", "http.status == 404")),
    ("Drop the worker service.", ("DropAll", "service == 'worker'")),
    ("Keep all of the orders and cart services.", ("KeepAll", "service in ['orders', 'cart']")),
    (
        "Our noisy endpoints are /a, /b and /c. Drop them.",
        ("DropAll", "http.route in ['/a', '/b', '/c']"),
    ),
    (
        "Gold customers (tier = gold) are kept. Non-gold customers: 5%.",
        ("KeepAll", "tier == 'gold'"),
        ("KeepOneIn 20", "none(tier == 'gold')"),
    ),
)
WRITTEN = (
    "## Keep\n- errors\n## Drop\n- /a\nThe rest: 1%",
    "keep\n- errors\ndrop\n- /a\nsample the rest at 1%",
    "As agreed with Tom in stand-up: keep errors, drop /a, rest 1%",
    "pls keep errs w/o sampling, drop /a (it's just noise), rest @ 1% thx",
    "Keep errors. /a is dropped. The rest at 1%. Kind regards, Anna",
)
_CART = "service == 'cart'"
_OF_CART = (
    ("KeepAll", f"any({_CART} && ({_ERRORS}))"),
    ("KeepOneIn 10", _CART),
)
TOPICS = (
    ("For the cart service: errors all, rest 10%. Everything else 1%.", *_OF_CART),
    ("For the cart service, keep errors and 10% of the rest. The others 1%.", *_OF_CART),
    ("In the cart service keep all errors, a tenth of the others. Other services 1%.", *_OF_CART),
    ("cart service - errors 100%, others 10%. other services - 1%", *_OF_CART),
    (
        "/a: keep the ones over 2 s, drop the others. Everything else 1%.",
        ("KeepAll", "any(http.route == '/a' && duration > 2s)"),
        ("DropAll", "any(http.route == '/a') && none(http.route == '/a' && duration > 2s)"),
    ),
    ("/a, errors all, rest 10%", ("KeepAll", _A), ("KeepAll", _ERRORS)),
)
UNDER_NO_TOPIC = (
    "For /a, keep errors. 10% of the rest.",
    "For the cart service: errors all, rest 10%.",
    "/a: /b keep, rest 10%. Everything else 1%.",
    "errors: the cart service all, rest 10%. Everything else 1%.",
)
RESTS = (
    "Keep errors. Other: 1%.",
    "Keep errors; *: 1%",
    "Keep errors. Apart from that, take 1 percent.",
    "Keep errors. What remains after this: 1%.",
    "Keep errors. Whatever is not mentioned: 1%.",
)
ASKED = (
    "Stop keeping all of /a.",
    "Stop dropping /a.",
    "No point in keeping 5% of /a.",
    "We need /a to be fast.",
    "We want less of /a.",
    "We look at /a.",
    "We depend on /a.",
    "We're keeping /a.",
    "The checkout team needs all errors.",
    "The web team only needs errors from /a.",
    "errors: no wait, keep them.",
    "Non-gold customers: 5%.",
    "/a: yes, but only errors.",
    "Our noisy endpoints are /a, /b and /c.",
    "drop /a (the new ones).",
    "drop /a (our internal ones).",
    "drop /a (it is needed by the cart service).",
)


@pytest.mark.parametrize("case", READ, ids=lambda one: one[0])
def test_what_people_say_is_read(case: tuple[str, *tuple[tuple[str, str], ...]]) -> None:
    text, *wanted = case

    assert set(clauses_of(text + _REST)) == set(wanted)


@pytest.mark.parametrize("text", WRITTEN)
def test_headings_and_notes_are_read(text: str) -> None:
    assert set(clauses_of(text)) == {("KeepAll", _ERRORS), ("DropAll", _A)}


@pytest.mark.parametrize("case", TOPICS, ids=lambda one: one[0])
def test_clauses_are_said_under_a_topic(case: tuple[str, *tuple[tuple[str, str], ...]]) -> None:
    text, *wanted = case

    assert set(clauses_of(text)) == set(wanted)


@pytest.mark.parametrize("text", UNDER_NO_TOPIC)
def test_the_rest_of_a_topic_is_not_guessed(text: str) -> None:
    assert isinstance(read(text), Asks)


@pytest.mark.parametrize("text", RESTS)
def test_what_is_left_has_many_names(text: str) -> None:
    reading = read(text)

    assert isinstance(reading, Understood)
    (rest,) = [one for one in reading.intent.clauses if one.is_rest]
    assert getattr(rest.wanted, "one_in", None) == 100


@pytest.mark.parametrize("text", ASKED)
def test_what_is_nearly_that_is_asked_about(text: str) -> None:
    assert isinstance(read(text + _REST), Asks)
