"""What the traffic suggests, and when it suggests nothing."""

from __future__ import annotations

import pytest

from nectarc.corpus.stored_trace import CorpusTrace
from nectarc.ir.text import parse_policy_text
from nectarc.propose.suggestions import Suggestion, suggestions_for
from nectarc.prove.corpus_decisions import TracesInMemory
from tests.unit.prove.made_traces import stored

POLICY = parse_policy_text(
    'policy "p"\n'
    'rule "errors" -> keep when any(number s >= 500.0)\n'
    'rule "probes" -> drop when any(string p == "/dropped")\n'
    'rule "rest" -> sample(1/10) when true'
)
FINE = tuple(
    stored(f"f{i}", {"service.name": "web" if i % 2 else "api", "http.route": "/cart"})
    for i in range(100)
)


def _kinds(*traces: CorpusTrace) -> dict[str, Suggestion]:
    return {one.kind: one for one in suggestions_for(POLICY, TracesInMemory((*FINE, *traces)))}


def test_usual_traffic_suggests_nothing() -> None:
    assert _kinds() == {}


def test_a_handful_of_traces_suggests_nothing() -> None:
    few = (stored("a", {"service.name": "web", "error": True}),)

    assert suggestions_for(POLICY, TracesInMemory(few)) == ()
    assert suggestions_for(POLICY, TracesInMemory(())) == ()


@pytest.mark.parametrize("field", ["http.route", "url.path", "http.target", "name"])
def test_health_checks_that_are_kept_are_noise(field: str) -> None:
    probes = [stored(f"p{i}", {"service.name": "web", field: "/healthz"}) for i in range(50)]

    found = _kinds(*probes)["health-checks"]

    assert "health checks (/healthz) are 33 % of the events" in found.words
    assert found.say == "drop health checks (/healthz)"
    assert dict(found.figures) == pytest.approx({"events_share": 1 / 3, "kept_share": 1 / 3})


def test_health_checks_that_are_dropped_are_no_noise() -> None:
    probes = [
        stored(f"p{i}", {"service.name": "web", "http.route": "/healthz", "p": "/dropped"})
        for i in range(50)
    ]

    assert "health-checks" not in _kinds(*probes)


def test_a_trace_of_two_probes_counts_once() -> None:
    both = [
        stored(f"p{i}", {"http.route": "/ping", "name": "/ping"}, {"http.route": "/healthz"})
        for i in range(100)
    ]

    found = _kinds(*both)["health-checks"]

    assert dict(found.figures)["events_share"] == pytest.approx(200 / 300)


def test_a_service_that_is_most_of_what_is_kept() -> None:
    big = [stored(f"b{i}", *({"service.name": "bulk"},) * 10) for i in range(90)]

    found = _kinds(*big)["volume"]

    assert found.words == "`bulk` is 90 % of the events and 90 % of what is kept"
    assert found.say == "sample the bulk service at 1%"


def test_errors_that_the_words_missed() -> None:
    missed = stored("m", {"service.name": "web", "http.route": "/pay", "error": True})
    dropped = stored("d", {"service.name": "web", "status_code": 2, "p": "/dropped"})

    found = _kinds(missed, dropped)["missed-errors"]

    assert found.words.startswith("2 traces of the corpus (2 % of the traffic) have what")
    assert "1 of them never kept, e.g. web /pay, 1 span" in found.words
    assert found.traces == ("m",)


def test_errors_that_are_kept_were_not_missed() -> None:
    kept = stored("k", {"service.name": "web", "error": True, "s": 503})

    assert "missed-errors" not in _kinds(kept)


def test_a_rare_failure_that_may_be_lost() -> None:
    odd = stored("o", {"service.name": "web", "name": "POST /buy", "exception.type": "IOError"})

    found = _kinds(odd)["rare-errors"]

    assert found.words.startswith("web fails with exception IOError in web POST /buy: 1 trace")
    assert found.say == "keep errors in web"
    assert found.traces == ("o",)
