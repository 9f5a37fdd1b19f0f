"""Every condition of the vectors on every value, as the real Refinery decided it."""

from __future__ import annotations

from itertools import islice

import pytest

from nectarc.corpus.typed_trace import decode_value
from nectarc.evaluate.refinery_rules import compile_rule
from nectarc.refinery.loader import load_rules
from nectarc.refinery.rules import Rule, RulesConfig
from nectarc.trace import Span, Trace
from tests.shared_data import read_vectors, requires_shared

_CHUNKS = 8
_HEAD = (
    "RulesVersion: 2\nSamplers:\n  __default__:\n    RulesBasedSampler:\n      Rules:\n"
    "      - Conditions: ["
)


def _rule(text: str) -> Rule:
    loaded = load_rules(f"{_HEAD}{text}]\n")
    assert loaded.rules is not None, loaded.errors
    sampler = loaded.rules.samplers["__default__"]
    assert isinstance(sampler, RulesConfig)
    rule = sampler.rules[0]
    assert rule is not None
    return rule


@requires_shared
@pytest.mark.parametrize("chunk", range(_CHUNKS))
def test_conditions_decide_as_refinery(chunk: int) -> None:
    records = read_vectors("conditions.jsonl")
    traces = [
        Trace("t", (Span({} if value == {"missing": True} else {"f": decode_value(value)}),))
        for value in next(records)["values"]
    ]

    wrong = []
    for record in islice(records, chunk, None, _CHUNKS):
        holds = compile_rule(_rule(record["condition"]))
        got = "".join("T" if holds(trace) else "F" for trace in traces)
        if got != record["result"]:
            wrong.append((record["condition"], got, record["result"]))

    assert not wrong
