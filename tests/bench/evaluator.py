"""The evaluator against Polars, DuckDB and the machine's memory, on seeded traffic and ten rules.

Each round runs every job once, in turn; what is told is the median of the rounds' ratios, since
the machine's mood is that of a round. All engines' decisions are compared before any is timed.
`python -m tests.bench.evaluator --full` takes 20 million spans in 2 million traces; without it a
tenth, which fits the third cache better than most corpora would.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from typing import Final

import numpy as np

from nectarc.columnar.columns import Columns, Int64s
from nectarc.columnar.intrinsics import compiled_once
from nectarc.columnar.program import compile_program
from nectarc.columnar.run import Numbers, Prepared, prepare, run_prepared
from nectarc.logic.decision_list import DecisionList, list_of_rules
from nectarc.logic.formula import Formula
from nectarc.records import replace
from nectarc.refinery.loader import load_rules
from nectarc.refinery.rules import Condition, Rule, RulesConfig
from tests.bench.engines import (
    FILTERED,
    ONE_QUERY,
    SCATTERED,
    Frames,
    duckdb_way,
    polars_ways,
)
from tests.bench.traffic import Traffic, columns_of_traffic, make_traffic
from tests.shared_data import SHARED

FULL_TRACES: Final = 2_000_000
SMALL_TRACES: Final = 200_000
_ROUNDS: Final = 9
_THREADS: Final = 2
_POLICIES: Final = 32
_MANY_RULES: Final = 30
# Refinery's own sampler, fed with ready maps, on one such core (../shared/reference/kernels.md).
_REFINERY_A_SECOND: Final = 1.6e6
_OURS: Final = "exact float64, 2 threads"
_OURS_ALONE: Final = "exact float64, 1 thread"
_BUCKETS: Final = "16-bit buckets, 2 threads"
_BUCKETS_ALONE: Final = "16-bit buckets, 1 thread"
_THIRTY: Final = f"{_MANY_RULES} rules, 2 threads"
_TOGETHER: Final = f"{_POLICIES} policies, 2 threads"
_DUCKDB: Final = "DuckDB"
_MEMORY: Final = "memory read, 2 threads"


def main(arguments: Sequence[str] = ()) -> int:
    """Measure and print; always 0."""
    bench(FULL_TRACES if "--full" in arguments else SMALL_TRACES)
    return 0


def bench(traces: int, rounds: int = _ROUNDS) -> None:
    """Measure on so many traces, ten times as many spans."""
    traffic = make_traffic(traces)
    sampler = ten_rules()
    frames = Frames(traffic)
    exact, coarse = (columns_of_traffic(traffic, has_buckets=one) for one in (False, True))
    ten = [_formulas(sampler)]
    thirty = [[one for step in (3, 2, 1, 0) for one in _formulas(_varied(sampler, traffic, step))]]
    thirty = [thirty[0][-_MANY_RULES:]]
    many = [_formulas(_varied(sampler, traffic, step)) for step in range(_POLICIES)]
    rivals = dict(polars_ways(frames)) | {_DUCKDB: duckdb_way(frames)}
    for name, rival in rivals.items():
        assert np.array_equal(rival(), _decide(ten, exact, 1)[0]), name
    assert np.array_equal(_decide(ten, exact, _THREADS), _decide(ten, coarse, _THREADS))
    jobs: dict[str, Callable[[], object]] = {
        _OURS: lambda: _decide(ten, exact, _THREADS),
        _OURS_ALONE: lambda: _decide(ten, exact, 1),
        _BUCKETS: lambda: _decide(ten, coarse, _THREADS),
        _BUCKETS_ALONE: lambda: _decide(ten, coarse, 1),
        _THIRTY: lambda: _decide(thirty, exact, _THREADS),
        _TOGETHER: lambda: _decide(many, exact, _THREADS),
        _MEMORY: _memory_reader(traffic.span_count),
        **rivals,
    }
    spent = _time_in_rounds(jobs, rounds)
    columns_bytes = _bytes_read(prepare(compile_program(ten, exact), exact), exact)
    _report(traffic, spent, columns_bytes)


def ten_rules() -> RulesConfig:
    """Load the ten rules of the shared data."""
    path = SHARED / "data" / "bench" / "ten-rules.yaml"
    loaded = load_rules(path.read_bytes(), file=path.name)
    assert loaded.rules is not None, loaded.errors
    sampler = loaded.rules.samplers["__default__"]
    assert isinstance(sampler, RulesConfig)
    return sampler


def _decide(lists: Sequence[Sequence[Formula]], columns: Columns, threads: int) -> Numbers:
    """Decide from formulas on: the program is made anew each time, as a rival's plan is."""
    return run_prepared(prepare(compile_program(lists, columns), columns), columns, threads)


def _formulas(sampler: RulesConfig) -> list[Formula]:
    found = list_of_rules(sampler, "ten rules")
    assert isinstance(found, DecisionList)
    return [entry.when for entry in found.entries]


def _varied(sampler: RulesConfig, traffic: Traffic, step: int) -> RulesConfig:
    """Return the rules with other services and thresholds, step 0 the rules themselves."""

    def varied(condition: Condition | None) -> Condition | None:
        assert condition is not None
        value = condition.value
        if isinstance(value, bool):
            return condition
        if isinstance(value, int | float):
            return replace(condition, value=value + step)
        if condition.field == "service.name" and value is not None:
            services = [str(one) for one in traffic.values["service.name"][1:]]
            names = value if isinstance(value, tuple) else (value,)
            moved = [services[(services.index(str(n)) + step) % len(services)] for n in names]
            return replace(condition, value=tuple(moved) if len(moved) > 1 else moved[0])
        return condition

    def varied_rule(rule: Rule | None) -> Rule | None:
        assert rule is not None
        if rule.conditions is None:
            return rule if step == 0 else replace(rule, conditions=())
        return replace(rule, conditions=tuple(map(varied, rule.conditions)))

    rules = sampler.rules if step == 0 else sampler.rules[:-1]
    return RulesConfig(rules=tuple(map(varied_rule, rules)))


@compiled_once()
def _sum_of(numbers: Int64s) -> int:
    """Add whole numbers: a float sum would be bound by the latency of its additions."""
    total = 0
    for i in range(numbers.size):
        total += numbers[i]
    return total


def _memory_reader(spans: int) -> Callable[[], object]:
    """Return a job that reads 8 bytes a span on two threads."""
    numbers = np.arange(spans, dtype=np.int64)
    parts = np.array_split(numbers, _THREADS)
    pool = ThreadPoolExecutor(_THREADS)
    return lambda: sum(pool.map(_sum_of, parts))


def _bytes_read(prepared: Prepared, columns: Columns) -> int:
    """Return the size of the columns that a program names, ends of traces included."""
    named = {id(array): array.nbytes for array in (*prepared.owners, columns.ends)}
    return sum(named.values())


def _time_in_rounds(
    jobs: Mapping[str, Callable[[], object]], rounds: int
) -> dict[str, list[float]]:
    """Return the seconds of each job in each round."""
    spent: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(rounds):
        for name, job in jobs.items():
            start = time.perf_counter()
            job()
            spent[name].append(time.perf_counter() - start)
    return spent


def _report(traffic: Traffic, spent: Mapping[str, Sequence[float]], columns_bytes: int) -> None:
    spans = traffic.span_count
    write = sys.stdout.write
    write(f"\n{spans:,} spans in {len(traffic.roots):,} traces, ten rules\n")
    for name, seconds in spent.items():
        write(f"{name:38} {spans / median(seconds) / 1e6:8.0f} M spans/s\n")
    write("\n")
    engines = (_DUCKDB, *ONE_QUERY, SCATTERED)  # those that write the decisions themselves
    fastest = min(engines, key=lambda name: median(spent[name]))
    for name in (_OURS, _BUCKETS):
        _row(f"{name}, to {fastest}", _ratio(spent[fastest], spent[name]), 10)
        for rival in (_DUCKDB, *ONE_QUERY, SCATTERED, FILTERED):
            write(f"    to {rival:49} {_ratio(spent[rival], spent[name]):7.2f} x\n")
    read = _ratio(spent[_MEMORY], spent[_OURS]) * columns_bytes / (8 * spans)
    _row("of the read bandwidth, float64", read, 0.5)
    for name in (_OURS_ALONE, _BUCKETS_ALONE):
        per_core = spans / median(spent[name]) / _REFINERY_A_SECOND
        _row(f"{name}, to Refinery", per_core, 400)
    together = _ratio(spent[_OURS], spent[_TOGETHER]) * _POLICIES
    write(f"{_POLICIES} policies at once, to one by one {together:.1f} x\n")


def _ratio(slower: Sequence[float], faster: Sequence[float]) -> float:
    return median(a / b for a, b in zip(slower, faster, strict=True))


def _row(name: str, value: float, aim: float) -> None:
    verdict = "met" if value >= aim else "MISSED"
    sys.stdout.write(f"{name:56} {value:7.2f} x  (aim: at least {aim:g}: {verdict})\n")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
