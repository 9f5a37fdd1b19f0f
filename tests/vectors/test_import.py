"""Imports of the shared rules: proven, alike on recorded decisions, compiled and imported again."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from itertools import islice
from random import Random

import pytest

from nectarc.corpus.typed_trace import decode_trace, decode_value
from nectarc.evaluate.boundaries import boundary_traces
from nectarc.evaluate.policy import decide
from nectarc.evaluate.refinery_rules import select_target
from nectarc.importing.proof import allowed_traces
from nectarc.importing.records import ImportedTarget
from nectarc.logic.decision_list import DecisionList, effect_of_action, list_of_rules
from nectarc.pipeline import CompileOptions, Source, compile_sources
from nectarc.refinery.inputs import read_rules_files
from nectarc.refinery.loader import load_rules
from nectarc.refinery.rules import RulesConfig, RulesFile, TargetSampler
from nectarc.source import SourceText
from nectarc.trace import ROOT_FIELD, Span, Trace
from tests.imported_rules import HEAD, does_alike, policy_of, text_and_proof
from tests.shared_data import SHARED, read_vectors, requires_shared

_CHUNKS = 6
_FOLDER = SHARED / "data" / "rules"


@lru_cache(maxsize=1)
def _real_files() -> dict[str, RulesFile]:
    found = {}
    for path in sorted(_FOLDER.rglob("*.*")):
        if path.suffix in (".yaml", ".yml", ".json"):
            rules = read_rules_files([(path.name, path.read_bytes())]).loaded.rules
            if rules is not None:
                found[path.relative_to(_FOLDER).as_posix()] = rules
    return found


def _real_targets() -> list[tuple[str, str]]:
    if not _FOLDER.is_dir():
        return []
    return [(file, name) for file, rules in _real_files().items() for name in rules.samplers]


@lru_cache(maxsize=128)
def _import(sampler: TargetSampler) -> tuple[ImportedTarget, str]:
    found, text, proof = text_and_proof(sampler)
    apart = " apart from refused rules" if found.refused else ""
    assert not found.rules or proof == (f"proven{apart}", "")
    return found, text


def _count(sampler: TargetSampler) -> int:
    return len(sampler.rules) if isinstance(sampler, RulesConfig) else 1


@requires_shared
@pytest.mark.parametrize(("file", "target"), _real_targets())
def test_real_rules_are_proven_whole_and_come_back_the_same(file: str, target: str) -> None:
    sampler = _real_files()[file].samplers[target]
    found, text = _import(sampler)
    source = Source(target, SourceText.of("p.toon", text), "p.toon")
    compiled = compile_sources([source], CompileOptions())

    assert not found.refused
    assert compiled.file is not None, compiled.diagnostics
    again = compiled.file.samplers[target]
    added = isinstance(sampler, RulesConfig) and any(one.origin is None for one in found.rules)
    assert _count(again) <= _count(sampler) + added
    assert _import(again)[1] == text


@requires_shared
def test_real_rules_decide_as_recorded_near_what_they_ask() -> None:
    compared = 0
    for record in read_vectors("real_rules_near_traces.jsonl.gz"):
        data = (_FOLDER / record["rules_file"]).read_bytes()
        rules = read_rules_files([(record["rules_file"], data)]).loaded.rules
        assert rules is not None
        found, text = _import(select_target(rules, record["target"]))
        policy, allows = policy_of(text), allowed_traces(found)
        for coded, outcome in zip(record["traces"], record["outcomes"], strict=True):
            trace = decode_trace(coded)
            if allows(trace):
                compared += 1
                assert does_alike(policy, trace, outcome), (record["rules_file"], coded)
    assert compared > 600


@requires_shared
def test_real_rules_decide_real_traces_as_recorded() -> None:
    traces: dict[str, dict[str, list[Span]]] = defaultdict(lambda: defaultdict(list))
    for record in read_vectors("otlp_files.jsonl.gz"):
        for event in record.get("events", ()):
            fields = {name: decode_value(value) for name, value in event["fields"].items()}
            fields[ROOT_FIELD] = event["root"]
            traces[record["file"]][event["trace_id"]].append(Span(fields, event["root"]))
    compared = 0
    for record in read_vectors("real_rules_real_traces.jsonl.gz"):
        rules = _real_files()[record["rules_file"]]
        found, text = _import(select_target(rules, record["target"]))
        policy, allows = policy_of(text), allowed_traces(found)
        for trace_id, spans in traces[record["trace_file"]].items():
            trace = Trace(trace_id, tuple(spans))
            if allows(trace):
                compared += 1
                assert does_alike(policy, trace, record["outcomes"][trace_id]), trace_id
    assert compared > 1000


@requires_shared
@pytest.mark.parametrize(("file", "target"), _real_targets())
def test_real_rules_decide_alike_on_2000_traces(file: str, target: str) -> None:
    sampler = _real_files()[file].samplers[target]
    if not isinstance(sampler, RulesConfig):
        return  # one action for all traces: proven above
    found, text = _import(sampler)
    policy, allows = policy_of(text), allowed_traces(found)
    rules = list_of_rules(sampler, target)
    assert isinstance(rules, DecisionList)
    compared = 0
    limit = 2_000
    for trace in boundary_traces(policy, sampler, assume=found.assume, limit=2 * limit):
        if compared < limit and allows(trace):
            compared += 1
            index = rules.decide(trace)
            mine = effect_of_action(policy.rules[decide(policy, trace)].action)
            theirs = rules.effect_of(index)
            assert theirs is not None
            assert (mine.low, mine.high) == (theirs.low, theirs.high), trace
    assert compared


@requires_shared
@pytest.mark.parametrize("chunk", range(_CHUNKS))
def test_random_rules_are_proven_and_decide_as_recorded(chunk: int) -> None:
    whole = records = 0
    for record in islice(read_vectors("rules_random.jsonl"), chunk, None, _CHUNKS):
        loaded = load_rules(record["rules"])
        assert loaded.rules is not None
        found, text = _import(select_target(loaded.rules, record["target"]))
        records += 1
        whole += not found.refused
        policy, allows = policy_of(text), allowed_traces(found)
        for coded, outcome in zip(record["traces"], record["outcomes"], strict=True):
            trace = decode_trace(coded)
            if allows(trace):
                assert does_alike(policy, trace, outcome), (record["rules"], coded)
    assert whole > 0.7 * records  # the rest: empty field lists, one field of two types


@requires_shared
def test_every_condition_holds_of_the_same_values() -> None:
    lines = read_vectors("conditions.jsonl")
    values = next(lines)["values"]
    spans = [Span({} if one == {"missing": True} else {"f": decode_value(one)}) for one in values]
    for record in Random(5).sample(list(lines), 300):
        loaded = load_rules(f"{HEAD}      - {{Drop: true, Conditions: [{record['condition']}]}}\n")
        assert loaded.rules is not None
        sampler = loaded.rules.samplers["__default__"]
        found, text = _import(sampler)
        policy, allows = policy_of(text), allowed_traces(found)
        assert not found.refused
        for span, letter in zip(spans, record["result"], strict=True):
            trace = Trace("t", (span,))
            if allows(trace):
                outcome = {"keep": letter != "T", "rate": 1, "reason": ""}
                assert does_alike(policy, trace, outcome), (record["condition"], span.fields)
