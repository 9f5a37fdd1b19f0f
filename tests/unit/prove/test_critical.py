"""What the corpus itself shows as rare and failing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from nectarc.corpus.stored_trace import CorpusTrace
from nectarc.ir.text import parse_policy_text
from nectarc.prove.corpus_decisions import Asked, TracesInMemory, decide_corpus
from nectarc.prove.critical import FIELDS, RareFailure, RareFailures
from nectarc.trace import Value
from tests.unit.prove.made_traces import stored

POLICY = parse_policy_text(
    'policy "p"\nrule "errors" -> keep when any(number s >= 500.0)\nrule "rest" -> drop when true'
)
FINE = tuple(stored(f"f{i}", {"service.name": "web", "name": "GET /"}) for i in range(200))


def _found(traces: Sequence[CorpusTrace]) -> tuple[RareFailure, ...]:
    failures = RareFailures(np.array([True, False, False]))
    asked = Asked(lists=(POLICY,), fields=FIELDS)
    decide_corpus(TracesInMemory(tuple(traces)), asked, failures.visit)
    return failures.found()


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"error": True}, "error"),
        ({"status_code": 2}, "error"),
        ({"http.status_code": 503, "error": True}, "HTTP 5xx"),
        ({"http.response.status_code": 500.0}, "HTTP 5xx"),
        ({"rpc.grpc.status_code": 14, "error": True}, "gRPC 14"),
        ({"exception.type": "IOError", "error": True}, "exception IOError"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_one_trace_that_fails_is_listed_with_its_kind(fields: dict[str, Value], kind: str) -> None:
    odd = stored(
        "odd", {"service.name": "web", "name": "POST /buy"}, {"service.name": "db", **fields}
    )

    (found,) = _found([*FINE, odd])

    assert (found.root, found.service, found.kind) == ("web POST /buy", "db", kind)
    assert (found.traces, found.weight, found.lost, found.example, found.rule) == (
        1,
        1.0,
        1,
        200,
        1,
    )
    assert found.words == f"db fails with {kind} in web POST /buy"


@pytest.mark.parametrize(
    "fields",
    [
        {"error": False},
        {"error": "true"},
        {"status_code": 1},
        {"http.status": 404},
        {"rpc.grpc.status_code": 5},
    ],
    ids=str,
)
def test_what_does_not_fail_is_not_listed(fields: dict[str, Value]) -> None:
    assert _found([*FINE, stored("t", {"service.name": "web", **fields})]) == ()


def test_frequent_failures_are_not_rare() -> None:
    failing = [stored(f"e{i}", {"service.name": "web", "error": True}) for i in range(10)]

    assert _found([*FINE, *failing]) == ()


def test_a_trace_that_stands_for_many_is_not_rare() -> None:
    assert _found([*FINE, stored("e", {"error": True}, rate=50)]) == ()


def test_a_failure_that_is_kept_comes_after_those_that_are_lost() -> None:
    kept = stored("kept", {"service.name": "a", "error": True, "s": 500})
    lost = stored("lost", {"service.name": "b", "error": True})

    found = _found([*FINE, kept, lost])

    assert [(one.service, one.lost, one.example) for one in found] == [("b", 1, 201), ("a", 0, 200)]


def test_of_several_traces_a_lost_one_is_the_example() -> None:
    way: dict[str, Value] = {"service.name": "a", "error": True}

    (found,) = _found([*FINE, stored("kept", {**way, "s": 500}), stored("lost", way)])

    assert (found.traces, found.lost, found.example, found.rule) == (2, 1, 201, 1)


def test_a_trace_that_fails_in_two_services_shows_two_ways() -> None:
    both = stored("t", {"service.name": "a", "error": True}, {"service.name": "b", "error": True},
                  {"service.name": "b", "error": True})  # fmt: skip

    assert [one.service for one in _found([*FINE, both])] == ["a", "b"]


def test_an_empty_corpus_shows_nothing() -> None:
    assert _found([]) == ()
