"""Answers as Claude gives them, made of parts; tests change one part."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

ALL: dict[str, Any] = {"any_of": [{"all_of": []}]}
KEEP: dict[str, Any] = {"action": "keep", "number": 0, "by": []}
DROP: dict[str, Any] = {"action": "drop", "number": 0, "by": []}
INTENT = "Keep all errors and checkout over 5 seconds, sample everything else at 1%"


def compared(field: str, operator: str, *values: str, other: str = "") -> dict[str, Any]:
    """Return a test of a condition."""
    return {"field": field, "other_field": other, "operator": operator, "values": list(values)}


def group(on: str, *tests: dict[str, Any]) -> dict[str, Any]:
    """Return a group of tests."""
    return {"on": on, "tests": list(tests)}


def one(on: str, *tests: dict[str, Any]) -> dict[str, Any]:
    """Return a condition of one group."""
    return any_of([group(on, *tests)])


def some(field: str, operator: str, *values: str, other: str = "") -> dict[str, Any]:
    """Return a condition of one test on some span."""
    return one("some_span", compared(field, operator, *values, other=other))


def any_of(*branches: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a condition."""
    return {"any_of": [{"all_of": groups} for groups in branches]}


def one_in(number: float) -> dict[str, Any]:
    """Return the action that keeps one in `number`."""
    return {"action": "one_in", "number": number, "by": []}


ERRORS = any_of(
    [group("some_span", compared("http.status", ">=", "500"))],
    [group("some_span", compared("error", "==", "true"))],
)
SLOW = any_of(
    [group("same_span", compared("service", "==", "checkout"), compared("duration", ">", "5s"))]
)


def answer() -> dict[str, Any]:
    """Return the right answer to `INTENT`, to be changed."""
    rows = [
        ("keep-errors", "Keep all errors", ERRORS, KEEP, 30),
        ("keep-slow-checkout", "checkout over 5 seconds", SLOW, KEEP, 20),
        ("rest", "sample everything else at 1%", ALL, one_in(100), 0),
    ]
    return deepcopy(
        {
            "intent": {
                "clauses": [
                    {
                        "name": name,
                        "words": words,
                        "of": of,
                        "do": do,
                        "origin": "words",
                        "wins": "",
                    }
                    for name, words, of, do, _ in rows
                ],
                "promises": [],
                "budget_per_second": 0,
                "asides": [],
                "notes": [],
            },
            "policy": {
                "rules": [
                    {
                        "name": name,
                        "description": words,
                        "of": of,
                        "do": do,
                        "priority": priority,
                    }
                    for name, words, of, do, priority in rows
                ],
                "fields": [],
            },
            "questions": [],
            "refusal": {"reason": "", "instead": []},
        }
    )


def changed(path: str, value: object) -> str:
    """Return the right answer as JSON, with `value` at a path such as `policy/rules/0/name`."""
    whole = answer()
    *parents, last = path.split("/")
    at: Any = whole
    for key in parents:
        at = at[int(key)] if isinstance(at, list) else at[key]
    at[int(last) if isinstance(at, list) else last] = value
    return json.dumps(whole)
