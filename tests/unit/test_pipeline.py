"""From policy texts to rules and lock: forms, environments, findings, determinism."""

from __future__ import annotations

import json
from typing import Final

import pytest

from nectarc.diagnostic import InternalError
from nectarc.ir.nodes import AnySpan, Constant, Exists, Field, Keep, Policy, Rule, SpanTest
from nectarc.lock import LockedHashes, md5_of, parse_lock, sha256_of
from nectarc.logic.equivalence import NotProven, ProvenDifferent
from nectarc.pipeline import (
    Compiled,
    CompileOptions,
    Source,
    compile_sources,
    lower_policy,
    refuse_unproven,
)
from nectarc.refinery.loader import load_rules
from nectarc.source import SourceText
from nectarc.trace import Span, Trace

RECORD: Final = """\
nectar_policy{version,name,budget_per_second,rules}:
  1
  production-sampling
  10000
  rules[3]{name,description,match,action,priority}:
    keep-errors,Retain all HTTP 5xx errors,http.status >= 500,keep,100
    keep-slow,Retain slow requests,duration > 5s,keep,90
    sample-rest,Sample remaining traffic,true,sample(0.01),0
"""
PLAIN: Final = """\
version: 1
name: production-sampling
budget_per_second: 10000
rules[3]{name,description,match,action,priority}:
  keep-errors,Retain all HTTP 5xx errors,http.status >= 500,keep,100
  keep-slow,Retain slow requests,duration > 5s,keep,90
  sample-rest,Sample remaining traffic,true,sample(0.01),0
"""
RULES: Final = """\
RulesVersion: 2
Samplers:
  __default__:
    RulesBasedSampler:
      Rules:
        - Name: keep-errors
          SampleRate: 1
          Conditions:
            - Fields:
                - http.status
                - http.response.status_code
                - http.status_code
              Operator: '>='
              Value: 500
              Datatype: float
        - Name: keep-slow
          SampleRate: 1
          Conditions:
            - Field: duration_ms
              Operator: '>'
              Value: 5000
              Datatype: float
        - Name: sample-rest
          SampleRate: 100
"""


def _compile(*texts: tuple[str, str]) -> Compiled:
    sources = [
        Source(target, SourceText.of(f"{target}.toon", text), f"{target}.toon")
        for target, text in texts
    ]
    return compile_sources(sources, CompileOptions())


def test_the_seed_policy_becomes_three_rules_with_one_condition_each() -> None:
    compiled = _compile(("__default__", RECORD))

    assert compiled.rules == RULES
    assert compiled.diagnostics == ()


def test_both_forms_of_a_policy_become_the_same_bytes() -> None:
    nested = "nectar_policy:\n" + "".join(f"  {line}\n" for line in PLAIN.splitlines())

    assert _compile(("__default__", PLAIN)).rules == RULES
    assert _compile(("__default__", nested)).rules == RULES


def test_several_environments_make_one_file_in_their_order() -> None:
    prod = PLAIN.replace("sample(0.01)", "sample(1/20)")
    fixed = "rules[1]{name,match,action,priority}:\n  all,true,deterministic(1/7),0\nversion: 1\n"
    compiled = _compile(("prod", prod), ("__default__", PLAIN), ("dev", fixed + "name: dev\n"))

    assert compiled.rules is not None, compiled.diagnostics
    loaded = load_rules(compiled.rules, file="rules.yaml")
    assert loaded.is_accepted
    assert list(loaded.first_decision) == ["prod", "__default__", "dev"]
    assert set(loaded.first_decision.values()) == {"decides"}


def test_one_refused_environment_withholds_the_whole_file() -> None:
    broken = PLAIN.replace("duration > 5s", "duration >")

    compiled = _compile(("__default__", PLAIN), ("prod", broken))

    assert compiled.rules is None
    assert compiled.lock is None
    assert [one.severity.value for one in compiled.diagnostics] == ["error"]
    assert compiled.diagnostics[0].source.file == "prod.toon"


def test_the_lock_says_what_came_from_where() -> None:
    compiled = _compile(("__default__", RECORD))

    assert compiled.lock is not None
    lock = json.loads(compiled.lock)
    assert lock["rules"] == {"sha256": sha256_of(RULES), "refinery_hash": md5_of(RULES)}
    assert lock["rules"]["refinery_hash"] == load_rules(RULES, file="r.yaml").hash
    environment = lock["environments"]["__default__"]
    assert environment["sha256"] == sha256_of(RECORD)
    assert environment["assumptions"] == []
    assert [(one["name"], one["from"], one["line"]) for one in environment["rules"]] == [
        ("keep-errors", "keep-errors", 6),
        ("keep-slow", "keep-slow", 7),
        ("sample-rest", "sample-rest", 8),
    ]
    assert environment["checked"] == {"boundary_traces": 300, "differences": 0}
    claim = "the rules decide as the policy, for every trace that meets the assumptions"
    assert environment["proofs"] == [{"claim": claim, "verdict": "PROVED"}]


def test_a_lock_is_read_back_with_the_hashes_of_rules_and_policies() -> None:
    compiled = _compile(("__default__", RECORD))
    assert compiled.lock is not None

    locked = parse_lock(compiled.lock)

    assert locked == LockedHashes(sha256_of(RULES), (("__default__.toon", sha256_of(RECORD)),))


def test_what_is_no_lock_file_says_so() -> None:
    for text in ("", "[]", "{}", '{"lock_version": 99}', "[" * 100_000, '{"lock_version": 1}'):
        assert isinstance(parse_lock(text), str), text[:20]


def test_a_span_field_that_means_something_else_in_a_condition_is_refused() -> None:
    policy = Policy(
        name="p",
        rules=(
            Rule(
                name="odd",
                match=AnySpan(SpanTest(Exists(Field(("root.user",), "root.user")))),
                action=Keep(),
            ),
            Rule(name="rest", match=Constant(value=True), action=Keep()),
        ),
    )

    lowering = lower_policy(policy, CompileOptions())
    lowered, diagnostics = lowering.lowered, lowering.diagnostics

    assert lowered is None
    assert [one.code for one in diagnostics] == ["NEC307"]
    assert "`root.user`" in diagnostics[0].headline


def test_rules_that_are_not_proven_are_refused_with_the_reason() -> None:
    refused = refuse_unproven(_one_rule(), NotProven("a pattern has too many states"))

    assert refused is not None
    assert refused.code == "NEC308"
    assert "too many states" in refused.why


def test_rules_that_are_proven_wrong_are_our_defect_and_show_the_trace() -> None:
    wrong = ProvenDifferent(Trace("1", (Span({"a": 1}),)), "keep-errors", "rest")

    with pytest.raises(InternalError, match="decide `rest` where the policy decides `keep-errors`"):
        refuse_unproven(_one_rule(), wrong)


def _one_rule() -> Policy:
    return Policy(name="p", rules=(Rule(name="rest", match=Constant(True), action=Keep()),))
