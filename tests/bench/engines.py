"""The ten rules written for Polars and DuckDB, over the same narrow codes, as fast as we found.

Owns: these programs. The rules are those of ../shared/data/bench/ten-rules.yaml; each decides by
its position in the file, so the first that holds is the least. Codes are compared, never texts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

import duckdb
import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from tests.bench.traffic import Traffic

Decisions: TypeAlias = npt.NDArray[np.uint8]
Ways: TypeAlias = Mapping[str, Callable[[], Decisions]]

FILTERED: Final = "Polars filters, numpy writes"
ONE_QUERY: Final = ("Polars, grouped", "Polars, as lists")
SCATTERED: Final = "Polars filters and scatters"
_HEALTH, _ERRORS, _OTEL_ERRORS, _VERY_SLOW, _CHECKOUT, _PAYMENTS, _DATABASE = range(7)
_CLIENT_ERRORS, _BIG, _REST = 7, 8, 9
_SQL: Final = """
SELECT least(found, CASE
    WHEN r.route BETWEEN {health_first} AND {health_last} THEN 0
    WHEN r.duration > 5000 THEN 3 WHEN r.spans > 40 THEN 8 ELSE 9 END)::UTINYINT AS decided
FROM (SELECT trace, min(CASE
    WHEN status >= {status_500} THEN 1
    WHEN error THEN 2
    WHEN service = {checkout} AND duration > 1000 THEN 4
    WHEN service IN ({payment}, {fraud}) AND method = {post} THEN 5
    WHEN db > 0 AND duration > 250 THEN 6
    WHEN status >= {status_400} THEN 7 ELSE 9 END) AS found
  FROM spans GROUP BY trace) AS s JOIN roots AS r USING (trace) ORDER BY trace
"""


class Frames:
    """The traffic as tables of spans and of roots, NaN durations as -1, which no rule matches."""

    def __init__(self, traffic: Traffic) -> None:
        """Copy the traffic into Polars' frames; codes stay bytes."""
        self.codes = _codes(traffic)
        codes, roots = traffic.codes, np.maximum(traffic.roots, 0)
        durations = np.where(np.isnan(traffic.durations), -1.0, traffic.durations)
        counts = np.diff(traffic.offsets)
        self.offsets = traffic.offsets
        self.spans = pl.DataFrame(
            {
                "trace": np.repeat(np.arange(len(counts), dtype=np.uint32), counts),
                "status": codes["http.status_code"],
                "error": codes["error"] == 2,
                "service": codes["service.name"],
                "method": codes["http.method"],
                "db": codes["db.system"],
                "duration": durations,
            }
        ).with_columns(pl.col("trace").set_sorted())
        has_root = traffic.roots >= 0
        self.roots = pl.DataFrame(
            {
                "trace": np.arange(len(counts), dtype=np.uint32),
                "route": np.where(has_root, codes["http.route"][roots], 0).astype(np.uint8),
                "duration": np.where(has_root, durations[roots], -1.0),
                "spans": counts.astype(np.uint32),
            }
        )


def polars_ways(frames: Frames) -> Ways:
    """Return the ways to write the decisions in Polars."""
    of_span = _polars_of_span(frames.codes)
    by_root = _polars_by_root(frames.codes)

    def grouped() -> Decisions:
        found = (
            frames.spans.lazy()
            .group_by("trace", maintain_order=True)
            .agg(of_span.min().alias("found"))
            .select("found")
        )
        least = pl.concat([found, frames.roots.lazy()], how="horizontal").select(
            pl.min_horizontal("found", by_root)
        )
        return least.collect().to_series().to_numpy()

    def listed() -> Decisions:
        rules = frames.spans.select(of_span.alias("found")).to_series().to_arrow()
        lists = pa.LargeListArray.from_arrays(frames.offsets, rules)
        least = pl.Series("found", lists).list.min()
        both = frames.roots.with_columns(least).select(pl.min_horizontal("found", by_root))
        return both.to_series().to_numpy()

    tests = _polars_tests(frames.codes)

    def found_traces() -> list[tuple[int, pl.Series]]:
        """Return each rule with the traces of its rows, the last rule first."""
        found = pl.collect_all(
            [
                (frames.spans if is_span else frames.roots).lazy().filter(test).select("trace")
                for _, is_span, test in tests
            ]
        )
        pairs = zip(tests, found, strict=True)
        return [(rule, traces.to_series()) for (rule, _, _), traces in pairs][::-1]

    def scattered() -> Decisions:
        decided = pl.repeat(_REST, len(frames.roots), dtype=pl.UInt8, eager=True)
        for rule, traces in found_traces():
            decided = decided.scatter(traces, rule)
        return decided.to_numpy()

    def written() -> Decisions:
        decided = np.full(len(frames.roots), _REST, np.uint8)
        for rule, traces in found_traces():
            decided[traces.to_numpy()] = rule
        return decided

    ways = (grouped, listed, scattered, written)
    return dict(zip((*ONE_QUERY, SCATTERED, FILTERED), ways, strict=True))


def duckdb_way(frames: Frames) -> Callable[[], Decisions]:
    """Return the decisions by DuckDB on tables of its own, with as many threads as processors."""
    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    for name, frame in (("spans", frames.spans), ("roots", frames.roots)):
        connection.register("frame", frame.to_arrow())
        connection.execute(f"CREATE TABLE {name} AS SELECT * FROM frame")
        connection.unregister("frame")
    text = _SQL.format(**frames.codes)

    def run() -> Decisions:
        decided: Decisions = connection.execute(text).fetchnumpy()["decided"]
        return decided

    return run


def _codes(traffic: Traffic) -> dict[str, int]:
    services, statuses = traffic.values["service.name"], traffic.values["http.status_code"]
    routes = traffic.values["http.route"]
    healthy = [i for i, route in enumerate(routes) if str(route).startswith("/health")]
    return {
        "checkout": services.index("checkout"),
        "payment": services.index("payment"),
        "fraud": services.index("fraud"),
        "post": traffic.values["http.method"].index("POST"),
        "status_400": statuses.index(400),
        "status_500": statuses.index(500),
        "health_first": healthy[0],
        "health_last": healthy[-1],
    }


def _polars_tests(codes: Mapping[str, int]) -> list[tuple[int, bool, pl.Expr]]:
    """Return for each rule its number, whether it asks spans, and its test."""
    status, service, duration = pl.col("status"), pl.col("service"), pl.col("duration")
    is_paying = (service == codes["payment"]) | (service == codes["fraud"])
    is_healthy = (pl.col("route") >= codes["health_first"]) & (
        pl.col("route") <= codes["health_last"]
    )
    return [
        (_HEALTH, False, is_healthy),
        (_ERRORS, True, status >= codes["status_500"]),
        (_OTEL_ERRORS, True, pl.col("error")),
        (_VERY_SLOW, False, duration > 5000),
        (_CHECKOUT, True, (service == codes["checkout"]) & (duration > 1000)),
        (_PAYMENTS, True, is_paying & (pl.col("method") == codes["post"])),
        (_DATABASE, True, (pl.col("db") > 0) & (duration > 250)),
        (_CLIENT_ERRORS, True, status >= codes["status_400"]),
        (_BIG, False, pl.col("spans") > 40),
    ]


def _polars_of_span(codes: Mapping[str, int]) -> pl.Expr:
    return _first([(rule, test) for rule, is_span, test in _polars_tests(codes) if is_span])


def _polars_by_root(codes: Mapping[str, int]) -> pl.Expr:
    return _first([(rule, test) for rule, is_span, test in _polars_tests(codes) if not is_span])


def _first(tests: list[tuple[int, pl.Expr]]) -> pl.Expr:
    found = pl.lit(_REST, pl.UInt8)
    for rule, test in reversed(tests):
        found = pl.when(test).then(pl.lit(rule, pl.UInt8)).otherwise(found)
    return found
