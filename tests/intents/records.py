"""Intents with the traces that judge an answer, of both formats, read into one.

Formats: ../shared/data/README.md ("Intents"), and our shorthand (tests/intents/README.md).
"""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any, Final, NamedTuple

from nectarc.corpus.typed_trace import decode_trace
from nectarc.trace import Span, Trace, Value

# Sampler kinds that are as good as one another for one goal.
FAMILIES: Final = {
    "throughput": "throughput",
    "ema_throughput": "throughput",
    "windowed_throughput": "throughput",
    "total_throughput": "throughput",
    "adaptive": "adaptive",
    "dynamic": "adaptive",
    "ema_dynamic": "adaptive",
}
_SYNONYMS: Final = (
    frozenset({"service", "service.name"}),
    frozenset({"http.route", "route", "url.path", "http.target"}),
    frozenset({"method", "http.request.method", "http.method"}),
)


class Wanted(NamedTuple):
    """An action that a case accepts.

    kind: "keep", "drop", "sample", "throughput" or "adaptive". number: n, or the goal; 0 for none.
    groups: of a sampler, its key holds one field of each.
    """

    kind: str
    number: float = 0.0
    groups: tuple[frozenset[str], ...] = ()


class Case(NamedTuple):
    """A trace, and the actions that are right for it."""

    trace: Trace
    accepted: tuple[Wanted, ...]


class Intended(NamedTuple):
    """One intent.

    kind: "clear", "ask" or "refuse". mentions: a good question holds one of these.
    also: answers of a whole other kind that are as good: "ask", "refuse".
    """

    id: str
    kind: str
    style: str
    text: str
    cases: tuple[Case, ...]
    mentions: tuple[str, ...]
    also: frozenset[str]


def read_intents(path: Path) -> list[Intended]:
    """Read a file of either format; each line is an intent."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [_intended(json.loads(line)) for line in lines if line.strip()]


def _intended(row: dict[str, Any]) -> Intended:
    is_shared = "also_ok" in row
    also = {one["kind"] for one in row.get("also_ok", ()) if "kind" in one}
    also |= {kind for kind in ("ask", "refuse") if row.get(f"may_{kind}")}
    cases = _shared_cases(row) if is_shared else [_case(*pair) for pair in row.get("cases", ())]
    return Intended(
        row["id"],
        row["kind"],
        row.get("style", ""),
        row["intent"],
        tuple(cases),
        tuple(row.get("mentions", row.get("question_mentions", ()))),
        frozenset(also),
    )


def _shared_cases(row: dict[str, Any]) -> list[Case]:
    groups = tuple(frozenset(group) for group in row.get("sampler_fields_any_of", ()))
    cases: list[Case] = []
    for index, case in enumerate(row.get("cases", ())):
        accepted = [_shared_wanted(case["expect"], groups)]
        for other in row["also_ok"]:
            if index in other.get("cases", ()):
                accepted += [_shared_wanted(one, groups) for one in other["or"]]
        cases.append(Case(decode_trace(case["trace"]), tuple(accepted)))
    return cases


def _shared_wanted(expect: dict[str, Any], groups: tuple[frozenset[str], ...]) -> Wanted:
    match expect["action"]:
        case "dynamic":
            return Wanted(FAMILIES[expect["kind"]], float(expect["goal"]), groups)
        case "sample" | "deterministic" as kind:
            return Wanted(kind, float(expect["n"]))
        case kind:
            return Wanted(kind)


def _case(shorthand: str, expected: str) -> Case:
    return Case(trace_of(shorthand), tuple(_wanted(one) for one in expected.split("|")))


def _wanted(words: str) -> Wanted:
    kind, *rest = words.split()
    number = float(rest[0]) if rest else 0.0
    names = rest[2].split(",") if len(rest) > 2 else []
    return Wanted(FAMILIES.get(kind, kind), number, tuple(_synonyms(name) for name in names))


def _synonyms(name: str) -> frozenset[str]:
    plain = name.removeprefix("root.")
    known = next((group for group in _SYNONYMS if plain in group), frozenset({plain}))
    return known | {f"root.{one}" for one in known}


def trace_of(shorthand: str) -> Trace:
    """Read a trace as authors write it: spans apart by ` ; `, the first is the root."""
    parts = re.split(r"\s;\s", shorthand.strip())
    has_root = "noroot" not in shlex.split(parts[0])
    spans = [_span(part, is_root=has_root and not index) for index, part in enumerate(parts)]
    return Trace("0" * 31 + "1", tuple(spans))


def _span(part: str, *, is_root: bool) -> Span:
    fields: dict[str, Value] = {}
    words = shlex.split(part)
    for word in words:
        name, sign, text = word.partition("=")
        if sign:
            fields |= _fields(name, _value(text))
    status = fields.get("http.status_code")
    is_fault = isinstance(status, int) and status >= 500 and "noerror" not in words
    if "error" in words or is_fault:
        fields |= {"error": True, "status_code": 2}
    return Span(fields, is_root)


def _fields(name: str, value: Value) -> dict[str, Value]:
    match name:
        case "status":
            return {"http.status_code": value}
        case "ms":
            return {"duration_ms": value}
        case "service":
            return {"service.name": value}
        case "route":
            return {"http.route": value, "url.path": value, "http.target": value}
        case "method":
            return {"http.request.method": value, "http.method": value}
        case _:
            return {name: value}


def _value(text: str) -> Value:
    if text in ("true", "false"):
        return text == "true"
    if re.fullmatch(r"-?[0-9]+", text):
        return int(text)
    if re.fullmatch(r"-?[0-9]+\.[0-9]+", text):
        return float(text)
    return text
