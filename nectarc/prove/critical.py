"""Traces that the corpus itself shows as rare and failing.

Owns: what fails, what is rare, counting both. Must not know: what a project calls critical.
Truth: docs/decisions/0009-critical-traces.md. Spans fail by what OpenTelemetry and Refinery put on
them: `error`, `status_code` 2, an HTTP 5xx, a gRPC status of a server's fault, an exception event.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from nectarc.corpus.span_table import Kind, SpanTable
from nectarc.corpus.text_codes import text_codes
from nectarc.prove.corpus_decisions import Bools, DecidedPart, Int64s
from nectarc.prove.verdicts import RARE_SHARE
from nectarc.records import record

_SERVICE: Final = "service.name"
_NAME: Final = "name"
_ERROR: Final = "error"
_STATUS: Final = "status_code"
_EXCEPTION: Final = "exception.type"
_GRPC: Final = "rpc.grpc.status_code"
_HTTP: Final = ("http.status", "http.response.status_code", "http.status_code")
FIELDS: Final = (_SERVICE, _NAME, _ERROR, _STATUS, _EXCEPTION, _GRPC, *_HTTP)
# UNKNOWN, DEADLINE_EXCEEDED, UNIMPLEMENTED, INTERNAL, UNAVAILABLE, DATA_LOSS: what OpenTelemetry's
# conventions for RPC call an error of the server.
_GRPC_FAULTS: Final = (2, 4, 12, 13, 14, 15)
_OTEL_ERROR: Final = 2
_HTTP_FAULT: Final = 500
# More telling kinds have higher numbers: of one service in one trace, the most telling counts.
_IS_ERROR, _IS_HTTP, _IS_GRPC, _IS_EXCEPTION = 1, 2, 3, 4

_SIGNATURES_MAX: Final = 50_000


@record(kw_only=True)
class RareFailure:
    """One way to fail that few traces of the corpus show.

    root:    service and name of the root span, "" without one. service: whose span fails.
    kind:    how: `HTTP 5xx`, `gRPC 14`, `exception java.io.IOException`, `error`.
    traces:  how many show it. weight: how many real traces they stand for.
    lost:    how many of them the policy does not always keep.
    example: index in the corpus of one of these, of a lost one where there are such.
    rule:    index of the rule that decides the example.
    """

    root: str
    service: str
    kind: str
    traces: int
    weight: float
    lost: int
    example: int
    rule: int

    @property
    def words(self) -> str:
        """Return e.g. `payments fails with gRPC 14 in web POST /checkout`."""
        where = f" in {self.root}" if self.root else ""
        return f"{self.service or 'a span'} fails with {self.kind}{where}"


class _Signature(NamedTuple):
    root: str
    service: str
    kind: str


@record(frozen=False)
class _Tally:
    """What was seen of one signature so far; `example` and `rule` as in RareFailure."""

    traces: int
    weight: float
    lost: int
    example: int
    rule: int


class RareFailures:
    """Counts the ways to fail, partition by partition; `visit` is a visitor of `decide_corpus`."""

    def __init__(self, is_kept: Bools) -> None:
        """Take, for each rule index of the first list, whether it always keeps."""
        self._is_kept = is_kept
        self._tallies: dict[_Signature, _Tally] = {}
        self._weight = 0.0
        self._traces = 0

    def visit(self, part: DecidedPart) -> None:
        """Count the failures of one partition."""
        table = part.table
        self._weight += float(table.weights.sum())
        self._traces += table.trace_count
        kinds, details = _failures(table)
        rows = np.flatnonzero(kinds)
        if not len(rows):
            return
        trace_of: Int64s = np.searchsorted(table.offsets, rows, "right") - 1
        services = _codes(table, _SERVICE)
        columns = np.stack([trace_of, services[rows], kinds[rows], details[rows]])
        columns = _most_telling(columns)
        roots = _roots(table)[columns[0]]
        at_root = [
            np.where(roots < 0, -1, codes[roots]) for codes in (services, _codes(table, _NAME))
        ]
        ways, way_of = np.unique(np.stack([*at_root, *columns[1:]]), axis=1, return_inverse=True)
        self._add(part, columns[0], ways, way_of.reshape(-1))

    def found(self) -> tuple[RareFailure, ...]:
        """Return what is rare, those that may be lost first, then the rarest."""
        if not self._traces:
            return ()
        limit = max(RARE_SHARE * self._weight, self._weight / self._traces)
        rare = (
            RareFailure(
                root=way.root,
                service=way.service,
                kind=way.kind,
                traces=tally.traces,
                weight=tally.weight,
                lost=tally.lost,
                example=tally.example,
                rule=tally.rule,
            )
            for way, tally in self._tallies.items()
            if tally.weight <= limit
        )
        return tuple(sorted(rare, key=lambda one: (not one.lost, one.weight, one.words)))

    def _add(self, part: DecidedPart, traces: Int64s, ways: Int64s, way_of: Int64s) -> None:
        """Add traces (pairs,), each showing the way `way_of` (pairs,) of `ways` (5, ways)."""
        table = part.table
        rules = part.rules[0][traces]
        is_lost = ~self._is_kept[rules]
        count = ways.shape[1]
        numbers = np.bincount(way_of, minlength=count)
        weights = np.bincount(way_of, table.weights[traces], count)
        lost = np.bincount(way_of, is_lost, count)
        # The first that is lost, else the first: a stable order by way, then by being kept.
        order = np.lexsort((np.arange(len(traces)), ~is_lost, way_of))
        firsts = order[np.searchsorted(way_of[order], np.arange(count))]
        texts = _texts(table, _SERVICE), _texts(table, _NAME), _texts(table, _EXCEPTION)
        for number, codes in enumerate(ways.T.tolist()):
            way = _signature(codes, *texts)
            pair = firsts[number]
            example, rule = part.first + int(traces[pair]), int(rules[pair])
            tally = self._tallies.get(way)
            if tally is None:
                if len(self._tallies) == _SIGNATURES_MAX:
                    continue
                tally = self._tallies[way] = _Tally(0, 0.0, 0, example, rule)
            if lost[number] and not tally.lost:
                tally.example, tally.rule = example, rule
            tally.traces += int(numbers[number])
            tally.weight += float(weights[number])
            tally.lost += int(lost[number])


class FailingServices(NamedTuple):
    """Pairs of a trace of a table and a service of which some span fails in it, each once.

    traces: (pairs,) index in the table. services: (pairs,) index in `names`, -1 without a name.
    """

    traces: Int64s
    services: Int64s
    names: list[str]


def failing_services(table: SpanTable) -> FailingServices:
    """Return which services fail in which traces; `table` needs `FIELDS`."""
    kinds, _ = _failures(table)
    rows = np.flatnonzero(kinds)
    trace_of = np.searchsorted(table.offsets, rows, "right") - 1
    pairs = np.unique(np.stack([trace_of, _codes(table, _SERVICE)[rows]]), axis=1)
    return FailingServices(pairs[0], pairs[1], _texts(table, _SERVICE))


def _signature(
    codes: list[int], services: list[str], names: list[str], exceptions: list[str]
) -> _Signature:
    root_service, root_name, service, kind, detail = codes
    root = " ".join(word for word in (_at(services, root_service), _at(names, root_name)) if word)
    words = {
        _IS_ERROR: "error",
        _IS_HTTP: "HTTP 5xx",
        _IS_GRPC: f"gRPC {detail}",
        _IS_EXCEPTION: f"exception {_at(exceptions, detail)}",
    }
    return _Signature(root, _at(services, service), words[kind])


def _at(texts: list[str], code: int) -> str:
    return texts[code] if 0 <= code < len(texts) else ""


def _failures(table: SpanTable) -> tuple[Int64s, Int64s]:
    """Return of each span how it fails (0: it does not) and the code that says more. (spans,)."""
    kinds = np.zeros(table.span_count, np.int64)
    details = np.zeros(table.span_count, np.int64)
    if _ERROR in table.columns and Kind.BOOL in (found := table.columns.scattered(_ERROR)):
        rows, values = found[Kind.BOOL]
        kinds[rows[values.to_numpy(zero_copy_only=False).astype(np.bool_)]] = _IS_ERROR
    kinds[_numbers(table, (_STATUS,)) == _OTEL_ERROR] = _IS_ERROR
    kinds[_numbers(table, _HTTP) >= _HTTP_FAULT] = _IS_HTTP
    grpc = _numbers(table, (_GRPC,))
    is_fault = np.isin(grpc, _GRPC_FAULTS)
    kinds[is_fault] = _IS_GRPC
    details[is_fault] = grpc[is_fault].astype(np.int64)
    exceptions = _codes(table, _EXCEPTION)
    kinds[exceptions >= 0] = _IS_EXCEPTION
    details[exceptions >= 0] = exceptions[exceptions >= 0]
    return kinds, details


def _numbers(table: SpanTable, names: tuple[str, ...]) -> npt.NDArray[np.float64]:
    """Return the number that the first of `names` holds at each span, NaN where none does."""
    numbers = np.full(table.span_count, np.nan)
    for name in reversed(names):
        if name in table.columns:
            for kind, (rows, values) in table.columns.scattered(name).items():
                if kind in (Kind.INT, Kind.FLOAT):
                    numbers[rows] = values.to_numpy(zero_copy_only=False)
    return numbers


def _codes(table: SpanTable, name: str) -> Int64s:
    """Return of each span the index of its text in `_texts`, -1 for none or "". (spans,)."""
    return text_codes(table, name).codes


def _texts(table: SpanTable, name: str) -> list[str]:
    return text_codes(table, name).texts


def _roots(table: SpanTable) -> Int64s:
    """Return the row of each trace's root, the last span without a parent; -1 without one."""
    roots = np.full(table.trace_count, -1, np.int64)
    rows = np.flatnonzero(table.is_root)
    # Of equal indices NumPy assigns the last value.
    roots[np.searchsorted(table.offsets, rows, "right") - 1] = rows
    return roots


def _most_telling(columns: Int64s) -> Int64s:
    """Keep of each (trace, service) the first span with its most telling kind.

    columns: (4, failing spans) trace, service, kind, detail, in order of arrival.
    """
    trace_of, service, kind, _ = columns
    order = np.lexsort((np.arange(len(kind)), -kind, service, trace_of))
    ordered = columns[:, order]
    is_first = np.ones(ordered.shape[1], np.bool_)
    is_first[1:] = (ordered[:2, 1:] != ordered[:2, :-1]).any(axis=0)
    return ordered[:, is_first]
