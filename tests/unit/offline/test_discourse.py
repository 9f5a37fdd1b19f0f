"""What stands above one clause: corrections, lists, names given first, order, background."""

from __future__ import annotations

import pytest

from nectarc.intent.records import Asks, Understood
from nectarc.intent.vocabulary import SafetyWords, Vocabulary
from nectarc.offline.discourse import is_empty_talk, says_order
from nectarc.offline.engine import read_intent

REST = ("KeepOneIn 100", "true")

# What is read, but for the safety's own clause: the wish and its match, in order.
READ = (
    ("Drop /a and /b. Sorry, not /b. Rest 1%.", (("DropAll", "http.route == '/a'"), REST)),
    ("Drop /a and /b. Oops, just /a. Rest 1%.", (("DropAll", "http.route == '/a'"), REST)),
    ("Drop /a and /b. Scratch /b. Rest 1%.", (("DropAll", "http.route == '/a'"), REST)),
    ("Drop /a and /b. Scratch /b, we need it for the SLO. Rest 1%.",
     (("DropAll", "http.route == '/a'"), REST)),
    ("Drop /a and /b. Sorry, /b at 5%. Rest 1%.",
     (("DropAll", "http.route == '/a'"), ("KeepOneIn 20", "http.route == '/b'"), REST)),
    ("Drop /a. No wait, keep /a. Rest 1%.", (("KeepAll", "http.route == '/a'"), REST)),
    ("Keep anything over 3 seconds. Actually no, 5 seconds. Rest 1%.",
     (("KeepAll", "duration > 5s"), REST)),
    ("Keep over 300 ms, rest 1%. (Typo in the first part, sorry: it's 3000 ms.)",
     (("KeepAll", "duration > 3s"), REST)),
    ("Keep region = us. My mistake, it's eu. Rest 1%.", (("KeepAll", "region == 'eu'"), REST)),
    ("Keep 1 in 10 of service feed, rest 1%. Edit: feed should be 1 in 20.",
     (("KeepOneIn 20", "service == 'feed'"), REST)),
    ("Sample /a at 5%, rest 2%. Edit: the rest 1%.",
     (("KeepOneIn 20", "http.route == '/a'"), REST)),
    ("Keep /a. Same for /b. Rest 1%.",
     (("KeepAll", "http.route == '/a'"), ("KeepAll", "http.route == '/b'"), REST)),
    ("Keep /a. /b is kept as well. Rest 1%.",
     (("KeepAll", "http.route == '/a'"), ("KeepAll", "http.route == '/b'"), REST)),
    ("Drop /a, no matter which service. Rest 1%.", (("DropAll", "http.route == '/a'"), REST)),
    ("Keep /a and /b. Oops, forget /b. Rest 1%.", (("KeepAll", "http.route == '/a'"), REST)),
    ("Our noisy endpoints are /a and /b. Drop those. Rest 1%.",
     (("DropAll", "http.route in ['/a', '/b']"), REST)),
    ("The noisy ones are /a and /b: both 1 in 50. Rest 1%.",
     (("KeepOneIn 50", "http.route in ['/a', '/b']"), REST)),
    ("/a is super noisy, drop it. Rest 1%.", (("DropAll", "http.route == '/a'"), REST)),
    ("Our bill doubled again, so drop /a. Rest 1%.", (("DropAll", "http.route == '/a'"), REST)),
    ("keep /a because we're chasing bad clients. Rest 1%.",
     (("KeepAll", "http.route == '/a'"), REST)),
    ("1% of everything. Exception: /a at 50%.", (("KeepOneIn 2", "http.route == '/a'"), REST)),
    ("Sampling per service:\n- web: 10%\n- feed: keep\n- rest: 1%",
     (("KeepAll", "service == 'feed'"), ("KeepOneIn 10", "service == 'web'"), REST)),
    ("the attribute is plan.name\n- gold: keep\n- rest 1%",
     (("KeepAll", "plan.name == 'gold'"), REST)),
    ("keep: /a, /b. rest 1%",
     (("KeepAll", "http.route == '/a'"), ("KeepAll", "http.route == '/b'"), REST)),
    ("| what | keep |\n| /a | 5% |\n| rest | 1% |",
     (("KeepOneIn 20", "http.route == '/a'"), REST)),
    ("Rules:\n1) /a -> drop\n2) everything else -> 1%", (("DropAll", "http.route == '/a'"), REST)),
    ("OPS-12: drop /a, rest 1%. Thanks a million!", (("DropAll", "http.route == '/a'"), REST)),
    ("OPS-12: cut the tracing bill\n- drop /a\n- rest 1%",
     (("DropAll", "http.route == '/a'"), REST)),
    ("In order to reduce our costs, drop /a, rest 1%.",
     (("DropAll", "http.route == '/a'"), REST)),
    ("Out: /a, /b\nrest: 1%",
     (("DropAll", "http.route == '/a'"), ("DropAll", "http.route == '/b'"), REST)),
    ("To be dropped:\n- /a\nIn:\n- /b\nrest: 1%",
     (("KeepAll", "http.route == '/b'"), ("DropAll", "http.route == '/a'"), REST)),
    ("drop: [/a, /b]\nrest: 1%",
     (("DropAll", "http.route == '/a'"), ("DropAll", "http.route == '/b'"), REST)),
    ("Service feed at 10%. Service web gets the same. Rest 1%.",
     (("KeepOneIn 10", "service == 'feed'"), ("KeepOneIn 10", "service == 'web'"), REST)),
    ("Sample service feed at 10% and service web at the same rate. Rest 1%.",
     (("KeepOneIn 10", "service == 'feed'"), ("KeepOneIn 10", "service == 'web'"), REST)),
    ("Drop /a. /b too. Rest 1%.",
     (("DropAll", "http.route == '/a'"), ("DropAll", "http.route == '/b'"), REST)),
    ("Keep /a over 3 s. The same threshold for /b. Rest 1%.",
     (("KeepAll", "any(http.route == '/a' && duration > 3s)"),
      ("KeepAll", "any(http.route == '/b' && duration > 3s)"), REST)),
    ("Anything over 2 seconds counts as slow. Keep slow traces. Rest 1%.",
     (("KeepAll", "duration > 2s"), REST)),
    ("By slow I mean over 2 s. Keep slow ones. Rest 1%.", (("KeepAll", "duration > 2s"), REST)),
    ("A request is slow if it takes over 2 s. Keep slow ones. Rest 1%.",
     (("KeepAll", "duration > 2s"), REST)),
    ('"slow" is more than 2 s. Keep slow ones. Rest 1%.', (("KeepAll", "duration > 2s"), REST)),
    ("We have noisy services: feed and web. Drop them. Rest 1%.",
     (("DropAll", "service in ['feed', 'web']"), REST)),
    ("Drop service feed but keep its slow calls (over 2 s). Rest 1%.",
     (("KeepAll", "any(service == 'feed' && duration > 2s)"),
      ("DropAll", "any(service == 'feed') && none(service == 'feed' && duration > 2s)"), REST)),
)  # fmt: skip

ASKED = (
    "Drop anything only from service web, keep errors, then 1 in 10.",
    "/a 1 in 100 but >700ms keep; rest 1 in 10",
    "Keep errors. Drop /a. Traces over 2 s too. Rest 1%.",
    "My idea of fun: all traces not having status 500, 502 should be there. Rest 1%.",
    "Keep /a over 2s at 10%. The same rate for /b. Rest 1%.",
    "Drop /a. The same threshold for /b. Rest 1%.",
    "Keep errors of service feed. Service web too. Keep their logs. Rest 1%.",
    "Keep their errors. Rest 1%.",
    "To cut our bill by half, drop /a. Rest 1%.",
    "/a counts as noisy. Drop noisy ones over slow ones. Rest 1%.",
    "Drop /a and /b. Sorry, /c. Rest 1%.",
    "Drop /a and /b. Sorry, only /c. Rest 1%.",
    "Drop /a. Keep service web. Scratch /b. Rest 1%.",
    "Drop /a and /b. Keep /a over 2s. Scratch /a. Rest 1%.",
    "Keep over 3 s. Drop /x over 1s. Actually no, 5 seconds. Rest 1%.",
    "keep errors. Update: not errors. rest 1%",
    "Keep errors. Actually, drop /a. Rest 1%.",
    "Keep service web and /a. Oops, it's api. Rest 1%.",
    "Keep service web. My mistake, it's slow. Rest 1%.",
    "Sample /a at 5%, rest 1%. Correction: /a under 1s 2%.",
    "Keep errors. Same for service web. Rest 1%.",
    "Keep errors from service api. The same for /login. Rest 1%.",
    "Keep /a. drop /b. both at 5%. rest 1%",
    "keep /a and /b. The former at 5%. rest 1%",
    "Our important routes are /a and /b. keep errors, rest 1%",
    "Noisy routes are not /a. Drop those. rest 1%",
    "/a is noisy in the mobile app, drop it. rest 1%",
    "keep /a while it is new. rest 1%",
    "1% of everything. Exception: /login.",
    "checkout:\n- errors keep\n- rest 5%",
    "Rules for staging:\n- keep errors\n- rest 5%",
    "Rates per route:\n- web: 10%\n- rest: 1%",
    "| what | drop |\n| /a | 5% |\n| rest | 1% |",
    "keep: not /a, /b. rest 1%",
    "Order matters:\n1. drop /a\n2. keep errors\n3. rest 5%",
    "First match wins.\n1. 1% of /a\n2. keep errors\n3. rest 5%",
    "In this order: rest 1%, keep errors",
    "Sample /a at 10%. Only /b too. Rest 1%",
    "Keep /a and /b. Oops, forget /c. Rest 1%",
    "Drop /a, no matter which. Rest 1%",
    "Not in this order:\n1. drop /a\n2. keep errors\n3. rest 1%",
)


@pytest.mark.parametrize(("text", "expected"), READ)
def test_it_is_read(text: str, expected: tuple[tuple[str, str], ...]) -> None:
    reading = read_intent(text, Vocabulary(), SafetyWords(), {})

    assert isinstance(reading, Understood), reading
    found = [
        (f"{type(one.wanted).__name__} {getattr(one.wanted, 'one_in', '')}".strip(), one.what)
        for one in reading.intent.clauses
        if one.origin != "safety"
    ]
    assert tuple(found) == expected


@pytest.mark.parametrize("text", ASKED)
def test_near_misses_are_asked_about(text: str) -> None:
    assert isinstance(read_intent(text, Vocabulary(), SafetyWords(), {}), Asks)


def test_a_stated_order_whose_drop_stands_first_names_what_would_be_lost() -> None:
    text = "Evaluated top to bottom:\n1. drop /a\n2. keep errors\n3. rest 5%"
    reading = read_intent(text, Vocabulary(), SafetyWords(), {})

    assert isinstance(reading, Asks)
    assert any(one.id == "errors" and "drop /a" in one.words for one in reading.questions)


def test_what_was_taken_back_is_noted() -> None:
    text = "Drop /a and /b. Scratch /b. Rest 1%."
    reading = read_intent(text, Vocabulary(), SafetyWords(), {})

    assert isinstance(reading, Understood)
    assert any("taken back" in one and "/b" in one for one in reading.intent.notes)


def test_empty_talk_is_a_closed_class() -> None:
    assert is_empty_talk("Thanks a lot", is_heading=False)
    assert is_empty_talk("Sampling rules", is_heading=True)
    assert not is_empty_talk("Rules for staging", is_heading=True)
    assert not is_empty_talk("Thanks to checkout", is_heading=False)
    assert says_order("the first matching rule wins")
    assert not says_order("keep the first order")
