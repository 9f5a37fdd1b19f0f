"""The benchmark's traffic, read back as traces, is decided by the plain evaluator alike."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nectarc.columnar.program import compile_program
from nectarc.columnar.run import prepare, run_prepared
from nectarc.evaluate.refinery_rules import Outcome, compile_target
from nectarc.evaluate.values import Missing
from nectarc.logic.decision_list import DecisionList, list_of_rules
from nectarc.trace import Span, Trace, Value
from tests.bench.engines import Frames, duckdb_way, polars_ways
from tests.bench.evaluator import ten_rules
from tests.bench.traffic import SPANS_A_TRACE, Traffic, columns_of_traffic, make_traffic
from tests.shared_data import requires_shared

_TRACES = 1000


def _trace(traffic: Traffic, index: int) -> Trace:
    return Trace(str(index), tuple(_span(traffic, row) for row in _rows(traffic, index)))


def _rows(traffic: Traffic, index: int) -> range:
    return range(int(traffic.offsets[index]), int(traffic.offsets[index + 1]))


def _span(traffic: Traffic, row: int) -> Span:
    fields: dict[str, Value] = {}
    for name, codes in traffic.codes.items():
        value = traffic.values[name][int(codes[row])]
        if not isinstance(value, Missing):
            fields[name] = value
    if not math.isnan(traffic.durations[row]):
        fields["duration_ms"] = float(traffic.durations[row])
    return Span(fields, bool(traffic.is_root[row]))


@requires_shared
@pytest.mark.parametrize("has_buckets", [False, True])
def test_every_engine_decides_as_the_plain_evaluator(*, has_buckets: bool) -> None:
    traffic, sampler = make_traffic(_TRACES), ten_rules()
    decider = compile_target(sampler)
    outcomes = [decider(_trace(traffic, index)) for index in range(_TRACES)]
    wanted = [one.rule for one in outcomes if isinstance(one, Outcome)]
    entries = list_of_rules(sampler, "")
    assert isinstance(entries, DecisionList)
    columns = columns_of_traffic(traffic, has_buckets=has_buckets)
    program = compile_program([[entry.when for entry in entries.entries]], columns)

    decided = run_prepared(prepare(program, columns), columns, 2)

    assert decided[0].tolist() == wanted
    frames = Frames(traffic)
    for name, rival in (*polars_ways(frames).items(), ("DuckDB", duckdb_way(frames))):
        assert rival().tolist() == wanted, name


def test_the_traffic_has_ten_spans_a_trace_and_is_seeded() -> None:
    one, again = make_traffic(_TRACES, seed=3), make_traffic(_TRACES, seed=3)

    assert one.span_count == pytest.approx(SPANS_A_TRACE * _TRACES, rel=0.01)
    assert np.diff(one.offsets).min() == 1
    assert np.array_equal(one.durations, again.durations, equal_nan=True)
