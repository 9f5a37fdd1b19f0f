"""All rules and policies of the vectors, decided in columns as the real Refinery decided them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import pytest

from nectarc.columnar.decide import decide_formulas, decide_table
from nectarc.columnar.from_table import columns_of
from nectarc.columnar.machine import Engine
from nectarc.corpus.span_table import SpanTable, table_of
from nectarc.corpus.stored_trace import CorpusTrace
from nectarc.corpus.typed_trace import decode_trace, decode_value
from nectarc.evaluate.refinery_rules import select_target
from nectarc.logic.rules_formula import formula_of_rule
from nectarc.refinery.loader import load_rules
from nectarc.refinery.rules import Rule, RulesConfig
from nectarc.semantics.check import check
from nectarc.trace import ROOT_FIELD, Span, Trace
from tests.policy_trees import policy_tree
from tests.rules_files import shared_rules
from tests.shared_data import read_vectors, requires_shared

_HEAD = (
    "RulesVersion: 2\nSamplers:\n  __default__:\n    RulesBasedSampler:\n      Rules:\n"
    "      - Conditions: ["
)
engines = pytest.mark.parametrize("engine", Engine)


def _table(traces: Sequence[Trace]) -> SpanTable:
    return table_of(CorpusTrace(trace) for trace in traces)


def _rule(text: str) -> Rule:
    loaded = load_rules(f"{_HEAD}{text}]\n")
    assert loaded.rules is not None, loaded.errors
    sampler = loaded.rules.samplers["__default__"]
    assert isinstance(sampler, RulesConfig)
    rule = sampler.rules[0]
    assert rule is not None
    return rule


@requires_shared
@engines
def test_conditions_decide_as_refinery(engine: Engine) -> None:
    records = read_vectors("conditions.jsonl")
    traces = [
        Trace("t", (Span({} if value == {"missing": True} else {"f": decode_value(value)}),))
        for value in next(records)["values"]
    ]
    wanted = list(records)
    formulas = [[formula_of_rule(_rule(record["condition"]))] for record in wanted]

    decided = decide_formulas(formulas, columns_of(_table(traces)), engine=engine)

    for record, row in zip(wanted, decided, strict=True):
        assert "".join("FT"[index + 1] for index in row) == record["result"], record["condition"]
    assert decided.size == 346_800


@requires_shared
@engines
def test_random_rules_decide_as_refinery(engine: Engine) -> None:
    for record in read_vectors("rules_random.jsonl"):
        loaded = load_rules(record["rules"])
        assert loaded.rules is not None, loaded.errors
        sampler = select_target(loaded.rules, record["target"])
        table = _table([decode_trace(trace) for trace in record["traces"]])

        (decided,) = decide_table([sampler], table, engine=engine)

        wanted = [-1 if one["rule"] is None else one["rule"] for one in record["outcomes"]]
        assert decided.tolist() == wanted, record["rules"]


@requires_shared
@engines
def test_real_rules_decide_near_traces_as_refinery(engine: Engine) -> None:
    for record in read_vectors("real_rules_near_traces.jsonl.gz"):
        rules = shared_rules(record["rules_file"], record.get("part"))
        sampler = select_target(rules, record["target"])
        table = _table([decode_trace(trace) for trace in record["traces"]])

        (decided,) = decide_table([sampler], table, engine=engine)

        wanted = [-1 if one["rule"] is None else one["rule"] for one in record["outcomes"]]
        assert decided.tolist() == wanted, record["rules_file"]


@requires_shared
@engines
def test_all_real_rules_decide_real_traces_in_one_pass_as_refinery(engine: Engine) -> None:
    tables = {file: _table(traces) for file, traces in _traces_by_file().items()}
    records = list(read_vectors("real_rules_real_traces.jsonl.gz"))

    for file, table in tables.items():
        wanted = [record for record in records if record["trace_file"] == file]
        samplers = [
            select_target(shared_rules(one["rules_file"], one.get("part")), one["target"])
            for one in wanted
        ]
        decided = decide_table(samplers, table, engine=engine)

        for record, row in zip(wanted, decided, strict=True):
            by_id = dict(zip(table.trace_ids.to_pylist(), row.tolist(), strict=True))
            outcomes = record["outcomes"].items()
            assert by_id == {
                trace_id: -1 if one["rule"] is None else one["rule"] for trace_id, one in outcomes
            }, (record["rules_file"], file)


@requires_shared
@engines
@pytest.mark.parametrize("file", ["policies.jsonl", "policies_hostile.jsonl"])
def test_policies_decide_as_recorded(file: str, engine: Engine) -> None:
    for record in read_vectors(file):
        policy, _ = check(policy_tree(record["policy"], record["name"]))
        assert policy is not None
        table = _table([decode_trace(trace) for trace in record["traces"]])

        (decided,) = decide_table([policy], table, engine=engine)

        assert [policy.rules[index].name for index in decided] == record["decides"]
        assert decided.dtype == np.int16


def _traces_by_file() -> dict[str, list[Trace]]:
    """Group Refinery's own events, which carry `meta.refinery.root` as in production."""
    spans: dict[str, dict[str, list[Span]]] = defaultdict(lambda: defaultdict(list))
    for record in read_vectors("otlp_files.jsonl.gz"):
        for event in record.get("events", ()):
            fields = {name: decode_value(value) for name, value in event["fields"].items()}
            fields[ROOT_FIELD] = event["root"]
            spans[record["file"]][event["trace_id"]].append(Span(fields, event["root"]))
    return {
        file: [Trace(trace_id, tuple(found)) for trace_id, found in traces.items()]
        for file, traces in spans.items()
    }
