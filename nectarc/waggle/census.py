"""One pass over a corpus: what decides each trace, what kind of trace it is, what fails in it.

Owns: the pass, kinds of traces by their root. Must not know: what is kept, layout.
A kind is told by service, operation and HTTP status of the root span (the first span where there
is no root), and by whether some span fails as nectarc/prove/critical.py has it. Where one root
stands before most of the traffic, as a gateway does, the first call to another service tells, too.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple, TypeAlias

import numpy as np

from nectarc.compare.traffic import Example
from nectarc.corpus.arrow import codes_of
from nectarc.corpus.span_table import Kind, SpanTable
from nectarc.prove.corpus_decisions import (
    Asked,
    DecidedPart,
    Decisions,
    Float64s,
    Int64s,
    TraceSource,
    decide_corpus,
)
from nectarc.prove.critical import FIELDS as FAILURE_FIELDS
from nectarc.prove.critical import failing_services
from nectarc.records import record
from nectarc.render.counting import counted
from nectarc.waggle.subjects import Decided

_SERVICE: Final = ("service.name",)
_METHODS: Final = ("http.request.method", "http.method")
_OPERATIONS: Final = ("http.route", "url.path", "http.target", "rpc.method", "name")
_STATUS: Final = ("http.status", "http.response.status_code", "http.status_code")
_FIELDS: Final = (*_SERVICE, *_METHODS, *_OPERATIONS, *_STATUS, *FAILURE_FIELDS)
_LENGTH_MAX: Final = 60
# So many kinds are told apart; the rest of a corpus with more is one kind without a name.
_KINDS_MAX: Final = 20_000
_NO_FIELD: Final = frozenset[str]()
# A root with more of all events than this says too little: what it calls tells more.
_GATEWAY_SHARE: Final = 0.8
# Save where nearly all of it is the same call.
_ONE_CALL_SHARE: Final = 0.95
# A part of a path that names one thing: a number, a long hexadecimal word, three digits.
_IDENTITY: Final = re.compile(
    r"(?<=/)(?:\d[\d._-]*|[0-9a-fA-F-]{16,}|[^/]*\d[^/\d]*\d[^/\d]*\d[^/]*)(?=/|$)"
)


class TraceKind(NamedTuple):
    """What traces have in common; "" for what they lack. calls: what a gateway calls first."""

    service: str
    operation: str
    status: str
    fails: bool
    calls: str = ""

    @property
    def name(self) -> str:
        """Return `web GET /cart`, `gateway /* calling orders POST /orders`."""
        name = " ".join(word for word in (self.service, self.operation) if word)
        return f"{name} calling {self.calls}" if self.calls else name

    @property
    def words(self) -> str:
        """Return `web GET /cart, status 503`."""
        parts = [self.name or "without a name"]
        if self.status:
            parts.append(f"status {self.status}")
        if self.fails and self.status[:1] != "5":
            parts.append("failing")
        return ", ".join(parts)


_Root: TypeAlias = tuple[str, str]
_OTHERS: Final = TraceKind("", "", "", fails=False)


@record(kw_only=True)
class Census:
    """What is known of each trace of a corpus, in its order.

    decisions: rows of `rules` in the order of the lists asked.
    kinds:     in order of first meeting.  kind_of: (traces,) index in `kinds`.
    failing:   (2, pairs) index of a trace and of a service that fails in it, each pair once.
    services:  by index; "" for spans without one.
    """

    decisions: Decisions
    kinds: tuple[TraceKind, ...]
    kind_of: Int64s
    failing: Int64s
    services: tuple[str, ...]

    def examples(self, traces: Int64s, count: int) -> tuple[int, ...]:
        """Return the indices of the smallest of some traces, the first first."""
        sizes = self.decisions.span_counts[traces]
        if len(traces) > count:
            limit = np.partition(sizes, count - 1)[count - 1]
            traces, sizes = traces[sizes <= limit], sizes[sizes <= limit]
        return tuple(traces[np.argsort(sizes, kind="stable")[:count]].tolist())


def take_census(lists: Sequence[Decided], source: TraceSource) -> Census:
    """Read the corpus once."""
    seen = _Seen()
    decisions = decide_corpus(source, Asked(lists=tuple(lists), fields=_FIELDS), seen.visit)
    none = np.empty(0, np.int64)
    pairs = np.empty((2, 0), np.int64)
    events = decisions.weights * decisions.span_counts
    kinds, kind_of = _joined(tuple(seen.kinds), np.concatenate([none, *seen.kind_of]), events)
    return Census(
        decisions=decisions,
        kinds=kinds,
        kind_of=kind_of,
        failing=np.concatenate([pairs, *seen.failing], axis=1),
        services=tuple(seen.services),
    )


def _joined(
    kinds: Sequence[TraceKind], kind_of: Int64s, events: Float64s
) -> tuple[tuple[TraceKind, ...], Int64s]:
    """Join kinds that differ in what they call, save those of a root before most of the traffic."""
    by_kind = np.bincount(kind_of, events, len(kinds)).tolist()
    by_root: dict[_Root, dict[str, float]] = {}
    for kind, its_events in zip(kinds, by_kind, strict=True):
        calls = by_root.setdefault(kind[:2], {})
        calls[kind.calls] = calls.get(kind.calls, 0.0) + its_events
    total = sum(by_kind)
    gateways = {root for root, calls in by_root.items() if _is_gateway(calls, total)}
    joined: dict[TraceKind, int] = {}
    told = (kind if kind[:2] in gateways else kind._replace(calls="") for kind in kinds)
    numbers = [joined.setdefault(kind, len(joined)) for kind in told]
    return tuple(joined), np.array(numbers, np.int64)[kind_of]


def _is_gateway(calls: Mapping[str, float], total: float) -> bool:
    """Say whether a root tells too little. calls: the events behind each of its first calls."""
    events = sum(calls.values())
    return events > _GATEWAY_SHARE * total and max(calls.values()) < _ONE_CALL_SHARE * events


class ExampleReader:
    """Gives traces of a corpus their ids and names; each partition's ids are read once."""

    def __init__(self, census: Census) -> None:
        """Read for the traces of `census`."""
        self._census = census
        self._ids: dict[int, Sequence[str]] = {}

    def read(self, traces: Sequence[int]) -> tuple[Example, ...]:
        """Return the traces with these indices."""
        return tuple(map(self._example, traces))

    def _example(self, index: int) -> Example:
        decisions = self._census.decisions
        place = bisect_right(decisions.firsts, index) - 1
        if place not in self._ids:
            partition = decisions.source.partitions()[decisions.numbers[place]]
            self._ids[place] = partition.load(_NO_FIELD).trace_ids.to_pylist()
        spans = counted(int(decisions.span_counts[index]), "span")
        name = self._census.kinds[int(self._census.kind_of[index])].name
        trace_id = self._ids[place][index - decisions.firsts[place]]
        return Example(trace_id, f"{name}, {spans}" if name else spans)


class _Seen:
    """Gathers partition by partition; `visit` is a visitor of `decide_corpus`."""

    def __init__(self) -> None:
        self.kinds: dict[TraceKind, int] = {}
        self.services: dict[str, int] = {}
        self.kind_of: list[Int64s] = []
        self.failing: list[Int64s] = []

    def visit(self, part: DecidedPart) -> None:
        table = part.table
        found = failing_services(table)
        # Of names that are "" the index is -1: the last.
        numbers = np.array([self._service(name) for name in (*found.names, "")], np.int64)
        self.failing.append(np.stack([found.traces + part.first, numbers[found.services]]))
        fails = np.zeros(table.trace_count, np.int64)
        fails[found.traces] = 1
        self.kind_of.append(self._kinds_of(table, fails))

    def _service(self, name: str) -> int:
        return self.services.setdefault(name, len(self.services))

    def _kinds_of(self, table: SpanTable, fails: Int64s) -> Int64s:
        rows = _naming_rows(table)
        names = (_SERVICE, _METHODS, _OPERATIONS)
        calls = _first_calls(table, rows)
        chosen = [_first_text(table, one, rows) for one in names]
        chosen += [_first_text(table, one, np.maximum(calls, 0)) for one in names]
        for one in chosen[len(names) :]:
            one.codes[calls < 0] = -1
        codes = np.stack([*(one.codes for one in chosen), _statuses(table, rows), fails])
        found, kind_of = np.unique(codes, axis=1, return_inverse=True)
        numbers = [self._kind(column, chosen) for column in found.T.tolist()]
        return np.array(numbers, np.int64)[kind_of.reshape(-1)]

    def _kind(self, codes: list[int], chosen: Sequence[_Chosen]) -> int:
        *texts, status, fails = codes
        told = [one.text(code) for one, code in zip(chosen, texts, strict=True)]
        service, method, operation, called, called_method, called_operation = told
        calls = f"{_shortened(called)} {_operation(called_method, called_operation)}".strip()
        kind = TraceKind(
            _shortened(service),
            _operation(method, operation),
            str(status) if status >= 0 else "",
            fails=bool(fails),
            calls=calls,
        )
        if kind not in self.kinds and len(self.kinds) >= _KINDS_MAX:
            kind = _OTHERS
        return self.kinds.setdefault(kind, len(self.kinds))


class _Chosen(NamedTuple):
    """Of each trace the index of a text, -1 without one; and the texts, some unused."""

    codes: Int64s
    texts: list[str]

    def text(self, code: int) -> str:
        return self.texts[code] if code >= 0 else ""


def _naming_rows(table: SpanTable) -> Int64s:
    """Return the row of each trace's root, the last span without a parent; else of its first."""
    found = table.offsets[:-1].copy()
    rows = np.flatnonzero(table.is_root)
    # Of equal indices NumPy assigns the last value.
    found[np.searchsorted(table.offsets, rows, "right") - 1] = rows
    return found


def _first_calls(table: SpanTable, roots: Int64s) -> Int64s:
    """Return of each trace the row of its first span in another service than the root; or -1."""
    found = np.full(table.trace_count, -1, np.int64)
    services = _first_text(table, _SERVICE, np.arange(table.span_count)).codes
    trace_of = np.repeat(np.arange(table.trace_count), np.diff(table.offsets))
    rows = np.flatnonzero((services >= 0) & (services != services[roots][trace_of]))
    # Of equal indices NumPy assigns the last value: the first span, from behind.
    found[trace_of[rows][::-1]] = rows[::-1]
    return found


def _first_text(table: SpanTable, names: Sequence[str], rows: Int64s) -> _Chosen:
    """Return at each of `rows` the text of the first of `names` that has one that is not blank."""
    found = np.full(len(rows), -1, np.int64)
    texts: list[str] = []
    for name in reversed(names):
        column = table.columns[name].texts if name in table.columns else None
        if column is None:
            continue
        known: list[str] = column.dictionary.to_pylist()
        codes = codes_of(column)[rows].astype(np.int64)
        blank = [number for number, text in enumerate(known) if not text.strip()]
        is_told = (codes >= 0) & ~np.isin(codes, blank)
        found[is_told] = codes[is_told] + len(texts)
        texts += known
    return _Chosen(found, texts)


def _statuses(table: SpanTable, rows: Int64s) -> Int64s:
    """Return the HTTP status at each of `rows`, -1 without one."""
    found = np.full(table.span_count, -1, np.int64)
    for name in reversed(_STATUS):
        if name in table.columns:
            for kind, (places, values) in table.columns.scattered(name).items():
                if kind is Kind.INT:
                    numbers = values.to_numpy(zero_copy_only=False)
                    found[places] = np.where((numbers >= 0) & (numbers < 1000), numbers, -1)
    return found[rows]


def _operation(method: str, operation: str) -> str:
    words = ("" if method in operation.split() else method, _kind_of_path(operation))
    return " ".join(word for word in words if word)


@cache
def _kind_of_path(operation: str) -> str:
    """Return an operation without what names one thing: `/user/17?x=1` is `/user/*`."""
    if operation.startswith("/"):
        path = operation.split("?", 1)[0].split("#", 1)[0]
        operation = _IDENTITY.sub("*", path)
    return _shortened(operation)


def _shortened(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _LENGTH_MAX else f"{words[: _LENGTH_MAX - 1]}…"
