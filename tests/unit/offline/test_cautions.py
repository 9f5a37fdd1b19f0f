"""Turns of phrase that once became a wrong policy: each must be asked about, or be read right."""

from __future__ import annotations

import pytest

from nectarc.intent.records import Asks
from nectarc.intent.vocabulary import SafetyWords, Vocabulary
from nectarc.offline.cautions import caution_of
from nectarc.offline.engine import read_intent

MUST_ASK = (
    "keep errors, -5 % of the rest",
    "1 in 1.000 of the rest",
    "over 1.500 ms: keep, rest 1%",
    "lower the rest by 10%",
    "keep errors, reduce everything else by 90 percent",
    "keep errors, don't sample /a at 5%, 2% of the rest",
    "keep all but not all of /a",
    "keep errors, 5% of service auth, but all of /login, drop the rest",
    "keep errors, 5% of service auth but never /login, drop the rest",
    "keep errors, 10% of the rest except /healthz",
    "sample service cart at 5% and everything else at 1% except /a",
    "keep errors, apart from /healthz, 10% of the rest",
    "keep errors unless they come from the loadtest service, 1% of the rest",
    "Drop /healthz but keep it when it takes over 1s; keep errors, 5% of the rest",
    "keep requests that are slow (over 2s) and failed, 1% of the rest",
    "keep errors in service checkout and service cart, drop the rest",
    "20 events per second per service",
    "5% of ^/api/.*$, keep the rest",
    "5% of the busiest service, keep the rest",
    "5% of the internal services, keep the rest",
    "5% of the service behind /pay, keep the rest",
    "5% of service auth, especially /login, keep the rest",
    "Keep gRPC errors; 5% of the rest",
    "keep recent errors, 1% of the rest",
    "All requests to the service not cart are kept, drop the rest",
    "Drop /a. Those in service b keep. 2% of the rest.",
    "drop /a, actually /b. keep the rest",
    "/a was dropped. keep the rest",
    "shall we drop /a? keep the rest",
    "drop /a? keep the rest",
    "> drop /a\nkeep the rest",
    "keep slow (over 2s) and failed /a, drop the rest",
    "/a is useless. keep the rest",
    "drop method=GET and route=/healthz, keep the rest",
    "drop /healthz under 10ms and 200, keep the rest",
    "drop status<400 and >200, keep the rest",
    "keep traces >10s & <20s, drop the rest",
    "keep errors, 5xx 404 - we keep, drop the rest",
    "Half of /a and all of /b. drop the rest",
    "hold on to a tenth 404 of whatever remains",
    "20% /x of other POSTs, 1% of the rest",
    "first drop /b, then keep service auth and errors, 1% of the rest",
    "keep service auth but drop /b, 1% of the rest",
    "drop /b in any case; keep service auth, 1% of the rest",
    "drop service auth if under 10ms, keep the rest",
    "keep errors; 1% of jobs",
    "keep errors in /a and in /b, drop the rest",
    "keep errors, everything else as before",
    "max 0 events/s by route",
    "keep errors, max 100 requests/s by route",
    "keep errors. /a 10% per service. drop the rest",
    "keep tenant=acme and region=eu, drop the rest",
    "drop tenant=05, keep errors, 5% of the rest",
    "keep errors, drop service auth but 5% of /b, 1% of the rest",
    "Keep the checkout trace if some span of inventory took over 300 ms; otherwise 1 in 40.",
    "keep errors, 5% of service \u0430uth, drop the rest",
    "keep writes checkout (POST, PUT, DELETE), 2% for the rest",
    "keep errors (4xx), drop the rest",
    "drop */healthz; keep errors; 5% of the rest",
    "drop #123; keep errors; 5% of the rest",
    "drop fast (over 2s); keep errors; 5% of the rest",
    "db.system=redis and >50ms keep, rest 0.5%",
    "keep 250, drop rest",
    "Traces of service auth shall not be retained in full. keep the rest",
    "not keep traces that touch the payments service, sample everything else one in thirty",
)
MAY_PASS = (
    "keep errors - 5% of the rest",
    "- keep errors\n- 5% of the rest",
    "could you keep errors? and 5% of the rest",
    "everything at 15 percent except errors, which stay at 100 percent",
    "keep errors, 100 events per second for the rest, shared by service",
    "keep /internal/audit and 1% of the rest",
    "keep errors and slow requests over 2s, 1 in 100 of the rest",
    "drop /ping. 5% of the rest",
)


@pytest.mark.parametrize("text", MUST_ASK)
def test_it_is_asked_about(text: str) -> None:
    reading = read_intent(text, Vocabulary(), SafetyWords(), {})

    assert isinstance(reading, Asks), reading
    assert all(one.words.endswith(("?", "`")) or "?" in one.words for one in reading.questions)


@pytest.mark.parametrize("text", MAY_PASS)
def test_usual_turns_are_no_cause_for_caution(text: str) -> None:
    assert caution_of(text) is None
