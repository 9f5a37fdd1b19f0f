"""Talk around the wishes: reasons, introductions, thanks; what must stay a question."""

from __future__ import annotations

import pytest

from nectarc.intent.records import Asks
from tests.unit.offline.readings import clauses_of, read

_A = "http.route == '/a'"
_ERRORS = "http.status >= 500 || error == true"
_OF_X = f"any(service == 'x' && ({_ERRORS}))"
_REST = " Rest 1%."

READ = (
    ("To be honest, drop /a.", (("DropAll", _A),)),
    ("You know what, please drop /a.", (("DropAll", _A),)),
    ("OK so here's the deal: drop /a.", (("DropAll", _A),)),
    ("Let me explain: /a is noisy, so drop it.", (("DropAll", _A),)),
    ("I'm new here and not sure how this works, but could you drop /a?", (("DropAll", _A),)),
    ("Our bill is way too high, so please drop /a.", (("DropAll", _A),)),
    ("My boss keeps asking me about this, so keep 2% of /a.", (("KeepOneIn 50", _A),)),
    ("Right now we're keeping way too much. Drop /a.", (("DropAll", _A),)),
    ("Drop /a and keep all errors. Thanks for looking into this!",
     (("DropAll", _A), ("KeepAll", _ERRORS))),
    ("We got burned by this in the past. Drop /a.", (("DropAll", _A),)),
    ("Drop /a. It makes up half of our traffic.", (("DropAll", _A),)),
    ("We get paged a lot because of /a, so keep all of it.", (("KeepAll", _A),)),
    ("We've had a few incidents with /a recently, which is why I'd like to keep all of it.",
     (("KeepAll", _A),)),
    ("The finance team relies on service x, so we can't afford to lose any of its errors.",
     (("KeepAll", _OF_X),)),
    ("Customers complain about service x, so I want to see all of its errors.",
     (("KeepAll", _OF_X),)),
    ("There's this service named x that nobody looks at, so drop all of its traces.",
     (("DropAll", "service == 'x'"),)),
    ("We have a service called x which handles payments. Never lose an error from it.",
     (("KeepAll", _OF_X),)),
    ("Don't worry about /a, it can go.", (("DropAll", _A),)),
    ("Every now and then /a acts up, so keep all of it.", (("KeepAll", _A),)),
    ("/a is what we care about the most, so keep it.", (("KeepAll", _A),)),
    ("If possible, drop /a.", (("DropAll", _A),)),
    ("Errors obviously must be kept.", (("KeepAll", _ERRORS),)),
    ("What I do need is all errors.", (("KeepAll", _ERRORS),)),
)  # fmt: skip
RESTS = (
    "The rest isn't worth much to us, 1%.",
    "The rest doesn't matter, so 1% is enough.",
    "Everything else is just stuff we never look at, 1% of it is plenty.",
    "The rest is noise: 1%.",
    "The rest isn't that important to us, 1% will do.",
)
ASKED = (
    "Our customers complained, so keep all of their traces.",
    "We get paged a lot because of /a, so keep all errors of /b.",
    "We get paged a lot because of /a.",
    "We get paged because of /a, but only in staging, so keep all of it.",
    "Customers complain about /a when it is slow, so keep all of it.",
    "Don't worry about /a.",
    "Don't worry about errors.",
    "We have a service called x which must not be sampled.",
    "We have a service called x which only matters to finance, drop it.",
    "We rely on /a in staging, so keep all of it.",
    "I'm new here and only need /a, but keep errors.",
    "We had an outage, so keep all of it.",
    "We're struggling with /a, keep errors.",
    "My boss asked for this, so keep half.",
    "/a is flaky in staging, so keep all of it.",
    "/a keeps failing, so keep all of it.",
    "/a is what we care about when it is slow, so keep it.",
    "My team owns /a and /b, so keep its errors.",
    "To be honest, not errors.",
    "We rely on /a, so keep all errors there and everything over 2s.",
    "Drop /a. They pay a lot, so keep everything.",
    "There is a service called x on staging, so drop it.",
    "It's expensive, so drop it.",
    "We see a lot of trouble with errors from /a, so keep them.",
    "If you can find them, keep errors.",
    "Keep errors if possible on /a.",
)
RESTS_ASKED = (
    "The rest isn't noise.",
    "The rest is only interesting if it is slow, 1%.",
    "The rest is important on /a, 1%.",
    "The rest isn't worth much to us.",
)


@pytest.mark.parametrize("case", READ, ids=lambda one: one[0])
def test_talk_asks_for_nothing(case: tuple[str, tuple[tuple[str, str], ...]]) -> None:
    text, wanted = case

    assert sorted(clauses_of(text + _REST)) == sorted(wanted)


@pytest.mark.parametrize("text", RESTS)
def test_the_rest_is_told_of(text: str) -> None:
    assert clauses_of("Keep all errors. " + text) == (("KeepAll", _ERRORS),)


@pytest.mark.parametrize("text", ASKED)
def test_what_may_narrow_is_asked_about(text: str) -> None:
    assert isinstance(read(text + _REST), Asks)


@pytest.mark.parametrize("text", RESTS_ASKED)
def test_what_narrows_the_rest_is_asked_about(text: str) -> None:
    assert isinstance(read("Keep all errors. " + text), Asks)
