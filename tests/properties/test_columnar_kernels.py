"""The kernels and their plain twin say the same, on columns and programs made at random."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from nectarc.columnar.answers import Between, BitsTest, CodedTest, IsNan, Key, Test
from nectarc.columnar.buckets import buckets_of
from nectarc.columnar.columns import (
    NOWHERE,
    CodedColumn,
    Codes,
    Columns,
    NumberColumn,
    bits_of,
    padded,
)
from nectarc.columnar.machine import Engine, default_engine
from nectarc.columnar.nodes import (
    FALSE,
    TRUE,
    Ask,
    Node,
    Spread,
    any_span,
    every,
    negation,
    some,
)
from nectarc.columnar.plain import run_plainly
from nectarc.columnar.program import SPANS, TRACES, Program
from nectarc.columnar.run import prepare, run, run_prepared

_TESTS_A_PLACE = 14
_NUMBERS = (-np.inf, -1.0, -0.0, 0.0, 0.5, 1.0, 999.9, 1000.0, 1000.1, 1e9, np.inf)

pytestmark = pytest.mark.skipif(
    default_engine() is Engine.PLAIN, reason="the kernels cannot run on this processor"
)


def _columns(rng: np.random.Generator, traces: int, longest: int) -> Columns:
    sizes = rng.integers(1, longest + 1, traces)
    offsets = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
    return Columns(offsets, rng.random(offsets[-1]) < 0.2, lambda _name: NOWHERE)


def _coded(rng: np.random.Generator, rows: int) -> CodedTest:
    dtype = rng.choice(["u1", "u2", "i4"])
    count = int(rng.integers(2, 256 if dtype == "u1" else 400))
    flags = rng.integers(0, count, rows)
    codes: Codes = padded(flags.astype(dtype))
    planes = {code: bits_of(flags == code) for code in range(rng.integers(0, 3))}
    if count <= 3:
        planes = {code: bits_of(flags == code) for code in range(count - 1)}
        codes = codes[:0] if rng.random() < 0.5 else codes
    truth = rng.random(count) < rng.choice([0.02, 0.5, 0.9])
    if rng.random() < 0.5:
        first, last = np.sort(rng.integers(0, count, 2))
        truth = (np.arange(count) >= first) & (np.arange(count) <= last)
    if not truth.any() or truth.all():
        truth = np.arange(count) == 1
    values = tuple(range(count))
    return CodedTest(CodedColumn(values=values, codes=codes, planes=planes), truth)


def _number(rng: np.random.Generator, rows: int) -> Between | IsNan:
    if rng.random() < 0.3:
        wholes = rng.integers(-5, 5, rows) * 2**61
        low, high = np.sort(rng.integers(-5, 5, 2)) * 2**61
        return Between(NumberColumn(values=padded(wholes)), int(low), int(high))
    values = np.where(rng.random(rows) < 0.5, rng.choice(_NUMBERS, rows), rng.lognormal(4, 3, rows))
    values[rng.random(rows) < 0.2] = np.nan
    buckets = padded(buckets_of(values)) if rng.random() < 0.5 else None
    column = NumberColumn(values=padded(values), buckets=buckets)
    if rng.random() < 0.2:
        return IsNan(column)
    low, high = np.sort(np.append(rng.choice(_NUMBERS, 1), rng.choice(values[values == values], 1)))  # noqa: PLR0124
    if rng.random() < 0.5:
        return Between(column, float(low), float("inf"))
    return Between(column, float(low), float(high))


def _test(rng: np.random.Generator, rows: int) -> Test:
    kind = rng.random()
    if kind < 0.5:
        return _coded(rng, rows)
    if kind < 0.8 and rows > 20:
        return _number(rng, rows)
    return BitsTest(bits_of(rng.random(rows) < rng.choice([0.01, 0.5])))


def _asks(place: str) -> SearchStrategy[Node]:
    return st.integers(0, _TESTS_A_PLACE - 1).map(lambda number: Ask((place, number)))


def _joined(inner: SearchStrategy[Node]) -> SearchStrategy[Node]:
    operands = st.lists(inner, min_size=1, max_size=4)
    return st.one_of(inner.map(negation), operands.map(every), operands.map(some))


def _spread(body: Node) -> Node:
    return body if body in (TRUE, FALSE) else Spread(body)


_facts = st.recursive(_asks(TRACES), _joined, max_leaves=3)
_of_spans = st.recursive(_asks(SPANS) | _facts.map(_spread), _joined, max_leaves=6)
_of_traces = st.recursive(_of_spans.map(any_span) | _asks(TRACES), _joined, max_leaves=6)
_lists = st.lists(st.lists(_of_traces, max_size=6).map(tuple), min_size=1, max_size=5).map(tuple)


def _program(
    rng: np.random.Generator, columns: Columns, lists: tuple[tuple[Node, ...], ...]
) -> Program:
    tests: dict[Key, Test] = {}
    for number in range(_TESTS_A_PLACE):
        tests[SPANS, number] = _test(rng, columns.span_count)
        tests[TRACES, number] = _test(rng, columns.trace_count)
    return Program(lists=lists, tests=tests)


@settings(max_examples=200)
@given(
    seed=st.integers(0, 2**32),
    traces=st.sampled_from((1, 2, 63, 64, 65, 200, 1000)),
    longest=st.sampled_from((1, 3, 40, 300)),
    lists=_lists,
    chunk_spans=st.sampled_from((1, 64, 500, 10**6)),
)
def test_kernels_agree_with_their_plain_twin(
    seed: int, traces: int, longest: int, lists: tuple[tuple[Node, ...], ...], chunk_spans: int
) -> None:
    rng = np.random.default_rng(seed)
    columns = _columns(rng, traces, longest)
    program = _program(rng, columns, lists)

    decided = run_prepared(prepare(program, columns), columns, 2, chunk_spans=chunk_spans)

    wanted = run_plainly(program, columns)
    assert np.array_equal(np.where(decided == 255, -1, decided.astype(np.int16)), wanted)


@given(seed=st.integers(0, 2**32), number=st.integers(250, 600))
@settings(max_examples=20)
def test_a_list_of_more_rules_than_a_byte_counts(seed: int, number: int) -> None:
    rng = np.random.default_rng(seed)
    columns = _columns(rng, 300, 4)
    bits = [BitsTest(bits_of(rng.random(columns.span_count) < 0.003)) for _ in range(number)]
    tests: dict[Key, Test] = {(SPANS, i): test for i, test in enumerate(bits)}
    rules = tuple(any_span(Ask((SPANS, i))) for i in range(number))
    program = Program(lists=(rules, rules[::-1]), tests=tests)

    assert np.array_equal(run(program, columns, 1), run_plainly(program, columns))


def test_a_trace_of_many_blocks_is_one_trace() -> None:
    rows = 300_000
    columns = Columns(
        np.array([0, 1, rows - 1, rows], np.int64), np.zeros(rows, np.bool_), lambda _name: NOWHERE
    )
    flags = np.zeros(rows, np.bool_)
    flags[1] = True  # the first span of the long trace: its end is blocks away
    tests: dict[Key, Test] = {(SPANS, 0): BitsTest(bits_of(flags))}
    program = Program(lists=((any_span(Ask((SPANS, 0))),),), tests=tests)

    assert run(program, columns, 2).tolist() == [[-1, 0, -1]]
