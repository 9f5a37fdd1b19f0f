"""What is lost: by kind of trace, of what fails, never kept."""

from __future__ import annotations

import pytest

from nectarc.waggle.records import Ledger
from tests.unit.waggle.worlds import ERROR, FINE, PROBE, QUIET_ERROR, report, stored


def _ledger() -> Ledger:
    return report([ERROR, *[PROBE] * 3, *[FINE] * 5, QUIET_ERROR]).ledger


def test_kinds_are_told_by_service_operation_status_and_failing() -> None:
    ledger = _ledger()

    assert [(one.words, one.rules) for one in ledger.groups] == [
        ("web /cart, status 200", ("rest",)),
        ("web /healthz, status 200", ("probes",)),
        ("web /cart, status 200, failing", ("rest",)),
    ]
    first = ledger.groups[0]
    assert first.traffic.traces == 5
    assert (first.lost_events, first.share) == pytest.approx((4.95, 0.99))
    assert first.examples[0].trace_id == "fine1"


def test_what_is_dropped_whole_is_never_kept() -> None:
    assert [one.words for one in _ledger().never] == ["web /healthz, status 200"]


def test_failing_traces_that_are_sampled_are_listed_by_service_and_rule() -> None:
    ledger = _ledger()

    (found,) = ledger.errors
    assert found.words == "payments fails in 1 trace, kept 1 in 100 by `rest`"
    assert found.lost_traces == pytest.approx(0.99)
    assert ledger.error_traces == 2
    assert ledger.error_kept is not None
    assert ledger.error_kept.value == pytest.approx(1.01 / 2)


def test_sums_by_rule_and_by_kind_are_the_whole() -> None:
    ledger = _ledger()

    assert sum(events for _, events in ledger.by_rule) == pytest.approx(ledger.events)
    assert sum(one.lost_events for one in ledger.groups) == pytest.approx(ledger.events)


def test_of_many_kinds_the_rest_is_counted() -> None:
    traces = [stored(f"t{i}", {"service.name": f"s{i:02}"}) for i in range(40)]

    ledger = report(traces).ledger

    assert (len(ledger.groups), ledger.groups_left) == (12, 28)
    shown = sum(one.lost_events for one in ledger.groups)
    assert shown + ledger.left_events == pytest.approx(ledger.events)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/user/17/orders?x=1", "web /user/*/orders"),
        ("/v1/cart", "web /v1/cart"),
        ("/f/0af7651916cd43dd8448eb211c80319c", "web /f/*"),
        ("/travel2service/trips", "web /travel2service/trips"),
    ],
)
def test_paths_are_kinds_not_things(path: str, kind: str) -> None:
    ledger = report([stored("t", {"service.name": "web", "url.path": path})]).ledger

    assert ledger.groups[0].words == kind


def test_behind_a_gateway_the_first_call_tells() -> None:
    gateway = {"service.name": "gateway", "name": "/*"}
    traces = [
        stored(f"t{i}", gateway, {"service.name": "own" if i % 2 else "other", "name": "run"})
        for i in range(10)
    ]

    assert {one.words for one in report(traces).ledger.groups} == {
        "gateway /* calling own run",
        "gateway /* calling other run",
    }


def test_a_trace_without_names_has_a_kind() -> None:
    assert report([stored("t", {"a": 1})]).ledger.groups[0].words == "without a name"
