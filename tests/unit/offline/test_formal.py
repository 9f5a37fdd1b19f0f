"""How policies and tickets put it: what is subject to what, what no rule above covers."""

from __future__ import annotations

import pytest

from nectarc.intent.records import Asks, Understood
from tests.unit.offline.readings import clauses_of, read

_A, _REST = "http.route == '/a'", " The rest 1%."
_ERRORS = "http.status >= 500 || error == true"

READ = (
    (
        "Any request resulting in a 404 response may be discarded.",
        ("DropAll", "http.status == 404"),
    ),
    ("All requests with 404 responses may be discarded.", ("DropAll", "http.status == 404")),
    ("The sampling rate for /a shall amount to 5 percent.", ("KeepOneIn 20", _A)),
    ("The retention rate for /a shall be set to 5 percent.", ("KeepOneIn 20", _A)),
    ("/a is subject to 5 % sampling.", ("KeepOneIn 20", _A)),
    ("Traces exceeding a duration of 4 seconds must be retained.", ("KeepAll", "duration > 4s")),
    ("It is further required that /a be retained.", ("KeepAll", _A)),
    ("In accordance with our retention policy, /a must be retained.", ("KeepAll", _A)),
    ("It suffices to retain 5 % of /a.", ("KeepOneIn 20", _A)),
    ("Under no circumstances are requests to /a to be stored.", ("DropAll", _A)),
    ("If an error has occurred, keep the trace.", ("KeepAll", _ERRORS)),
    ("Errors shall be retained in all cases.", ("KeepAll", _ERRORS)),
)

LEFT = (
    "All traffic not covered by the above provisions shall be sampled at 1 percent.",
    "All traces not falling under any of the above rules shall be sampled at 1%.",
    "Traces that do not meet any of the above criteria are to be reduced to 1%.",
    "The sampling rate for the remaining traffic shall be set to 1 percent.",
    "All others are subject to 1 % sampling.",
)

ASKED = (
    "All requests to /a requests are dropped.",
    "All requests from the cart service requests are dropped.",
    "/a shall not be kept in all cases.",
    "/a shall not be retained without exception.",
    "Sampling of errors is mandatory.",
    "Sampling of /a is not required.",
    "The sampling rate for /a shall not be set to 5 %.",
    "The sampling rate for /a was set to 5 %.",
    "/a is not subject to 5 % sampling.",
    "/a was subject to 5 % sampling.",
    "Under no circumstances are all of /a to be stored.",
    "Traces covered by the above rules are sampled at 5 %.",
    "Traces that do not meet all of the above criteria are dropped.",
    "Traces that do not meet the above criteria of /a are dropped.",
    "Errors that do not meet the above criteria are dropped.",
    "Traces not covered by our policy are dropped.",
    "In accordance with our policy on /b, keep /a.",
    "Where no error is recorded, sample at 5 %.",
    "If the error was logged twice, keep it.",
    "Retain 100 traces per service.",
    "Keep 500 traces.",
    "Traces with 200 calls to /a are kept.",
    "It is not mandatory to keep /a.",
)


@pytest.mark.parametrize(("text", "first"), READ, ids=[one[0] for one in READ])
def test_formal_words_are_read(text: str, first: tuple[str, str]) -> None:
    assert first in clauses_of(text + _REST)


@pytest.mark.parametrize("text", LEFT)
def test_what_no_rule_covers_is_the_rest(text: str) -> None:
    got = read("Errors must be retained. " + text)
    assert isinstance(got, Understood), got
    assert clauses_of("Errors must be retained. " + text) == (("KeepAll", _ERRORS),)
    assert got.intent.clauses[-1].is_rest


@pytest.mark.parametrize("text", ASKED)
def test_near_misses_are_asked_about(text: str) -> None:
    assert isinstance(read(text + _REST), Asks)
