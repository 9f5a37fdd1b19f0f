"""Seeded traffic as columns: a mix of microservices, with what the ten rules ask of it.

Owns: the make-up of the traffic. Numbers come straight as narrow codes into sorted dictionaries;
tests/unit/columnar/test_traffic.py reads some of it back as traces.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from nectarc.columnar.buckets import buckets_of
from nectarc.columnar.columns import (
    CodedColumn,
    Columns,
    FieldColumn,
    NumberColumn,
    bits_of,
    padded,
)
from nectarc.evaluate.values import MISSING, ValueOrMissing

SPANS_A_TRACE: Final = 10

_SERVICES: Final = (
    *("account", "ads", "auth", "basket", "billing", "cart", "catalog", "checkout", "currency"),
    *("edge", "email", "flags", "fraud", "frontend", "gateway", "geo", "images", "inventory"),
    *("ledger", "mobile", "orders", "payment", "pricing", "promo", "quote", "recommend"),
    *("reviews", "search", "session", "shipping", "stock", "web"),
)
_ROUTES: Final = (
    *(f"/api/v1/{service}" for service in _SERVICES),
    *(f"/api/v2/{service}/{{id}}" for service in _SERVICES),
    *("/", "/health", "/health/live", "/healthz", "/metrics", "/static/{file}"),
)
_STATUSES: Final = (200, 201, 204, 301, 302, 304, 400, 401, 403, 404, 409, 422, 429, 500, 502, 503)
_STATUS_WEIGHTS: Final = (800, 40, 40, 8, 20, 40, 8, 8, 4, 20, 2, 2, 2, 2, 1, 1)
_METHODS: Final = ("DELETE", "GET", "PATCH", "POST", "PUT")
_DATABASES: Final = ("elasticsearch", "mongodb", "mysql", "postgresql", "redis")

Octets = npt.NDArray[np.uint8]


class Traffic(NamedTuple):
    """Spans, those of a trace side by side; its first span is the root where it has one.

    offsets: (traces + 1,).   codes: (spans,) by field.   values: by field, by code.
    durations: (spans,) milliseconds, NaN of span events, which have none.   roots: (traces,) row
    of the root, -1: none.
    """

    offsets: npt.NDArray[np.int64]
    is_root: npt.NDArray[np.bool_]
    codes: Mapping[str, Octets]
    values: Mapping[str, Sequence[ValueOrMissing]]
    durations: npt.NDArray[np.float64]
    roots: npt.NDArray[np.int64]

    @property
    def span_count(self) -> int:
        """Return how many spans there are."""
        return len(self.durations)


def make_traffic(traces: int, seed: int = 1) -> Traffic:
    """Make `traces` traces of ten spans on average, some of one span, a few of hundreds."""
    rng = np.random.default_rng(seed)
    sizes = np.ceil(rng.lognormal(1.63, 1.1, traces)).astype(np.int64)
    # Exactly ten a trace on average: the first traces give or take what is too much or too little.
    surplus = int(sizes.sum()) - SPANS_A_TRACE * traces
    sizes[: abs(surplus) % traces] -= np.sign(surplus)
    sizes = np.maximum(sizes, 1)
    offsets = np.concatenate(([0], np.cumsum(sizes)))
    spans = int(offsets[-1])
    roots = np.where(rng.random(traces) < 0.99, offsets[:-1], -1)
    is_root = np.zeros(spans, np.bool_)
    is_root[roots[roots >= 0]] = True
    kind = rng.random(spans, np.float32)
    is_event = (kind < 0.06) & ~is_root
    is_database = (kind >= 0.06) & (kind < 0.22) & ~is_root
    is_http = ((kind >= 0.22) & (kind < 0.75)) | is_root
    service = _weighted(rng, spans, 1 / np.arange(1, len(_SERVICES) + 1) ** 0.7)
    durations = rng.lognormal(0.0, 1.4, spans) * np.where(is_root, 60.0, 8.0)
    durations[is_event] = np.nan
    absent = np.uint8(0)
    codes: dict[str, npt.NDArray[np.integer[Any]]] = {
        "service.name": np.random.default_rng(seed).permutation(len(_SERVICES))[service] + 1,
        "http.status_code": np.where(is_http, _weighted(rng, spans, _STATUS_WEIGHTS) + 1, absent),
        "http.method": np.where(is_http, _weighted(rng, spans, (1, 60, 2, 25, 6)) + 1, absent),
        "db.system": np.where(is_database, _weighted(rng, spans, (1, 2, 5, 9, 8)) + 1, absent),
        "http.route": np.where(is_http, _weighted(rng, spans, [1] * len(_ROUTES)) + 1, absent),
        "error": np.where(rng.random(spans, np.float32) < 0.004, np.uint8(2), absent),
    }
    values: dict[str, Sequence[ValueOrMissing]] = {
        "service.name": (MISSING, *_SERVICES),
        "http.status_code": (MISSING, *_STATUSES),
        "http.method": (MISSING, *_METHODS),
        "db.system": (MISSING, *_DATABASES),
        "http.route": (MISSING, *sorted(_ROUTES)),
        "error": (MISSING, False, True),
    }
    narrow = {name: found.astype(np.uint8) for name, found in codes.items()}
    return Traffic(offsets, is_root, narrow, values, durations, roots)


def columns_of_traffic(traffic: Traffic, *, has_buckets: bool) -> Columns:
    """Return the columns: booleans and presence as bitmaps, durations exact, or buckets besides."""
    fields: dict[str, FieldColumn] = {}
    for name, codes in traffic.codes.items():
        planes = {0: bits_of(codes == 0)} if name in {"error", "db.system"} else {}
        if name == "error":
            planes[2] = bits_of(codes == 2)
        column = CodedColumn(values=tuple(traffic.values[name]), codes=padded(codes), planes=planes)
        fields[name] = FieldColumn(coded=column)
    durations = traffic.durations
    has_duration = ~np.isnan(durations)
    fields["duration_ms"] = FieldColumn(
        coded=CodedColumn(
            values=(MISSING, MISSING),
            codes=padded(has_duration.astype(np.uint8)),
            elsewhere=1,
        ),
        floats=NumberColumn(
            values=padded(durations),
            rows=bits_of(has_duration),
            buckets=padded(buckets_of(durations)) if has_buckets else None,
        ),
    )
    return Columns(traffic.offsets, traffic.is_root, fields.__getitem__)


def _weighted(
    rng: np.random.Generator, count: int, weights: Sequence[float] | npt.NDArray[np.float64]
) -> Octets:
    """Draw `count` indices into `weights`."""
    bounds = np.cumsum(weights) / np.sum(weights)
    found = np.searchsorted(bounds.astype(np.float32)[:-1], rng.random(count, np.float32))
    return found.astype(np.uint8)
