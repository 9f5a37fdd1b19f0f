"""How policies, tickets and contracts put it: passives, conditions in front, nouns for verbs."""

from __future__ import annotations

import pytest

from nectarc.intent.records import Understood
from tests.unit.offline.readings import clauses_of, read

_A, _REST = "http.route == '/a'", " The remainder shall be sampled at 1 %."
_ERRORS = "http.status >= 500 || error == true"
_SEARCH = "service == 'search'"
_ACME = "tenant.id == 'acme'"

READ = (
    ("Retention of traces from /a is mandatory.", ("KeepAll", _A)),
    ("The storage of traces from /a is not permitted.", ("DropAll", _A)),
    ("Retention is not required for traces from /a.", ("DropAll", _A)),
    ("There is no requirement to retain /a.", ("DropAll", _A)),
    ("Deletion of errors is not permitted.", ("KeepAll", _ERRORS)),
    ("The sampling of errors is prohibited.", ("KeepAll", _ERRORS)),
    ("Full retention applies to /a.", ("KeepAll", _A)),
    ("For /a, full retention is required.", ("KeepAll", _A)),
    ("The service search is subject to full retention.", ("KeepAll", _SEARCH)),
    ("Traces of the service search are exempt from retention.", ("DropAll", _SEARCH)),
    ("Errors shall in all cases be retained.", ("KeepAll", _ERRORS)),
    ("/a is hereby excluded.", ("DropAll", _A)),
    ("Requests to /a are to be disregarded.", ("DropAll", _A)),
    ("/a is not to be recorded under any circumstances.", ("DropAll", _A)),
    ("Where a trace contains an error, the trace shall be retained.", ("KeepAll", _ERRORS)),
    ("In the event of an error, the trace is to be retained.", ("KeepAll", _ERRORS)),
    ("Insofar as a trace contains an error, it shall be retained.", ("KeepAll", _ERRORS)),
    ("Should a request take longer than 4 s, its trace is retained.", ("KeepAll", "duration > 4s")),
    (
        "Where the duration of a trace exceeds 2 s, it shall likewise be retained.",
        ("KeepAll", "duration > 2s"),
    ),
    ("Traces the duration of which exceeds 2 s are retained.", ("KeepAll", "duration > 2s")),
    ("Requests exceeding a duration of 2 s are retained.", ("KeepAll", "duration > 2s")),
    ("Requests not completed within 2 s are retained.", ("KeepAll", "duration > 2s")),
    ("Requests that fail to complete within 2 s are retained.", ("KeepAll", "duration > 2s")),
    ("Traces that do not exceed 2 s in duration are dropped.", ("DropAll", "none(duration > 2s)")),
    ("The retention rate for the service search is set to 10 %.", ("KeepOneIn 10", _SEARCH)),
    ("The probability of retention for /a shall be 10 %.", ("KeepOneIn 10", _A)),
    ("The service search is granted a sampling rate of 10 %.", ("KeepOneIn 10", _SEARCH)),
    ("A baseline of 10 % applies to /a.", ("KeepOneIn 10", _A)),
    ("A sample of 10 % shall be taken of /a.", ("KeepOneIn 10", _A)),
    ("A sampling rate of 10 % is prescribed for /a.", ("KeepOneIn 10", _A)),
    ("/a is to be retained with a probability of 0.05.", ("KeepOneIn 20", _A)),
    ("In accordance with our audit policy, /a must be preserved.", ("KeepAll", _A)),
    ("/a is retained pursuant to the data retention directive.", ("KeepAll", _A)),
    ("With immediate effect, /a is to be discarded.", ("DropAll", _A)),
    ("It is imperative that errors be retained.", ("KeepAll", _ERRORS)),
    ("Traces lacking the attribute tenant.id are dropped.", ("DropAll", "none(exists(tenant.id))")),
    ("Traces in which tenant.id has not been set go.", ("DropAll", "none(exists(tenant.id))")),
    ("Traces in which no root span is present are dropped.", ("DropAll", "!has_root")),
    ("Traces with more than 200 spans are to be retained.", ("KeepAll", "span_count > 200")),
    ("Requests using the method DELETE are retained.", ("KeepAll", "method == 'DELETE'")),
    ("Requests which have been answered with 429 are kept.", ("KeepAll", "http.status == 429")),
    (
        "Any request the response to which carries a status code of 429 is kept.",
        ("KeepAll", "http.status == 429"),
    ),
    ("Traces for GET /a are dropped.", ("DropAll", "any(method == 'GET' && http.route == '/a')")),
    ("Traces having a status of ERROR are kept.", ("KeepAll", _ERRORS)),
    (
        "gRPC calls ending with status DEADLINE_EXCEEDED or UNAVAILABLE are kept.",
        ("KeepAll", "any(exists(rpc.grpc.status_code) && rpc.grpc.status_code in [4, 14])"),
    ),
    (
        "tenant.id = acme is precious. Such traces are to be retained.",
        ("KeepAll", _ACME),
    ),
)
ASKED = (
    "Retention of /a is required in some cases.",
    "Retention of /a is not always required.",
    "Retention of /a is mandatory for two years.",
    "No retention is required for /a beyond 30 days.",
    "No retention is required for recent traces.",
    "Loss of /a is acceptable.",
    "Sampling of /a is not required.",
    "Sampling of /a is permitted.",
    "Full retention of /a is expensive.",
    "We currently have full retention of /a.",
    "The rate is 5 %.",
    "The retention rate for /a is too low.",
    "The retention rate for /a is set to 5.",
    "/a is assigned to the platform team.",
    "In accordance with the checkout service, errors are kept.",
    "In accordance with /a, errors are kept.",
    "Should /a be kept?",
    "Requests that fail to reach the service cart shall be discarded.",
    "Requests that fail to authenticate shall be retained.",
    "Drop /a. Such traces are kept if they fail.",
    "Traces over 2 s are kept at 10 %. Such traces from /a are dropped.",
    "If it is down, such traces are kept.",
    "In the event of an outage, the trace is kept.",
    "Insofar as possible, /a shall be retained.",
    "To the extent that it is needed, /a shall be retained.",
    "/a shall in most cases be retained.",
    "/a shall be retained with a probability of 5.",
    "With a probability of 0.05 the trace is slow.",
    "Subject to approval, /a shall be dropped.",
    "Subject to the above, /a shall be dropped.",
    "Traces the duration of which is unknown shall be dropped.",
    "/a is subject to full retention until December.",
    "/a is exempt from retention limits.",
    "/a is not exempt from retention.",
    "/a is not subject to full retention.",
    "With effect from Monday, /a is dropped.",
    "With immediate effect, no one looks at /a.",
    "It is our policy to look at /a.",
    "It is imperative that /a be fast.",
    "The processing time of /a exceeds 2 s.",
    "Where the duration of a trace exceeds the limit, it shall be retained.",
)


@pytest.mark.parametrize("case", READ, ids=lambda one: one[0])
def test_what_policies_say_is_read(case: tuple[str, *tuple[tuple[str, str], ...]]) -> None:
    text, *wanted = case

    assert set(clauses_of(text + _REST)) == set(wanted)


@pytest.mark.parametrize("text", ASKED)
def test_what_is_nearly_that_is_asked_about(text: str) -> None:
    assert not isinstance(read(text + _REST), Understood)
