"""What is told of a thing before it is said what becomes of it; reasons that ask for nothing."""

from __future__ import annotations

import pytest

from nectarc.intent.records import Asks
from tests.unit.offline.readings import clauses_of, read

_A, _B = "http.route == '/a'", "http.route == '/b'"
_ERRORS = "http.status >= 500 || error == true"
_REST = " Rest 1%."

DROPPED = (
    "/a is noisy and can go.",
    "The /a route is super noisy. Drop it.",
    "Nobody looks at /a, so drop it.",
    "Nobody has looked at the traces of /a in months, so let's drop them.",
    "We never look at /a: drop it.",
    "We don't use /a anymore, so please get rid of it.",
    "Since /a is noisy, drop it.",
    "Since the migration /a is noisy, drop it.",
    "So here's the thing: /a is just noise, drop it.",
    "Let's not waste money on /a, drop it.",
    "It is permitted to discard traces of /a.",
    "I'm not interested in /a. Drop it all.",
    "Requests to /a shall be excluded from storage.",
    "Storage of /a is not required.",
    "/a? No.",
)
SAMPLED = (
    "/a makes up 80% of our traffic, so 1 in 50 is enough.",
    "/a accounts for half of the bill. Keep 2% of it.",
    "The /a route is super noisy, so we don't need more than 1 in 50 of it.",
    "The /a route is pretty noisy and we only need 2% of it.",
    "We're drowning in traces from /a. One in fifty would be more than enough there.",
    "Requests to /a are super common and not that useful. 1 in 50.",
    "/a is super boring: let's go for 2%.",
    "For /a a sampling rate of 1:50 shall apply.",
    "To requests to /a a rate of 1 in 50 shall be applied.",
    "Traces of /a are subject to a sampling rate of 2 %.",
    "Sampling of /a shall take place at a rate of 2 %.",
    "In the interest of cost reduction, traces of /a are sampled at 2 %.",
    "Retention of /a: 2 %.",
    "Traces of /a shall be limited to 2 %.",
    "A sample of 2 % is taken of /a.",
    "With respect to /a, a sampling rate of 2 % is deemed sufficient.",
    "No more than one in fifty requests to /a need be retained.",
    "Keep twenty per mille of /a.",
)
KEPT = (
    "Requests to /a are security relevant and must therefore be kept completely.",
    "/a is super important for us, so keep it.",
    "/a is critical to us: keep everything.",
    "/a is noisy, but keep it.",
    "Because of the audit we must keep everything on /a.",
    "/a must be kept for compliance reasons.",
    "For legal reasons, /a must be kept.",
    "We just launched /a and want to watch it closely, so keep all of it for now.",
    "No sampling shall be applied to /a.",
    "Under no circumstances may traces of /a be discarded.",
    "Irrespective of their status, requests to /a are to be kept.",
    "I do want /a, no exceptions.",
    "Our checkout has been flaky lately, so I'd love to have all of /a.",
    "As you know, billing is holy: never drop anything from /a.",
    "Please be careful with /a, don't lose any of these.",
    "Our legal department insists that we keep all traces on /a.",
    "After the incident last week we decided to keep all traces of /a.",
    "Let me know if this works: keep /a.",
    "Quick request from support: /a must be kept.",
    "What matters to us: /a.",
    "It would be cool to have all of /a.",
    "All we need is /a.",
    "/a shall not be subject to sampling.",
    "Retention of /a is mandatory.",
    "/a? All of it.",
    "If it is on /a, the complete trace must be kept.",
)
OTHERS = (
    ("Errors are precious to us and we keep all of them.", {("KeepAll", _ERRORS)}),
    ("Errors are rare and must be kept.", {("KeepAll", _ERRORS)}),
    ("/a is noisy, drop it, and keep all of /b.", {("DropAll", _A), ("KeepAll", _B)}),
    ("Free users (plan = free) are killing our budget, 1 in 1000 of theirs is enough.",
     {("KeepOneIn 1000", "plan == 'free'")}),
    ("All traces at 2 %, except those with errors, which stay, and those of /a, which go.",
     {("KeepAll", _ERRORS), ("DropAll", _A)}),
)  # fmt: skip
ASKED = (
    "/a is important.",
    "/a is not important.",
    "Nobody looks at /a.",
    "/a makes up 80% of our traffic.",
    "We just launched /a. Keep errors. 1 in 50.",
    "/a is noisy at night and can go.",
    "/a is noisy in staging, drop it.",
    "/a is noisy when deployed and can go.",
    "/a is noisy only sometimes, drop it.",
    "/a is slow and must be kept.",
    "/a is noisy and errors must be kept.",
    "/a is a pain and drop /b.",
    "/a is noisy so",
    "/a is super noisy, after that:",
    "/a is not noisy and must be kept.",
    "/a is important for customers, keep theirs.",
    "Nobody looks at /a unless it fails, so drop it.",
    "Nobody outside the team looks at /a, so drop it.",
    "Nobody needs errors, drop them.",
    "If nobody looks at /a, drop it.",
    "none of their traces get lost.",
    "because of /a we keep errors.",
    "/a is subject to approval.",
    "To errors a rate of 5% applies.",
    "/a is noisy. /b is slow. Drop it.",
    "Weekends are noisy, so drop /a.",
    "Staging is noisy, so drop everything.",
    "/a is required to have errors.",
    "My team says /a is fine.",
    "be careful with /a.",
    "/a is subject to sampling.",
    "/a is not subject to sampling at 5%.",
    "/a? No idea.",
    "The ops team decided to keep less of /a.",
)


@pytest.mark.parametrize("text", DROPPED)
def test_a_topic_is_dropped(text: str) -> None:
    assert clauses_of(text + _REST) == (("DropAll", _A),)


@pytest.mark.parametrize("text", SAMPLED)
def test_a_topic_is_sampled(text: str) -> None:
    assert clauses_of(text + _REST) == (("KeepOneIn 50", _A),)


@pytest.mark.parametrize("text", KEPT)
def test_a_topic_is_kept(text: str) -> None:
    assert clauses_of(text + _REST) == (("KeepAll", _A),)


@pytest.mark.parametrize("case", OTHERS, ids=lambda one: one[0])
def test_more_is_said_of_topics(case: tuple[str, set[tuple[str, str]]]) -> None:
    text, wanted = case
    rest = "" if text.startswith("All traces") else _REST

    assert set(clauses_of(text + rest)) == wanted


@pytest.mark.parametrize("text", ASKED)
def test_what_may_narrow_is_asked_about(text: str) -> None:
    assert isinstance(read(text + _REST), Asks)


def test_everything_else_is_no_verdict_on_the_topic() -> None:
    assert isinstance(read("/a is our main route and everything else 1%"), Asks)
