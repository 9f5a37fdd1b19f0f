"""Intents with their right answers, as Claude is shown them.

Owns: the examples. Must not know: how they are sent. A test reads each as an answer, checks and
proves it.
"""

from __future__ import annotations

from typing import Final

from nectarc.claude.requests import Json
from nectarc.records import record


@record
class WorkedExample:
    """What is asked, and the answer; both as JSON."""

    request: dict[str, Json]
    answer: dict[str, Json]


_SAFETY: Final[dict[str, Json]] = {
    "error": "http.status >= 500",
    "errors": "keep",
    "critical": "",
    "is_given": False,
}
_REST: Final[Json] = {"any_of": [{"all_of": []}]}
_KEEP: Final[Json] = {"action": "keep", "number": 0, "by": []}
_DROP: Final[Json] = {"action": "drop", "number": 0, "by": []}
_NO_REFUSAL: Final[Json] = {"reason": "", "instead": []}


def _test(field: str, operator: str, *values: str, other: str = "") -> Json:
    return {"field": field, "other_field": other, "operator": operator, "values": list(values)}


def _group(on: str, *tests: Json) -> Json:
    return {"on": on, "tests": list(tests)}


def _any_of(*branches: list[Json]) -> Json:
    return {"any_of": [{"all_of": groups} for groups in branches]}


def _one_in(number: int) -> Json:
    return {"action": "one_in", "number": number, "by": []}


def _clause(name: str, words: str, of: Json, do: Json, wins: str = "") -> Json:
    origin = "words" if words else "safety"
    return {"name": name, "words": words, "of": of, "do": do, "origin": origin, "wins": wins}


def _rule(name: str, description: str, of: Json, do: Json, priority: int) -> Json:
    return {
        "name": name, "description": description, "of": of, "do": do, "priority": priority,
    }  # fmt: skip


def _intent(clauses: list[Json], promises: list[Json], asides: list[Json]) -> Json:
    return {
        "clauses": clauses,
        "promises": promises,
        "budget_per_second": 0,
        "asides": asides,
        "notes": [],
    }


_ERRORS: Final = _any_of(
    [_group("some_span", _test("http.status", ">=", "500"))],
    [_group("some_span", _test("error", "==", "true"))],
)
_SLOW: Final = _any_of([_group("some_span", _test("duration", ">", "2s"))])
_PROBES: Final = _any_of(
    [_group("some_span", _test("http.route", "in", "route-1", "route-2"))],
)
_FAILED_PAYMENT: Final = _any_of(
    [_group("same_span", _test("service", "==", "payments"), _test("http.status", ">=", "500"))],
    [_group("same_span", _test("service", "==", "payments"), _test("error", "==", "true"))],
)
_PREMIUM: Final = _any_of(
    [_group("root_span", _test("(other)", "==", "premium", other="customer.plan"))]
)

WORKED_EXAMPLES: Final = (
    WorkedExample(
        {
            "intent": "Health checks are noise, drop them. Keep errors and anything over 2 seconds,"
            " 5% of the rest. Never lose a failed payments call.",
            "answers": [],
            "safety": _SAFETY,
        },
        {
            "intent": _intent(
                [
                    _clause("keep-errors", "Keep errors", _ERRORS, _KEEP, "keep wins over drop"),
                    _clause(
                        "keep-slow",
                        "Keep ... anything over 2 seconds",
                        _SLOW,
                        _KEEP,
                        "keep wins over drop",
                    ),
                    _clause("drop-health-checks", "Health checks ... drop them", _PROBES, _DROP),
                    _clause("rest", "5% of the rest", _REST, _one_in(20)),
                ],
                [
                    {
                        "name": "failed-payments",
                        "words": "Never lose a failed payments call",
                        "of": _FAILED_PAYMENT,
                        "require": "keep",
                    }
                ],
                ["Health checks are noise"],
            ),
            "policy": {
                "rules": [
                    _rule("keep-errors", "Keep every trace with an error", _ERRORS, _KEEP, 100),
                    _rule("keep-slow", "Keep what takes more than 2 s", _SLOW, _KEEP, 90),
                    _rule("drop-health-checks", "Drop health checks", _PROBES, _DROP, 80),
                    _rule("rest", "Keep one in 20 of all others", _REST, _one_in(20), 0),
                ],
                "fields": [],
            },
            "questions": [],
            "refusal": _NO_REFUSAL,
        },
    ),
    WorkedExample(
        {
            "intent": "the plan of a customer is in customer.plan. premium customers: 1 in 2,"
            " everybody else 1 in 50",
            "answers": [],
            "safety": _SAFETY,
        },
        {
            "intent": _intent(
                [
                    _clause(
                        "keep-errors",
                        "",
                        _any_of([_group("some_span", _test("http.status", ">=", "500"))]),
                        _KEEP,
                        "the project's safety keeps every error",
                    ),
                    _clause("premium", "premium customers: 1 in 2", _PREMIUM, _one_in(2)),
                    _clause("rest", "everybody else 1 in 50", _REST, _one_in(50)),
                ],
                [],
                [],
            ),
            "policy": {
                "rules": [
                    _rule(
                        "keep-errors",
                        "Keep every error, as the project's safety asks",
                        _any_of([_group("some_span", _test("http.status", ">=", "500"))]),
                        _KEEP,
                        100,
                    ),
                    _rule(
                        "premium", "Keep one in 2 of premium customers", _PREMIUM, _one_in(2), 50
                    ),
                    _rule("rest", "Keep one in 50 of all others", _REST, _one_in(50), 0),
                ],
                "fields": [],
            },
            "questions": [],
            "refusal": _NO_REFUSAL,
        },
    ),
    WorkedExample(
        {"intent": "keep all the slow stuff", "answers": [], "safety": _SAFETY},
        {
            "intent": _intent([], [], []),
            "policy": {"rules": [], "fields": []},
            "questions": [
                {
                    "id": "slow",
                    "words": "From which duration on is a trace `slow`?",
                    "choices": [
                        {"answer": "over 1s", "means": "some span takes more than a second"},
                        {"answer": "over 5s", "means": "some span takes more than five seconds"},
                    ],
                },
                {
                    "id": "rest",
                    "words": "What happens to all other traces than `the slow stuff`?",
                    "choices": [
                        {"answer": "1 in 100", "means": "one in a hundred is kept"},
                        {"answer": "drop them", "means": "none is kept, errors excepted"},
                    ],
                },
            ],
            "refusal": _NO_REFUSAL,
        },
    ),
    WorkedExample(
        {"intent": "send me an email when checkout fails", "answers": [], "safety": _SAFETY},
        {
            "intent": _intent([], [], []),
            "policy": {"rules": [], "fields": []},
            "questions": [],
            "refusal": {
                "reason": "A sampling policy decides which traces are kept; it cannot send email.",
                "instead": [
                    "Keep every failed checkout trace, and alert on them where they are stored."
                ],
            },
        },
    ),
)
